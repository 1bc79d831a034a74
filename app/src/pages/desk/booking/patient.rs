//! Whom a booking is for: typed, and found while typing. Arrows choose; without a choice the first is taken,
//! unless the form asks for one.

use crate::pages::desk::counter::called;
use crate::pages::desk::form::Problems;
use crate::pages::desk::words::birth_words;
use crate::shell::staff::context::use_desk;
use domain::id::PatientId;
use domain::patients::Patient;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use ui::Field;

/// How many patients are offered.
const OFFERED: usize = 5;

/// What was typed, who was found, and who is taken.
#[derive(Clone, Copy)]
pub struct Picked {
    typed: RwSignal<String>,
    chosen: RwSignal<Option<PatientId>>,
    found: Memo<Vec<Patient>>,
    /// Somebody must choose: the first that is found is nobody yet.
    explicit: bool,
    /// Whom it is for.
    pub patient: Memo<Option<PatientId>>,
}

impl Picked {
    /// Nobody yet, or someone who is known already.
    pub fn new(known: Option<PatientId>) -> Picked {
        Picked::of(known, false)
    }

    /// Nobody until somebody is chosen from the list; who is chosen is let go by another press.
    pub fn explicit() -> Picked {
        Picked::of(None, true)
    }

    fn of(known: Option<PatientId>, explicit: bool) -> Picked {
        let desk = use_desk();
        let typed = RwSignal::new(String::new());
        let chosen = RwSignal::new(known);
        let found = Memo::new(move |_| match typed.with(|typed| typed.trim().to_owned()) {
            typed if typed.is_empty() => chosen
                .get()
                .and_then(|id| desk.engine().patient(id))
                .into_iter()
                .collect(),
            typed => desk.engine().search(&typed, OFFERED),
        });
        let patient = Memo::new(move |_| {
            let all = found.read();
            let is_there = |id: &PatientId| all.iter().any(|one| one.id == *id);
            let first = all.first().map(|patient| patient.id);
            let first = first.filter(|_| !explicit);
            chosen.get().filter(is_there).or(first)
        });
        Picked {
            typed,
            chosen,
            found,
            explicit,
            patient,
        }
    }

    /// The next or the one before, in the list.
    fn step(self, by: isize) {
        let all = self.found.get_untracked();
        let now = self.patient.get_untracked();
        let next = match all.iter().position(|one| Some(one.id) == now) {
            Some(at) => at.saturating_add_signed(by).min(all.len().saturating_sub(1)),
            None => 0,
        };
        self.chosen.set(all.get(next).map(|one| one.id));
    }

    fn press(self, id: PatientId) {
        let is_taken = self.explicit && self.patient.get_untracked() == Some(id);
        self.chosen.set((!is_taken).then_some(id));
    }
}

/// The field and the list under it.
#[component]
pub fn PatientPick(
    /// Of the field.
    id: &'static str,
    label: &'static str,
    picked: Picked,
    problems: Problems,
    /// Takes the focus when the form opens.
    #[prop(default = true)]
    autofocus: bool,
) -> impl IntoView {
    let desk = use_desk();
    let row = move |one: Patient| {
        let id = one.id;
        let age = format!("{} y", one.age_on(desk.today()));
        let birth = birth_words(&one, desk.today());
        let name = move || called(&one, desk.counter.get());
        let facts = move || {
            if desk.counter.get() {
                age.clone()
            } else {
                birth.clone()
            }
        };
        view! {
            <li>
                <button
                    type="button" class="pt"
                    tabindex="-1"
                    aria-pressed=move || (picked.patient.get() == Some(id)).to_string()
                    on:click=move |_| picked.press(id)
                >
                    <span class="top"><span class="who">{name}</span></span>
                    <span class="what">{facts}</span>
                </button>
            </li>
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        picked.step(by);
    };
    let taken = move || {
        let now = picked.patient.get();
        let all = picked.found.read();
        all.iter()
            .find(|one| Some(one.id) == now)
            .map(|one| called(one, desk.counter.get()))
            .unwrap_or_default()
    };
    view! {
        <div class="who-for" on:keydown=pressed>
            <Field id label value=picked.typed autofocus hint="Name, date of birth or record number; arrows choose" fault=problems.at(id) />
            <p class="vh" role="status">{taken}</p>
            <ol class="expected" aria-label="Patients">{move || picked.found.get().into_iter().map(row).collect_view()}</ol>
        </div>
    }
}
