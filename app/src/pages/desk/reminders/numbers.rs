//! What people said about their numbers and addresses: to stop, to begin again, or that it is somebody else's.

use super::data::numbers;
use crate::pages::desk::form::Problems;
use crate::pages::desk::when::moment;
use crate::pages::desk::words::phone;
use crate::shell::staff::context::use_desk;
use domain::command::{Command, CommandName};
use domain::notices::{ContactKind, ContactOptOut, ReportWrongNumber, SetOptOut, Via};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, Field, Problem, Tone};

/// What was said to note down.
#[derive(Clone, Copy)]
enum Said {
    Stop,
    Start,
    Wrong,
}

/// An email has an @, a telephone number has not.
fn kind_of(typed: &str) -> ContactKind {
    match typed.contains('@') {
        true => ContactKind::Email,
        false => ContactKind::Phone,
    }
}

fn command(said: Said, typed: String) -> Command {
    let (kind, address, via) = (kind_of(&typed), typed, Via::Voice);
    match said {
        Said::Stop | Said::Start => Command::SetOptOut(SetOptOut {
            kind,
            address,
            stop: matches!(said, Said::Stop),
            via,
        }),
        Said::Wrong => Command::ReportWrongNumber(ReportWrongNumber { kind, address, via }),
    }
}

/// A place to note it, and what is known.
#[component]
pub fn Numbers() -> impl IntoView {
    let desk = use_desk();
    let known = desk.live(numbers);
    let typed = RwSignal::new(String::new());
    let problems = Problems::new();
    let may = desk.may(CommandName::SetOptOut);
    let note = move |said: Said| {
        let address = typed.with_untracked(|typed| typed.trim().to_owned());
        if address.is_empty() {
            problems.show(vec![Problem::new(
                "opt-out-address",
                "Enter a phone number or an email address",
            )]);
            return;
        }
        desk.submit(
            "What was said about a number",
            command(said, address),
            move |done| match done {
                Ok(_) => {
                    typed.set(String::new());
                    problems.show(Vec::new());
                }
                Err(_) => {
                    let words =
                        "Enter a phone number with ten digits, or an email address like name@example.org";
                    problems.show(vec![Problem::new("opt-out-address", words)]);
                }
            },
        );
    };
    let row = move |said: ContactOptOut| {
        let (tone, word) = match (said.is_wrong(), said.is_stopped()) {
            (true, _) => (Tone::Stop, "Somebody else's: correct the record"),
            (false, _) => (Tone::Wait, "Said to stop"),
        };
        let shown = match said.kind {
            ContactKind::Phone => phone(said.address.trim_start_matches("+1")),
            ContactKind::Email => said.address.clone(),
        };
        let when = said
            .stopped_at
            .max(said.wrong_at)
            .map(|at| moment(&desk.engine(), at));
        let facts = format!(
            "{} {}, {}",
            when.unwrap_or_default(),
            said.via.label().get(Lang::En),
            said.noted_by
        );
        let address = said.address.clone();
        let again = move |_| {
            desk.enter(
                "Notices may go there again",
                command(Said::Start, address.clone()),
            );
        };
        view! {
            <li class="notice" data-contact=said.address.clone()>
                <div class="what">
                    <p><b>{shown}</b>" " <Chip kind=tone label=word /></p>
                    <p class="small soft">{facts}</p>
                </div>
                {may.then(|| view! {
                    <div class="acts"><button type="button" class="btn s" data-act="start" on:click=again>"May be told again"</button></div>
                })}
            </li>
        }
    };
    view! {
        <section class="sheet" aria-labelledby="numbers-head">
            <header><h2 id="numbers-head">"Numbers and addresses"</h2></header>
            <div class="in">
                {may.then(|| view! {
                    <form class="form" novalidate on:submit=move |event| { event.prevent_default(); note(Said::Stop) }>
                        <Field id="opt-out-address" label="Somebody says something about their number or email" value=typed fault=problems.at("opt-out-address") hint="It holds at once, and for everyone who has it" />
                        <div class="acts">
                            <button type="submit" class="btn primary" id="note-stop">"Send nothing more"</button>
                            <button type="button" class="btn" id="note-wrong" on:click=move |_| note(Said::Wrong)>"Wrong number"</button>
                            <button type="button" class="btn" id="note-start" on:click=move |_| note(Said::Start)>"May be told again"</button>
                        </div>
                    </form>
                })}
                <Show when=move || known.with(Vec::is_empty)><p class="small soft">"Nobody has said to stop."</p></Show>
                <ul class="notice-list" aria-label="Numbers that get nothing">
                    <For each=move || known.get() key=|said| (said.id.0, said.is_wrong(), said.is_stopped()) let(said)>{row(said)}</For>
                </ul>
            </div>
        </section>
    }
}
