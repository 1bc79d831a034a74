//! Files of the own server, by `fetch`: the browser unpacks what the server packed once.

use crate::dom::window;
use app::error::AppError;
use app::ports::device::Files;
use async_trait::async_trait;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The browser's own.
pub struct Fetch;

#[async_trait(?Send)]
impl Files for Fetch {
    async fn get(&self, path: &str) -> Result<Vec<u8>, AppError> {
        let unreachable = |_: JsValue| AppError::Unreachable;
        let response: Response = JsFuture::from(window().fetch_with_str(path))
            .await
            .map_err(unreachable)?
            .unchecked_into();
        match response.status() {
            200 => {}
            401 => return Err(AppError::SignedOut),
            403 => return Err(AppError::NotAllowed),
            404 => return Err(AppError::NotFound),
            _ => return Err(AppError::Unreachable),
        }
        let body = response.array_buffer().map_err(unreachable)?;
        let body = JsFuture::from(body).await.map_err(unreachable)?;
        Ok(Uint8Array::new(&body).to_vec())
    }
}
