//! What is done about a recall: noting that the patient was told, and closing it for a reason.

use super::letters::{Printed, Sheet, print};
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::{Desk, use_desk};
use domain::command::Command;
use domain::id::RecallContactId;
use domain::recalls::{
    CloseRecall, NoteRecallContact, Recall, RecallState, RecallWay, TakeBackRecallContact,
};
use domain::text::Lang;
use domain::validate::MAX_WORDS;
use leptos::prelude::*;
use ui::{AreaField, Choice, ChoiceField, Dialog, Problem, ProblemSummary};

/// The dialogs of a list, and what they are about.
#[derive(Clone, Copy)]
pub struct Acts {
    about: RwSignal<Option<Recall>>,
    telling: RwSignal<bool>,
    closing: RwSignal<bool>,
    printed: RwSignal<Vec<Sheet>>,
}

impl Acts {
    /// Nothing is open.
    pub fn new() -> Acts {
        Acts {
            about: RwSignal::new(None),
            telling: RwSignal::new(false),
            closing: RwSignal::new(false),
            printed: RwSignal::new(Vec::new()),
        }
    }

    /// Asks how they were told.
    pub fn tell(self, recall: &Recall) {
        self.about.set(Some(recall.clone()));
        self.telling.set(true);
    }

    /// Prints letters, and notes that.
    pub fn print(self, desk: Desk, recalls: &[Recall]) {
        print(desk, self.printed, recalls);
    }

    /// Asks why it is closed.
    pub fn close(self, recall: &Recall) {
        self.about.set(Some(recall.clone()));
        self.closing.set(true);
    }
}

impl Default for Acts {
    fn default() -> Acts {
        Acts::new()
    }
}

/// The dialogs themselves, once on a page.
#[component]
pub fn Dialogs(acts: Acts) -> impl IntoView {
    let about = move || acts.about.get_untracked();
    view! {
        <Dialog open=acts.telling title="Note a contact" close="Close">
            {about().map(|recall| view! { <Told recall open=acts.telling /> })}
        </Dialog>
        <Dialog open=acts.closing title="Close the recall" close="Close">
            {about().map(|recall| view! { <Why recall open=acts.closing /> })}
        </Dialog>
        <Printed sheets=acts.printed />
    }
}

#[component]
fn Told(recall: Recall, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let way = RwSignal::new(RecallWay::Phone.name().to_owned());
    let note = RwSignal::new(String::new());
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let ways = RecallWay::ALL.map(|one| Choice::new(one.name(), one.label().get(Lang::En)));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = note.with_untracked(|note| note.trim().to_owned());
        let chosen = way.with_untracked(|way| RecallWay::ALL.into_iter().find(|one| one.name() == way));
        let mut wrong = Vec::new();
        if typed.chars().count() > MAX_WORDS {
            let words = format!("Say it in at most {MAX_WORDS} characters.");
            wrong.push(Problem::new("told-note", words));
        }
        let Some(way) = chosen.filter(|_| problems.show(wrong) && !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        let contact_id = RecallContactId(desk.engine().new_id());
        let command = NoteRecallContact {
            recall_id: recall.id,
            patient_id: recall.patient_id,
            way,
            note: Some(typed).filter(|note| !note.is_empty()),
            contact_id: Some(contact_id),
        };
        let back = TakeBackRecallContact {
            recall_id: recall.id,
            patient_id: recall.patient_id,
            contact_id,
        };
        desk.submit(
            "Contact noted",
            Command::NoteRecallContact(command),
            move |done| {
                let _left = busy.try_set(false);
                match done {
                    Ok(_) => {
                        let _left = open.try_set(false);
                        let undo =
                            move |()| desk.enter("Not told", Command::TakeBackRecallContact(back.clone()));
                        desk.offer("Contact noted", "Undo", Callback::new(undo));
                    }
                    Err(why) => drop(problems.show(vec![Problem::new("told-note", why)])),
                }
            },
        );
    };
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <p class="soft small">{recall.why.clone()}</p>
            <ChoiceField id="told-way" legend="How" value=way options=Signal::stored(ways.to_vec()) />
            <AreaField id="told-note" label="What came of it (optional)" value=note rows=2 fault=problems.at("told-note") />
            <div class="ends"><button type="submit" class="btn primary" id="told-save">"Note it"</button></div>
        </form>
    }
}

#[component]
fn Why(recall: Recall, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let words = recall.why.clone();
    let recall = StoredValue::new(recall);
    let reason = move |reason: RecallState| {
        let end = move |_| {
            close(desk, recall.get_value(), reason);
            open.set(false);
        };
        view! { <button type="button" class="btn" data-reason=reason.name() on:click=end>{reason.label().get(Lang::En)}</button> }
    };
    view! {
        <div class="form">
            <p>{words}</p>
            <div class="ends" role="group" aria-label="Why">{RecallState::CLOSED.map(reason)}</div>
        </div>
    }
}

/// Closes one, and offers to open it again.
pub fn close(desk: Desk, recall: Recall, reason: RecallState) {
    let command = CloseRecall {
        recall_id: recall.id,
        patient_id: recall.patient_id,
        reason,
    };
    let said = format!("Recall closed: {}", reason.label().get(Lang::En).to_lowercase());
    desk.submit(
        said.clone(),
        Command::CloseRecall(command),
        move |done| match done {
            Ok(_) => {
                let again = move |()| desk.enter("Recall opened again", Command::AddRecall(recall.clone()));
                desk.offer(said, "Undo", Callback::new(again));
            }
            Err(why) => desk.say(why),
        },
    );
}
