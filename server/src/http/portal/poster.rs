//! The way from a wall, or from a kiosk, to the patients' pages on one's own telephone: a code that its camera reads.

use super::practice_name;
use crate::http::State;
use crate::http::public::page::{failed, page};
use axum::extract::{Path, State as Of};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::PracticeId;
use domain::text::Lang;
use maud::html;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use std::sync::Arc;

/// The code alone, as a picture (ISO/IEC 18004). It holds an address that everybody may know.
pub async fn picture(Of(state): Of<Arc<State>>, Path(practice): Path<PracticeId>) -> Response {
    if let Err(page) = practice_name(&state, practice).await {
        return page;
    }
    match code(&state, practice) {
        Ok(svg) => {
            let headers = [
                (header::CONTENT_TYPE, "image/svg+xml"),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            (headers, svg).into_response()
        }
        Err(error) => failed(error),
    }
}

/// A sheet of paper for the waiting room.
pub async fn sheet(Of(state): Of<Arc<State>>, Path(practice): Path<PracticeId>) -> Response {
    let name = match practice_name(&state, practice).await {
        Ok(name) => name,
        Err(page) => return page,
    };
    let body = html! {
        div.poster {
            p.from { (name) }
            h1 { "Check in with your phone" }
            p lang="es" { "Regístrese con su teléfono" }
            img src={ "/p/" (practice) "/qr.svg" } alt="QR code" width="320" height="320";
            p { "Point the camera at the code, say who you are, and press “I am here”." }
            p lang="es" { "Apunte la cámara al código, díganos quién es y toque “Ya llegué”." }
            p.soft { (state.notices.portal_address(practice)) }
        }
    };
    page(StatusCode::OK, Lang::En, &name, &body)
}

fn code(state: &State, practice: PracticeId) -> crate::error::Result<String> {
    let address = state.notices.portal_address(practice);
    // Half of the code may be scratched off a wall before it leads nowhere.
    let code = QrCode::with_error_correction_level(address.as_bytes(), EcLevel::Q)
        .map_err(|error| crate::error::ServerError::Other(error.to_string()))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}
