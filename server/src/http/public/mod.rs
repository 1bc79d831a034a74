//! What is reached without a session: the page behind a link in a notice, the network's messages about texts, and
//! practitioners' calendars.

mod feed;
mod hooks;
mod link;
pub mod page;

use super::State;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::response::Response;
use axum::routing::{get, post};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

/// Forms here are a few words.
pub const LARGEST: usize = 64 * 1024;

/// Routes without a session.
pub fn routes() -> Router<Arc<State>> {
    Router::new()
        .route(page::STYLE, get(page::style))
        .route("/n/{token}", get(link::show).post(link::press))
        .route("/hooks/sms/{practice}", post(hooks::text_received))
        .route("/hooks/sms/{practice}/status", post(hooks::text_status))
        .route("/feeds/{file}", get(feed::feed))
        .layer(DefaultBodyLimit::max(LARGEST))
}

/// Who knocks, as far as can be told. What a proxy in front says is not believed.
pub fn knocker(request: &Request) -> String {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
    from.map_or_else(|| "link".to_owned(), |from| format!("link {}", from.0.ip()))
}

/// Counts one more try by a name. When there were too many, a page that says to wait.
pub fn too_many(state: &State, name: &str) -> Option<Response> {
    if let Some(seconds) = state.throttle.wait(name, Instant::now()) {
        return Some(page::wait(seconds));
    }
    state.throttle.failed(name, Instant::now());
    None
}
