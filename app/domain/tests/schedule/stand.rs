//! A practice with two sites, two doctors and a room at each, in Chicago's time.

use crate::common::*;
use chrono::{DateTime, Duration, Utc};
use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::practice::{BillingEntity, Device, DeviceKind, Practitioner, Site};
use domain::row::{Entity, Row};
use domain::schedule::*;

pub const NORTH: SiteId = SiteId(uuid::Uuid::from_u128(0x51));
pub const SOUTH: SiteId = SiteId(uuid::Uuid::from_u128(0x52));
pub const OKAFOR: PractitionerId = PractitionerId(uuid::Uuid::from_u128(0xb1));
pub const FERRER: PractitionerId = PractitionerId(uuid::Uuid::from_u128(0xb2));
pub const VISIT: VisitTypeId = VisitTypeId(uuid::Uuid::from_u128(0x71));
pub const ROOM: ResourceId = ResourceId(uuid::Uuid::from_u128(0x81));

/// The offsets of a zone around the years that tests speak of.
pub fn clock(site: SiteId, zone: chrono_tz::Tz, from: &str, until: &str) -> SiteClock {
    use chrono::{Offset, TimeZone};
    let offset = |at: DateTime<Utc>| {
        zone.offset_from_utc_datetime(&at.naive_utc())
            .fix()
            .local_minus_utc()
    };
    SiteClock::observe(site, zone.name(), (at(from), at(until)), offset)
}

/// Seen by everyone, takes half an hour, needs nothing.
pub fn visit() -> VisitType {
    VisitType {
        id: VISIT,
        name: "Visit".into(),
        minutes: 30,
        grid_minutes: 15,
        before_minutes: 0,
        after_minutes: 0,
        capacity: 1,
        resource_kinds: Vec::new(),
        for_whom: ForWhom::Anyone,
        min_age: None,
        max_age: None,
        referral_needed: false,
        price_amount: None,
        color: ColorToken::Teal,
        online: true,
        lead_minutes: 0,
        horizon_days: 365,
        daily_cap: None,
        instructions: None,
        questionnaire_ids: Vec::new(),
        active: true,
    }
}

/// Nine to five, every day.
pub fn week() -> Vec<Block> {
    (1..=7).map(|weekday| hours(weekday, 9 * 60, 17 * 60)).collect()
}

pub fn hours(weekday: u8, from_minute: u16, until_minute: u16) -> Block {
    Block {
        weekday,
        from_minute,
        until_minute,
        visit_type_ids: Vec::new(),
        capacity: None,
        providers_percent: None,
    }
}

pub fn schedule(n: u128, practitioner_id: PractitionerId, site_id: SiteId) -> Schedule {
    Schedule {
        id: ScheduleId(id(n)),
        practitioner_id,
        site_id,
        from_on: day("2026-01-01"),
        until_on: None,
        blocks: week(),
        active: true,
    }
}

/// A world in which Elena can be booked. It is Tuesday, March 10, 2026, ten in the morning.
pub fn clinic() -> (World, PatientId) {
    let mut world = World::new();
    let elena = world.patient();
    let before = std::mem::replace(&mut world.role, Role::Service);
    let billing = BillingEntityId(id(0x50));
    world.give(Command::RecordBillingEntity(BillingEntity {
        id: billing,
        legal_name: "Clinic".into(),
        tin: "000000000".into(),
        npi: "1467560003".into(),
        taxonomy_code: "261QP2300X".into(),
        pay_to_address: None,
    }));
    for (site, name) in [(NORTH, "North"), (SOUTH, "South")] {
        world.give(Command::RecordSite(Site {
            id: site,
            billing_entity_id: billing,
            name: name.into(),
            time_zone: "America/Chicago".into(),
            address: String::new(),
            place_of_service: "11".into(),
        }));
        world.give(Command::SetSiteClock(clock(
            site,
            chrono_tz::America::Chicago,
            "2025-01-01T00:00:00Z",
            "2030-01-01T00:00:00Z",
        )));
    }
    for (practitioner, name) in [(OKAFOR, "Okafor"), (FERRER, "Ferrer")] {
        world.give(Command::RecordPractitioner(Practitioner {
            id: practitioner,
            family_name: name.into(),
            given_name: "A".into(),
            credentials: None,
            npi: None,
            taxonomy_code: None,
            site_ids: vec![NORTH, SOUTH],
            active: true,
        }));
    }
    world.give(Command::DefineResource(Resource {
        id: ROOM,
        site_id: NORTH,
        name: "Room 1".into(),
        kind: "exam_room".into(),
        active: true,
    }));
    world.give(Command::DefineVisitType(visit()));
    for (n, (who, site)) in (0x61..).zip([(OKAFOR, NORTH), (OKAFOR, SOUTH), (FERRER, NORTH)]) {
        world.give(Command::SetSchedule(schedule(n, who, site)));
    }
    for n in [1, 2] {
        world.give(Command::EnrolDevice(Device {
            id: DeviceId(id(n)),
            kind: DeviceKind::Staff,
            label: "Desk".into(),
            site_id: None,
            enrolled_at: world.now,
            revoked_at: None,
        }));
    }
    world.role = before;
    (world, elena)
}

/// A time at North with Dr. Okafor; `start` is on the wall, in March's daylight time.
pub fn place(start: &str) -> Place {
    Place {
        site_id: NORTH,
        practitioner_ids: vec![OKAFOR],
        resource_ids: Vec::new(),
        start_at: wall(start),
        minutes: 30,
        mode: Mode::InPerson,
    }
}

/// "2026-03-11 09:00" in Chicago's daylight time.
pub fn wall(text: &str) -> DateTime<Utc> {
    at(&format!("{}:00Z", text.replace(' ', "T"))) + Duration::hours(5)
}

pub fn book(n: u128, patient_id: PatientId, start: &str) -> BookAppointment {
    BookAppointment {
        appointment_id: AppointmentId(id(n)),
        patient_id,
        visit_type_id: VISIT,
        place: place(start),
        scenario: Scenario::Insurance,
        reason: None,
        referral: None,
        overbook_reason: None,
        hold_minutes: None,
        series_id: None,
    }
}

pub fn appointment(world: &World, n: u128) -> Appointment {
    match world.rows.row(Entity::Appointment, id(n)) {
        Some(Row::Appointment(found)) => found.clone(),
        _ => panic!("no such appointment"),
    }
}

/// What an appointment takes.
pub fn busy(world: &World, n: u128) -> Vec<Busy> {
    let all = world.rows.all(Entity::Busy).cloned().collect::<Vec<_>>();
    crate::rows_of!(all, Busy)
        .into_iter()
        .filter(|busy| busy.appointment_id == AppointmentId(id(n)))
        .collect()
}

/// The code of why a time is refused.
pub fn why(refusal: &domain::decide::Refusal) -> &str {
    refusal.params.get("why").map_or("", String::as_str)
}
