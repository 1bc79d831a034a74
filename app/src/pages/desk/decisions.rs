//! Stub.
use leptos::prelude::*;
#[component]
pub fn Decisions() -> impl IntoView {}
