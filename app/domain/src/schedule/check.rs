//! Everything that is checked when a time is booked, on the device before and on the server again.

use super::appointment::{Appointment, Mode, Place, Scenario};
use super::book::{Ask, Book};
use super::busy::HolderKind;
use super::findings::{Finding, Weight};
use super::slots::is_free;
use super::visit_type::{ForWhom, VisitType};
use crate::coverage::{Coverage, first_on};
use crate::id::*;
use crate::patients::{IdentityStatus, Patient};
use crate::referrals::{self, Referral};
use chrono::{DateTime, Duration, Months, NaiveDate, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Someone who was not seen for so long is new again (CPT, "new patient").
const NEW_AFTER: Months = Months::new(36);

/// A time for a patient.
pub struct Request<'a> {
    /// The booking's identity: its own time is not in the way.
    pub appointment_id: AppointmentId,
    /// Whom.
    pub patient: &'a Patient,
    /// What else the patient has, and had.
    pub appointments: &'a [Appointment],
    /// For what.
    pub visit_type: &'a VisitType,
    /// When, where, with whom.
    pub place: &'a Place,
    /// Who is to pay.
    pub scenario: Scenario,
    /// The patient's coverages, for who that is.
    pub coverages: &'a [Coverage],
    /// Number of the referral or authorization.
    pub referral: Option<&'a str>,
    /// The patient's referrals, for what that one still allows.
    pub referrals: &'a [Referral],
    /// Who asks.
    pub device_id: DeviceId,
    /// Now, for how long before visits are booked.
    pub now: DateTime<Utc>,
}

/// What one practitioner or resource would be taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Seat {
    /// What kind.
    pub holder: HolderKind,
    /// Its id.
    pub holder_id: Uuid,
    /// How many at once.
    pub capacity: u16,
    /// Which of several places; nothing for all.
    pub lane: Option<u16>,
    /// Whether there was one.
    pub free: bool,
}

/// What came of checking.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// What speaks against it.
    pub findings: BTreeSet<Finding>,
    /// What it would take.
    pub seats: Vec<Seat>,
    /// Whether all of it is leased to the device that asks: then it is final there and then.
    pub leased: bool,
    /// The day at the site; nothing when its clock is not known.
    pub on: Option<NaiveDate>,
}

impl Checked {
    /// The worst that was found.
    pub fn weight(&self) -> Option<Weight> {
        self.findings.iter().map(|finding| finding.weight()).max()
    }

    /// The first finding of a weight.
    pub fn first(&self, weight: Weight) -> Option<Finding> {
        (self.findings.iter().copied()).find(|finding| finding.weight() == weight)
    }
}

/// Checks a time.
pub fn check(book: &Book<'_>, request: &Request<'_>) -> Checked {
    let Request {
        visit_type, place, ..
    } = request;
    let ask = Ask {
        appointment_id: Some(request.appointment_id),
        visit_type,
        site_id: place.site_id,
        start_at: place.start_at,
        end_at: place.end_at(),
        video: place.mode == Mode::Video,
        device_id: Some(request.device_id),
    };
    let mut checked = Checked {
        findings: BTreeSet::new(),
        seats: Vec::new(),
        leased: true,
        on: book
            .clocks
            .get(&place.site_id)
            .map(|clock| clock.day(place.start_at)),
    };
    if !visit_type.active || checked.on.is_none() {
        checked.findings.insert(Finding::NotOffered);
    }
    for practitioner in &place.practitioner_ids {
        with_practitioner(book, &ask, *practitioner, &mut checked);
    }
    with_resources(book, &ask, &place.resource_ids, &mut checked);
    checked.leased = checked.leased
        && (checked.seats.iter()).all(|seat| book.may_promise(seat.holder_id, ask.span(), request.device_id));
    if let Some(on) = checked.on {
        with_patient(request, on, &mut checked.findings);
        with_terms(book, request, on, &mut checked.findings);
        with_referral(request, on, &mut checked.findings);
    }
    let lead = Duration::minutes(i64::from(visit_type.lead_minutes));
    if place.start_at < request.now + lead {
        checked.findings.insert(Finding::TooSoon);
    }
    if place.start_at > request.now + Duration::days(i64::from(visit_type.horizon_days)) {
        checked.findings.insert(Finding::TooLate);
    }
    checked
}

fn with_practitioner(book: &Book<'_>, ask: &Ask<'_>, practitioner: PractitionerId, checked: &mut Checked) {
    let known = book.practitioners.get(&practitioner);
    if !known.is_some_and(|row| row.active && (ask.video || row.site_ids.contains(&ask.site_id))) {
        checked.findings.insert(Finding::NotOffered);
    }
    let day = checked.on.and_then(|on| book.day(practitioner, ask.site_id, on));
    let Some(day) = day else {
        return;
    };
    let findings = &mut checked.findings;
    let (capacity, lane) = book.practitioner(practitioner, &day, ask, |finding| {
        findings.insert(finding);
    });
    checked.seats.push(Seat {
        holder: HolderKind::Practitioner,
        holder_id: practitioner.0,
        capacity,
        lane: lane.flatten(),
        free: lane.is_some(),
    });
}

