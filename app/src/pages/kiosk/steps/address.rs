//! Where they live, and their email.

use super::fields::{Typed, line, tick, yes_no};
use crate::pages::kiosk::intake::Intake;
use crate::pages::kiosk::{states, texts};
use leptos::prelude::*;
use ui::SelectField;

/// A postal address, or none.
pub fn address(intake: Intake) -> AnyView {
    let street = intake.bind(|a| &mut a.street);
    let street2 = intake.bind(|a| &mut a.street2);
    let city = intake.bind(|a| &mut a.city);
    let state = intake.bind(|a| &mut a.state);
    let zip = intake.bind(|a| &mut a.zip);
    let none = intake.bind(|a| &mut a.no_address);
    view! {
        <div class="k-fields four">
            <div class="span2">{line(intake, "street", texts::STREET, street, Typed::Name)}</div>
            <div class="span2">{line(intake, "street2", texts::STREET2, street2, Typed::Name)}</div>
            {line(intake, "city", texts::CITY, city, Typed::Name)}
            <SelectField
                id="state"
                label=intake.say(texts::STATE)
                value=state
                options=Signal::stored(states::options())
                choose=intake.say(texts::CHOOSE)
                fault=intake.fault("state")
            />
            {line(intake, "zip", texts::ZIP, zip, Typed::Zip)}
            {tick(intake, "no-address", texts::NO_ADDRESS, none)}
        </div>
    }
    .into_any()
}

/// Optional. Who only checks in was not asked before whether they may be texted.
pub fn email(intake: Intake) -> AnyView {
    let email = intake.bind(|a| &mut a.email);
    let may_text = intake.bind(|a| &mut a.may_text);
    let checks_in = intake.with_answers(|answers| answers.checks_in);
    view! {
        {line(intake, "email", texts::EMAIL, email, Typed::Email)}
        {checks_in.then(|| yes_no(intake, "may-text", texts::MAY_TEXT, may_text))}
    }
    .into_any()
}
