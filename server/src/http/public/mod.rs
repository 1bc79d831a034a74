//! What is reached without a session: the page behind a link in a notice, the network's messages about texts, and
//! practitioners' calendars.

mod feed;
mod hooks;
mod link;
pub mod page;

use super::State;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use std::net::{IpAddr, SocketAddr};
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

/// Who knocks, as far as can be told. What a proxy in front says is believed of those that are named, and of nobody else.
pub fn knocker(state: &State, request: &Request) -> String {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from = from.map(|from| asker(from.0.ip().to_canonical(), request.headers(), &state.proxies));
    match from {
        None => "link".to_owned(),
        Some(IpAddr::V4(ip)) => format!("link {ip}"),
        // A house has 2^64 of them, and is one.
        Some(IpAddr::V6(ip)) => format!("link {:x?}", &ip.segments()[..4]),
    }
}

/// Whoever stands before the first proxy that is known. Each proxy adds the address that it was asked from; what stands
/// farther left was written by whoever asked.
fn asker(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for");
    let said: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .collect();
    let mut from = peer;
    for one in said.into_iter().rev() {
        if !proxies.contains(&from) {
            break;
        }
        let Ok(before) = one.trim().parse::<IpAddr>() else {
            break;
        };
        from = before.to_canonical();
    }
    from
}

/// Counts one more try by a name. When there were too many, a page that says to wait.
pub fn too_many(state: &State, name: &str) -> Option<Response> {
    if let Some(seconds) = state.throttle.wait(name, Instant::now()) {
        return Some(page::wait(seconds));
    }
    state.throttle.failed(name, Instant::now());
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_that_is_named_says_who_asks() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "6.6.6.6, 203.0.113.9".parse().unwrap());
        headers.append("x-forwarded-for", "10.0.0.2".parse().unwrap());
        let (proxies, outside) = ([ip("127.0.0.1"), ip("10.0.0.2")], ip("198.51.100.7"));
        assert_eq!(asker(outside, &headers, &proxies), outside, "forged");
        assert_eq!(
            asker(ip("127.0.0.1"), &headers, &[]),
            ip("127.0.0.1"),
            "not named"
        );
        assert_eq!(
            asker(ip("127.0.0.1"), &headers, &proxies),
            ip("203.0.113.9"),
            "and not what stands left of it"
        );
        assert_eq!(asker(ip("10.0.0.2"), &HeaderMap::new(), &proxies), ip("10.0.0.2"));
    }
}
