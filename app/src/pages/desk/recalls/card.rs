//! A patient's recalls, in their record.

use super::acts::{Acts, Dialogs};
use super::data::{Line, of_patient};
use super::form::RecallForm;
use super::list::{chip, last_contact};
use crate::pages::desk::record::card::Card;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::id::PatientId;
use domain::recalls::{RecallState, Standing};
use leptos::prelude::*;
use ui::{Dialog, Icon};

/// How many of those that are closed are shown.
const BEFORE: usize = 3;

/// The card.
#[component]
pub fn RecallsCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let lines = desk.live(move |engine| {
        let mut all = of_patient(engine, id, desk.today());
        let mut before = 0;
        all.retain(|line| {
            before += usize::from(line.standing == Standing::Closed);
            before <= BEFORE
        });
        all
    });
    let may = desk.may(CommandName::AddRecall);
    let adding = RwSignal::new(false);
    let acts = Acts::new();
    let act = move || {
        may.then(|| {
            view! {
                <button type="button" class="btn s quiet" id="add-recall" on:click=move |_| adding.set(true)>
                    <Icon name="plus" small=true />"Add"
                </button>
            }
        })
    };
    let row = move |line: Line| {
        let engine = desk.engine();
        let (told, written, closed) = (line.recall.clone(), line.recall.clone(), line.recall.clone());
        let of = line.recall.why.clone();
        let of = move || view! { <span class="vh">{format!(" {of}")}</span> };
        let buttons = (may && line.recall.state == RecallState::Open).then(|| {
            view! {
                <button type="button" class="btn s quiet" data-act="told" on:click=move |_| acts.tell(&told)>"Note a contact"{of()}</button>
                <button type="button" class="btn s quiet" data-act="letter" on:click=move |_| acts.print(desk, std::slice::from_ref(&written))>"Print letter"{of()}</button>
                <button type="button" class="btn s quiet" data-act="close" on:click=move |_| acts.close(&closed)>"Close"{of()}</button>
            }
        });
        view! {
            <li data-recall=line.recall.id.to_string()>
                <span><b>{line.recall.why.clone()}</b><small>{last_contact(&engine, &line.recall)}</small>{chip(&engine, &line)}</span>
                <span>{buttons}</span>
            </li>
        }
    };
    view! {
        <Card id="card-recalls" title="Recalls" act>
            <Show when=move || lines.with(Vec::is_empty)>
                <p class="in soft small">"None: nobody has asked them to come again."</p>
            </Show>
            <ul class="consents">{move || lines.get().into_iter().map(row).collect_view()}</ul>
            <Dialog open=adding title="Recall" close="Close">
                <RecallForm open=adding patient=id after=None />
            </Dialog>
            <Dialogs acts />
        </Card>
    }
}
