//! The line on which a device hears that something changed (Server-Sent Events).

use crate::http::State;
use crate::services::requester::Requester;
use axum::extract;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::access::{Query, may_query};
use futures::Stream;
use futures::StreamExt;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::WatchStream;

/// Tells the newest revision, now and at every change. Only to who may read. The line is cut after an hour, so that
/// an ended session does not listen for ever.
pub async fn poke(
    extract::State(state): extract::State<Arc<State>>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, StatusCode> {
    let (practice, role) = match state
        .requester(&headers)
        .await
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?
    {
        Requester::Staff(staff) => (staff.practice, staff.role),
        Requester::Device { .. } | Requester::Nobody => return Err(StatusCode::UNAUTHORIZED),
    };
    if !may_query(role, Query::Poke) {
        return Err(StatusCode::FORBIDDEN);
    }
    let heads = WatchStream::new(state.pokes.listen(practice))
        .filter(|head| futures::future::ready(*head > 0))
        .map(|head| Ok(Event::default().data(head.to_string())))
        .take_until(Box::pin(tokio::time::sleep(Duration::from_secs(3600))));
    Ok(Sse::new(heads).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}
