//! What may be said about a projection beyond what it prints.

pub mod accuracy;
pub mod category;
pub mod rate;
pub mod track_record;
