//! Who somebody is: a date of birth and a number or an address.

use super::fields::{Asked, BIRTH, CONTACT, Typed, birth_fields, contact_field, head, typed, wrong};
use super::{come_in, device_cookie, language, practice_name};
use crate::access::cookies;
use crate::http::State;
use crate::http::public::page::{failed, page, t};
use crate::services::push::now;
use axum::extract::{Path, Query, Request, State as Of};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::PracticeId;
use domain::text::{Lang, Text};
use maud::html;
use std::sync::Arc;

/// Asks who somebody is.
pub async fn show(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    // A device that was kept; looking here lets in whoever it is kept for, and nobody through another site's link.
    if let Some(device) = cookies::read(&headers, device_cookie(&state)) {
        match state.portal.return_with(practice, device, now()).await {
            Ok(Some(token)) => return come_in(&state, practice, &token),
            Ok(None) => {}
            Err(error) => return failed(error),
        }
    }
    let lang = language(asked.lang.as_deref(), &headers);
    let over = asked.over.is_some().then_some(t(
        "You were signed out. Say once more who you are.",
        "Su sesión terminó. Díganos otra vez quién es.",
    ));
    who(&state, practice, lang, &Typed::default(), over.as_slice()).await
}

async fn who(
    state: &Arc<State>,
    practice: PracticeId,
    lang: Lang,
    typed: &Typed,
    faults: &[Text],
) -> Response {
    let name = match practice_name(state, practice).await {
        Ok(name) => name,
        Err(page) => return page,
    };
    let title = t("Your visits", "Sus citas");
    let body = html! {
        (head(&name, practice, "", lang))
        h1 { (title.get(lang)) }
        p { (t("See, change or book visits. We send you a code to make sure that it is you.",
               "Vea, cambie o haga citas. Le enviamos un código para saber que es usted.").get(lang)) }
        (wrong(faults, lang))
        form method="post" {
            input type="hidden" name="lang" value=(lang.tag());
            (birth_fields(typed, faults.contains(&BIRTH), lang))
            (contact_field(typed, faults.contains(&CONTACT), t("Your mobile number or email, as we have it",
                "Su celular o correo, como lo tenemos"), lang))
            p {}
            button.primary { (t("Send me a code", "Enviarme un código").get(lang)) }
        }
        p { a href={ "/p/" (practice) "/new?lang=" (lang.tag()) } {
            (t("I have not been here before", "No he venido antes").get(lang))
        } }
    };
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page(status, lang, title.get(lang), &body)
}

/// Sends a code, and goes to the page that takes it.
pub async fn ask(Of(state): Of<Arc<State>>, Path(practice): Path<PracticeId>, request: Request) -> Response {
    let typed = match typed(&state, request).await {
        Ok(typed) => typed,
        Err(page) => return page,
    };
    let lang = Lang::from_tag(&typed.lang);
    let (Some(birth_on), Some(contact)) = (typed.birth_on(), typed.contact()) else {
        let faults: Vec<Text> = [
            (typed.birth_on().is_none(), BIRTH),
            (typed.contact().is_none(), CONTACT),
        ]
        .into_iter()
        .filter_map(|(wrong, text)| wrong.then_some(text))
        .collect();
        return who(&state, practice, lang, &typed, &faults).await;
    };
    if let Err(page) = practice_name(&state, practice).await {
        return page;
    }
    let id = state.portal.code_for(practice, (birth_on, contact), lang, now());
    Redirect::to(&format!("/p/{practice}/code/{id}?lang={}", lang.tag())).into_response()
}
