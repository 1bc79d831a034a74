//! Moving a booking: carried by pointer or keyboard, looked at, entered, and taken back.

use super::columns::{Column, Holder, Item};
use super::grid::go_to;
use super::state::{Calendar, Spot};
use crate::pages::desk::booking::{clock_words, findings, visit_type, with_rooms};
use crate::state::Engine;
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::id::{AppointmentId, SeriesId};
use domain::row::{Entity, Key, Row};
use domain::schedule::appointment::of_series;
use domain::schedule::findings::Weight;
use domain::schedule::{
    Appointment, AppointmentState, BookAppointment, ChangeSeries, ConfirmAppointment, Finding,
    MoveAppointment, Place, SeriesScope,
};
use leptos::prelude::*;

/// What is carried, and where it would lie.
#[derive(Clone, PartialEq)]
pub struct Moving {
    /// Which.
    pub id: AppointmentId,
    /// What its card says.
    pub name: String,
    /// How long.
    pub minutes: u16,
    /// Where it was taken up.
    pub from: Spot,
    /// Where it would be put down.
    pub to: Spot,
}

/// A move as it would be entered.
#[derive(Clone, PartialEq)]
pub struct Proposal {
    /// As it stands.
    pub appointment: Appointment,
    /// What its card says.
    pub name: String,
    /// Where it would lie.
    pub place: Place,
    /// "Tue Nov 24, 10:30 AM, Dr. Amara Okafor"
    pub words: String,
    /// What speaks against it.
    pub found: Vec<Finding>,
    /// Those of its series that could move with it, itself among them.
    pub series: usize,
}

impl Moving {
    /// Takes one up.
    pub fn begin(item: &Item, column: &str) -> Moving {
        let from = Spot {
            column: column.to_owned(),
            minute: item.from,
        };
        Moving {
            id: item.visit.appointment.id,
            name: item.visit.short.clone(),
            minutes: item.minutes,
            to: from.clone(),
            from,
        }
    }
}

/// An appointment as this device has it.
pub fn appointment(engine: &Engine, id: AppointmentId) -> Option<Appointment> {
    match engine.get(Key::Row(Entity::Appointment, id.0)).into_iter().next() {
        Some(Row::Appointment(row)) => Some(row),
        _ => None,
    }
}

/// Where an appointment lies.
pub fn place_of(appointment: &Appointment) -> Place {
    Place {
        site_id: appointment.site_id,
        practitioner_ids: appointment.practitioner_ids.clone(),
        resource_ids: appointment.resource_ids.clone(),
        start_at: appointment.start_at,
        minutes: u16::try_from((appointment.end_at - appointment.start_at).num_minutes()).unwrap_or(15),
        mode: appointment.mode,
    }
}

/// The same booking at another place, for asking what speaks against it.
fn as_booking(appointment: &Appointment, place: Place) -> BookAppointment {
    BookAppointment {
        appointment_id: appointment.id,
        patient_id: appointment.patient_id,
        visit_type_id: appointment.visit_type_id,
        place,
        scenario: appointment.scenario,
        reason: appointment.reason.clone(),
        referral: appointment.referral.clone(),
        overbook_reason: None,
        hold_minutes: None,
        series_id: appointment.series_id,
    }
}

/// What speaks against an appointment at a place.
pub fn against(engine: &Engine, appointment: &Appointment, place: &Place) -> Vec<Finding> {
    findings(engine, &as_booking(appointment, place.clone()))
}

/// Those of its series that are still to come, with it.
pub fn series(engine: &Engine, this: &Appointment, scope: SeriesScope) -> Vec<Appointment> {
    if this.series_id.is_none() {
        return vec![this.clone()];
    }
    let all: Vec<Appointment> = (engine
        .get(Key::OfPatient(Entity::Appointment, this.patient_id))
        .into_iter())
    .filter_map(|row| match row {
        Row::Appointment(row) => Some(row),
        _ => None,
    })
    .collect();
    of_series(&all, this, scope).into_iter().cloned().collect()
}

