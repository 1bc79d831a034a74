//! Stub.
use leptos::prelude::*;
#[component]
pub fn Devices() -> impl IntoView {}
