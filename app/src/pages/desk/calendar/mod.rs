//! The calendar: who is seen when, where and by whom; booked, moved and called off, with or without a network.
//!
//! - [`columns`] is what is shown, [`reader`] reads it; [`grid`] draws it as columns, [`agenda`] as a list.
//! - [`state`] is what the parts share; [`keys`] is the keyboard's way through it.
//! - Beside it: [`side`] one appointment, [`form`] a new one, [`waiting`] who waits, [`rework`] what must be moved.
//! - [`keep`] is what this computer keeps, [`standing`] what it keeps every week.
//! - [`moving`] carries a booking, [`move_to`] sends it to a day; [`ask`] is what must be said first.

mod agenda;
mod ask;
mod booked;
mod cancel;
mod card;
mod columns;
mod drag;
mod form;
mod grid;
mod head;
mod keep;
mod keys;
mod move_to;
mod moving;
mod openings;
mod reader;
mod repeat;
mod rework;
mod side;
mod standing;
mod state;
mod waiting;

use super::booking::{clock_words, practitioners, sites};
use super::counter::CounterMode;
use super::page::{NotYours, Page};
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::id::{AppointmentId, PatientId, PractitionerId, SiteId, VisitTypeId};
use domain::row::{Entity, Row};
use domain::schedule::WaitlistState;
use form::Draft;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use state::{Calendar, Panel};
use ui::{Icon, Segmented, SelectField};

fn words(all: &[(&str, &str)]) -> Signal<Vec<(String, String)>> {
    Signal::stored(
        all.iter()
            .map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
            .collect(),
    )
}

/// Esc in a field beside the calendar closes what is beside it; one in a dialog closes the dialog alone.
fn left(calendar: Calendar, event: &leptos::ev::KeyboardEvent) {
    let in_dialog = document()
        .query_selector("dialog[open]")
        .is_ok_and(|found| found.is_some());
    if event.key() == "Escape" && !in_dialog && !event.default_prevented() {
        event.prevent_default();
        grid::close_panel(calendar);
    }
}