/// Puts the holder of one column in the place of another's.
fn exchange<T: Copy + PartialEq>(all: &mut Vec<T>, from: Option<T>, to: T) {
    match from.and_then(|from| all.iter().position(|one| *one == from)) {
        Some(at) => {
            if let Some(one) = all.get_mut(at) {
                *one = to;
            }
        }
        None => all.insert(0, to),
    }
    let mut seen = Vec::new();
    all.retain(|one| {
        !seen.contains(one) && {
            seen.push(*one);
            true
        }
    });
}

impl Calendar {
    /// Takes up the booking that is open or has the focus.
    pub fn take_up(self, id: AppointmentId) -> bool {
        let found = self.grid.with_untracked(|grid| {
            let spot = self.spot.get_untracked();
            let holds = |column: &&Column| column.items.iter().any(|item| item.visit.appointment.id == id);
            let focused = grid
                .columns
                .iter()
                .filter(|column| spot.as_ref().is_some_and(|spot| spot.column == column.key));
            let column = focused.chain(&grid.columns).find(holds)?;
            let item = column.items.iter().find(|item| item.visit.appointment.id == id)?;
            item.visit
                .appointment
                .state
                .may_move()
                .then(|| Moving::begin(item, &column.key))
        });
        let Some(moving) = found else {
            return false;
        };
        self.moving.set(Some(moving));
        self.focus_soon("calendar".to_owned());
        true
    }

    /// Puts down what is carried: entered at once when nothing speaks against it, else looked at first.
    pub fn drop_it(self) {
        let Some(moving) = self.moving.get_untracked() else {
            return;
        };
        self.moving.set(None);
        if moving.to == moving.from {
            go_to(self, moving.from);
            return;
        }
        let Some(proposal) = self.propose(&moving) else {
            self.desk.say("It cannot be moved there.");
            return;
        };
        let needs_a_look =
            proposal.series > 1 || proposal.found.iter().any(|one| one.weight() > Weight::Warns);
        if needs_a_look {
            self.asked.set(Some(proposal));
        } else {
            self.enter(proposal, SeriesScope::This, None);
        }
    }

    fn propose(self, moving: &Moving) -> Option<Proposal> {
        let engine = self.desk.engine();
        let appointment = appointment(&engine, moving.id)?;
        let kind = visit_type(&engine, appointment.visit_type_id)?;
        let (from, to) = self.grid.with_untracked(|grid| {
            let find = |key: &str| grid.columns.iter().find(|column| column.key == key).cloned();
            Some((find(&moving.from.column)?, find(&moving.to.column)?))
        })?;
        let mut place = place_of(&appointment);
        place.site_id = to.site;
        place.start_at = self.instant(to.site, to.on, moving.to.minute)?;
        match (from.holder, to.holder) {
            (Holder::Practitioner(before), Holder::Practitioner(after)) => {
                exchange(&mut place.practitioner_ids, Some(before), after);
                place = with_rooms(&engine, &kind, place, Some(appointment.id));
            }
            (Holder::Room(before), Holder::Room(after)) => {
                exchange(&mut place.resource_ids, Some(before), after);
            }
            _ => place = with_rooms(&engine, &kind, place, Some(appointment.id)),
        }
        let found = against(&engine, &appointment, &place);
        Some(Proposal {
            words: format!(
                "{}, {}, {}",
                to.on.format("%a %b %-d"),
                clock_words(moving.to.minute),
                to.title
            ),
            name: moving.name.clone(),
            series: series(&engine, &appointment, SeriesScope::All).len(),
            appointment,
            place,
            found,
        })
    }

