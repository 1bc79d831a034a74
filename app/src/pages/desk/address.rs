//! A postal address, typed.

use super::form::{Problems, problem};
use chrono::NaiveDate;
use domain::intake::SubmittedAddress;
use domain::intake::diff::to_address;
use domain::patients::{Address, AddressUse};
use domain::validate::{STATES, Validate};
use leptos::prelude::*;
use ui::{Field, Problem, SelectField};

/// What the fields of one address are called on the page.
struct Ids {
    line1: &'static str,
    line2: &'static str,
    city: &'static str,
    state: &'static str,
    postal_code: &'static str,
}

const HOME: Ids = Ids {
    line1: "address-line1",
    line2: "address-line2",
    city: "city",
    state: "state",
    postal_code: "postal-code",
};
const MAILING: Ids = Ids {
    line1: "mailing-line1",
    line2: "mailing-line2",
    city: "mailing-city",
    state: "mailing-state",
    postal_code: "mailing-postal-code",
};

/// The five fields.
#[derive(Clone, Copy)]
pub struct AddressForm {
    usage: AddressUse,
    line1: RwSignal<String>,
    line2: RwSignal<String>,
    city: RwSignal<String>,
    state: RwSignal<String>,
    postal_code: RwSignal<String>,
}

impl AddressForm {
    /// From what is recorded.
    pub fn new(usage: AddressUse, known: Option<&Address>) -> AddressForm {
        let part = |value: Option<&str>| RwSignal::new(value.unwrap_or_default().to_owned());
        AddressForm {
            usage,
            line1: part(known.map(|a| a.line1.as_str())),
            line2: part(known.and_then(|a| a.line2.as_deref())),
            city: part(known.map(|a| a.city.as_str())),
            state: part(known.map(|a| a.state.as_str())),
            postal_code: part(known.map(|a| a.postal_code.as_str())),
        }
    }

    fn ids(self) -> Ids {
        match self.usage {
            AddressUse::Mailing => MAILING,
            AddressUse::Home | AddressUse::Confidential => HOME,
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
            return Ok(Some(Address {
                usage: self.usage,
                ..to_address(&typed)
            }));
        }
        let ids = self.ids();
        let id = |field: &str| match field {
            "line1" => ids.line1,
            "line2" => ids.line2,
            "city" => ids.city,
            "state" => ids.state,
            _ => ids.postal_code,
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
    let ids = form.ids();
    view! {
        <Field id=ids.line1 label="Street and number" value=form.line1 fault=problems.at(ids.line1) />
        <Field id=ids.line2 label="Apartment, urbanization (optional)" value=form.line2 fault=problems.at(ids.line2) />
        <div class="cols of-3">
            <Field id=ids.city label="City" value=form.city fault=problems.at(ids.city) />
            <SelectField
                id=ids.state label="State" value=form.state options=Signal::derive(move || states.clone())
                choose="Choose" fault=problems.at(ids.state)
            />
            <Field id=ids.postal_code label="ZIP code" value=form.postal_code inputmode="numeric" fault=problems.at(ids.postal_code) />
        </div>
    }
}
