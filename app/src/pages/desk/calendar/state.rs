//! What the parts of the calendar share: the day that is shown, what is open beside it, where the keyboard is.

use super::columns::{Ask, Axis, Grid, grid};
use super::form::Draft;
use super::moving::{Moving, Proposal};
use crate::pages::desk::board::visits::{own_site, today};
use crate::pages::desk::booking::{clock, sites};
use crate::shell::staff::context::{Desk, use_desk};
use chrono::{Days, NaiveDate};
use domain::id::{AppointmentId, PractitionerId, SiteId};
use leptos::prelude::*;

/// Under which name it is kept how much is shown.
const SPAN: &str = "calendar-span";

/// How much is shown at first: on a phone a list, else as it was left.
fn usual_span(desk: Desk, narrow: bool) -> String {
    let kept = match narrow {
        true => Some("agenda".to_owned()),
        false => desk.engine().ports.settings.get(SPAN),
    };
    kept.unwrap_or_else(|| "day".to_owned())
}

/// What is open beside the calendar.
#[derive(Clone, PartialEq)]
pub enum Panel {
    /// Nothing.
    Closed,
    /// One appointment.
    Visit(AppointmentId),
    /// A new one.
    Book(Draft),
    /// Times that this computer may book offline.
    Keep,
    /// Who waits for a time.
    Waiting,
    /// Bookings that something came in the way of.
    Rework,
}

/// A place in the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// A column's key.
    pub column: String,
    /// The minute of the day.
    pub minute: u16,
}

/// See the module.
#[derive(Clone, Copy)]
pub struct Calendar {
    /// The shell.
    pub desk: Desk,
    /// The site that is shown, as a choice.
    pub site: RwSignal<String>,
    /// The same.
    pub site_id: Memo<Option<SiteId>>,
    /// The day that is shown.
    pub on: RwSignal<NaiveDate>,
    /// "day", "week" or "agenda".
    pub span: RwSignal<String>,
    /// "practitioner", "room" or "site".
    pub by: RwSignal<String>,
    /// Whose week it is.
    pub with: RwSignal<String>,
    /// What is shown.
    pub grid: Memo<Grid>,
    /// What is open beside it.
    pub panel: RwSignal<Panel>,
    /// Where the keyboard is.
    pub spot: RwSignal<Option<Spot>>,
    /// What is about to move.
    pub moving: RwSignal<Option<Moving>>,
    /// A move that somebody must look at first.
    pub asked: RwSignal<Option<Proposal>>,
    undo: StoredValue<Option<Callback<()>>>,
}

/// The shared state. The page provides it.
#[allow(clippy::expect_used)]
pub fn use_calendar() -> Calendar {
    use_context::<Calendar>().expect("the page provides the calendar")
}

impl Calendar {
    /// At today, at the site that was looked at last.
    pub fn new() -> Calendar {
        let desk = use_desk();
        let kept = |name: &str, usual: &str| {
            let known = desk.engine().ports.settings.get(name);
            RwSignal::new(known.unwrap_or_else(|| usual.to_owned()))
        };
        let site = RwSignal::new(String::new());
        let span = RwSignal::new(usual_span(desk, desk.narrow.get_untracked()));
        let by = kept("calendar-by", "practitioner");
        let with = kept("calendar-with", "");
        let on = RwSignal::new(desk.today());
        let site_id = Memo::new(move |_| site.with(|site| site.parse().ok().map(SiteId)));
        let ask = Memo::new(move |_| {
            let site = site_id.get()?;
            let on = on.get();
            let axis = by.with(|by| match by.as_str() {
                "room" => Axis::Room,
                "site" => Axis::Site,
                _ => Axis::Practitioner,
            });
            let week = span.with(|span| span == "week");
            let whose = with.with(|with| with.parse().ok().map(PractitionerId));
            match (week, whose) {
                (true, Some(whose)) => Some(Ask::Week(site, on, whose)),
                _ => Some(Ask::Day(site, on, axis)),
            }
        });
        let grid = desk.live(move |engine| ask.get().map(|ask| grid(engine, &ask)).unwrap_or_default());
        Calendar {
            desk,
            site,
            site_id,
            on,
            span,
            by,
            with,
            grid,
            panel: RwSignal::new(Panel::Closed),
            spot: RwSignal::new(None),
            moving: RwSignal::new(None),
            asked: RwSignal::new(None),
            undo: StoredValue::new(None),
        }
    }

