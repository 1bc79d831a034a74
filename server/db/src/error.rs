//! What can go wrong here, in words that never carry a row's values: they end up in logs.

use domain::id::PracticeId;
use domain::row::Entity;
use sqlx::postgres::PgDatabaseError;

/// Why the database did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// A value or a combination of rows that the schema forbids.
    #[error("the database refused a row ({code}{})", .constraint.as_deref().map(|c| format!(", {c}")).unwrap_or_default())]
    Constraint {
        /// SQLSTATE, classes 22 and 23.
        code: String,
        /// The constraint's name.
        constraint: Option<String>,
    },
    /// A deadlock, or another transaction in the way. Trying again helps.
    #[error("the database was busy ({0}); try again")]
    Busy(String),
    /// The schema is from a newer Anteroom.
    #[error(
        "this database needs a newer Anteroom (its schema asks for level {needs}, this program is at level {has})"
    )]
    TooOld {
        /// What the schema asks for.
        needs: i32,
        /// What this program is.
        has: i32,
    },
    /// No schema, or only a part of it.
    #[error("this database has not been set up for this version; run the migrations with the owner's login")]
    NotMigrated,
    /// Row-level security does not hold for this login.
    #[error(
        "the login {0:?} may bypass row-level security; serve with a login that is a member of app_rw and nothing more"
    )]
    UnsafeLogin(String),
    /// No such practice.
    #[error("there is no practice {0}")]
    NoSuchPractice(PracticeId),
    /// A row that this program cannot read.
    #[error("a row of app.{} cannot be read: its shape is not the one this program knows", .0.name())]
    Unreadable(Entity),
    /// A value of ours that cannot be stored.
    #[error("{0}")]
    Unfit(&'static str),
    /// The connection, the server, or a statement of ours.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl DbError {
    /// Whether the rows are at fault, and not the moment.
    pub fn is_constraint(&self) -> bool {
        matches!(self, DbError::Constraint { .. })
    }

    /// Whether trying again helps.
    pub fn is_busy(&self) -> bool {
        matches!(self, DbError::Busy(_))
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(database) = &error else {
            // A decoding error names columns and types, not values.
            return DbError::Failed(error.to_string());
        };
        let code = database.code().unwrap_or_default().into_owned();
        match code.get(..2).unwrap_or_default() {
            // The message of these repeats the value ("invalid input syntax for …"), so only the code is kept.
            "22" | "23" => DbError::Constraint {
                code,
                constraint: database.constraint().map(str::to_owned),
            },
            "40" | "55" => DbError::Busy(code),
            _ => {
                let place = database
                    .try_downcast_ref::<PgDatabaseError>()
                    .and_then(|e| e.table());
                let place = place.map(|table| format!(" on {table}")).unwrap_or_default();
                DbError::Failed(format!("{code}{place}: {}", database.message()))
            }
        }
    }
}

impl From<sqlx::migrate::MigrateError> for DbError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        DbError::Failed(error.to_string())
    }
}

/// Short for the results here.
pub type Result<T> = std::result::Result<T, DbError>;
