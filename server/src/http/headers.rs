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
    // A form on a page that names no referrer has no origin to name either, and telephones of before 2023 name nothing
    // else: theirs could not be told from another site's. Nobody else is told more by this than by none.
    let referrer = match request.uri().path().starts_with("/p/") {
        true => "same-origin",
        false => "no-referrer",
    };
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
        (header::REFERRER_POLICY, HeaderValue::from_static(referrer)),
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
    // Browsers say where a request comes from. Those that do not, name an origin.
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use tower::ServiceExt;

    async fn ask(method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        let policy = HeaderValue::from_static("default-src 'none'");
        let app = Router::new()
            .fallback(|| async { "here" })
            .layer(from_fn(same_origin))
            .layer(from_fn(move |request: Request, next: Next| {
                secure(policy.clone(), request, next)
            }));
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "clinic.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn what_another_sites_page_posts_to_patients_pages_is_refused() {
        let own = ("origin", "https://clinic.test");
        for (headers, taken) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![own], true),
            (vec![("sec-fetch-site", "cross-site"), own], false),
            (vec![("sec-fetch-site", "same-site"), own], false),
            (vec![("origin", "https://evil.test")], false),
            (vec![("origin", "null")], false),
        ] {
            let answer = ask(Method::POST, "/p/x/visits/y", &headers).await;
            assert_eq!(answer.status() == StatusCode::OK, taken, "{headers:?}");
        }
        let followed = ask(Method::GET, "/p/x", &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(followed.status(), StatusCode::OK, "links lead there");
    }

    #[tokio::test]
    async fn addresses_are_told_to_nobody_else_and_old_telephones_can_name_where_they_are() {
        for (path, said) in [("/p/x/visits", "same-origin"), ("/n/token", "no-referrer")] {
            let answer = ask(Method::GET, path, &[]).await;
            assert_eq!(answer.headers()["referrer-policy"], said);
            let strict = answer.headers()["strict-transport-security"].to_str().unwrap();
            assert!(strict.starts_with("max-age=31536000"));
        }
    }
}
