//! Titles as people type them, and the roles they may mean.

mod calibrate;
mod find;
mod groups;
mod index;
mod rules;
mod search;
mod titles;
mod vocabulary;
mod words;

pub use self::{
    calibrate::{Evidence, abstains, logistic},
    find::Match,
    index::{Entry, Index},
    search::{Fit, Name, Names},
    titles::{entries, group, index, spelling},
    words::{plain, words},
};
