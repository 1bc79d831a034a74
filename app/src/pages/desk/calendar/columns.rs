//! What a calendar shows: columns of people, rooms, sites or days, with what is booked and closed in each.

use super::reader::Looker;
use crate::pages::desk::board::visits::Visit;
use crate::pages::desk::booking::{clock, with_book};
use crate::state::Engine;
use chrono::{Days, NaiveDate, NaiveDateTime, Timelike};
use domain::id::{PractitionerId, ResourceId, SiteId};
use domain::row::{Entity, Row};
use domain::schedule::grid::Beside;
use domain::schedule::rework::rework;
use domain::schedule::{Appointment, AppointmentState, ColorToken};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;
/// What is shown when nobody works: eight to five.
const USUAL: (u16, u16) = (8 * 60, 17 * 60);

/// Whose column it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Someone who sees patients.
    Practitioner(PractitionerId),
    /// A room or a device.
    Room(ResourceId),
    /// Everyone at a site.
    Site,
}

/// One column.
#[derive(Clone, PartialEq)]
pub struct Column {
    /// Another one has another.
    pub key: String,
    /// "Dr. Amara Okafor"
    pub title: String,
    /// "MD · 12 booked"
    pub sub: String,
    /// Where.
    pub site: SiteId,
    /// Whose.
    pub holder: Holder,
    /// The day on the site's wall.
    pub on: NaiveDate,
    /// Hours, from and until a minute of the day.
    pub open: Vec<(u16, u16)>,
    /// When nothing is booked without a reason.
    pub shut: Vec<Shut>,
    /// What is booked.
    pub items: Vec<Arc<Item>>,
}

/// Some minutes of a day that are closed, or taken elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shut {
    /// First minute of the day.
    pub from: u16,
    /// The minute after the last.
    pub until: u16,
    /// Why, where it is known.
    pub words: String,
}

/// One booking in a column.
#[derive(Clone, PartialEq)]
pub struct Item {
    /// With what a card says.
    pub visit: Visit,
    /// "NP"
    pub code: String,
    /// Of its stripe.
    pub color: &'static str,
    /// First minute of the day.
    pub from: u16,
    /// How long.
    pub minutes: u16,
    /// Where in the column.
    pub beside: Beside,
    /// Something came in its way since: someone must look at it.
    pub rework: bool,
}

/// All of it.
#[derive(Clone, Default, PartialEq)]
pub struct Grid {
    /// First minute of the day that is shown, a full hour.
    pub first: u16,
    /// The minute after the last, a full hour.
    pub last: u16,
    /// From left to right.
    pub columns: Vec<Column>,
}

/// By what the columns of a day are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Who sees patients.
    Practitioner,
    /// Rooms and devices.
    Room,
    /// Sites.
    Site,
}

/// What is asked for.
#[derive(Clone, PartialEq)]
pub enum Ask {
    /// One day at a site, or at all of them.
    Day(SiteId, NaiveDate, Axis),
    /// The week of a day, of one practitioner at a site.
    Week(SiteId, NaiveDate, PractitionerId),
}

/// "NP": two letters of a kind of visit.
pub fn code(name: &str) -> String {
    let words: Vec<&str> = name.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    let letters: String = match words.as_slice() {
        [one] => one.chars().take(2).collect(),
        several => several
            .iter()
            .take(2)
            .filter_map(|word| word.chars().next())
            .collect(),
    };
    letters.to_uppercase()
}

/// The name of a colour in the style sheet.
pub fn color(token: ColorToken) -> &'static str {
    match token {
        ColorToken::Slate => "slate",
        ColorToken::Blue => "blue",
        ColorToken::Teal => "teal",
        ColorToken::Green => "green",
        ColorToken::Amber => "amber",
        ColorToken::Red => "red",
        ColorToken::Violet => "violet",
        ColorToken::Pink => "pink",
    }
}

/// The minute of the day of a time on the wall.
pub fn minute(wall: NaiveDateTime) -> u16 {
    // Under 1440.
    (wall.num_seconds_from_midnight() / 60) as u16
}

