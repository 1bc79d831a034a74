//! What needs somebody: what failed, letters to print, calls to make, and who wants another time.

use super::data::{Line, icon, needing, words_of};
use crate::pages::desk::words::phone;
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use domain::command::{Command, CommandName};
use domain::notices::{Answer, AnswerNotice, Channel, NoticeState, RetryNotice, SettleNotice, Via};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, Dialog, EmptyState, Icon, Tone};

/// The list.
#[component]
pub fn Worklist() -> impl IntoView {
    let desk = use_desk();
    let lines = desk.live(needing);
    let (open, shown) = (RwSignal::new(false), RwSignal::new(None::<Line>));
    let show = Callback::new(move |line: Line| {
        shown.set(Some(line));
        open.set(true);
    });
    view! {
        <Show when=move || lines.with(Vec::is_empty)>
            <EmptyState icon="check" title="Nothing to do" text="What could not be sent, letters to print and calls to make appear here." />
        </Show>
        <ol class="notice-list" aria-label="Waits for somebody">
            <For each=move || lines.get() key=|line| (line.notice.id.0, String::from(line.notice.state), line.notice.answer.is_some(), line.name.clone()) let(line)>
                <One line show />
            </For>
        </ol>
        <Dialog open title="Words" close="Close">
            {move || shown.get().map(|line| view! { <Script line /> })}
        </Dialog>
    }
}

/// What is to be done, in a few words.
fn task(line: &Line) -> (Tone, &'static str, &'static str) {
    let notice = &line.notice;
    match (notice.state, notice.answer, notice.channel) {
        (NoticeState::Queued, _, Channel::Letter) => (Tone::Wait, "printer", "Letter to print"),
        (NoticeState::Queued, _, _) => (Tone::Wait, "call", "Call to make"),
        (NoticeState::Failed(_), _, _) => (Tone::Stop, "xc", "Not reached"),
        (_, Some(Answer::OtherTime), _) => (Tone::Wait, "calendar", "Wants another time"),
        _ => (Tone::Plain, "clock", "Waits"),
    }
}

#[component]
fn One(line: Line, show: Callback<Line>) -> impl IntoView {
    let desk = use_desk();
    let (tone, picture, word) = task(&line);
    let notice = line.notice.clone();
    let failed = matches!(notice.state, NoticeState::Failed(_));
    let at_desk = notice.state == NoticeState::Queued;
    let why = failed.then(|| notice.state.label().get(Lang::En));
    let where_to = notice.address.clone().map(|address| match notice.channel {
        Channel::Sms | Channel::Voice => phone(address.trim_start_matches("+1")),
        _ => address,
    });
    let may = desk.may(CommandName::SettleNotice);
    let name = {
        let line = line.clone();
        move || line.called(desk.counter.get())
    };
    let facts = format!("{} · {} · {}", line.when(), line.site, line.rule);
    let to_patient = path::patient(notice.patient_id);
    let (retried, done, missed, settled) = (notice.clone(), notice.clone(), notice.clone(), notice.clone());
    let retry = move |_| {
        let command = RetryNotice {
            notice_id: retried.id,
            patient_id: retried.patient_id,
            rule_id: retried.rule_id,
        };
        submit(desk, "Notice to send again", Command::RetryNotice(command));
    };
    let settle = move |notice: &domain::notices::Notice, done: bool| {
        let command = SettleNotice {
            notice_id: notice.id,
            patient_id: notice.patient_id,
            done,
        };
        submit(desk, "Notice seen to", Command::SettleNotice(command));
    };
    let calls = at_desk && notice.channel == Channel::Voice;
    let reading = line.clone();
    view! {
        <li class="notice" data-notice=notice.id.to_string() data-state=notice.state.name()>
            <Icon name=icon(notice.channel) />
            <div class="what">
                <p><a href=to_patient><b>{name}</b></a>" " <Chip kind=tone icon=picture label=word /></p>
                <p class="small soft">{facts}</p>
                {why.map(|why| view! { <p class="small">{why}</p> })}
                {where_to.map(|address| view! { <p class="small">{address}</p> })}
            </div>
            {may.then(|| view! {
                <div class="acts">
                    {at_desk.then(|| view! {
                        <button type="button" class="btn s" data-act="words" on:click=move |_| show.run(reading.clone())>"Words"</button>
                        <button type="button" class="btn s primary" data-act="done" on:click=move |_| settle(&done, true)>
                            {if calls { "Reached" } else { "Printed" }}
                        </button>
                        <button type="button" class="btn s" data-act="missed" on:click=move |_| settle(&missed, false)>"Not reached"</button>
                    })}
                    {failed.then(|| view! {
                        <button type="button" class="btn s primary" data-act="retry" on:click=retry>"Try again"</button>
                    })}
                    {(!at_desk).then(|| view! {
                        <button type="button" class="btn s" data-act="settle" on:click=move |_| settle(&settled, true)>"Seen to"</button>
                    })}
                </div>
            })}
        </li>
    }
}

fn submit(desk: Desk, what: &'static str, command: Command) {
    desk.enter(what, command);
}

/// What is read out or printed, and what a patient on the telephone says to it.
#[component]
fn Script(line: Line) -> impl IntoView {
    let desk = use_desk();
    let words = words_of(&desk.engine(), &line);
    let letter = line.notice.channel == Channel::Letter;
    let address = line.notice.address.clone().filter(|_| letter);
    let may = desk.may(CommandName::AnswerNotice) && !letter;
    let notice = line.notice;
    let answer = move |answer: Answer| {
        let command = AnswerNotice {
            notice_id: notice.id,
            patient_id: notice.patient_id,
            appointment_id: notice.appointment_id,
            answer,
            via: Via::Voice,
        };
        submit(desk, "Answer to a notice", Command::AnswerNotice(command));
    };
    let answer = StoredValue::new(answer);
    let say = move |said: Answer| {
        view! {
            <button type="button" class="btn" data-answer=answer_name(said) on:click=move |_| answer.with_value(|answer| answer(said))>
                {said.label().get(Lang::En)}
            </button>
        }
    };
    view! {
        <div class="letter">
            {address.map(|address| view! { <p class="address">{address}</p> })}
            {words.map(|words| view! {
                {letter.then_some(view! { <p><b>{words.subject}</b></p> })}
                <p class="body">{words.body}</p>
            })}
        </div>
        {may.then(|| view! {
            <div class="ends" role="group" aria-label="What they say">
                {[Answer::Confirmed, Answer::OtherTime, Answer::Cancelled].map(say)}
            </div>
        })}
        {letter.then(|| view! { <p class="small soft">"Print this page with the browser; the list around it stays out."</p> })}
    }
}

fn answer_name(answer: Answer) -> &'static str {
    match answer {
        Answer::Confirmed => "confirmed",
        Answer::Cancelled => "cancelled",
        Answer::OtherTime => "other_time",
    }
}
