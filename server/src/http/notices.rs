//! The page behind a link in a notice, the network's messages about texts, and practitioners' calendars.
//!
//! Whoever has a link is nobody whom we know: the page says where and when, and not who. Looking at it changes nothing,
//! since scanners of mail follow every link; only a button does.

use super::State;
use crate::access::cookies::token_hash;
use crate::error::Result;
use crate::services::notices::calendar;
use crate::services::push::now;
use axum::Form;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Path, Request, State as Of};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::Duration;
use db::NoticeLink;
use domain::id::PracticeId;
use domain::notices::message::{date, time};
use domain::notices::{Answer, ContactKind, Notice, Via};
use domain::row::{Entity, Key, Row, View};
use domain::text::{Lang, Text};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

/// Forms here are a few words.
const LARGEST: usize = 64 * 1024;
/// How far back and ahead a practitioner's calendar goes.
const BACK: Duration = Duration::days(14);
const FORWARD: Duration = Duration::days(120);

/// Routes without a session.
pub fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/n/style.css", get(style))
        .route("/n/{token}", get(show).post(press))
        .route("/hooks/sms/{practice}", post(text_received))
        .route("/hooks/sms/{practice}/status", post(text_status))
        .route("/feeds/{file}", get(feed))
        .layer(DefaultBodyLimit::max(LARGEST))
}

