//! Where in the house a patient is: the rooms of a visit that has begun, which are seldom those that were booked.

use super::appointment::Appointment;
use super::busy::{Busy, BusyStatus, HolderKind};
use super::flow::appointment;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

/// Says in which rooms a patient is, or is taken to. What is in the way is not: whoever says it stands in front of it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PutInRoom {
    /// Which visit.
    pub appointment_id: AppointmentId,
    /// Whose.
    pub patient_id: PatientId,
    /// When it begins, so that what else the rooms are taken for can be read beside.
    pub start_at: DateTime<Utc>,
    /// All of its rooms and devices from now on; none when they wait outside.
    pub resource_ids: Vec<ResourceId>,
}
crate::redacted_debug!(PutInRoom);

/// Nobody is in more rooms than this.
const MOST: usize = 6;

impl PutInRoom {
    /// What it looks at.
    pub fn reads(&self) -> Vec<Key> {
        let mut keys = super::flow::flow_reads(self.appointment_id);
        let day = self.start_at.date_naive().num_days_from_ce();
        for room in &self.resource_ids {
            keys.push(Key::Row(Entity::Resource, room.0));
            keys.extend((day.saturating_sub(1)..=day.saturating_add(1)).map(|day| Key::Agenda(room.0, day)));
        }
        keys
    }
}

/// Takes the rooms, and gives back those that they are not in.
pub fn put_in_room(view: &impl View, ctx: &Ctx, args: &PutInRoom) -> Result<Decision, Refusal> {
    let known = appointment(view, args.appointment_id, args.patient_id)?;
    let mut wanted = args.resource_ids.clone();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() != args.resource_ids.len() || wanted.len() > MOST || known.start_at != args.start_at {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "resource_ids"));
    }
    // Before they come, the rooms are part of what was agreed, and moved with it; afterwards nobody is anywhere.
    if super::board::Lane::of(known.state).is_none() {
        return Err(Refusal::new(RefusalCode::IllegalStep)
            .with("from", known.state.name())
            .with("to", "arrived"));
    }
    for room in &wanted {
        match view.one(&Key::Row(Entity::Resource, room.0)) {
            Some(Row::Resource(room)) if room.active && room.site_id == known.site_id => {}
            _ => return Err(Refusal::new(RefusalCode::NotFound).with("what", "room")),
        }
    }
    let rows = view.get(&Key::Of(Entity::Busy, known.id.0));
    let taken = || {
        rows.iter().filter_map(|row| match row {
            Row::Busy(busy) => Some(busy),
            _ => None,
        })
    };
    let mut facts: Vec<Row> = taken()
        .filter(|busy| busy.holder == HolderKind::Resource && busy.status != BusyStatus::Free)
        .filter(|busy| !wanted.iter().any(|room| room.0 == busy.holder_id))
        .map(|busy| {
            Row::Busy(Busy {
                status: BusyStatus::Free,
                expires_at: None,
                ..busy.clone()
            })
        })
        .collect();
    // The practitioner's time is the visit's.
    if let Some(visit) = taken().find(|busy| busy.holder == HolderKind::Practitioner) {
        let new = wanted.iter().filter(|room| !known.resource_ids.contains(room));
        facts.extend(new.map(|room| Row::Busy(in_room(view, ctx, visit, *room))));
    }
    facts.push(Row::Appointment(Appointment {
        resource_ids: args.resource_ids.clone(),
        ..known
    }));
    Ok(Decision::facts(facts))
}

fn in_room(view: &impl View, ctx: &Ctx, visit: &Busy, room: ResourceId) -> Busy {
    let day = visit.from_at.date_naive().num_days_from_ce();
    let other = |row: &Row| {
        matches!(row, Row::Busy(busy) if busy.appointment_id != visit.appointment_id
            && busy.holder_id == room.0
            && busy.counts(ctx.now)
            && busy.overlaps(visit.from_at, visit.until_at))
    };
    let beside = (day.saturating_sub(1)..=day.saturating_add(1))
        .any(|day| view.get(&Key::Agenda(room.0, day)).iter().any(other));
    Busy {
        id: Busy::id_of(visit.appointment_id, room.0),
        holder: HolderKind::Resource,
        holder_id: room.0,
        capacity: 1,
        lane: None,
        status: if beside {
            BusyStatus::Overbooked
        } else {
            BusyStatus::Busy
        },
        expires_at: None,
        ..visit.clone()
    }
}
