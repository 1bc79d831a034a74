//! Where a patient belongs: the sites they come to, and so the devices that hold their record.

use super::card::Card;
use crate::pages::desk::aside::{membership, say_where};
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::id::{PatientId, SiteId};
use domain::patients::AssignPatient;
use domain::practice::Site;
use domain::row::{Entity, Row};
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
    let membership = membership(desk, id);
    let held =
        Memo::new(move |_| membership.with(|m| m.as_ref().map(|m| m.site_ids.clone()).unwrap_or_default()));
    let may = desk.may(CommandName::AssignPatient);
    let assign = move |add_sites: Vec<SiteId>, remove_sites: Vec<SiteId>| {
        let command = AssignPatient {
            add_sites,
            remove_sites,
            ..AssignPatient::nothing(id)
        };
        say_where(desk, command);
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
                    on:change=move |event| {
                        let (on, off) = if event_target_checked(&event) { (vec![at], vec![]) } else { (vec![], vec![at]) };
                        assign(on, off);
                    }
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
