//! What waits, the oldest first. Names are short while others may look on.

use crate::pages::desk::counter::CounterMode;
use crate::pages::desk::when::moment;
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::id::{DeviceId, IntakeId};
use domain::intake::diff::display_name;
use domain::intake::{ConsentDecision, Identity, InsuranceAnswer, Intake};
use domain::row::{Entity, Key, Row};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, Tone};

/// The list.
#[component]
pub fn Inbox(pending: Memo<Vec<Intake>>, chosen: Memo<Option<IntakeId>>) -> impl IntoView {
    let count = move || match pending.with(Vec::len) {
        0 => "Nothing waiting".to_owned(),
        1 => "1 waiting".to_owned(),
        n => format!("{n} waiting, the oldest first"),
    };
    view! {
        <div class="inbox">
            <div class="page-head">
                <div><h1>"Intake to review"</h1><p class="sub" role="status">{count}</p></div>
                <span class="push"></span>
                <CounterMode small=true />
            </div>
            <ol aria-label="Submissions">
                <For each=move || pending.get() key=|intake| (intake.id, intake.received_at) let(intake)>
                    <Item intake chosen />
                </For>
            </ol>
        </div>
    }
}

/// "Elena D."
pub fn short_name(identity: &Identity) -> String {
    let given = identity
        .preferred_name
        .as_deref()
        .filter(|name| !name.is_empty())
        .unwrap_or(&identity.given_name);
    match identity.family_name.chars().next() {
        Some(initial) if !given.trim().is_empty() => format!("{} {initial}.", given.trim()),
        _ => display_name(identity),
    }
}

/// "Kiosk 2"
pub fn device_label(engine: &crate::state::Engine, id: DeviceId) -> String {
    let rows = engine.get(Key::Row(Entity::Device, id.0));
    let label = rows.into_iter().find_map(|row| match row {
        Row::Device(device) => Some(device.label),
        _ => None,
    });
    label.unwrap_or_else(|| "A kiosk".to_owned())
}

#[component]
fn Item(intake: Intake, chosen: Memo<Option<IntakeId>>) -> impl IntoView {
    let desk = use_desk();
    let id = intake.id;
    let current = Memo::new(move |_| chosen.get() == Some(id));
    let (short, full) = (
        short_name(&intake.content.identity),
        display_name(&intake.content.identity),
    );
    let name = move || {
        if desk.counter.get() && !current.get() {
            short.clone()
        } else {
            full.clone()
        }
    };
    let engine = desk.engine();
    let cards = match &intake.content.insurance {
        InsuranceAnswer::Coverages { coverages } if coverages.len() == 1 => ", 1 insurance card".to_owned(),
        InsuranceAnswer::Coverages { coverages } => format!(", {} insurance cards", coverages.len()),
        InsuranceAnswer::SelfPay => ", pays without insurance".to_owned(),
        InsuranceAnswer::Same => String::new(),
    };
    let language = if intake.content.language == Lang::Es {
        ", in Spanish"
    } else {
        ""
    };
    let facts = format!("{}{cards}{language}", device_label(&engine, intake.device_id));
    let declined = intake
        .content
        .consents
        .iter()
        .any(|one| one.decision == ConsentDecision::Declined);
    let is_new = !intake.content.returning;
    view! {
        <li>
            <a
                href=path::intake(id)
                data-intake=id.to_string()
                aria-current=move || current.get().then_some("true")
            >
                <span class="top"><b>{name}</b><span>{moment(&engine, intake.received_at)}</span></span>
                {facts}
                {is_new.then(|| view! { <br /><Chip kind=Tone::Note icon="plus" label="Says they are new here" /> })}
                {declined.then(|| view! { <br /><Chip kind=Tone::Stop icon="ban" label="Consent declined" /> })}
            </a>
        </li>
    }
}
