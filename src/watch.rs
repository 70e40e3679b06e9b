//! Keeps the snapshot at the newest data, and tells whoever watches what happened, in whichever process it did.

use std::{collections::HashSet, sync::Arc, time::Duration};

use entity::refresh_step;
use jobs::progress::{self, CHANNEL};
use sea_orm::{DatabaseConnection, DbBackend, DbErr, sqlx::postgres::PgListener};
use tokio::{sync::broadcast, time};

use crate::snapshot::{Snapshot, Store};

/// How often the database is asked when it does not speak by itself.
const LOOK: Duration = Duration::from_millis(500);
/// Events that wait for a slow client.
const WAITING: usize = 256;

/// What happened, for whoever watches.
#[derive(Debug)]
pub struct Events {
    releases: broadcast::Sender<Arc<str>>,
    steps: broadcast::Sender<Arc<refresh_step::Model>>,
}

impl Default for Events {
    fn default() -> Self {
        Self { releases: broadcast::Sender::new(WAITING), steps: broadcast::Sender::new(WAITING) }
    }
}

impl Events {
    /// Hears of releases that become visible, by their keys.
    pub fn releases(&self) -> broadcast::Receiver<Arc<str>> {
        self.releases.subscribe()
    }

    /// Hears of the steps of refreshes.
    pub fn steps(&self) -> broadcast::Receiver<Arc<refresh_step::Model>> {
        self.steps.subscribe()
    }
}

/// Looks for news until it is dropped: when Postgres speaks, and every half second in any case.
pub async fn watch(store: Arc<Store>, events: Arc<Events>) {
    let mut ear = listen(store.db()).await;
    let mut failed = false;
    // Nothing that happened before this start is news.
    let mut last = None;
    loop {
        match look(&store, &events, &mut last).await {
            Ok(()) => failed = false,
            // Said once: a database that is away for an hour is not 7200 lines.
            Err(error) if !failed => {
                tracing::error!(error = &error as &dyn std::error::Error, "cannot look for new figures");
                failed = true;
            }
            Err(_) => {}
        }
        wait(&mut ear).await;
    }
}

async fn look(store: &Arc<Store>, events: &Events, last: &mut Option<i64>) -> Result<(), DbErr> {
    let before = store.current();
    if store.refresh().await? {
        tracing::info!("new figures are visible");
        for key in appeared(&before, &store.current()) {
            events.releases.send(key).ok();
        }
    }
    let Some(known) = *last else {
        *last = Some(progress::last(store.db()).await?);
        return Ok(());
    };
    for step in progress::since(store.db(), known).await? {
        *last = Some(step.id);
        events.steps.send(Arc::new(step)).ok();
    }
    Ok(())
}

/// Returns the keys of releases that can be seen now and could not before.
fn appeared(before: &Snapshot, now: &Snapshot) -> Vec<Arc<str>> {
    let visible = |snapshot: &Snapshot| -> HashSet<String> {
        let releases = snapshot.catalog().releases().filter(|release| release.is_visible());
        releases.map(|release| release.key().to_owned()).collect()
    };
    let known = visible(before);
    let mut new: Vec<Arc<str>> =
        visible(now).into_iter().filter(|key| !known.contains(key)).map(Arc::from).collect();
    new.sort();
    new
}

/// Opens a connection that Postgres speaks on. Without one, asking has to do.
async fn listen(db: &DatabaseConnection) -> Option<PgListener> {
    if db.get_database_backend() != DbBackend::Postgres {
        return None;
    }
    let mut ear = PgListener::connect_with(db.get_postgres_connection_pool()).await.ok()?;
    ear.listen(CHANNEL).await.ok()?;
    Some(ear)
}

async fn wait(ear: &mut Option<PgListener>) {
    match ear {
        Some(ear) => {
            // A listener that lost its connection makes a new one; what it missed is found by asking.
            if let Ok(Err(_)) = time::timeout(LOOK, ear.recv()).await {
                time::sleep(LOOK).await;
            }
        }
        None => time::sleep(LOOK).await,
    }
}
