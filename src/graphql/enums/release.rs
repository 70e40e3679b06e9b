//! Where releases and sources stand.

use async_graphql::Enum;

/// Where a release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::ReleaseStatus")]
pub(in crate::graphql) enum ReleaseStatus {
    /// Being loaded.
    #[graphql(name = "STAGED")]
    Staged,
    /// Failed a check; not served.
    #[graphql(name = "HELD")]
    Held,
    /// Served.
    #[graphql(name = "PUBLISHED")]
    Published,
    /// Replaced by a newer edition or period.
    #[graphql(name = "SUPERSEDED")]
    Superseded,
    /// Taken back.
    #[graphql(name = "WITHDRAWN")]
    Withdrawn,
}

/// Where the bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "entity::ArtifactOrigin")]
pub(in crate::graphql) enum ArtifactOrigin {
    /// The publisher's own file.
    #[graphql(name = "PUBLISHER")]
    Publisher,
    /// Figures of the publisher in another hand's file.
    #[graphql(name = "REEXPORT")]
    Reexport,
}

/// How old the figures of a source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "jobs::freshness::Freshness")]
pub(in crate::graphql) enum Freshness {
    /// Nothing newer is expected.
    Fresh,
    /// A newer release may be out, or is by the publisher's calendar.
    Due,
    /// Due for as long again as it takes to become due.
    Stale,
    /// No release yet.
    NeverLoaded,
}

/// Which releases count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(in crate::graphql) enum ReleaseSelection {
    /// The newest of each dataset.
    Current,
    /// Every one that is or was served.
    All,
}

/// What became of a row of figures from one release to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "crate::reader::ChangeKind")]
pub(in crate::graphql) enum ReleaseChangeKind {
    /// The later release has it alone.
    Appeared,
    /// The earlier release had it alone.
    Vanished,
    /// Figures differ, or the reasons why there is none.
    Revised,
    /// Figures gave way to a reason why there is none.
    NewlySuppressed,
    /// Figures stand where a reason stood.
    NewlyPublished,
    /// Its code became several, by the crosswalk.
    CodeSplit,
    /// Its code became one with others, by the crosswalk.
    CodeMerged,
}
