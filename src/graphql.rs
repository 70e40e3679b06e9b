//! The API: one file for each type of the contract. Types wrap the snapshot; nothing here knows a table.

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, Request, Response, Schema as Built, SchemaBuilder};
use chrono::{DateTime, Utc};

use self::{query::Query, scope::Now};
use crate::{access::Caller, reader::Reader, snapshot::Store};

mod band;
mod comparison;
mod enums;
mod error;
mod figure;
mod filter;
mod history;
mod id;
mod lane;
mod node;
mod occupation;
mod order;
mod page;
mod parity;
mod projection;
mod provenance;
mod query;
mod rank;
mod region;
mod release;
mod requirements;
mod role;
mod role_filter;
mod role_match;
mod scalars;
mod scope;
mod service;
mod source;
mod substitution;
mod track_record;
mod view;

/// Tells the time.
pub type Clock = fn() -> DateTime<Utc>;

type Types = Built<Query, EmptyMutation, EmptySubscription>;

/// The schema with the figures behind it, ready to execute.
#[derive(Clone)]
pub struct Schema {
    types: Types,
    store: Arc<Store>,
    clock: Clock,
}

impl Schema {
    /// Puts the schema before `store`.
    pub fn new(store: Arc<Store>, clock: Clock) -> Self {
        Self { types: types(), store, clock }
    }

    /// Leaves known names out of errors about unknown ones.
    #[must_use]
    pub fn without_suggestions(self) -> Self {
        Self { types: build().disable_suggestions().finish(), ..self }
    }

    /// Answers a request of whoever has the command line.
    pub async fn execute(&self, request: impl Into<Request>) -> Response {
        self.answer(request, Caller::operator("command line")).await
    }

    /// Answers a request from one snapshot: everything in the answer agrees.
    pub async fn answer(&self, request: impl Into<Request>, caller: Caller) -> Response {
        let reader = Reader::new(self.store.clone());
        let mut request = request.into();
        let keys = order::keys(&mut request);
        let mut response =
            self.types.execute(request.data(reader).data(Now((self.clock)())).data(caller)).await;
        order::restore(&mut response, &keys);
        response.errors.iter_mut().for_each(error::complete);
        response
    }

    /// Returns the time, as the schema tells it.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Returns the figures behind the schema.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }
}

/// Returns the key of the release with this id: source, dataset, label and edition.
pub fn release_of_id(id: &str) -> Option<String> {
    id::read(id).filter(|(kind, _)| kind == "Release").map(|(_, key)| key)
}

/// Returns the schema as text.
pub fn sdl() -> String {
    types().sdl()
}

fn types() -> Types {
    build().finish()
}

fn build() -> SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    Built::build(Query, EmptyMutation, EmptySubscription)
}
