//! The day's appointments on a phone: who is next, in which room, and for how long they wait.

use crate::pages::desk::board::card::step;
use crate::pages::desk::board::visits::{Visit, said};
use crate::pages::desk::booking::clock;
use crate::pages::desk::recalls::RecallDialog;
use crate::pages::desk::tasks::TaskForm;
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use chrono::{Days, NaiveDate};
use domain::command::CommandName;
use domain::id::{AppointmentId, PatientId};
use domain::row::{Entity, Row};
use domain::schedule::board::{Lane, minutes_in, next};
use domain::schedule::{Appointment, AppointmentState, Mode};
use domain::tasks::TaskOwner;
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, Dialog, Icon, Tone};

/// The appointments of a day: the practitioner's own, or for who is none, all where they work.
fn day(engine: &Engine, on: NaiveDate) -> Vec<Visit> {
    let (own, site) = (engine.own_practitioner(), engine.home_site());
    let mut all = engine.pick_on(Entity::Appointment, on..=on, |row| match row {
        Row::Appointment(row)
            if !matches!(
                row.state,
                AppointmentState::Cancelled | AppointmentState::EnteredInError
            ) && match own {
                Some(own) => row.practitioner_ids.contains(&own),
                None => site.is_none_or(|site| row.site_id == site),
            } =>
        {
            Some(row.clone())
        }
        _ => None,
    });
    all.sort_by_key(|one| (one.start_at, one.id));
    all.into_iter().map(|one| said(engine, one)).collect()
}

/// Whether there is nothing left to do.
fn is_over(state: AppointmentState) -> bool {
    use AppointmentState::*;
    matches!(
        state,
        Discharged | CheckedOut | Completed | WalkedOut | LeftWithoutSeen | NoShow
    )
}

/// The list.
#[component]
pub fn Visits(today: Memo<NaiveDate>) -> impl IntoView {
    let desk = use_desk();
    let ahead = RwSignal::new(0i64);
    let on = Memo::new(move |_| {
        let (today, ahead) = (today.get(), ahead.get());
        let far = Days::new(ahead.unsigned_abs());
        let moved = if ahead < 0 {
            today.checked_sub_days(far)
        } else {
            today.checked_add_days(far)
        };
        moved.unwrap_or(today)
    });
    let all = desk.live(move |engine| day(engine, on.get()));
    let split = Memo::new(move |_| {
        all.with(|all| {
            let is_over = |visit: &Visit| is_over(visit.appointment.state);
            all.iter().cloned().partition::<Vec<_>, _>(is_over)
        })
    });
    // The one who is to be seen next: with the practitioner, or else the first who waits in a room.
    let first = Memo::new(move |_| {
        all.with(|all| {
            let in_lane = |lane: Lane| {
                all.iter()
                    .find(move |visit| Lane::of(visit.appointment.state) == Some(lane))
            };
            let next = in_lane(Lane::WithPractitioner).or_else(|| in_lane(Lane::ReadyForPractitioner));
            next.map(|visit| visit.appointment.id)
        })
    });
    let ask = Ask {
        about: RwSignal::new(None),
        open: RwSignal::new(false),
    };
    let recall = RwSignal::new(None::<Appointment>);
    let title = move || match ahead.get() {
        0 => "Visits".to_owned(),
        _ => on.get().format("%A, %b %-d").to_string(),
    };
    let over_words = move || format!("{} over", split.with(|(over, _)| over.len()));
    let row = move |visit: Visit| {
        let is_next = move || first.get() == Some(visit.appointment.id);
        view! { <VisitRow visit=visit.clone() is_next=Signal::derive(is_next) ask recall /> }
    };
    // Once for all rows: a row is drawn anew when its visit changes, and what is typed must outlive that.
    let noted = move || ask.about.get_untracked();
    view! {
        <section aria-label="Visits">
            <div class="sec">
                <h2 role="status">{title}</h2>
                <span class="row">
                    <button type="button" class="btn only" aria-label="Day before" on:click=move |_| ahead.update(|n| *n -= 1)><Icon name="left" /></button>
                    <button type="button" class="btn only" aria-label="Day after" on:click=move |_| ahead.update(|n| *n += 1)><Icon name="right" /></button>
                </span>
            </div>
            <Show when=move || split.with(|(over, _)| !over.is_empty())>
                <details class="folded">
                    <summary><Icon name="check" /><span>{over_words}</span><Icon name="down" /></summary>
                    <ol class="rows"><For each=move || split.get().0 key=Visit::key children=row /></ol>
                </details>
            </Show>
            <Show when=move || all.with(Vec::is_empty)><p class="soft small">"Nothing is booked."</p></Show>
            <ol class="rows" id="my-visits"><For each=move || split.get().1 key=Visit::key children=row /></ol>
            <Dialog open=ask.open title="Note to the desk" close="Close">
                {noted().map(|(patient, appointment)| view! {
                    <TaskForm open=ask.open owner=TaskOwner::Desk patient=Some(patient) appointment=Some(appointment) />
                })}
            </Dialog>
            <RecallDialog after=recall />
        </section>
    }
}

