//! Open times: looked for, looked at once more, and taken; for a new visit or for one that is moved.

use super::visits::{Said, outcome, when};
use super::{back, inside, practice_name, visitor};
use crate::http::State;
use crate::http::public::page::{failed, t};
use crate::services::portal::Visitor;
use crate::services::portal::offers::{DAYS, Settings, Wanted};
use crate::services::push::now;
use axum::Form;
use axum::extract::{Path, Query, State as Of};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use domain::id::*;
use domain::notices::message::{date, time};
use domain::patients::Patient;
use domain::practice::Practitioner;
use domain::row::Rows;
use domain::schedule::slots::OpenSlot;
use domain::schedule::{Appointment, Mode};
use domain::text::Lang;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What stands in the address, or in the form. An empty choice is none.
#[derive(Deserialize, Default, Clone)]
pub struct Asked {
    #[serde(default)]
    patient: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    site: String,
    #[serde(default)]
    with: String,
    #[serde(default)]
    from: String,
    #[serde(default, rename = "move")]
    moving: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    gone: String,
}

fn id(text: &str) -> Option<Uuid> {
    Uuid::parse_str(text).ok()
}

/// Everything that these pages look at.
struct Looked {
    visitor: Visitor,
    name: String,
    settings: Settings,
    patients: Vec<Patient>,
    /// Whom it is for.
    patient: Patient,
    theirs: Vec<Appointment>,
    /// What is moved.
    moving: Option<Appointment>,
    today: NaiveDate,
    wanted: Option<Wanted>,
}

async fn look(
    state: &Arc<State>,
    practice: PracticeId,
    headers: &HeaderMap,
    asked: &Asked,
) -> Result<Looked, Response> {
    let visitor = visitor(state, practice, headers).await?;
    let name = practice_name(state, practice).await?;
    let now = now();
    let settings = state.portal.settings(practice).await.map_err(failed)?;
    let patients = state
        .portal
        .overview(&visitor, now)
        .await
        .map_err(failed)?
        .patients;
    let moving = match id(&asked.moving) {
        Some(id) => state
            .portal
            .appointment(&visitor, AppointmentId(id))
            .await
            .map_err(failed)?,
        None => None,
    };
    let gone = || Redirect::to(&format!("/p/{practice}/visits?said={}", Said::NotNow.name())).into_response();
    if moving.is_none() && !asked.moving.is_empty() {
        return Err(gone());
    }
    let whose = moving
        .as_ref()
        .map(|one| one.patient_id)
        .or(id(&asked.patient).map(PatientId));
    let patient = match whose {
        Some(whose) => patients.iter().find(|patient| patient.id == whose),
        None => patients.first(),
    };
    let patient = patient.cloned().ok_or_else(gone)?;
    let theirs = state
        .portal
        .appointments(practice, patient.id)
        .await
        .map_err(failed)?;
    let today = state.today(practice, now).await;
    let from = asked.from.parse::<NaiveDate>().unwrap_or(today).max(today);
    let may = |kind: VisitTypeId| {
        settings
            .kinds(&patient, &theirs, now)
            .iter()
            .any(|one| one.id == kind)
    };
    let kind = match &moving {
        Some(one) => settings
            .kind(one.visit_type_id)
            .filter(|kind| kind.online)
            .map(|kind| kind.id),
        None => id(&asked.kind).map(VisitTypeId).filter(|kind| may(*kind)),
    };
    let wanted = kind.map(|kind| Wanted {
        kind,
        site: id(&asked.site).map(SiteId),
        with: id(&asked.with).map(PractitionerId),
        from,
        moving: moving.as_ref().map(|one| one.id),
        video: moving.as_ref().is_some_and(|one| one.mode == Mode::Video),
    });
    Ok(Looked {
        visitor,
        name,
        settings,
        patients,
        patient,
        theirs,
        moving,
        today,
        wanted,
    })
}

fn practitioner(row: &Practitioner) -> String {
    match &row.credentials {
        Some(title) => format!("{} {}, {title}", row.given_name, row.family_name),
        None => format!("{} {}", row.given_name, row.family_name),
    }
}

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
                    option value=(one.id) selected[asked.with == one.id.to_string()] { (practitioner(one)) }
                }
            }
            label for="from" { (any("From", "Desde")) }
            input type="date" id="from" name="from" min=(looked.today) value=(looked.wanted.map_or(looked.today, |wanted| wanted.from));
            p {}
            button class=(if looked.wanted.is_some() { "" } else { "primary" }) { (any("Show open times", "Ver horas libres")) }
        }
    }
}

/// The address of these pages with something else asked for.
fn address(looked: &Looked, page: &str, asked: &Asked, more: &[(&str, String)]) -> String {
    let fixed = [
        ("patient", looked.patient.id.to_string()),
        ("kind", asked.kind.clone()),
        ("move", asked.moving.clone()),
    ];
    let mut text = format!("/p/{}/{page}?", looked.visitor.practice);
    for (name, value) in fixed.iter().chain(more).filter(|(_, value)| !value.is_empty()) {
        // Ids, days and instants: nothing in them has a meaning of its own in an address.
        text.push_str(&format!("{name}={}&", value.replace('+', "%2B")));
    }
    text.trim_end_matches('&').to_owned()
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
                ("site", asked.site.clone()),
                ("with", asked.with.clone()),
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

/// A time, in one word: when, with whom, where.
fn chosen(slot: &OpenSlot) -> String {
    format!(
        "{}.{}.{}",
        slot.start_at.timestamp(),
        slot.practitioner_id,
        slot.site_id
    )
}

fn read_chosen(text: &str) -> Option<(DateTime<Utc>, PractitionerId, SiteId)> {
    let mut parts = text.split('.');
    let at = DateTime::from_timestamp(parts.next()?.parse().ok()?, 0)?;
    let (with, site) = (id(parts.next()?)?, id(parts.next()?)?);
    Some((at, PractitionerId(with), SiteId(site)))
}

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
        .map(practitioner);
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
