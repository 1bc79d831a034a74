//! Times that a computer is to have every week: asked for beside those that are kept by hand, said in words, and ended.

use super::state::{Calendar, use_calendar};
use crate::pages::desk::booking::clock_words;
use crate::pages::desk::form::Problems;
use crate::pages::desk::hours::{WEEKDAYS, named, weekday_words};
use crate::shell::staff::context::Desk;
use crate::state::Engine;
use chrono::{Datelike, NaiveDate};
use domain::command::Command;
use domain::id::{DeviceId, LeaseRuleId, SiteId};
use domain::row::{Entity, Key, Row};
use domain::schedule::standing::MOST_WEEKS;
use domain::schedule::{LeaseRule, ReleaseLease, SlotLease};
use leptos::prelude::*;
use ui::{Choice, ChoiceLayout, ChoicesField, Problem};
use uuid::Uuid;

/// How many weeks ahead, in words.
const NUMBERS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// What is asked for times that are kept every week.
#[derive(Clone, Copy)]
pub struct Weekly {
    /// Whether they are.
    pub on: RwSignal<bool>,
    days: RwSignal<Vec<String>>,
    /// How many weeks ahead.
    pub ahead: RwSignal<String>,
}

impl Weekly {
    /// Not yet; then on the weekday of a day, for a month ahead.
    pub fn new(day: NaiveDate) -> Weekly {
        Weekly {
            on: RwSignal::new(false),
            days: RwSignal::new(vec![day.weekday().number_from_monday().to_string()]),
            ahead: RwSignal::new("4".to_owned()),
        }
    }

    fn weekdays(self) -> Vec<u8> {
        self.days
            .with_untracked(|days| days.iter().filter_map(|day| day.parse().ok()).collect())
    }

    fn weeks(self) -> Option<u16> {
        let weeks = self
            .ahead
            .with_untracked(|weeks| weeks.trim().parse::<u16>().ok());
        weeks.filter(|weeks| (1..=MOST_WEEKS).contains(weeks))
    }

