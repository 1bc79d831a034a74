//! Parts of a snapshot, as they lie in the database: compressed once, and unpacked by the browser.

use crate::http::State;
use crate::http::port::{actor, puller};
use crate::services::requester::Requester;
use axum::extract::{self, Path};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::access::{Query, may_query};
use std::sync::Arc;
use uuid::Uuid;

/// One part, to someone whose role and scope the snapshot was made for. 404 when it is gone or not theirs: who asks
/// then pulls anew and is offered another.
pub async fn chunk(
    extract::State(state): extract::State<Arc<State>>,
    Path((snapshot, index)): Path<(Uuid, u32)>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, StatusCode> {
    let unavailable = |_| StatusCode::SERVICE_UNAVAILABLE;
    let staff = match state.requester(&headers).await.map_err(unavailable)? {
        Requester::Staff(staff) => staff,
        Requester::Device { .. } | Requester::Nobody => return Err(StatusCode::UNAUTHORIZED),
    };
    if !may_query(staff.role, Query::Pull) {
        return Err(StatusCode::FORBIDDEN);
    }
    let actor = actor(&staff);
    let body = state
        .db
        .snapshot_chunk(staff.practice, &puller(&staff, &actor), snapshot, index)
        .await
        .map_err(unavailable)?
        .ok_or(StatusCode::NOT_FOUND)?;
    let headers = [(CONTENT_TYPE, "application/x-ndjson"), (CONTENT_ENCODING, "gzip")];
    Ok((headers, body))
}
