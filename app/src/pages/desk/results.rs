//! Finding a patient: what was typed, what it finds, and which result is under the keys.

use super::words::{any_phone, birth_words, masked, mrn_words};
use crate::shell::staff::context::{Desk, use_desk};
use domain::id::PatientId;
use domain::patients::{HumanNumber, Patient};
use leptos::prelude::*;
use ui::Chip;

/// See the module.
#[derive(Clone, Copy)]
pub struct Finder {
    /// What was typed.
    pub typed: RwSignal<String>,
    /// Which result is marked.
    pub at: RwSignal<usize>,
    /// What it finds, the best first.
    pub found: Memo<Vec<Patient>>,
}

impl Finder {
    /// Finds at most `limit`.
    pub fn new(desk: Desk, limit: usize) -> Finder {
        let typed = RwSignal::new(String::new());
        let at = RwSignal::new(0);
        let found = desk.live(move |engine| typed.with(|typed| engine.search(typed, limit)));
        Effect::new(move || {
            typed.track();
            at.set(0);
        });
        Finder { typed, at, found }
    }

    /// The marked result.
    pub fn chosen(&self) -> Option<PatientId> {
        let at = self.at.get_untracked();
        self.found
            .with_untracked(|found| found.get(at).map(|patient| patient.id))
    }

    /// Moves the mark; in a field only the arrow keys do.
    pub fn moved(&self, key: &str, in_field: bool) -> bool {
        let last = self.found.with_untracked(Vec::len).saturating_sub(1);
        match key {
            "ArrowDown" => self.at.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => self.at.update(|at| *at = at.saturating_sub(1)),
            "j" if !in_field => self.at.update(|at| *at = (*at + 1).min(last)),
            "k" if !in_field => self.at.update(|at| *at = at.saturating_sub(1)),
            _ => return false,
        }
        true
    }
}

/// The results as links; the phone number is masked until a result is marked.
#[component]
pub fn Results(finder: Finder, href: fn(PatientId) -> String) -> impl IntoView {
    let desk = use_desk();
    let row = move |(index, patient): (usize, Patient)| {
        let marked = Memo::new(move |_| finder.at.get() == index);
        let formal = format!("{}, {}", patient.family_name, patient.given_name);
        let (called, id) = (patient.display_name(), patient.id);
        let also = patient
            .preferred_name
            .as_ref()
            .map(|_| view! { <small>{formal}</small> });
        let phone = any_phone(&patient);
        let number = match &patient.mrn {
            HumanNumber::Assigned(_) => view! { <span>{mrn_words(&patient.mrn)}</span> }.into_any(),
            HumanNumber::Provisional(_) => {
                let label = patient.mrn.to_string();
                view! { <span><Chip kind=ui::Tone::Note icon="disk" label /></span> }.into_any()
            }
        };
        view! {
            <li>
                <a
                    href=href(id)
                    class:on=move || marked.get()
                    data-patient=id.to_string()
                    data-marked=move || marked.get().to_string()
                    on:focus=move |_| finder.at.set(index)
                >
                    <span><b>{called}</b>{also}</span>
                    <span>{birth_words(&patient, desk.today())}</span>
                    <span>{move || phone.as_ref().map(|phone| if marked.get() { phone.clone() } else { masked(phone) })}</span>
                    {number}
                </a>
            </li>
        }
    };
    let count = move || match finder.found.with(Vec::len) {
        0 => "No patient found".to_owned(),
        1 => "1 patient found".to_owned(),
        n => format!("{n} patients found"),
    };
    let each = move || -> Vec<(usize, Patient)> { finder.found.get().into_iter().enumerate().collect() };
    view! {
        <p class="vh" role="status">{count}</p>
        <Show when=move || finder.found.with(Vec::is_empty)>
            <p class="soft pad-line">"Nobody on this device matches. Try fewer letters, or the date of birth as 3/9/1984."</p>
        </Show>
        <ul class="results">
            <For
                each=each
                key=|(index, patient)| (*index, patient.id, patient.display_name(), patient.mrn.clone())
                children=row
            />
        </ul>
    }
}