async fn style() -> Response {
    let css = include_str!("notices.css");
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

/// A page of ours. Nobody keeps a copy of it, and no search finds it.
fn page(status: StatusCode, lang: Lang, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/n/style.css\"></head><body><main><h1>{title}</h1>{body}</main></body></html>",
        lang.tag()
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, html).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

const fn t(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}

fn gone() -> Response {
    let body = "<p>Call the practice if you want to change an appointment.</p><p lang=\"es\">Este enlace ya no sirve. \
                Llame a la clínica si quiere cambiar una cita.</p>";
    page(StatusCode::NOT_FOUND, Lang::En, "This link is over", body)
}

fn wait(seconds: u32) -> Response {
    let headers = [(header::RETRY_AFTER, seconds.to_string())];
    (
        StatusCode::TOO_MANY_REQUESTS,
        headers,
        "too many tries; wait a moment",
    )
        .into_response()
}

fn failed(error: impl std::fmt::Display) -> Response {
    tracing::warn!(%error, "a page without a session could not be shown");
    let body = "<p>Please try again, or call the practice.</p>";
    page(
        StatusCode::INTERNAL_SERVER_ERROR,
        Lang::En,
        "Something went wrong",
        body,
    )
}

/// Who knocks, as far as can be told. What a proxy in front says is not believed.
fn knocker(request: &Request) -> String {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
    from.map_or_else(|| "link".to_owned(), |from| format!("link {}", from.0.ip()))
}

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
        if let Some(seconds) = state.throttle.wait(who, Instant::now()) {
            return Err(wait(seconds));
        }
        state.throttle.failed(who, Instant::now());
        return Err(gone());
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

async fn show(Of(state): Of<Arc<State>>, Path(token): Path<String>, request: Request) -> Response {
    match find(&state, &token, &knocker(&request)).await {
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
    Stop,
}

#[derive(Deserialize)]
struct Pressed {
    press: Press,
}

async fn press(Of(state): Of<Arc<State>>, Path(token): Path<String>, request: Request) -> Response {
    let who = knocker(&request);
    let found = match find(&state, &token, &who).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    // One link is pressed a few times, and not all day.
    let often = format!("press {}", found.link.message);
    if let Some(seconds) = state.throttle.wait(&often, Instant::now()) {
        return wait(seconds);
    }
    state.throttle.failed(&often, Instant::now());
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

/// The page: what it is about, what was just said, and what may be pressed.
async fn describe(state: &Arc<State>, found: &Found, said: Option<(Text, bool)>) -> Result<Response> {
    let practice = found.link.practice;
    let lang = found.notices.first().map_or(Lang::En, |notice| notice.language);
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
    let rows = state.db.rows(practice, &keys).await?;
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
            let wall = clock.local(notice.start_at);
            let place = escape(&format!("{}, {}", site.name, site.address));
            lines.insert((
                wall,
                format!(
                    "<li><b>{}, {}</b><br>{place}</li>",
                    date(wall.date(), lang),
                    time(wall, lang)
                ),
            ));
        }
    }
    let (name, _) = state.practice_name(practice).await?;
    let list: String = lines.iter().map(|(_, line)| line.as_str()).collect();
    let mut body = format!("<p class=\"from\">{}</p>", escape(&name));
    let asks = matches!(said, Some((_, true)));
    if let Some((said, _)) = said {
        body.push_str(&format!(
            "<p class=\"said\" role=\"status\">{}</p>",
            said.get(lang)
        ));
    }
    if lines.is_empty() {
        let none = t(
            "There is no appointment to answer for here. Call us if you want one.",
            "Aquí no hay ninguna cita pendiente. Llámenos si quiere una.",
        );
        body.push_str(&format!("<p>{}</p>", none.get(lang)));
    } else {
        body.push_str(&format!("<ul>{list}</ul>"));
        body.push_str(&buttons(asks, lang));
    }
    body.push_str(&button(
        "stop",
        t("Send me no more of these", "No me envíen más avisos"),
        "quiet",
        lang,
    ));
    let title = t("Your appointment", "Su cita").get(lang);
    Ok(page(StatusCode::OK, lang, title, &body))
}

fn button(press: &str, label: Text, class: &str, lang: Lang) -> String {
    format!(
        "<form method=\"post\"><button class=\"{class}\" name=\"press\" value=\"{press}\">{}</button></form>",
        label.get(lang)
    )
}

fn buttons(asks: bool, lang: Lang) -> String {
    if asks {
        return [
            button("cancel", t("Yes, cancel it", "Sí, cancelar"), "danger", lang),
            button("confirm", t("No, I will come", "No, voy a ir"), "primary", lang),
        ]
        .concat();
    }
    [
        button("confirm", t("I will come", "Voy a ir"), "primary", lang),
        button(
            "other_time",
            t("I need another time", "Necesito otra hora"),
            "",
            lang,
        ),
        button("ask_cancel", t("Cancel", "Cancelar"), "", lang),
    ]
    .concat()
}

/// A form from the provider, when it is signed.
fn genuine(
    state: &Arc<State>,
    headers: &HeaderMap,
    path: &str,
    form: &BTreeMap<String, String>,
) -> Option<Response> {
    let Some(signing) = &state.notices.signing else {
        return Some(StatusCode::NOT_FOUND.into_response());
    };
    let signature = headers
        .get("x-twilio-signature")
        .and_then(|value| value.to_str().ok());
    match signature.is_some_and(|signature| signing.is_genuine(path, form, signature)) {
        true => None,
        false => Some((StatusCode::FORBIDDEN, "this is not signed by the provider").into_response()),
    }
}

async fn text_received(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    if let Some(refused) = genuine(&state, &headers, &format!("/{practice}"), &form) {
        return refused;
    }
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let reply = match state
        .notices
        .received(practice, field("From"), field("Body"), now())
        .await
    {
        Ok(reply) => reply,
        // The provider tries again: a STOP must not be lost.
        Err(error) => return failed(error),
    };
    if let Ok(head) = state.db.head(practice).await {
        state.tell(practice, head.rev);
    }
    let message = reply.map_or_else(String::new, |reply| {
        format!("<Message>{}</Message>", escape(&reply))
    });
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{message}</Response>");
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], xml).into_response()
}

async fn text_status(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    if let Some(refused) = genuine(&state, &headers, &format!("/{practice}/status"), &form) {
        return refused;
    }
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    match state
        .notices
        .network_says(practice, field("MessageSid"), field("MessageStatus"), now())
        .await
    {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => failed(error),
    }
}

async fn feed(Of(state): Of<Arc<State>>, Path(file): Path<String>, request: Request) -> Response {
    let who = knocker(&request);
    match feed_text(&state, file.trim_end_matches(".ics")).await {
        Ok(Some(text)) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, text).into_response()
        }
        Ok(None) => {
            if let Some(seconds) = state.throttle.wait(&who, Instant::now()) {
                return wait(seconds);
            }
            state.throttle.failed(&who, Instant::now());
            StatusCode::NOT_FOUND.into_response()
        }
        Err(error) => failed(error),
    }
}

async fn feed_text(state: &Arc<State>, token: &str) -> Result<Option<String>> {
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
