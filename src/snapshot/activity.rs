//! How the looks at sources went. It changes without a publish, so it is no part of a snapshot.

use std::{collections::HashMap, sync::Arc};

use entity::{SourceId, source};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait as _};

/// The sources as their table has them, by key in the database.
#[derive(Debug, Default)]
pub struct Activity {
    pub(super) version: i64,
    sources: HashMap<SourceId, Arc<source::Model>>,
}

impl Activity {
    /// Reads the sources at a version of their activity.
    pub(super) async fn read(db: &DatabaseConnection, version: i64) -> Result<Self, DbErr> {
        let rows = source::Entity::find().all(db).await?;
        Ok(Self { version, sources: rows.into_iter().map(|row| (row.id, Arc::new(row))).collect() })
    }

    /// Returns a source as it is now.
    pub fn source(&self, id: SourceId) -> Option<&Arc<source::Model>> {
        self.sources.get(&id)
    }
}
