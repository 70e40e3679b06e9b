//! What may be done with published pay, and what may not.

pub mod combine;
pub mod comparability;
pub mod convert;
mod factor;
pub mod fallback;
pub mod history;
pub mod lanes;
mod parity;
mod period;
pub mod quantile;
mod refusal;
mod step;
mod view;

pub use self::{
    convert::{Conversion, Known, Shown},
    factor::Factor,
    refusal::Refusal,
    view::{Exchange, View, Wrong},
};