/// Whether a calendar shows it: what was called off, or never meant, is not in the way.
pub fn is_shown(state: AppointmentState) -> bool {
    !matches!(
        state,
        AppointmentState::Cancelled | AppointmentState::EnteredInError
    )
}

/// The days of a week, from its Monday.
pub fn week_of(on: NaiveDate) -> Vec<NaiveDate> {
    let monday = on.week(chrono::Weekday::Mon).first_day();
    (0..7)
        .filter_map(|n| monday.checked_add_days(Days::new(n)))
        .collect()
}

/// Reads the grid.
pub fn grid(engine: &Engine, ask: &Ask) -> Grid {
    let (site, days) = match ask {
        Ask::Day(site, on, _) => (*site, vec![*on]),
        Ask::Week(site, on, _) => (*site, week_of(*on)),
    };
    let (Some(clock), Some(first), Some(last)) =
        (clock(engine, site), days.first().copied(), days.last().copied())
    else {
        return Grid::default();
    };
    // Sites in other zones have their day at other instants.
    let margin = chrono::Duration::hours(24);
    let span = (
        clock.at_minute(first, 0) - margin,
        clock.at_minute(last, DAY) + margin,
    );
    let found = booked(engine, (first, last));
    with_book(engine, span, |book| {
        let looker = Looker {
            engine,
            book,
            clock: &clock,
            site,
            kinds: kinds(engine),
            found: &found,
            rework: rework(book, found.iter(), engine.ports.clock.now())
                .into_iter()
                .map(|one| one.appointment.id)
                .collect(),
        };
        let mut columns = match ask {
            Ask::Day(_, on, Axis::Practitioner) => looker.practitioners(*on),
            Ask::Day(_, on, Axis::Room) => looker.rooms(*on),
            Ask::Day(_, on, Axis::Site) => looker.sites(*on),
            Ask::Week(_, _, with) => days.iter().map(|on| looker.day(*on, *with)).collect(),
        };
        if matches!(ask, Ask::Week(..)) {
            let is_weekend =
                |column: &Column| chrono::Datelike::weekday(&column.on).num_days_from_monday() >= 5;
            columns
                .retain(|column| !is_weekend(column) || !column.items.is_empty() || !column.open.is_empty());
        }
        bounded(columns)
    })
}

/// What is booked on some days by the wall of each site, without what is not shown.
fn booked(engine: &Engine, (first, last): (NaiveDate, NaiveDate)) -> Vec<Appointment> {
    engine.pick_on(Entity::Appointment, first..=last, |row| match row {
        Row::Appointment(row) if is_shown(row.state) => Some(row.clone()),
        _ => None,
    })
}

fn kinds(engine: &Engine) -> BTreeMap<uuid::Uuid, (String, &'static str)> {
    let all = engine.pick(Entity::VisitType, |row| match row {
        Row::VisitType(kind) => Some((kind.id.0, (code(&kind.name), color(kind.color)))),
        _ => None,
    });
    all.into_iter().collect()
}

/// Cuts what is shown to full hours in which something is.
fn bounded(mut columns: Vec<Column>) -> Grid {
    let mut first = None::<u16>;
    let mut last = None::<u16>;
    let mut hold = |from: u16, until: u16| {
        first = Some(first.map_or(from, |known| known.min(from)));
        last = Some(last.map_or(until, |known| known.max(until)));
    };
    for column in &columns {
        for item in &column.items {
            hold(item.from, item.from.saturating_add(item.minutes).min(DAY));
        }
        for (from, until) in &column.open {
            hold(*from, *until);
        }
    }
    let (first, last) = match (first, last) {
        (Some(first), Some(last)) => (first / 60 * 60, last.div_ceil(60) * 60),
        _ => USUAL,
    };
    let (first, last) = (first.min(USUAL.0), last.max(USUAL.1).min(DAY));
    for column in &mut columns {
        for shut in &mut column.shut {
            shut.from = shut.from.max(first);
            shut.until = shut.until.min(last);
        }
        column.shut.retain(|shut| shut.from < shut.until);
    }
    Grid { first, last, columns }
}
