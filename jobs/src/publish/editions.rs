//! The editions of one dataset and period, and the fingerprints by which the same one is known again.

use std::{
    collections::HashMap,
    io::{BufWriter, IntoInnerError, Write as _},
};

use entity::{ReleaseId, ReleaseStatus, SourceId, artifact, release};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter,
    QueryOrder, Select,
};
use sha2::{Digest, Sha256};

use super::{source_id, turn};
use crate::{
    definition::Source,
    normalize::{PartName, Release, Role},
    pipeline::Incoming,
};

/// Raised when the same bytes are read differently, so that they are published again.
const READING: u32 = 2;

/// One edition and the files it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Edition {
    pub release: release::Model,
    pub files: Vec<artifact::Model>,
}

impl Edition {
    /// Returns whether it is served, or was until a newer one came.
    pub(crate) fn is_visible(&self) -> bool {
        let states = [ReleaseStatus::Published, ReleaseStatus::Superseded];
        self.release.served && states.contains(&self.release.status)
    }

    /// Returns whether one of its files has this hash.
    pub(crate) fn has(&self, sha256: &str) -> bool {
        self.files.iter().any(|file| file.sha256 == sha256)
    }

    /// Returns whether its files, read as `read`, say what they did before: the same figures of the same days.
    pub(crate) fn says(&self, read: &Release) -> Result<bool, DbErr> {
        let release = &self.release;
        let days = (release.reference_start, release.reference_end, release.published_at);
        let published = read.published.map(|(day, _)| day);
        Ok(days == (read.start, read.end, published) && release.content == content(read)?)
    }

    /// Notes that its files were read by the definition as it is, and what that says beside figures.
    pub(crate) async fn note_reading(&self, db: &DatabaseConnection, source: &Source) -> Result<(), DbErr> {
        let files = self.release.fingerprint.split('.').next().unwrap_or_default();
        let change = release::ActiveModel {
            id: Set(self.release.id),
            fingerprint: Set(format!("{files}{}", reading(source))),
            notes: Set(serde_json::json!(source.notes).to_string()),
            ..Default::default()
        };
        let tx = turn(db).await?;
        release::Entity::update(change).exec(&tx).await?;
        tx.commit().await
    }

    /// Returns what each of its files was read for.
    pub(crate) fn roles<'s>(&self, source: &'s Source) -> Vec<Role<'s>> {
        let parts: Vec<PartName> = serde_json::from_str(&self.release.parts).unwrap_or_default();
        let files = self.files.iter().enumerate();
        files.map(|(number, file)| Role::of(source, &file.file_name, number, &parts)).collect()
    }

    /// Returns whether another edition is of the same period, came later, and has every file of this one or, by the definition,
    /// one in its place.
    pub(super) fn is_replaced_by(&self, other: &Self, source: Option<&Source>) -> bool {
        let (ours, theirs) = (source.map(|of| self.roles(of)), source.map(|of| other.roles(of)));
        let covered = |number: usize| {
            let role = ours.as_ref().map(|roles| &roles[number]);
            role.zip(theirs.as_ref())
                .is_some_and(|(role, theirs)| theirs.iter().any(|taker| taker.covers(role)))
        };
        let mut files = self.files.iter().enumerate();
        other.release.label == self.release.label
            && other.release.edition > self.release.edition
            && files.all(|(number, file)| other.has(&file.sha256) || covered(number))
    }
}

/// The editions of one dataset and period as they stood at one time, the newest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Editions(pub Vec<Edition>);

impl Editions {
    /// Reads the editions of `dataset` called `label`.
    pub(crate) async fn read(
        db: &impl ConnectionTrait,
        source: &Source,
        dataset: &str,
        label: &str,
    ) -> Result<Self, DbErr> {
        let releases = of(source_id(db, &source.key).await?, dataset, label).all(db).await?;
        Ok(Self(with_files(db, releases).await?))
    }

    /// Returns the newest edition that is served, or was, after number `edition`.
    pub(crate) fn after(&self, edition: i32) -> Option<&Edition> {
        self.0.iter().find(|later| later.is_visible() && later.release.edition > edition)
    }

