//! One submission: whose it is, what changes, and applying it.

use super::choices::Choices;
use super::inbox::device_label;
use super::lines::{Line, lines};
use super::matching::Matching;
use super::reject::Reject;
use super::side::Side;
use super::table::Table;
use crate::pages::desk::when::{day, moment};
use crate::pages::desk::words::{birth_words, mrn_words};
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::{IntakeId, PatientId};
use domain::intake::diff::display_name;
use domain::intake::{Intake, IntakeStatus};
use domain::patients::Patient;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use ui::{Chip, EmptyState, Icon, Tone};

/// Into whose record it goes.
#[derive(Clone, Copy, PartialEq)]
pub enum Target {
    /// One that is there.
    Known(PatientId),
    /// One that is made.
    New(PatientId),
}

/// Middle and right column.
#[component]
pub fn Review(id: IntakeId) -> impl IntoView {
    let desk = use_desk();
    let intake = desk.live(move |engine| engine.intake(id));
    let target = RwSignal::new(None::<Target>);
    let engine = desk.engine();
    leptos::task::spawn_local(async move { engine.note_read(None, "intake").await });
    move || {
        match intake.get() {
        Some(intake) if intake.status == IntakeStatus::Pending => {
            let side = intake.content.clone();
            view! {
                <div class="stack">
                    <Head intake=intake.clone() target />
                    {move || match target.get() {
                        None => view! {
                            <div class="scroll" tabindex="0" role="region" aria-label="Match">
                                <Matching intake=intake.clone() target />
                            </div>
                            <Foot intake=intake.clone() deciding=None />
                        }
                        .into_any(),
                        Some(to) => view! { <Deciding intake=intake.clone() to /> }.into_any(),
                    }}
                </div>
                <Side content=side />
            }
            .into_any()
        }
        Some(intake) => view! { <Done intake /> }.into_any(),
        None => view! {
            <div class="stack">
                <EmptyState icon="form" title="This submission is not on this device" text="It may still be on its way." />
            </div>
        }
        .into_any(),
    }
    }
}

#[component]
fn Head(intake: Intake, target: RwSignal<Option<Target>>) -> impl IntoView {
    let desk = use_desk();
    let identity = &intake.content.identity;
    let engine = desk.engine();
    let (name, born) = (display_name(identity), day(identity.birth_on));
    let from = device_label(&engine, intake.device_id);
    let patient = desk.live(move |engine| match target.get() {
        Some(Target::Known(id)) => engine.patient(id),
        _ => None,
    });
    let into = move || match (target.get(), patient.get()) {
        (Some(Target::Known(_)), Some(patient)) => {
            format!(
                "into {}, {}, {}",
                patient.display_name(),
                birth_words(&patient, desk.today()),
                mrn_words(&patient.mrn)
            )
        }
        (Some(Target::New(_)), _) => "into a new record".to_owned(),
        _ => "no record chosen yet".to_owned(),
    };
    view! {
        <div class="page-head lined">
            <div><h2 class="name">{name}</h2><p class="sub">{born}" · "{into}</p></div>
            <span class="push"></span>
            <Show when=move || target.get().is_some()>
                <button type="button" class="btn s" id="change-match" on:click=move |_| target.set(None)>"Change record"</button>
            </Show>
            <Chip kind=Tone::Act icon="tablet" label=format!("From {from}") />
        </div>
    }
}

/// What the foot needs while lines are decided.
#[derive(Clone, Copy)]
struct Decide {
    lines: Memo<Vec<Line>>,
    choices: Choices,
    apply: Callback<()>,
}

