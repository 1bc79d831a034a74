//! Where they live, and their email.

use crate::pages::kiosk::intake::use_intake;
use crate::pages::kiosk::{states, texts};
use leptos::prelude::*;
use ui::{CheckField, Field, SelectField};

/// A postal address, or none.
#[component]
pub fn Address() -> impl IntoView {
    let intake = use_intake();
    view! {
        <div class="k-fields four">
            <div class="span2">
                <Field
                    id="street"
                    label=intake.say(texts::STREET)
                    value=intake.bind(|a| &mut a.street)
                    fault=intake.fault("street")
                    autocapitalize="words"
                />
            </div>
            <div class="span2">
                <Field
                    id="street2"
                    label=intake.say(texts::STREET2)
                    value=intake.bind(|a| &mut a.street2)
                    fault=intake.fault("street2")
                    autocapitalize="words"
                />
            </div>
            <Field
                id="city"
                label=intake.say(texts::CITY)
                value=intake.bind(|a| &mut a.city)
                fault=intake.fault("city")
                autocapitalize="words"
            />
            <SelectField
                id="state"
                label=intake.say(texts::STATE)
                value=intake.bind(|a| &mut a.state)
                options=Signal::stored(states::options())
                choose=intake.say(texts::CHOOSE)
                fault=intake.fault("state")
            />
            <Field
                id="zip"
                label=intake.say(texts::ZIP)
                value=intake.bind(|a| &mut a.zip)
                fault=intake.fault("zip")
                inputmode="numeric"
                maxlength=10
            />
            <CheckField
                id="no-address"
                label=intake.say(texts::NO_ADDRESS)
                value=intake.bind(|a| &mut a.no_address)
            />
        </div>
    }
}

/// Optional.
#[component]
pub fn Email() -> impl IntoView {
    let intake = use_intake();
    view! {
        <Field
            id="email"
            label=intake.say(texts::EMAIL)
            value=intake.bind(|a| &mut a.email)
            fault=intake.fault("email")
            kind="email"
            inputmode="email"
            autocapitalize="none"
        />
    }
}
