//! What a disk that takes no more, or a database that may not be written, says of itself, whoever it says it to.

use sea_orm::{DbErr, RuntimeErr};

/// Returns the result code of a failure of `SQLite`, an extended one (sqlite.org/rescode.html): its lowest byte is the primary code.
pub fn result_code(error: &DbErr) -> Option<u32> {
    let (DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error)) = error else { return None };
    let RuntimeErr::SqlxError(error) = error else { return None };
    error.as_database_error()?.code()?.parse().ok()
}

/// A full disk in the words of `SQLite`, also where it finds no room beside its file (sqlite.org/rescode.html#ioerr_shmsize), and of the
/// operating system, which PostgreSQL and the archive repeat; a spent quota.
const FULL: [&str; 4] = ["disk is full", "(code: 4874)", "No space left on device", "Disk quota exceeded"];

/// What may only be read, in the words of `SQLite`, PostgreSQL and the operating system; and what is not ours to write.
const READ_ONLY: [&str; 3] = ["readonly database", "ead-only", "ermission denied"];

/// Returns whether the causes of a failure, in one text, say that a disk is full.
pub fn is_full(causes: &str) -> bool {
    FULL.iter().any(|words| causes.contains(words))
}

/// Returns whether the causes of a failure, in one text, say that nothing can be written.
pub fn takes_nothing(causes: &str) -> bool {
    is_full(causes) || READ_ONLY.iter().any(|words| causes.contains(words))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// The words of the operating system for an error of this number.
    fn words(number: i32) -> String {
        io::Error::from_raw_os_error(number).to_string()
    }

    #[test]
    fn the_operating_system_says_it_in_these_words() {
        assert!(is_full(&words(28)), "ENOSPC: {}", words(28));
        assert!(takes_nothing(&words(30)) && !is_full(&words(30)), "EROFS: {}", words(30));
        assert!(takes_nothing(&words(13)) && !is_full(&words(13)), "EACCES: {}", words(13));
        assert!(!takes_nothing(&words(5)), "EIO: {}", words(5));
    }
}