#[component]
fn Deciding(intake: Intake, to: Target) -> impl IntoView {
    let desk = use_desk();
    let today = desk.today();
    let content = intake.content.clone();
    let (patient_id, new_patient) = match to {
        Target::Known(id) => (id, false),
        Target::New(id) => (id, true),
    };
    let all = desk.live(move |engine| {
        let patient: Option<Patient> = (!new_patient).then(|| engine.patient(patient_id)).flatten();
        lines(engine, &content, patient.as_ref(), today)
    });
    let choices = all.with_untracked(|all| Choices::new(all, new_patient, today));
    let (id, received) = (intake.id, intake.received_at);
    let what = format!("Intake of {}", display_name(&intake.content.identity));
    let busy = RwSignal::new(false);
    let apply = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        if let Some(line) = untrack(|| all.with(|all| choices.first_undecided(all))) {
            desk.say(format!("Decide first: {}", line.label));
            focus_line(&line.key);
            return;
        }
        busy.set(true);
        let command = untrack(|| all.with(|all| choices.command(id, patient_id, new_patient, all)));
        desk.submit(what.clone(), Command::AcceptIntake(command), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => {
                    let waiting = desk.engine().intakes(IntakeStatus::Pending);
                    let next = waiting
                        .iter()
                        .find(|one| one.received_at >= received)
                        .or(waiting.first());
                    desk.go(&next.map_or_else(|| path::INTAKE.to_owned(), |next| path::intake(next.id)));
                }
                Err(why) => desk.say(why),
            }
        });
    });
    desk.on_keys(move |key| {
        match key {
            "A" => all.with_untracked(|all| choices.accept_all(all)),
            "Enter" => apply.run(()),
            _ => return false,
        }
        true
    });
    let submitted = format!("Submitted {}", moment(&desk.engine(), intake.received_at));
    let deciding = Decide {
        lines: all,
        choices,
        apply,
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Changes">
            <Table lines=all choices submitted />
        </div>
        <Foot intake deciding=Some(deciding) />
    }
}

/// Puts the focus on a line's first choice, or on its day.
fn focus_line(key: &str) {
    let line = format!("[data-field='{key}'] ");
    let found = document()
        .query_selector(&format!("{line} input[type=date], {line} input"))
        .ok()
        .flatten();
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

#[component]
fn Foot(intake: Intake, deciding: Option<Decide>) -> impl IntoView {
    let rejecting = RwSignal::new(false);
    let counts = move || deciding.map(|all| all.lines.with(|lines| all.choices.counts(lines)));
    let said = move || match counts() {
        Some((0, 0, 0)) => "Nothing differs.".to_owned(),
        Some((taken, kept, left)) => format!("{} decided, {left} left.", taken + kept),
        None => "Choose the record first.".to_owned(),
    };
    let name = display_name(&intake.content.identity);
    let buttons = deciding.map(|all| {
        let word = move || match counts() {
            Some((taken, 0, _)) if taken > 0 => format!("Apply {taken} "),
            Some((taken, kept, _)) if taken > 0 => format!("Apply {taken}, keep {kept} "),
            _ => "Apply ".to_owned(),
        };
        view! {
            <button
                type="button" class="btn" id="accept-all"
                title="Takes contact and people; identity and coverage stay yours to decide"
                on:click=move |_| all.lines.with_untracked(|lines| all.choices.accept_all(lines))
            >
                "Accept all "<kbd>"⇧ A"</kbd>
            </button>
            <button type="button" class="btn primary" id="apply" on:click=move |_| all.apply.run(())>
                {word}<kbd>"Enter"</kbd>
            </button>
        }
    });
    view! {
        <div class="foot bar2">
            <p class="small" role="status"><b class="strong">{said}</b>" The submission is kept either way."</p>
            <span class="push"></span>
            <button type="button" class="btn" id="reject" on:click=move |_| rejecting.set(true)>"Reject"</button>
            {buttons}
            <Reject id=intake.id name open=rejecting />
        </div>
    }
}

/// One that was reviewed before.
#[component]
fn Done(intake: Intake) -> impl IntoView {
    let desk = use_desk();
    let by = intake.reviewed_by.clone().unwrap_or_default();
    let when = intake
        .reviewed_at
        .map(|at| moment(&desk.engine(), at))
        .unwrap_or_default();
    let title = match intake.status {
        IntakeStatus::Rejected => format!("Rejected by {by}, {when}"),
        _ => format!("Accepted by {by}, {when}"),
    };
    let text = intake
        .rejection_reason
        .clone()
        .unwrap_or_else(|| "What was taken is in the record.".to_owned());
    let record = intake.patient_id.map(|id| {
        view! {
            <a class="btn" href=path::patient(id)><Icon name="patients" />"Open the record"</a>
        }
    });
    view! {
        <div class="stack">
            <EmptyState icon="okc" title text>
                {record}
                <a class="btn" href=path::INTAKE>"Next submission"</a>
            </EmptyState>
        </div>
    }
}
