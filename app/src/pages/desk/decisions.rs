//! What needs a person: two values for one field, and entries that the clinic could not take.

use super::page::Page;
use super::when::moment;
use super::words::{command_words, shown};
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::OutboxItem;
use domain::command::{Command, CommandName};
use domain::patients::{Conflict, Patient, ResolveConflict};
use domain::text::Lang;
use leptos::prelude::*;
use sync::device::EntryState;
use ui::{Chip, EmptyState, Icon, Tone};

/// The page.
#[component]
pub fn Decisions() -> impl IntoView {
    let desk = use_desk();
    let conflicts = desk.live(|engine| {
        let mut all = engine.conflicts();
        all.sort_by_key(|conflict| (conflict.entered_at, conflict.id));
        all.into_iter()
            .map(|one| (engine.patient(one.patient_id), one))
            .collect::<Vec<_>>()
    });
    let refused = desk.live(|engine| {
        let mut all = engine.outbox(Lang::En);
        all.retain(|item| item.state == EntryState::NeedsDecision);
        all
    });
    let count = Memo::new(move |_| conflicts.with(Vec::len) + refused.with(Vec::len));
    let resolves = desk.may(CommandName::ResolveConflict);
    let facts = move || match count.get() {
        0 => "Nothing waits".to_owned(),
        n => format!("{n} waiting · nothing has been lost: every version below is kept"),
    };
    view! {
        <Page title="Needs your decision">
            <div class="page-head"><div><h1>"Needs your decision"</h1><p class="sub">{facts}</p></div></div>
            <div class="scroll pad" tabindex="0" role="region" aria-label="Decisions">
                <Show when=move || count.get() == 0>
                    <EmptyState
                        icon="okc"
                        title="Nothing needs a decision"
                        text="When two people change the same field without seeing each other, both values wait here. \
                            Entries that the clinic could not take come here too."
                    />
                </Show>
                <div class="tray">
                    {move || conflicts.get().into_iter().map(|(patient, one)| {
                        view! { <Case conflict=one patient resolves /> }
                    }).collect_view()}
                    {move || refused.get().into_iter().map(|item| view! { <Refused item /> }).collect_view()}
                </div>
            </div>
        </Page>
    }
}

/// A value, or that there is none.
fn or_none(text: String) -> String {
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        text
    }
}

#[component]
fn Case(conflict: Conflict, patient: Option<Patient>, resolves: bool) -> impl IntoView {
    let desk = use_desk();
    let field = conflict.field.label().get(Lang::En).to_lowercase();
    let name = patient
        .as_ref()
        .map_or_else(|| "A patient".to_owned(), Patient::display_name);
    let title = format!("{name} has two values for {field}");
    let read = |value| or_none(shown(conflict.field, value));
    let (base, theirs, mine) = (read(&conflict.base), read(&conflict.theirs), read(&conflict.mine));
    let when = moment(&desk.engine(), conflict.entered_at);
    let busy = RwSignal::new(false);
    let (id, patient_id) = (conflict.id, conflict.patient_id);
    let what = format!("Decision about {name}");
    let keep = move |desk: Desk, keep_mine: bool, what: String| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let command = ResolveConflict {
            conflict_id: id,
            patient_id,
            keep_mine,
            expects: None,
            value: None,
        };
        desk.submit(what, Command::ResolveConflict(command), move |done| {
            let _left = busy.try_set(false);
            if let Err(why) = done {
                desk.say(why);
            }
        });
    };
    let heading = format!("case-{id}");
    let labelled = heading.clone();
    let buttons = resolves.then(|| {
        let (first, second) = (what.clone(), what);
        view! {
            <button type="button" class="btn" data-keep="theirs" on:click=move |_| keep(desk, false, first.clone())>
                {format!("Keep {theirs}")}
            </button>
            <button type="button" class="btn" data-keep="mine" on:click=move |_| keep(desk, true, second.clone())>
                {format!("Keep {mine}")}
            </button>
        }
    });
    let cannot =
        (!resolves).then(|| view! { <p class="small soft">"The front desk or a nurse decides this."</p> });
    view! {
        <article class="case" aria-labelledby=labelled data-conflict=id.to_string()>
            <header>
                <h2 id=heading>{title}</h2>
                <Chip kind=Tone::Wait icon="pen" label="Same field" />
                <p>{format!("Before, it was {base}. Two people changed it without seeing each other.")}</p>
            </header>
            <div class="versus">
                <div>
                    <h3><Icon name="id" />"In the record"</h3>
                    <p class="val">{theirs.clone()}</p>
                    <p class="where">"Came first, so it is in the record now"</p>
                </div>
                <div>
                    <h3><Icon name="pen" />{format!("{} entered", conflict.entered_by)}</h3>
                    <p class="val">{mine.clone()}</p>
                    <p class="where">{when}</p>
                </div>
            </div>
            <footer>
                {buttons}{cannot}
                <span class="push"></span>
                <a class="btn quiet" href=path::patient(patient_id)>"See the record"</a>
            </footer>
        </article>
    }
}

#[component]
fn Refused(item: OutboxItem) -> impl IntoView {
    let desk = use_desk();
    let what = command_words(&item.command);
    let title = match &item.patient {
        Some(name) => format!("{what} for {name} was not taken"),
        None => format!("{what} was not taken"),
    };
    let (seq, heading) = (item.seq, format!("refused-{}", item.seq));
    let labelled = heading.clone();
    let when = moment(&desk.engine(), item.entered_at);
    let seen = move |_| {
        let engine = desk.engine();
        leptos::task::spawn_local(async move { engine.dismiss(seq).await });
    };
    view! {
        <article class="case" aria-labelledby=labelled data-refused=seq.to_string()>
            <header>
                <h2 id=heading>{title}</h2>
                <Chip kind=Tone::Stop icon="xc" label="Not taken" />
                <p>{item.refusal.unwrap_or_else(|| "The clinic's server did not say why.".to_owned())}</p>
            </header>
            <div class="one">
                <div><h3>"What"</h3><p class="val">{what}</p></div>
                <div><h3>"When"</h3><p>{format!("{when}, on this device")}</p></div>
            </div>
            <footer><button type="button" class="btn" on:click=seen>"I have seen this"</button></footer>
        </article>
    }
}
