//! What the network that carries texts tells: that somebody wrote, and what became of a text of ours.

use super::page::failed;
use crate::http::State;
use crate::services::push::now;
use axum::Form;
use axum::extract::{Path, State as Of};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::PracticeId;
use maud::{PreEscaped, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A form from the provider, when it is signed; else what to answer.
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

pub async fn text_received(
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
    let xml = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"))
        @if let Some(reply) = reply { (PreEscaped("<Message>")) (reply) (PreEscaped("</Message>")) }
        (PreEscaped("</Response>"))
    };
    let headers = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
    (headers, xml.into_string()).into_response()
}

pub async fn text_status(
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
