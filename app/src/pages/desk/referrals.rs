//! A patient's referrals and authorizations, with what each still allows.

use super::when::day;
use crate::pages::desk::booking::visit_type;
use crate::state::Engine;
use chrono::NaiveDate;
use domain::id::{CoverageId, PatientId, VisitTypeId};
use domain::referrals::{Referral, ReferralField, ReferralState};
use domain::row::{Entity, Key, Row};
use domain::schedule::Appointment;
use serde_json::Value;
use std::cmp::Reverse;

/// One of them.
#[derive(Clone, PartialEq)]
pub struct Line {
    /// As it is recorded.
    pub referral: Referral,
    /// How many visits are left; nothing while nobody said how many there may be.
    pub left: Option<u16>,
}

impl Line {
    /// "3 of 6 visits left, until Dec 31, 2026"
    pub fn left_words(&self) -> String {
        let visits = match (self.left, self.referral.visits_allowed) {
            (Some(left), Some(1)) => format!("{left} of 1 visit left"),
            (Some(left), Some(most)) => format!("{left} of {most} visits left"),
            _ => "Any number of visits".to_owned(),
        };
        match self.referral.valid_until {
            Some(last) => format!("{visits}, until {}", day(last)),
            None => visits,
        }
    }

    /// Whether a visit of a kind, or of any, can be booked on it for a day.
    pub fn is_usable(&self, on: NaiveDate, kind: Option<VisitTypeId>) -> bool {
        self.left != Some(0)
            && self.referral.counts_on(on)
            && kind.is_none_or(|kind| self.referral.is_for(kind))
    }

    /// Whether nobody will come on it any more.
    pub fn is_past(&self, today: NaiveDate) -> bool {
        let last = self.referral.valid_until;
        self.referral.state == ReferralState::Ended || last.is_some_and(|last| last < today)
    }
}

/// All of a patient's, the newest first.
pub fn of_patient(engine: &Engine, id: PatientId) -> Vec<Line> {
    let appointment = |row| match row {
        Row::Appointment(one) => Some(one),
        _ => None,
    };
    let visits = engine.get(Key::OfPatient(Entity::Appointment, id)).into_iter();
    let visits: Vec<Appointment> = visits.filter_map(appointment).collect();
    let rows = engine.get(Key::OfPatient(Entity::Referral, id)).into_iter();
    let mut all: Vec<Line> = rows
        .filter_map(|row| match row {
            Row::Referral(referral) => Some(Line {
                left: referral.left(&visits),
                referral,
            }),
            _ => None,
        })
        .collect();
    all.sort_by_key(|line| Reverse((line.referral.valid_from, line.referral.id)));
    all
}

/// How many visits a number still allows; nothing when it is of no referral that counts them.
pub fn left_of(engine: &Engine, id: PatientId, number: &str) -> Option<u16> {
    let named = of_patient(engine, id).into_iter();
    let named =
        named.filter(|line| line.referral.state == ReferralState::Active && line.referral.is_named(number));
    let left: Option<Vec<u16>> = named.map(|line| line.left).collect();
    left?.into_iter().max()
}

/// What an appointment names, with what is left of it where that is known: "R-1180: 3 of 6 visits left".
pub fn said_of(engine: &Engine, appointment: &Appointment) -> Option<String> {
    let number = appointment.referral.clone().filter(|number| !number.is_empty())?;
    let mut all = of_patient(engine, appointment.patient_id);
    all.retain(|line| line.referral.is_named(&number));
    // Of several with one number, the one on whose days the visit is.
    let on = appointment.wall.date();
    let its = all.iter().find(|line| line.referral.counts_on(on));
    Some(match its.or(all.first()) {
        Some(line) => format!("{number}: {}", line.left_words()),
        None => number,
    })
}

/// "Follow-up, Ultrasound"; nothing when it is for any kind of visit.
pub fn kind_words(engine: &Engine, ids: &[VisitTypeId]) -> String {
    let kinds = ids.iter().filter_map(|id| visit_type(engine, *id));
    let names: Vec<String> = kinds.map(|kind| kind.name).collect();
    names.join(", ")
}

/// "Lakeside Health"
pub fn payer_words(engine: &Engine, id: CoverageId) -> Option<String> {
    match engine.get(Key::Row(Entity::Coverage, id.0)).into_iter().next() {
        Some(Row::Coverage(coverage)) => Some(coverage.payer_name),
        _ => None,
    }
}

/// What a field names, in words; nothing when it says what it is by itself.
pub fn named_by(engine: &Engine, field: ReferralField, value: &Value) -> Option<String> {
    match field {
        ReferralField::VisitTypeIds => {
            let ids: Vec<VisitTypeId> = serde_json::from_value(value.clone()).ok()?;
            Some(match ids.is_empty() {
                true => "any kind of visit".to_owned(),
                false => kind_words(engine, &ids),
            })
        }
        ReferralField::CoverageId => payer_words(engine, serde_json::from_value(value.clone()).ok()?),
        _ => None,
    }
}
