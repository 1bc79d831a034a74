//! Stub.
use leptos::prelude::*;
#[component]
pub fn NewPatient() -> impl IntoView {}
