//! What goes wrong on the server, in words for an administrator. Patients get `app::error::AppError`.

use std::io;
use std::path::PathBuf;

/// A failure that an administrator reads.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The database.
    #[error("the database: {0}")]
    Db(#[from] db::DbError),
    /// The database, directly.
    #[error("the database: {0}")]
    Sql(#[from] sqlx::Error),
    /// A file.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A program that was started.
    #[error("{program} failed: {output}")]
    Program {
        /// Which.
        program: String,
        /// What it said.
        output: String,
    },
    /// A setting.
    #[error("{0}")]
    Setting(String),
    /// A key.
    #[error("{0}")]
    Key(String),
    /// A command that the rules refuse.
    #[error("{0}")]
    Refused(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl ServerError {
    /// A file's failure.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> ServerError {
        let path = path.into();
        move |error| ServerError::File { path, error }
    }
}

/// What this crate returns.
pub type Result<T, E = ServerError> = std::result::Result<T, E>;
