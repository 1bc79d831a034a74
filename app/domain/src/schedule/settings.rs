//! Rules for what a practice says about its time: what can be booked, when, where, and what is closed.

use super::clock::{DAY_MINUTES, SiteClock};
use super::lease::SlotLease;
use super::place::{Resource, SiteTravel};
use super::template::{Block, Closure, Schedule, ScheduleOverride};
use super::visit_type::VisitType;
use crate::access::Role;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use crate::validate::Validate;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Sets or corrects what can be booked.
pub type DefineVisitType = VisitType;
/// Sets or corrects a room or a device.
pub type DefineResource = Resource;
/// Sets or corrects a weekly template.
pub type SetSchedule = Schedule;
/// Sets or takes back other hours on some days. What is booked there stays, and is on the list to be reworked.
pub type SetOverride = ScheduleOverride;
/// Closes a site on some days, or takes that back. What is booked there stays, and is on the list to be reworked.
pub type SetClosure = Closure;
/// Sets a site's clock, from the server's table of zones.
pub type SetSiteClock = SiteClock;

/// Sets how long it takes between two sites, both ways.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetTravel {
    /// One.
    pub a: SiteId,
    /// The other.
    pub b: SiteId,
    /// How long.
    pub minutes: u16,
}

/// Asks for a share of someone's time that one device may book while it is offline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaseSlots {
    /// The share; whether it is granted is said by the server.
    pub lease: SlotLease,
}

/// Gives a share back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseLease {
    /// Which.
    pub lease_id: SlotLeaseId,
}

/// The longest lease: a device that is lost keeps no more than this from everyone.
const LONGEST_LEASE: Duration = Duration::days(7);
/// The longest way between two sites.
const LONGEST_WAY: u16 = 12 * 60;

pub(super) fn invalid(field: &str) -> Refusal {
    Refusal::new(RefusalCode::Invalid).with("field", field)
}

pub(super) fn needs(view: &impl View, entity: Entity, id: Uuid, what: &str) -> Result<Row, Refusal> {
    view.one(&Key::Row(entity, id))
        .ok_or_else(|| Refusal::new(RefusalCode::NotFound).with("what", what))
}

/// What can be booked is sound by itself.
pub fn define_visit_type(ctx: &Ctx, row: &VisitType) -> Result<Decision, Refusal> {
    row.faults(ctx.today).into_refusal()?;
    Ok(Decision::put(Row::VisitType(row.clone())))
}

/// A resource is at a site that there is.
pub fn define_resource(view: &impl View, ctx: &Ctx, row: &Resource) -> Result<Decision, Refusal> {
    row.faults(ctx.today).into_refusal()?;
    needs(view, Entity::Site, row.site_id.0, "site")?;
    Ok(Decision::put(Row::Resource(row.clone())))
}

/// A template is of someone who works at a site that there is.
pub fn set_schedule(view: &impl View, row: &Schedule) -> Result<Decision, Refusal> {
    needs(view, Entity::Practitioner, row.practitioner_id.0, "practitioner")?;
    needs(view, Entity::Site, row.site_id.0, "site")?;
    sound(&row.blocks)?;
    if row.until_on.is_some_and(|last| last < row.from_on) {
        return Err(invalid("until_on"));
    }
    Ok(Decision::put(Row::Schedule(row.clone())))
}

/// Other hours are at some site; only a day away may be everywhere.
pub fn set_override(view: &impl View, row: &ScheduleOverride) -> Result<Decision, Refusal> {
    needs(view, Entity::Practitioner, row.practitioner_id.0, "practitioner")?;
    match row.site_id {
        Some(site) => drop(needs(view, Entity::Site, site.0, "site")?),
        None if row.blocks.is_empty() => {}
        None => return Err(invalid("site_id")),
    }
    sound(&row.blocks)?;
    if row.until_on < row.from_on {
        return Err(invalid("until_on"));
    }
    Ok(Decision::put(Row::ScheduleOverride(row.clone())))
}

