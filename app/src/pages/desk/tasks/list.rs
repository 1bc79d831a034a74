//! What is to be done, the urgent first; each is closed with a press, and with a word if there is one to say.

use crate::pages::desk::when::moment;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use domain::command::Command;
use domain::row::{Entity, Row};
use domain::tasks::{CloseTask, Task, TaskState};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, EmptyState, Field, Icon, Tone};

/// Those that are open, in the order in which they are to be done.
pub fn open_tasks(engine: &Engine) -> Vec<Task> {
    let mut all = engine.pick(Entity::Task, |row| match row {
        Row::Task(task) if task.state == TaskState::Open => Some(task.clone()),
        _ => None,
    });
    all.sort_by_key(|task| {
        (
            !task.urgent,
            task.due_on.is_none(),
            task.due_on,
            task.asked_at,
            task.id,
        )
    });
    all
}

/// The list.
#[component]
pub fn Tasks(ours: Memo<Vec<Task>>) -> impl IntoView {
    view! {
        <Show when=move || ours.with(Vec::is_empty)>
            <EmptyState icon="okc" title="Nothing to do" text="What colleagues ask for appears here at once, from every device." />
        </Show>
        <ol class="notice-list">
            <For each=move || ours.get() key=|task| task.id let(task)><One task /></For>
        </ol>
    }
}

#[component]
fn One(task: Task) -> impl IntoView {
    let desk = use_desk();
    let engine = desk.engine();
    let about = task.patient_id.and_then(|id| {
        let name = engine
            .patient(id)
            .map(|patient| (patient.display_name(), patient.counter_name()))?;
        Some((id, name))
    });
    let who = about.map(|(id, (name, short))| {
        let href = move || desk.record_path(id);
        let called = move || {
            if desk.counter.get() {
                short.clone()
            } else {
                name.clone()
            }
        };
        view! { <a href=href><b>{called}</b></a>" " }
    });
    let due = task.due_on.map(|on| {
        let late = on < desk.today();
        let label = format!("Until {}", on.format("%b %-d"));
        match late {
            true => view! { <Chip kind=Tone::Stop icon="warn" label=format!("{label}, late") /> },
            false => view! { <Chip kind=Tone::Plain icon="clock" label /> },
        }
    });
    let facts = format!(
        "{} · asked by {}, {}",
        task.owner.label().get(Lang::En),
        task.asked_by,
        moment(&engine, task.asked_at)
    );
    let answer = RwSignal::new(String::new());
    let (id, patient_id) = (task.id, task.patient_id);
    let close = move |done: bool| {
        let said =
            answer.with_untracked(|answer| Some(answer.trim().to_owned()).filter(|said| !said.is_empty()));
        let command = CloseTask {
            task_id: id,
            patient_id,
            done,
            answer: said,
        };
        desk.enter(
            if done { "Task done" } else { "Task dropped" },
            Command::CloseTask(command),
        );
    };
    view! {
        <li class="notice" data-task=id.0.to_string()>
            <Icon name=if task.urgent { "warn" } else { "form" } />
            <div class="what">
                <p>{who}{task.urgent.then(|| view! { <Chip kind=Tone::Wait icon="warn" label="Urgent" /> })}" "{due}</p>
                <p>{task.words}</p>
                <p class="small soft">{facts}</p>
            </div>
            <div class="acts">
                <Field id=format!("answer-{}", id.0) label="What to say (optional)" value=answer />
                <button type="button" class="btn s primary" data-act="done" on:click=move |_| close(true)>"Done"</button>
                <button type="button" class="btn s" data-act="drop" on:click=move |_| close(false)>"Not needed"</button>
            </div>
        </li>
    }
}
