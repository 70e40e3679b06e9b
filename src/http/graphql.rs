//! GraphQL over HTTP: from a request to the bytes of its answer.

use std::{borrow::Cow, time::Instant};

use apollo_compiler::response::JsonMap;
use async_graphql::{ServerError, Value, parser::types::OperationType};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header::ACCEPT},
    response::Response,
};

use super::{
    accept::Media,
    asked::{self, Asked, Body},
    body::Sent,
    gate::{self, Admitted, Cost},
    reply::Reply,
    server::Server,
    throttle::Status,
    visitor::{self, Visitor},
};
use crate::access::Scope;

/// Answers `POST /graphql`.
pub(super) async fn post(
    State(server): State<Server>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(body): Sent,
) -> Response {
    let Some(media) = Media::wanted(headers.get(ACCEPT)) else { return not_acceptable() };
    let body = match body {
        Ok(body) => body,
        Err((status, message)) => return media.refuse(status, "BAD_REQUEST", message),
    };
    if !asked::is_json(&headers) {
        let message = "send the request as `content-type: application/json`";
        return media.refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", message);
    }
    if let Some(refused) = stranger(&server, &visitor, media) {
        return refused;
    }
    match asked::read(&body, server.max_batch) {
        Ok(Body::One(asked)) => answer(&server, &visitor, media, asked, true).await.posted(media),
        Ok(Body::Many(many)) => {
            let mut replies = Vec::with_capacity(many.len());
            for asked in many {
                replies.push(answer(&server, &visitor, media, asked, true).await);
            }
            Reply::join(&replies).posted(media)
        }
        Err(message) => media.refuse(StatusCode::BAD_REQUEST, "BAD_REQUEST", message),
    }
}

/// Answers `GET /graphql?query=…`.
pub(super) async fn get(
    State(server): State<Server>,
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(media) = Media::wanted(headers.get(ACCEPT)) else { return not_acceptable() };
    if let Some(refused) = stranger(&server, &visitor, media) {
        return refused;
    }
    let private = !server.public_reads || visitor.caller.may(Scope::Read);
    match asked::read_address(query.as_deref().unwrap_or_default()) {
        Ok(asked) => {
            let reply = answer(&server, &visitor, media, asked, false).await;
            reply.got(media, &headers, server.max_age, private)
        }
        Err(message) => media.refuse(StatusCode::BAD_REQUEST, "BAD_REQUEST", message),
    }
}

fn stranger(server: &Server, visitor: &Visitor, media: Media) -> Option<Response> {
    let admitted = server.public_reads || visitor.caller.may(Scope::Read);
    (!admitted).then(|| visitor::unknown(media, "reading here needs a token: `authorization: Bearer TOKEN`"))
}

fn not_acceptable() -> Response {
    let message = "answers come as application/graphql-response+json or application/json";
    Media::Json.refuse(StatusCode::NOT_ACCEPTABLE, "BAD_REQUEST", message)
}

/// One request through everything that can stop it: its document, its cost, what its sender may spend, its kind.
async fn answer(server: &Server, visitor: &Visitor, media: Media, asked: Asked, may_write: bool) -> Reply {
    let text = match server.documents.find(&asked) {
        Ok(text) => text,
        Err(error) => return never_ran(media, &[error]),
    };
    let document = match server.gate.read(&text) {
        Ok(document) => document,
        Err(errors) => return refuse(server, visitor, media, &errors),
    };
    let version = server.schema.store().current().version();
    let question = server.answers.question(&asked, document.digest(), visitor.caller.scopes, version);
    if let Some(given) = question.as_ref().and_then(|question| server.answers.get(question)) {
        return match pay(server, visitor, given.cost) {
            Ok(_) => Reply { status: StatusCode::OK, body: given.body, clean: true, retry_after: None },
            Err(reply) => reply,
        };
    }
    let variables = asked.variables.as_ref();
    let variables = variables.map_or_else(|| Cow::Owned(JsonMap::new()), Cow::Borrowed);
    let admitted = document.ask(&server.gate.limits, asked.operation.as_deref(), &variables);
    let Admitted { request, cost, kind } = match admitted {
        Ok(admitted) => admitted,
        Err(errors) => return refuse(server, visitor, media, &errors),
    };
    if let Some(refused) = wrong_kind(media, kind, may_write) {
        return refused;
    }
    let status = match pay(server, visitor, cost) {
        Ok(status) => status,
        Err(reply) => return reply,
    };
    let mut answer = server.schema.answer(request, visitor.caller.clone()).await;
    if asked.wants_cost() {
        answer.extensions.insert("cost".into(), said(server, cost, status));
    }
    let reply = Reply::of(media, &answer);
    // An answer that says `no-cache` changes without a publish: the jobs of the queue.
    let lasts = answer.cache_control.max_age >= 0 && kind == OperationType::Query;
    if let (Some(question), true, true) = (question, reply.clean, lasts) {
        server.answers.put(question, reply.body.clone(), cost);
    }
    Reply { clean: reply.clean && lasts, ..reply }
}

/// Refuses a document that was judged, which is not for nothing.
fn refuse(server: &Server, visitor: &Visitor, media: Media, errors: &[ServerError]) -> Reply {
    pay(server, visitor, Cost::REFUSED).map_or_else(|reply| reply, |_| never_ran(media, errors))
}

/// Refuses a document. A request that is none at all has a status that says so to every client.
fn never_ran(media: Media, errors: &[ServerError]) -> Reply {
    let malformed = errors.iter().any(|error| {
        let code = error.extensions.as_ref().and_then(|all| all.get("code"));
        code == Some(&Value::from("BAD_REQUEST"))
    });
    Reply::refused(if malformed { StatusCode::BAD_REQUEST } else { media.status() }, errors)
}

fn wrong_kind(media: Media, kind: OperationType, may_write: bool) -> Option<Reply> {
    match kind {
        OperationType::Mutation if !may_write => {
            let message = "only queries are answered over GET: use POST";
            let error = gate::refusal("BAD_REQUEST", message.into());
            Some(Reply::refused(StatusCode::METHOD_NOT_ALLOWED, &[error]))
        }
        OperationType::Subscription => {
            let message = "subscriptions are answered over graphql-transport-ws at /graphql/ws";
            Some(never_ran(media, &[gate::refusal("BAD_REQUEST", message.into())]))
        }
        _ => None,
    }
}

/// Takes what a request costs from the sender's bucket.
fn pay(server: &Server, visitor: &Visitor, cost: Cost) -> Result<Option<Status>, Reply> {
    server.throttle.take(&visitor.purse, cost.answer, Instant::now()).map_err(|wait| {
        let message = format!("too much was asked for in a short time: ask again in {} s", wait.seconds);
        let mut error = gate::refusal("THROTTLED", message);
        if let Some(extensions) = &mut error.extensions {
            extensions.set("cost", said(server, cost, Some(wait.status)));
        }
        let refused = Reply::refused(StatusCode::TOO_MANY_REQUESTS, &[error]);
        Reply { retry_after: Some(wait.seconds), ..refused }
    })
}

/// What an answer says of its cost.
fn said(server: &Server, cost: Cost, status: Option<Status>) -> Value {
    let said = serde_json::json!({
        "requested": cost,
        "limits": server.gate.limits,
        "throttleStatus": status,
    });
    Value::from_json(said).unwrap_or_default()
}
