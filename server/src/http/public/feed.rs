//! A practitioner's calendar, for a program that cannot sign in. It names no patient.

use super::{knocker, page, too_many};
use crate::access::cookies::token_hash;
use crate::error::Result;
use crate::http::State;
use crate::services::notices::calendar;
use crate::services::push::now;
use axum::extract::{Path, Request, State as Of};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use domain::row::{Entity, Key};
use std::sync::Arc;

/// How far back and ahead it goes.
const BACK: Duration = Duration::days(14);
const FORWARD: Duration = Duration::days(120);

pub async fn feed(Of(state): Of<Arc<State>>, Path(file): Path<String>, request: Request) -> Response {
    let who = knocker(&state, &request);
    match text(&state, file.trim_end_matches(".ics")).await {
        Ok(Some(text)) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, text).into_response()
        }
        Ok(None) => too_many(&state, &who).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response()),
        Err(error) => page::failed(error),
    }
}

async fn text(state: &Arc<State>, token: &str) -> Result<Option<String>> {
    let Some(feed) = state.db.calendar_feed(&token_hash(token)).await? else {
        return Ok(None);
    };
    let (from, until) = (now() - BACK, now() + FORWARD);
    let appointments = state.db.practitioner_appointments(feed, from, until).await?;
    let keys = appointments
        .iter()
        .map(|one| Key::Row(Entity::Site, one.site_id.0))
        .collect();
    let rows = state.db.rows(feed.practice, &keys).await?;
    Ok(Some(calendar::for_practitioner(
        feed.practice,
        &rows,
        &appointments,
    )))
}
