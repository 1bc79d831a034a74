//! Patients who were set aside: the rest of their record is at the clinic's server, and one press brings it here.

use crate::shell::staff::context::{Desk, use_desk};
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::patients::{AssignPatient, Membership};
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;
use ui::{Banner, Tone};

/// Where a patient belongs, live.
pub fn membership(desk: Desk, id: PatientId) -> Memo<Option<Membership>> {
    desk.live(move |engine| {
        let rows = engine.get(Key::Row(Entity::Membership, id.0));
        rows.into_iter().find_map(|row| match row {
            Row::Membership(membership) => Some(membership),
            _ => None,
        })
    })
}

/// Whether only the index of a patient is here, live.
pub fn set_aside(desk: Desk, id: PatientId) -> Memo<bool> {
    let membership = membership(desk, id);
    Memo::new(move |_| membership.with(|m| m.as_ref().is_some_and(|m| m.set_aside)))
}

/// Saves where a patient belongs; a refusal is told.
pub fn say_where(desk: Desk, command: AssignPatient) {
    desk.submit(
        "Where a patient belongs",
        Command::AssignPatient(command),
        move |done| {
            if let Err(why) = done {
                desk.say(why);
            }
        },
    );
}

/// What only the whole record can say, and before it how to get it, where it is not here: an empty list on this device
/// would read as "none known".
#[component]
pub fn WhenHere(id: PatientId, children: ChildrenFn) -> impl IntoView {
    let desk = use_desk();
    let aside = set_aside(desk, id);
    let bring = move |_| say_where(desk, AssignPatient::nothing(id));
    move || {
        match aside.get() {
        false => children().into_any(),
        true => view! {
            <div data-banner="set-aside">
                <Banner
                    kind=Tone::Note
                    icon="clock"
                    lead="The rest of this record is not on this device."
                    text="Nobody had to do with this patient for a year and a half, so it is kept at the clinic's server."
                >
                    {desk.may(CommandName::AssignPatient).then(|| view! {
                        <button type="button" class="btn s" id="bring-back" on:click=bring>"Bring it here"</button>
                    })}
                </Banner>
            </div>
        }
        .into_any(),
    }
    }
}
