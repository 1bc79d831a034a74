//! Consents: what was signed or declined, and taking it back.

use super::card::Card;
use crate::pages::desk::signature::Signature;
use crate::pages::desk::when::moment;
use crate::pages::desk::words::{consent_words, decision_words, language_words};
use crate::shell::staff::context::use_desk;
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::intake::consent::in_force;
use domain::intake::{Consent, ConsentDecision, ConsentForm, RevokeConsent};
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;
use ui::{Chip, Dialog, Tone};

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
    let may = desk.may(CommandName::RevokeConsent);
    let open = RwSignal::new(false);
    let asked = RwSignal::new(None::<Consent>);
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
            .map(|at| format!("Taken back {}", moment(&desk.engine(), at)));
        // Of several of one kind, one counts, or none.
        let standing = consents.with(|all| {
            let counts = in_force(all.iter().map(|(one, _)| one), consent.kind);
            counts.map(|one| one.id) == Some(consent.id)
        });
        let taking = consent.clone();
        let ask = move |_| {
            asked.set(Some(taking.clone()));
            open.set(true);
        };
        let button = (may && standing).then(|| {
            view! {
                <button type="button" class="btn s quiet" data-act="take-back" on:click=ask>
                    "Take back"<span class="vh">{format!(" {}", consent_words(consent.kind))}</span>
                </button>
            }
        });
        let (tone, label) = match (agreed, standing) {
            (true, false) if consent.revoked_at.is_none() => (Tone::Plain, "Holds no longer"),
            (true, false) => (Tone::Stop, "Taken back"),
            (true, true) => (Tone::Ok, decision_words(consent.decision)),
            (false, _) => (Tone::Stop, decision_words(consent.decision)),
        };
        let decision = if agreed { "agreed" } else { "declined" };
        view! {
            <li class="consent" data-consent=consent.kind.name() data-decision=decision>
                <div>
                    <b>{consent_words(consent.kind)}</b>
                    <small>{facts}</small>
                    {revoked.map(|revoked| view! { <small>{revoked}</small> })}
                </div>
                <span><Chip kind=tone label />{button}</span>
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
            <Dialog open title="Take this consent back?" close="Close">
                {asked.get_untracked().map(|consent| view! { <TakeBack consent open /> })}
            </Dialog>
        </Card>
    }
}

/// Asked once more, because it cannot be undone: who agrees again signs again.
#[component]
fn TakeBack(consent: Consent, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let what = consent_words(consent.kind);
    let take = move |_| {
        let command = RevokeConsent {
            consent_id: consent.id,
            patient_id: consent.patient_id,
        };
        let title = format!("{what}: taken back");
        desk.submit(title, Command::RevokeConsent(command), move |done| match done {
            Ok(_) => drop(open.try_set(false)),
            Err(why) => desk.say(why),
        });
    };
    view! {
        <div class="form">
            <p>{format!("“{what}” holds no longer from now on. What was done until now stays right, and the signature is kept. To agree again, the patient signs again.")}</p>
            <div class="ends">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <button type="button" class="btn danger" id="take-back-now" on:click=take>"Take back"</button>
            </div>
        </div>
    }
}
