//! The page behind a link in a notice.
//!
//! Whoever has a link is nobody whom we know: the page says where and when, and not who. Looking at it changes nothing,
//! since scanners of mail follow every link; only a button does. Whoever wants to see more is sent a code first.

use super::page::{failed, gone, page, t};
use super::{knocker, too_many};
use crate::access::cookies::token_hash;
use crate::error::Result;
use crate::http::State;
use crate::services::push::now;
use axum::Form;
use axum::extract::{FromRequest, Path, Request, State as Of};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use db::NoticeLink;
use domain::notices::message::{date, time};
use domain::notices::{Answer, ContactKind, Notice, NoticeKind, Via};
use domain::row::{Entity, Key, Row, View};
use domain::text::{Lang, Text};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a link belongs to.
struct Found {
    link: NoticeLink,
    notices: Vec<Notice>,
}

/// The link, or the page that says that it is none. Guessing is slowed down.
async fn find(state: &Arc<State>, token: &str, who: &str) -> std::result::Result<Found, Response> {
    let link = state
        .db
        .notice_link(&token_hash(token), now())
        .await
        .map_err(failed)?;
    // Only whoever guesses waits: behind a proxy all patients come from one place, and a link cannot be guessed soon.
    let Some(link) = link else {
        return Err(too_many(state, who).unwrap_or_else(gone));
    };
    let notices = state
        .db
        .message_notices(link.practice, link.message)
        .await
        .map_err(failed)?;
    match notices.iter().any(|notice| notice.state.was_sent()) {
        true => Ok(Found { link, notices }),
        false => Err(gone()),
    }
}

/// Shows what a link is about.
pub async fn show(Of(state): Of<Arc<State>>, Path(token): Path<String>, request: Request) -> Response {
    match find(&state, &token, &knocker(&state, &request)).await {
        Ok(found) => describe(&state, &found, None).await.unwrap_or_else(failed),
        Err(page) => page,
    }
}

/// What may be pressed.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Press {
    Confirm,
    AskCancel,
    Cancel,
    OtherTime,
    Open,
    Stop,
}

#[derive(Deserialize)]
struct Pressed {
    press: Press,
}

/// Does what was pressed.
pub async fn press(Of(state): Of<Arc<State>>, Path(token): Path<String>, request: Request) -> Response {
    let who = knocker(&state, &request);
    let found = match find(&state, &token, &who).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    // One link is pressed a few times, and not all day.
    if let Some(wait) = too_many(&state, &format!("press {}", found.link.message)) {
        return wait;
    }
    let Ok(Form(Pressed { press })) = <Form<Pressed> as FromRequest<()>>::from_request(request, &()).await
    else {
        return (StatusCode::BAD_REQUEST, "this form was not understood").into_response();
    };
    act(&state, &found, press).await.unwrap_or_else(failed)
}

async fn act(state: &Arc<State>, found: &Found, press: Press) -> Result<Response> {
    let practice = found.link.practice;
    let answer = match press {
        Press::Confirm => Answer::Confirmed,
        Press::Cancel => Answer::Cancelled,
        Press::OtherTime => Answer::OtherTime,
        Press::AskCancel => {
            let sure = t("Do you want to cancel?", "¿Quiere cancelar?");
            return describe(state, found, Some((sure, true))).await;
        }
        Press::Open => return open(state, found).await,
        Press::Stop => {
            stop(state, found).await?;
            let said = t("You will get no more of these.", "No recibirá más avisos.");
            return describe(state, found, Some((said, false))).await;
        }
    };
    let said = state
        .notices
        .answer_all(practice, &found.notices, answer, Via::Link, now())
        .await?;
    state.tell(practice, state.db.head(practice).await?.rev);
    describe(state, found, Some((said, false))).await
}

/// Sends a code to where the message went: whoever has only the link has not the telephone.
async fn open(state: &Arc<State>, found: &Found) -> Result<Response> {
    let id = state
        .portal
        .code_for_message(found.link.practice, &found.notices, now())
        .await?;
    Ok(match id {
        Some(id) => Redirect::to(&format!("/p/{}/code/{id}", found.link.practice)).into_response(),
        None => {
            let said = t(
                "We cannot send you a code now. Please call us, or try again in an hour.",
                "Ahora no podemos enviarle un código. Llámenos, o intente otra vez en una hora.",
            );
            describe(state, found, Some((said, false))).await?
        }
    })
}

/// Ends what comes to the number or address that the message went to.
async fn stop(state: &Arc<State>, found: &Found) -> Result<()> {
    let practice = found.link.practice;
    if let Some(contact) = found.notices.first().and_then(Notice::contact) {
        let (kind, address): (ContactKind, String) = (contact.kind, contact.address);
        state
            .notices
            .opt_out(practice, kind, address, true, Via::Link, now())
            .await?;
        state.tell(practice, state.db.head(practice).await?.rev);
    }
    Ok(())
}

