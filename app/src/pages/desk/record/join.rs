//! Joining two records of one person: side by side, field by field, and what goes along.

use crate::pages::desk::words::{mrn_words, shown};
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::Engine;
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::patients::{MarkDistinct, MergePatients, Patient, PatientField, UnmergePatients};
use domain::row::{Entity, Key};
use domain::text::Lang;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What is counted of what goes along, and what it is called.
const COUNTED: [(Entity, &str); 6] = [
    (Entity::Appointment, "appointments"),
    (Entity::Coverage, "coverages"),
    (Entity::Consent, "consents"),
    (Entity::RelatedPerson, "related persons"),
    (Entity::Intake, "intakes"),
    (Entity::HistoryItem, "entries of history"),
];

/// "3 appointments, 1 consents" of a record, as far as this device holds them.
fn goes_along(engine: &Engine, id: PatientId) -> String {
    let counted = COUNTED.iter().filter_map(|(entity, word)| {
        let n = engine.get(Key::OfPatient(*entity, id)).len();
        (n > 0).then(|| format!("{n} {word}"))
    });
    let words: Vec<String> = counted.collect();
    match words.is_empty() {
        true => "Nothing else is recorded there on this device.".to_owned(),
        false => format!("It brings {}.", words.join(", ")),
    }
}

/// Says that two records are of two people.
pub fn tell_apart(desk: Desk, a: PatientId, b: PatientId) {
    let command = Command::MarkDistinct(MarkDistinct { a, b });
    desk.enter("Two people, told apart", command);
}

/// Takes two records apart again.
pub fn take_apart(desk: Desk, patient_id: PatientId, other: PatientId) {
    let command = Command::UnmergePatients(UnmergePatients { patient_id, other });
    desk.enter("Two records taken apart", command);
}

/// The comparison. `one` survives unless the sides are changed.
#[component]
pub fn JoinForm(one: Patient, other: Patient, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let sides = RwSignal::new((one, other));
    let take = RwSignal::new(BTreeSet::<PatientField>::new());
    let may_join = desk.may(CommandName::MergePatients);
    let may_tell = desk.may(CommandName::MarkDistinct);
    let turn = move |_| {
        sides.update(|(keep, other)| std::mem::swap(keep, other));
        take.update(BTreeSet::clear);
    };
    let ids = move || sides.with_untracked(|(keep, other)| (keep.id, other.id));
    let join = move |_| {
        let (keep, other) = ids();
        let command = Command::MergePatients(MergePatients {
            keep,
            other,
            take: take.get_untracked().into_iter().collect(),
        });
        open.set(false);
        desk.submit("Two records joined", command, move |done| match done {
            Ok(_) => {
                let undo = Callback::new(move |()| take_apart(desk, keep, other));
                desk.offer("Two records are one now.", "Undo", undo);
                desk.go(&path::patient(keep));
            }
            Err(why) => desk.say(why),
        });
    };
    let apart = move |_| {
        let (a, b) = ids();
        tell_apart(desk, a, b);
        open.set(false);
    };
    let row = move |field: PatientField| {
        let (a, b) =
            sides.with(|(keep, other)| (shown(field, &field.read(keep)), shown(field, &field.read(other))));
        if a.is_empty() && b.is_empty() {
            return None;
        }
        let differs = a != b;
        let value = move |text: String| match (text.is_empty(), differs) {
            (true, _) => view! { <span class="empty">"none"</span> }.into_any(),
            (_, true) => view! { <ins>{text}</ins> }.into_any(),
            _ => text.into_any(),
        };
        let turn = move |event| {
            let on = event_target_checked(&event);
            take.update(|take| {
                if on {
                    take.insert(field);
                } else {
                    take.remove(&field);
                }
            });
        };
        let choice = differs.then(|| {
            view! {
                <label class="tick">
                    <input type="checkbox" data-take=field.name() prop:checked=move || take.with(|take| take.contains(&field)) on:change=turn />
                    "Take this"
                </label>
            }
        });
        Some(view! {
            <tr class:same=!differs>
                <th scope="row">{field.label().get(Lang::En)}</th>
                <td class="val">{value(a)}</td>
                <td class="val">{value(b)}{choice}</td>
            </tr>
        })
    };
    let head = move |first: bool| {
        sides.with(|(keep, other)| {
            let one = if first { keep } else { other };
            let word = if first { "Stays" } else { "Joins it" };
            format!("{word}: {}, {}", one.display_name(), mrn_words(&one.mrn))
        })
    };
    let along = desk.live(move |engine| sides.with(|(_, other)| goes_along(engine, other.id)));
    view! {
        <table class="table diff flush" id="join">
            <thead><tr>
                <th scope="col">"Field"</th>
                <th scope="col">{move || head(true)}</th>
                <th scope="col">{move || head(false)}</th>
            </tr></thead>
            <tbody>{move || PatientField::ALL.iter().copied().filter_map(row).collect::<Vec<_>>()}</tbody>
        </table>
        <p class="small soft">{along}" Whatever is entered for it elsewhere follows. Joining can be taken back from the record."</p>
        <div class="ends">
            {may_join.then(|| view! {
                <button type="button" class="btn primary" id="join-save" on:click=join>"They are one person: join"</button>
                <button type="button" class="btn" id="join-turn" on:click=turn>"Keep the other one"</button>
            })}
            {may_tell.then(|| view! { <button type="button" class="btn" id="join-apart" on:click=apart>"Two people"</button> })}
        </div>
    }
}
