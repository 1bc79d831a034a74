//! Weekly hours: of one practitioner at one site, from a day on.

use super::{days_words, named, read_day, save};
use crate::pages::desk::booking::{clock_words, kinds, people, read_time, sites, time_value};
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use chrono::Days;
use domain::command::Command;
use domain::id::{PractitionerId, ScheduleId, SiteId, VisitTypeId};
use domain::row::{Entity, Row};
use domain::schedule::{Block, Schedule};
use leptos::prelude::*;
use ui::{Dialog, Field, Icon, Problem, ProblemSummary, SelectField};

/// ISO 8601: Monday is 1.
pub const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// "Monday" of 1.
pub fn weekday_words(weekday: u8) -> &'static str {
    WEEKDAYS
        .get(usize::from(weekday).saturating_sub(1))
        .copied()
        .unwrap_or_default()
}

/// "Mon 8:00 AM to 12:00 PM", each on its line.
fn summary(blocks: &[Block]) -> String {
    let mut all: Vec<&Block> = blocks.iter().collect();
    all.sort_by_key(|block| (block.weekday, block.from_minute));
    let words = all.iter().map(|block| {
        let day = weekday_words(block.weekday).get(..3).unwrap_or_default();
        format!(
            "{day} {} to {}",
            clock_words(block.from_minute),
            clock_words(block.until_minute)
        )
    });
    words.collect::<Vec<_>>().join("; ")
}

/// What is edited.
#[derive(Clone, PartialEq)]
enum Edit {
    New,
    Same(Schedule),
    /// From a day on, other hours; the ones before end there.
    After(Schedule),
}

