//! The errors a client can see, each with a code to rely on.
//!
//! [`ApiError`] has no `Display` on purpose: whatever has one becomes a client's message unasked.

use std::{error::Error as StdError, sync::Arc};

use async_graphql::{Error, ErrorExtensions as _, ServerError};
use sea_orm::DbErr;

use crate::access::Scope;

/// The code of a request that is wrong.
const BAD_INPUT: &str = "BAD_USER_INPUT";

/// Why a field could not be resolved.
#[derive(Clone, Debug)]
pub(super) enum ApiError {
    /// An argument is wrong.
    BadInput {
        /// Its path: `view.currency`.
        argument: String,
        /// How.
        message: String,
    },
    /// A token is needed.
    Unauthenticated,
    /// The token may not do this.
    Forbidden(Scope),
    /// Our fault. The log has the cause.
    Internal(Arc<dyn StdError + Send + Sync>),
}

impl ApiError {
    /// Makes our own fault of what went wrong.
    pub(super) fn internal(cause: impl StdError + Send + Sync + 'static) -> Self {
        Self::Internal(Arc::new(cause))
    }
}

impl ApiError {
    /// Says of an argument, by its path, what is wrong with it; the message names it too.
    pub(super) fn wrong(argument: &str, message: impl Into<String>) -> Self {
        Self::BadInput { argument: argument.to_owned(), message: message.into() }
    }
}

impl From<DbErr> for ApiError {
    fn from(error: DbErr) -> Self {
        Self::internal(error)
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let mut wrong = None;
        let (code, message) = match error {
            ApiError::BadInput { argument, message } => {
                wrong = Some(argument);
                (BAD_INPUT, message)
            }
            ApiError::Unauthenticated => {
                ("UNAUTHENTICATED", "this needs a token: `authorization: Bearer TOKEN`".to_owned())
            }
            ApiError::Forbidden(scope) => ("FORBIDDEN", format!("this token lacks the scope `{scope}`")),
            ApiError::Internal(cause) => {
                tracing::error!(error = &*cause as &dyn StdError, "a field failed");
                ("INTERNAL", "something failed here; the log of the server says what".to_owned())
            }
        };
        Self::new(message).extend_with(|_, extensions| {
            extensions.set("code", code);
            if let Some(argument) = wrong {
                extensions.set("argument", argument);
            }
        })
    }
}

/// Gives an error of the library a code, and says it plainly: one with a path is about a value, one without about the
/// document.
pub(super) fn complete(error: &mut ServerError) {
    if let Some(plain) = plain(&error.message) {
        error.message = plain.to_owned();
    }
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_none() {
        let code = if error.path.is_empty() { "GRAPHQL_VALIDATION_FAILED" } else { BAD_INPUT };
        extensions.set("code", code);
    }
}

/// Returns what is wrong with a value, of what the library says of it: `Failed to parse "T": … (occurred while parsing "U")`.
fn plain(message: &str) -> Option<&str> {
    let (_, wrong) = message.strip_prefix("Failed to parse \"")?.split_once("\": ")?;
    wrong.split(" (occurred while parsing \"").next()
}
