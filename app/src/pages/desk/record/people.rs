//! People around a patient, by what they are to the practice.

use super::cards::Card;
use crate::pages::desk::form::{Problems, problem};
use crate::pages::desk::words::{phone, related_words};
use crate::shell::staff::context::use_desk;
use domain::command::{Command, CommandName};
use domain::id::{PatientId, RelatedPersonId};
use domain::patients::{RelatedPerson, RelatedRole};
use domain::row::{Entity, Key, Row};
use domain::validate::{FaultCode, Validate};
use leptos::prelude::*;
use ui::{Dialog, Field, Icon, Problem, ProblemSummary, SelectField};

const ROLES: [RelatedRole; 4] = [
    RelatedRole::EmergencyContact,
    RelatedRole::Guarantor,
    RelatedRole::PersonalRepresentative,
    RelatedRole::Escort,
];

/// The card.
#[component]
pub fn PeopleCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let people = desk.live(move |engine| {
        let mut all: Vec<RelatedPerson> = engine
            .get(Key::OfPatient(Entity::RelatedPerson, id))
            .into_iter()
            .filter_map(|row| match row {
                Row::RelatedPerson(person) => Some(person),
                _ => None,
            })
            .collect();
        all.sort_by_key(|person| (person.ended_on.is_some(), person.id));
        all
    });
    let may = desk.may(CommandName::RecordRelatedPerson);
    let open = RwSignal::new(false);
    let act =
        move || {
            may.then(|| view! {
            <button type="button" class="btn s quiet" id="add-person" on:click=move |_| open.set(true)>
                <Icon name="plus" small=true />"Add"
            </button>
        })
        };
    let row = move |person: RelatedPerson| {
        let roles: Vec<&str> = person.roles.iter().map(|role| related_words(*role)).collect();
        let name = format!("{} {}", person.given_name, person.family_name);
        let mut facts = vec![person.relationship.clone()];
        facts.extend(person.phone.as_deref().map(phone));
        facts.extend(person.address.as_ref().map(|address| address.one_line()));
        facts.extend(person.authority.clone());
        facts.extend(
            person
                .ended_on
                .map(|on| format!("until {}", super::super::when::day(on))),
        );
        let ending = person.clone();
        let button = (may && person.ended_on.is_none()).then(|| {
            view! {
                <button type="button" class="btn s quiet" on:click=move |_| {
                    let ended = RelatedPerson { ended_on: Some(desk.today()), ..ending.clone() };
                    desk.submit("Related person ended", Command::RecordRelatedPerson(ended), move |done| {
                        if let Err(why) = done {
                            desk.say(why);
                        }
                    });
                }>"End"<span class="vh">{format!(" {name}")}</span></button>
            }
        });
        view! {
            <li data-related=person.id.to_string()>
                <span class="soft">{roles.join(", ")}</span>
                <span><b>{name}</b><small>{facts.join(" · ")}</small></span>
                <span>{button}</span>
            </li>
        }
    };
    view! {
        <Card id="card-people" title="People" act>
            <Show when=move || people.with(Vec::is_empty)>
                <p class="in soft small">"Nobody recorded: no emergency contact, nobody else who pays or decides."</p>
            </Show>
            <ul class="events">{move || people.get().into_iter().map(row).collect_view()}</ul>
            <Dialog open title="Add a person" close="Close"><PersonForm id open /></Dialog>
        </Card>
    }
}

#[component]
fn PersonForm(id: PatientId, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let text = || RwSignal::new(String::new());
    let (given, family, relationship, number) = (text(), text(), text(), text());
    let role = RwSignal::new("0".to_owned());
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let options: Vec<(String, String)> = ROLES
        .iter()
        .enumerate()
        .map(|(at, role)| (at.to_string(), related_words(*role).to_owned()))
        .collect();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let line = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let chosen = role
            .with_untracked(|role| role.parse::<usize>().ok())
            .and_then(|at| ROLES.get(at).copied());
        let person = RelatedPerson {
            id: RelatedPersonId(desk.engine().new_id()),
            patient_id: id,
            roles: chosen.into_iter().collect(),
            relationship: line(relationship),
            family_name: line(family),
            given_name: line(given),
            birth_on: None,
            phone: Some(line(number)).filter(|number| !number.is_empty()),
            address: None,
            authority: None,
            ended_on: None,
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
        if chosen.is_none() {
            wrong.push(Problem::new("person-role", "Choose what they are"));
        }
        if !problems.show(wrong) {
            return;
        }
        busy.set(true);
        let what = format!("{} {}", person.given_name, person.family_name);
        desk.submit(what, Command::RecordRelatedPerson(person), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => drop(open.try_set(false)),
                Err(why) => drop(problems.show(vec![Problem::new("person-given", why)])),
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <SelectField id="person-role" label="What they are" value=role choose="Choose" options=Signal::derive(move || options.clone()) fault=problems.at("person-role") />
            <div class="cols">
                <Field id="person-given" label="Given name" value=given fault=problems.at("person-given") />
                <Field id="person-family" label="Family name" value=family fault=problems.at("person-family") />
                <Field id="person-relationship" label="To the patient, like mother" value=relationship fault=problems.at("person-relationship") />
                <Field id="person-phone" label="Phone" value=number kind="tel" fault=problems.at("person-phone") />
            </div>
            <div class="ends">
                <button type="submit" class="btn primary" id="save-related">"Save person"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
}
