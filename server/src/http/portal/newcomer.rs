//! Somebody who has not been here before says who they are.

use super::fields::{Asked, BIRTH, CONTACT, Typed, birth_fields, contact_field, head, typed, wrong};
use super::{language, practice_name};
use crate::http::State;
use crate::http::public::page::{failed, page, t};
use crate::services::portal::newcomer::Newcomer;
use crate::services::push::now;
use axum::extract::{Path, Query, Request, State as Of};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::PracticeId;
use domain::notices::{Contact, ContactKind};
use domain::patients::Sex;
use domain::text::{Lang, Text};
use maud::html;
use std::sync::Arc;

/// Asks who somebody is whom the practice does not know.
pub async fn show(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = language(asked.lang.as_deref(), &headers);
    newcomer(&state, practice, lang, &Typed::default(), &[]).await
}

async fn newcomer(
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
    let title = t("Your first visit", "Su primera cita");
    let field = |id: &str, label: Text, value: &str, fill: &str| {
        html! {
            label for=(id) { (label.get(lang)) }
            input id=(id) name=(id) required maxlength="100" autocomplete=(fill) value=(value);
        }
    };
    let sexes = [
        ("female", t("Female", "Femenino")),
        ("male", t("Male", "Masculino")),
        (
            "unknown",
            t("Another, or I do not say", "Otro, o prefiero no decir"),
        ),
    ];
    let body = html! {
        (head(&name, practice, "/new", lang))
        h1 { (title.get(lang)) }
        (wrong(faults, lang))
        form method="post" {
            input type="hidden" name="lang" value=(lang.tag());
            (field("given_name", t("First name", "Nombre"), &typed.given_name, "given-name"))
            (field("family_name", t("Last name", "Apellidos"), &typed.family_name, "family-name"))
            (birth_fields(typed, faults.contains(&BIRTH), lang))
            label for="sex" { (t("Sex, as your insurance has it", "Sexo, como lo tiene su seguro").get(lang)) }
            select id="sex" name="sex" {
                @for (value, label) in sexes { option value=(value) selected[typed.sex == value] { (label.get(lang)) } }
            }
            (contact_field(typed, faults.contains(&CONTACT), t("Your mobile number or email", "Su celular o correo"), lang))
            label.check {
                input type="checkbox" name="may_text" value="yes" checked[typed.may_text == "yes"];
                (t("You may text me about my visits", "Pueden enviarme mensajes sobre mis citas").get(lang))
            }
            p {}
            button.primary { (t("Send me a code", "Enviarme un código").get(lang)) }
        }
        p { a href={ "/p/" (practice) "?lang=" (lang.tag()) } { (t("I have been here before", "Ya he venido antes").get(lang)) } }
    };
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page(status, lang, title.get(lang), &body)
}

/// A number or an address as it is put into a record: "414 555 0134".
fn written(contact: &Contact) -> String {
    let ten = contact.address.strip_prefix("+1").filter(|ten| ten.len() == 10);
    let parts = ten.and_then(|ten| Some([ten.get(..3)?, ten.get(3..6)?, ten.get(6..)?]));
    parts.map_or_else(|| contact.address.clone(), |parts| parts.join(" "))
}

/// Sends a code to somebody new.
pub async fn ask(Of(state): Of<Arc<State>>, Path(practice): Path<PracticeId>, request: Request) -> Response {
    let typed = match typed(&state, request).await {
        Ok(typed) => typed,
        Err(page) => return page,
    };
    let lang = Lang::from_tag(&typed.lang);
    let mut faults = Vec::new();
    let (birth_on, contact) = (typed.birth_on(), typed.contact());
    if birth_on.is_none() {
        faults.push(BIRTH);
    }
    // Texts to strangers in other countries are somebody's business at our expense; they have mail.
    let near = |contact: &Contact| contact.kind == ContactKind::Email || contact.address.starts_with("+1");
    let contact = contact.filter(near);
    if contact.is_none() {
        faults.push(CONTACT);
    }
    let (Some(birth_on), Some(contact)) = (birth_on, contact) else {
        return newcomer(&state, practice, lang, &typed, &faults).await;
    };
    let new = Newcomer {
        given_name: typed.given_name.clone(),
        family_name: typed.family_name.clone(),
        birth_on,
        sex: match typed.sex.as_str() {
            "female" => Sex::Female,
            "male" => Sex::Male,
            _ => Sex::Unknown,
        },
        kind: contact.kind,
        // As it is read, and not what else was typed around it.
        address: written(&contact),
        may_text: typed.may_text == "yes",
        language: lang,
    };
    if let Err(page) = practice_name(&state, practice).await {
        return page;
    }
    let today = state.today(practice, now()).await;
    let wrong: Vec<Text> = new
        .faults(today)
        .0
        .iter()
        .map(|fault| fault.code.sentence())
        .collect();
    if !wrong.is_empty() {
        return newcomer(&state, practice, lang, &typed, &wrong).await;
    }
    match state.portal.code_for_newcomer(practice, (&new, contact), now()) {
        Ok(id) => Redirect::to(&format!("/p/{practice}/code/{id}?lang={}", lang.tag())).into_response(),
        Err(error) => failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_was_typed_only_the_number_is_kept() {
        let phone = Contact::phone("<b>call me</b> (414) 555-0134").unwrap();
        assert_eq!(written(&phone), "414 555 0134");
        let mail = Contact::email(" Rosa@Example.org ").unwrap();
        assert_eq!(written(&mail), "rosa@example.org");
        assert_eq!(
            written(&Contact::phone("+44 20 7946 0958").unwrap()),
            "+442079460958"
        );
    }
}
