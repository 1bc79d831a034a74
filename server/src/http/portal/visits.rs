//! The visits of whoever is in, and what may be done about each.

use super::{device_cookie, inside, named_visitor, visitor};
use crate::access::cookies;
use crate::http::State;
use crate::http::public::page::{failed, t};
use crate::services::portal::log::Noted;
use crate::services::portal::{Overview, Visitor};
use crate::services::push::now;
use axum::Form;
use axum::extract::{Path, Query, State as Of};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::decide::Refusal;
use domain::id::{AppointmentId, PracticeId};
use domain::intake::Questionnaire;
use domain::notices::message::{date, time};
use domain::row::{Entity, Row, Rows};
use domain::schedule::{Appointment, AppointmentState, Mode};
use domain::text::{Lang, Text};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// What was just done, in the address of the page to which it led.
#[derive(Deserialize, Default)]
pub struct Shown {
    said: Option<Said>,
    /// About which visit is asked once more.
    sure: Option<AppointmentId>,
}

/// Something that was done.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Confirmed,
    Here,
    Cancelled,
    Booked,
    Moved,
    Answered,
    Reach,
    NotNow,
}

impl Said {
    /// As in an address.
    pub fn name(self) -> &'static str {
        match self {
            Said::Confirmed => "confirmed",
            Said::Here => "here",
            Said::Cancelled => "cancelled",
            Said::Booked => "booked",
            Said::Moved => "moved",
            Said::Answered => "answered",
            Said::Reach => "reach",
            Said::NotNow => "not_now",
        }
    }

    fn words(self) -> Text {
        match self {
            Said::Confirmed => t("Thank you, see you then.", "Gracias, nos vemos."),
            Said::Here => t(
                "Thank you, we know that you are here. Please take a seat.",
                "Gracias, ya sabemos que llegó. Tome asiento, por favor.",
            ),
            Said::Cancelled => t("Your visit is cancelled.", "Su cita está cancelada."),
            Said::Booked => t("Your visit is booked.", "Su cita está hecha."),
            Said::Moved => t("Your visit has a new time.", "Su cita tiene una nueva hora."),
            Said::Answered => t(
                "Thank you, we have your answers.",
                "Gracias, tenemos sus respuestas.",
            ),
            Said::Reach => t("Thank you, that is noted.", "Gracias, queda anotado."),
            Said::NotNow => t(
                "That cannot be done any more. Please call us.",
                "Eso ya no se puede hacer. Llámenos, por favor.",
            ),
        }
    }
}

/// Shows them.
pub async fn list(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    Query(shown): Query<Shown>,
    headers: HeaderMap,
) -> Response {
    let (visitor, name) = match named_visitor(&state, practice, &headers).await {
        Ok(known) => known,
        Err(page) => return page,
    };
    let overview = match state.portal.overview(&visitor, now()).await {
        Ok(overview) => overview,
        Err(error) => return failed(error),
    };
    let forms = match state.portal.forms(&visitor, &overview.ahead).await {
        Ok(forms) => forms,
        Err(error) => return failed(error),
    };
    if let Err(error) = state
        .portal
        .note(practice, &visitor.patients, Noted::done("portal.visits"))
        .await
    {
        return failed(error);
    }
    let today = state.today(practice, now()).await;
    let lang = visitor.language;
    let body = html! {
        @if let Some(said) = shown.said {
            p class=(if matches!(said, Said::NotNow) { "wrong" } else { "said" }) role="status" { (said.words().get(lang)) }
        }
        @if overview.ahead.is_empty() { p { (t("You have no visits ahead.", "No tiene citas pendientes.").get(lang)) } }
        ul.visits {
            @for one in &overview.ahead { (visit(&visitor, &overview, (one, &forms.due(one, today)), shown.sure == Some(one.id))) }
        }
        p { a.button.primary href={ "/p/" (practice) "/book" } { (t("Book a visit", "Hacer una cita").get(lang)) } }
        p { a href={ "/p/" (practice) "/reach" } { (t("How we reach you", "Cómo le avisamos").get(lang)) } }
        p.soft {
            @if cookies::read(&headers, device_cookie(&state)).is_some() {
                (t("This device stays signed in until you sign out.", "Este aparato sigue con su sesión hasta que salga.").get(lang))
            } @else {
                (t("You are signed out after half an hour.", "Su sesión termina en media hora.").get(lang))
            }
        }
        form method="post" action={ "/p/" (practice) "/leave" } {
            button.quiet name="everywhere" value="yes" { (t("Sign out on all devices", "Salir en todos los aparatos").get(lang)) }
        }
    };
    inside(&visitor, &name, t("Your visits", "Sus citas"), &body)
}

/// When it is, on the site's wall.
pub fn when(rows: &Rows, one: &Appointment, lang: Lang) -> String {
    let wall = match rows.row(Entity::SiteClock, one.site_id.0) {
        Some(Row::SiteClock(clock)) => clock.local(one.start_at),
        _ => one.wall,
    };
    format!("{}, {}", date(wall.date(), lang), time(wall, lang))
}

