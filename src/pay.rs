//! What may be done with published pay, and what may not.

pub mod combine;
pub mod comparability;
pub mod convert;
mod factor;
pub mod fallback;
pub mod history;
pub mod lanes;
mod period;
pub mod quantile;
mod step;
mod view;

pub use self::{
    convert::{Conversion, Known, Refusal, Shown},
    factor::Factor,
    view::{Exchange, View, Wrong},
};