/// The note to the desk: about whom and which visit, and whether it is being written.
#[derive(Clone, Copy)]
struct Ask {
    about: RwSignal<Option<(PatientId, AppointmentId)>>,
    open: RwSignal<bool>,
}

#[component]
fn VisitRow(
    visit: Visit,
    is_next: Signal<bool>,
    ask: Ask,
    recall: RwSignal<Option<Appointment>>,
) -> impl IntoView {
    let desk = use_desk();
    let state = visit.appointment.state;
    let minutes = (visit.appointment.end_at - visit.appointment.start_at).num_minutes();
    let lane = Lane::of(state);
    let timed = visit.appointment.clone();
    let waited = Memo::new(move |_| minutes_in(&timed, desk.now.get()));
    let room = visit.rooms.first().cloned();
    let chip = move || {
        let place = room.clone().map(|room| format!(", {room}")).unwrap_or_default();
        let long = lane
            .and_then(Lane::alert_minutes)
            .is_some_and(|most| waited.get() > most);
        let word = state.label().get(Lang::En);
        let (kind, icon, label) = match lane {
            Some(Lane::WithPractitioner) => (Tone::Act, "steth", format!("With you{place}")),
            Some(Lane::ReadyForPractitioner) if long => (
                Tone::Wait,
                "clock",
                format!("Waiting {} min{place}", waited.get()),
            ),
            Some(Lane::ReadyForPractitioner) => (Tone::Ok, "door", format!("Ready{place}")),
            Some(Lane::Arrived) => (Tone::Note, "arrive", format!("Arrived {} min ago", waited.get())),
            Some(_) => (Tone::Note, "pulse", format!("{word}{place}")),
            None if state == AppointmentState::Booked => return None,
            None => (Tone::Plain, "circle", word.to_owned()),
        };
        Some(view! { <Chip kind icon label /> })
    };
    let site = visit.appointment.site_id;
    let wall = clock(&desk.engine(), site).map_or(visit.appointment.wall, |clock| {
        clock.local(visit.appointment.start_at)
    });
    let video = (visit.appointment.mode == Mode::Video)
        .then(|| view! { <span class="flag"><Icon name="desktop" />"Video"</span> });
    let why = visit
        .appointment
        .reason
        .clone()
        .unwrap_or_else(|| visit.kind.clone());
    let may = desk.may(CommandName::SetAppointmentState);
    let about = (visit.appointment.patient_id, visit.appointment.id);
    let begin = move |_| {
        ask.about.set(Some(about));
        ask.open.set(true);
    };
    let asks = desk.may(CommandName::AddTask).then(|| {
        view! {
            <button type="button" class="btn quiet" data-ask=visit.appointment.id.to_string() on:click=begin>
                <Icon name="talk" />"Note to the desk"
            </button>
        }
    });
    let asked_after = visit.appointment.clone();
    let recalls =
        (state.takes_time() && !state.is_expected() && desk.may(CommandName::AddRecall)).then(|| {
            view! {
                <button
                    type="button" class="btn quiet" data-recall-after=asked_after.id.to_string()
                    on:click=move |_| recall.set(Some(asked_after.clone()))
                >
                    <Icon name="again" />"Recall"
                </button>
            }
        });
    let moved = visit.clone();
    let act = move || {
        let to = next(state).filter(|_| may && is_next.get())?;
        let word = match to {
            AppointmentState::WithPractitioner => "Start visit",
            AppointmentState::Discharged => "Visit is over",
            _ => return None,
        };
        let visit = moved.clone();
        Some(
            view! { <button type="button" class="btn primary" data-step=to.name() on:click=move |_| step(desk, &visit, to, None, || ())>{word}</button> },
        )
    };
    view! {
        <li data-appointment=visit.appointment.id.to_string() class:is-next=is_next class:is-gone=is_over(state)>
            <article class="visit">
                <time>{wall.format("%-I:%M").to_string()}<small>{format!("{minutes} min")}</small></time>
                <div>
                    <h3><a href=path::today_patient(visit.appointment.patient_id)>{visit.name.clone()}</a></h3>
                    <p class="why">{why}</p>
                    <p class="chips">{chip}{video}</p>
                    {act}
                    {asks}
                    {recalls}
                </div>
            </article>
        </li>
    }
}
