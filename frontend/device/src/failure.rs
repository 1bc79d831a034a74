//! Why the database did not do something, from what the browser threw.

use crate::verdict::{Verdict, describe, judge};
use indexed_db_futures::error::{Error, OpenDbError, UnexpectedDataError};
use sync::store::StoreError;
use wasm_bindgen::JsValue;

/// Why an attempt failed.
pub enum Failure {
    /// Another tab holds an older version open.
    Blocked,
    /// Another page took over.
    Fenced,
    /// By the exception's name.
    Named(String),
}

impl Failure {
    /// By a name.
    pub fn named(name: &str) -> Self {
        Failure::Named(name.to_owned())
    }

    /// A new connection may help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Failure::Named(name) if judge(name) == Verdict::Again)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let js: JsValue = match error {
            Error::DomException(exception) => exception.into(),
            Error::Unknown(other) => other.into(),
            Error::MissingData(UnexpectedDataError::TransactionAborted) => {
                return Failure::named("AbortError");
            }
            Error::MissingData(_) | Error::Serialisation(_) => return Failure::named("DataError"),
        };
        let name = js_sys::Reflect::get(&js, &"name".into())
            .ok()
            .and_then(|name| name.as_string());
        Failure::Named(name.unwrap_or_else(|| "Error".to_owned()))
    }
}

impl From<OpenDbError> for Failure {
    fn from(error: OpenDbError) -> Self {
        match error {
            OpenDbError::Base(error) => error.into(),
            // The version is never zero: this is how a browser that forbids storage comes out.
            OpenDbError::VersionZero | OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => {
                Failure::named("SecurityError")
            }
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Blocked => StoreError::Blocked,
            Failure::Fenced => StoreError::Fenced,
            Failure::Named(name) if judge(&name) == Verdict::Full => StoreError::Full,
            Failure::Named(name) => StoreError::Broken(describe(&name).to_owned()),
        }
    }
}
