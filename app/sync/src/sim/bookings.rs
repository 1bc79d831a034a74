//! A practice that books: few times that many desks want at once, some of them leased to one desk, while the network is
//! as bad as ever. Whatever happens, nobody is booked twice, and what was promised offline is kept.

use super::made::named;
use super::node::Node;
use super::rng::Rng;
use super::server::Server;
use super::work::{PRACTITIONERS, SITES, name, seen, uuid};
use super::world::World;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::access::may_command;
use domain::command::{Command, CommandName};
use domain::id::*;
use domain::patients::RegisterPatient;
use domain::practice::{BillingEntity, Practitioner, Site};
use domain::row::{Entity, Row};
use domain::schedule::*;
use std::collections::BTreeMap;
use uuid::Uuid;

const VISIT: VisitTypeId = VisitTypeId(Uuid::from_u128(0x71));
/// The first morning that is fought over.
const FIRST: &str = "2026-03-11T08:00:00Z";
/// How many mornings.
const MORNINGS: usize = 6;
/// Half-hours of a morning.
const TIMES: usize = 8;

/// Sites, practitioners who work at all of them, one kind of visit, and some patients.
pub(super) fn settle(server: &mut Server) {
    let billing_entity_id = BillingEntityId(Uuid::from_u128(0xbe));
    server.give(Command::RecordBillingEntity(BillingEntity {
        id: billing_entity_id,
        legal_name: "Clinic".into(),
        tin: "000000000".into(),
        npi: "1467560003".into(),
        taxonomy_code: "261QP2300X".into(),
        pay_to_address: None,
    }));
    server.give(Command::DefineVisitType(VisitType {
        id: VISIT,
        name: "Visit".into(),
        minutes: 30,
        grid_minutes: 30,
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
        online: false,
        lead_minutes: 0,
        horizon_days: 365,
        daily_cap: None,
        instructions: None,
        questionnaire_ids: Vec::new(),
        active: true,
    }));
    for practitioner in PRACTITIONERS {
        server.give(Command::RecordPractitioner(Practitioner {
            id: practitioner,
            family_name: "Someone".into(),
            given_name: String::new(),
            credentials: None,
            npi: None,
            taxonomy_code: None,
            site_ids: SITES.to_vec(),
            active: true,
        }));
    }
    for n in 0..6 {
        server.give(Command::RegisterPatient(RegisterPatient {
            patient: named(PatientId(Uuid::from_u128(0x2000 + n)), &name(n), &name(5)),
            site_id: None,
        }));
    }
    for (n, site) in (0u128..).zip(SITES) {
        server.give(Command::RecordSite(Site {
            id: site,
            billing_entity_id,
            name: "Site".into(),
            time_zone: "Etc/UTC".into(),
            address: String::new(),
            place_of_service: "11".into(),
        }));
        server.give(Command::SetSiteClock(SiteClock {
            id: site,
            zone: "Etc/UTC".into(),
            offset_seconds: 0,
            changes: Vec::new(),
        }));
        for (m, practitioner) in (0u128..).zip(PRACTITIONERS) {
            let block = |weekday| Block {
                weekday,
                from_minute: 0,
                until_minute: 1440,
                visit_type_ids: Vec::new(),
                capacity: None,
                providers_percent: None,
            };
            server.give(Command::SetSchedule(Schedule {
                id: ScheduleId(Uuid::from_u128(0x600 + n * 16 + m)),
                practitioner_id: practitioner,
                site_id: site,
                from_on: NaiveDate::MIN,
                until_on: None,
                blocks: (1..=7).map(block).collect(),
                active: true,
            }));
        }
    }
}

/// Leases half a morning to each desk. Nobody knows it yet.
pub(super) fn lease(server: &mut Server, desks: impl Iterator<Item = DeviceId>) {
    for (n, desk) in desks.enumerate() {
        let id = SlotLeaseId(Uuid::from_u128(0x800 + n as u128));
        let holder = PRACTITIONERS[n % PRACTITIONERS.len()];
        server.give(half_morning(id, holder, desk, half_hour(n / 2 % MORNINGS, 0)));
    }
}

/// One of the half-hours of a morning.
fn half_hour(morning: usize, at: usize) -> DateTime<Utc> {
    let first: DateTime<Utc> = FIRST.parse().expect("an instant");
    first + Duration::days(morning as i64) + Duration::minutes(30 * at as i64)
}

fn time(rng: &Rng, step: usize) -> DateTime<Utc> {
    half_hour(rng.below(MORNINGS), rng.below(TIMES / step) * step)
}

/// Half a morning of one practitioner, for one desk.
fn half_morning(
    id: SlotLeaseId,
    holder: PractitionerId,
    device_id: DeviceId,
    from_at: DateTime<Utc>,
) -> Command {
    Command::LeaseSlots(LeaseSlots {
        lease: SlotLease {
            id,
            holder_id: holder.0,
            device_id,
            from_at,
            until_at: from_at + Duration::minutes(30 * (TIMES / 2) as i64),
            granted: false,
            released: false,
        },
    })
}

/// A time that others want, too.
fn place(rng: &Rng, start_at: DateTime<Utc>, practitioner: PractitionerId) -> Place {
    Place {
        site_id: SITES[rng.below(2)],
        practitioner_ids: vec![practitioner],
        resource_ids: Vec::new(),
        start_at,
        minutes: 30,
        mode: Mode::InPerson,
    }
}

