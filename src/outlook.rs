//! What may be said about a projection beyond what it prints.

pub mod category;
