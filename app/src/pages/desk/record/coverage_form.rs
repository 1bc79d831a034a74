//! A coverage to add, or a new version of one.

use super::card_photos::{CardPhotos, CardShots, record};
use crate::pages::desk::form::{BirthFields, DateParts, Problems, date_part, problem};
use crate::shell::staff::context::use_desk;
use chrono::NaiveDate;
use domain::coverage::{
    Coverage, Eligibility, PayerOrder, RecordCoverage, Source, Subscriber, SubscriberRelationship,
};
use domain::id::{CoverageId, PatientId};
use domain::patients::Sex;
use domain::validate::Validate;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{Field, Problem, ProblemSummary, SelectField};

const ORDERS: [(&str, &str, PayerOrder); 3] = [
    ("primary", "First", PayerOrder::Primary),
    ("secondary", "Second", PayerOrder::Secondary),
    ("tertiary", "Third", PayerOrder::Tertiary),
];
const HOLDERS: [(&str, &str, SubscriberRelationship); 4] = [
    ("self", "The patient", SubscriberRelationship::Itself),
    (
        "spouse",
        "Spouse of the patient's",
        SubscriberRelationship::Spouse,
    ),
    (
        "child",
        "The patient is a child of the holder",
        SubscriberRelationship::Child,
    ),
    ("other", "Someone else", SubscriberRelationship::Other),
];
const SEXES: [(&str, &str, Sex); 3] = [
    ("female", "Female", Sex::Female),
    ("male", "Male", Sex::Male),
    ("unknown", "Not known", Sex::Unknown),
];

fn options<T>(all: &[(&str, &str, T)]) -> Signal<Vec<(String, String)>> {
    let all: Vec<_> = all
        .iter()
        .map(|(key, word, _)| ((*key).to_owned(), (*word).to_owned()))
        .collect();
    Signal::derive(move || all.clone())
}

fn key_of<T: PartialEq>(all: &[(&'static str, &'static str, T)], value: &T) -> String {
    all.iter()
        .find(|(_, _, one)| one == value)
        .map(|(key, _, _)| (*key).to_owned())
        .unwrap_or_default()
}

fn value_of<T: Copy>(all: &[(&str, &str, T)], key: RwSignal<String>) -> Option<T> {
    key.with_untracked(|key| {
        all.iter()
            .find(|(known, _, _)| known == key)
            .map(|(_, _, value)| *value)
    })
}

