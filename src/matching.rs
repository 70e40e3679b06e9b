//! Titles as people type them, and the roles they may mean.

mod search;
mod vocabulary;
mod words;

pub use self::{
    search::{Fit, Name, Names},
    words::words,
};
