//! Intake to review: the inbox, one submission beside the record, and its pictures.

mod choices;
mod inbox;
mod lines;
mod matching;
mod reject;
mod review;
mod side;
mod table;

use super::page::{NotYours, Page};
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::id::IntakeId;
use domain::intake::{Intake, IntakeStatus};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use ui::EmptyState;

/// The page, by the id in the path, if there is one.
#[component]
pub fn IntakePage() -> impl IntoView {
    let desk = use_desk();
    if !desk.may(CommandName::AcceptIntake) {
        return view! { <NotYours /> }.into_any();
    }
    let params = use_params_map();
    let chosen = Memo::new(move |_| {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<IntakeId>().ok())
    });
    let pending = desk.live(|engine| engine.intakes(IntakeStatus::Pending));
    // On a computer the first one is opened at once; on a phone the list comes first.
    Effect::new(move || {
        let first = pending.with(|all| all.first().map(|intake| intake.id));
        if let (None, Some(first), false) = (chosen.get(), first, desk.narrow.get()) {
            desk.replace(&path::intake(first));
        }
    });
    desk.on_keys(move |key| {
        let step: isize = match key {
            "j" | "ArrowDown" => 1,
            "k" | "ArrowUp" => -1,
            _ => return false,
        };
        match pending.with_untracked(|all| beside(all, chosen.get_untracked(), step)) {
            Some(id) => {
                desk.go(&path::intake(id));
                true
            }
            None => false,
        }
    });
    let nothing = move || {
        view! {
            <div class="stack">
                <EmptyState
                    icon="form"
                    title="Nothing to review"
                    text="What patients send from a kiosk appears here by itself, also when this computer was offline \
                        meanwhile. Until you accept it, no record changes."
                />
            </div>
        }
    };
    view! {
        <Page title="Intake to review">
            <div class="three">
                <Show when=move || !desk.narrow.get() || chosen.get().is_none()><inbox::Inbox pending chosen /></Show>
                {move || match chosen.get() {
                    Some(id) => view! { <review::Review id /> }.into_any(),
                    None if desk.narrow.get() => ().into_any(),
                    None => nothing().into_any(),
                }}
            </div>
        </Page>
    }
    .into_any()
}

/// The submission before or after one.
fn beside(all: &[Intake], chosen: Option<IntakeId>, step: isize) -> Option<IntakeId> {
    let at = chosen.and_then(|id| all.iter().position(|intake| intake.id == id));
    let next = match at {
        Some(at) => at.checked_add_signed(step)?,
        None => 0,
    };
    all.get(next).map(|intake| intake.id)
}
