//! Standing leases: times that one device is to have every week. The server hands them out as the weeks come.
//!
//! What is handed out is a lease like any other ([`super::lease`]): it ends with its time or when it is given back. A rule
//! only says what is to be handed out next, and takes nothing from anybody. So ending one leaves every lease that was
//! handed out where it is: its device may be offline and book there at this moment, and only a person who knows that may
//! give it back, at that device, or take it as the owner. What a person gave back is not handed out again.

use super::clock::{DAY_MINUTES, SiteClock};
use super::lease::SlotLease;
use super::settings::{invalid, needs};
use super::template::weekday;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::practice::DeviceKind;
use crate::row::{Entity, Key, Row, Rows, View};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Half a year: what is kept longer is somebody's hours, and belongs there.
pub const MOST_WEEKS: u16 = 26;

/// What one device is to have every week of one practitioner's or resource's time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaseRule {
    /// Identity.
    pub id: LeaseRuleId,
    /// The practitioner's or the resource's id.
    pub holder_id: Uuid,
    /// By whose wall.
    pub site_id: SiteId,
    /// Who may book there.
    pub device_id: DeviceId,
    /// ISO 8601: 1 is Monday, 7 is Sunday. Each once, in order.
    pub weekdays: Vec<u8>,
    /// First minute of the day on the wall.
    pub from_minute: u16,
    /// The minute after the last; 1440 is midnight.
    pub until_minute: u16,
    /// So many weeks are handed out, from today on.
    pub weeks_ahead: u16,
    /// Whether anything is still to be handed out.
    pub active: bool,
    /// What the device had given back when the rule was set: it is wanted again. What it gives back later is not. Said
    /// where the rule is decided, whatever was asked.
    #[serde(default)]
    pub again: Vec<SlotLeaseId>,
}

/// Sets, changes or ends what a device is to have every week. Whose time it is, where and on which device, stays: another
/// is a rule of its own.
pub type SetLeaseRule = LeaseRule;

/// From when to when.
type Span = (DateTime<Utc>, DateTime<Utc>);

impl LeaseRule {
    /// The one lease of this rule that begins then: whoever hands it out gives it this id, so that two servers, or one
    /// that begins again, make the same row and not another one.
    pub fn lease_id(&self, from_at: DateTime<Utc>) -> SlotLeaseId {
        let name = format!("lease:{}", from_at.timestamp_micros());
        SlotLeaseId(Uuid::new_v5(&self.id.0, name.as_bytes()))
    }

    /// Whether a lease was handed out by this rule.
    pub fn is_of(&self, lease: &SlotLease) -> bool {
        lease.id == self.lease_id(lease.from_at)
    }

    /// From when to when it counts on a day; nothing on the other days of the week. What is skipped as the clock goes
    /// forward is empty.
    fn span(&self, clock: &SiteClock, day: NaiveDate) -> Option<Span> {
        self.weekdays.contains(&weekday(day)).then(|| {
            (
                clock.at_minute(day, self.from_minute),
                clock.at_minute(day, self.until_minute),
            )
        })
    }

    /// Whether a lease is a reason against handing out its time: the device has it, or had it and gave it back, or
    /// another device has it.
    pub fn is_met_by(&self, lease: &SlotLease) -> bool {
        if lease.holder_id != self.holder_id {
            return false;
        }
        match (lease.device_id == self.device_id, lease.released) {
            (true, false) => true,
            (true, true) => self.is_of(lease) || !self.again.contains(&lease.id),
            (false, released) => lease.granted && !released,
        }
    }

    /// What is to be handed out now, over what is leased of its holder; the earliest first. A day that has begun is
    /// handed out from its beginning, so that whoever looks a moment later means the same lease.
    pub fn due<'a>(
        &self,
        clock: &SiteClock,
        leases: impl IntoIterator<Item = &'a SlotLease>,
        now: DateTime<Utc>,
    ) -> Vec<SlotLease> {
        if !self.active {
            return Vec::new();
        }
        let met = leases.into_iter().filter(|lease| self.is_met_by(lease));
        let met: Vec<Span> = met.map(|lease| (lease.from_at, lease.until_at)).collect();
        let today = clock.day(now);
        let days = (0..7 * u64::from(self.weeks_ahead)).filter_map(|n| today.checked_add_days(Days::new(n)));
        days.filter_map(|day| self.span(clock, day))
            .flat_map(|whole| left(whole, &met))
            .filter(|(_, until)| now < *until)
            .map(|(from_at, until_at)| SlotLease {
                id: self.lease_id(from_at),
                holder_id: self.holder_id,
                device_id: self.device_id,
                from_at,
                until_at,
                granted: false,
                released: false,
            })
            .collect()
    }
}

/// What is left of a span when others are cut out; the earliest first.
fn left(whole: Span, cuts: &[Span]) -> Vec<Span> {
    let mut open = vec![whole];
    for (from, until) in cuts {
        open = open
            .into_iter()
            .flat_map(|(first, last)| [(first, last.min(*from)), (first.max(*until), last)])
            // A cut that does not touch leaves a span whole on one side, and turned around on the other.
            .filter(|(first, last)| first < last)
            .collect();
    }
    open.retain(|(first, last)| first < last);
    open
}

