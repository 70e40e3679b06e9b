//! What clients see of what stops an ingest, where the log has the cause: its code, and words without paths and addresses.

use super::{IngestError, chain};
use crate::{decode::Defect, disk, fetch::FetchError};

impl IngestError {
    /// Returns the code of the error, the same for ever.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSource(_) => "UNKNOWN_SOURCE",
            Self::Barred { .. } => "LICENCE_NOT_ACKNOWLEDGED",
            Self::Offline(_) => "OFFLINE",
            Self::NoUrl(_) | Self::NoneOut(_) => "NO_URL",
            Self::NoVintages(_) | Self::NoVintage { .. } => "NO_SUCH_RELEASE",
            Self::OtherRelease { .. } | Self::LedElsewhere { .. } => "OTHER_RELEASE",
            Self::Overtaken { .. } => "OVERTAKEN",
            Self::Read { .. } => "READ_FAILED",
            Self::Fetch(_) => "FETCH_FAILED",
            Self::Archive(_) | Self::Damaged { .. } => "ARCHIVE_FAILED",
            Self::Decode { .. } => "DECODE_FAILED",
            Self::Page { .. } => "PAGE_FAILED",
            Self::Database(_) => "DATABASE_FAILED",
            Self::Files(several) => several.failed.first().map_or("FETCH_FAILED", Self::code),
        }
    }

    /// Returns what clients may know: what failed, without paths and addresses.
    pub fn told(&self) -> String {
        match self {
            _ if self.is_full() => "the disk is full".into(),
            Self::Read { .. } => "the file cannot be read".into(),
            Self::Fetch(error) => format!("{} ({})", error.told(), error.code()),
            Self::Archive(_) => "the archive failed".into(),
            Self::Database(_) => "the database failed".into(),
            Self::Files(several) => several.told(),
            Self::Decode { source, .. } => format!("{source} ({})", source.code()),
            Self::Page { source, .. } => format!("{source} ({})", source.defect().code()),
            Self::UnknownSource(_)
            | Self::Barred { .. }
            | Self::Offline(_)
            | Self::NoUrl(_)
            | Self::NoneOut(_)
            | Self::NoVintages(_)
            | Self::NoVintage { .. }
            | Self::OtherRelease { .. }
            | Self::LedElsewhere { .. }
            | Self::Overtaken { .. }
            | Self::Damaged { .. } => self.to_string(),
        }
    }

    /// Returns whether a disk of ours or of the database is full.
    fn is_full(&self) -> bool {
        let writes = match self {
            Self::Archive(_)
            | Self::Database(_)
            | Self::Fetch(FetchError::Disk { .. } | FetchError::Ledger(_)) => true,
            Self::Decode { source, .. } => source.defect == Defect::Disk,
            _ => false,
        };
        writes && disk::is_full(&chain(self))
    }
}