/// A site that there is is closed from a minute to a later one.
pub fn set_closure(view: &impl View, row: &Closure) -> Result<Decision, Refusal> {
    needs(view, Entity::Site, row.site_id.0, "site")?;
    if row.until_on < row.from_on {
        return Err(invalid("until_on"));
    }
    if row.from_minute >= row.until_minute || row.until_minute > DAY_MINUTES {
        return Err(invalid("until_minute"));
    }
    Ok(Decision::put(Row::Closure(row.clone())))
}

fn sound(blocks: &[Block]) -> Result<(), Refusal> {
    match blocks.iter().all(Block::is_sound) {
        true => Ok(()),
        false => Err(invalid("blocks")),
    }
}

/// Both ends of a way say the same.
pub fn set_travel(view: &impl View, args: &SetTravel) -> Result<Decision, Refusal> {
    if args.a == args.b || args.minutes > LONGEST_WAY {
        return Err(invalid("minutes"));
    }
    let of = |from: SiteId, to: SiteId| -> Result<Row, Refusal> {
        needs(view, Entity::Site, from.0, "site")?;
        let known = match view.one(&Key::Row(Entity::SiteTravel, from.0)) {
            Some(Row::SiteTravel(known)) => known,
            _ => SiteTravel::new(from),
        };
        Ok(Row::SiteTravel(known.with(to, args.minutes)))
    };
    Ok(Decision::facts(vec![of(args.a, args.b)?, of(args.b, args.a)?]))
}

/// A clock runs forwards, and no zone is further from Greenwich than its neighbours' day.
pub fn set_site_clock(view: &impl View, row: &SiteClock) -> Result<Decision, Refusal> {
    needs(view, Entity::Site, row.id.0, "site")?;
    let offsets = row.changes.iter().map(|change| change.offset_seconds);
    let near = |offset: i32| offset.unsigned_abs() <= 18 * 3600;
    let mut all = offsets.chain([row.offset_seconds]);
    let forwards = row.changes.is_sorted_by(|one, next| one.from_at < next.from_at);
    if !all.all(near) || !forwards {
        return Err(invalid("changes"));
    }
    Ok(Decision::put(Row::SiteClock(row.clone())))
}

/// A lease is of time that nobody else has leased; the server grants it, a device only asks.
pub fn lease_slots(view: &impl View, ctx: &Ctx, args: &LeaseSlots) -> Result<Decision, Refusal> {
    let asked = &args.lease;
    if asked.from_at >= asked.until_at || asked.until_at - asked.from_at > LONGEST_LEASE {
        return Err(invalid("until_at"));
    }
    needs(view, Entity::Device, asked.device_id.0, "device")?;
    // Of whichever holder: a lease is never written over.
    if view.one(&Key::Row(Entity::SlotLease, asked.id.0)).is_some() {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "lease"));
    }
    for row in view.get(&Key::Of(Entity::SlotLease, asked.holder_id)) {
        let Row::SlotLease(other) = row else { continue };
        if other.device_id != asked.device_id && other.keeps(asked.from_at, asked.until_at) {
            return Err(Refusal::new(RefusalCode::CannotBook)
                .with("why", super::findings::Finding::LeasedElsewhere.name()));
        }
    }
    Ok(Decision::put(Row::SlotLease(SlotLease {
        granted: ctx.is_server(),
        released: false,
        ..asked.clone()
    })))
}

/// Given back by the device that has it, after everything that it booked there; or taken back by the owner.
pub fn release_lease(view: &impl View, ctx: &Ctx, args: &ReleaseLease) -> Result<Decision, Refusal> {
    let Row::SlotLease(lease) = needs(view, Entity::SlotLease, args.lease_id.0, "lease")? else {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "lease"));
    };
    if lease.device_id != ctx.device_id && !matches!(ctx.role, Role::Owner | Role::Service) {
        return Err(Refusal::new(RefusalCode::NotAllowed).with("role", ctx.role.name()));
    }
    Ok(Decision::put(Row::SlotLease(SlotLease {
        released: true,
        ..lease
    })))
}
