//! The form for someone around a patient: new, or to be corrected.

use crate::pages::desk::booking::{PatientPick, Picked};
use crate::pages::desk::form::{Problems, problem};
use crate::pages::desk::guarantor::copied;
use crate::pages::desk::words::related_words;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::{PatientId, RelatedPersonId};
use domain::patients::guarantor::is_minor;
use domain::patients::{Change, CorrectRelatedPerson, RelatedField, RelatedPerson, RelatedRole};
use domain::validate::{FaultCode, Validate};
use leptos::prelude::*;
use ui::{Choice, ChoiceLayout, ChoicesField, Field, Problem, ProblemSummary};

/// In the order in which they are kept.
const ROLES: [RelatedRole; 4] = [
    RelatedRole::Guarantor,
    RelatedRole::PersonalRepresentative,
    RelatedRole::Escort,
    RelatedRole::EmergencyContact,
];

/// A choice's value: its place in [`ROLES`].
fn key(role: RelatedRole) -> String {
    let place = ROLES.iter().position(|known| *known == role);
    place.map(|place| place.to_string()).unwrap_or_default()
}

/// What differs, each with the value that was seen.
fn changes(seen: &RelatedPerson, typed: &RelatedPerson) -> Vec<Change<RelatedField>> {
    RelatedField::ALL
        .into_iter()
        .map(|field| Change {
            field,
            from: field.read(seen),
            to: field.read(typed),
        })
        .filter(|change| change.from != change.to)
        .collect()
}

/// The form. What is not asked here stays as it is.
#[component]
pub fn PersonForm(
    id: PatientId,
    open: RwSignal<bool>,
    /// Whom to correct.
    known: Option<RelatedPerson>,
    /// Someone who pays, unless it is said otherwise.
    #[prop(optional)]
    pays: bool,
) -> impl IntoView {
    let desk = use_desk();
    let seen = known.clone().unwrap_or_else(|| RelatedPerson {
        id: RelatedPersonId(desk.engine().new_id()),
        patient_id: id,
        roles: if pays {
            vec![RelatedRole::Guarantor]
        } else {
            Vec::new()
        },
        relationship: String::new(),
        family_name: String::new(),
        given_name: String::new(),
        birth_on: None,
        phone: None,
        address: None,
        authority: None,
        ended_on: None,
        own_record_id: None,
    });
    let text = |text: &str| RwSignal::new(text.to_owned());
    let (given, family) = (text(&seen.given_name), text(&seen.family_name));
    let (relationship, number) = (
        text(&seen.relationship),
        text(seen.phone.as_deref().unwrap_or_default()),
    );
    let authority = text(seen.authority.as_deref().unwrap_or_default());
    let held = |role: &&RelatedRole| seen.roles.contains(role);
    let roles = RwSignal::new(
        ROLES
            .iter()
            .filter(held)
            .map(|role| key(*role))
            .collect::<Vec<_>>(),
    );
    // Someone who is a patient, too, is called what their own record says.
    let (linked, is_new) = (seen.own_record_id, known.is_none());
    // A record is linked by a choice alone: who happens to be found first while somebody types is another person.
    let own = Picked::explicit();
    let own_id = Memo::new(move |_| linked.or_else(|| own.patient.get()));
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let line = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let optional = |field: RwSignal<String>| Some(line(field)).filter(|text| !text.is_empty());
        let chosen = |role: &RelatedRole| roles.with_untracked(|all| all.contains(&key(*role)));
        let person = RelatedPerson {
            roles: ROLES.into_iter().filter(chosen).collect(),
            relationship: line(relationship),
            family_name: line(family),
            given_name: line(given),
            phone: optional(number),
            authority: optional(authority),
            ..seen.clone()
        };
        let record = own_id.get_untracked().filter(|_| is_new);
        let record = record.and_then(|own| desk.engine().patient(own));
        let person = match &record {
            Some(record) => copied(record, person),
            None => person,
        };
        let field = |path: &str| match path {
            "family_name" => "person-family",
            "relationship" => "person-relationship",
            "phone" => "person-phone",
            _ => "person-given",
        };
        let mut wrong: Vec<Problem> = Vec::new();
        for fault in person.faults(desk.today()).0 {
            let twice = fault.code == FaultCode::NameMissing && fault.field == "family_name";
            if !twice {
                wrong.push(problem(field(&fault.field), fault.code));
            }
        }
        if person.roles.is_empty() {
            wrong.push(Problem::new("person-role", "Choose what they are"));
        }
        if person.own_record_id == Some(id) {
            wrong.push(Problem::new(
                "person-record",
                "Choose somebody else than the patient",
            ));
        }
        let is_child = person.birth_on.is_some_and(|born| is_minor(born, desk.today()));
        if is_child && person.roles.contains(&RelatedRole::Guarantor) {
            wrong.push(Problem::new("person-role", "Who pays must be 18 or older"));
        }
        if !problems.show(wrong) {
            return;
        }
        let what = person.display_name();
        let command = if known.is_some() {
            let changes = changes(&seen, &person);
            if changes.is_empty() {
                open.set(false);
                return;
            }
            Command::CorrectRelatedPerson(CorrectRelatedPerson {
                related_person_id: person.id,
                patient_id: id,
                changes,
            })
        } else {
            Command::RecordRelatedPerson(person)
        };
        busy.set(true);
        desk.submit(what, command, move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => drop(open.try_set(false)),
                Err(why) => drop(problems.show(vec![Problem::new("person-given", why)])),
            }
        });
    };
    let options: Vec<Choice> = ROLES
        .iter()
        .map(|role| Choice::new(key(*role), related_words(*role)))
        .collect();
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <ChoicesField
                id="person-role"
                legend="What they are"
                value=roles
                options=Signal::stored(options)
                layout=ChoiceLayout::Pair
                fault=problems.at("person-role")
            />
            {is_new.then(|| view! {
                <PatientPick id="person-record" label="Their record here, if they are a patient" picked=own problems autofocus=false />
            })}
            <Show when=move || own_id.get().is_none() fallback=|| view! { <p class="small soft">"Name and phone are those of their own record."</p> }>
                <div class="cols">
                    <Field id="person-given" label="Given name" value=given fault=problems.at("person-given") />
                    <Field id="person-family" label="Family name" value=family fault=problems.at("person-family") />
                    <Field id="person-phone" label="Phone" value=number kind="tel" fault=problems.at("person-phone") />
                </div>
            </Show>
            <div class="cols">
                <Field id="person-relationship" label="To the patient, like mother" value=relationship fault=problems.at("person-relationship") />
                <Field id="person-authority" label="What lets them decide (optional), like court order 12-4410" value=authority fault=problems.at("person-authority") />
            </div>
            <div class="ends">
                <button type="submit" class="btn primary" id="save-related">"Save person"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
}
