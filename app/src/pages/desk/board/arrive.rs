//! Who is expected, to say that they are here. Enter takes the first that matches.

use super::card::step;
use super::visits::Visit;
use crate::shell::staff::context::use_desk;
use domain::schedule::AppointmentState;
use domain::text::Lang;
use leptos::prelude::*;
use ui::{EmptyState, Field};

/// Whether every word that was typed begins a word of the name.
fn matches(name: &str, typed: &str) -> bool {
    let name = name.to_lowercase();
    let mut typed = typed.split_whitespace();
    typed.all(|part| {
        name.split([' ', '-'])
            .any(|word| word.starts_with(&part.to_lowercase()))
    })
}

/// The list.
#[component]
pub fn Arrive(
    all: Memo<Vec<Visit>>,
    open: RwSignal<bool>,
    /// Opens the form for someone without an appointment.
    walk_in: RwSignal<bool>,
) -> impl IntoView {
    let desk = use_desk();
    let typed = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let typed = typed.get();
        all.with(|all| -> Vec<Visit> {
            let fits = |visit: &&Visit| visit.is_to_come() && matches(&visit.name, &typed);
            all.iter().filter(fits).cloned().collect()
        })
    });
    let arrive = move |visit: &Visit| {
        step(desk, visit, AppointmentState::Arrived, None, move || {
            let _left = open.try_set(false);
        });
    };
    let first = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(visit) = found.with_untracked(|found| found.first().cloned()) {
            arrive(&visit);
        }
    };
    let unexpected = move |_| {
        open.set(false);
        walk_in.set(true);
    };
    let row = move |visit: Visit| {
        let (name, id) = (visit.name.clone(), visit.appointment.id);
        let facts = format!(
            "{} · {} · {} · {}",
            visit.clock(),
            visit.practitioner,
            visit.kind,
            visit.appointment.state.label().get(Lang::En)
        );
        view! {
            <li>
                <button type="button" class="pt" data-expected=id.to_string() on:click=move |_| arrive(&visit)>
                    <span class="top"><span class="who">{name}</span></span>
                    <span class="what">{facts}</span>
                </button>
            </li>
        }
    };
    view! {
        <form class="form" novalidate on:submit=first>
            <Field id="arrive-name" label="Name" value=typed autofocus=true hint="Enter takes the first of the list" />
            <Show when=move || found.with(Vec::is_empty)>
                <EmptyState icon="door" title="Nobody of that name is expected today" text="Look at the day, or at another site." />
            </Show>
            <ol class="expected" aria-label="Expected today">{move || found.get().into_iter().map(row).collect_view()}</ol>
            <div class="ends">
                <button type="button" class="btn" id="walk-in" on:click=unexpected>"Not expected: walk-in"</button>
            </div>
        </form>
    }
}