fn visit(
    visitor: &Visitor,
    overview: &Overview,
    (one, due): (&Appointment, &[&Questionnaire]),
    sure: bool,
) -> Markup {
    let (lang, practice, rows) = (visitor.language, visitor.practice, &overview.rows);
    let kind = match rows.row(Entity::VisitType, one.visit_type_id.0) {
        Some(Row::VisitType(kind)) => Some(kind),
        _ => None,
    };
    let site = match rows.row(Entity::Site, one.site_id.0) {
        Some(Row::Site(site)) => format!("{}, {}", site.name, site.address),
        _ => String::new(),
    };
    let with = one
        .practitioner_ids
        .first()
        .and_then(|id| match rows.row(Entity::Practitioner, id.0) {
            Some(Row::Practitioner(row)) => Some(row.titled()),
            _ => None,
        });
    let whose = (overview.patients.len() > 1)
        .then(|| {
            overview
                .patients
                .iter()
                .find(|patient| patient.id == one.patient_id)
        })
        .flatten()
        .map(|patient| patient.given_name.clone());
    let act = ["/p/", &practice.to_string(), "/visits/", &one.id.to_string()].concat();
    let button = |press: &str, class: &str, label: Text| {
        html! { form method="post" action=(act) { button class=(class) name="press" value=(press) { (label.get(lang)) } } }
    };
    let confirmed = one.state == AppointmentState::Confirmed;
    // What has begun is not called off or moved by oneself any more.
    let (here, ahead) = (one.may_check_in(now()), one.start_at > now());
    html! {
        li data-appointment=(one.id) {
            b { (when(rows, one, lang)) }
            @if let Some(whose) = whose { " · " (whose) }
            br;
            @if let Some(kind) = kind { (kind.name) br; }
            @if let Some(with) = with { (with) br; }
            @if one.mode == Mode::Video { (t("On a screen", "Por video").get(lang)) } @else { (site) }
            @if one.state == AppointmentState::Arrived { br; b { (t("We know that you are here.", "Ya sabemos que llegó.").get(lang)) } }
            @if confirmed { br; b { (t("Confirmed", "Confirmada").get(lang)) } }
            @if let Some(words) = kind.and_then(|kind| kind.instructions.as_deref()) { p { (words) } }
            @for form in due {
                p { a.button.primary href={ (act) "/forms/" (form.id) } {
                    (t("Fill in: ", "Llenar: ").get(lang)) (form.title.get(lang))
                } }
            }
            @if sure {
                p.wrong role="alert" { (t("Cancel this visit?", "¿Cancelar esta cita?").get(lang)) }
                div.row {
                    (button("cancel", "danger", t("Yes, cancel it", "Sí, cancelar")))
                    a.button href={ "/p/" (practice) "/visits" } { (t("No, keep it", "No, dejarla").get(lang)) }
                }
            } @else {
                @if here { (button("here", "primary", t("I am here", "Ya llegué"))) }
                @if ahead { div.row {
                    @if !confirmed { (button("confirm", "", t("I will come", "Voy a ir"))) }
                    @if kind.is_some_and(|kind| kind.online) {
                        a.button href={ "/p/" (practice) "/book?move=" (one.id) } { (t("Another time", "Otra hora").get(lang)) }
                    }
                    (button("ask_cancel", "danger", t("Cancel", "Cancelar")))
                } }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Press {
    Confirm,
    Here,
    AskCancel,
    Cancel,
}

/// What may be pressed.
#[derive(Deserialize)]
pub struct Pressed {
    press: Press,
}

/// Does what was pressed.
pub async fn press(
    Of(state): Of<Arc<State>>,
    Path((practice, appointment)): Path<(PracticeId, AppointmentId)>,
    headers: HeaderMap,
    Form(Pressed { press }): Form<Pressed>,
) -> Response {
    let visitor = match visitor(&state, practice, &headers).await {
        Ok(visitor) => visitor,
        Err(page) => return page,
    };
    let to = |rest: String| Redirect::to(&format!("/p/{practice}/visits?{rest}")).into_response();
    if press == Press::AskCancel {
        return to(format!("sure={appointment}"));
    }
    let overview = match state.portal.overview(&visitor, now()).await {
        Ok(overview) => overview,
        Err(error) => return failed(error),
    };
    let Some((known, _)) = overview.visit(appointment) else {
        if let Err(error) = state.portal.withheld(&visitor, appointment).await {
            return failed(error);
        }
        return to(format!("said={}", Said::NotNow.name()));
    };
    let (done, said) = match press {
        Press::Confirm => (
            state.portal.confirm(&visitor, known, now()).await,
            Said::Confirmed,
        ),
        Press::Here => (state.portal.check_in(&visitor, known, now()).await, Said::Here),
        Press::Cancel | Press::AskCancel => {
            (state.portal.cancel(&visitor, known, now()).await, Said::Cancelled)
        }
    };
    match outcome(&state, practice, done).await {
        Ok(Ok(())) => to(format!("said={}", said.name())),
        Ok(Err(_)) => to(format!("said={}", Said::NotNow.name())),
        Err(page) => page,
    }
}

/// Tells everyone who listens what a patient did.
pub async fn outcome(
    state: &Arc<State>,
    practice: PracticeId,
    done: crate::error::Result<Result<(), Refusal>>,
) -> Result<Result<(), Refusal>, Response> {
    let done = done.map_err(failed)?;
    if done.is_ok() {
        let head = state.db.head(practice).await.map_err(failed)?;
        state.tell(practice, head.rev);
    }
    Ok(done)
}
