//! Forms: problems by field, dates in three parts, and what a fault is called.

use chrono::{Datelike, NaiveDate};
use domain::text::Lang;
use domain::validate::{FaultCode, date_from_parts};
use leptos::prelude::*;
use ui::{DateFields, DatePart, DateWords, Problem};

/// Problems of one form.
#[derive(Clone, Copy)]
pub struct Problems {
    /// In the order of the fields.
    pub list: RwSignal<Vec<Problem>>,
    /// Counts the submits.
    pub attempt: RwSignal<u32>,
}

impl Problems {
    /// None yet.
    pub fn new() -> Problems {
        Problems {
            list: RwSignal::new(Vec::new()),
            attempt: RwSignal::new(0),
        }
    }

    /// The sentence at a field.
    pub fn at(self, id: &'static str) -> MaybeProp<String> {
        MaybeProp::derive(move || {
            self.list
                .with(|all| all.iter().find(|one| one.field == id).map(|one| one.text.clone()))
        })
    }

    /// Shows what is wrong; whether nothing is.
    pub fn show(self, found: Vec<Problem>) -> bool {
        let none = found.is_empty();
        self.list.set(found);
        self.attempt.update(|count| *count += 1);
        none
    }

    /// Whether something is wrong.
    pub fn any(self) -> Signal<bool> {
        Signal::derive(move || self.list.with(|all| !all.is_empty()))
    }
}

impl Default for Problems {
    fn default() -> Self {
        Problems::new()
    }
}

/// A problem with a field, in the words of the catalogue.
pub fn problem(field: &str, code: FaultCode) -> Problem {
    Problem::new(field, code.sentence().get(Lang::En))
}

/// A date in three parts.
#[derive(Clone, Copy)]
pub struct DateParts {
    month: RwSignal<String>,
    day: RwSignal<String>,
    year: RwSignal<String>,
}

impl DateParts {
    /// From a known day.
    pub fn new(on: Option<NaiveDate>) -> DateParts {
        let part = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
        DateParts {
            month: part(on.map(|on| on.month().to_string())),
            day: part(on.map(|on| on.day().to_string())),
            year: part(on.map(|on| on.year().to_string())),
        }
    }

    /// The day, or what is wrong and with which part.
    pub fn read(self) -> Result<NaiveDate, FaultCode> {
        date_from_parts(&self.month.get(), &self.day.get(), &self.year.get())
    }

    /// The same without following.
    pub fn read_untracked(self) -> Result<NaiveDate, FaultCode> {
        untrack(|| self.read())
    }

    /// Whether nothing was typed.
    pub fn is_empty(self) -> bool {
        [self.month, self.day, self.year]
            .iter()
            .all(|part| part.with_untracked(|text| text.trim().is_empty()))
    }
}

/// The id of the part that a fault is about.
pub fn date_part(id: &str, code: FaultCode) -> String {
    match code {
        FaultCode::DayMissing => format!("{id}-day"),
        FaultCode::YearMissing | FaultCode::BirthInFuture | FaultCode::BirthTooLongAgo => {
            format!("{id}-year")
        }
        _ => format!("{id}-month"),
    }
}

/// The three fields of a date of birth, `{id}-month`, `{id}-day`, `{id}-year`.
#[component]
pub fn BirthFields(
    id: &'static str,
    legend: &'static str,
    parts: DateParts,
    problems: Problems,
) -> impl IntoView {
    let ids = [
        ("month", DatePart::Month),
        ("day", DatePart::Day),
        ("year", DatePart::Year),
    ];
    let found = Signal::derive(move || {
        ids.iter().find_map(|(part, which)| {
            let name = format!("{id}-{part}");
            problems.list.with(|all| {
                all.iter()
                    .find(|one| one.field == name)
                    .map(|one| (*which, one.text.clone()))
            })
        })
    });
    let months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let words = DateWords {
        month: "Month".to_owned(),
        day: "Day".to_owned(),
        year: "Year".to_owned(),
        choose: "Choose".to_owned(),
        months: months.iter().map(|month| (*month).to_owned()).collect(),
    };
    view! {
        <DateFields
            id
            legend
            words=Signal::derive(move || words.clone())
            month=parts.month
            day=parts.day
            year=parts.year
            fault=MaybeProp::derive(move || found.get().map(|(_, text)| text))
            fault_at=Signal::derive(move || found.get().map(|(part, _)| part))
        />
    }
}
