//! Asking a colleague for something. What is asked most often is one press.

use crate::pages::desk::booking::sites;
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::{AppointmentId, PatientId, TaskId};
use domain::tasks::{Task, TaskOwner, TaskState};
use domain::text::Lang;
use domain::validate::MAX_WORDS;
use leptos::prelude::*;
use ui::{AreaField, CheckField, Field, Problem, SelectField};

/// What is asked most often about a patient.
const OFTEN: [&str; 4] = [
    "Book a follow-up",
    "Call the patient",
    "Ask for records",
    "Collect the copay",
];

/// The form. It closes when it is saved.
#[component]
pub fn TaskForm(
    open: RwSignal<bool>,
    /// Whose work it is, unless somebody says otherwise.
    owner: TaskOwner,
    /// About whom.
    patient: Option<PatientId>,
    /// About which visit.
    appointment: Option<AppointmentId>,
) -> impl IntoView {
    let desk = use_desk();
    let words = RwSignal::new(String::new());
    let whose = RwSignal::new(owner.name().to_owned());
    let here = desk.engine().home_site().map(|site| site.0.to_string());
    let site = RwSignal::new(here.unwrap_or_default());
    let due = RwSignal::new(String::new());
    let urgent = RwSignal::new(false);
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let owners: Vec<(String, String)> = TaskOwner::ALL
        .into_iter()
        .map(|one| (one.name().to_owned(), one.label().get(Lang::En).to_owned()))
        .collect();
    let known = desk.live(sites);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = words.with_untracked(|words| words.trim().to_owned());
        let owner = whose.with_untracked(|whose| TaskOwner::ALL.into_iter().find(|one| one.name() == whose));
        let due_on = due.with_untracked(|due| due.trim().to_owned());
        let day = due_on.parse().ok();
        let mut wrong = Vec::new();
        if typed.is_empty() {
            wrong.push(Problem::new("task-words", "Say what is to be done."));
        } else if typed.chars().count() > MAX_WORDS {
            wrong.push(Problem::new(
                "task-words",
                format!("Say it in at most {MAX_WORDS} characters."),
            ));
        }
        if !due_on.is_empty() && day.is_none() {
            wrong.push(Problem::new("task-due", "Enter a day, or none."));
        }
        let Some(owner) = owner.filter(|_| problems.show(wrong)) else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let engine = desk.engine();
        let task = Task {
            id: TaskId(engine.new_id()),
            site_id: site.with_untracked(|site| site.parse().ok()),
            patient_id: patient,
            appointment_id: appointment,
            owner,
            words: typed,
            urgent: urgent.get_untracked(),
            due_on: day,
            state: TaskState::Open,
            asked_at: engine.ports.clock.now(),
            asked_by: String::new(),
            closed_at: None,
            closed_by: None,
            answer: None,
        };
        let what = format!("Task for {}", owner.label().get(Lang::En).to_lowercase());
        desk.submit(what, Command::AddTask(task), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => drop(open.try_set(false)),
                Err(why) => drop(problems.show(vec![Problem::new("task-words", why)])),
            }
        });
    };
    let often = patient.is_some().then(|| {
        let buttons = OFTEN.map(|text| {
            view! { <button type="button" class="btn s" on:click=move |_| words.set(text.to_owned())>{text}</button> }
        });
        view! { <div class="row wrap" role="group" aria-label="Asked often">{buttons}</div> }
    });
    view! {
        <form class="form" novalidate on:submit=save>
            {often}
            <AreaField id="task-words" label="What is to be done" value=words rows=3 fault=problems.at("task-words") />
            <SelectField id="task-owner" label="By whom" value=whose choose="Choose" options=Signal::stored(owners) />
            {move || (known.with(Vec::len) > 1).then(|| view! {
                <SelectField id="task-site" label="Where" value=site choose="Everywhere" options=known />
            })}
            <Field id="task-due" label="Until (optional)" kind="date" value=due fault=problems.at("task-due") />
            <CheckField id="task-urgent" label="Urgent" value=urgent />
            <div class="ends"><button type="submit" class="btn primary" id="task-save">"Ask"</button></div>
        </form>
    }
}
