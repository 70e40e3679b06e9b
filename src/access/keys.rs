//! The tokens that are known, by their hashes, and what was done with them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use entity::{access_key, audit_entry};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, SqlErr,
};

use super::{
    Caller, Scope, Scopes,
    token::{Hash, Token},
};

/// How long a token stays known after it was looked up: a revoked one is refused at most so much later.
const FRESH: Duration = Duration::from_secs(2);
/// Most tokens held at once.
const HELD: usize = 10_000;
/// Name of the token that a first start makes.
const ADMIN: &str = "admin";

/// Why tokens cannot be made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database failed.
    #[error("database failed: {0}")]
    Database(#[from] DbErr),
    /// The operating system has no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// There is a token of this name, perhaps a revoked one.
    #[error("there is a token called `{0}` already")]
    Taken(String),
    /// There is no token of this name.
    #[error("there is no token called `{0}`")]
    Missing(String),
    /// The token was revoked before.
    #[error("the token `{0}` is revoked already")]
    Revoked(String),
}

/// What was found for a hash, and when.
#[derive(Clone, Debug)]
struct Known {
    caller: Option<Caller>,
    since: Instant,
}

/// Knows callers by their tokens.
#[derive(Debug)]
pub struct Keys {
    db: DatabaseConnection,
    /// Hash of the configured administrator's token.
    admin: Option<Hash>,
    known: Mutex<HashMap<Hash, Known>>,
}

impl Keys {
    /// Knows what is in the database, and the configured administrator's token unless it is empty.
    pub fn new(db: DatabaseConnection, admin_token: &str) -> Self {
        let admin = (!admin_token.is_empty()).then(|| Hash::of(admin_token));
        Self { db, admin, known: Mutex::default() }
    }

    /// Returns whose token this is; `None` for a wrong or revoked one.
    pub async fn caller(&self, token: &str) -> Result<Option<Caller>, DbErr> {
        let hash = Hash::of(token);
        if self.admin.is_some_and(|admin| admin.is(hash)) {
            return Ok(Some(Caller::operator("configured admin token")));
        }
        if let Some(known) = self.remembered(hash) {
            return Ok(known.caller);
        }
        let text = hash.to_text();
        let found =
            access_key::Entity::find().filter(access_key::Column::Hash.eq(&text)).one(&self.db).await?;
        let caller = found
            .filter(|row| row.revoked_at.is_none())
            .map(|row| Caller { name: row.name, scopes: Scopes::parse(&row.scopes) });
        self.remember(hash, caller.clone());
        Ok(caller)
    }

    fn remembered(&self, hash: Hash) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&hash).filter(|known| known.since.elapsed() < FRESH).cloned()
    }

    fn remember(&self, hash: Hash, caller: Option<Caller>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= HELD {
            known.retain(|_, known| known.since.elapsed() < FRESH);
        }
        if known.len() < HELD {
            known.insert(hash, Known { caller, since: Instant::now() });
        }
    }
}

/// Makes a token and keeps its hash.
pub async fn create(
    db: &DatabaseConnection,
    name: &str,
    scopes: Scopes,
    now: DateTime<Utc>,
) -> Result<Token, KeyError> {
    let token = Token::draw()?;
    let row = access_key::ActiveModel {
        name: Set(name.to_owned()),
        hash: Set(token.hash().to_text()),
        hint: Set(token.hint().to_owned()),
        scopes: Set(scopes.to_string()),
        created_at: Set(now),
        ..Default::default()
    };
    match access_key::Entity::insert(row).exec_without_returning(db).await {
        Ok(_) => Ok(token),
        Err(error) => match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Err(KeyError::Taken(name.to_owned())),
            _ => Err(error.into()),
        },
    }
}

/// Makes the administrator's token if no token with that scope was ever made.
pub async fn first(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Option<Token>, KeyError> {
    let known = list(db).await?;
    if known.iter().any(|row| Scopes::parse(&row.scopes).allow(Scope::Admin)) {
        return Ok(None);
    }
    match create(db, ADMIN, [Scope::Admin].into_iter().collect(), now).await {
        Ok(token) => Ok(Some(token)),
        // Another server of the same database was quicker.
        Err(KeyError::Taken(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns every token that was made, in the order of their making.
pub async fn list(db: &DatabaseConnection) -> Result<Vec<access_key::Model>, DbErr> {
    access_key::Entity::find().order_by_asc(access_key::Column::Id).all(db).await
}

/// Makes a token useless from now on. Its name stays taken, for the audit log.
pub async fn revoke(db: &DatabaseConnection, name: &str, now: DateTime<Utc>) -> Result<(), KeyError> {
    let named = access_key::Entity::find().filter(access_key::Column::Name.eq(name)).one(db).await?;
    let row = named.ok_or_else(|| KeyError::Missing(name.to_owned()))?;
    if row.revoked_at.is_some() {
        return Err(KeyError::Revoked(name.to_owned()));
    }
    let change = access_key::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() };
    let one = access_key::Column::Id.eq(row.id);
    access_key::Entity::update_many().set(change).filter(one).exec(db).await?;
    Ok(())
}

/// Writes one line of the audit log: who did what, with which input, and how it ended (`OK` or a code).
pub async fn note(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    caller: &Caller,
    action: &str,
    input: String,
    outcome: &str,
) -> Result<(), DbErr> {
    let row = audit_entry::ActiveModel {
        at: Set(now),
        caller: Set(caller.name.clone()),
        action: Set(action.to_owned()),
        input: Set(input),
        outcome: Set(outcome.to_owned()),
        ..Default::default()
    };
    audit_entry::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
