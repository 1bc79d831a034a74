//! The day as a list: on a phone, for a screen reader, and on paper.

use super::card::look;
use super::columns::Item;
use super::state::{Panel, use_calendar};
use domain::text::Lang;
use leptos::prelude::*;
use std::sync::Arc;
use ui::{EmptyState, Icon};

/// Everything of the columns, each once, in the order of the day.
#[component]
pub fn Agenda() -> impl IntoView {
    let calendar = use_calendar();
    let items = Memo::new(move |_| {
        let mut all: Vec<Arc<Item>> = calendar.grid.with(|grid| {
            let each = grid.columns.iter().flat_map(|column| &column.items);
            each.cloned().collect()
        });
        all.sort_by_key(|item| (item.visit.appointment.start_at, item.visit.appointment.id));
        all.dedup_by_key(|item| item.visit.appointment.id);
        all
    });
    let row = move |item: Arc<Item>| {
        let id = item.visit.appointment.id;
        let state = item.visit.appointment.state;
        let named = item.visit.clone();
        let name = move || named.called(calendar.desk.counter.get());
        let on = move || calendar.panel.with(|panel| *panel == Panel::Visit(id));
        view! {
            <tr class:on=on>
                <td class="when">{item.visit.clock()}</td>
                <th scope="row">
                    <button type="button" class="rowlink" data-appointment=id.to_string() on:click=move |_| calendar.panel.set(Panel::Visit(id))>{name}</button>
                    <small>{item.visit.kind.clone()}</small>
                </th>
                <td class="hide-narrow">{item.visit.practitioner.clone()}</td>
                <td class="hide-narrow">{item.visit.rooms.join(", ")}</td>
                <td>
                    <span class="row"><Icon name=look(state).1 small=true />{state.label().get(Lang::En)}</span>
                    {item.rework.then(|| view! { <small class="wait">"Needs another time"</small> })}
                </td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Agenda">
            <table class="table">
                <caption class="vh">"Appointments of the day"</caption>
                <thead><tr>
                    <th scope="col" class="when">"Time"</th><th scope="col">"Patient"</th>
                    <th scope="col" class="hide-narrow">"With"</th><th scope="col" class="hide-narrow">"Room"</th><th scope="col">"State"</th>
                </tr></thead>
                <tbody><For each=move || items.get() key=|item| item.key() children=row /></tbody>
            </table>
            <Show when=move || items.with(Vec::is_empty)>
                <EmptyState icon="calendar" title="Nothing is booked" text="Choose another day, or book the first." />
            </Show>
        </div>
    }
}
