//! How a patient wants to be told, on their own page.

use super::visits::{Said, outcome};
use super::{back, inside, named_visitor, visitor};
use crate::http::State;
use crate::http::public::page::{failed, t};
use crate::services::portal::Visitor;
use crate::services::portal::log::Noted;
use crate::services::portal::reach::Reachable;
use crate::services::push::now;
use axum::Form;
use axum::extract::{Path, State as Of};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{PatientId, PracticeId};
use domain::notices::Channel;
use domain::text::Text;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

const TITLE: Text = t("How shall we reach you?", "¿Cómo le avisamos?");

/// Asks, about each of those for whom they may say it.
pub async fn show(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    headers: HeaderMap,
) -> Response {
    let (visitor, name) = match named_visitor(&state, practice, &headers).await {
        Ok(known) => known,
        Err(page) => return page,
    };
    let today = state.today(practice, now()).await;
    let known = match state.portal.reachable(&visitor, today).await {
        Ok(known) => known,
        Err(error) => return failed(error),
    };
    let noted = Noted::done("portal.ways");
    if let Err(error) = state.portal.note(practice, &visitor.patients, noted).await {
        return failed(error);
    }
    let lang = visitor.language;
    let body = html! {
        @if known.is_empty() {
            p { (t("Please call us to change how we reach you.", "Llámenos si quiere cambiar cómo le avisamos.").get(lang)) }
        }
        @for one in &known { (form(&visitor, one, known.len() > 1)) }
        p.soft { (t(
            "If we cannot reach you this way, we use another one.",
            "Si no podemos avisarle así, lo haremos de otra manera.",
        ).get(lang)) }
        (back(&visitor))
    };
    inside(&visitor, &name, TITLE, &body)
}

fn form(visitor: &Visitor, one: &Reachable, named: bool) -> Markup {
    let (lang, patient) = (visitor.language, &one.patient);
    // A way that is closed just now is not offered: what was asked for stays until something else is.
    let chosen = patient.preferred_channel;
    html! {
        form method="post" action={ "/p/" (visitor.practice) "/reach" } {
            input type="hidden" name="patient" value=(patient.id);
            fieldset {
                legend {
                    @if named { (patient.first_name()) ": " }
                    (t("Tell me by", "Avísenme por").get(lang))
                }
                @for way in &one.ways {
                    label.check {
                        input type="radio" name="way" value=(way.name()) checked[chosen == Some(*way)];
                        (way.label().get(lang))
                    }
                }
                label.check {
                    input type="radio" name="way" value="" checked[chosen.is_none()];
                    (t("Whatever is best for you", "Como les sea mejor").get(lang))
                }
            }
            button.primary { (t("Save", "Guardar").get(lang)) }
        }
    }
}

/// What was chosen.
#[derive(Deserialize)]
pub struct Chosen {
    patient: PatientId,
    way: Option<String>,
}

/// Takes it.
pub async fn save(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Response {
    let visitor = match visitor(&state, practice, &headers).await {
        Ok(visitor) => visitor,
        Err(page) => return page,
    };
    let to = |said: Said| Redirect::to(&format!("/p/{practice}/visits?said={}", said.name())).into_response();
    let Some(said) = chosen.way else {
        return to(Said::Reach);
    };
    let way = Channel::ALL.into_iter().find(|way| way.name() == said);
    if way.is_none() && !said.is_empty() {
        return to(Said::NotNow);
    }
    let today = state.today(practice, now()).await;
    let done = state
        .portal
        .prefer(&visitor, (chosen.patient, way), today, now())
        .await;
    match outcome(&state, practice, done).await {
        Ok(Ok(())) => to(Said::Reach),
        Ok(Err(_)) => to(Said::NotNow),
        Err(page) => page,
    }
}
