//! The only error that crosses the wire.

use crate::server_fns::codec::JsonBody;
use domain::json::Json;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Why the server did not do what was asked. Carries nothing about patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(
    rename_all = "snake_case",
    tag = "error",
    content = "detail",
    try_from = "Written"
)]
pub enum AppError {
    /// The server cannot be reached.
    #[error("the clinic's server cannot be reached")]
    Unreachable,
    /// Sign in first.
    #[error("sign in to go on")]
    SignedOut,
    /// Name or passphrase wrong; which of them is not said.
    #[error("the name or the passphrase is not right")]
    WrongPassphrase,
    /// Too many tries.
    #[error("too many tries; wait {0} seconds and try again")]
    TooMany(u32),
    /// The role may not.
    #[error("your role may not do this")]
    NotAllowed,
    /// The code is wrong, used or too old.
    #[error("this code is not valid any more; ask for a new one")]
    WrongCode,
    /// The device was shut out.
    #[error("this device was shut out; ask the practice owner")]
    Revoked,
    /// The page is older than the server allows, or newer.
    #[error("this page and the server do not fit together; reload when you are online")]
    Version,
    /// What was sent is not acceptable.
    #[error("{0}")]
    BadRequest(String),
    /// It is not there.
    #[error("it is not there any more")]
    NotFound,
    /// The server failed; it was logged under this number.
    #[error("the server could not do it; try again. Reference {0}")]
    Internal(String),
}

impl AppError {
    /// Whether trying again later may help.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            AppError::Unreachable | AppError::Internal(_) | AppError::TooMany(_)
        )
    }
}

/// As it is written: a name, and for some a detail.
#[derive(Deserialize)]
struct Written {
    error: String,
    #[serde(default)]
    detail: Option<Json>,
}

impl TryFrom<Written> for AppError {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<AppError, &'static str> {
        fn read<T: DeserializeOwned>(detail: Option<Json>) -> Result<T, &'static str> {
            let detail = detail.ok_or("missing field `detail`")?;
            detail.read().map_err(|_| "invalid detail")
        }
        let Written { error, detail } = written;
        Ok(match error.as_str() {
            "unreachable" => AppError::Unreachable,
            "signed_out" => AppError::SignedOut,
            "wrong_passphrase" => AppError::WrongPassphrase,
            "too_many" => AppError::TooMany(read(detail)?),
            "not_allowed" => AppError::NotAllowed,
            "wrong_code" => AppError::WrongCode,
            "revoked" => AppError::Revoked,
            "version" => AppError::Version,
            "bad_request" => AppError::BadRequest(read(detail)?),
            "not_found" => AppError::NotFound,
            "internal" => AppError::Internal(read(detail)?),
            _ => return Err("unknown error"),
        })
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonBody;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => AppError::Unreachable,
            // An answer that is no AppError came from something in between: a proxy, a captive portal.
            ServerFnErrorErr::Deserialization(_) => AppError::Unreachable,
            ServerFnErrorErr::Args(text) | ServerFnErrorErr::MissingArg(text) => AppError::BadRequest(text),
            other => AppError::Internal(other.to_string()),
        }
    }
}
