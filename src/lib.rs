//! The server: command line, configuration, HTTP and GraphQL over the figures that `jobs` brings in.

pub mod access;
pub mod claims;
pub mod cli;
pub mod config;
pub mod frame;
pub mod graphql;
pub mod http;
pub mod matching;
pub mod outlook;
pub mod pay;
pub mod reader;
pub mod snapshot;
pub mod telemetry;
pub mod text;
pub mod watch;