/// Something about appointments that someone may do next on this device; nothing, when it is something else's turn.
pub(super) fn next(node: &Node, rng: &Rng) -> Option<Command> {
    let role = node.person()?.role;
    let may = |name| may_command(role, name);
    let appointments = seen(node, Entity::Appointment);
    let some = || match rng.pick(&appointments) {
        Some(Row::Appointment(found)) => Some(found),
        _ => None,
    };
    use CommandName::*;
    Some(match rng.below(20) {
        0..=7 if may(BookAppointment) => book(node, rng)?,
        8 | 9 if may(MoveAppointment) => {
            let found = some()?;
            Command::MoveAppointment(domain::schedule::MoveAppointment {
                appointment_id: found.id,
                patient_id: found.patient_id,
                visit_type_id: VISIT,
                from_at: found.start_at,
                place: place(rng, time(rng, 1), *rng.pick(&PRACTITIONERS)?),
                overbook_reason: None,
            })
        }
        10 | 11 if may(CancelAppointment) => {
            let found = some()?;
            Command::CancelAppointment(domain::schedule::CancelAppointment {
                appointment_id: found.id,
                patient_id: found.patient_id,
                reason: "No ride".into(),
                by: CancelledBy::Patient,
            })
        }
        12 if may(SetAppointmentState) => {
            let found = some()?;
            Command::SetAppointmentState(domain::schedule::SetAppointmentState {
                from: None,
                appointment_id: found.id,
                patient_id: found.patient_id,
                state: *rng.pick(AppointmentState::ALL)?,
                note: None,
            })
        }
        13 | 14 if may(LeaseSlots) => half_morning(
            SlotLeaseId(uuid(rng)),
            *rng.pick(&PRACTITIONERS)?,
            node.id(),
            time(rng, TIMES / 2),
        ),
        15 if may(ReleaseLease) => Command::ReleaseLease(domain::schedule::ReleaseLease {
            lease_id: own_leases(node).next()?.id,
        }),
        _ => return None,
    })
}

fn own_leases(node: &Node) -> impl Iterator<Item = &SlotLease> {
    let own = node.id();
    seen(node, Entity::SlotLease)
        .into_iter()
        .filter_map(move |row| match row {
            Row::SlotLease(lease) if lease.device_id == own && lease.granted && !lease.released => {
                Some(lease)
            }
            _ => None,
        })
}

/// A booking; where there is a lease, more often than not within it.
fn book(node: &Node, rng: &Rng) -> Option<Command> {
    let patients = seen(node, Entity::Patient);
    let leases: Vec<&SlotLease> = own_leases(node).collect();
    let (start_at, practitioner) = match rng.pick(&leases) {
        Some(lease) if rng.chance(600) => (
            lease.from_at + Duration::minutes(30 * rng.below(TIMES / 2) as i64),
            PractitionerId(lease.holder_id),
        ),
        _ => (time(rng, 1), *rng.pick(&PRACTITIONERS)?),
    };
    Some(Command::BookAppointment(BookAppointment {
        appointment_id: AppointmentId(uuid(rng)),
        patient_id: rng.pick(&patients)?.patient_id()?,
        visit_type_id: VISIT,
        place: place(rng, start_at, practitioner),
        scenario: Scenario::Insurance,
        reason: None,
        referral: None,
        overbook_reason: None,
        hold_minutes: None,
        series_id: None,
    }))
}

/// What a desk was told when it booked: that the time is theirs, or that it is asked for. Nothing for anything else.
pub(super) fn promised(node: &Node, command: &Command) -> Option<bool> {
    let Command::BookAppointment(args) = command else {
        return None;
    };
    match node
        .device
        .overlay
        .row(Entity::Appointment, args.appointment_id.0)
    {
        Some(Row::Appointment(made)) => Some(made.state == AppointmentState::Booked),
        _ => None,
    }
}

/// For a deliberate fault: what a device asked for counts as granted.
pub(super) fn grant_oneself(node: &mut Node, command: &Command) {
    if let Command::LeaseSlots(args) = command {
        node.device.overlay.put(Row::SlotLease(SlotLease {
            granted: true,
            ..args.lease.clone()
        }));
    }
}

impl World {
    /// Nobody is booked twice, and what was promised is kept.
    pub(super) fn check_bookings(&self) {
        let mut taken: BTreeMap<Uuid, Vec<&Busy>> = BTreeMap::new();
        for row in self.server.live.rows.all(Entity::Busy) {
            if let Row::Busy(busy) = row
                && busy.status == BusyStatus::Busy
            {
                taken.entry(busy.holder_id).or_default().push(busy);
            }
        }
        for busy in taken.values_mut() {
            busy.sort_by_key(|busy| busy.from_at);
            for pair in busy.windows(2) {
                assert!(
                    !pair[0].overlaps(pair[1].from_at, pair[1].until_at),
                    "duplicated: {} is booked by {} and by {}",
                    pair[0].holder_id,
                    pair[0].appointment_id,
                    pair[1].appointment_id
                );
            }
        }
        // A restore forgets who had a lease; whoever was shut out speaks for nobody.
        if self.restores > 0 {
            return;
        }
        for acked in self.acked.iter().filter(|acked| acked.promised == Some(true)) {
            if self.server.is_revoked(self.nodes[acked.node].id()) {
                continue;
            }
            let kept = self.server.judgements(acked.id);
            assert!(
                kept.iter().all(|receipt| receipt.status.is_applied()),
                "lost: device {} was promised a time within its lease, and then {:?}",
                acked.node,
                kept.iter().map(|receipt| &receipt.refusal).collect::<Vec<_>>()
            );
        }
    }
}
