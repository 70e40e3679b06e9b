//! The API: one file for each type of the contract. Types wrap the snapshot; nothing here knows a table.

use std::sync::{Arc, LazyLock};

use async_graphql::{Request, Response, Schema as Built, ValidationMode};
use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, StreamExt as _};
use jobs::pipeline;

pub(crate) use self::shape::{Fragments, Shape};
use self::{asked::Asked, mutation::Mutation, query::Query, scope::Now, subscription::Subscription};
use crate::{access::Caller, pay::Known, reader::Reader, snapshot::Store, watch::Events};

mod access;
mod asked;
mod at_hand;
mod band;
mod claim;
mod comparison;
mod enums;
mod error;
mod figure;
mod filter;
mod history;
mod id;
mod job;
mod lane;
mod mutation;
mod node;
mod occupation;
mod page;
mod parity;
mod projection;
mod provenance;
mod query;
mod rank;
mod region;
mod release;
mod release_diff;
mod requirements;
mod role;
mod role_filter;
mod role_match;
mod scalars;
mod scope;
mod series;
mod service;
mod shape;
mod source;
mod subscription;
mod substitution;
mod track_record;
mod view;

/// Tells the time.
pub type Clock = fn() -> DateTime<Utc>;

type Types = Built<Query, Mutation, Subscription>;

/// The schema with the figures behind it, ready to execute.
#[derive(Clone)]
pub struct Schema {
    types: Types,
    store: Arc<Store>,
    clock: Clock,
    events: Arc<Events>,
    work: Option<Arc<pipeline::Context>>,
}

impl Schema {
    /// Puts the schema before `store`.
    pub fn new(store: Arc<Store>, clock: Clock) -> Self {
        Self { types: types(), store, clock, events: Arc::default(), work: None }
    }

    /// Lets clients record figures and run rejected rows again, and tells them when a source is looked at next.
    #[must_use]
    pub fn with_work(self, cx: pipeline::Context) -> Self {
        Self { work: Some(Arc::new(cx)), ..self }
    }

    /// Answers a request of whoever has the command line.
    pub async fn execute(&self, request: impl Into<Request>) -> Response {
        self.answer(request, Caller::operator("command line")).await
    }

    /// Answers a request from one snapshot: everything in the answer agrees.
    pub async fn answer(&self, request: impl Into<Request>, caller: Caller) -> Response {
        let request = request.into();
        let shape = Shape::of(&request);
        let response = self.types.execute(self.furnished(request, caller)).await;
        complete(response, shape.as_deref())
    }

    /// Returns the time, as the schema tells it.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Answers a subscription with one response for each event, anything else with one.
    pub fn stream(&self, request: Request, caller: Caller) -> BoxStream<'static, Response> {
        let shape = Shape::of(&request);
        let answers = self.types.execute_stream(self.furnished(request, caller));
        answers.map(move |response| complete(response, shape.as_deref())).boxed()
    }

    /// Gives a request what resolvers look for.
    fn furnished(&self, request: Request, caller: Caller) -> Request {
        let reader = Reader::new(self.store.clone());
        let request = request.data(reader).data(Now((self.clock)())).data(caller);
        let request = request.data(Arc::<Known>::default()).data(Asked::default());
        let request = request.data(self.store.clone()).data(self.events.clone());
        match &self.work {
            Some(work) => request.data(work.clone()),
            None => request,
        }
    }

    /// Returns what subscriptions hear.
    pub fn events(&self) -> &Arc<Events> {
        &self.events
    }

    /// Returns the figures behind the schema.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }
}

/// Gives an answer its shape, and every error a code.
fn complete(mut response: Response, shape: Option<&Shape>) -> Response {
    if let Some(shape) = shape {
        shape.give(&mut response);
    }
    response.errors.iter_mut().for_each(error::complete);
    response
}

/// Returns the key of the release with this id: source, dataset, label and edition.
pub fn release_of_id(id: &str) -> Option<String> {
    id::key_of("Release", id)
}

/// Returns the schema as text.
pub fn sdl() -> &'static str {
    static SDL: LazyLock<String> = LazyLock::new(|| types().sdl());
    &SDL
}

/// Documents are judged before they come here, by more rules than the library knows.
fn types() -> Types {
    Built::build(Query, Mutation, Subscription).validation_mode(ValidationMode::Fast).finish()
}
