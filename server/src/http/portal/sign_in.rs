//! Who somebody is: a date of birth and a number or an address, and the code that went there.

use super::{COOKIE, language, practice_name};
use crate::access::cookies;
use crate::http::State;
use crate::http::public::page::{failed, page, t};
use crate::http::public::{knocker, too_many};
use crate::services::portal::codes::{CODE_MINUTES, Entered, SESSION_MINUTES};
use crate::services::portal::newcomer::Newcomer;
use crate::services::push::now;
use axum::Form;
use axum::extract::{FromRequest, Path, Query, Request, State as Of};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use domain::id::PracticeId;
use domain::notices::Contact;
use domain::patients::Sex;
use domain::text::{Lang, Text};
use domain::validate::date_from_parts;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

/// What stands in the address of the page.
#[derive(Deserialize, Default)]
pub struct Asked {
    lang: Option<String>,
    over: Option<String>,
}

/// What is typed; all of it may be missing or wrong, and none of it is lost for that.
#[derive(Deserialize, Default, Clone)]
pub struct Typed {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    year: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    family_name: String,
    #[serde(default)]
    sex: String,
    #[serde(default)]
    may_text: String,
}

impl Typed {
    fn birth_on(&self) -> Option<NaiveDate> {
        date_from_parts(&self.month, &self.day, &self.year).ok()
    }

    fn contact(&self) -> Option<Contact> {
        match self.contact.contains('@') {
            true => Contact::email(&self.contact),
            false => Contact::phone(&self.contact),
        }
    }
}

const BIRTH: Text = t(
    "Enter the date of birth as numbers, like 4 19 1986.",
    "Escriba la fecha de nacimiento con números, como 4 19 1986.",
);
const CONTACT: Text = t(
    "Enter a mobile number with area code, or an email address.",
    "Escriba un celular con código de área, o un correo electrónico.",
);

/// Asks who somebody is.
pub async fn show(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
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

/// Name of the practice, and the way to the other language.
fn head(name: &str, practice: PracticeId, rest: &str, lang: Lang) -> Markup {
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

fn wrong(faults: &[Text], lang: Lang) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.wrong role="alert" { @for fault in faults { p { (fault.get(lang)) } } }
        }
    }
}

fn birth_fields(typed: &Typed, wrong: bool, lang: Lang) -> Markup {
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

fn contact_field(typed: &Typed, wrong: bool, label: Text, lang: Lang) -> Markup {
    html! {
        label for="contact" { (label.get(lang)) }
        input id="contact" name="contact" required maxlength="200" autocomplete="on" autocapitalize="off"
            value=(typed.contact) aria-invalid=[wrong.then_some("true")];
    }
}

/// A form of at most some words, after a try was counted.
async fn typed(state: &Arc<State>, request: Request) -> Result<Typed, Response> {
    if let Some(wait) = too_many(state, &["portal ", &knocker(&request)].concat()) {
        return Err(wait);
    }
    match <Form<Typed> as FromRequest<()>>::from_request(request, &()).await {
        Ok(Form(typed)) => Ok(typed),
        Err(_) => Err((StatusCode::BAD_REQUEST, "this form was not understood").into_response()),
    }
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
    match state
        .portal
        .code_for(practice, (birth_on, contact), lang, now())
        .await
    {
        Ok(id) => Redirect::to(&format!("/p/{practice}/code/{id}?lang={}", lang.tag())).into_response(),
        Err(error) => failed(error),
    }
}

/// Asks who somebody is whom the practice does not know.
pub async fn show_new(
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

/// Sends a code to somebody new.
pub async fn ask_new(
    Of(state): Of<Arc<State>>,
    Path(practice): Path<PracticeId>,
    request: Request,
) -> Response {
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
        address: typed.contact.clone(),
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
    match state
        .portal
        .code_for_newcomer(practice, (&new, contact), now())
        .await
    {
        Ok(id) => Redirect::to(&format!("/p/{practice}/code/{id}?lang={}", lang.tag())).into_response(),
        Err(error) => failed(error),
    }
}

/// Asks for the code.
pub async fn show_code(
    Of(state): Of<Arc<State>>,
    Path((practice, _)): Path<(PracticeId, Uuid)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = language(asked.lang.as_deref(), &headers);
    code(&state, practice, lang, None).await
}

async fn code(state: &Arc<State>, practice: PracticeId, lang: Lang, said: Option<String>) -> Response {
    let name = match practice_name(state, practice).await {
        Ok(name) => name,
        Err(page) => return page,
    };
    let title = t("Enter your code", "Escriba su código");
    let wrong = said.is_some();
    let body = html! {
        p.from { (name) }
        h1 { (title.get(lang)) }
        p { (t("If we know you by what you entered, a code with six digits is on its way. It counts for ",
               "Si le conocemos por lo que escribió, va en camino un código de seis números. Vale ").get(lang))
            (CODE_MINUTES) (t(" minutes.", " minutos.").get(lang)) }
        @if let Some(said) = &said { p.wrong role="alert" { (said) } }
        form method="post" {
            input type="hidden" name="lang" value=(lang.tag());
            label for="code" { (t("Code", "Código").get(lang)) }
            input.code id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" required
                aria-invalid=[wrong.then_some("true")];
            p {}
            button.primary { (t("Continue", "Seguir").get(lang)) }
        }
        p.soft { (t("No code after two minutes? Check what you entered, or call us. Five codes an hour are sent to one place.",
            "¿No llegó en dos minutos? Revise lo que escribió, o llámenos. A un lugar se envían cinco por hora.").get(lang)) }
        p { a href={ "/p/" (practice) "?lang=" (lang.tag()) } { (t("Start again", "Empezar de nuevo").get(lang)) } }
    };
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page(status, lang, title.get(lang), &body)
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    code: String,
}

/// Takes the code.
pub async fn enter(
    Of(state): Of<Arc<State>>,
    Path((practice, id)): Path<(PracticeId, Uuid)>,
    request: Request,
) -> Response {
    // Five tries for each code, and not many codes from one place.
    if let Some(wait) = too_many(&state, &["code ", &knocker(&request)].concat()) {
        return wait;
    }
    let Ok(Form(typed)) = <Form<Code> as FromRequest<()>>::from_request(request, &()).await else {
        return (StatusCode::BAD_REQUEST, "this form was not understood").into_response();
    };
    let lang = Lang::from_tag(&typed.lang);
    let said = match state.portal.enter(practice, id, &typed.code, now()).await {
        Err(error) => return failed(error),
        Ok(Entered::In(token)) => {
            let seconds = u64::try_from(SESSION_MINUTES * 60).unwrap_or_default();
            let cookie = cookies::set(COOKIE, &token, seconds, state.secure_cookies);
            let headers = [(header::SET_COOKIE, cookie)];
            return (headers, Redirect::to(&format!("/p/{practice}/visits"))).into_response();
        }
        Ok(Entered::Wrong(0)) | Ok(Entered::Over) => t(
            "This code counts no more. Start again to get another.",
            "Este código ya no vale. Empiece de nuevo para recibir otro.",
        )
        .get(lang)
        .to_owned(),
        Ok(Entered::Wrong(left)) => match lang {
            Lang::En => format!("That is not the code. Tries left: {left}."),
            Lang::Es => format!("Ese no es el código. Intentos que quedan: {left}."),
        },
    };
    code(&state, practice, lang, Some(said)).await
}
