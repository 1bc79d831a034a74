//! Today: who came, why, and who still waits at the desk.

use super::PhonePage;
use super::visits::Visits;
use crate::pages::desk::page::NotYours;
use crate::pages::desk::when::local;
use crate::routes::path;
use crate::shell::staff::PhoneSync;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use chrono::{DateTime, NaiveDate, Utc};
use domain::command::CommandName;
use domain::id::{IntakeId, PatientId};
use domain::intake::diff::display_name;
use domain::intake::{Intake, IntakeStatus};
use domain::row::{Entity, Row};
use domain::tasks::TaskOwner;
use domain::text::Lang;
use leptos::prelude::*;
use ui::{EmptyState, Icon};

/// One row of the day.
#[derive(Clone, PartialEq)]
struct Visit {
    id: IntakeId,
    at: DateTime<Utc>,
    name: String,
    patient: Option<PatientId>,
    reason: String,
    spanish: bool,
    is_new: bool,
    waits: bool,
}

impl Visit {
    fn of(engine: &Engine, intake: &Intake) -> Visit {
        let recorded = intake
            .patient_id
            .and_then(|id| engine.patient(id))
            .map(|patient| patient.display_name());
        Visit {
            id: intake.id,
            at: intake.received_at,
            name: recorded.unwrap_or_else(|| display_name(&intake.content.identity)),
            patient: intake.patient_id,
            reason: intake.content.reason.clone(),
            spanish: intake.content.language == Lang::Es,
            is_new: !intake.content.returning,
            waits: intake.status == IntakeStatus::Pending,
        }
    }
}

/// Accepted on a day by the site's clock, and everything that is pending.
fn visits(engine: &Engine, today: NaiveDate) -> Vec<Visit> {
    let yesterday = today.pred_opt().unwrap_or(today);
    let tomorrow = today.succ_opt().unwrap_or(today);
    let found = engine.pick(Entity::Intake, |row| match row {
        Row::Intake(intake) if intake.status == IntakeStatus::Pending => Some(intake.clone()),
        // A cheap look first: the site's clock is asked only for those near the day.
        Row::Intake(intake) if intake.status == IntakeStatus::Accepted => intake
            .reviewed_at
            .filter(|at| (yesterday..=tomorrow).contains(&at.date_naive()))
            .map(|_| intake.clone()),
        _ => None,
    });
    let here = |intake: &Intake| match (intake.status, intake.reviewed_at) {
        (IntakeStatus::Pending, _) => true,
        (_, Some(at)) => local(engine, at).date() == today,
        _ => false,
    };
    let mut all: Vec<Visit> = found
        .iter()
        .filter(|intake| here(intake))
        .map(|intake| Visit::of(engine, intake))
        .collect();
    all.sort_by_key(|visit| (visit.waits, visit.at, visit.id));
    all
}

/// The page.
#[component]
pub fn Today() -> impl IntoView {
    let desk = use_desk();
    if !desk.holds(Entity::Intake) {
        return view! { <NotYours /> }.into_any();
    }
    let today = Memo::new(move |_| {
        desk.now.track();
        desk.today()
    });
    let all = desk.live(move |engine| visits(engine, today.get()));
    let split =
        Memo::new(move |_| all.with(|all| all.iter().cloned().partition::<Vec<_>, _>(|visit| !visit.waits)));
    let date = Signal::derive(move || today.get().format("%A, %b %-d").to_string());
    let also = Signal::derive(move || {
        Some(match split.with(|(ready, _)| ready.len()) {
            0 => "nobody taken in yet".to_owned(),
            n => format!("{n} taken in"),
        })
    });
    let head = move || {
        view! {
            <div class="today-head"><h1>{date}</h1><PhoneSync also=also /></div>
        }
    };
    let row = move |visit: Visit| view! { <VisitRow visit /> };
    view! {
        <PhonePage title=Signal::derive(move || format!("Today, {}", date.get())) head=ViewFn::from(head)>
            {desk.may(CommandName::CloseTask).then(|| view! { <ToDo /> })}
            {desk.holds(Entity::Appointment).then(|| view! { <Visits today /> })}
            <div class="sec"><h2>"Taken in today"</h2></div>
            <Show when=move || split.with(|(ready, _)| ready.is_empty())>
                <EmptyState
                    icon="today"
                    title="Nobody taken in yet today"
                    text="Patients appear here when the front desk has accepted what they filled in."
                />
            </Show>
            <ol class="rows">{move || split.get().0.into_iter().map(row).collect_view()}</ol>
            <Show when=move || split.with(|(_, waiting)| !waiting.is_empty())>
                <div class="sec"><h2>"Waiting at the desk"</h2></div>
                <ol class="rows">{move || split.get().1.into_iter().map(row).collect_view()}</ol>
            </Show>
        </PhonePage>
    }
    .into_any()
}

/// The way to what colleagues ask for, while they do.
#[component]
fn ToDo() -> impl IntoView {
    let desk = use_desk();
    let own = desk.role().and_then(TaskOwner::of);
    let count = desk.live(move |engine| {
        let ours = |row: &Row| match row {
            Row::Task(task) if task.waits_for(own) => Some(()),
            _ => None,
        };
        engine.pick(Entity::Task, ours).len()
    });
    let recalls = desk.may(CommandName::CloseRecall).then(|| {
        view! { <a class="btn quiet" id="recalls" href=path::RECALLS><Icon name="again" />"Recalls"</a> }
    });
    let words = move || match count.get() {
        0 => "Tasks".to_owned(),
        n => format!("Tasks: {n} for you"),
    };
    view! { <p class="sec"><a class="btn quiet" id="my-tasks" href=path::TASKS><Icon name="okc" />{words}</a>{recalls}</p> }
}

#[component]
fn VisitRow(visit: Visit) -> impl IntoView {
    let desk = use_desk();
    let at = local(&desk.engine(), visit.at);
    let id = visit.id.to_string();
    let (taken, waits) = if visit.waits {
        (None, Some(id))
    } else {
        (Some(id), None)
    };
    let name = match visit.patient {
        Some(patient) => view! { <a href=path::today_patient(patient)>{visit.name.clone()}</a> }.into_any(),
        None => visit.name.clone().into_any(),
    };
    let spanish = visit
        .spanish
        .then(|| view! { <span class="flag"><Icon name="talk" />"Spanish"</span> });
    let is_new = visit
        .is_new
        .then(|| view! { <span class="flag"><Icon name="new" />"New patient"</span> });
    let flags = (visit.spanish || visit.is_new).then(|| view! { <p class="chips">{spanish}{is_new}</p> });
    view! {
        <li data-visit=taken data-waiting=waits>
            <article class="visit">
                <time>{at.format("%-I:%M").to_string()}<small>{at.format("%p").to_string()}</small></time>
                <div><h3>{name}</h3><p class="why">{visit.reason}</p>{flags}</div>
            </article>
        </li>
    }
}
