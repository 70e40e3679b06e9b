//! Where a figure comes from.

use std::sync::Arc;

use async_graphql::Object;
use jobs::normalize::locator;

use super::{release::Release, scalars::DateTime, scope::Scope, source::Source};
use crate::snapshot::{self, Artifact, Part};

/// Where a figure comes from: file and place in it, release, licence.
pub(super) struct Provenance {
    pub scope: Scope,
    pub release: Arc<snapshot::Release>,
    /// Part of the release, and row.
    pub position: (usize, i64),
    /// The source's own locator, where a row number would not do.
    pub locator: Option<String>,
    pub cited_authority: Option<String>,
    pub derivation: Vec<String>,
}

impl Provenance {
    fn part(&self) -> Option<&Part> {
        self.release.parts.get(self.position.0)
    }

    fn artifact(&self) -> Option<&Artifact> {
        let place = self.part().map_or(0, |part| part.artifact);
        self.release.artifacts.get(place).or_else(|| self.release.artifacts.first())
    }

    fn place(&self) -> String {
        let part = self.part();
        let member = part.map_or("", |part| &part.member);
        let row = u32::try_from(self.position.1).unwrap_or_default();
        let file = self.artifact().map_or(member, |artifact| &artifact.file_name);
        locator(file, member, part.map_or("", |part| &part.sheet), row)
    }
}

/// Where a figure comes from: file and place in it, release, licence.
#[Object(serial)]
impl Provenance {
    /// Whom the source itself cites for this figure (a page citing BLS).
    async fn cited_authority(&self) -> Option<&str> {
        self.cited_authority.as_deref()
    }
    /// Who published the figure.
    async fn source(&self) -> Source {
        Source { scope: self.scope.clone(), row: self.release.source.clone() }
    }
    /// The release it stands in.
    async fn release(&self) -> Release {
        Release { scope: self.scope.clone(), release: self.release.clone() }
    }
    /// Where in the published file: sheet and row, line, JSON pointer or quoted sentence.
    async fn locator(&self) -> String {
        self.locator.clone().unwrap_or_else(|| self.place())
    }
    /// When the file was fetched.
    async fn retrieved_at(&self) -> DateTime {
        DateTime(self.artifact().map_or(self.release.row.loaded_at, |artifact| artifact.retrieved_at))
    }
    /// SHA-256 of the file's bytes, in hex.
    async fn sha256(&self) -> &str {
        self.artifact().map_or("", |artifact| &artifact.sha256)
    }
    /// Where the file was fetched; `file:` and its name where a person gave it.
    async fn url(&self) -> &str {
        self.artifact().map_or(&self.release.source.homepage, |artifact| &artifact.url)
    }
    /// The terms the figure comes under.
    async fn licence(&self) -> &str {
        &self.release.source.licence
    }
    /// The credit line the licence asks for.
    async fn attribution(&self) -> &str {
        &self.release.source.attribution
    }
    /// Steps from what was published to what is shown; empty for a figure as published.
    async fn derivation(&self) -> &[String] {
        &self.derivation
    }
}
