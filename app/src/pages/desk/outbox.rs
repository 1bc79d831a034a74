//! The outbox: what was entered on this device and where it stands.

use super::page::Page;
use super::when::moment;
use super::words::{age, command_words};
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::{DeviceWord, OutboxItem, state_words};
use domain::text::Lang;
use leptos::prelude::*;
use sync::device::EntryState;
use ui::{Chip, EmptyState, Icon, Tone};

/// The page.
#[component]
pub fn Outbox() -> impl IntoView {
    let desk = use_desk();
    let items = desk.live(|engine| engine.outbox(Lang::En));
    let counts = desk.status(|s| (s.saved, s.sent, s.needs_decision));
    let heard = desk.status(|s| s.heard_at);
    let persisted = desk.status(|s| s.persisted);
    let data_age = move || {
        heard
            .get()
            .map_or_else(|| "not yet".to_owned(), |heard| age(heard, desk.now.get()))
    };
    let sync = move |_| {
        desk.engine().poke();
        desk.say("Looking for the clinic's server");
    };
    let keep = move |_| {
        let engine = desk.engine();
        leptos::task::spawn_local(async move {
            let kept = engine.ports.page.persist().await;
            engine.status.update(|status| status.persisted = kept);
        });
    };
    let rescue = move |_| {
        let engine = desk.engine();
        leptos::task::spawn_local(async move {
            let Some(file) = engine
                .rescue()
                .await
                .and_then(|file| String::from_utf8(file).ok())
            else {
                return desk.say("Unlock this device first.");
            };
            let day = engine.ports.clock.now().date_naive();
            engine
                .ports
                .page
                .download(&format!("anteroom-outbox-{day}.jsonl"), &file);
            desk.say("Saved as a file. Give it to whoever looks after the clinic's server.");
        });
    };
    let number = |title: &'static str, value: Signal<usize>| {
        view! {
            <div><dt>{title}</dt><dd class="figure">{move || value.get()}</dd></div>
        }
    };
    view! {
        <Page title="Outbox">
            <div class="page-head">
                <div><h1>"Outbox"</h1><p class="sub">"What was entered on this device and is still on its way"</p></div>
                <span class="push"></span>
                <button type="button" class="btn" id="rescue" on:click=rescue><Icon name="disk" />"Save as a file"</button>
                <button type="button" class="btn primary" id="sync-now" on:click=sync><Icon name="refresh" />"Sync now"</button>
            </div>
            <dl class="totals">
                {number("Saved here", Signal::derive(move || counts.get().0))}
                {number("Sent to clinic", Signal::derive(move || counts.get().1))}
                {number("Need your decision", Signal::derive(move || counts.get().2))}
                <div><dt>"Data here is of"</dt><dd class="figure">{data_age}</dd></div>
                <div>
                    <dt>"Storage of this browser"</dt>
                    <dd id="persisted" data-persisted=move || persisted.get().to_string()>
                        {move || if persisted.get() {
                            view! { <span class="say ok"><Icon name="check" />"Kept by the browser"</span> }.into_any()
                        } else {
                            view! {
                                <span class="say wait"><Icon name="warn" />"May be cleared by the browser"</span>" "
                                <button type="button" class="btn s quiet" on:click=keep>"Ask to keep it"</button>
                            }.into_any()
                        }}
                    </dd>
                </div>
            </dl>
            <div class="scroll" tabindex="0" role="region" aria-label="Entries">
                <Show when=move || items.with(Vec::is_empty)>
                    <EmptyState
                        icon="sent"
                        title="Everything has arrived"
                        text="Entries appear here the moment they are saved on this device, and leave when the clinic has them."
                    />
                </Show>
                <ol class="outbox">{move || items.get().into_iter().map(|item| view! { <Item item /> }).collect_view()}</ol>
            </div>
        </Page>
    }
}

fn look(state: EntryState) -> (&'static str, Tone, &'static str) {
    match state {
        EntryState::Saved => ("saved", Tone::Wait, "disk"),
        EntryState::Sent => ("sent", Tone::Ok, "sent"),
        EntryState::NeedsDecision => ("decision", Tone::Stop, "decisions"),
    }
}

fn words(desk: Desk, state: EntryState) -> &'static str {
    let device = if desk.narrow.get() {
        DeviceWord::Phone
    } else {
        DeviceWord::Computer
    };
    state_words(state, device).get(Lang::En)
}

#[component]
fn Item(item: OutboxItem) -> impl IntoView {
    let desk = use_desk();
    let (name, tone, icon) = look(item.state);
    let decide = (item.state == EntryState::NeedsDecision)
        .then(|| view! { <a class="btn s" href=path::DECISIONS>"Decide"</a> });
    view! {
        <li class=tone.class() data-seq=item.seq.to_string() data-state=name>
            <Icon name=icon />
            <div>
                <b>{command_words(&item.command)}</b>
                <small>{item.patient.unwrap_or_default()}{item.refusal.map(|why| format!(" {why}"))}</small>
            </div>
            <time>{moment(&desk.engine(), item.entered_at)}</time>
            <span class="row"><Chip kind=tone icon label=words(desk, item.state) />{decide}</span>
        </li>
    }
}
