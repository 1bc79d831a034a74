//! What was submitted beside what is recorded, line by line, ready to be decided.

use crate::pages::desk::words::{order_words, phone, shown};
use crate::state::Engine;
use chrono::NaiveDate;
use domain::coverage::{Coverage, in_force_on};
use domain::id::PatientId;
use domain::intake::diff::{FieldDiff, against};
use domain::intake::{InsuranceAnswer, Person, Submission, SubmittedCoverage};
use domain::patients::{Patient, PatientField, RelatedPerson, RelatedRole};
use domain::row::{Entity, Key, Row};
use domain::text::{Lang, phone_digits, spoken};

/// Under which heading a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Who somebody is.
    Person,
    /// How to reach them, and in which language.
    Contact,
    /// Who pays.
    Coverage,
    /// Who is around them.
    People,
}

impl Group {
    /// All of them, in order.
    pub const ALL: [Group; 4] = [Group::Person, Group::Contact, Group::Coverage, Group::People];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Group::Person => "Person",
            Group::Contact => "Contact",
            Group::Coverage => "Coverage",
            Group::People => "People",
        }
    }
}

/// What a line is about.
#[derive(Clone, PartialEq)]
pub enum About {
    /// A field of the record.
    Field(FieldDiff),
    /// A submitted coverage, by position.
    Coverage(usize),
    /// The emergency contact.
    EmergencyContact,
    /// Who pays.
    Guarantor,
}

/// One line.
#[derive(Clone, PartialEq)]
pub struct Line {
    /// Stable name, also on the page.
    pub key: String,
    /// Where it stands.
    pub group: Group,
    /// What people call it.
    pub label: String,
    /// What is recorded; empty for nothing.
    pub recorded: String,
    /// What was submitted.
    pub submitted: String,
    /// They mean the same.
    pub same: bool,
    /// "Accept all" may take it.
    pub safe: bool,
    /// What it is about.
    pub about: About,
}

