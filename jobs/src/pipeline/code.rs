//! The codes of what stops an ingest: what clients see where the log has the cause.

use super::IngestError;

impl IngestError {
    /// Returns the code of the error, the same for ever.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSource(_) => "UNKNOWN_SOURCE",
            Self::Barred { .. } => "LICENCE_NOT_ACKNOWLEDGED",
            Self::Offline(_) => "OFFLINE",
            Self::NoUrl(_) => "NO_URL",
            Self::NoVintages(_) | Self::NoVintage { .. } => "NO_SUCH_RELEASE",
            Self::Read { .. } => "READ_FAILED",
            Self::Fetch(_) => "FETCH_FAILED",
            Self::Archive(_) => "ARCHIVE_FAILED",
            Self::Decode { .. } => "DECODE_FAILED",
            Self::Page { .. } => "PAGE_FAILED",
            Self::Database(_) => "DATABASE_FAILED",
        }
    }
}
