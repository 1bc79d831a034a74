//! Whom to call, and who pays for a child.

use super::fields::{Typed, date, hinted, line, tick};
use crate::pages::kiosk::answers::{Answers, PersonAnswer};
use crate::pages::kiosk::intake::Intake;
use crate::pages::kiosk::texts;
use domain::intake::FilledBy;
use domain::text::Text;
use leptos::prelude::*;

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

fn person_fields(intake: Intake, prefix: &'static str, person: Bound, hint: Option<Text>) -> AnyView {
    let id = move |name: &str| format!("{prefix}-{name}");
    view! {
        {line(intake, id("given"), texts::GIVEN, person.given, Typed::Name)}
        {line(intake, id("family"), texts::FAMILY, person.family, Typed::Name)}
        {hinted(intake, id("relationship"), texts::RELATIONSHIP, person.relationship, Typed::Words, hint)}
        {line(intake, id("phone"), texts::PHONE, person.phone, Typed::Phone)}
    }
    .into_any()
}

/// Whom to call.
pub fn emergency(intake: Intake) -> AnyView {
    let person = bound(intake, |answers| &mut answers.emergency);
    let fields = person_fields(intake, "em", person, Some(texts::H_RELATIONSHIP));
    view! { <div class="k-fields two">{fields}</div> }.into_any()
}

/// Who pays: an adult.
pub fn guarantor(intake: Intake) -> AnyView {
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
    let birth = [
        intake.bind(|a| &mut a.guarantor.birth.month),
        intake.bind(|a| &mut a.guarantor.birth.day),
        intake.bind(|a| &mut a.guarantor.birth.year),
    ];
    view! {
        <div class="k-fields three">
            {(parent || known).then(|| view! {
                <div class="k-row all">
                    {parent.then(|| tick(intake, "gu-me", texts::I_AM_PARENT, me))}
                    {known.then(|| view! {
                        <button type="button" class="btn" id="gu-same" on:click=same>
                            {intake.say(texts::SAME_PERSON)}
                        </button>
                    })}
                </div>
            })}
            {person_fields(intake, "gu", person, None)}
            <div class="span2">{date(intake, "gu-dob", Some(texts::BIRTH_OPTIONAL), birth)}</div>
        </div>
    }
    .into_any()
}
