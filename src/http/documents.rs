//! Documents known by their hash: those clients sent before (automatic persisted queries), and, where an operator lists
//! them, the only ones that are answered.

use std::{borrow::Cow, collections::HashMap, fs, io, path::Path};

use async_graphql::ServerError;
use quick_cache::sync::Cache;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    asked::Asked,
    gate::{MAX_TEXT, refusal},
};

/// Why the list of trusted documents is refused.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It cannot be read.
    #[error("cannot read the trusted documents in {path}")]
    Read {
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// It is no manifest.
    #[error(
        "{path} is no manifest of documents: neither a JSON object of hash to document nor Apollo's form"
    )]
    Form {
        /// The file.
        path: String,
        /// What the reader says.
        source: serde_json::Error,
    },
}

/// The two forms a manifest comes in.
#[derive(Deserialize)]
#[serde(untagged)]
enum Manifest {
    Apollo { operations: Vec<Operation> },
    Plain(HashMap<String, String>),
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

/// What a hash stands for.
pub(super) struct Documents {
    remembered: Option<Cache<String, String>>,
    trusted: Option<HashMap<String, String>>,
}

impl Documents {
    /// Remembers `most` documents, and answers only those of the manifest at `trusted` unless that is empty.
    pub(super) fn new(most: usize, trusted: &Path) -> Result<Self, ManifestError> {
        let trusted = if trusted.as_os_str().is_empty() { None } else { Some(read(trusted)?) };
        Ok(Self { remembered: (most > 0).then(|| Cache::new(most)), trusted })
    }

    /// Returns the text of the document that is asked for.
    pub(super) fn find<'a>(&'a self, asked: &'a Asked) -> Result<Cow<'a, str>, ServerError> {
        if let Some(trusted) = &self.trusted {
            return trust(trusted, asked).map(Cow::Borrowed);
        }
        match (hash(asked)?, &asked.query) {
            (None, Some(query)) => Ok(query.into()),
            (None, None) => {
                Err(refusal("BAD_REQUEST", "`query` is missing: the text of a GraphQL document".into()))
            }
            (Some(hash), query) => self.persisted(hash, query.as_deref()),
        }
    }

    /// Returns the text of a document that came over a WebSocket, where only the listed ones are told apart.
    pub(super) fn named(&self, query: String) -> Result<String, ServerError> {
        self.find(&Asked::text(query)).map(Cow::into_owned)
    }

    fn persisted<'a>(&self, hash: String, query: Option<&'a str>) -> Result<Cow<'a, str>, ServerError> {
        let Some(remembered) = &self.remembered else {
            let message = "PersistedQueryNotSupported";
            return Err(refusal("PERSISTED_QUERY_NOT_SUPPORTED", message.into()));
        };
        match query {
            None => remembered
                .get(&hash)
                .map(Cow::Owned)
                .ok_or_else(|| refusal("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound".into())),
            Some(query) if sha256(query) == hash => {
                if query.len() <= MAX_TEXT {
                    remembered.insert(hash, query.to_owned());
                }
                Ok(query.into())
            }
            Some(_) => Err(refusal("BAD_REQUEST", "`sha256Hash` is not the SHA-256 of `query`".into())),
        }
    }
}

fn hash(asked: &Asked) -> Result<Option<String>, ServerError> {
    asked.hash().map_err(|message| refusal("BAD_REQUEST", message))
}

fn trust<'a>(trusted: &'a HashMap<String, String>, asked: &Asked) -> Result<&'a str, ServerError> {
    let hash = hash(asked)?.or_else(|| asked.query.as_deref().map(sha256));
    hash.and_then(|hash| trusted.get(&hash)).map(String::as_str).ok_or_else(|| {
        refusal("DOCUMENT_NOT_TRUSTED", "this server answers only documents that its operator listed".into())
    })
}

fn read(path: &Path) -> Result<HashMap<String, String>, ManifestError> {
    let named = path.display().to_string();
    let text =
        fs::read_to_string(path).map_err(|source| ManifestError::Read { path: named.clone(), source })?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|source| ManifestError::Form { path: named, source })?;
    let listed: Vec<(String, String)> = match manifest {
        Manifest::Plain(documents) => documents.into_iter().collect(),
        Manifest::Apollo { operations } => operations.into_iter().map(|one| (one.id, one.body)).collect(),
    };
    // A client that sends the text itself is known by the text's own hash.
    let own = listed.iter().map(|(_, text)| (sha256(text), text.clone())).collect::<Vec<_>>();
    let named = listed.into_iter().map(|(id, text)| (id.trim_start_matches("sha256:").to_lowercase(), text));
    Ok(named.chain(own).collect())
}

fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(body: serde_json::Value) -> Asked {
        serde_json::from_value(body).expect("a request")
    }

    fn code(found: Result<Cow<'_, str>, ServerError>) -> String {
        let error = found.expect_err("a refusal");
        error.extensions.and_then(|all| all.get("code").map(ToString::to_string)).unwrap_or_default()
    }

    #[test]
    fn a_document_is_known_by_its_hash_once_it_was_sent_with_it() {
        let documents = Documents::new(10, Path::new("")).expect("no manifest");
        let hash = sha256("{a}");
        let by_hash = serde_json::json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
        let alone = asked(serde_json::json!({ "extensions": by_hash }));
        assert!(code(documents.find(&alone)).contains("PERSISTED_QUERY_NOT_FOUND"));
        let other = asked(serde_json::json!({ "query": "{b}", "extensions": by_hash }));
        assert!(code(documents.find(&other)).contains("BAD_REQUEST"));
        let both = asked(serde_json::json!({ "query": "{a}", "extensions": by_hash }));
        assert_eq!(documents.find(&both).expect("it is right"), "{a}");
        assert_eq!(documents.find(&alone).expect("it is known"), "{a}");
    }

    #[test]
    fn the_store_of_documents_is_bounded() {
        let documents = Documents::new(100, Path::new("")).expect("no manifest");
        for number in 0..2_000 {
            let text = format!("{{a{number}}}");
            documents.persisted(sha256(&text), Some(&text)).expect("it is right");
        }
        assert!(documents.remembered.expect("it remembers").len() <= 100);
    }

    #[test]
    fn only_listed_documents_are_answered_in_either_form_of_manifest() {
        let folder = tempfile::tempdir().expect("a folder");
        let hash = sha256("{a}");
        for manifest in [
            serde_json::json!({ hash.clone(): "{a}" }),
            serde_json::json!({ "format": "apollo-persisted-query-manifest", "version": 1,
                "operations": [{ "id": hash, "name": "a", "type": "query", "body": "{a}" }] }),
        ] {
            let path = folder.path().join("documents.json");
            fs::write(&path, manifest.to_string()).expect("a file");
            let documents = Documents::new(10, &path).expect("a manifest");
            for good in [serde_json::json!({ "query": "{a}" }), serde_json::json!({ "documentId": hash })] {
                assert_eq!(documents.find(&asked(good)).expect("it is listed"), "{a}");
            }
            let other = asked(serde_json::json!({ "query": "{b}" }));
            assert!(code(documents.find(&other)).contains("DOCUMENT_NOT_TRUSTED"));
        }
        fs::write(folder.path().join("wrong"), "[]").expect("a file");
        assert!(Documents::new(10, &folder.path().join("wrong")).is_err());
    }
}
