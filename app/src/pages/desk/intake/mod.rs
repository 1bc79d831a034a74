//! Stub.
use leptos::prelude::*;
#[component]
pub fn IntakePage() -> impl IntoView {}
