//! What a client of graphql-transport-ws may say when, and what the library's answers look like in the protocol's words.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::asked;

/// A message of a client, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Said {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    payload: Option<Value>,
}

/// What to do with a message of a client.
#[derive(Debug, PartialEq)]
pub(super) enum Judged {
    /// The library may have it.
    Pass,
    /// The library may have it once it is known who speaks: the payload may say.
    Begin(Option<Value>),
    /// Answer this and go on.
    Answer(String),
    /// The protocol asks to end the connection.
    Close(u16, String),
}

/// One conversation.
#[derive(Debug)]
pub(super) struct Talk {
    most: usize,
    began: bool,
    acknowledged: bool,
    open: HashSet<String>,
    /// Operations that ended with `error`: the library's `complete` is then not passed on.
    failed: HashSet<String>,
}

impl Talk {
    /// Begins a conversation that may have `most` operations open at once.
    pub(super) fn new(most: usize) -> Self {
        Self { most, began: false, acknowledged: false, open: HashSet::new(), failed: HashSet::new() }
    }

    /// Returns whether the client said `connection_init`.
    pub(super) fn began(&self) -> bool {
        self.began
    }

    /// Judges a message of the client.
    pub(super) fn hear(&mut self, text: &str) -> Judged {
        let invalid = |why: &str| Judged::Close(4400, format!("Invalid message: {why}"));
        let Ok(said) = serde_json::from_str::<Said>(text) else { return invalid("not of this protocol") };
        match (said.kind.as_str(), said.id) {
            ("connection_init", _) if self.began => {
                Judged::Close(4429, "Too many initialisation requests".into())
            }
            ("connection_init", _) => {
                self.began = true;
                Judged::Begin(said.payload)
            }
            ("ping" | "pong", _) => Judged::Pass,
            ("subscribe", _) if !self.acknowledged => Judged::Close(4401, "Unauthorized".into()),
            ("subscribe", Some(id)) => self.subscribe(id, said.payload.as_ref()),
            ("complete", Some(id)) => {
                self.open.remove(&id);
                Judged::Pass
            }
            ("subscribe" | "complete", None) => invalid("an id is missing"),
            (other, _) => invalid(&format!("no type `{}`", other.chars().take(30).collect::<String>())),
        }
    }

    fn subscribe(&mut self, id: String, payload: Option<&Value>) -> Judged {
        let invalid = |why: &str| Judged::Close(4400, format!("Invalid message: {why}"));
        let Some(asked) = payload
            .and_then(Value::as_object)
            .filter(|asked| asked.get("query").is_some_and(Value::is_string))
        else {
            return invalid("the payload is no GraphQL request");
        };
        if let Some(misfit) = asked::misfit(asked) {
            return invalid(&misfit);
        }
        if id.is_empty() {
            return invalid("the id is empty");
        }
        if self.open.contains(&id) {
            return Judged::Close(4409, format!("Subscriber for {id} already exists"));
        }
        if self.open.len() >= self.most {
            let message = format!("at most {} operations run on one connection", self.most);
            let error = json!({ "message": message, "extensions": { "code": "TOO_MANY_SUBSCRIPTIONS" } });
            return Judged::Answer(json!({ "id": id, "type": "error", "payload": [error] }).to_string());
        }
        self.failed.remove(&id);
        self.open.insert(id);
        Judged::Pass
    }

    /// Returns what the client is told when the library says `text`. The library answers a request that never ran with
    /// `next` and `complete`; the protocol has `error` for it.
    pub(super) fn say(&mut self, text: &str) -> Option<String> {
        if text.starts_with(r#"{"type":"next""#) && !text.contains(r#""errors":"#) {
            return Some(text.to_owned());
        }
        let Ok(said) = serde_json::from_str::<Said>(text) else { return Some(text.to_owned()) };
        match (said.kind.as_str(), said.id) {
            ("connection_ack", _) => self.acknowledged = true,
            ("complete", Some(id)) => {
                // A client that stopped it waits for no answer.
                let known = self.open.remove(&id);
                if self.failed.remove(&id) || !known {
                    return None;
                }
            }
            ("next", Some(id)) => {
                if let Some(errors) = said.payload.as_ref().and_then(never_ran) {
                    self.open.remove(&id);
                    self.failed.insert(id.clone());
                    return Some(json!({ "id": id, "type": "error", "payload": errors }).to_string());
                }
            }
            _ => {}
        }
        Some(text.to_owned())
    }
}

