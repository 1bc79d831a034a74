//! Places of care. "Today" at a site is the day of its own zone.

use super::{Listed, typed};
use crate::pages::desk::form::Problems;
use crate::pages::desk::hours::{named, save};
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::{BillingEntityId, SiteId};
use domain::practice::Site;
use domain::row::{Entity, Row};
use leptos::prelude::*;
use ui::{Dialog, Field, Problem, ProblemSummary, SelectField};

/// Zones of the United States and its territories (49 CFR 71, as IANA names them).
const ZONES: [(&str, &str); 9] = [
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("Pacific/Guam", "Guam"),
];

/// Where a practice's own sites can be (CMS place of service code set).
const PLACES: [(&str, &str); 8] = [
    ("11", "Office"),
    ("20", "Urgent care facility"),
    ("17", "Walk-in retail health clinic"),
    ("19", "Off-campus outpatient hospital"),
    ("22", "On-campus outpatient hospital"),
    ("49", "Independent clinic"),
    ("50", "Federally qualified health center"),
    ("72", "Rural health clinic"),
];

/// Who bills, as a choice.
fn billers(engine: &crate::state::Engine) -> Vec<(String, String)> {
    let mut all = engine.pick(Entity::BillingEntity, |row| match row {
        Row::BillingEntity(row) => Some((row.id.0.to_string(), row.legal_name.clone())),
        _ => None,
    });
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// Choices, and beside them one that is in use already and not among them.
fn choices(known: &[(&str, &str)], words: fn(&str, &str) -> String, used: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = known
        .iter()
        .map(|(key, word)| ((*key).to_owned(), words(key, word)))
        .collect();
    if !used.is_empty() && !known.iter().any(|(key, _)| *key == used) {
        all.push((used.to_owned(), used.to_owned()));
    }
    all
}

/// The list.
#[component]
pub fn Sites() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let edit = RwSignal::new(None::<Site>);
    let who = desk.live(billers);
    let all = desk.live(move |engine| {
        let mut all = engine.pick(Entity::Site, |row| match row {
            Row::Site(row) => Some(row.clone()),
            _ => None,
        });
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    });
    let begin = move |row: Option<Site>| {
        edit.set(row);
        open.set(true);
    };
    let row = move |one: Site| {
        let biller = one.billing_entity_id;
        let bills = move || who.with(|who| named(who, biller.0));
        let zone = one.time_zone.replace('_', " ");
        let (id, name, address) = (one.id.to_string(), one.name.clone(), one.address.clone());
        view! {
            <tr data-site=id>
                <th scope="row">{name}</th><td>{address}</td><td>{zone}</td><td>{bills}</td>
                <td class="num"><button type="button" class="btn s" on:click=move |_| begin(Some(one.clone()))>"Change"</button></td>
            </tr>
        }
    };
    view! {
        <Listed
            label="Sites"
            add=("site-add", "Add a site")
            columns=&[("Name", false), ("Address", false), ("Time zone", false), ("Who bills", false)]
            none=("pin", "There is no site yet", "Enter who bills first, then the place where patients are seen.")
            is_empty=Signal::derive(move || all.with(Vec::is_empty))
            begin=Callback::new(move |()| begin(None))
            rows=move || all.get().into_iter().map(row).collect_view()
        />
        <Dialog open title="Site" close="Close">
            {move || { let known = edit.get(); view! { <SiteForm known open /> } }}
        </Dialog>
    }
}

#[component]
fn SiteForm(known: Option<Site>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let who = desk.live(billers);
    let of = |read: fn(&Site) -> String, usual: &str| {
        RwSignal::new(known.as_ref().map_or_else(|| usual.to_owned(), read))
    };
    let name = of(|row| row.name.clone(), "");
    let address = of(|row| row.address.clone(), "");
    let zone = of(|row| row.time_zone.clone(), "");
    let place = of(|row| row.place_of_service.clone(), "11");
    let only = who.with_untracked(|who| match &who[..] {
        [(only, _)] => only.clone(),
        _ => String::new(),
    });
    let biller = of(|row| row.billing_entity_id.0.to_string(), &only);
    let zones = choices(&ZONES, |_, word| word.to_owned(), &zone.get_untracked());
    let places = choices(
        &PLACES,
        |key, word| format!("{key} {word}"),
        &place.get_untracked(),
    );
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let bills = biller.with_untracked(|id| id.parse().ok().map(BillingEntityId));
        let checks = [
            (
                typed(name).is_none(),
                "site-name",
                "Enter a name, as patients know it",
            ),
            (
                typed(address).is_none(),
                "site-address",
                "Enter the address on one line",
            ),
            (typed(zone).is_none(), "site-zone", "Choose the time zone"),
            (typed(place).is_none(), "site-place", "Choose the kind of place"),
            (bills.is_none(), "site-biller", "Choose who bills for this site"),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let Some(billing_entity_id) = bills else { return };
        let text = |text| typed(text).unwrap_or_default();
        let row = Site {
            id: known
                .as_ref()
                .map_or_else(|| SiteId(desk.engine().new_id()), |row| row.id),
            billing_entity_id,
            name: text(name),
            time_zone: text(zone),
            address: text(address),
            place_of_service: text(place),
        };
        save(desk, "Site", Command::RecordSite(row), open);
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <Field id="site-name" label="Name" value=name autofocus=true fault=problems.at("site-name") />
            <Field id="site-address" label="Address" hint="Street, city, state and ZIP code" value=address fault=problems.at("site-address") />
            <SelectField id="site-zone" label="Time zone" value=zone choose="Choose" options=Signal::stored(zones) fault=problems.at("site-zone") />
            <SelectField id="site-place" label="Kind of place" hint="Place of service on claims" value=place choose="Choose" options=Signal::stored(places) fault=problems.at("site-place") />
            <SelectField id="site-biller" label="Who bills" value=biller choose="Choose" options=who fault=problems.at("site-biller") />
            <div class="ends"><button type="submit" class="btn primary" id="site-save">"Save"</button></div>
        </form>
    }
}
