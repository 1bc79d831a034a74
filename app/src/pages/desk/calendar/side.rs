//! What is open beside the calendar: one appointment, and what can be done with it.

use super::cancel::CancelForm;
use super::form::Draft;
use super::grid::close_panel;
use super::head::SideHead;
use super::move_to::MoveTo;
use super::moving::{against, appointment, place_of};
use super::state::{Panel, use_calendar};
use crate::pages::desk::board::panel;
use crate::pages::desk::board::visits::visit_of;
use crate::pages::desk::recalls::RecallDialog;
use domain::command::{Command, CommandName};
use domain::id::AppointmentId;
use domain::schedule::findings::Weight;
use domain::schedule::{Appointment, AppointmentState, BookAppointment, ConfirmAppointment};
use leptos::prelude::*;
use ui::Dialog;

/// The panel.
#[component]
pub fn VisitSide(id: AppointmentId) -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let visit = desk.live(move |engine| visit_of(engine, id));
    let (cancelling, sending) = (RwSignal::new(false), RwSignal::new(false));
    let recall = RwSignal::new(None);
    let may = move |command| desk.may(command);
    let may_step = may(CommandName::SetAppointmentState);
    let state = Memo::new(move |_| visit.with(|visit| visit.as_ref().map(|visit| visit.appointment.state)));
    let is = move |holds: fn(AppointmentState) -> bool| state.get().is_some_and(holds);
    let movable = move || is(AppointmentState::may_move) && may(CommandName::MoveAppointment);
    let cancellable = move || is(AppointmentState::may_cancel) && may(CommandName::CancelAppointment);
    let unconfirmed = move || {
        let open = matches!(
            state.get(),
            Some(AppointmentState::Booked | AppointmentState::Requested)
        );
        open && may(CommandName::ConfirmAppointment)
    };
    let held = move || {
        let kept = matches!(
            state.get(),
            Some(AppointmentState::Held | AppointmentState::Cancelled)
        );
        kept && may(CommandName::BookAppointment)
    };
    let name = move || {
        visit.with(|visit| {
            visit
                .as_ref()
                .map(|visit| visit.called(desk.counter.get()))
                .unwrap_or_default()
        })
    };
    let take_up = move || {
        if !(untrack(movable) && calendar.take_up(id)) {
            desk.say("This one cannot be moved.");
        }
    };
    let confirm = move || {
        let Some(appointment) = untrack(|| visit.get()).map(|visit| visit.appointment) else {
            return;
        };
        let command = ConfirmAppointment {
            appointment_id: id,
            patient_id: appointment.patient_id,
        };
        let what = format!("{}: confirmed", untrack(name));
        desk.enter(what, Command::ConfirmAppointment(command));
    };
    let again = move || {
        let Some(appointment) = appointment(&desk.engine(), id) else {
            return;
        };
        let found = against(&desk.engine(), &appointment, &place_of(&appointment));
        let taken = found.iter().any(|one| one.weight() > Weight::Warns);
        if taken && appointment.overbook_reason.is_none() {
            desk.say("Its time is taken now. Book another one.");
            return;
        }
        let command = Command::BookAppointment(as_it_was(&appointment));
        desk.enter(format!("{}: booked", untrack(name)), command);
    };
    let next = move || {
        let Some(appointment) = appointment(&desk.engine(), id) else {
            return;
        };
        calendar.panel.set(Panel::Book(Draft {
            patient: Some(appointment.patient_id),
            kind: Some(appointment.visit_type_id),
            site: Some(appointment.site_id),
            with: appointment.practitioner_ids.first().copied(),
            ..Draft::default()
        }));
    };
    desk.on_keys(move |key| match key {
        "m" => {
            take_up();
            true
        }
        "c" if untrack(unconfirmed) => {
            confirm();
            true
        }
        "x" if untrack(cancellable) => {
            cancelling.set(true);
            true
        }
        "b" if may(CommandName::BookAppointment) => {
            next();
            true
        }
        "Escape" if calendar.moving.with_untracked(Option::is_some) => {
            calendar.moving.set(None);
            true
        }
        "Escape" => {
            close_panel(calendar);
            true
        }
        _ => false,
    });
    let steps = RwSignal::new(true);
    view! {
        <SideHead title=Signal::derive(name) />
        <div class="scroll side-form" tabindex="0" role="region" aria-label="Appointment">
            {move || visit.get().map(|visit| view! { <panel::Panel visit may=may_step open=steps recall in_calendar=true /> })}
        </div>
        <footer>
            {move || unconfirmed().then(|| view! {
                <button type="button" class="btn primary wide" id="visit-confirm" on:click=move |_| confirm()>"They will come "<kbd>"C"</kbd></button>
            })}
            {move || held().then(|| view! {
                <button type="button" class="btn primary wide" id="visit-again" on:click=move |_| again()>"Book this time"</button>
            })}
            <div class="acts">
                {move || movable().then(|| view! {
                    <button type="button" class="btn s" id="visit-move" on:click=move |_| take_up()>"Move "<kbd>"M"</kbd></button>
                })}
                {move || movable().then(|| view! {
                    <button type="button" class="btn s" id="visit-to" on:click=move |_| sending.set(true)>"Move to a day"</button>
                })}
                {move || cancellable().then(|| view! {
                    <button type="button" class="btn s" id="visit-cancel" on:click=move |_| cancelling.set(true)>"Cancel it "<kbd>"X"</kbd></button>
                })}
                {may(CommandName::BookAppointment).then(|| view! {
                    <button type="button" class="btn s" id="visit-next" on:click=move |_| next()>"Book next "<kbd>"B"</kbd></button>
                })}
            </div>
        </footer>
        <RecallDialog after=recall />
        <Dialog open=sending title="Move to a day" close="Close">
            // As it was opened: news must not empty a form that is half filled.
            {untrack(|| visit.get()).map(|visit| view! { <MoveTo appointment=visit.appointment name=visit.short open=sending /> })}
        </Dialog>
        <Dialog open=cancelling title="Cancel the appointment" close="Close">
            {untrack(|| visit.get()).map(|visit| view! { <CancelForm appointment=visit.appointment name=visit.short open=cancelling /> })}
        </Dialog>
    }
}

/// The same booking once more, under the same identity.
pub fn as_it_was(appointment: &Appointment) -> BookAppointment {
    BookAppointment {
        appointment_id: appointment.id,
        patient_id: appointment.patient_id,
        visit_type_id: appointment.visit_type_id,
        place: place_of(appointment),
        scenario: appointment.scenario,
        reason: appointment.reason.clone(),
        referral: appointment.referral.clone(),
        overbook_reason: appointment.overbook_reason.clone(),
        hold_minutes: None,
        series_id: appointment.series_id,
    }
}
