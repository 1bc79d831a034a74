//! Headers on every answer: what the page may load and run, and that nothing about patients is cached.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Content policy with the hashes of the shells' inline skeleton styles.
pub fn content_policy(style_hashes: &[String]) -> String {
    let hashes: String = style_hashes.iter().map(|hash| format!(" '{hash}'")).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'{hashes}; \
         img-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    )
}

/// Adds the headers that every answer has.
pub async fn secure(policy: HeaderValue, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed: [(HeaderName, HeaderValue); 6] = [
        // Counts where it came by TLS, and is passed over elsewhere (RFC 6797 §8.1).
        (
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        ),
        (header::CONTENT_SECURITY_POLICY, policy),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(self), microphone=(), geolocation=()"),
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, value);
    }
    if api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Refuses what another site's page sends (CSRF): Leptos checks no origin by design.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let headers = request.headers();
    // Browsers say where a request comes from. Those that do not, name an origin; a form on a page that names no
    // referrer has none to name.
    let foreign = match headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        Some(site) => site != "same-origin" && site != "none",
        None => {
            let origin = headers.get(header::ORIGIN).and_then(|v| v.to_str().ok());
            let host = headers
                .get(header::HOST)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default();
            origin.is_some_and(|origin| origin.split_once("://").is_none_or(|(_, named)| named != host))
        }
    };
    let path = request.uri().path();
    // Links lead to patients' pages from anywhere; what is pressed there is pressed there.
    let ours = path.starts_with("/api/") || (path.starts_with("/p/") && request.method() == Method::POST);
    if ours && foreign {
        return (StatusCode::FORBIDDEN, "this request came from another site").into_response();
    }
    next.run(request).await
}
