//! Where a person can go: only pages that exist and that their role may use.

use super::context::{Desk, use_desk};
use crate::routes::path;
use domain::access::{Query, Role, may_command, may_query};
use domain::command::CommandName;
use domain::intake::IntakeStatus;
use domain::row::{Entity, Row};
use domain::tasks::TaskOwner;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::Icon;

/// One place.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    path: &'static str,
    icon: &'static str,
    word: &'static str,
    badge: Badge,
}

/// What is counted beside a place.
#[derive(Clone, Copy, PartialEq)]
enum Badge {
    None,
    Intakes,
    Decisions,
    Tasks,
}

impl Place {
    const fn new(path: &'static str, icon: &'static str, word: &'static str, badge: Badge) -> Place {
        Place {
            path,
            icon,
            word,
            badge,
        }
    }

    /// Whether a page lies in this place.
    fn holds(&self, page: &str) -> bool {
        match self.path {
            path::PATIENTS => {
                page == path::PATIENTS
                    || page.starts_with(path::PATIENT)
                    || page == path::NEW_PATIENT
                    || page == path::DUPLICATES
                    || page == path::SHEET
            }
            path::TODAY => {
                page == path::TODAY || page.starts_with(path::TODAY_PATIENT) && page != path::TODAY_PATIENTS
            }
            own => page.starts_with(own),
        }
    }
}

fn reviews(desk: Desk) -> bool {
    desk.may(CommandName::AcceptIntake)
}

/// The rail's places, in order.
fn places(desk: Desk) -> Vec<Place> {
    let Some(role) = desk.role() else {
        return Vec::new();
    };
    let mut all = Vec::new();
    if role.may_hold(Entity::Appointment) {
        all.push(Place::new(path::BOARD, "door", "Board", Badge::None));
        all.push(Place::new(path::CALENDAR, "calendar", "Calendar", Badge::None));
    }
    if role.may_hold(Entity::Patient) {
        all.push(Place::new(path::PATIENTS, "patients", "Patients", Badge::None));
    }
    if reviews(desk) {
        all.push(Place::new(path::INTAKE, "form", "Intake", Badge::Intakes));
    }
    if may_command(role, CommandName::SetNoticeRule) || role.may_hold(Entity::Notice) {
        all.push(Place::new(path::REMINDERS, "mail", "Reminders", Badge::None));
    }
    if may_command(role, CommandName::CloseTask) {
        all.push(Place::new(path::TASKS, "okc", "Tasks", Badge::Tasks));
    }
    if may_command(role, CommandName::CloseRecall) {
        all.push(Place::new(path::RECALLS, "again", "Recalls", Badge::None));
    }
    all.push(Place::new(
        path::DECISIONS,
        "decisions",
        "Decisions",
        Badge::Decisions,
    ));
    if role.may_hold(Entity::Intake) {
        all.push(Place::new(path::TODAY, "today", "Today", Badge::None));
    }
    all.push(Place::new(path::OUTBOX, "outbox", "Outbox", Badge::None));
    if desk.may(CommandName::SetClosure) {
        all.push(Place::new(path::HOURS, "clock", "Hours", Badge::None));
    }
    if desk.may(CommandName::RecordSite) {
        all.push(Place::new(path::PRACTICE, "pin", "Practice", Badge::None));
    }
    if desk.may(CommandName::PublishQuestionnaire) {
        all.push(Place::new(path::FORMS, "form", "Forms", Badge::None));
    }
    if may_query(role, Query::CreateEnrolmentCode) {
        all.push(Place::new(path::DEVICES, "tablet", "Devices", Badge::None));
    }
    all
}

/// Where a person lands.
pub fn home(desk: Desk) -> &'static str {
    let clinical = matches!(desk.role(), Some(Role::Practitioner));
    let today = desk.holds(Entity::Intake) && (desk.narrow.get_untracked() || clinical);
    if today { path::TODAY } else { path::PATIENTS }
}

fn count(desk: Desk, badge: Badge) -> Memo<usize> {
    match badge {
        Badge::None => Memo::new(|_| 0),
        Badge::Decisions => desk.status(|status| status.needs_decision),
        Badge::Tasks => {
            let own = desk.role().and_then(TaskOwner::of);
            desk.live(move |engine| {
                let ours = |row: &Row| match row {
                    Row::Task(task) if task.waits_for(own) => Some(()),
                    _ => None,
                };
                engine.pick(Entity::Task, ours).len()
            })
        }
        Badge::Intakes => desk.live(|engine| {
            let waits = |row: &Row| match row {
                Row::Intake(intake) if intake.status == IntakeStatus::Pending => Some(()),
                _ => None,
            };
            engine.pick(Entity::Intake, waits).len()
        }),
    }
}

#[component]
fn Link(place: Place) -> impl IntoView {
    let desk = use_desk();
    let page = use_location().pathname;
    let waiting = count(desk, place.badge);
    let current = move || page.with(|page| place.holds(page)).then_some("page");
    view! {
        <li>
            <a href=place.path aria-current=current data-nav=place.path>
                <Icon name=place.icon />
                {place.word}
                {move || match waiting.get() {
                    0 => None,
                    n => Some(view! { <span class="badge">{n}<span class="vh">" waiting"</span></span> }),
                }}
            </a>
        </li>
    }
}

/// The computer's rail.
#[component]
pub fn Rail() -> impl IntoView {
    let desk = use_desk();
    view! {
        <nav class="rail" aria-label="Main">
            <a class="mark" href=home(desk) aria-label="Anteroom, home"><Icon name="mark" /></a>
            <ul>{places(desk).into_iter().map(|place| view! { <Link place /> }).collect_view()}</ul>
        </nav>
    }
}

/// The phone's tabs: at most four.
#[component]
pub fn Tabs() -> impl IntoView {
    let desk = use_desk();
    let mut tabs = Vec::new();
    if desk.holds(Entity::Intake) {
        tabs.push(Place::new(path::TODAY, "calendar", "Today", Badge::None));
    }
    if desk.holds(Entity::Patient) {
        tabs.push(Place::new(
            path::TODAY_PATIENTS,
            "person",
            "Patients",
            Badge::None,
        ));
    }
    if reviews(desk) {
        tabs.push(Place::new(path::INTAKE, "form", "Intake", Badge::Intakes));
    }
    tabs.push(Place::new(
        path::DECISIONS,
        "decide",
        "Decisions",
        Badge::Decisions,
    ));
    view! {
        <footer class="p-foot">
            <nav class="p-tabs" aria-label="Main">
                <ul>{tabs.into_iter().map(|place| view! { <Link place /> }).collect_view()}</ul>
            </nav>
        </footer>
    }
}