/// What is to be handed out now by every rule, those with the smaller ids first. Over the rules, the clocks of their
/// sites, whose time they are about with everything that is leased of it, and their devices: one that is not among the
/// rows, or was shut out, is handed nothing.
pub fn due(rows: &Rows, now: DateTime<Utc>) -> Vec<SlotLease> {
    let mut due: Vec<SlotLease> = Vec::new();
    for row in rows.all(Entity::LeaseRule) {
        let Row::LeaseRule(rule) = row else { continue };
        let Some(Row::SiteClock(clock)) = rows.row(Entity::SiteClock, rule.site_id.0) else {
            continue;
        };
        let device = rows.row(Entity::Device, rule.device_id.0);
        let is_in = matches!(device, Some(Row::Device(device)) if device.revoked_at.is_none());
        if !is_in || !is_there(rows, rule.holder_id, rule.site_id) {
            continue;
        }
        let known = rows.get(&Key::Of(Entity::SlotLease, rule.holder_id));
        let mut leases: Vec<SlotLease> = known
            .into_iter()
            .filter_map(|row| match row {
                Row::SlotLease(lease) => Some(lease),
                _ => None,
            })
            .collect();
        // What a rule before this one is about to hand out is taken, too.
        leases.extend(due.iter().map(|lease| SlotLease {
            granted: true,
            ..lease.clone()
        }));
        due.extend(rule.due(clock, &leases, now));
    }
    due
}

/// Whether whoever it is sees patients at a site, or is a room or a device there that can be used.
fn is_there(view: &impl View, holder: Uuid, site: SiteId) -> bool {
    let works = match view.one(&Key::Row(Entity::Practitioner, holder)) {
        Some(Row::Practitioner(row)) => row.active && row.site_ids.contains(&site),
        _ => false,
    };
    works
        || match view.one(&Key::Row(Entity::Resource, holder)) {
            Some(Row::Resource(row)) => row.active && row.site_id == site,
            _ => false,
        }
}

/// What setting one looks at.
pub(super) fn reads(rule: &LeaseRule) -> Vec<Key> {
    vec![
        Key::Row(Entity::Site, rule.site_id.0),
        Key::Row(Entity::Device, rule.device_id.0),
        Key::Row(Entity::Practitioner, rule.holder_id),
        Key::Row(Entity::Resource, rule.holder_id),
        Key::Row(Entity::LeaseRule, rule.id.0),
        Key::Of(Entity::SlotLease, rule.holder_id),
    ]
}

/// A rule is for a computer of the staff that is not shut out, about someone or something at the site, on some days from
/// a minute to a later one.
pub(super) fn set(view: &impl View, ctx: &Ctx, args: &LeaseRule) -> Result<Decision, Refusal> {
    let known = match view.one(&Key::Row(Entity::LeaseRule, args.id.0)) {
        Some(Row::LeaseRule(known)) => Some(known),
        _ => None,
    };
    if !args.active {
        // Whatever became of its device and its holder: a rule can always be ended.
        let known = known.ok_or_else(|| Refusal::new(RefusalCode::NotFound).with("what", "rule"))?;
        return Ok(Decision::put(Row::LeaseRule(LeaseRule {
            active: false,
            ..known
        })));
    }
    let mut weekdays = args.weekdays.clone();
    weekdays.sort_unstable();
    weekdays.dedup();
    let other = |differs: fn(&LeaseRule, &LeaseRule) -> bool| {
        known.as_ref().is_some_and(|known| differs(known, args))
    };
    let checks = [
        (
            other(|known, args| known.holder_id != args.holder_id),
            "holder_id",
        ),
        (other(|known, args| known.site_id != args.site_id), "site_id"),
        (
            other(|known, args| known.device_id != args.device_id),
            "device_id",
        ),
        (
            weekdays.is_empty() || weekdays.iter().any(|day| !(1..=7).contains(day)),
            "weekdays",
        ),
        (
            args.from_minute >= args.until_minute || args.until_minute > DAY_MINUTES,
            "until_minute",
        ),
        (!(1..=MOST_WEEKS).contains(&args.weeks_ahead), "weeks_ahead"),
    ];
    if let Some((_, field)) = checks.into_iter().find(|(wrong, _)| *wrong) {
        return Err(invalid(field));
    }
    needs(view, Entity::Site, args.site_id.0, "site")?;
    match needs(view, Entity::Device, args.device_id.0, "device")? {
        Row::Device(device) if device.revoked_at.is_some() => {
            return Err(Refusal::new(RefusalCode::Revoked));
        }
        Row::Device(device) if device.kind == DeviceKind::Staff => {}
        // Nobody books at a kiosk.
        _ => return Err(invalid("device_id")),
    }
    if !is_there(view, args.holder_id, args.site_id) {
        return Err(invalid("holder_id"));
    }
    // What was given back while it was in force stays so, also when it was ended meanwhile.
    let again = match &known {
        Some(known) => known.again.clone(),
        None => given_back(view, ctx, args),
    };
    Ok(Decision::put(Row::LeaseRule(LeaseRule {
        weekdays,
        again,
        ..args.clone()
    })))
}

/// What is still to come of what the device has given back. Not what the rule itself had handed out: there is one lease
/// of a rule that begins then, and that is over.
fn given_back(view: &impl View, ctx: &Ctx, rule: &LeaseRule) -> Vec<SlotLeaseId> {
    let leases = view.get(&Key::Of(Entity::SlotLease, rule.holder_id));
    leases
        .into_iter()
        .filter_map(|row| match row {
            Row::SlotLease(lease)
                if lease.released
                    && lease.device_id == rule.device_id
                    && ctx.now < lease.until_at
                    && !rule.is_of(&lease) =>
            {
                Some(lease.id)
            }
            _ => None,
        })
        .collect()
}
