//! The tables as types, and the words of the field as enums. No SQL, no GraphQL.

mod ids;
mod kinds;
mod marks;
mod reference;

pub mod access_key;
pub mod artifact;
pub mod audit_entry;
pub mod crosswalk;
pub mod exchange_rate;
pub mod fetched;
pub mod growth_projection;
pub mod host_pause;
pub mod occupation;
pub mod occupation_title;
pub mod price_index;
pub mod price_parity;
pub mod printed_occupation;
pub mod refresh_step;
pub mod region;
pub mod region_name;
pub mod reject;
pub mod related_role;
pub mod release;
pub mod request_ledger;
pub mod requirement;
pub mod role;
pub mod role_occupation;
pub mod role_text;
pub mod salary_band;
pub mod setting;
pub mod skill;
pub mod source;

pub use ids::*;
pub use kinds::*;
pub use marks::{Cell, Count, CountMarks, Marks};
pub use reference::ReferencePeriod;
