//! Stub.
use leptos::prelude::*;
#[component]
pub fn PatientPage() -> impl IntoView {}
