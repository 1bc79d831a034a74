//! Photos.

use super::codec::Json;
use crate::error::AppError;
use crate::ports::server::{Attachment, PutAttachment};
use domain::id::WorkforceMemberId;
use leptos::prelude::*;

/// Sends a sealed photo; again is no mistake. The reply is the revision by which the server had it.
#[server(name = SendAttachment, prefix = "/api", endpoint = "put_attachment", input = Json, output = Json)]
pub async fn put_attachment(photo: PutAttachment) -> Result<u64, AppError> {
    crate::ports::server::server()?.put_attachment(photo).await
}

/// Fetches a photo, made anew by the server, for whoever is at work; builds before said nobody.
#[server(name = FetchAttachment, prefix = "/api", endpoint = "get_attachment", input = Json, output = Json)]
pub async fn get_attachment(
    hash: String,
    #[server(default)] member: Option<WorkforceMemberId>,
) -> Result<Attachment, AppError> {
    crate::ports::server::server()?.get_attachment(hash, member).await
}
