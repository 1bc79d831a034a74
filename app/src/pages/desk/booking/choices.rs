//! The lists that forms choose from.

use crate::shell::staff::context::Desk;
use crate::state::Engine;
use domain::id::{SiteId, VisitTypeId};
use domain::row::{Entity, Key, Row};
use domain::schedule::{Scenario, VisitType};
use leptos::prelude::*;

/// Who is to pay, in the order of how often.
pub const SCENARIOS: [(Scenario, &str); 6] = [
    (Scenario::Insurance, "Insurance"),
    (Scenario::SelfPay, "Pays themselves"),
    (Scenario::WorkInjury, "Injury at work"),
    (Scenario::Auto, "Auto accident"),
    (Scenario::Employer, "Employer"),
    (Scenario::Research, "Study"),
];

/// The same as options: each one's place in the list, and its words.
pub fn scenario_options() -> Vec<(String, String)> {
    (SCENARIOS.iter().enumerate())
        .map(|(at, (_, words))| (at.to_string(), (*words).to_owned()))
        .collect()
}

/// One kind of visit, when this device knows it.
pub fn visit_type(engine: &Engine, id: VisitTypeId) -> Option<VisitType> {
    match engine.get(Key::Row(Entity::VisitType, id.0)).pop() {
        Some(Row::VisitType(kind)) => Some(kind),
        _ => None,
    }
}

/// Every site, as a choice.
pub fn sites(engine: &Engine) -> Vec<(String, String)> {
    let mut all = engine.pick(Entity::Site, |row| match row {
        Row::Site(site) => Some((site.id.0.to_string(), site.name.clone())),
        _ => None,
    });
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// What can be booked, by name.
pub fn kinds(desk: Desk) -> Memo<Vec<VisitType>> {
    desk.live(|engine| {
        let mut all: Vec<VisitType> = engine.pick(Entity::VisitType, |row| match row {
            Row::VisitType(kind) if kind.active => Some(kind.clone()),
            _ => None,
        });
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    })
}

/// Everyone who sees patients, as a choice.
pub fn people(engine: &Engine) -> Vec<(String, String)> {
    let mut all = engine.pick(Entity::Practitioner, |row| match row {
        Row::Practitioner(row) if row.active => Some((
            row.id.0.to_string(),
            format!("{} {}", row.given_name, row.family_name),
        )),
        _ => None,
    });
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// Who sees patients at a site, as a choice.
pub fn practitioners(desk: Desk, site: Signal<Option<SiteId>>) -> Memo<Vec<(String, String)>> {
    desk.live(move |engine| {
        let at = site.get();
        let mut all: Vec<(String, String)> = engine.pick(Entity::Practitioner, |row| match row {
            Row::Practitioner(row) if row.active && at.is_some_and(|at| row.site_ids.contains(&at)) => {
                Some((
                    row.id.0.to_string(),
                    format!("{} {}", row.given_name, row.family_name),
                ))
            }
            _ => None,
        });
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    })
}
