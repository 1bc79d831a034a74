//! Open times: what is looked for, and what there is.

use super::looked::{Asked, Looked, address, chosen, look};
use super::visits::when;
use super::{back, inside};
use crate::http::State;
use crate::http::public::page::{failed, t};
use crate::services::portal::offers::{DAYS, Wanted};
use crate::services::push::now;
use axum::extract::{Path, Query, State as Of};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{Days, NaiveDate, NaiveDateTime};
use domain::id::PracticeId;
use domain::notices::message::{date, time};
use domain::row::Rows;
use domain::schedule::slots::OpenSlot;
use domain::text::Lang;
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What to look for, and what is open.
pub async fn search(
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
    let slots = match looked.wanted {
        Some(wanted) => {
            let book = (&looked.settings, looked.theirs.as_slice());
            match state.portal.times(practice, book, wanted, now()).await {
                Ok(slots) => Some(slots),
                Err(error) => return failed(error),
            }
        }
        None => None,
    };
    let title = match looked.moving {
        Some(_) => t("Another time", "Otra hora"),
        None => t("Book a visit", "Hacer una cita"),
    };
    let body = html! {
        @if !asked.gone.is_empty() {
            p.wrong role="alert" { (t("Somebody else was quicker: that time is taken. Please choose another.",
                "Alguien fue más rápido: esa hora ya no está libre. Elija otra, por favor.").get(lang)) }
        }
        @if let Some(one) = &looked.moving {
            p { (t("Now: ", "Ahora: ").get(lang)) b { (when(&Rows::default(), one, lang)) }
                (t(". It stays until you have another.", ". Sigue en pie hasta que tenga otra.").get(lang)) }
        }
        (form(&looked, &asked, lang))
        @match (&slots, looked.wanted) {
            (Some(slots), Some(wanted)) => (open(&looked, &asked, wanted, slots, lang)),
            _ => {}
        }
        (back(&looked.visitor))
    };
    inside(&looked.visitor, &looked.name, title, &body)
}

/// What to look for.
fn form(looked: &Looked, asked: &Asked, lang: Lang) -> Markup {
    let kinds = looked.settings.kinds(&looked.patient, &looked.theirs, now());
    let any = |en, es| t(en, es).get(lang);
    html! {
        form method="get" {
            @if let Some(one) = &looked.moving { input type="hidden" name="move" value=(one.id); }
            @if looked.moving.is_none() {
                @if looked.patients.len() > 1 {
                    label for="patient" { (any("For whom", "Para quién")) }
                    select id="patient" name="patient" {
                        @for one in &looked.patients {
                            option value=(one.id) selected[one.id == looked.patient.id] { (one.given_name) }
                        }
                    }
                }
                label for="kind" { (any("What for", "Para qué")) }
                select id="kind" name="kind" {
                    @for kind in &kinds { option value=(kind.id) selected[asked.kind == kind.id.to_string()] { (kind.name) } }
                }
                @if kinds.is_empty() {
                    p { (any("Nothing can be booked here online. Please call us.", "Aquí no se puede hacer cita en línea. Llámenos.")) }
                }
            }
            label for="site" { (any("Where", "Dónde")) }
            select id="site" name="site" {
                option value="" { (any("Anywhere", "En cualquier lugar")) }
                @for site in looked.settings.sites() {
                    option value=(site.id) selected[asked.site == site.id.to_string()] { (site.name) }
                }
            }
            label for="with" { (any("With whom", "Con quién")) }
            select id="with" name="with" {
                option value="" { (any("Anyone", "Con cualquiera")) }
                @for one in looked.settings.practitioners() {
                    option value=(one.id) selected[asked.with == one.id.to_string()] { (one.titled()) }
                }
            }
            label for="from" { (any("From", "Desde")) }
            input type="date" id="from" name="from" min=(looked.today) value=(looked.wanted.map_or(looked.today, |wanted| wanted.from));
            p {}
            button class=(if looked.wanted.is_some() { "" } else { "primary" }) { (any("Show open times", "Ver horas libres")) }
        }
    }
}

/// What is open, by day.
fn open(looked: &Looked, asked: &Asked, wanted: Wanted, slots: &[OpenSlot], lang: Lang) -> Markup {
    let mut days: BTreeMap<NaiveDate, Vec<(NaiveDateTime, &OpenSlot)>> = BTreeMap::new();
    for slot in slots {
        if let Some(clock) = looked.settings.clock(slot.site_id) {
            let wall = clock.local(slot.start_at);
            days.entry(wall.date()).or_default().push((wall, slot));
        }
    }
    let step = |days: i64| {
        let by = Days::new(days.unsigned_abs());
        let day = if days < 0 {
            wanted.from.checked_sub_days(by)
        } else {
            wanted.from.checked_add_days(by)
        };
        day.map(|day| {
            let more = [
                ("site", wanted.site.map(|id| id.to_string()).unwrap_or_default()),
                ("with", wanted.with.map(|id| id.to_string()).unwrap_or_default()),
                ("from", day.to_string()),
            ];
            address(looked, "book", asked, &more)
        })
    };
    let week = i64::try_from(DAYS).unwrap_or(7);
    let who = |slot: &OpenSlot| {
        let with = looked
            .settings
            .practitioners()
            .into_iter()
            .find(|one| one.id == slot.practitioner_id);
        let site = looked
            .settings
            .sites()
            .into_iter()
            .find(|site| site.id == slot.site_id);
        let with = with.map(|one| one.family_name.clone()).unwrap_or_default();
        let site = site.map(|site| site.name.clone()).unwrap_or_default();
        format!("{with}, {site}")
    };
    html! {
        @if days.is_empty() {
            p role="status" { (t("Nothing is open in these days.", "No hay horas libres en estos días.").get(lang)) }
        }
        @for (day, times) in &days {
            h2 { (date(*day, lang)) }
            form method="get" action={ "/p/" (looked.visitor.practice) "/take" } {
                input type="hidden" name="patient" value=(looked.patient.id);
                input type="hidden" name="kind" value=(asked.kind);
                input type="hidden" name="move" value=(asked.moving);
                div.times {
                    @for (wall, slot) in times {
                        button name="at" value=(chosen(slot)) { (time(*wall, lang)) small { (who(slot)) } }
                    }
                }
            }
        }
        div.row {
            @if wanted.from > looked.today {
                @if let Some(earlier) = step(-week) { a.button href=(earlier) { (t("Earlier", "Antes").get(lang)) } }
            }
            @if let Some(later) = step(week) { a.button href=(later) { (t("Later", "Después").get(lang)) } }
        }
    }
}
