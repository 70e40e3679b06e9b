//! Brings the figures in: one module for each step, and [`pipeline`] to read them in order.

#[macro_use]
mod coded;

pub mod archive;
mod bulk;
pub mod codes;
pub mod decode;
pub mod definition;
pub mod disk;
pub mod document;
pub mod fetch;
pub mod freshness;
pub mod normalize;
pub mod page;
pub mod pipeline;
pub mod progress;
pub mod publish;
pub mod queue;
pub mod record;
pub mod replay;
pub mod rules;
pub mod sample;
pub mod schedule;
pub mod starter;
pub mod validate;
