//! How many requests went to a host in a span.

use sea_orm::entity::prelude::*;

/// How many requests went to a host in a span.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "request_ledger")]
pub struct Model {
    /// The host, with its port where it is not the usual one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub host: String,
    /// Length of the span.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seconds: i64,
    /// When the span began, in milliseconds since 1970.
    pub since: i64,
    /// Requests since then.
    pub used: i64,
}

impl ActiveModelBehavior for ActiveModel {}
