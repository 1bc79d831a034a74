//! Status codes for errors that cross the wire, and cookies on the way out.

use app::error::AppError;
use axum::http::{HeaderValue, StatusCode, header};
use leptos_axum::ResponseOptions;

/// The status that fits an error.
pub fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::SignedOut | AppError::WrongPassphrase => StatusCode::UNAUTHORIZED,
        AppError::NotAllowed | AppError::Revoked | AppError::WrongCode => StatusCode::FORBIDDEN,
        AppError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        AppError::Version => StatusCode::UPGRADE_REQUIRED,
        AppError::BadRequest(_) => StatusCode::BAD_REQUEST,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::Unreachable | AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The answer that is being made.
#[derive(Clone)]
pub struct Reply(Option<ResponseOptions>);

impl Reply {
    /// The answer of the server function that is running.
    pub fn current() -> Self {
        Reply(leptos::prelude::use_context::<ResponseOptions>())
    }

    /// Sets a cookie.
    pub fn cookie(&self, line: &str) {
        if let (Some(options), Ok(value)) = (&self.0, HeaderValue::from_str(line)) {
            options.append_header(header::SET_COOKIE, value);
        }
    }

    /// Gives an error its status.
    pub fn finish<T>(&self, outcome: Result<T, AppError>) -> Result<T, AppError> {
        if let (Some(options), Err(error)) = (&self.0, &outcome) {
            options.set_status(status(error));
        }
        outcome
    }
}
