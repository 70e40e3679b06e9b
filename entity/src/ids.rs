//! Keys as types: a [`ReleaseId`] cannot be passed where an [`OccupationId`] is expected.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($name:ident of $table:literal),+ $(,)?) => {$(
        #[doc = concat!("Key of a row of `", $table, "`.")]
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType,
        )]
        pub struct $name(pub i32);
    )+};
}

id!(
    SourceId of "source",
    ReleaseId of "release",
    OccupationId of "occupation",
    RegionId of "region",
    RoleId of "role",
);
