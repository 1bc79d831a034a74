//! Recalls with where they are on the list.

use crate::state::Engine;
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{PatientId, PractitionerId, RecallId, SiteId};
use domain::recalls::{Recall, RecallState, Standing};
use domain::row::{Entity, Key, Row};
use domain::schedule::Appointment;

/// One of them.
#[derive(Clone, PartialEq)]
pub struct Line {
    pub recall: Recall,
    pub standing: Standing,
    /// The booking by which it is met.
    pub met_by: Option<Appointment>,
}

/// What makes a line another one.
type Shown = (
    RecallId,
    PatientId,
    RecallState,
    Standing,
    usize,
    Option<DateTime<Utc>>,
);

impl Line {
    fn new(engine: &Engine, recall: Recall, today: NaiveDate) -> Line {
        let met_by = (recall.state == RecallState::Open)
            .then(|| booking(engine, &recall))
            .flatten();
        Line {
            standing: recall.standing(met_by.as_ref(), today),
            met_by,
            recall,
        }
    }

    /// See [`Shown`].
    pub fn key(&self) -> Shown {
        let recall = &self.recall;
        let booked = self.met_by.as_ref().map(|visit| visit.start_at);
        let told = recall.contacts.len();
        (
            recall.id,
            recall.patient_id,
            recall.state,
            self.standing,
            told,
            booked,
        )
    }
}

fn booking(engine: &Engine, recall: &Recall) -> Option<Appointment> {
    let rows = engine.get(Key::OfPatient(Entity::Appointment, recall.patient_id));
    let appointment = |row| match row {
        Row::Appointment(appointment) => Some(appointment),
        _ => None,
    };
    let all: Vec<Appointment> = rows.into_iter().filter_map(appointment).collect();
    recall.met_by(&all).cloned()
}

/// What is looked at.
pub struct Wanted {
    /// Nothing for what is due: late, or soon.
    pub standing: Option<Standing>,
    /// Nothing for every site.
    pub site: Option<SiteId>,
    /// Nothing for anyone's.
    pub with: Option<PractitionerId>,
}

/// Those that are wanted: what is due first comes first, and of what is closed the last.
pub fn due(engine: &Engine, wanted: &Wanted, today: NaiveDate) -> Vec<Line> {
    let found = engine.pick(Entity::Recall, |row| match row {
        Row::Recall(recall)
            if wanted.site.is_none_or(|site| recall.site_id == site)
                && (wanted.with.is_none() || recall.practitioner_id == wanted.with) =>
        {
            Some(recall.clone())
        }
        _ => None,
    });
    let is_wanted = |line: &Line| match wanted.standing {
        Some(standing) => line.standing == standing,
        None => matches!(line.standing, Standing::Overdue | Standing::Soon),
    };
    let mut all: Vec<Line> = (found.into_iter())
        .map(|recall| Line::new(engine, recall, today))
        .filter(is_wanted)
        .collect();
    sort(&mut all);
    all
}

/// A patient's: those that are open, and then the others.
pub fn of_patient(engine: &Engine, id: PatientId, today: NaiveDate) -> Vec<Line> {
    let rows = engine.get(Key::OfPatient(Entity::Recall, id)).into_iter();
    let mut all: Vec<Line> = rows
        .filter_map(|row| match row {
            Row::Recall(recall) => Some(Line::new(engine, recall, today)),
            _ => None,
        })
        .collect();
    sort(&mut all);
    all
}

fn sort(all: &mut [Line]) {
    all.sort_by_key(|line| {
        let closed = line.standing == Standing::Closed;
        let recall = &line.recall;
        let last = closed.then_some(std::cmp::Reverse(recall.closed_at));
        (closed, last, recall.due_on, recall.id)
    });
}
