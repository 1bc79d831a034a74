//! Stub.
use leptos::prelude::*;
#[component]
pub fn Today() -> impl IntoView {}