/// The form; it closes its dialog when the entry is saved.
#[component]
pub fn CoverageForm(id: PatientId, replaces: Option<Coverage>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let old = replaces.as_ref();
    let text = |value: Option<&str>| RwSignal::new(value.unwrap_or_default().to_owned());
    let payer = text(old.map(|c| c.payer_name.as_str()));
    let member = text(old.map(|c| c.member_id.as_str()));
    let group = text(old.and_then(|c| c.group_number.as_deref()));
    let plan = text(old.and_then(|c| c.plan_name.as_deref()));
    let order = RwSignal::new(key_of(
        &ORDERS,
        &old.map_or(PayerOrder::Primary, |c| c.payer_order),
    ));
    let holder = RwSignal::new(key_of(
        &HOLDERS,
        &old.map_or(SubscriberRelationship::Itself, |c| c.subscriber_relationship),
    ));
    let known = old.and_then(|c| c.subscriber.clone());
    let family = text(known.as_ref().map(|s| s.family_name.as_str()));
    let given = text(known.as_ref().map(|s| s.given_name.as_str()));
    let birth = DateParts::new(known.as_ref().map(|s| s.birth_on));
    let sex = RwSignal::new(known.as_ref().map(|s| key_of(&SEXES, &s.sex)).unwrap_or_default());
    let from = RwSignal::new(desk.today().to_string());
    // A card with another number is another card, and its photos are still to be taken.
    let card = old.map(|old| (old.payer_name.clone(), old.member_id.clone()));
    let same = Memo::new(move |_| {
        let typed = |field: RwSignal<String>| field.with(|text| text.trim().to_owned());
        card.as_ref() == Some(&(typed(payer), typed(member)))
    });
    let photos = CardPhotos::of(old, same.into());
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let replaced = StoredValue::new(replaces);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let mut wrong = photos.unread();
        let today = desk.today();
        let line = |field: RwSignal<String>| {
            Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
        };
        let effective_on = from.with_untracked(|from| from.parse::<NaiveDate>().ok());
        if effective_on.is_none() {
            wrong.push(Problem::new("effective-on", "Enter the first day"));
        }
        let relationship = value_of(&HOLDERS, holder).unwrap_or_default();
        let subscriber = (relationship != SubscriberRelationship::Itself).then(|| {
            let birth_on = birth.read_untracked().unwrap_or_else(|code| {
                wrong.push(problem(&date_part("subscriber-dob", code), code));
                today
            });
            Subscriber {
                family_name: line(family).unwrap_or_default(),
                given_name: line(given).unwrap_or_default(),
                birth_on,
                sex: value_of(&SEXES, sex).unwrap_or_default(),
            }
        });
        let old = replaced.get_value();
        let engine = desk.engine();
        let (card_front, card_back) = photos.hashes();
        let coverage = Coverage {
            id: CoverageId(engine.new_id()),
            patient_id: id,
            payer_order: value_of(&ORDERS, order).unwrap_or(PayerOrder::Primary),
            payer_name: line(payer).unwrap_or_default(),
            payer_code: old
                .as_ref()
                .filter(|old| Some(&old.payer_name) == line(payer).as_ref())
                .and_then(|old| old.payer_code.clone()),
            plan_name: line(plan),
            member_id: line(member).unwrap_or_default(),
            group_number: line(group),
            subscriber_relationship: relationship,
            subscriber,
            effective_on,
            term_on: None,
            replaces_id: old.as_ref().map(|old| old.id),
            copay_amount: old.as_ref().and_then(|old| old.copay_amount),
            card_front,
            card_back,
            eligibility: Eligibility::NotChecked,
            source: Source::Staff,
            recorded_at: engine.ports.clock.now(),
        };
        for fault in coverage.faults(today).0 {
            let id = match fault.field.as_str() {
                "payer_name" => "payer".to_owned(),
                "member_id" => "member-id".to_owned(),
                "group_number" => "group-number".to_owned(),
                "plan_name" => "plan-name".to_owned(),
                "subscriber.family_name" => "subscriber-family".to_owned(),
                "subscriber.given_name" if fault.code == domain::validate::FaultCode::NameMissing => continue,
                "subscriber.given_name" => "subscriber-given".to_owned(),
                "subscriber.birth_on" => date_part("subscriber-dob", fault.code),
                _ => "payer".to_owned(),
            };
            wrong.push(problem(&id, fault.code));
        }
        if !problems.show(wrong) {
            return;
        }
        busy.set(true);
        let replaces_from = coverage.replaces_id.and(effective_on);
        let args = RecordCoverage {
            coverage,
            replaces_from,
        };
        record(desk, args, photos, move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => drop(open.try_set(false)),
                Err(why) => drop(problems.show(vec![Problem::new("payer", why)])),
            }
        });
    };
    let is_replacement = replaced.with_value(Option::is_some);
    let first_day = if is_replacement {
        "From this day (the old one ends the day before)"
    } else {
        "First day"
    };
    let other = Memo::new(move |_| holder.with(|holder| holder != "self"));
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <div class="cols">
                <Field id="payer" label="Insurance company" value=payer fault=problems.at("payer") />
                <Field id="member-id" label="Member ID, as on the card" value=member fault=problems.at("member-id") />
                <Field id="group-number" label="Group number (optional)" value=group fault=problems.at("group-number") />
                <Field id="plan-name" label="Plan (optional)" value=plan fault=problems.at("plan-name") />
                <SelectField id="payer-order" label="Pays" value=order options=options(&ORDERS) choose="Choose" />
                <Field id="effective-on" label=first_day value=from kind="date" fault=problems.at("effective-on") />
            </div>
            <SelectField id="subscriber-relationship" label="Who holds the insurance" value=holder options=options(&HOLDERS) choose="Choose" />
            <Show when=move || other.get()>
                <div class="cols">
                    <Field id="subscriber-given" label="Holder's given name" value=given fault=problems.at("subscriber-given") />
                    <Field id="subscriber-family" label="Holder's family name" value=family fault=problems.at("subscriber-family") />
                </div>
                <BirthFields id="subscriber-dob" legend="Holder's date of birth" parts=birth problems />
                <SelectField id="subscriber-sex" label="Holder's sex on insurance record" value=sex options=options(&SEXES) choose="Choose" />
            </Show>
            <CardShots photos problems />
            <p class="small soft">"Eligibility of a new version is not checked: an answer belongs to one version."</p>
            <div class="ends">
                <button type="submit" class="btn primary" id="save-coverage" aria-busy=move || busy.get().to_string()>"Save insurance"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
}
