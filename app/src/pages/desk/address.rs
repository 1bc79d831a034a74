//! A postal address, typed.

use super::form::{Problems, problem};
use chrono::NaiveDate;
use domain::intake::SubmittedAddress;
use domain::intake::diff::to_address;
use domain::patients::Address;
use domain::validate::{STATES, Validate};
use leptos::prelude::*;
use ui::{Field, Problem, SelectField};

/// The five fields.
#[derive(Clone, Copy)]
pub struct AddressForm {
    line1: RwSignal<String>,
    line2: RwSignal<String>,
    city: RwSignal<String>,
    state: RwSignal<String>,
    postal_code: RwSignal<String>,
}

impl AddressForm {
    /// From what is recorded.
    pub fn new(known: Option<&Address>) -> AddressForm {
        let part = |value: Option<&str>| RwSignal::new(value.unwrap_or_default().to_owned());
        AddressForm {
            line1: part(known.map(|a| a.line1.as_str())),
            line2: part(known.and_then(|a| a.line2.as_deref())),
            city: part(known.map(|a| a.city.as_str())),
            state: part(known.map(|a| a.state.as_str())),
            postal_code: part(known.map(|a| a.postal_code.as_str())),
        }
    }

    /// What was typed: nothing at all is no address.
    pub fn read(self, today: NaiveDate) -> Result<Option<Address>, Vec<Problem>> {
        let fields = [self.line1, self.line2, self.city, self.state, self.postal_code];
        if fields
            .iter()
            .all(|field| field.with_untracked(|text| text.trim().is_empty()))
        {
            return Ok(None);
        }
        let typed = SubmittedAddress {
            line1: self.line1.get_untracked(),
            line2: Some(self.line2.get_untracked()).filter(|line| !line.trim().is_empty()),
            city: self.city.get_untracked(),
            state: self.state.get_untracked(),
            postal_code: self.postal_code.get_untracked(),
        };
        let faults = typed.faults(today).0;
        if faults.is_empty() {
            return Ok(Some(to_address(&typed)));
        }
        let id = |field: &str| match field {
            "line1" => "address-line1",
            "line2" => "address-line2",
            "city" => "city",
            "state" => "state",
            _ => "postal-code",
        };
        Err(faults
            .iter()
            .map(|fault| problem(id(&fault.field), fault.code))
            .collect())
    }
}

/// The fields on the page.
#[component]
pub fn AddressFields(form: AddressForm, problems: Problems) -> impl IntoView {
    let states: Vec<(String, String)> = STATES
        .iter()
        .map(|state| ((*state).to_owned(), (*state).to_owned()))
        .collect();
    view! {
        <Field id="address-line1" label="Street and number" value=form.line1 fault=problems.at("address-line1") />
        <Field id="address-line2" label="Apartment, urbanization (optional)" value=form.line2 fault=problems.at("address-line2") />
        <div class="cols of-3">
            <Field id="city" label="City" value=form.city fault=problems.at("city") />
            <SelectField
                id="state" label="State" value=form.state options=Signal::derive(move || states.clone())
                choose="Choose" fault=problems.at("state")
            />
            <Field id="postal-code" label="ZIP code" value=form.postal_code inputmode="numeric" fault=problems.at("postal-code") />
        </div>
    }
}
