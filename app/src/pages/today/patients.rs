//! Stub.
use leptos::prelude::*;
#[component]
pub fn Patients() -> impl IntoView {}