/// When and where, of what still is as it was when it was sent.
async fn visits(state: &Arc<State>, found: &Found, lang: Lang) -> Result<Vec<(String, String)>> {
    let keys: BTreeSet<Key> = found
        .notices
        .iter()
        .flat_map(|notice| {
            [
                Key::Row(Entity::Appointment, notice.appointment_id.0),
                Key::Row(Entity::Site, notice.site_id.0),
                Key::Row(Entity::SiteClock, notice.site_id.0),
            ]
        })
        .collect();
    let rows = state.db.rows(found.link.practice, &keys).await?;
    let mut lines = BTreeSet::new();
    for notice in found.notices.iter().filter(|notice| notice.state.was_sent()) {
        let (Some(Row::Appointment(appointment)), Some(Row::Site(site)), Some(Row::SiteClock(clock))) = (
            rows.one(&Key::Row(Entity::Appointment, notice.appointment_id.0)),
            rows.one(&Key::Row(Entity::Site, notice.site_id.0)),
            rows.one(&Key::Row(Entity::SiteClock, notice.site_id.0)),
        ) else {
            continue;
        };
        let stands = appointment.start_at == notice.start_at
            && appointment.state.may_cancel()
            && appointment.start_at > now();
        if stands {
            lines.insert((
                clock.local(notice.start_at),
                format!("{}, {}", site.name, site.address),
            ));
        }
    }
    let said = |(wall, place): (chrono::NaiveDateTime, String)| {
        let when = format!("{}, {}", date(wall.date(), lang), time(wall, lang));
        (when, place)
    };
    Ok(lines.into_iter().map(said).collect())
}

/// The page: what it is about, what was just said, and what may be pressed.
async fn describe(state: &Arc<State>, found: &Found, said: Option<(Text, bool)>) -> Result<Response> {
    let lang = found.notices.first().map_or(Lang::En, |notice| notice.language);
    let (name, _) = state.practice_name(found.link.practice).await?;
    let lines = visits(state, found, lang).await?;
    let asks = matches!(said, Some((_, true)));
    let forms = speaks_of_forms(state, found).await?;
    let title = t("Your appointment", "Su cita").get(lang);
    let body = html! {
        p.from { (name) }
        h1 { (title) }
        @if let Some((said, _)) = said { p.said role="status" { (said.get(lang)) } }
        @if lines.is_empty() {
            p {
                (t("There is no appointment to answer for here. Call us if you want one.",
                   "Aquí no hay ninguna cita pendiente. Llámenos si quiere una.").get(lang))
            }
        } @else {
            ul.visits { @for (when, place) in &lines { li { b { (when) } br; (place) } } }
            (buttons(asks, forms, lang))
        }
        (button("stop", t("Send me no more of these", "No me envíen más avisos"), "quiet", lang))
    };
    Ok(page(StatusCode::OK, lang, title, &body))
}

/// Whether the message asked for forms.
async fn speaks_of_forms(state: &Arc<State>, found: &Found) -> Result<bool> {
    let Some(first) = found.notices.first() else {
        return Ok(false);
    };
    let rule = state
        .db
        .row(found.link.practice, Entity::NoticeRule, first.rule_id.0)
        .await?;
    Ok(matches!(rule, Some(Row::NoticeRule(rule)) if rule.kind == NoticeKind::Forms))
}

fn button(press: &str, label: Text, class: &str, lang: Lang) -> Markup {
    html! { form method="post" { button class=(class) name="press" value=(press) { (label.get(lang)) } } }
}

fn buttons(asks: bool, forms: bool, lang: Lang) -> Markup {
    if asks {
        return html! {
            (button("cancel", t("Yes, cancel it", "Sí, cancelar"), "danger", lang))
            (button("confirm", t("No, I will come", "No, voy a ir"), "primary", lang))
        };
    }
    // First what the message asked for.
    let open = match forms {
        true => t("Fill in the forms", "Llenar los formularios"),
        false => t("Change it, or fill in forms", "Cambiarla, o llenar formularios"),
    };
    let open = html! {
        (button("open", open, if forms { "primary" } else { "" }, lang))
        p.soft {
            (t("For this we send you a code first.", "Para esto primero le enviamos un código.").get(lang))
        }
    };
    html! {
        @if forms { (open) }
        (button("confirm", t("I will come", "Voy a ir"), if forms { "" } else { "primary" }, lang))
        @if !forms { (open) }
        (button("other_time", t("Call me about another time", "Llámenme para otra hora"), "", lang))
        (button("ask_cancel", t("Cancel", "Cancelar"), "", lang))
    }
}
