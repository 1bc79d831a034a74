//! People around a patient, by what they are to the practice.

use super::card::Card;
use super::person_form::PersonForm;
use crate::pages::desk::guarantor::{AlsoResponsible, people_of};
use crate::pages::desk::words::{phone, related_words};
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::patients::{Change, CorrectRelatedPerson, RelatedField, RelatedPerson};
use leptos::prelude::*;
use ui::{Dialog, Icon};

/// The card.
#[component]
pub fn PeopleCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let people = desk.live(move |engine| {
        let mut all = people_of(engine, id);
        all.sort_by_key(|person| (person.ended_on.is_some(), person.id));
        all
    });
    let may = desk.may(CommandName::RecordRelatedPerson);
    let corrects = desk.may(CommandName::CorrectRelatedPerson);
    let open = RwSignal::new(false);
    // Who is corrected in the dialog; nobody while someone is added.
    let known = RwSignal::new(None::<RelatedPerson>);
    let show = move |person: Option<RelatedPerson>| {
        known.set(person);
        open.set(true);
    };
    let act = move || {
        may.then(|| {
            view! {
                <button type="button" class="btn s quiet" id="add-person" on:click=move |_| show(None)>
                    <Icon name="plus" small=true />"Add"
                </button>
            }
        })
    };
    let row = move |person: RelatedPerson| {
        let roles: Vec<&str> = person.roles.iter().map(|role| related_words(*role)).collect();
        let name = person.display_name();
        let mut facts = vec![person.relationship.clone()];
        facts.extend(person.phone.as_deref().map(phone));
        facts.extend(person.address.as_ref().map(|address| address.one_line()));
        facts.extend(person.authority.clone());
        facts.extend(
            person
                .ended_on
                .map(|on| format!("until {}", super::super::when::day(on))),
        );
        let (editing, ending) = (person.clone(), person.clone());
        let end = move |_| {
            let changes = vec![Change {
                field: RelatedField::EndedOn,
                from: RelatedField::EndedOn.read(&ending),
                to: serde_json::json!(desk.today()),
            }];
            let command = Command::CorrectRelatedPerson(CorrectRelatedPerson {
                related_person_id: ending.id,
                patient_id: id,
                changes,
            });
            desk.enter("Related person ended", command);
        };
        let of = || view! { <span class="vh">{format!(" {name}")}</span> };
        let named = match person.own_record_id {
            Some(own) => view! { <a href=path::patient(own)>{name.clone()}</a> }.into_any(),
            None => view! { <b>{name.clone()}</b> }.into_any(),
        };
        let buttons = (corrects && person.ended_on.is_none()).then(|| {
            view! {
                <button type="button" class="btn s quiet" data-act="edit" on:click=move |_| show(Some(editing.clone()))>"Edit"{of()}</button>
                <button type="button" class="btn s quiet" data-act="end" on:click=end>"End"{of()}</button>
            }
        });
        view! {
            <li data-related=person.id.to_string()>
                <span class="soft">{roles.join(", ")}</span>
                <span>{named}<small>{facts.join(" · ")}</small></span>
                <span>{buttons}</span>
            </li>
        }
    };
    view! {
        <Card id="card-people" title="People" act>
            <Show when=move || people.with(Vec::is_empty)>
                <p class="in soft small">"Nobody recorded: no emergency contact, nobody else who pays or decides."</p>
            </Show>
            <ul class="events">{move || people.get().into_iter().map(row).collect_view()}</ul>
            <AlsoResponsible id />
            <Dialog open title=Signal::derive(move || title(known.with(Option::is_some))) close="Close">
                <PersonForm id open known=known.get_untracked() />
            </Dialog>
        </Card>
    }
}

fn title(known: bool) -> String {
    if known { "Correct a person" } else { "Add a person" }.to_owned()
}
