//! Today's list: who is expected, to say that they are here; and everyone else of the day, to look at. Enter takes the
//! first who is expected and matches.

use super::card::step;
use super::visits::Visit;
use crate::shell::staff::context::use_desk;
use domain::id::AppointmentId;
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
    /// Opens one visit.
    show: Callback<AppointmentId>,
) -> impl IntoView {
    let desk = use_desk();
    let typed = RwSignal::new(String::new());
    let fitting = move |expected: bool| {
        let typed = typed.get();
        all.with(|all| -> Vec<Visit> {
            let fits = |visit: &&Visit| visit.is_to_come() == expected && matches(&visit.name, &typed);
            all.iter().filter(fits).cloned().collect()
        })
    };
    let found = Memo::new(move |_| fitting(true));
    let others = Memo::new(move |_| fitting(false));
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
    let look = move |id: AppointmentId| {
        open.set(false);
        show.run(id);
    };
    let facts = |visit: &Visit| {
        let state = visit.appointment.state.label().get(Lang::En);
        format!(
            "{} · {} · {} · {state}",
            visit.clock(),
            visit.practitioner,
            visit.kind
        )
    };
    let row = move |visit: Visit| {
        let (name, id, facts) = (
            visit.called(desk.counter.get()),
            visit.appointment.id,
            facts(&visit),
        );
        let more = format!(" about {name}");
        view! {
            <li class="both">
                <button type="button" class="pt" data-expected=id.to_string() on:click=move |_| arrive(&visit)>
                    <span class="top"><span class="who">{name}</span></span>
                    <span class="what">{facts}</span>
                </button>
                <button type="button" class="btn s quiet" data-more=id.to_string() on:click=move |_| look(id)>
                    "More"<span class="vh">{more}</span>
                </button>
            </li>
        }
    };
    let other = move |visit: Visit| {
        let (name, id, facts) = (
            visit.called(desk.counter.get()),
            visit.appointment.id,
            facts(&visit),
        );
        view! {
            <li>
                <button type="button" class="pt" data-other=id.to_string() on:click=move |_| look(id)>
                    <span class="top"><span class="who">{name}</span></span>
                    <span class="what">{facts}</span>
                </button>
            </li>
        }
    };
    view! {
        <form class="form" novalidate on:submit=first>
            <Field id="arrive-name" label="Name" value=typed autofocus=true hint="Enter takes the first who is expected" />
            <Show when=move || found.with(Vec::is_empty)>
                <EmptyState icon="door" title="Nobody of that name is expected today" text="Look at another site, or book a walk-in." />
            </Show>
            <ol class="expected" aria-label="Expected today">{move || found.get().into_iter().map(row).collect_view()}</ol>
            <div class="ends">
                <button type="button" class="btn" id="walk-in" on:click=unexpected>"Not expected: walk-in"</button>
            </div>
            <Show when=move || !others.with(Vec::is_empty)>
                <h3>"Everyone else of today"</h3>
                <ol class="expected" aria-label="Everyone else of today">{move || others.get().into_iter().map(other).collect_view()}</ol>
            </Show>
        </form>
    }
}
