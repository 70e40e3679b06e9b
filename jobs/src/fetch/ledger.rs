//! How often each host may still be asked: a ledger in the database, shared by all workers.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::host_pause;
use reqwest::Url;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, Statement, TransactionTrait,
    sea_query::OnConflict,
};
use tokio::time::sleep;

use super::{FetchError, error::clean};
use crate::definition::{Access, Limit, Span};

/// What holds for a host where its source says nothing.
const POLITE: Limit = Limit { requests: 1, per: Span::Second };

/// A longer wait is left to the queue; that of a span of a minute is none.
const PATIENCE: TimeDelta = TimeDelta::seconds(60);

/// Longest pause that a publisher can ask for.
const LONGEST: Duration = Duration::from_hours(24);

/// Counts a request in its span, or opens the next span where the last is over. Times in milliseconds since 1970.
const COUNT: &str = "INSERT INTO request_ledger (host, seconds, since, used) VALUES ($1, $2, $3, 1) \
    ON CONFLICT (host, seconds) DO UPDATE SET \
    used = CASE WHEN request_ledger.since + $2 * 1000 <= $3 THEN 1 ELSE request_ledger.used + 1 END, \
    since = CASE WHEN request_ledger.since + $2 * 1000 <= $3 THEN $3 ELSE request_ledger.since END \
    RETURNING since, used";

/// The ledger.
#[derive(Clone, Debug)]
pub struct Ledger {
    db: DatabaseConnection,
}

impl Ledger {
    /// Returns the ledger in `db`.
    pub fn new(db: DatabaseConnection) -> Self {
        Self { db }
    }

    /// Counts one request to the host of `url`: waits a little where it must, fails where it would wait long.
    pub(super) async fn turn(&self, url: &Url, access: &Access, local: bool) -> Result<(), FetchError> {
        let limits = limits(access, local);
        let host = host(url);
        loop {
            let now = now();
            let Some(until) = self.reserve(&host, &limits, now).await.map_err(FetchError::Ledger)? else {
                return Ok(());
            };
            if until - now > PATIENCE {
                let wait = (until - now).to_std().unwrap_or_default();
                return Err(FetchError::Quota { url: clean(url), until, wait });
            }
            sleep((until - now).to_std().unwrap_or_default()).await;
        }
    }

    /// Notes that the host of `url` asked to be left alone for so long.
    pub(super) async fn pause(&self, url: &Url, wait: Duration) -> Result<(), FetchError> {
        let until = now() + wait.min(LONGEST);
        let row = host_pause::ActiveModel { host: Set(host(url)), until: Set(until) };
        let update =
            OnConflict::column(host_pause::Column::Host).update_column(host_pause::Column::Until).to_owned();
        let insert = host_pause::Entity::insert(row).on_conflict(update);
        insert.exec_without_returning(&self.db).await.map_err(FetchError::Ledger)?;
        Ok(())
    }

    /// Counts one request, or returns when there may be one.
    async fn reserve(
        &self,
        host: &str,
        limits: &[Limit],
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, DbErr> {
        if let Some(pause) = host_pause::Entity::find_by_id(host.to_owned()).one(&self.db).await?
            && pause.until > now
        {
            return Ok(Some(pause.until));
        }
        let tx = self.db.begin().await?;
        for limit in limits {
            let seconds = limit.per.seconds();
            let values = [host.into(), seconds.into(), now.timestamp_millis().into()];
            let count = Statement::from_sql_and_values(tx.get_database_backend(), COUNT, values);
            let row = tx.query_one_raw(count).await?;
            let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("ledger of {host}")))?;
            let (since, used): (i64, i64) = (row.try_get("", "since")?, row.try_get("", "used")?);
            if used > i64::from(limit.requests) {
                tx.rollback().await?;
                return Ok(DateTime::from_timestamp_millis(since + seconds * 1000));
            }
        }
        tx.commit().await?;
        Ok(None)
    }
}

/// The limits in force, the shortest span first: every worker takes the rows in this order.
fn limits(access: &Access, local: bool) -> Vec<Limit> {
    let mut limits = access.limits.clone();
    if limits.is_empty() && !local {
        limits.push(POLITE);
    }
    limits.sort_by_key(|limit| limit.per.seconds());
    limits
}

fn host(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

#[expect(clippy::disallowed_methods, reason = "waiting is where the time comes in")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::tests::ledger;

    const HOST: &str = "data.example.org";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[tokio::test]
    async fn a_spent_quota_says_when_the_next_request_may_go() {
        let ledger = ledger().await;
        let limits = [Limit { requests: 2, per: Span::Second }, Limit { requests: 3, per: Span::Day }];
        for _ in 0..2 {
            assert_eq!(ledger.reserve(HOST, &limits, at(0)).await.unwrap(), None);
        }
        assert_eq!(ledger.reserve(HOST, &limits, at(0)).await.unwrap(), Some(at(1)));
        assert_eq!(ledger.reserve("other.example.org", &limits, at(0)).await.unwrap(), None);
        assert_eq!(ledger.reserve(HOST, &limits, at(1)).await.unwrap(), None);
        assert_eq!(ledger.reserve(HOST, &limits, at(2)).await.unwrap(), Some(at(86_400)));
        assert_eq!(ledger.reserve(HOST, &limits, at(86_400)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_spent_quota_is_a_failure_that_passes() {
        let ledger = ledger().await;
        let url = Url::parse("https://data.example.org/table.csv?key=secret").unwrap();
        let access = Access { limits: vec![Limit { requests: 1, per: Span::Day }], ..Access::default() };
        ledger.turn(&url, &access, false).await.unwrap();
        let error = ledger.turn(&url, &access, false).await.unwrap_err();
        assert!(error.is_transient() && error.retry_after() > Some(Duration::from_hours(23)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[tokio::test]
    async fn a_host_that_asked_for_a_pause_gets_it_from_every_source() {
        let ledger = ledger().await;
        let url = Url::parse("https://data.example.org/table.csv").unwrap();
        ledger.pause(&url, Duration::from_mins(10)).await.unwrap();
        let other = Url::parse("https://data.example.org/other.csv").unwrap();
        let error = ledger.turn(&other, &Access::default(), true).await.unwrap_err();
        assert!(matches!(error, FetchError::Quota { .. }), "{error:?}");
    }
}