    /// Whether these are the same editions, and none of them was published or withdrawn since.
    pub(super) fn are(&self, now: &[release::Model]) -> bool {
        let state = |release: &release::Model| {
            let apart =
                [ReleaseStatus::Held, ReleaseStatus::Withdrawn].map(|status| release.status == status);
            (release.id, apart)
        };
        self.0.iter().map(|edition| state(&edition.release)).eq(now.iter().map(state))
    }
}

/// Reads the files of releases.
pub(super) async fn with_files(
    db: &impl ConnectionTrait,
    releases: Vec<release::Model>,
) -> Result<Vec<Edition>, DbErr> {
    let files = artifact::Entity::find()
        .filter(artifact::Column::ReleaseId.is_in(releases.iter().map(|release| release.id)))
        .order_by_asc(artifact::Column::Position);
    let mut by_release: HashMap<ReleaseId, Vec<artifact::Model>> = HashMap::new();
    for file in files.all(db).await? {
        by_release.entry(file.release_id).or_default().push(file);
    }
    let edition = |release: release::Model| Edition {
        files: by_release.remove(&release.id).unwrap_or_default(),
        release,
    };
    Ok(releases.into_iter().map(edition).collect())
}

/// The editions of a dataset's period, the newest first.
pub(super) fn of(id: SourceId, dataset: &str, label: &str) -> Select<release::Entity> {
    release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::Dataset.eq(dataset))
        .filter(release::Column::Label.eq(label))
        .order_by_desc(release::Column::Edition)
}

/// What tells one reading of files from another: a hash over the files, and one over the definition they were read by.
pub(super) fn fingerprint(source: &Source, release: &Release, files: &[Incoming]) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{READING}|{}|{}|{}", source.key, release.dataset, release.label));
    for file in files {
        hash.update(&file.sha256);
    }
    format!("{:x}{}", hash.finalize(), reading(source))
}

/// Whether both fingerprints are of the same files.
pub(super) fn same_files(one: &str, other: &str) -> bool {
    let files = |print: &str| print.split('.').next().unwrap_or_default().to_owned();
    files(one) == files(other)
}

/// Returns whether a release was read by the definition as it is.
pub(crate) fn is_read_by(release: &release::Model, source: &Source) -> bool {
    release.fingerprint.ends_with(&reading(source))
}

/// A hash over what a release says, whatever bytes say it and whatever their files are called: the same figures in the same rows of
/// as many tables. The days of its period and of its publication are left out, since they may follow from the time a file was made.
pub(super) fn content(release: &Release) -> Result<String, DbErr> {
    let mut hash = BufWriter::new(Sha256::new());
    let parts: Vec<usize> = release.parts.iter().map(|part| part.artifact).collect();
    let printed = (&release.bound_words, &release.occupations, &release.regions, &release.places);
    let figures = (&release.bands, &release.projections, &release.requirements, &release.series);
    let said = (parts, &release.counts, printed, figures);
    serde_json::to_writer(&mut hash, &said).map_err(|error| DbErr::Custom(error.to_string()))?;
    let rejects: Vec<_> = release.rejects.iter().map(|row| (row.code, &row.message, &row.raw)).collect();
    let (facts, page, origins) = (&release.facts, &release.page, &release.origins);
    let written = write!(hash, "{facts:?}{page:?}{origins:?}{rejects:?}");
    let hash = written.and_then(|()| hash.into_inner().map_err(IntoInnerError::into_error));
    let hash = hash.map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(format!("{:x}", hash.finalize()))
}

/// The end of a fingerprint: the definition.
pub(super) fn reading(source: &Source) -> String {
    /// As many digits as keep two definitions of one source apart.
    const DIGITS: usize = 16;
    // Where and when a file is asked for says nothing of how it is read.
    let reading = Source { urls: Vec::new(), schedule: None, ..source.clone() };
    let hash = format!("{:x}", Sha256::digest(format!("{reading:?}")));
    format!(".{}", &hash[..DIGITS])
}