/// The page.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let desk = use_desk();
    if !desk.holds(Entity::Appointment) {
        return view! { <NotYours /> }.into_any();
    }
    let calendar = Calendar::new();
    provide_context(calendar);
    // What can be taken back is taken back here.
    on_cleanup(move || {
        desk.toasts
            .update(|all| all.retain(|toast| toast.action.is_none()))
    });
    calendar.settle();
    let may_book = desk.may(CommandName::BookAppointment);
    let begin = move || {
        calendar.panel.set(Panel::Book(Draft {
            with: None,
            ..Draft::default()
        }));
    };
    // From a record: book for this patient. From the board: show this appointment.
    let search = use_location().search;
    Effect::new(move || {
        let asked = search.get();
        let id = |name: &str| {
            let parts = asked.trim_start_matches('?').split('&');
            parts
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| *key == name)
                .and_then(|(_, id)| id.parse().ok())
        };
        if let Some(patient) = id("patient").filter(|_| may_book) {
            let site = id("site").map(SiteId);
            if let Some(site) = site {
                calendar.site.set(site.to_string());
            }
            calendar.panel.set(Panel::Book(Draft {
                patient: Some(PatientId(patient)),
                kind: id("kind").map(VisitTypeId),
                site,
                with: id("with").map(PractitionerId),
                ..Draft::default()
            }));
        }
        if let Some(appointment) = id("appointment").map(AppointmentId) {
            if let Some(known) = moving::appointment(&desk.engine(), appointment) {
                calendar.site.set(known.site_id.0.to_string());
                calendar.on.set(known.wall.date());
            }
            calendar.panel.set(Panel::Visit(appointment));
        }
    });
    desk.on_keys(move |key| {
        match key {
            "t" => calendar.on.set(calendar.today()),
            "d" => calendar.span.set("day".to_owned()),
            "w" => calendar.span.set("week".to_owned()),
            "a" => calendar.span.set("agenda".to_owned()),
            "n" if may_book => begin(),
            "z" => calendar.take_back(),
            "k" => calendar.turn(-1),
            "j" => calendar.turn(1),
            _ => return false,
        }
        true
    });
    let title = move || {
        let on = calendar.on.get();
        if calendar.is_week() {
            let days = columns::week_of(on);
            let part = |day: Option<&chrono::NaiveDate>| {
                day.map(|day| day.format("%B %-d").to_string())
                    .unwrap_or_default()
            };
            format!("{} to {}", part(days.first()), part(days.last()))
        } else {
            on.format("%A, %B %-d").to_string()
        }
    };
    let facts = move || {
        let n: usize = calendar.grid.with(|grid| {
            let mut ids: Vec<_> = (grid.columns.iter())
                .flat_map(|column| &column.items)
                .map(|item| item.visit.appointment.id)
                .collect();
            ids.sort_unstable();
            ids.dedup();
            ids.len()
        });
        format!("{n} booked")
    };
    let known_sites = desk.live(sites);
    let people = practitioners(desk, calendar.site_id.into());
    let waiting = desk.live(move |engine| {
        let site = calendar.site_id.get();
        let waits = |row: &Row| match row {
            Row::WaitlistEntry(row) if row.state == WaitlistState::Waiting && Some(row.site_id) == site => {
                Some(())
            }
            _ => None,
        };
        engine.pick(Entity::WaitlistEntry, waits).len()
    });
    let to_rework = rework::count(calendar);
    // A week is somebody's.
    Effect::new(move || {
        let nobody = calendar
            .with
            .with(|with| !people.with(|all| all.iter().any(|(id, _)| id == with)));
        if calendar.is_week() && nobody {
            let first = people.with(|all| all.first().map(|(id, _)| id.clone()));
            calendar.with.set(first.unwrap_or_default());
        }
    });
    let is = move |span: &'static str| calendar.span.with(|now| now == span);
    let carried = move || {
        calendar.moving.get().map(|moving| {
            let column = calendar.grid.with(|grid| {
                grid.columns
                    .iter()
                    .find(|column| column.key == moving.to.column)
                    .map(|column| column.title.clone())
            });
            format!(
                "{}: to {}, {}",
                moving.name,
                clock_words(moving.to.minute),
                column.unwrap_or_default()
            )
        })
    };
    let print = move |_| {
        calendar.span.set("agenda".to_owned());
        let engine = desk.engine();
        leptos::task::spawn_local(async move {
            // Paper leaves the house as a file does, and is noted like one.
            engine.note_read(None, "print of the day").await;
            engine.ports.clock.sleep(50).await;
            // A browser that cannot print says so itself.
            let _said = window().print();
        });
    };
    let beside = move || match calendar.panel.get() {
        Panel::Closed => None,
        Panel::Visit(id) => Some(view! { <side::VisitSide id /> }.into_any()),
        Panel::Book(draft) => Some(view! { <form::BookForm draft /> }.into_any()),
        Panel::Keep => Some(view! { <keep::KeepSide /> }.into_any()),
        Panel::Waiting => Some(view! { <waiting::WaitingSide /> }.into_any()),
        Panel::Rework => Some(view! { <rework::ReworkSide /> }.into_any()),
    };
    let is_open = Memo::new(move |_| calendar.panel.with(|panel| *panel != Panel::Closed));
    view! {
        <Page title="Calendar">
            <div class="page-head calendar-head">
                <div><h1>{title}</h1><p class="sub" role="status">{move || carried().unwrap_or_else(facts)}</p></div>
                <div class="row no-print">
                    <button type="button" class="btn s only" aria-label="Earlier" on:click=move |_| calendar.turn(-1)><Icon name="left" /></button>
                    <button type="button" class="btn s" id="to-today" on:click=move |_| calendar.on.set(calendar.today())>"Today "<kbd>"T"</kbd></button>
                    <button type="button" class="btn s only" aria-label="Later" on:click=move |_| calendar.turn(1)><Icon name="right" /></button>
                    <label class="pick-day"><span class="vh">"Day"</span>
                        <input
                            type="date" class="input" id="calendar-on"
                            prop:value=move || calendar.on.get().to_string()
                            on:change=move |event| if let Ok(on) = event_target_value(&event).parse() { calendar.on.set(on) }
                        />
                    </label>
                </div>
                <Segmented name="calendar-span" legend="Span" small=true value=calendar.span options=words(&[("day", "Day"), ("week", "Week"), ("agenda", "Agenda")]) />
                {move || is("day").then(|| view! {
                    <Segmented name="calendar-by" legend="Columns" small=true value=calendar.by options=words(&[("practitioner", "Practitioner"), ("room", "Room"), ("site", "Site")]) />
                })}
                {move || (is("week")).then(|| view! {
                    <SelectField id="calendar-with" label="Whose week" value=calendar.with choose="Choose" options=people />
                })}
                {move || (known_sites.with(Vec::len) > 1).then(|| view! {
                    <Segmented name="calendar-site" legend="Site" small=true value=calendar.site options=known_sites />
                })}
                <span class="push"></span>
                {move || (to_rework.get() > 0).then(|| view! {
                    <button type="button" class="btn s attention" id="to-rework" on:click=move |_| calendar.panel.set(Panel::Rework)>
                        <Icon name="warn" small=true />{move || format!("{} to rework", to_rework.get())}
                    </button>
                })}
                <button type="button" class="btn s" id="waiting" on:click=move |_| calendar.panel.set(Panel::Waiting)>{move || format!("Waiting {}", waiting.get())}</button>
                {desk.may(CommandName::LeaseSlots).then(|| view! {
                    <button type="button" class="btn s only" id="keep" aria-label="Times kept for this computer" title="Times kept for this computer" on:click=move |_| calendar.panel.set(Panel::Keep)><Icon name="disk" /></button>
                })}
                <CounterMode small=true />
                <button type="button" class="btn s only" aria-label="Print the day" on:click=print><Icon name="printer" /></button>
                {may_book.then(|| view! {
                    <button type="button" class="btn primary" id="new-appointment" on:click=move |_| begin()><Icon name="plus" small=true />"New appointment "<kbd>"N"</kbd></button>
                })}
            </div>
            <div class="split calendar" class:open=move || is_open.get()>
                <div class="stack">
                    {move || match is("agenda") {
                        true => view! { <agenda::Agenda /> }.into_any(),
                        false => view! { <grid::GridView /> }.into_any(),
                    }}
                </div>
                {move || is_open.get().then(|| view! { <aside class="side" aria-label="Beside the calendar" on:keydown=move |event| left(calendar, &event)>{beside}</aside> })}
            </div>
            <ask::AskMove />
        </Page>
    }
    .into_any()
}