    /// Chooses a site as soon as there are any, and keeps what is chosen for the next time.
    pub fn settle(self) {
        let desk = self.desk;
        self.follow_width();
        let known = desk.live(sites);
        Effect::new(move || {
            if known.with(Vec::is_empty) || !self.site.with(String::is_empty) {
                return;
            }
            let own = own_site(&desk.engine());
            self.site
                .set(own.map(|site| site.0.to_string()).unwrap_or_default());
            if let Some(today) = own.and_then(|site| today(&desk.engine(), site)) {
                self.on.set(today);
            }
        });
        for (name, signal) in [
            ("board-site", self.site),
            (SPAN, self.span),
            ("calendar-by", self.by),
            ("calendar-with", self.with),
        ] {
            Effect::new(move |before: Option<String>| {
                let now = signal.get();
                let is_phones = name == SPAN && desk.narrow.get_untracked();
                if before.is_some_and(|before| before != now) && !now.is_empty() && !is_phones {
                    desk.engine().ports.settings.set(name, &now);
                }
                now
            });
        }
    }

    /// Another width shows what it usually shows.
    fn follow_width(self) {
        let desk = self.desk;
        Effect::new(move |before: Option<bool>| {
            let narrow = desk.narrow.get();
            if before.is_some_and(|before| before != narrow) {
                self.span.set(usual_span(desk, narrow));
            }
            narrow
        });
    }

    /// Today by the site's wall.
    pub fn today(self) -> NaiveDate {
        let site = self.site_id.get_untracked();
        site.and_then(|site| today(&self.desk.engine(), site))
            .unwrap_or_else(|| self.desk.today())
    }

    /// Whether a week is shown.
    pub fn is_week(self) -> bool {
        self.span.with(|span| span == "week")
    }

    /// Forwards or back by a day, or a week.
    pub fn turn(self, by: i64) {
        let step = if untrack(|| self.is_week()) { 7 } else { 1 } * by.unsigned_abs();
        self.on.update(|on| {
            let next = match by < 0 {
                true => on.checked_sub_days(Days::new(step)),
                false => on.checked_add_days(Days::new(step)),
            };
            *on = next.unwrap_or(*on);
        });
        self.spot.set(None);
    }

    /// Says what was done, and offers to take it back.
    pub fn done(self, text: String, undo: impl Fn() + Send + Sync + 'static) {
        let undo = Callback::new(move |()| undo());
        self.undo.set_value(Some(undo));
        self.desk
            .offer(text, "Undo", Callback::new(move |()| self.take_back()));
    }

    /// Takes the last change back, once.
    pub fn take_back(self) {
        let last = self.undo.try_update_value(Option::take).flatten();
        match last {
            Some(undo) => undo.run(()),
            None => self.desk.say("There is nothing to undo."),
        }
    }

    /// The instant of a minute of a day at a site.
    pub fn instant(self, site: SiteId, on: NaiveDate, minute: u16) -> Option<chrono::DateTime<chrono::Utc>> {
        clock(&self.desk.engine(), site).map(|clock| clock.at_minute(on, minute))
    }

    /// Puts the focus on an element once it is drawn; a form that was opened meanwhile keeps it.
    pub fn focus_soon(self, id: String) {
        let engine = self.desk.engine();
        leptos::task::spawn_local(async move {
            engine.ports.clock.sleep(0).await;
            let forms = self
                .panel
                .try_with_untracked(|panel| matches!(panel, Panel::Book(_)));
            if forms == Some(false) {
                engine.ports.page.focus(&id);
            }
        });
    }
}
