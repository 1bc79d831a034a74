//! What is typed to say who somebody is, and how it is asked for.

use crate::http::State;
use crate::http::public::page::t;
use crate::http::public::{knocker, too_many};
use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use domain::id::PracticeId;
use domain::notices::Contact;
use domain::text::{Lang, Text};
use domain::validate::date_from_parts;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// What stands in the address of the page.
#[derive(Deserialize, Default)]
pub struct Asked {
    pub lang: Option<String>,
    pub over: Option<String>,
}

/// What is typed; all of it may be missing or wrong, and none of it is lost for that.
#[derive(Deserialize, Default, Clone)]
pub struct Typed {
    #[serde(default)]
    pub lang: String,
    #[serde(default)]
    pub month: String,
    #[serde(default)]
    pub day: String,
    #[serde(default)]
    pub year: String,
    #[serde(default)]
    pub contact: String,
    #[serde(default)]
    pub given_name: String,
    #[serde(default)]
    pub family_name: String,
    #[serde(default)]
    pub sex: String,
    #[serde(default)]
    pub may_text: String,
}

impl Typed {
    /// The day, if it is one.
    pub fn birth_on(&self) -> Option<NaiveDate> {
        date_from_parts(&self.month, &self.day, &self.year).ok()
    }

    /// The number or address, if it is one.
    pub fn contact(&self) -> Option<Contact> {
        match self.contact.contains('@') {
            true => Contact::email(&self.contact),
            false => Contact::phone(&self.contact),
        }
    }
}

pub const BIRTH: Text = t(
    "Enter the date of birth as numbers, like 4 19 1986.",
    "Escriba la fecha de nacimiento con números, como 4 19 1986.",
);
pub const CONTACT: Text = t(
    "Enter a mobile number with area code, or an email address.",
    "Escriba un celular con código de área, o un correo electrónico.",
);

/// Name of the practice, and the way to the other language.
pub fn head(name: &str, practice: PracticeId, rest: &str, lang: Lang) -> Markup {
    let (other, label) = match lang {
        Lang::En => (Lang::Es, "Español"),
        Lang::Es => (Lang::En, "English"),
    };
    html! {
        div.top {
            p.from { (name) }
            a lang=(other.tag()) href={ "/p/" (practice) (rest) "?lang=" (other.tag()) } { (label) }
        }
    }
}

pub fn wrong(faults: &[Text], lang: Lang) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.wrong role="alert" { @for fault in faults { p { (fault.get(lang)) } } }
        }
    }
}

pub fn birth_fields(typed: &Typed, wrong: bool, lang: Lang) -> Markup {
    let one = |id: &str, label: Text, value: &str, fill: &str, digits: u8| {
        html! {
            div {
                label for=(id) { (label.get(lang)) }
                input id=(id) name=(id) inputmode="numeric" autocomplete=(fill) maxlength=(digits) required value=(value)
                    aria-invalid=[wrong.then_some("true")];
            }
        }
    };
    html! {
        fieldset {
            legend { (t("Patient's date of birth", "Fecha de nacimiento del paciente").get(lang)) }
            div.three {
                (one("month", t("Month", "Mes"), &typed.month, "bday-month", 2))
                (one("day", t("Day", "Día"), &typed.day, "bday-day", 2))
                (one("year", t("Year", "Año"), &typed.year, "bday-year", 4))
            }
        }
    }
}

pub fn contact_field(typed: &Typed, wrong: bool, label: Text, lang: Lang) -> Markup {
    html! {
        label for="contact" { (label.get(lang)) }
        input id="contact" name="contact" required maxlength="200" autocomplete="on" autocapitalize="off"
            value=(typed.contact) aria-invalid=[wrong.then_some("true")];
    }
}

/// A form of at most some words, after a try was counted.
pub async fn typed(state: &Arc<State>, request: Request) -> Result<Typed, Response> {
    if let Some(wait) = too_many(state, &["portal ", &knocker(state, &request)].concat()) {
        return Err(wait);
    }
    match <Form<Typed> as FromRequest<()>>::from_request(request, &()).await {
        Ok(Form(typed)) => Ok(typed),
        Err(_) => Err((StatusCode::BAD_REQUEST, "this form was not understood").into_response()),
    }
}
