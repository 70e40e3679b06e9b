//! One test binary. Every test owns its world: a database, an archive, a publisher.

mod app;
mod corpus;
