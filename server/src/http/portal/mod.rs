//! Patients' own pages: who they are, their visits, open times, and booking. Written here and sent whole, so that they
//! work on any telephone and without our program; what is behind them is [`crate::services::portal`].

mod code;
mod fields;
mod forms;
mod looked;
mod newcomer;
mod poster;
mod reach;
mod sign;
mod sign_in;
mod take;
mod times;
mod visits;

use super::State;
use super::public::page::{failed, page, t};
use crate::access::cookies;
use crate::error::Result;
use crate::services::portal::Visitor;
use crate::services::portal::codes::SESSION_MINUTES;
use crate::services::push::now;
use axum::extract::{DefaultBodyLimit, State as Of};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::id::PracticeId;
use domain::text::{Lang, Text};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// The cookie of who is in; out of reach of scripts, like the staff's. By TLS its name says that no other host of the
/// same domain may set it (RFC 6265bis §4.1.3.2), and let somebody in as somebody else.
fn cookie(state: &State) -> &'static str {
    match state.patients_by_tls {
        true => "__Host-anteroom_patient",
        false => "anteroom_patient",
    }
}

/// The cookie of a device that stays signed in.
fn device_cookie(state: &State) -> &'static str {
    match state.patients_by_tls {
        true => "__Host-anteroom_patient_device",
        false => "anteroom_patient_device",
    }
}

/// A line that sets a cookie for so many seconds, or takes it away.
fn set(state: &State, name: &str, token: &str, seconds: i64) -> (HeaderName, String) {
    let seconds = u64::try_from(seconds).unwrap_or_default();
    let line = cookies::set(name, token, seconds, state.patients_by_tls);
    (header::SET_COOKIE, line)
}

/// The way in, for whoever just came in with a token.
fn come_in(state: &State, practice: PracticeId, token: &str) -> Response {
    let cookie = set(state, cookie(state), token, SESSION_MINUTES * 60);
    let to = Redirect::to(&format!("/p/{practice}/visits"));
    (AppendHeaders([cookie]), to).into_response()
}

/// Their routes.
pub fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/me", get(home))
        .route("/p/{practice}", get(sign_in::show).post(sign_in::ask))
        .route("/p/{practice}/new", get(newcomer::show).post(newcomer::ask))
        .route("/p/{practice}/code/{id}", get(code::show).post(code::enter))
        .route("/p/{practice}/leave", post(leave))
        .route("/p/{practice}/poster", get(poster::sheet))
        .route("/p/{practice}/qr.svg", get(poster::picture))
        .route("/p/{practice}/visits", get(visits::list))
        .route("/p/{practice}/visits/{appointment}", post(visits::press))
        .route(
            "/p/{practice}/visits/{appointment}/forms/{form}",
            get(forms::show).post(forms::answer),
        )
        .route("/p/{practice}/reach", get(reach::show).post(reach::save))
        .route("/p/{practice}/book", get(times::search))
        .route("/p/{practice}/take", get(take::check).post(take::take))
        .layer(DefaultBodyLimit::max(super::public::LARGEST))
}

/// Where a practice that is alone on its server has its patients' pages.
async fn home(Of(state): Of<Arc<State>>) -> Response {
    match state.db.practices().await {
        Ok(all) => match all.as_slice() {
            [(practice, _)] => Redirect::to(&format!("/p/{practice}")).into_response(),
            _ => StatusCode::NOT_FOUND.into_response(),
        },
        Err(error) => failed(error),
    }
}

/// Whoever is in, or the way to the page that asks who they are.
async fn visitor(state: &Arc<State>, practice: PracticeId, headers: &HeaderMap) -> Result<Visitor, Response> {
    let found = match cookies::read(headers, cookie(state)) {
        Some(token) => state
            .portal
            .visitor(practice, token, now())
            .await
            .map_err(failed)?,
        None => None,
    };
    found.ok_or_else(|| Redirect::to(&format!("/p/{practice}?over=1")).into_response())
}

/// The same, with the name on top of every page.
async fn named_visitor(
    state: &Arc<State>,
    practice: PracticeId,
    headers: &HeaderMap,
) -> Result<(Visitor, String), Response> {
    let visitor = visitor(state, practice, headers).await?;
    Ok((visitor, practice_name(state, practice).await?))
}

/// Where they sign out.
#[derive(Deserialize)]
struct Leave {
    #[serde(default)]
    everywhere: String,
}

async fn leave(
    Of(state): Of<Arc<State>>,
    axum::extract::Path(practice): axum::extract::Path<PracticeId>,
    headers: HeaderMap,
    Form(leave): Form<Leave>,
) -> Response {
    let done = match end(&state, practice, &headers, leave.everywhere == "yes").await {
        Ok(done) => done,
        Err(error) => return failed(error),
    };
    let gone = [cookie(&state), device_cookie(&state)].map(|name| set(&state, name, "", 0));
    // Who is not known any more has to say who they are, and then to sign out everywhere.
    let over = if done { "" } else { "?over=1" };
    (AppendHeaders(gone), Redirect::to(&format!("/p/{practice}{over}"))).into_response()
}

/// Whoever was in with this browser is not any more, nor is it kept. Whether all was done that was asked for.
async fn end(state: &State, practice: PracticeId, headers: &HeaderMap, everywhere: bool) -> Result<bool> {
    let device = cookies::read(headers, device_cookie(state));
    let token = cookies::read(headers, cookie(state));
    let mut done = true;
    if everywhere {
        done = state
            .portal
            .leave_everywhere(practice, (token, device), now())
            .await?;
    }
    if let Some(device) = device {
        state.portal.forget(practice, device).await?;
    }
    if let Some(token) = token {
        state.portal.leave(practice, token, now()).await?;
    }
    Ok(done)
}

/// The name on top of every page; nothing when there is no such practice.
async fn practice_name(state: &Arc<State>, practice: PracticeId) -> Result<String, Response> {
    let known = state.db.practices().await.map_err(failed)?;
    match known.into_iter().any(|(id, _)| id == practice) {
        true => state
            .practice_name(practice)
            .await
            .map(|(name, _)| name)
            .map_err(failed),
        false => Err(StatusCode::NOT_FOUND.into_response()),
    }
}

/// A page of somebody who is in.
fn inside(visitor: &Visitor, name: &str, title: Text, body: &Markup) -> Response {
    let lang = visitor.language;
    let practice = visitor.practice;
    let body = html! {
        div.top {
            p.from { (name) }
            form method="post" action={ "/p/" (practice) "/leave" } {
                button { (t("Sign out", "Salir").get(lang)) }
            }
        }
        h1 { (title.get(lang)) }
        (body)
    };
    page(StatusCode::OK, lang, title.get(lang), &body)
}

/// A way back to the visits.
fn back(visitor: &Visitor) -> Markup {
    html! {
        p { a href={ "/p/" (visitor.practice) "/visits" } { (t("Back to my visits", "Volver a mis citas").get(visitor.language)) } }
    }
}

/// The language of a page before anybody is in: as asked for, else as the browser says.
fn language(asked: Option<&str>, headers: &HeaderMap) -> Lang {
    let told = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Lang::from_tag(asked.or(told).unwrap_or_default())
}
