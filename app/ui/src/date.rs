//! A date someone knows by heart: month from a list, day and year typed. No picker, and the cursor never jumps on.

use leptos::prelude::*;

use crate::field::{Notes, described_by};
use crate::select::SelectInput;

/// A part of the date, to say which one is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    Month,
    Day,
    Year,
}

/// The words of the three fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateWords {
    pub month: String,
    pub day: String,
    pub year: String,
    /// What the month list says before a choice.
    pub choose: String,
    /// January to December.
    pub months: Vec<String>,
}

/// Three fields, `{id}-month`, `{id}-day` and `{id}-year`. The month's signal holds "1" to "12", the others what was typed.
#[component]
pub fn DateFields(
    #[prop(into)] id: String,
    /// Left out where the screen's own heading is the legend.
    #[prop(optional, into)]
    legend: MaybeProp<String>,
    #[prop(into)] words: Signal<DateWords>,
    month: RwSignal<String>,
    day: RwSignal<String>,
    year: RwSignal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] fault: MaybeProp<String>,
    /// Marks one part only; without it a fault marks all three.
    #[prop(optional, into)]
    fault_at: Signal<Option<DatePart>>,
    /// Lets the browser offer the person's own birth date; never on a kiosk.
    #[prop(optional)]
    birthday: bool,
) -> impl IntoView {
    let describedby = described_by(&id, hint, fault);
    let (notes_id, month_id) = (id.clone(), format!("{id}-month"));
    let wrong = move |part: DatePart| {
        Signal::derive(move || {
            let here = fault_at.get().is_none_or(|only| only == part);
            (fault.get().is_some() && here).then_some("true")
        })
    };
    let options = Signal::derive(move || {
        let months = words.get().months.into_iter().enumerate();
        months
            .map(|(index, name)| ((index + 1).to_string(), name))
            .collect::<Vec<_>>()
    });
    let complete = move |part: &'static str| if birthday { part } else { "off" };
    let typed = move |part: DatePart,
                      name: &str,
                      label: Signal<String>,
                      most: &'static str,
                      value: RwSignal<String>| {
        let id = format!("{id}-{name}");
        let (class, autocomplete) = if part == DatePart::Day {
            ("d2", complete("bday-day"))
        } else {
            ("d4", complete("bday-year"))
        };
        view! {
            <div class=class class:has-fault=move || wrong(part).get().is_some()>
                <label for=id.clone()>{label}</label>
                <input
                    class="input"
                    id=id.clone()
                    name=id
                    inputmode="numeric"
                    maxlength=most
                    autocomplete=autocomplete
                    aria-invalid=wrong(part)
                    aria-describedby=describedby
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </div>
        }
    };
    let day_label = Signal::derive(move || words.get().day);
    let year_label = Signal::derive(move || words.get().year);
    view! {
        <fieldset class="field">
            {move || legend.get().map(|legend| view! { <legend>{legend}</legend> })}
            <Notes id=notes_id hint fault />
            <div class="date">
                <div class="month" class:has-fault=move || wrong(DatePart::Month).get().is_some()>
                    <label for=month_id.clone()>{move || words.get().month}</label>
                    <SelectInput
                        id=month_id
                        value=month
                        options
                        choose=Signal::derive(move || words.get().choose)
                        autocomplete=complete("bday-month")
                        describedby
                        invalid=wrong(DatePart::Month)
                    />
                </div>
                {typed(DatePart::Day, "day", day_label, "2", day)}
                {typed(DatePart::Year, "year", year_label, "4", year)}
            </div>
        </fieldset>
    }
}
