//! The patient's appointments: what is to come, and what was.

use super::card::Card;
use crate::pages::desk::board::visits::{Visit, moment, said};
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::id::PatientId;
use domain::row::{Entity, Key, Row};
use domain::text::Lang;
use leptos::prelude::*;

/// How many of those that are over are shown at first.
const BEFORE: usize = 6;

/// One line: with what its appointment says, and when it is.
type Line = (Visit, String, bool);

/// The card.
#[component]
pub fn VisitsCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let all_before = RwSignal::new(false);
    let lines = desk.live(move |engine| {
        let now = engine.ports.clock.now();
        let mut all: Vec<Line> = (engine.get(Key::OfPatient(Entity::Appointment, id)).into_iter())
            .filter_map(|row| match row {
                Row::Appointment(row) => {
                    let (when, to_come) = (moment(engine, row.site_id, row.start_at), row.end_at > now);
                    Some((said(engine, row), when, to_come))
                }
                _ => None,
            })
            .collect();
        // Those to come begin with the next one, those before with the last one.
        all.sort_by_key(|(visit, _, to_come)| {
            let at = visit.appointment.start_at.timestamp();
            (!to_come, if *to_come { at } else { -at }, visit.appointment.id)
        });
        all
    });
    let before = move || lines.with(|all| all.iter().filter(|(.., to_come)| !to_come).count());
    let shown = move || {
        let most = if all_before.get() { usize::MAX } else { BEFORE };
        let mut over = 0;
        let mut all = lines.get();
        all.retain(|(.., to_come)| {
            over += usize::from(!to_come);
            *to_come || over <= most
        });
        all
    };
    let row = move |(visit, when, _): Line| {
        let state = visit.appointment.state.label().get(Lang::En);
        let facts = format!("{} · {} · {state}", visit.kind, visit.practitioner);
        let href = path::appointment(visit.appointment.id);
        view! {
            <li data-appointment=visit.appointment.id.to_string()>
                <span><a class="rowlink" href=href>{when}</a><small>{facts}</small></span>
            </li>
        }
    };
    view! {
        <Card id="card-visits" title="Appointments">
            <ul class="consents visits">{move || shown().into_iter().map(row).collect_view()}</ul>
            <div class="in row wrap">
                {desk.may(CommandName::BookAppointment).then(|| view! { <a class="btn s" id="book-for" href=path::book_for(id)>"Book"</a> })}
                {move || (before() > BEFORE && !all_before.get()).then(|| view! {
                    <button type="button" class="btn s quiet" on:click=move |_| all_before.set(true)>{format!("All {} before", before())}</button>
                })}
                {move || lines.with(Vec::is_empty).then(|| view! { <span class="soft small">"None yet"</span> })}
            </div>
        </Card>
    }
}
