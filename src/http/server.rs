//! What every handler shares: the schema, and what the settings say about asking it.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::extract::FromRef;

use super::{
    answers::Answers,
    documents::{Documents, ManifestError},
    gate::Gate,
    places::Places,
    throttle::Throttle,
};
use crate::{access::keys::Keys, config::Config, graphql::Schema};

/// What every handler shares.
#[derive(Clone)]
pub(super) struct Server(Arc<Shared>);

pub(super) struct Shared {
    pub schema: Schema,
    pub keys: Keys,
    pub gate: Gate,
    pub throttle: Throttle,
    pub documents: Documents,
    pub answers: Answers,
    pub max_batch: usize,
    pub max_age: u32,
    pub public_reads: bool,
    pub trust_proxy: bool,
    pub patience: Duration,
    pub max_subscriptions: usize,
    pub sockets: Places,
}

impl Server {
    pub(super) fn new(schema: Schema, config: &Config) -> Result<Self, ManifestError> {
        Ok(Self(Arc::new(Shared {
            keys: Keys::new(schema.store().db().clone(), &config.admin_token),
            gate: Gate::new(config),
            throttle: Throttle::new(config.address_rate, config.token_rate, config.rate_burst),
            documents: Documents::new(config.persisted_queries, &config.trusted_documents)?,
            answers: Answers::new(config.answer_cache),
            max_batch: config.max_batch,
            max_age: config.max_age,
            public_reads: config.public_reads,
            trust_proxy: config.trust_proxy,
            patience: config.patience(),
            max_subscriptions: config.max_subscriptions,
            sockets: Places::new(config.max_sockets, config.max_sockets_each),
            schema,
        })))
    }
}

impl Deref for Server {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<Server> for Schema {
    fn from_ref(server: &Server) -> Self {
        server.schema.clone()
    }
}
