//! The built page: two shells, hashed files beside their compressed twins, and nothing about patients.

use crate::error::{Result, ServerError};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use std::path::{Path, PathBuf};
use tower_http::services::{ServeDir, ServeFile};

/// What the page build says about itself.
#[derive(serde::Deserialize, Default)]
pub struct Build {
    /// Hashes of inline styles.
    #[serde(default)]
    pub csp_hashes: Vec<String>,
}

/// Reads the page build's own description.
pub fn read_build(site: &Path) -> Result<Build> {
    let path = site.join("build.json");
    let text = std::fs::read_to_string(&path).map_err(|_| {
        ServerError::Setting(format!(
            "the page is not built: {} is missing. Run `make page`, or set ANTEROOM_SITE.",
            path.display()
        ))
    })?;
    serde_json::from_str(&text).map_err(|error| ServerError::Setting(format!("{}: {error}", path.display())))
}

/// Serves the page: `/kiosk` and below its own shell, every other path the staff's.
pub fn routes<S: Clone + Send + Sync + 'static>(site: &Path) -> Router<S> {
    let shell = |name: &str| ServeFile::new(site.join(name)).precompressed_br();
    let files: PathBuf = site.to_owned();
    Router::new()
        .route_service("/kiosk", shell("kiosk.html"))
        .route_service("/kiosk/", shell("kiosk.html"))
        .route_service("/", shell("staff.html"))
        .fallback_service(
            ServeDir::new(files)
                .append_index_html_on_directories(false)
                .precompressed_br()
                .fallback(shell("staff.html")),
        )
        .layer(from_fn(caching))
}

/// Hashed files never change; everything else is asked for again, and given whole. When a file was written says nothing:
/// after a step back to an older build, its files may be older than what a device has, and they count all the same.
async fn caching(mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let forever = path.starts_with("/pkg/");
    if !forever {
        request.headers_mut().remove(header::IF_MODIFIED_SINCE);
    }
    let mut response = next.run(request).await;
    if !forever {
        response.headers_mut().remove(header::LAST_MODIFIED);
    }
    let value = if forever {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    if path == "/kiosk/sw.js" {
        response
            .headers_mut()
            .insert("service-worker-allowed", HeaderValue::from_static("/kiosk"));
    }
    response
}
