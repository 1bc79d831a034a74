//! Stub.
use leptos::prelude::*;
#[component]
pub fn Outbox() -> impl IntoView {}
