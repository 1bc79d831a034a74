//! Where in the house a patient is: the rooms of a visit that has begun, which are seldom those that were booked.

use super::appointment::Appointment;
use super::busy::{Busy, BusyStatus, HolderKind};
use super::flow::appointment;
use super::take::{days, free, taken_by};
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use chrono::{DateTime, Utc};
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
        for room in &self.resource_ids {
            keys.push(Key::Row(Entity::Resource, room.0));
            keys.extend(days(self.start_at).map(|day| Key::Agenda(room.0, day)));
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
    let gone = |row: &Row| {
        matches!(row, Row::Busy(busy) if busy.holder == HolderKind::Resource
            && !wanted.iter().any(|room| room.0 == busy.holder_id))
    };
    let mut facts: Vec<Row> = free(view, ctx, known.id).into_iter().filter(gone).collect();
    // The practitioner's time is the visit's.
    let visit = taken_by(view, known.id).find(|busy| busy.holder == HolderKind::Practitioner);
    if let Some(visit) = visit {
        let new = wanted.iter().filter(|room| !known.resource_ids.contains(room));
        facts.extend(new.map(|room| Row::Busy(in_room(view, ctx, &visit, *room))));
    }
    facts.push(Row::Appointment(Appointment {
        resource_ids: args.resource_ids.clone(),
        ..known
    }));
    Ok(Decision::facts(facts))
}

fn in_room(view: &impl View, ctx: &Ctx, visit: &Busy, room: ResourceId) -> Busy {
    let other = |row: &Row| {
        matches!(row, Row::Busy(busy) if busy.appointment_id != visit.appointment_id
            && busy.holder_id == room.0
            && busy.counts(ctx.now)
            && busy.overlaps(visit.from_at, visit.until_at))
    };
    let beside = days(visit.start_at).any(|day| view.get(&Key::Agenda(room.0, day)).iter().any(other));
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
