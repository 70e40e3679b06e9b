//! How the looks at sources went, and what their hosts were asked. It changes without a publish, so it is no part of a
//! snapshot.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{SourceId, host_pause, request_ledger, source};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait as _, QueryOrder as _};

/// The sources as their table has them, by key in the database.
#[derive(Debug, Default)]
pub struct Activity {
    pub(super) version: i64,
    sources: HashMap<SourceId, Arc<source::Model>>,
    ledger: Vec<request_ledger::Model>,
    pauses: Vec<host_pause::Model>,
}

impl Activity {
    /// Reads the sources at a version of their activity.
    pub(super) async fn read(db: &DatabaseConnection, version: i64) -> Result<Self, DbErr> {
        let rows = source::Entity::find().all(db).await?;
        let sources = rows.into_iter().map(|row| (row.id, Arc::new(row))).collect();
        let ledger =
            request_ledger::Entity::find().order_by_asc(request_ledger::Column::Host).all(db).await?;
        let pauses = host_pause::Entity::find().order_by_asc(host_pause::Column::Host).all(db).await?;
        Ok(Self { version, sources, ledger, pauses })
    }

    /// Returns hosts, the spans of their limits in seconds, and the requests since the span that runs at `now` began.
    pub fn requests(&self, now: DateTime<Utc>) -> impl Iterator<Item = (&str, i64, i64)> {
        self.ledger.iter().map(move |row| {
            let runs = row.since + row.seconds * 1000 > now.timestamp_millis();
            (row.host.as_str(), row.seconds, if runs { row.used } else { 0 })
        })
    }

    /// Returns hosts that asked to be left alone, and for how long from `now` on.
    pub fn pauses(&self, now: DateTime<Utc>) -> impl Iterator<Item = (&str, TimeDelta)> {
        self.pauses.iter().map(move |row| (row.host.as_str(), (row.until - now).max(TimeDelta::zero())))
    }

    /// Returns a source as it is now.
    pub fn source(&self, id: SourceId) -> Option<&Arc<source::Model>> {
        self.sources.get(&id)
    }
}