    /// Enters a move, and offers to take it back.
    pub fn enter(self, proposal: Proposal, scope: SeriesScope, why: Option<String>) {
        let engine = self.desk.engine();
        let this = proposal.appointment.clone();
        let all = series(&engine, &this, scope);
        let moves: Vec<(Appointment, MoveAppointment)> = (all.iter())
            .filter_map(|one| self.one_move(&engine, one, &proposal, why.clone()))
            .collect();
        let back: Vec<(MoveAppointment, bool)> = moves
            .iter()
            .map(|(before, there)| {
                (
                    back(before, there.place.start_at),
                    before.state == AppointmentState::Confirmed,
                )
            })
            .collect();
        let moves = moves.into_iter().map(|(_, there)| there).collect();
        let text = format!("{}: moved to {}", proposal.name, proposal.words);
        self.send(
            this.series_id.filter(|_| all.len() > 1),
            moves,
            text.clone(),
            move || {
                let (name, back) = (proposal.name.clone(), back.clone());
                self.done(text.clone(), move || {
                    self.bring_back(this.series_id, name.clone(), back.clone())
                });
            },
        );
    }

    /// One move of several: the others go as far as the one that was carried, by the clock on the wall.
    fn one_move(
        self,
        engine: &Engine,
        one: &Appointment,
        proposal: &Proposal,
        overbook_reason: Option<String>,
    ) -> Option<(Appointment, MoveAppointment)> {
        let this = &proposal.appointment;
        let mut place = proposal.place.clone();
        if one.id != this.id {
            let clock = crate::pages::desk::booking::clock(engine, place.site_id)?;
            let far = clock.local(place.start_at) - this.wall;
            place.start_at = clock.instant(one.wall + far);
            place.minutes = place_of(one).minutes;
            place = with_rooms(
                engine,
                &visit_type(engine, one.visit_type_id)?,
                place,
                Some(one.id),
            );
        }
        let there = MoveAppointment {
            appointment_id: one.id,
            patient_id: one.patient_id,
            visit_type_id: one.visit_type_id,
            from_at: one.start_at,
            place,
            overbook_reason,
        };
        Some((one.clone(), there))
    }

    fn send(
        self,
        of_series: Option<SeriesId>,
        moves: Vec<MoveAppointment>,
        what: String,
        after: impl FnOnce() + 'static,
    ) {
        let Some(first) = moves.first() else { return };
        let patient_id = first.patient_id;
        let spot = self.spot.get_untracked();
        let command = match of_series.filter(|_| moves.len() > 1) {
            Some(series_id) => Command::ChangeSeries(ChangeSeries {
                series_id,
                patient_id,
                moves,
                cancels: Vec::new(),
            }),
            None => Command::MoveAppointment(first.clone()),
        };
        self.desk.submit(what, command, move |done| match done {
            Ok(_) => {
                after();
                if let Some(spot) = spot {
                    go_to(self, spot);
                }
            }
            Err(why) => self.desk.say(why),
        });
    }

    fn bring_back(self, of_series: Option<SeriesId>, name: String, back: Vec<(MoveAppointment, bool)>) {
        // Whoever had said that they come to that time had said so.
        let confirmed: Vec<ConfirmAppointment> = (back.iter())
            .filter(|(_, confirmed)| *confirmed)
            .map(|(there, _)| ConfirmAppointment {
                appointment_id: there.appointment_id,
                patient_id: there.patient_id,
            })
            .collect();
        let moves = back.into_iter().map(|(there, _)| there).collect();
        self.send(of_series, moves, format!("{name}: moved back"), move || {
            for one in confirmed {
                self.desk
                    .enter(format!("{name}: confirmed"), Command::ConfirmAppointment(one));
            }
        });
    }
}

/// The way back of a move.
fn back(before: &Appointment, now_at: DateTime<Utc>) -> MoveAppointment {
    MoveAppointment {
        appointment_id: before.id,
        patient_id: before.patient_id,
        visit_type_id: before.visit_type_id,
        from_at: now_at,
        place: place_of(before),
        overbook_reason: before.overbook_reason.clone(),
    }
}