/// The list.
#[component]
pub fn Weeks() -> impl IntoView {
    let desk = use_desk();
    let who = desk.live(people);
    let where_ = desk.live(sites);
    let edit = RwSignal::new(None::<Edit>);
    let open = RwSignal::new(false);
    let begin = move |what: Edit| {
        edit.set(Some(what));
        open.set(true);
    };
    let all = desk.live(move |engine| {
        let today = desk.today();
        let mut all = engine.pick(Entity::Schedule, |row| match row {
            Row::Schedule(row) if row.active && row.until_on.is_none_or(|last| last >= today) => {
                Some(row.clone())
            }
            _ => None,
        });
        all.sort_by_key(|row| {
            (
                who.with(|who| named(who, row.practitioner_id.0)),
                row.from_on,
                row.id,
            )
        });
        all
    });
    let row = move |one: Schedule| {
        let (with, at) = (one.practitioner_id, one.site_id);
        let name = move || who.with(|who| named(who, with.0));
        let place = move || where_.with(|all| named(all, at.0));
        let days = match one.until_on {
            Some(until) => days_words(one.from_on, until),
            None => format!("from {}", one.from_on.format("%b %-d, %Y")),
        };
        let (id, week) = (one.id.to_string(), summary(&one.blocks));
        let (same, after) = (one.clone(), one);
        view! {
            <tr data-schedule=id>
                <th scope="row">{name}</th><td>{place}</td><td>{days}</td><td class="small">{week}</td>
                <td class="num"><span class="row">
                    <button type="button" class="btn s" on:click=move |_| begin(Edit::After(after.clone()))>"Change from a day"</button>
                    <button type="button" class="btn s" on:click=move |_| begin(Edit::Same(same.clone()))>"Correct"</button>
                </span></td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Weekly hours">
            <div class="row pad-line">
                <span class="push"></span>
                <button type="button" class="btn primary" id="week-add" on:click=move |_| begin(Edit::New)><Icon name="plus" small=true />"Enter weekly hours"</button>
            </div>
            <table class="table">
                <thead><tr>
                    <th scope="col">"Who"</th><th scope="col">"Where"</th><th scope="col">"When"</th><th scope="col">"Week"</th>
                    <th scope="col"><span class="vh">"Do"</span></th>
                </tr></thead>
                <tbody>{move || all.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Dialog open title="Weekly hours" close="Close" large=true>
            {move || edit.get().map(|edit| view! { <WeekForm edit open /> })}
        </Dialog>
    }
}

/// One line of the week, as it is typed.
#[derive(Clone, Copy)]
struct Line {
    id: u32,
    weekday: RwSignal<String>,
    from: RwSignal<String>,
    until: RwSignal<String>,
    kind: RwSignal<String>,
    capacity: RwSignal<String>,
    share: RwSignal<String>,
}

impl Line {
    fn of(id: u32, block: &Block) -> Line {
        let number = |known: Option<u16>| RwSignal::new(known.map(|n| n.to_string()).unwrap_or_default());
        Line {
            id,
            weekday: RwSignal::new(block.weekday.to_string()),
            from: RwSignal::new(time_value(block.from_minute)),
            // Midnight is the end of a day, and a time field has none.
            until: RwSignal::new(time_value(block.until_minute.min(24 * 60 - 1))),
            kind: RwSignal::new(
                block
                    .visit_type_ids
                    .first()
                    .map(|id| id.0.to_string())
                    .unwrap_or_default(),
            ),
            capacity: number(block.capacity),
            share: number(block.providers_percent),
        }
    }

    fn read(self, known: &[VisitTypeId]) -> Option<Block> {
        let number = |text: RwSignal<String>| -> Option<Option<u16>> {
            let text = text.with_untracked(|text| text.trim().to_owned());
            match text.is_empty() {
                true => Some(None),
                false => text.parse().ok().map(Some),
            }
        };
        let until = self.until.with_untracked(|until| read_time(until))?;
        let only = self.kind.with_untracked(|id| id.parse().ok().map(VisitTypeId));
        let block = Block {
            weekday: self.weekday.with_untracked(|day| day.parse().ok())?,
            from_minute: self.from.with_untracked(|from| read_time(from))?,
            until_minute: if until == 24 * 60 - 1 { 24 * 60 } else { until },
            // Those beyond the first were chosen elsewhere, and stay unless another one is chosen.
            visit_type_ids: match only {
                Some(only) if known.first() == Some(&only) => known.to_vec(),
                other => other.into_iter().collect(),
            },
            capacity: number(self.capacity)?,
            providers_percent: number(self.share)?,
        };
        block.is_sound().then_some(block)
    }
}

#[component]
fn WeekForm(edit: Edit, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let before = match &edit {
        Edit::New => None,
        Edit::Same(row) | Edit::After(row) => Some(row.clone()),
    };
    let after = matches!(edit, Edit::After(_));
    let text = |known: Option<String>| RwSignal::new(known.unwrap_or_default());
    let with = text(before.as_ref().map(|row| row.practitioner_id.0.to_string()));
    let site = text(before.as_ref().map(|row| row.site_id.0.to_string()));
    let begins = before
        .as_ref()
        .filter(|_| !after)
        .map_or(desk.today(), |row| row.from_on);
    let from = text(Some(begins.to_string()));
    let until = text(
        before
            .as_ref()
            .and_then(|row| row.until_on)
            .map(|on| on.to_string()),
    );
    let blocks = before.as_ref().map(|row| row.blocks.clone()).unwrap_or_default();
    let mut ordered = blocks.clone();
    ordered.sort_by_key(|block| (block.weekday, block.from_minute));
    // All the kinds of each line, by its id: the list shows the first.
    let kept: StoredValue<Vec<Vec<VisitTypeId>>> =
        StoredValue::new(ordered.iter().map(|block| block.visit_type_ids.clone()).collect());
    let lines = RwSignal::new(
        (0u32..)
            .zip(&ordered)
            .map(|(id, block)| Line::of(id, block))
            .collect::<Vec<_>>(),
    );
    let next = StoredValue::new(ordered.len() as u32);
    let add = move |block: Block| {
        let id = next.get_value();
        next.set_value(id + 1);
        kept.update_value(|kept| kept.push(block.visit_type_ids.clone()));
        lines.update(|all| all.push(Line::of(id, &block)));
    };
    let usual = |weekday: u8| Block {
        weekday,
        from_minute: 8 * 60,
        until_minute: 12 * 60,
        visit_type_ids: Vec::new(),
        capacity: None,
        providers_percent: None,
    };
    // What Monday has, on the days until Friday.
    let spread = move |_| {
        let kept = kept.get_value();
        let of = |line: &Line| kept.get(line.id as usize).cloned().unwrap_or_default();
        let monday: Vec<Block> = lines.with_untracked(|all| {
            all.iter()
                .filter_map(|line| line.read(&of(line)))
                .filter(|block| block.weekday == 1)
                .collect()
        });
        lines.update(|all| {
            all.retain(|line| {
                line.weekday
                    .with_untracked(|day| !["2", "3", "4", "5"].contains(&day.as_str()))
            })
        });
        for weekday in 2..=5 {
            for block in &monday {
                add(Block {
                    weekday,
                    ..block.clone()
                });
            }
        }
    };
    let known = kinds(desk);
    let options = Signal::derive(move || {
        known.with(|all| {
            all.iter()
                .map(|kind| (kind.id.0.to_string(), kind.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let weekdays: Vec<(String, String)> = (1..)
        .zip(WEEKDAYS)
        .map(|(n, word): (u8, _)| (n.to_string(), word.to_owned()))
        .collect();
    let weekdays = Signal::stored(weekdays);
    let line = move |one: Line| {
        let id = one.id;
        let remove = move |_| lines.update(|all| all.retain(|line| line.id != id));
        let name = move |part: &str| format!("week-{part}-{id}");
        view! {
            <li class="week-line">
                <SelectField id=name("day") label="Day" value=one.weekday choose="Choose" options=weekdays />
                <Field id=name("from") label="From" kind="time" value=one.from />
                <Field id=name("until") label="Until" kind="time" value=one.until />
                <SelectField id=name("kind") label="Only for" value=one.kind choose="Everything" options />
                <Field id=name("capacity") label="At once" inputmode="numeric" value=one.capacity />
                <Field id=name("share") label="Staffed %" inputmode="numeric" value=one.share />
                <button type="button" class="btn s only" aria-label="Remove these hours" on:click=remove><Icon name="x" /></button>
            </li>
        }
    };
    let people = desk.live(people);
    let places = desk.live(sites);
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let whom = with.with_untracked(|with| with.parse().ok().map(PractitionerId));
        let at = site.with_untracked(|site| site.parse().ok().map(SiteId));
        let first = read_day(from);
        let last = until
            .with_untracked(|until| until.is_empty())
            .then_some(None)
            .or_else(|| read_day(until).map(Some));
        let blocks: Option<Vec<Block>> = lines.with_untracked(|all| {
            all.iter()
                .map(|line| {
                    kept.with_value(|kept| {
                        line.read(kept.get(line.id as usize).map_or(&[][..], Vec::as_slice))
                    })
                })
                .collect()
        });
        let too_early = match (&before, after, first) {
            (Some(row), true, Some(first)) => first <= row.from_on,
            _ => false,
        };
        let checks = [
            (whom.is_none(), "week-with", "Choose who"),
            (at.is_none(), "week-site", "Choose where"),
            (first.is_none(), "week-from", "Enter the first day"),
            (
                too_early,
                "week-from",
                "The change must begin after the hours that it changes",
            ),
            (
                last.is_none()
                    || last
                        .flatten()
                        .zip(first)
                        .is_some_and(|(last, first)| last < first),
                "week-until",
                "Enter a last day after the first, or none",
            ),
            (
                blocks.is_none(),
                "week-lines",
                "Each line needs an end after its beginning, and whole numbers from 1",
            ),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let (Some(practitioner_id), Some(site_id), Some(from_on), Some(until_on), Some(blocks)) =
            (whom, at, first, last, blocks)
        else {
            return;
        };
        let same = before.as_ref().filter(|_| !after).map(|row| row.id);
        let row = Schedule {
            id: same.unwrap_or_else(|| ScheduleId(desk.engine().new_id())),
            practitioner_id,
            site_id,
            from_on,
            until_on,
            blocks,
            active: true,
        };
        let ended = before.clone().filter(|_| after).map(|row| Schedule {
            until_on: from_on.checked_sub_days(Days::new(1)),
            ..row
        });
        let save_new = move || save(desk, "Weekly hours", Command::SetSchedule(row), open);
        match ended {
            None => save_new(),
            // The old ones end first: between the two, nobody is offered twice the hours.
            Some(ended) => desk.submit(
                "Hours until then",
                Command::SetSchedule(ended),
                move |done| match done {
                    Ok(_) => save_new(),
                    Err(why) => desk.say(why),
                },
            ),
        }
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <div class="cols">
                <SelectField id="week-with" label="Who" value=with choose="Choose" options=people fault=problems.at("week-with") />
                <SelectField id="week-site" label="Where" value=site choose="Choose" options=places fault=problems.at("week-site") />
            </div>
            <div class="cols">
                <Field id="week-from" label="First day" kind="date" value=from fault=problems.at("week-from") />
                <Field id="week-until" label="Last day (optional)" kind="date" value=until fault=problems.at("week-until") />
            </div>
            <ul class="week-lines" id="week-lines" tabindex="-1" aria-label="The week">
                <For each=move || lines.get() key=|line| line.id children=line />
            </ul>
            <div class="row">
                <button type="button" class="btn s" id="week-line-add" on:click=move |_| add(usual(1))><Icon name="plus" small=true />"More hours"</button>
                <button type="button" class="btn s" on:click=spread>"Tuesday to Friday as on Monday"</button>
            </div>
            <div class="ends"><button type="submit" class="btn primary" id="week-save">"Save"</button></div>
        </form>
    }
}
