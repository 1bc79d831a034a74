//! The card that every part of a record lies in, and the consents.

use crate::pages::desk::signature::Signature;
use crate::pages::desk::when::moment;
use crate::pages::desk::words::{consent_words, decision_words, language_words};
use crate::shell::staff::context::use_desk;
use domain::id::PatientId;
use domain::intake::{Consent, ConsentDecision, ConsentForm};
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;
use ui::{Chip, Tone};

/// One part of a record; its button stands in the head.
#[component]
pub fn Card(
    id: &'static str,
    title: &'static str,
    /// The button in the head.
    #[prop(optional, into)]
    act: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" id=id aria-label=title>
            <header><h2>{title}</h2>{act.map(|act| move || act.run())}</header>
            {children()}
        </section>
    }
}

/// What was signed or declined, the newest first.
#[component]
pub fn ConsentCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let consents = desk.live(move |engine| {
        let mut all: Vec<(Consent, Option<ConsentForm>)> = engine
            .get(Key::OfPatient(Entity::Consent, id))
            .into_iter()
            .filter_map(|row| match row {
                Row::Consent(consent) => Some(consent),
                _ => None,
            })
            .map(|consent| {
                let form = engine
                    .get(Key::Row(Entity::ConsentForm, consent.form_id.0))
                    .into_iter()
                    .next();
                let form = form.and_then(|row| match row {
                    Row::ConsentForm(form) => Some(form),
                    _ => None,
                });
                (consent, form)
            })
            .collect();
        all.sort_by(|(a, _), (b, _)| b.signed_at.cmp(&a.signed_at).then(a.kind.cmp(&b.kind)));
        all
    });
    let row = move |(consent, form): (Consent, Option<ConsentForm>)| {
        let agreed = consent.decision == ConsentDecision::Agreed;
        let version = form
            .map(|form| format!("Version {}, ", form.version))
            .unwrap_or_default();
        let short: String = consent.text_hash.chars().take(8).collect();
        let facts = format!(
            "{version}text {short}, {}, {}",
            language_words(&consent.language),
            moment(&desk.engine(), consent.signed_at)
        );
        let revoked = consent
            .revoked_at
            .map(|at| format!("Revoked {}", moment(&desk.engine(), at)));
        let decision = if agreed { "agreed" } else { "declined" };
        view! {
            <li class="consent" data-consent=consent.kind.name() data-decision=decision>
                <div>
                    <b>{consent_words(consent.kind)}</b>
                    <small>{facts}</small>
                    {revoked.map(|revoked| view! { <small>{revoked}</small> })}
                </div>
                <Chip kind=if agreed { Tone::Ok } else { Tone::Stop } label=decision_words(consent.decision) />
                {consent.signature.map(|signed| view! { <Signature signed /> })}
            </li>
        }
    };
    view! {
        <Card id="card-consents" title="Consents">
            <Show when=move || consents.with(Vec::is_empty)>
                <p class="in soft small">"Nothing signed yet. Consents come with an accepted intake."</p>
            </Show>
            <ul class="consents">{move || consents.get().into_iter().map(row).collect_view()}</ul>
        </Card>
    }
}