/// Stable name of a field.
pub fn field_key(field: PatientField) -> String {
    serde_json::to_value(field)
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Every line of a submission, in order.
pub fn lines(
    engine: &Engine,
    content: &Submission,
    patient: Option<&Patient>,
    today: NaiveDate,
) -> Vec<Line> {
    let mut all: Vec<Line> = against(content, patient)
        .into_iter()
        .map(|diff| field_line(diff, patient))
        .collect();
    let id = patient.map(|patient| patient.id);
    if let InsuranceAnswer::Coverages { coverages } = &content.insurance {
        let recorded = id.map(|id| recorded_coverages(engine, id)).unwrap_or_default();
        let now = in_force_on(&recorded, today);
        for (index, new) in coverages.iter().enumerate() {
            let old = now.iter().find(|old| old.payer_order == new.payer_order).copied();
            all.push(coverage_line(index, new, old));
        }
    }
    let people = id.map(|id| recorded_people(engine, id)).unwrap_or_default();
    let mut person = |who: &Option<Person>, role: RelatedRole, key: &str, label: &str, about: About| {
        if let Some(new) = who {
            let old = people
                .iter()
                .find(|old| old.roles == [role] && old.ended_on.is_none());
            all.push(person_line(new, old, key, label, about));
        }
    };
    person(
        &content.emergency_contact,
        RelatedRole::EmergencyContact,
        "emergency_contact",
        "Emergency contact",
        About::EmergencyContact,
    );
    person(
        &content.guarantor,
        RelatedRole::Guarantor,
        "guarantor",
        "Who pays",
        About::Guarantor,
    );
    all.sort_by_key(|line| Group::ALL.iter().position(|group| *group == line.group));
    all
}

fn field_line(diff: FieldDiff, patient: Option<&Patient>) -> Line {
    use PatientField::*;
    let contact = [
        MobilePhone,
        HomePhone,
        WorkPhone,
        Email,
        HomeAddress,
        MailingAddress,
        Language,
        InterpreterNeeded,
    ];
    Line {
        key: field_key(diff.field),
        group: if contact.contains(&diff.field) {
            Group::Contact
        } else {
            Group::Person
        },
        label: diff.field.label().get(Lang::En).to_owned(),
        recorded: shown(diff.field, &diff.recorded),
        submitted: shown(diff.field, &diff.submitted),
        same: patient.is_some() && diff.same,
        safe: patient.is_none() || !diff.field.is_identity(),
        about: About::Field(diff),
    }
}

fn recorded_coverages(engine: &Engine, id: PatientId) -> Vec<Coverage> {
    let rows = engine.get(Key::OfPatient(Entity::Coverage, id));
    let pick = |row| match row {
        Row::Coverage(coverage) => Some(coverage),
        _ => None,
    };
    rows.into_iter().filter_map(pick).collect()
}

fn recorded_people(engine: &Engine, id: PatientId) -> Vec<RelatedPerson> {
    let rows = engine.get(Key::OfPatient(Entity::RelatedPerson, id));
    let pick = |row| match row {
        Row::RelatedPerson(person) => Some(person),
        _ => None,
    };
    rows.into_iter().filter_map(pick).collect()
}

fn card(payer: &str, member: &str, group: Option<&str>) -> String {
    let group = group
        .filter(|group| !group.is_empty())
        .map(|group| format!(" · group {group}"))
        .unwrap_or_default();
    format!("{payer} · {member}{group}")
}

fn coverage_line(index: usize, new: &SubmittedCoverage, old: Option<&Coverage>) -> Line {
    let alike = |old: &Coverage| {
        spoken(&old.payer_name) == spoken(&new.payer_name)
            && old.member_id.trim() == new.member_id.trim()
            && old.group_number.as_deref().unwrap_or_default()
                == new.group_number.as_deref().unwrap_or_default()
            && old.subscriber_relationship == new.subscriber_relationship
            && old.subscriber == new.subscriber
    };
    let holder = new.subscriber.as_ref();
    let holder = holder
        .map(|who| format!(" · held by {} {}", who.given_name, who.family_name))
        .unwrap_or_default();
    let has_photos = new.card_front.is_some() || new.card_back.is_some();
    Line {
        key: format!("coverage-{index}"),
        group: Group::Coverage,
        label: format!("{} insurance", order_words(new.payer_order)),
        recorded: old
            .map(|old| card(&old.payer_name, &old.member_id, old.group_number.as_deref()))
            .unwrap_or_default(),
        submitted: format!(
            "{}{holder}",
            card(&new.payer_name, &new.member_id, new.group_number.as_deref())
        ),
        // New photos of a known card are worth a look.
        same: old.is_some_and(alike) && !has_photos,
        safe: false,
        about: About::Coverage(index),
    }
}

fn person_line(new: &Person, old: Option<&RelatedPerson>, key: &str, label: &str, about: About) -> Line {
    let alike = |old: &RelatedPerson| {
        spoken(&old.given_name) == spoken(&new.given_name)
            && spoken(&old.family_name) == spoken(&new.family_name)
            && spoken(&old.relationship) == spoken(&new.relationship)
            && phone_digits(old.phone.as_deref().unwrap_or_default()) == phone_digits(&new.phone)
    };
    let words = |given: &str, family: &str, relationship: &str, number: &str| {
        format!("{given} {family}, {relationship}, {}", phone(number))
    };
    Line {
        key: key.to_owned(),
        group: Group::People,
        label: label.to_owned(),
        recorded: old
            .map(|o| {
                words(
                    &o.given_name,
                    &o.family_name,
                    &o.relationship,
                    o.phone.as_deref().unwrap_or("no phone"),
                )
            })
            .unwrap_or_default(),
        submitted: words(&new.given_name, &new.family_name, &new.relationship, &new.phone),
        same: old.is_some_and(alike),
        safe: true,
        about,
    }
}
