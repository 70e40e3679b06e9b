//! GraphQL over WebSocket at `/graphql/ws`: the graphql-transport-ws protocol as async-graphql speaks it, and around it what
//! the protocol asks of a server and the library leaves out: close codes, a time for the handshake, limits, the gate.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use async_graphql::{
    Data, Executor, Request, Response as Answer,
    futures_util::stream::{BoxStream, SplitSink, StreamExt as _},
    http::WebSocketProtocols,
};
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::{
    extract::{
        FromRequestParts as _, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use futures::{SinkExt as _, channel::mpsc, future, stream};
use tokio::time;

use super::{
    accept::Media,
    asked,
    gate::{self, Cost, Refusal},
    places::{Full, Place},
    server::Server,
    visitor::Visitor,
};
use crate::access::{Scope, token};

mod talk;

use self::talk::{Judged, Talk};

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to say `connection_init`.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// How often a silent client is asked whether it is there, and how often it may not answer.
const PING: Duration = Duration::from_secs(20);
/// The largest message that is read, in bytes.
const LARGEST: usize = 256 * 1024;
/// The close code of a longer one (RFC 6455, section 7.4.1).
const TOO_LONG: u16 = 1009;
/// How long a connection stays after that: what the client still sends would otherwise undo it before it has read why.
const LINGER: Duration = Duration::from_secs(1);
/// Messages that wait between the client and the library.
const WAITING: usize = 16;

/// Answers `GET /graphql/ws`.
pub(super) async fn upgrade(
    State(server): State<Server>,
    visitor: Visitor,
    upgrade: WebSocketUpgrade,
) -> Response {
    let place = match server.sockets.take(&visitor.purse) {
        Ok(place) => place,
        Err(Full::All) => {
            return (StatusCode::SERVICE_UNAVAILABLE, "too many connections are open\n").into_response();
        }
        Err(Full::Visitor) => {
            return (StatusCode::TOO_MANY_REQUESTS, "too many connections of yours are open\n")
                .into_response();
        }
    };
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(LARGEST).max_frame_size(LARGEST);
    let known = upgrade.selected_protocol().is_some();
    upgrade.on_upgrade(move |socket| async move {
        if known {
            speak(server, visitor, socket, place).await;
        } else {
            Line(socket.split().0).end(Some((4406, "Subprotocol not acceptable".into()))).await;
        }
    })
}

/// What runs the operations of one connection: the gate first, then the schema.
#[derive(Clone)]
struct Session {
    server: Server,
    visitor: Arc<OnceLock<Visitor>>,
}

impl Session {
    fn run(&self, request: Request) -> BoxStream<'static, Answer> {
        let Some(visitor) = self.visitor.get() else {
            return stream::empty().boxed();
        };
        match self.admit(visitor, request) {
            Ok(request) => self.server.schema.stream(request, visitor.caller.clone()),
            Err(errors) => stream::once(future::ready(Answer::from_errors(errors))).boxed(),
        }
    }

    fn admit(&self, visitor: &Visitor, request: Request) -> Result<Request, Refusal> {
        let Request { query, variables, operation_name, .. } = request;
        let text = self.server.documents.named(query).map_err(|error| vec![error])?;
        let (gate, mut variables) = (&self.server.gate, gate::json(variables));
        asked::make_whole(&mut variables);
        let judged = gate.read(&text);
        let judged =
            judged.and_then(|document| document.ask(&gate.limits, operation_name.as_deref(), &variables));
        let cost = judged.as_ref().map_or(Cost::REFUSED, |admitted| admitted.cost);
        let paid = self.server.throttle.take(&visitor.purse, cost.answer, Instant::now());
        paid.map_err(|wait| {
            let message = format!("too much was asked for in a short time: ask again in {} s", wait.seconds);
            vec![gate::refusal("THROTTLED", message)]
        })?;
        Ok(judged?.request)
    }
}

impl Executor for Session {
    async fn execute(&self, request: Request) -> Answer {
        self.run(request).next().await.unwrap_or_default()
    }

    fn execute_stream(&self, request: Request, _: Option<Arc<Data>>) -> BoxStream<'static, Answer> {
        self.run(request)
    }
}

/// The way to a client. One that takes nothing of what is sent ends it: the connection waits so long and no longer.
struct Line(SplitSink<WebSocket, Message>);

impl Line {
    /// Sends a message; `false` where the client did not take it.
    async fn tell(&mut self, message: Message) -> bool {
        self.0.send(message).await.is_ok()
    }

