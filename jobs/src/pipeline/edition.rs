//! Which files make an edition: those that stood in the last one, and the new file beside them or in place of its like.

use std::{borrow::Cow, collections::HashSet};

use chrono::{DateTime, Utc};
use entity::{ReleaseStatus, artifact};

use super::{
    Context, IngestError, Report,
    incoming::{Incoming, recall},
    normalize,
};
use crate::{
    archive::ArchiveError,
    definition::Source,
    normalize::{Counts, Release, Role},
    progress::{self, Stage},
    publish::{self, Draft, Editions, Place, Stored},
    validate::{self, validate},
};

/// How often an edition is put together, where others come while it is.
const TRIES: u32 = 8;

/// The files of an edition.
struct Edition {
    files: Vec<Incoming>,
    /// Names of files that belong to it and are not in the archive: those of a release that came with the program.
    missing: Vec<String>,
}

/// What becomes of a file beside those that stand.
enum Together {
    /// It makes an edition with them.
    Edition(Edition),
    /// It is in an edition already.
    Known(Place),
    /// A later file took its place before.
    Replaced {
        /// The name of that file.
        by: String,
    },
}

/// A file of the edition that a new one follows.
struct Standing<'a> {
    file: &'a artifact::Model,
    role: Role<'a>,
}

/// Publishes `alone`, a release as `file` tells it, together with the files that stand beside it. Returns the rows of `file`.
pub(super) async fn take(
    cx: &Context,
    source: &Source,
    file: &Incoming,
    alone: &Release,
    now: DateTime<Utc>,
    report: &mut Report,
) -> Result<Counts, IngestError> {
    progress::dataset(&alone.dataset);
    for _ in 0..TRIES {
        let after = Editions::read(&cx.db, source, &alone.dataset, &alone.label).await?;
        let Edition { files, missing } = match together(cx, source, &after, alone, file).await? {
            Together::Edition(edition) => edition,
            Together::Known(place) => {
                report.tell(alone, Stored::Known(place), &[]);
                return Ok(alone.total());
            }
            Together::Replaced { by } => {
                report.lines.push(format!(
                    "{} {}: superseded before, by {by}; to serve this file again, withdraw what replaced it",
                    alone.dataset, alone.label
                ));
                return Ok(alone.total());
            }
        };
        let release = if files.len() == 1 { Cow::Borrowed(alone) } else { join(source, &files, alone, now)? };
        progress::stage(Stage::Validate).await;
        let background = publish::background(&cx.db, source, &release, now.date_naive()).await?;
        let mut checks = validate(&release, &background);
        checks.extend(validate::whole(&missing));
        progress::stage(Stage::Publish).await;
        let (files, checks, after) = (&files[..], &checks[..], Some(&after));
        let draft = Draft { source, release: &release, files, checks, after, again: false };
        let stored = publish::publish(&cx.db, &draft, now).await?;
        if stored == Stored::Overtaken {
            continue;
        }
        report.tell(&release, stored, checks);
        let place = files.iter().position(|known| known.sha256 == file.sha256);
        return Ok(place.and_then(|place| release.counts.get(place)).cloned().unwrap_or_default());
    }
    Err(IngestError::Overtaken { dataset: alone.dataset.clone(), label: alone.label.clone() })
}

async fn together(
    cx: &Context,
    source: &Source,
    editions: &Editions,
    alone: &Release,
    file: &Incoming,
) -> Result<Together, IngestError> {
    let role = Role::of(source, &file.name, 0, &alone.parts);
    let mut standing = standing(source, editions);
    let stands = standing.iter().any(|known| known.file.sha256 == file.sha256);
    if !stands {
        let served = editions.0.iter().any(|edition| edition.is_visible() && edition.has(&file.sha256));
        let replaces = |known: &&Standing<'_>| known.role.covers(&role) && !file.is_sent_for(known.file);
        if let Some(taker) = standing.iter().find(replaces).filter(|_| served) {
            return Ok(Together::Replaced { by: taker.file.file_name.clone() });
        }
        standing.retain(|known| !role.covers(&known.role));
    }
    let same = served_with(editions, &standing).filter(|_| stands);
    let (mut files, mut missing) = (vec![(role, file.clone())], Vec::new());
    for Standing { file: known, role } in
        standing.into_iter().filter(|known| known.file.sha256 != file.sha256)
    {
        match recall(cx, known.clone()).await {
            Ok(known) => files.push((role, known)),
            Err(IngestError::Archive(ArchiveError::Missing(_))) => missing.push(known.file_name.clone()),
            Err(error) => return Err(error),
        }
    }
    if let Some(place) = same.filter(|_| !missing.is_empty()) {
        return Ok(Together::Known(place));
    }
    files.sort_by_key(|(role, _)| role.place);
    let files = files.into_iter().map(|(_, file)| file).collect();
    Ok(Together::Edition(Edition { files, missing }))
}

/// The files that a new edition follows: those of the last one that is served, and of what is held since in their place or
/// beside them.
fn standing<'a>(source: &'a Source, editions: &'a Editions) -> Vec<Standing<'a>> {
    let mut standing: Vec<Standing<'a>> = Vec::new();
    let counts =
        |edition: &&publish::Edition| edition.is_visible() || edition.release.status == ReleaseStatus::Held;
    for edition in editions.0.iter().filter(counts) {
        let roles = edition.files.iter().zip(edition.roles(source));
        let roles = roles.map(|(file, role)| Standing { file, role });
        let older = |known: &Standing<'_>| {
            !standing
                .iter()
                .any(|newer| newer.file.sha256 == known.file.sha256 || newer.role.covers(&known.role))
        };
        let more: Vec<_> = roles.filter(older).collect();
        standing.extend(more);
        if edition.is_visible() {
            break;
        }
    }
    standing
}

/// The edition that is served with these files and no others.
fn served_with(editions: &Editions, standing: &[Standing<'_>]) -> Option<Place> {
    let hashes: HashSet<&str> = standing.iter().map(|known| known.file.sha256.as_str()).collect();
    let same = |files: &[artifact::Model]| {
        hashes == files.iter().map(|file| file.sha256.as_str()).collect::<HashSet<_>>()
    };
    let found = editions.0.iter().find(|edition| edition.is_visible() && same(&edition.files));
    found.map(|edition| Place { edition: edition.release.edition, status: edition.release.status })
}

/// What the files of an edition say together of the release that is `like` this one.
fn join<'r>(
    source: &Source,
    files: &[Incoming],
    like: &'r Release,
    now: DateTime<Utc>,
) -> Result<Cow<'r, Release>, IngestError> {
    let releases = normalize(source, files, Some(&like.label), now)?;
    let found =
        releases.into_iter().find(|release| release.dataset == like.dataset && release.label == like.label);
    Ok(found.map_or(Cow::Borrowed(like), Cow::Owned))
}
