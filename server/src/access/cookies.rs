//! Two cookies, both out of reach of scripts: the device's (who sends) and the session's (who reads).

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use sync::Randomness;

/// The session's cookie.
pub const SESSION: &str = "anteroom_session";
/// The device's cookie.
pub const DEVICE: &str = "anteroom_device";

/// A fresh token of 256 bits. Only its hash is kept.
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(crate::keys::OsRandomness.bytes())
}

/// What is kept of a token, or of a one-time code.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A cookie of a request.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(axum::http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(known, value)| (known == name).then_some(value))
}

/// The line that sets a cookie. On loopback there is no TLS, and browsers keep `Secure` cookies from plain HTTP.
pub fn set(name: &str, token: &str, max_age_seconds: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={token}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", "a=1; anteroom_session=tok; b=2".parse().unwrap());
        assert_eq!(read(&headers, SESSION), Some("tok"));
        assert_eq!(read(&headers, DEVICE), None);
    }
}
