//! Putting a submission aside, with the reason.

use crate::pages::desk::form::Problems;
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::IntakeId;
use domain::intake::RejectIntake;
use leptos::prelude::*;
use ui::{AreaField, Dialog, Problem};

/// The dialog.
#[component]
pub fn Reject(id: IntakeId, name: String, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let reason = RwSignal::new(String::new());
    let problems = Problems::new();
    let what = StoredValue::new(format!("Intake of {name} rejected"));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if reason.with_untracked(|reason| reason.trim().is_empty()) {
            problems.show(vec![Problem::new("reason", "Say why, for colleagues")]);
            return;
        }
        let command = RejectIntake {
            intake_id: id,
            reason: reason.get_untracked(),
        };
        desk.submit(
            what.get_value(),
            Command::RejectIntake(command),
            move |done| match done {
                Ok(_) => {
                    let _left = open.try_set(false);
                    desk.go(path::INTAKE);
                }
                Err(why) => drop(problems.show(vec![Problem::new("reason", why)])),
            },
        );
    };
    view! {
        <Dialog open title="Reject this submission?" close="Close">
            <form class="form" novalidate on:submit=send>
                <p>"It is kept with your reason, and no record changes."</p>
                <AreaField id="reason" label="Why" value=reason fault=problems.at("reason") />
                <div class="ends">
                    <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                    <button type="submit" class="btn danger" id="reject-now">"Reject"</button>
                </div>
            </form>
        </Dialog>
    }
}
