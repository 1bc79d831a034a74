//! Asking for a recall: about when is one press.

use crate::pages::desk::booking::{kinds, practitioners, sites};
use crate::pages::desk::form::Problems;
use crate::pages::desk::when::day;
use crate::shell::staff::context::use_desk;
use chrono::{Days, Months, NaiveDate};
use domain::command::Command;
use domain::id::{PatientId, PractitionerId, RecallId, SiteId, VisitTypeId};
use domain::recalls::{CloseRecall, Recall, RecallState};
use domain::schedule::Appointment;
use domain::validate::MAX_WORDS;
use leptos::prelude::*;
use ui::{Dialog, Field, Problem, ProblemSummary, SelectField};

/// After how many weeks or months they come most often.
const TIMES: [(&str, u64, u32); 4] = [
    ("6 weeks", 6, 0),
    ("3 months", 0, 3),
    ("6 months", 0, 6),
    ("1 year", 0, 12),
];

fn later(today: NaiveDate, weeks: u64, months: u32) -> NaiveDate {
    let later = today.checked_add_days(Days::new(weeks * 7));
    later
        .and_then(|later| later.checked_add_months(Months::new(months)))
        .unwrap_or(today)
}

/// The dialog that asks for a recall after a visit, which stays as it was when it was opened.
#[component]
pub fn RecallDialog(
    /// The visit; closed while there is none.
    after: RwSignal<Option<Appointment>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if after.with(Option::is_some) {
            open.set(true);
        }
    });
    let closed = Callback::new(move |()| after.set(None));
    view! {
        <Dialog open title="Recall" close="Close" on_close=closed>
            {after.get_untracked().map(|visit| view! { <RecallForm open patient=visit.patient_id after=Some(visit) /> })}
        </Dialog>
    }
}

/// The form. It closes when it is saved.
#[component]
pub fn RecallForm(
    open: RwSignal<bool>,
    patient: PatientId,
    /// The visit that it comes out of.
    after: Option<Appointment>,
) -> impl IntoView {
    let desk = use_desk();
    let text = |known: Option<String>| RwSignal::new(known.unwrap_or_default());
    let of = after.as_ref();
    let due = text(None);
    let why = text(Some("Follow-up".to_owned()));
    let kind = text(None);
    let with = text(of.and_then(|visit| visit.practitioner_ids.first().map(|id| id.0.to_string())));
    let home = of
        .map(|visit| visit.site_id)
        .or_else(|| desk.engine().home_site());
    let known = desk.live(sites);
    // Where nothing else is said, it is at the first of them.
    let site = text(
        home.map(|site| site.0.to_string())
            .or_else(|| known.with_untracked(|all| all.first().map(|(id, _)| id.clone()))),
    );
    let site_id = Memo::new(move |_| site.with(|site| site.parse().ok().map(SiteId)));
    let people = practitioners(desk, site_id.into());
    let all_kinds = kinds(desk);
    let kind_options = move || {
        let words = |kind: &domain::schedule::VisitType| (kind.id.0.to_string(), kind.name.clone());
        all_kinds.with(|all| all.iter().map(words).collect::<Vec<_>>())
    };
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let today = desk.today();
    let after_id = of.map(|visit| visit.id);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = why.with_untracked(|why| why.trim().to_owned());
        let on = due.with_untracked(|due| due.trim().parse::<NaiveDate>().ok());
        let at = site_id.get_untracked();
        let mut wrong = Vec::new();
        if on.is_none() {
            wrong.push(Problem::new("recall-due", "Choose about when"));
        }
        if typed.is_empty() || typed.chars().count() > MAX_WORDS {
            let words = format!("Say what for, in at most {MAX_WORDS} characters");
            wrong.push(Problem::new("recall-why", words));
        }
        if at.is_none() {
            wrong.push(Problem::new("recall-site", "Choose where"));
        }
        let (true, Some(due_on), Some(site_id)) = (problems.show(wrong), on, at) else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let recall_id = RecallId(desk.engine().new_id());
        let recall = Recall {
            id: recall_id,
            patient_id: patient,
            site_id,
            visit_type_id: kind.with_untracked(|id| id.parse().ok().map(VisitTypeId)),
            practitioner_id: with.with_untracked(|id| id.parse().ok().map(PractitionerId)),
            due_on,
            why: typed,
            after_appointment_id: after_id,
            asked_at: desk.engine().ports.clock.now(),
            asked_by: String::new(),
            contacts: Vec::new(),
            state: RecallState::Open,
            closed_at: None,
            closed_by: None,
        };
        desk.submit("Recall", Command::AddRecall(recall), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => {
                    let _left = open.try_set(false);
                    let back = CloseRecall {
                        recall_id,
                        patient_id: patient,
                        reason: RecallState::NotNeeded,
                    };
                    let undo = move |()| desk.enter("Recall taken back", Command::CloseRecall(back.clone()));
                    let said = format!("On the recall list, due {}", day(due_on));
                    desk.offer(said, "Undo", Callback::new(undo));
                }
                Err(why) => drop(problems.show(vec![Problem::new("recall-why", why)])),
            }
        });
    };
    let times = TIMES.map(|(word, weeks, months)| {
        let on = later(today, weeks, months).to_string();
        let (mine, set) = (on.clone(), on);
        let pressed = move || due.with(|due| *due == mine).to_string();
        view! {
            <button type="button" class="btn s" data-in=word aria-pressed=pressed on:click=move |_| due.set(set.clone())>{word}</button>
        }
    });
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <div class="row wrap" role="group" aria-label="Recall in">{times}</div>
            <Field id="recall-due" label="Due about" kind="date" value=due fault=problems.at("recall-due") />
            <Field id="recall-why" label="What for" value=why fault=problems.at("recall-why") />
            <SelectField id="recall-kind" label="Kind of visit" value=kind choose="Any" options=Signal::derive(kind_options) />
            <SelectField id="recall-with" label="With whom" value=with choose="Anyone" options=people />
            {move || (known.with(Vec::len) > 1).then(|| view! {
                <SelectField id="recall-site" label="Where" value=site choose="Choose" options=known fault=problems.at("recall-site") />
            })}
            <div class="ends"><button type="submit" class="btn primary" id="recall-save">"Put on the list"</button></div>
        </form>
    }
}
