//! The code that was sent, and in with it.

use super::fields::Asked;
use super::{come_in, device_cookie, end, language, practice_name, set};
use crate::http::State;
use crate::http::public::page::{failed, page, t};
use crate::http::public::{knocker, too_many};
use crate::services::portal::codes::{CODE_MINUTES, Entered};
use crate::services::portal::device::DEVICE_DAYS;
use crate::services::push::now;
use axum::Form;
use axum::extract::{FromRequest, Path, Query, Request, State as Of};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::id::PracticeId;
use domain::text::Lang;
use maud::html;
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

/// Asks for the code.
pub async fn show(
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
        p { (t("If we know you by what you entered, a code is on its way. It counts for ",
               "Si le conocemos por lo que escribió, va en camino un código. Vale ").get(lang))
            (CODE_MINUTES) (t(" minutes.", " minutos.").get(lang)) }
        @if let Some(said) = &said { p.wrong role="alert" { (said) } }
        form method="post" {
            input type="hidden" name="lang" value=(lang.tag());
            label for="code" { (t("Code", "Código").get(lang)) }
            input.code id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" required
                aria-invalid=[wrong.then_some("true")];
            label.check {
                input type="checkbox" name="keep" value="yes";
                (t("This device is mine alone: keep me signed in for 30 days",
                   "Este aparato es solo mío: no cerrar mi sesión por 30 días").get(lang))
            }
            p {}
            button.primary { (t("Continue", "Seguir").get(lang)) }
        }
        p.soft { (t("No code after two minutes? Check what you entered, or call us. Five codes an hour are sent, and ten a day.",
            "¿No llegó en dos minutos? Revise lo que escribió, o llámenos. Se envían cinco por hora, y diez por día.").get(lang)) }
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
    #[serde(default)]
    keep: String,
}

/// Takes the code.
pub async fn enter(
    Of(state): Of<Arc<State>>,
    Path((practice, id)): Path<(PracticeId, Uuid)>,
    request: Request,
) -> Response {
    // Five tries for each code, and not many codes from one place.
    if let Some(wait) = too_many(&state, &["code ", &knocker(&state, &request)].concat()) {
        return wait;
    }
    let headers = request.headers().clone();
    let Ok(Form(typed)) = <Form<Code> as FromRequest<()>>::from_request(request, &()).await else {
        return (StatusCode::BAD_REQUEST, "this form was not understood").into_response();
    };
    let lang = Lang::from_tag(&typed.lang);
    let said = match state
        .portal
        .enter(practice, id, (&typed.code, typed.keep == "yes"), now())
        .await
    {
        Err(error) => return failed(error),
        Ok(Entered::In(token, device)) => {
            // Whoever was in here before is not any more.
            if let Err(error) = end(&state, practice, &headers, false).await {
                return failed(error);
            }
            let (days, kept) = match &device {
                Some(device) => (DEVICE_DAYS, device.as_str()),
                None => (0, ""),
            };
            let kept = set(&state, device_cookie(&state), kept, days * 24 * 3600);
            return (AppendHeaders([kept]), come_in(&state, practice, &token)).into_response();
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
