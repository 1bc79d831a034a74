//! A signature as it was drawn.

use domain::intake::{Signature as Signed, SignerRelationship};
use leptos::prelude::*;

/// The strokes in their box, and the name typed under them.
#[component]
pub fn Signature(signed: Signed) -> impl IntoView {
    let path: String = signed.strokes.iter().map(|stroke| line(stroke)).collect();
    let who = match signed.relationship {
        SignerRelationship::Patient => "the patient",
        SignerRelationship::Parent => "a parent",
        SignerRelationship::Representative => "a personal representative",
    };
    let name = format!("Signature of {}", signed.typed_name);
    let drawn = (!path.is_empty()).then(|| view! {
        <svg viewBox="0 0 1000 300" role="img" aria-label=name>
            <path d=path fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    });
    view! {
        <figure class="card-img">
            {drawn}
            <figcaption>{format!("{}, {who}", signed.typed_name)}</figcaption>
        </figure>
    }
}

/// One stroke as path commands; a dot is a stroke that goes nowhere.
fn line(stroke: &[(i16, i16)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in stroke.iter().enumerate() {
        path.push_str(&format!("{}{x} {y} ", if index == 0 { 'M' } else { 'L' }));
    }
    if let [(x, y)] = stroke {
        path.push_str(&format!("L{x} {y} "));
    }
    path
}