fn with_resources(book: &Book<'_>, ask: &Ask<'_>, resources: &[ResourceId], checked: &mut Checked) {
    let here = book.resources.get(&ask.site_id).map_or(&[][..], Vec::as_slice);
    let mut kinds: Vec<&str> = Vec::new();
    for id in resources {
        match here.iter().find(|room| room.id == *id && room.active) {
            Some(room) => kinds.push(&room.kind),
            None => drop(checked.findings.insert(Finding::NotOffered)),
        }
        if book.leased_elsewhere(id.0, ask.span(), ask.device_id) {
            checked.findings.insert(Finding::LeasedElsewhere);
        } else if !is_free(book, id.0, ask) {
            checked.findings.insert(Finding::ResourceTaken);
        }
        checked.seats.push(Seat {
            holder: HolderKind::Resource,
            holder_id: id.0,
            capacity: 1,
            lane: None,
            free: true,
        });
    }
    for kind in ask.visit_type.resource_kinds.iter().filter(|_| !ask.video) {
        match kinds.iter().position(|given| given == kind) {
            Some(at) => drop(kinds.swap_remove(at)),
            None => drop(checked.findings.insert(Finding::ResourceMissing)),
        }
    }
}

fn with_patient(request: &Request<'_>, on: NaiveDate, findings: &mut BTreeSet<Finding>) {
    let Request {
        patient,
        visit_type,
        place,
        ..
    } = request;
    if patient.deceased_on.is_some() {
        findings.insert(Finding::Deceased);
    }
    let age = on.years_since(patient.birth_on);
    if !age.is_some_and(|years| visit_type.takes_age(years)) {
        findings.insert(Finding::WrongAge);
    }
    if visit_type.referral_needed && request.referral.is_none_or(|number| number.trim().is_empty()) {
        findings.insert(Finding::ReferralMissing);
    }
    let others = || (request.appointments.iter()).filter(|other| other.id != request.appointment_id);
    let at_once = |other: &Appointment| other.start_at < place.end_at() && place.start_at < other.end_at;
    if others().any(|other| other.state.takes_time() && at_once(other)) {
        findings.insert(Finding::PatientTaken);
    }
    let seen = was_seen(request.appointments, Some(request.appointment_id), place.start_at);
    let surprising = match visit_type.for_whom {
        ForWhom::Anyone => false,
        ForWhom::New => seen,
        ForWhom::Established => !seen,
    };
    if surprising {
        findings.insert(Finding::SeenBefore);
    }
}

/// Whether a patient was seen within three years before a time, other than by one appointment.
pub fn was_seen(appointments: &[Appointment], but: Option<AppointmentId>, at: DateTime<Utc>) -> bool {
    let since = at.checked_sub_months(NEW_AFTER).unwrap_or(at);
    let seen = |one: &Appointment| one.state.has_come() && (since..at).contains(&one.start_at);
    (appointments.iter()).any(|one| Some(one.id) != but && seen(one))
}

/// What the referral says that is named, when it was recorded.
fn with_referral(request: &Request<'_>, on: NaiveDate, findings: &mut BTreeSet<Finding>) {
    let visit = request.referral.map(|number| referrals::Visit {
        number,
        appointment_id: request.appointment_id,
        visit_type_id: request.visit_type.id,
        on,
    });
    if let Some(visit) = visit {
        findings.extend(referrals::against(request.referrals, request.appointments, visit));
    }
}

/// What the terms of those who would see the patient say.
fn with_terms(book: &Book<'_>, request: &Request<'_>, on: NaiveDate, findings: &mut BTreeSet<Finding>) {
    let place = request.place;
    let payer = (request.scenario == Scenario::Insurance)
        .then(|| first_on(request.coverages, on))
        .flatten();
    for terms in place.practitioner_ids.iter().filter_map(|id| book.terms.get(id)) {
        let own = Some(request.appointment_id);
        // Whoever came over from another system was a patient there, and their visits stayed behind.
        let known = request.patient.identity == IdentityStatus::Imported
            || was_seen(request.appointments, own, place.start_at);
        if !terms.accepts_new && !known {
            findings.insert(Finding::NoNewPatients);
        }
        if payer.is_some_and(|coverage| !terms.may_bill(coverage, place.site_id, on)) {
            findings.insert(Finding::NotEnrolled);
        }
    }
}
