//! The frame of pages that are written here, for people without a session and without our program: they work on any
//! telephone. Nobody keeps a copy of them, and no search finds them.

use crate::error::ServerError;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::text::{Lang, Text};
use maud::{DOCTYPE, Markup, html};

/// Where their style is.
pub const STYLE: &str = "/n/style.css";

/// A sentence in both languages.
pub const fn t(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}

/// The style, with the palette of the staff's and the kiosk's pages.
pub async fn style() -> Response {
    let css = concat!(
        include_str!("../../../../style/tokens.css"),
        include_str!("style.css")
    );
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

/// A page.
pub fn page(status: StatusCode, lang: Lang, title: &str, body: &Markup) -> Response {
    let html = html! {
        (DOCTYPE)
        html lang=(lang.tag()) data-density="phone" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href=(STYLE);
            }
            body { main { (body) } }
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, html.into_string()).into_response()
}

/// A link that leads nowhere any more.
pub fn gone() -> Response {
    let title = "This link is over";
    let body = html! {
        h1 { (title) }
        p { "Call the practice if you want to change an appointment." }
        p lang="es" { "Este enlace ya no sirve. Llame a la clínica si quiere cambiar una cita." }
    };
    page(StatusCode::NOT_FOUND, Lang::En, title, &body)
}

/// Too many tries.
pub fn wait(seconds: u32) -> Response {
    let title = "Please wait a moment";
    let body = html! {
        h1 { (title) }
        p { "That was a lot of tries. Go back and try again in " (seconds) " seconds." }
        p lang="es" { "Fueron muchos intentos. Vuelva e intente otra vez en " (seconds) " segundos." }
    };
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, Lang::En, title, &body);
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}

/// Something that is nobody's fault here.
pub fn failed(error: impl Into<ServerError>) -> Response {
    let error = error.into();
    tracing::warn!(%error, "a page without a session could not be shown");
    let title = "Something went wrong";
    let body = html! {
        h1 { (title) }
        p { "Please try again, or call the practice." }
        p lang="es" { "Intente otra vez, o llame a la clínica." }
    };
    page(StatusCode::INTERNAL_SERVER_ERROR, Lang::En, title, &body)
}
