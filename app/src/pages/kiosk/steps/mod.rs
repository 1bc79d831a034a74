//! The body of each question: its fields, bound to the answers.

mod address;
mod cards;
mod consent;
mod fields;
mod insurance;
mod people;
mod person;
mod question;
mod review;
mod start;

pub use insurance::HOLDERS;
pub use person::{ETHNICITIES, RACES, SEXES};
pub use start::CHANGES;

use super::intake::use_intake;
use super::machine::Step;
use super::texts;
use domain::text::Text;
use leptos::prelude::*;

/// The fields of one step.
#[component]
pub fn Body(step: Step, why: Memo<Option<String>>) -> impl IntoView {
    let intake = use_intake();
    let fields = match step {
        Step::Language => start::language(intake),
        Step::Who => start::who(intake),
        Step::Birth => person::birth(intake),
        Step::Name => return person::name(intake),
        Step::Phone => person::phone(intake),
        Step::Before => start::before(intake),
        Step::Changed => start::changed(intake),
        Step::Sex => person::sex_on_record(intake),
        Step::Gender => return person::gender(intake),
        Step::Race => return person::race(intake),
        Step::Ethnicity => person::ethnicity(intake),
        Step::Address => return address::address(intake),
        Step::Email => address::email(intake),
        Step::Insurance => insurance::insurance(intake),
        Step::Card(card) => return view! { <cards::Photos card /> }.into_any(),
        Step::Coverage(card) => insurance::on_card(intake, card),
        Step::Holder(card) => insurance::holder(intake, card),
        Step::Subscriber(card) => return insurance::subscriber(intake, card),
        Step::Second => insurance::second(intake),
        Step::Emergency => return people::emergency(intake),
        Step::Guarantor => return people::guarantor(intake),
        Step::Reason => view! { <question::Reason /> }.into_any(),
        Step::Question(index) => view! { <question::Question index /> }.into_any(),
        Step::SignForm(index) => return view! { <consent::SignForm index /> }.into_any(),
        Step::Consent(index) => return view! { <consent::Reading index /> }.into_any(),
        Step::Decide(index) => return view! { <consent::Decide index /> }.into_any(),
        Step::Sign(index) => return view! { <consent::Sign index /> }.into_any(),
        Step::Review => return view! { <review::Review /> }.into_any(),
    };
    view! {
        <div class="k-split">
            <div class="k-fields">{fields}</div>
            {move || why.get().map(|text| view! {
                <div class="k-why"><h2>{intake.say(texts::WHY)}</h2><p>{text}</p></div>
            })}
        </div>
    }
    .into_any()
}

/// Yes and no.
const YES_NO: &[(&str, Text)] = &[
    (super::answers::YES, texts::YES_WORD),
    (super::answers::NO, texts::NO_WORD),
];
