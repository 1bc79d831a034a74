//! A chosen time: looked at once more, and taken; for a new visit or for one that is moved.

use super::inside;
use super::looked::{Asked, address, look, read_chosen};
use super::visits::{Said, outcome};
use crate::http::State;
use crate::http::public::page::t;
use crate::http::public::too_many;
use crate::services::push::now;
use axum::Form;
use axum::extract::{Path, Query, State as Of};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::PracticeId;
use domain::notices::message::{date, time};
use domain::practice::Practitioner;
use maud::html;
use std::sync::Arc;

/// The chosen time once more, and why they come.
pub async fn check(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let looked = match look(&state, practice, &headers, &asked).await {
        Ok(looked) => looked,
        Err(page) => return page,
    };
    let lang = looked.visitor.language;
    let again = || Redirect::to(&address(&looked, "book", &asked, &[])).into_response();
    let (Some((at, with, site)), Some(wanted)) = (read_chosen(&asked.at), looked.wanted) else {
        return again();
    };
    let (Some(clock), Some(kind)) = (looked.settings.clock(site), looked.settings.kind(wanted.kind)) else {
        return again();
    };
    let wall = clock.local(at);
    let with = looked
        .settings
        .practitioners()
        .into_iter()
        .find(|one| one.id == with)
        .map(Practitioner::titled);
    let place = looked.settings.sites().into_iter().find(|one| one.id == site);
    let moving = looked.moving.is_some();
    let body = html! {
        p { b { (date(wall.date(), lang)) ", " (time(wall, lang)) } br;
            (kind.name) br;
            @if let Some(with) = with { (with) br; }
            @if wanted.video { (t("On a screen", "Por video").get(lang)) }
            @else if let Some(place) = place { (place.name) ", " (place.address) }
            @if looked.patients.len() > 1 { br; (looked.patient.given_name) }
        }
        @if let Some(words) = &kind.instructions { p { (words) } }
        form method="post" action={ "/p/" (practice) "/take" } {
            input type="hidden" name="patient" value=(looked.patient.id);
            input type="hidden" name="kind" value=(asked.kind);
            input type="hidden" name="move" value=(asked.moving);
            input type="hidden" name="at" value=(asked.at);
            @if !moving {
                label for="reason" { (t("Why do you come? (if you like)", "¿Por qué viene? (si quiere)").get(lang)) }
                textarea id="reason" name="reason" rows="3" maxlength="500" {}
            }
            p {}
            button.primary {
                @if moving { (t("Move my visit here", "Cambiar mi cita a esta hora").get(lang)) }
                @else { (t("Book this visit", "Hacer esta cita").get(lang)) }
            }
        }
        p { a href=(address(&looked, "book", &asked, &[])) { (t("Choose another time", "Elegir otra hora").get(lang)) } }
    };
    inside(
        &looked.visitor,
        &looked.name,
        t("Is this right?", "¿Está bien así?"),
        &body,
    )
}

/// Takes it.
pub async fn take(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    let mut looked = match look(&state, practice, &headers, &asked).await {
        Ok(looked) => looked,
        Err(page) => return page,
    };
    // Nobody books and moves all day.
    if let Some(wait) = too_many(&state, &format!("take {}", looked.patient.id)) {
        return wait;
    }
    let again = [("gone", "1".to_owned())];
    let again = Redirect::to(&address(&looked, "book", &asked, &again)).into_response();
    let (Some(chosen), Some(mut wanted)) = (read_chosen(&asked.at), looked.wanted.take()) else {
        return again;
    };
    let Some(clock) = looked.settings.clock(chosen.2) else {
        return again;
    };
    (wanted.from, wanted.with, wanted.site) = (clock.local(chosen.0).date(), Some(chosen.1), Some(chosen.2));
    let reason = Some(asked.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let done = state
        .portal
        .take(
            &looked.visitor,
            looked.patient.id,
            (wanted, chosen),
            reason,
            now(),
        )
        .await;
    let said = if looked.moving.is_some() {
        Said::Moved
    } else {
        Said::Booked
    };
    match outcome(&state, practice, done).await {
        Ok(Ok(())) => Redirect::to(&format!("/p/{practice}/visits?said={}", said.name())).into_response(),
        Ok(Err(_)) => again,
        Err(page) => page,
    }
}
