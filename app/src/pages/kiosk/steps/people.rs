//! Whom to call, and who pays for a child.

use super::{date_fault, date_words};
use crate::pages::kiosk::answers::{Answers, PersonAnswer};
use crate::pages::kiosk::intake::{Intake, use_intake};
use crate::pages::kiosk::texts;
use domain::intake::FilledBy;
use leptos::prelude::*;
use ui::{CheckField, DateFields, Field};

#[derive(Clone, Copy)]
struct Bound {
    given: RwSignal<String>,
    family: RwSignal<String>,
    relationship: RwSignal<String>,
    phone: RwSignal<String>,
}

fn bound(intake: Intake, person: fn(&mut Answers) -> &mut PersonAnswer) -> Bound {
    Bound {
        given: intake.bind(move |a| &mut person(a).given),
        family: intake.bind(move |a| &mut person(a).family),
        relationship: intake.bind(move |a| &mut person(a).relationship),
        phone: intake.bind(move |a| &mut person(a).phone),
    }
}

#[component]
fn PersonFields(prefix: &'static str, person: Bound, #[prop(optional)] terse: bool) -> impl IntoView {
    let intake = use_intake();
    let id = move |name: &str| format!("{prefix}-{name}");
    let example = intake.say(texts::H_RELATIONSHIP);
    let hint = Signal::derive(move || (!terse).then(|| example.get()));
    view! {
        <Field
            id=id("given")
            label=intake.say(texts::GIVEN)
            value=person.given
            fault=intake.fault(id("given"))
            autocapitalize="words"
        />
        <Field
            id=id("family")
            label=intake.say(texts::FAMILY)
            value=person.family
            fault=intake.fault(id("family"))
            autocapitalize="words"
        />
        <Field
            id=id("relationship")
            label=intake.say(texts::RELATIONSHIP)
            value=person.relationship
            hint=hint
            fault=intake.fault(id("relationship"))
        />
        <Field
            id=id("phone")
            label=intake.say(texts::PHONE)
            value=person.phone
            fault=intake.fault(id("phone"))
            kind="tel"
            inputmode="tel"
        />
    }
}

/// Whom to call.
#[component]
pub fn Emergency() -> impl IntoView {
    let intake = use_intake();
    let person = bound(intake, |answers| &mut answers.emergency);
    view! { <div class="k-fields two"><PersonFields prefix="em" person /></div> }
}

/// Who pays: an adult.
#[component]
pub fn Guarantor() -> impl IntoView {
    let intake = use_intake();
    let person = bound(intake, |answers| &mut answers.guarantor);
    let parent = intake.with_answers(|answers| answers.filled_by() == FilledBy::Parent);
    let contact = intake.with_answers(|answers| answers.emergency.clone());
    let known = !contact.given.is_empty() || !contact.family.is_empty();
    let family = intake.with_answers(|answers| answers.family.clone());
    let me = intake.bind(|a| &mut a.i_am_guarantor);
    Effect::new(move |before: Option<bool>| {
        let now = me.get();
        if now && before == Some(false) {
            person.relationship.set(
                texts::PARENT_WORD
                    .get(intake.station.lang.get_untracked())
                    .to_owned(),
            );
            // A guess that is often right and always seen.
            if person.family.get_untracked().is_empty() {
                person.family.set(family.clone());
            }
        }
        now
    });
    let same = move |_| {
        person.given.set(contact.given.clone());
        person.family.set(contact.family.clone());
        person.relationship.set(contact.relationship.clone());
        person.phone.set(contact.phone.clone());
    };
    let (fault, fault_at) = date_fault(intake, "gu-dob");
    view! {
        <div class="k-fields three">
            {(parent || known).then(|| view! {
                <div class="k-row all">
                    {parent.then(|| view! { <CheckField id="gu-me" label=intake.say(texts::I_AM_PARENT) value=me /> })}
                    {known.then(|| view! {
                        <button type="button" class="btn" id="gu-same" on:click=same>
                            {intake.say(texts::SAME_PERSON)}
                        </button>
                    })}
                </div>
            })}
            <PersonFields prefix="gu" person terse=true />
            <div class="span2"><DateFields
                id="gu-dob"
                legend=intake.say(texts::BIRTH_OPTIONAL)
                words=date_words(intake)
                month=intake.bind(|a| &mut a.guarantor.birth.month)
                day=intake.bind(|a| &mut a.guarantor.birth.day)
                year=intake.bind(|a| &mut a.guarantor.birth.year)
                fault
                fault_at
            /></div>
        </div>
    }
}
