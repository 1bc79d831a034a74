//! Who somebody is, how to reach them, and their language: read, and corrected in place.

use super::card::Card;
use super::edit_fields::{BackgroundForm, ContactForm, LanguageForm, PersonForm};
use crate::pages::desk::form::Problems;
use crate::pages::desk::words::shown;
use crate::shell::staff::context::use_desk;
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::patients::{CorrectPatient, FieldChange, Patient, PatientField};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Icon, KeyValue, Problem, ProblemSummary};

/// Values as they were when typing began: what a correction is made from.
pub type Before = Vec<(PatientField, serde_json::Value)>;

/// One group that is corrected together.
#[derive(Clone, Copy, PartialEq)]
enum Group {
    Person,
    Contact,
    Language,
    Background,
}

impl Group {
    fn fields(self) -> &'static [PatientField] {
        use PatientField::*;
        match self {
            Group::Person => &[
                FamilyName,
                GivenName,
                MiddleName,
                Suffix,
                PreferredName,
                PayerName,
                BirthOn,
                Sex,
                GenderIdentity,
                Pronouns,
            ],
            Group::Contact => &[
                MobilePhone,
                HomePhone,
                WorkPhone,
                Email,
                HomeAddress,
                MailingAddress,
                PreferredChannel,
            ],
            Group::Language => &[Language, InterpreterNeeded],
            Group::Background => &[RaceCodes, EthnicityCode],
        }
    }

    fn names(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Group::Person => ("card-person", "Person", "edit-person", "save-person"),
            Group::Contact => ("card-contact", "Contact", "edit-contact", "save-contact"),
            Group::Language => ("card-language", "Language", "edit-language", "save-language"),
            Group::Background => (
                "card-background",
                "Race and ethnicity",
                "edit-background",
                "save-background",
            ),
        }
    }
}

/// Who somebody is.
#[component]
pub fn PersonCard(id: PatientId, patient: Signal<Option<Patient>>, faulty: RwSignal<bool>) -> impl IntoView {
    view! { <GroupCard id patient faulty group=Group::Person /> }
}

/// How to reach them.
#[component]
pub fn ContactCard(id: PatientId, patient: Signal<Option<Patient>>, faulty: RwSignal<bool>) -> impl IntoView {
    view! { <GroupCard id patient faulty group=Group::Contact /> }
}

/// In which language.
#[component]
pub fn LanguageCard(id: PatientId, patient: Signal<Option<Patient>>) -> impl IntoView {
    view! { <GroupCard id patient faulty=RwSignal::new(false) group=Group::Language /> }
}

/// What is reported of them, in categories.
#[component]
pub fn BackgroundCard(id: PatientId, patient: Signal<Option<Patient>>) -> impl IntoView {
    view! { <GroupCard id patient faulty=RwSignal::new(false) group=Group::Background /> }
}

#[component]
fn GroupCard(
    id: PatientId,
    patient: Signal<Option<Patient>>,
    faulty: RwSignal<bool>,
    group: Group,
) -> impl IntoView {
    let desk = use_desk();
    let (card, title, edit, save) = group.names();
    let editing = RwSignal::new(None::<Patient>);
    let may = desk.may(CommandName::CorrectPatient);
    let is_open = Memo::new(move |_| editing.with(Option::is_some));
    let begin = move |_| editing.set(patient.get_untracked());
    let act = move || {
        (may && !is_open.get()).then(|| view! {
            <button type="button" class="btn s quiet" id=edit on:click=begin>
                <Icon name="pen" small=true />"Edit"<span class="vh">{format!(" {}", title.to_lowercase())}</span>
            </button>
        })
    };
    let rows = Signal::derive(move || {
        patient.with(|one| {
            let Some(one) = one else { return Vec::new() };
            let row = |field: &PatientField| {
                (
                    field.label().get(Lang::En).to_owned(),
                    shown(*field, &field.read(one)),
                )
            };
            group.fields().iter().map(row).collect()
        })
    });
    view! {
        <Card id=card title act>
            <div class="in">
                {move || match editing.get() {
                    Some(began) => view! { <Edit id began group save faulty editing /> }.into_any(),
                    None => view! { <KeyValue rows none="not given" start=true /> }.into_any(),
                }}
            </div>
        </Card>
    }
}

#[component]
fn Edit(
    id: PatientId,
    began: Patient,
    group: Group,
    save: &'static str,
    faulty: RwSignal<bool>,
    editing: RwSignal<Option<Patient>>,
) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let before: Before = group
        .fields()
        .iter()
        .map(|field| (*field, field.read(&began)))
        .collect();
    let before = StoredValue::new(before);
    let name = began.display_name();
    let (person, contact) = (PersonForm::new(&began), ContactForm::new(&began));
    let (language, background) = (LanguageForm::new(&began), BackgroundForm::new(&began));
    let close = move || {
        let _left = faulty.try_set(false);
        let _gone = editing.try_set(None);
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let today = desk.today();
        let typed = match group {
            Group::Person => person.read(today),
            Group::Contact => contact.read(today),
            Group::Language => Ok(language.read()),
            Group::Background => Ok(background.read()),
        };
        let typed = match typed {
            Ok(typed) => typed,
            Err(wrong) => {
                faulty.set(true);
                problems.show(wrong);
                return;
            }
        };
        problems.show(Vec::new());
        faulty.set(false);
        let from = |field: PatientField| {
            before.with_value(|all| {
                all.iter()
                    .find(|(one, _)| *one == field)
                    .map(|(_, value)| value.clone())
            })
        };
        let changes: Vec<FieldChange> = (typed.into_iter())
            .filter_map(|(field, to)| {
                Some(FieldChange {
                    field,
                    from: from(field)?,
                    to,
                })
            })
            .filter(|change| change.from != change.to)
            .collect();
        if changes.is_empty() {
            return close();
        }
        busy.set(true);
        let command = Command::CorrectPatient(CorrectPatient {
            patient_id: id,
            changes,
        });
        desk.submit(format!("Correction for {name}"), command, move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => close(),
                Err(why) => drop(problems.show(vec![Problem::new(save, why)])),
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=send>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            {match group {
                Group::Person => person.view(problems),
                Group::Contact => contact.view(problems),
                Group::Language => language.view(),
                Group::Background => background.view(),
            }}
            <div class="ends">
                <button type="submit" class="btn primary" id=save aria-busy=move || busy.get().to_string()>"Save"</button>
                <button type="button" class="btn" on:click=move |_| close()>"Cancel"</button>
            </div>
        </form>
    }
}
