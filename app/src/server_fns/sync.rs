//! Commands out, changes in.

use super::codec::{Json, Packed};
use crate::error::AppError;
use crate::ports::server::LocalRead;
use ::sync::wire::{PullRequest, PullResponse, PushRequest, PushResponse};
use leptos::prelude::*;

/// Sends commands; the reply has a final receipt for each that was judged.
#[server(name = Push, prefix = "/api", endpoint = "push", input = Packed, output = Json)]
pub async fn push(request: PushRequest) -> Result<PushResponse, AppError> {
    crate::ports::server::server()?.push(request).await
}

/// Fetches what changed.
#[server(name = Pull, prefix = "/api", endpoint = "pull", input = Json, output = Json)]
pub async fn pull(request: PullRequest) -> Result<PullResponse, AppError> {
    crate::ports::server::server()?.pull(request).await
}

/// Hands in what was read from the device's own replica.
#[server(name = PushReads, prefix = "/api", endpoint = "push_reads", input = Json, output = Json)]
pub async fn push_reads(reads: Vec<LocalRead>) -> Result<(), AppError> {
    crate::ports::server::server()?.push_reads(reads).await
}
