//! Stub.
use leptos::prelude::*;
#[component]
pub fn RecordPage() -> impl IntoView {}
