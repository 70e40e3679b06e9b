//! What may be done with published pay, and what may not.

pub mod convert;
mod factor;
mod period;
pub mod quantile;
mod step;
mod view;

pub use self::{
    convert::{Conversion, Refusal, Shown},
    factor::Factor,
    view::{Exchange, View, Wrong},
};