    /// What is wrong, in the order of the fields.
    pub fn wrong(self) -> Vec<Problem> {
        let checks = [
            (
                self.weekdays().is_empty(),
                "keep-days",
                "Choose at least one day of the week",
            ),
            (
                self.weeks().is_none(),
                "keep-ahead",
                "Enter a number from 1 to 26",
            ),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        wrong.map(|(_, id, words)| Problem::new(id, words)).collect()
    }

    /// Sets a rule for each whose time it is.
    pub fn enter(
        self,
        desk: Desk,
        (site_id, device_id): (SiteId, DeviceId),
        (from_minute, until_minute): (u16, u16),
        holders: &[Uuid],
    ) {
        let engine = desk.engine();
        let Some(weeks_ahead) = self.weeks() else { return };
        let (known, mut asks) = (active(&engine), false);
        for holder_id in holders.iter().copied() {
            let rule = LeaseRule {
                id: LeaseRuleId(engine.new_id()),
                holder_id,
                site_id,
                device_id,
                weekdays: self.weekdays(),
                from_minute,
                until_minute,
                weeks_ahead,
                active: true,
                again: Vec::new(),
            };
            let same = |other: &LeaseRule| {
                let other = other.clone();
                rule == LeaseRule {
                    id: rule.id,
                    again: Vec::new(),
                    ..other
                }
            };
            if !known.iter().any(same) {
                asks = true;
                desk.enter("Kept every week", Command::SetLeaseRule(rule));
            }
        }
        if !asks {
            desk.say("It is kept already.");
        }
    }
}

/// On which days of the week.
#[component]
pub fn Weekdays(weekly: Weekly, problems: Problems) -> impl IntoView {
    let days = WEEKDAYS.iter().zip(1u8..);
    let options: Vec<Choice> = days
        .map(|(name, day)| Choice::new(day.to_string(), *name))
        .collect();
    view! {
        <ChoicesField
            id="keep-days" legend="Days" layout=ChoiceLayout::Grid value=weekly.days options=Signal::stored(options)
            fault=problems.at("keep-days")
        />
    }
}

/// Every rule that is not ended, the first of the week first.
fn active(engine: &Engine) -> Vec<LeaseRule> {
    let mut all = engine.pick(Entity::LeaseRule, |row| match row {
        Row::LeaseRule(rule) if rule.active => Some(rule.clone()),
        _ => None,
    });
    all.sort_by(|a, b| (&a.weekdays, a.from_minute, a.id).cmp(&(&b.weekdays, b.from_minute, b.id)));
    all
}

/// "Mondays and Thursdays"
fn days_words(days: &[u8]) -> String {
    if days.len() == WEEKDAYS.len() {
        return "Every day".to_owned();
    }
    let names: Vec<String> = days
        .iter()
        .map(|day| format!("{}s", weekday_words(*day)))
        .collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

/// "four weeks ahead"
fn weeks_words(weeks: u16) -> String {
    let known = usize::from(weeks).checked_sub(1).and_then(|nth| NUMBERS.get(nth));
    let number = known.map_or_else(|| weeks.to_string(), |word| (*word).to_owned());
    let unit = if weeks == 1 { "week" } else { "weeks" };
    format!("{number} {unit} ahead")
}

/// "Mondays and Thursdays, 8:00 AM to 12:00 PM, Samuel Okafor, four weeks ahead"
fn in_words(rule: &LeaseRule, whose: &str) -> String {
    format!(
        "{}, {} to {}, {whose}, {}",
        days_words(&rule.weekdays),
        clock_words(rule.from_minute),
        clock_words(rule.until_minute),
        weeks_words(rule.weeks_ahead)
    )
}

/// What is kept every week at the site: for this computer, and for others. Whoever ends one takes nothing from its
/// computer, which may be offline; only there is given back what was handed out.
#[component]
pub fn Standing(people: Memo<Vec<(String, String)>>, rooms: Memo<Vec<(String, String)>>) -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let own = desk.engine().device_id();
    let all = desk.live(move |engine| {
        let site = calendar.site_id.get();
        let mut all = active(engine);
        all.retain(|rule| Some(rule.device_id) == own || Some(rule.site_id) == site);
        all.sort_by_key(|rule| Some(rule.device_id) != own);
        all
    });
    let row = move |rule: LeaseRule| {
        let here = Some(rule.device_id) == own;
        let elsewhere = (!here).then(|| {
            match desk
                .engine()
                .get(Key::Row(Entity::Device, rule.device_id.0))
                .pop()
            {
                Some(Row::Device(device)) => format!("For {}", device.label),
                _ => "For another computer".to_owned(),
            }
        });
        let (id, holder, rule) = (rule.id, rule.holder_id, StoredValue::new(rule));
        let words = move || {
            let known = people.with(|all| named(all, holder));
            let whose = match known.is_empty() {
                true => rooms.with(|all| named(all, holder)),
                false => known,
            };
            let whose = if whose.is_empty() {
                "somebody who left"
            } else {
                whose.as_str()
            };
            rule.with_value(|rule| in_words(rule, whose))
        };
        let stop = move |_| end(calendar, rule.get_value());
        let give = move |_| give_back(calendar, rule.get_value());
        view! {
            <li class="waits" data-rule=id.to_string()>
                <p>{words}</p>
                {elsewhere.map(|whose| view! { <p class="small soft">{whose}</p> })}
                <div class="acts">
                    <button type="button" class="btn s" on:click=stop>"End"</button>
                    {here.then(|| view! { <button type="button" class="btn s" on:click=give>"End and give back"</button> })}
                </div>
            </li>
        }
    };
    view! {
        <Show when=move || !all.with(Vec::is_empty)>
            <h3>"Every week"</h3>
            <ol class="expected all">{move || all.get().into_iter().map(row).collect_view()}</ol>
        </Show>
    }
}

fn ended(rule: &LeaseRule) -> Command {
    Command::SetLeaseRule(LeaseRule {
        active: false,
        ..rule.clone()
    })
}

/// Nothing more is handed out.
fn end(calendar: Calendar, rule: LeaseRule) {
    let desk = calendar.desk;
    desk.submit("No longer every week", ended(&rule), move |done| match done {
        Ok(_) => {
            let said = "No longer every week. What is kept stays until it is given back.";
            calendar.done(said.to_owned(), move || {
                desk.enter("Every week again", Command::SetLeaseRule(rule.clone()));
            });
        }
        Err(why) => desk.say(why),
    });
}

/// The same, and this computer gives back what it was handed and has nothing booked in.
fn give_back(calendar: Calendar, rule: LeaseRule) {
    let desk = calendar.desk;
    desk.submit("No longer every week", ended(&rule), move |done| {
        if let Err(why) = done {
            desk.say(why);
            return;
        }
        let (booked, empty) = handed_out(&desk.engine(), &rule);
        for lease in &empty {
            let lease_id = lease.id;
            desk.enter("Given back", Command::ReleaseLease(ReleaseLease { lease_id }));
        }
        desk.say(match booked.len() {
            0 => "No longer every week, and given back. What is handed out before the clinic hears of it is listed here.".to_owned(),
            1 => "No longer every week, and given back but for one time with bookings.".to_owned(),
            n => format!("No longer every week, and given back but for {n} times with bookings."),
        });
    });
}

/// What is still to come of what a rule handed out: with a booking in it, and without.
fn handed_out(engine: &Engine, rule: &LeaseRule) -> (Vec<SlotLease>, Vec<SlotLease>) {
    let now = engine.ports.clock.now();
    let leases = engine.pick(Entity::SlotLease, |row| match row {
        Row::SlotLease(lease)
            if lease.holder_id == rule.holder_id
                && !lease.released
                && now < lease.until_at
                && rule.is_of(lease) =>
        {
            Some(lease.clone())
        }
        _ => None,
    });
    let taken = engine.pick(Entity::Busy, |row| match row {
        Row::Busy(busy) if busy.holder_id == rule.holder_id && busy.counts(now) && now < busy.until_at => {
            Some((busy.from_at, busy.until_at))
        }
        _ => None,
    });
    leases.into_iter().partition(|lease| {
        let mut taken = taken.iter();
        taken.any(|(from, until)| *from < lease.until_at && lease.from_at < *until)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_said_in_words() {
        let rule = LeaseRule {
            id: LeaseRuleId(Uuid::nil()),
            holder_id: Uuid::nil(),
            site_id: SiteId(Uuid::nil()),
            device_id: DeviceId(Uuid::nil()),
            weekdays: vec![1, 4],
            from_minute: 8 * 60,
            until_minute: 12 * 60,
            weeks_ahead: 4,
            active: true,
            again: Vec::new(),
        };
        assert_eq!(
            in_words(&rule, "Ada Kim"),
            "Mondays and Thursdays, 8:00 AM to 12:00 PM, Ada Kim, four weeks ahead"
        );
        assert_eq!(days_words(&[7]), "Sundays");
        assert_eq!(days_words(&[1, 2, 5]), "Mondays, Tuesdays and Fridays");
        assert_eq!(days_words(&[1, 2, 3, 4, 5, 6, 7]), "Every day");
        assert_eq!(weeks_words(1), "one week ahead");
        assert_eq!(weeks_words(26), "26 weeks ahead");
    }
}
