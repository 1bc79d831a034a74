//! Whether a patient's whole record is on this device. Where it is not, nothing is listed that would read as "none known".

use crate::shell::staff::context::{Desk, use_desk};
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::patients::{AssignPatient, BringBackPatient, Membership};
use domain::row::{Entity, Key, Row};
use domain::scope::Scope;
use leptos::prelude::*;
use sync::device::Device;
use ui::{Banner, Tone};

/// Where a patient belongs, live, with what was entered here on top.
pub fn membership(desk: Desk, id: PatientId) -> Memo<Option<Membership>> {
    desk.live(move |engine| {
        let rows = engine.get(Key::Row(Entity::Membership, id.0));
        rows.into_iter().find_map(|row| match row {
            Row::Membership(membership) => Some(membership),
            _ => None,
        })
    })
}

/// Saves something about where a record is; a refusal is told.
fn submit(desk: Desk, what: &'static str, command: Command) {
    desk.enter(what, command);
}

/// Saves where a patient belongs.
pub fn say_where(desk: Desk, command: AssignPatient) {
    submit(desk, "Where a patient belongs", Command::AssignPatient(command));
}

/// How much of a record is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// All that the person at work may hold.
    Whole,
    /// The index: nobody had to do with them for long. Whether it was asked for here.
    Aside(bool),
    /// The index: they come to other sites.
    Elsewhere,
    /// Not everything was fetched yet.
    Coming,
}

/// How much of a record is here, live. Only what the server has said counts: what was just entered here brings no rows.
pub fn here(desk: Desk, id: PatientId) -> Memo<Here> {
    let asked = membership(desk, id);
    desk.live(move |engine| {
        let asked = asked.with(|m| m.as_ref().is_some_and(|m| !m.set_aside));
        engine
            .with_device(|device| how_much(device, id, asked))
            .unwrap_or(Here::Coming)
    })
}

fn how_much(device: &Device, id: PatientId, asked: bool) -> Here {
    let confirmed = |entity, id| device.confirmed.row(entity, id);
    let Some(actor) = &device.actor else {
        return Here::Coming;
    };
    let membership = match confirmed(Entity::Membership, id.0) {
        Some(Row::Membership(membership)) => Some(membership),
        _ => None,
    };
    if membership.is_some_and(|membership| membership.set_aside) {
        return Here::Aside(asked);
    }
    let own = actor
        .member
        .and_then(|member| confirmed(Entity::WorkforceMember, member.0));
    let this = match confirmed(Entity::Device, device.identity.device.0) {
        Some(Row::Device(this)) => Some(this),
        _ => None,
    };
    if let Some(Row::WorkforceMember(member)) = own
        && !Scope::of(member, this).holds(membership)
    {
        return Here::Elsewhere;
    }
    let covered = |compartment| device.meta.covers.contains(compartment);
    match actor.role.compartments().iter().all(covered) {
        true => Here::Whole,
        false => Here::Coming,
    }
}

/// What only the whole record can say; where it is not here, that it is not, and how to get it.
#[component]
pub fn WhenHere(id: PatientId, children: ChildrenFn) -> impl IntoView {
    let desk = use_desk();
    let here = here(desk, id);
    move || match here.get() {
        Here::Whole => children().into_any(),
        other => view! { <Missing id here=other /> }.into_any(),
    }
}

#[component]
fn Missing(id: PatientId, here: Here) -> impl IntoView {
    let desk = use_desk();
    let bring = move |_| {
        let command = Command::BringBackPatient(BringBackPatient { patient_id: id });
        submit(desk, "A record asked for", command);
    };
    let why = match here {
        Here::Aside(false) => {
            "Nobody had to do with this patient for a year and a half, so it is kept at the clinic's server."
        }
        Here::Aside(true) => {
            "It was asked for, and comes as soon as this device reaches the clinic's server."
        }
        Here::Elsewhere => "This patient comes to other sites. Tick this site to have the record here.",
        Here::Coming | Here::Whole => "It comes as soon as this device reaches the clinic's server.",
    };
    let ask = here == Here::Aside(false) && desk.may(CommandName::BringBackPatient);
    view! {
        <div data-banner="not-here">
            <Banner kind=Tone::Note icon="clock" lead="The rest of this record is not on this device." text=why>
                {ask.then(|| view! {
                    <button type="button" class="btn s" id="bring-back" on:click=bring>"Bring it here"</button>
                })}
            </Banner>
        </div>
    }
}