    /// Ends the connection, with a code and a reason where the client is told one.
    async fn end(mut self, told: Option<(u16, String)>) {
        let code = told.as_ref().map(|(code, _)| *code);
        if let Some((code, reason)) = told {
            // A close frame holds 123 bytes of reason.
            let reason: String = reason.chars().take(100).collect();
            self.tell(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
        }
        self.0.close().await.ok();
        if code == Some(TOO_LONG) {
            time::sleep(LINGER).await;
        }
    }
}

/// Passes messages between a client and the library until one of them ends it. What the client says is only read while there is
/// room for it, and what the library says always: neither waits for the other.
async fn speak(server: Server, visitor: Visitor, socket: WebSocket, _place: Place) {
    let session = Session { server: server.clone(), visitor: Arc::default() };
    let (mut to_library, from_client) = mpsc::channel::<Result<Message, axum::Error>>(WAITING);
    let (to_client, mut from_library) = mpsc::channel::<Message>(WAITING);
    let Ok(protocol) = protocol().await else { return };
    let library = GraphQLWebSocket::new_with_pair(to_client, from_client, session.clone(), protocol).serve();
    let library = tokio::spawn(library);
    let (sink, mut source) = socket.split();
    let mut line = Line(sink);
    let mut talk = Talk::new(server.max_subscriptions);
    let mut pings = time::interval_at(time::Instant::now() + PING, PING);
    let handshake = time::sleep(HANDSHAKE);
    tokio::pin!(handshake);
    let mut heard = time::Instant::now();
    let mut said: Option<Message> = None;
    let ended: Option<(u16, String)> = loop {
        tokio::select! {
            room = future::poll_fn(|cx| to_library.poll_ready(cx)), if said.is_some() => {
                let passed = room.and_then(|()| said.take().map_or(Ok(()), |text| to_library.start_send(Ok(text))));
                if passed.is_err() { break None; }
            }
            message = source.next(), if said.is_none() => {
                heard = time::Instant::now();
                let text = match message {
                    Some(Ok(Message::Text(text))) => text,
                    Some(Ok(Message::Binary(_))) => break Some((4400, "Invalid message: not text".into())),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Err(error)) if is_too_long(&error) => {
                        break Some((TOO_LONG, format!("A message has at most {LARGEST} bytes")));
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
                };
                match talk.hear(&text) {
                    Judged::Close(code, reason) => break Some((code, reason)),
                    Judged::Answer(text) => if !line.tell(Message::Text(text.into())).await { break None; },
                    Judged::Begin(payload) => match admit(&server, &visitor, payload.as_ref()).await {
                        Ok(visitor) => {
                            session.visitor.set(visitor).ok();
                            said = Some(Message::Text(text));
                        }
                        Err(refused) => break Some(refused),
                    },
                    Judged::Pass => said = Some(Message::Text(text)),
                }
            }
            message = from_library.next() => match message {
                Some(Message::Text(text)) => {
                    if let Some(text) = talk.say(&text)
                        && !line.tell(Message::Text(text.into())).await { break None; }
                }
                Some(Message::Close(Some(frame))) => break Some((frame.code, frame.reason.to_string())),
                Some(_) => {}
                None => break None,
            },
            () = &mut handshake, if !talk.began() => break Some((4408, "Connection initialisation timeout".into())),
            _ = pings.tick() => {
                if heard.elapsed() > PING * 3 { break None; }
                if !line.tell(Message::Ping(Vec::new().into())).await { break None; }
            }
        }
    };
    library.abort();
    line.end(ended).await;
}

/// Returns whether a message was longer than is read. The library that knows is named by its words alone.
fn is_too_long(error: &axum::Error) -> bool {
    error.to_string().starts_with("Space limit exceeded")
}

/// The library's name for the protocol, which it only takes from a request.
async fn protocol() -> Result<GraphQLProtocol, StatusCode> {
    let request = axum::http::Request::builder().header("sec-websocket-protocol", PROTOCOL);
    debug_assert_eq!(WebSocketProtocols::GraphQLWS.sec_websocket_protocol(), PROTOCOL);
    let (mut parts, ()) = request.body(()).map_err(|_| StatusCode::BAD_REQUEST)?.into_parts();
    GraphQLProtocol::from_request_parts(&mut parts, &()).await
}

/// Returns who speaks: the token in the payload of `connection_init`, or whoever opened the connection.
async fn admit(
    server: &Server,
    visitor: &Visitor,
    payload: Option<&serde_json::Value>,
) -> Result<Visitor, (u16, String)> {
    let sent = payload.and_then(serde_json::Value::as_object).and_then(|fields| {
        let mut fields = fields.iter();
        fields.find(|(name, _)| name.eq_ignore_ascii_case("authorization")).map(|(_, value)| value)
    });
    let refused = || (4403, "Forbidden".to_owned());
    let visitor = match sent {
        None => visitor.clone(),
        Some(value) => {
            let token = value.as_str().and_then(token::bearer).ok_or_else(refused)?;
            Visitor::with_token(server, token, Media::Json).await.map_err(|_| refused())?
        }
    };
    let admitted = server.public_reads || visitor.caller.may(Scope::Read);
    if admitted { Ok(visitor) } else { Err(refused()) }
}
