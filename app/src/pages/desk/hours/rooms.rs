//! Rooms and devices: resources of their own, never people.

use super::{named, save};
use crate::pages::desk::booking::sites;
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::{ResourceId, SiteId};
use domain::row::{Entity, Row};
use domain::schedule::Resource;
use leptos::prelude::*;
use ui::{CheckField, Dialog, Field, Icon, Problem, ProblemSummary, SelectField};

/// The list.
#[component]
pub fn Rooms() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let edit = RwSignal::new(None::<Resource>);
    let known = desk.live(sites);
    let all = desk.live(move |engine| {
        let mut all = engine.pick(Entity::Resource, |row| match row {
            Row::Resource(row) => Some(row.clone()),
            _ => None,
        });
        all.sort_by(|a, b| (!a.active, a.site_id, &a.name).cmp(&(!b.active, b.site_id, &b.name)));
        all
    });
    let begin = move |row: Option<Resource>| {
        edit.set(row);
        open.set(true);
    };
    let row = move |one: Resource| {
        let at = one.site_id;
        let site = move || known.with(|known| named(known, at.0));
        let (id, name, kind) = (one.id.to_string(), one.name.clone(), one.kind.replace('_', " "));
        let state = if one.active { "In use" } else { "Not in use" };
        view! {
            <tr data-room=id>
                <th scope="row">{name}</th><td>{site}</td><td>{kind}</td><td>{state}</td>
                <td class="num"><button type="button" class="btn s" on:click=move |_| begin(Some(one.clone()))>"Change"</button></td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Rooms and devices">
            <div class="row pad-line">
                <span class="push"></span>
                <button type="button" class="btn primary" id="room-add" on:click=move |_| begin(None)><Icon name="plus" small=true />"Add a room or device"</button>
            </div>
            <table class="table">
                <thead><tr>
                    <th scope="col">"Name"</th><th scope="col">"Site"</th><th scope="col">"Kind"</th><th scope="col">"State"</th>
                    <th scope="col"><span class="vh">"Do"</span></th>
                </tr></thead>
                <tbody>{move || all.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Dialog open title="Room or device" close="Close">
            {move || { let known = edit.get(); view! { <RoomForm known open /> } }}
        </Dialog>
    }
}

#[component]
fn RoomForm(known: Option<Resource>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let places = desk.live(sites);
    let of = |read: fn(&Resource) -> String, usual: &str| {
        RwSignal::new(known.as_ref().map_or_else(|| usual.to_owned(), read))
    };
    let name = of(|row| row.name.clone(), "");
    let kind = of(|row| row.kind.clone(), "exam_room");
    let site = of(|row| row.site_id.0.to_string(), "");
    let active = RwSignal::new(known.as_ref().is_none_or(|row| row.active));
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = |text: RwSignal<String>| text.with_untracked(|text| text.trim().to_owned());
        let at = site.with_untracked(|site| site.parse().ok().map(SiteId));
        let checks = [
            (text(name).is_empty(), "room-name", "Enter a name, such as Room 3"),
            (
                text(kind).is_empty(),
                "room-kind",
                "Enter the kind that visits ask for, such as exam_room",
            ),
            (at.is_none(), "room-site", "Choose the site"),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let Some(site_id) = at else { return };
        let row = Resource {
            id: known
                .as_ref()
                .map_or_else(|| ResourceId(desk.engine().new_id()), |row| row.id),
            site_id,
            name: text(name),
            kind: text(kind).to_lowercase().replace(' ', "_"),
            active: active.get_untracked(),
        };
        save(desk, "Room or device", Command::DefineResource(row), open);
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <Field id="room-name" label="Name" value=name autofocus=true fault=problems.at("room-name") />
            <Field id="room-kind" label="Kind" hint="What visits ask for" value=kind fault=problems.at("room-kind") />
            <SelectField id="room-site" label="Site" value=site choose="Choose" options=places fault=problems.at("room-site") />
            <CheckField id="room-active" label="In use" value=active />
            <div class="ends"><button type="submit" class="btn primary" id="room-save">"Save"</button></div>
        </form>
    }
}