/// The errors of an answer that has no data because nothing ran.
fn never_ran(answer: &Value) -> Option<&Value> {
    let errors = answer.get("errors")?;
    let pathless = errors.as_array()?.iter().all(|error| error.get("path").is_none());
    (answer.get("data").is_none_or(Value::is_null) && pathless).then_some(errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INIT: &str = r#"{"type":"connection_init"}"#;
    const ASK: &str = r#"{"type":"subscribe","id":"1","payload":{"query":"{a}"}}"#;

    fn acknowledged(most: usize) -> Talk {
        let mut talk = Talk::new(most);
        assert_eq!(talk.hear(INIT), Judged::Begin(None));
        talk.say(r#"{"type":"connection_ack"}"#);
        talk
    }

    fn code(judged: &Judged) -> u16 {
        if let Judged::Close(code, _) = judged { *code } else { 0 }
    }

    #[test]
    fn each_mistake_has_the_code_the_protocol_names() {
        assert_eq!(code(&Talk::new(9).hear(ASK)), 4401);
        assert_eq!(code(&acknowledged(9).hear(INIT)), 4429);
        for wrong in [
            "{nope",
            "[]",
            "{}",
            r#"{"type":"start","id":"1"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":null}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":7}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":5}}"#,
        ] {
            assert_eq!(code(&acknowledged(9).hear(wrong)), 4400, "{wrong}");
        }
        let mut talk = acknowledged(9);
        assert_eq!(talk.hear(ASK), Judged::Pass);
        assert_eq!(code(&talk.hear(ASK)), 4409);
    }

    #[test]
    fn an_id_may_be_used_again_once_its_operation_has_ended() {
        let mut talk = acknowledged(1);
        for _ in 0..2 {
            assert_eq!(talk.hear(ASK), Judged::Pass);
            assert!(talk.say(r#"{"type":"complete","id":"1"}"#).is_some());
        }
        assert_eq!(talk.hear(ASK), Judged::Pass);
        assert_eq!(talk.hear(r#"{"type":"complete","id":"1"}"#), Judged::Pass);
        assert_eq!(talk.say(r#"{"type":"complete","id":"1"}"#), None);
        assert_eq!(talk.hear(ASK), Judged::Pass);
    }

    #[test]
    fn one_operation_too_many_is_refused_and_the_others_go_on() {
        let mut talk = acknowledged(1);
        assert_eq!(talk.hear(ASK), Judged::Pass);
        let Judged::Answer(refused) = talk.hear(&ASK.replace("\"1\"", "\"2\"")) else {
            panic!("not refused")
        };
        assert!(refused.contains(r#""type":"error""#) && refused.contains(r#""id":"2""#), "{refused}");
    }

    #[test]
    fn a_request_that_never_ran_is_answered_with_error_alone() {
        let mut talk = acknowledged(9);
        talk.hear(ASK);
        let next = r#"{"type":"next","id":"1","payload":{"data":null,"errors":[{"message":"no"}]}}"#;
        assert_eq!(
            talk.say(next).as_deref(),
            Some(r#"{"id":"1","payload":[{"message":"no"}],"type":"error"}"#)
        );
        assert_eq!(talk.say(r#"{"type":"complete","id":"1"}"#), None);
        talk.hear(ASK);
        let partly =
            r#"{"type":"next","id":"1","payload":{"data":null,"errors":[{"message":"no","path":["a"]}]}}"#;
        assert_eq!(talk.say(partly).as_deref(), Some(partly));
    }
}
