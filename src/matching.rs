//! Titles as people type them, and the roles they may mean.

mod calibrate;
mod index;
mod rules;
mod search;
mod titles;
mod vocabulary;
mod words;

pub use self::{
    calibrate::{abstains, logistic},
    index::{Entry, Index, Match},
    search::{Fit, Name, Names},
    titles::entries,
    words::{plain, words},
};
