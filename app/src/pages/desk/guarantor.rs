//! Who gets a patient's bills, as the desk says it: on the record, beside the insurance and at check-in.

use super::aside::{Here, here};
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::Engine;
use chrono::NaiveDate;
use domain::id::PatientId;
use domain::patients::guarantor::{Responsible, responsible};
use domain::patients::{Patient, RelatedPerson, TelecomSystem, TelecomUse};
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;

/// Someone who has a record here, called what it says.
pub fn copied(record: &Patient, person: RelatedPerson) -> RelatedPerson {
    let phone = |usage| record.telecom(TelecomSystem::Phone, usage);
    let own = phone(TelecomUse::Mobile).or_else(|| phone(TelecomUse::Home));
    RelatedPerson {
        own_record_id: Some(record.id),
        family_name: record.family_name.clone(),
        given_name: record.given_name.clone(),
        birth_on: Some(record.birth_on),
        phone: own.map(|one| one.value.clone()).or(person.phone),
        ..person
    }
}

/// Someone around a patient, as their own record has them now when they have one.
fn as_known(engine: &Engine, person: RelatedPerson) -> RelatedPerson {
    let own = person.own_record_id.map(|own| engine.survivor(own));
    match own.and_then(|own| engine.patient(own)) {
        Some(record) => copied(&record, person),
        None => person,
    }
}

/// The people around a patient.
pub fn people_of(engine: &Engine, id: PatientId) -> Vec<RelatedPerson> {
    let rows = engine.get(Key::OfPatient(Entity::RelatedPerson, id)).into_iter();
    rows.filter_map(|row| match row {
        Row::RelatedPerson(person) => Some(as_known(engine, person)),
        _ => None,
    })
    .collect()
}

/// Who gets a patient's bills; nothing where the record is not here, or not for whoever is at work.
fn responsible_of(engine: &Engine, id: PatientId, today: NaiveDate) -> Option<Responsible> {
    let patient = engine.patient(id)?;
    Some(responsible(patient.birth_on, people_of(engine, id), today))
}

/// The same, live.
pub fn who_pays(desk: Desk, id: PatientId) -> Memo<Option<Responsible>> {
    let here = here(desk, id);
    desk.live(move |engine| {
        let is_here = here.get() == Here::Whole && desk.holds(Entity::RelatedPerson);
        is_here
            .then(|| responsible_of(engine, id, desk.today()))
            .flatten()
    })
}

/// "Inés Ruiz (mother)"
fn name_of(person: &RelatedPerson) -> String {
    format!("{} ({})", person.display_name(), person.relationship)
}

/// "Inés Ruiz (mother), Luis Ruiz (father)"
pub fn names(people: &[RelatedPerson]) -> String {
    people.iter().map(name_of).collect::<Vec<_>>().join(", ")
}

/// "Bills go to Inés Ruiz (mother)", with the way to her own record.
#[component]
pub fn WhoPays(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let who = who_pays(desk, id);
    let one = |(at, person): (usize, RelatedPerson)| {
        let before = if at == 0 { " " } else { ", " };
        match person.own_record_id {
            Some(own) => view! { {before}<a href=path::patient(own)>{name_of(&person)}</a> }.into_any(),
            None => view! { {before}{name_of(&person)} }.into_any(),
        }
    };
    move || {
        let words = match who.get()? {
            Responsible::Patient => view! { "Bills go to the patient" }.into_any(),
            Responsible::Guarantors(all) => {
                view! { "Bills go to"{all.into_iter().enumerate().map(one).collect_view()} }.into_any()
            }
            Responsible::Nobody => view! { "No adult gets the bills yet" }.into_any(),
        };
        Some(view! { <p class="ids" data-pays>{words}</p> })
    }
}

/// Whose bills a patient gets: the family, on the guarantor's own record.
#[component]
pub fn AlsoResponsible(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let family = desk.live(move |engine| {
        let (own, today) = (engine.survivor(id), desk.today());
        let linked = engine.pick(Entity::RelatedPerson, |row| match row {
            Row::RelatedPerson(person) if person.pays_on(today) => {
                Some((person.own_record_id?, person.patient_id))
            }
            _ => None,
        });
        let mut family: Vec<(String, PatientId, u32)> = linked
            .into_iter()
            .filter(|(guarantor, _)| engine.survivor(*guarantor) == own)
            .filter_map(|(_, of)| engine.patient(engine.survivor(of)))
            .map(|patient| (patient.display_name(), patient.id, patient.age_on(today)))
            .collect();
        family.sort();
        family.dedup();
        family
    });
    let one = |(name, id, age): (String, PatientId, u32)| {
        view! { <li data-dependent=id.to_string()><span class="soft">"Pays for"</span><span><a href=path::patient(id)>{name}</a><small>{format!("{age} y")}</small></span></li> }
    };
    move || {
        (!family.with(Vec::is_empty)).then(|| {
            view! {
                <h3 class="in">"Also responsible for"</h3>
                <ul class="events" id="also-responsible">{family.get().into_iter().map(one).collect_view()}</ul>
            }
        })
    }
}
