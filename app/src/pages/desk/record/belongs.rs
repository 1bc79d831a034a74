//! Where a patient belongs: the sites they come to, and so the devices that hold their record.

use super::cards::Card;
use crate::shell::staff::context::use_desk;
use domain::command::{Command, CommandName};
use domain::id::{PatientId, SiteId};
use domain::patients::AssignPatient;
use domain::practice::Site;
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;

/// The sites, each to be ticked. None ticked means the whole practice.
#[component]
pub fn BelongsCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let sites = desk.live(|engine| {
        let mut all: Vec<Site> = engine.pick(Entity::Site, |row| match row {
            Row::Site(site) => Some(site.clone()),
            _ => None,
        });
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    });
    let held = desk.live(move |engine| {
        engine
            .get(Key::Row(Entity::Membership, id.0))
            .into_iter()
            .find_map(|row| match row {
                Row::Membership(membership) => Some(membership.site_ids),
                _ => None,
            })
            .unwrap_or_default()
    });
    let may = desk.may(CommandName::AssignPatient);
    let assign = move |site: SiteId, on: bool| {
        let (add_sites, remove_sites) = if on {
            (vec![site], vec![])
        } else {
            (vec![], vec![site])
        };
        let command = AssignPatient {
            patient_id: id,
            add_sites,
            remove_sites,
            add_practitioners: vec![],
            remove_practitioners: vec![],
        };
        desk.submit(
            "Where a patient belongs",
            Command::AssignPatient(command),
            move |done| {
                if let Err(why) = done {
                    desk.say(why);
                }
            },
        );
    };
    let row = move |site: Site| {
        let at = site.id;
        let ticked = move || held.with(|held| held.contains(&at));
        view! {
            <label class="tick">
                <input
                    type="checkbox"
                    data-site=at.to_string()
                    disabled=!may
                    prop:checked=ticked
                    on:change=move |event| assign(at, event_target_checked(&event))
                />
                <span>{site.name}</span>
            </label>
        }
    };
    let words = move || match held.with(Vec::is_empty) {
        true => "No site is ticked: every site of the practice holds this record.",
        false => "Devices of these sites hold this record; others hold the name only.",
    };
    view! {
        <Card id="belongs" title="Comes to">
            <div class="in">
                {move || sites.get().into_iter().map(row).collect_view()}
                <p class="small soft">{words}</p>
            </div>
        </Card>
    }
}
