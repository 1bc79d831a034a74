//! What patients were told, and what they said to it.

use super::data::{Line, icon, line};
use crate::pages::desk::when::moment;
use crate::shell::staff::context::use_desk;
use domain::notices::NoticeState;
use domain::row::{Entity, Row};
use domain::text::{Lang, fold};
use leptos::prelude::*;
use ui::{Chip, EmptyState, Field, Icon, Tone};

/// How many are shown at once.
const MOST: usize = 100;

fn tone(state: NoticeState) -> Tone {
    match state {
        NoticeState::Delivered | NoticeState::Sent => Tone::Ok,
        NoticeState::Planned | NoticeState::Queued => Tone::Wait,
        NoticeState::Failed(_) => Tone::Stop,
        NoticeState::Void(_) => Tone::Plain,
    }
}

/// The list, of everyone or of whoever is typed.
#[component]
pub fn Sent() -> impl IntoView {
    let desk = use_desk();
    let typed = RwSignal::new(String::new());
    let lines = desk.live(move |engine| {
        let wanted = fold(&typed.get());
        let mut all: Vec<Line> = engine
            .pick(Entity::Notice, |row| match row {
                Row::Notice(notice) => Some(notice.clone()),
                _ => None,
            })
            .into_iter()
            .filter_map(|notice| line(engine, notice))
            .filter(|line| {
                wanted
                    .split_whitespace()
                    .all(|word| fold(&line.name).contains(word))
            })
            .collect();
        // What went out comes first: of what waits for its time there is always more than fits.
        all.sort_by_key(|line| {
            let notice = &line.notice;
            std::cmp::Reverse((notice.sent_at, notice.due_at, notice.id))
        });
        all.truncate(MOST);
        all
    });
    let row = move |line: Line| {
        let notice = &line.notice;
        let state = notice.state.label().get(Lang::En);
        let when = match notice.sent_at {
            Some(at) => moment(&desk.engine(), at),
            None => format!("due {}", moment(&desk.engine(), notice.due_at)),
        };
        let answer = match notice.answer {
            Some(answer) => {
                let via = notice.answered_via.map_or("", |via| via.label().get(Lang::En));
                format!("{} {via}", answer.label().get(Lang::En))
            }
            None if notice.state.was_sent() => "No answer".to_owned(),
            None => String::new(),
        };
        let way = notice.channel.label().get(Lang::En);
        let (id, picture, kind) = (notice.id.to_string(), icon(notice.channel), tone(notice.state));
        let (named, about) = (line.clone(), line.when());
        view! {
            <tr data-sent=id data-state=notice.state.name()>
                <th scope="row">{move || named.called(desk.counter.get())}</th>
                <td>{about}</td>
                <td><span class="line"><Icon name=picture small=true />{way}</span></td>
                <td>{when}</td>
                <td><Chip kind label=state /></td>
                <td>{answer}</td>
            </tr>
        }
    };
    view! {
        <div class="pad"><Field id="sent-name" label="Patient" value=typed kind="search" hint="Part of a name; empty for everyone" /></div>
        <div class="scroll" tabindex="0" role="region" aria-label="What was sent">
            <Show when=move || lines.with(Vec::is_empty)>
                <EmptyState icon="mail" title="Nothing yet" text="Notices appear here two days before they are due." />
            </Show>
            <Show when=move || !lines.with(Vec::is_empty)>
                <table class="table">
                    <thead><tr>
                        <th scope="col">"Patient"</th><th scope="col">"Appointment"</th><th scope="col">"Way"</th>
                        <th scope="col">"When"</th><th scope="col">"State"</th><th scope="col">"Answer"</th>
                    </tr></thead>
                    <tbody>{move || lines.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </Show>
        </div>
    }
}
