//! The day or span that figures refer to.

use sea_orm::entity::prelude::Date;
use serde::{Deserialize, Serialize};

/// The day or span that figures refer to. A release has one, and lists those that some of its bands state for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReferencePeriod {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// As people call it.
    pub label: String,
}
