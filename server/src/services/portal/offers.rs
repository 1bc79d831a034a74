//! What can be booked without anybody at the practice looking: the kinds of visit that are offered for it, and their open
//! times. Computed from what the practice set and what is taken, at this moment; taking one is decided again.

use super::{Portal, Visitor};
use crate::error::Result;
use crate::keys::OsRandomness;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use db::{PATIENTS, service_device};
use domain::command::Command;
use domain::coverage::{Coverage, first_on};
use domain::decide::{Refusal, RefusalCode};
use domain::id::*;
use domain::patients::Patient;
use domain::practice::{Practitioner, Site};
use domain::referrals::{self, Referral};
use domain::row::{Entity, Key, Row, Rows};
use domain::schedule::book::Book;
use domain::schedule::check::was_seen;
use domain::schedule::slots::{OpenSlot, Search, open_slots};
use domain::schedule::{
    Appointment, BookAppointment, ForWhom, Mode, MoveAppointment, Place, Scenario, SiteClock, VisitType,
};
use std::collections::BTreeSet;

/// So many days are shown at once.
pub const DAYS: u64 = 7;

/// What open times are computed from, besides what is taken.
const SETTINGS: [Entity; 11] = [
    Entity::VisitType,
    Entity::Practitioner,
    Entity::PractitionerTerms,
    Entity::Site,
    Entity::SiteClock,
    Entity::SiteTravel,
    Entity::Resource,
    Entity::Schedule,
    Entity::ScheduleOverride,
    Entity::Closure,
    Entity::SlotLease,
];

/// What a practice set about its time.
pub struct Settings {
    rows: Rows,
}

/// What somebody looks for.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// For whom.
    pub patient: PatientId,
    /// For what.
    pub kind: VisitTypeId,
    /// Where; nothing for anywhere.
    pub site: Option<SiteId>,
    /// With whom; nothing for anyone.
    pub with: Option<PractitionerId>,
    /// The first day.
    pub from: NaiveDate,
    /// The visit that is to be moved.
    pub moving: Option<AppointmentId>,
    /// On a screen.
    pub video: bool,
}

impl Settings {
    /// Kinds of visit that this patient may book, by name.
    pub fn kinds(&self, patient: &Patient, theirs: &[Appointment], now: DateTime<Utc>) -> Vec<&VisitType> {
        let seen = was_seen(theirs, None, now);
        let fits = |kind: &&VisitType| {
            kind.active
                && kind.online
                // A number of a referral is for the desk to see.
                && !kind.referral_needed
                && kind.takes_age(patient.age_on(now.date_naive()))
                && match kind.for_whom {
                    ForWhom::Anyone => true,
                    ForWhom::New => !seen,
                    ForWhom::Established => seen,
                }
        };
        let mut kinds: Vec<&VisitType> = self.visit_types().filter(fits).collect();
        kinds.sort_by(|a, b| a.name.cmp(&b.name));
        kinds
    }

    fn visit_types(&self) -> impl Iterator<Item = &VisitType> {
        self.rows.all(Entity::VisitType).filter_map(|row| match row {
            Row::VisitType(row) => Some(row),
            _ => None,
        })
    }

    /// A kind of visit.
    pub fn kind(&self, id: VisitTypeId) -> Option<&VisitType> {
        self.visit_types().find(|kind| kind.id == id)
    }

    /// Sites that have a clock, by name.
    pub fn sites(&self) -> Vec<&Site> {
        let sites = self.rows.all(Entity::Site).filter_map(|row| match row {
            Row::Site(row) => Some(row),
            _ => None,
        });
        let mut sites: Vec<&Site> = sites.collect();
        sites.retain(|site| self.clock(site.id).is_some());
        sites.sort_by(|a, b| a.name.cmp(&b.name));
        sites
    }

    /// A site's clock.
    pub fn clock(&self, site: SiteId) -> Option<&SiteClock> {
        match self.rows.row(Entity::SiteClock, site.0) {
            Some(Row::SiteClock(clock)) => Some(clock),
            _ => None,
        }
    }

    /// Practitioners who work, by family name.
    pub fn practitioners(&self) -> Vec<&Practitioner> {
        let all = self.rows.all(Entity::Practitioner).filter_map(|row| match row {
            Row::Practitioner(row) if row.active => Some(row),
            _ => None,
        });
        let mut all: Vec<&Practitioner> = all.collect();
        all.sort_by(|a, b| a.family_name.cmp(&b.family_name).then(a.id.cmp(&b.id)));
        all
    }

    /// Whether the terms of whom a time is with let this patient have it: what they speak against is for the desk.
    fn lets(&self, slot: &OpenSlot, (theirs, insurance): (&[Appointment], Option<&[Coverage]>)) -> bool {
        let Some(Row::PractitionerTerms(terms)) =
            self.rows.row(Entity::PractitionerTerms, slot.practitioner_id.0)
        else {
            return true;
        };
        let on = self.clock(slot.site_id).map(|clock| clock.day(slot.start_at));
        let payer = insurance
            .zip(on)
            .and_then(|(all, on)| Some((first_on(all, on)?, on)));
        (terms.accepts_new || was_seen(theirs, None, slot.start_at))
            && payer.is_none_or(|(coverage, on)| terms.may_bill(coverage, slot.site_id, on))
    }

    /// Whether the referral that a visit names lets it be moved there.
    fn refers(&self, slot: &OpenSlot, moved: &Appointment, known: (&[Referral], &[Appointment])) -> bool {
        let (Some(number), Some(clock)) = (moved.referral.as_deref(), self.clock(slot.site_id)) else {
            return true;
        };
        let visit = referrals::Visit {
            number,
            appointment_id: moved.id,
            visit_type_id: moved.visit_type_id,
            on: clock.day(slot.start_at),
        };
        referrals::against(known.0, known.1, visit).is_empty()
    }

    /// Whose time can be taken: practitioners and rooms.
    fn holders(&self) -> impl Iterator<Item = uuid::Uuid> {
        let people = self.rows.all(Entity::Practitioner).map(Row::id);
        people.chain(self.rows.all(Entity::Resource).map(Row::id))
    }
}

/// Who pays, as far as the record says.
fn who_pays(coverages: &[Coverage], now: DateTime<Utc>) -> Scenario {
    match first_on(coverages, now.date_naive()) {
        Some(_) => Scenario::Insurance,
        None => Scenario::SelfPay,
    }
}

impl Portal {
    /// What a practice set about its time.
    pub async fn settings(&self, practice: PracticeId) -> Result<Settings> {
        let mut rows = Rows::default();
        for entity in SETTINGS {
            let found = self.db.all_rows(practice, entity).await?;
            found.into_iter().for_each(|row| rows.put(row));
        }
        Ok(Settings { rows })
    }

    /// Everything a patient has and had.
    pub async fn appointments(&self, practice: PracticeId, patient: PatientId) -> Result<Vec<Appointment>> {
        Ok(self.db.appointments_of(practice, patient).await?)
    }

    /// Open times of some days, the earliest first, but for those when the patient is elsewhere.
    pub async fn times(
        &self,
        practice: PracticeId,
        (settings, theirs): (&Settings, &[Appointment]),
        wanted: Wanted,
        now: DateTime<Utc>,
    ) -> Result<Vec<OpenSlot>> {
        let day = |on: NaiveDate| on.num_days_from_ce();
        let until_on = wanted
            .from
            .checked_add_days(Days::new(DAYS - 1))
            .unwrap_or(wanted.from);
        let keys: BTreeSet<Key> = settings
            .holders()
            .flat_map(|holder| {
                (day(wanted.from) - 1..=day(until_on) + 2).map(move |day| Key::Agenda(holder, day))
            })
            .collect();
        let taken = self.db.rows(practice, &keys).await?;
        let book = Book::of(settings.rows.iter().chain(taken.iter()), now);
        let search = Search {
            visit_type_id: wanted.kind,
            practitioner_ids: (settings.practitioners().iter().map(|one| one.id))
                .filter(|id| wanted.with.is_none_or(|with| with == *id))
                .collect(),
            site_ids: (settings.sites().iter().map(|one| one.id))
                .filter(|id| wanted.site.is_none_or(|site| site == *id))
                .collect(),
            from_on: wanted.from,
            until_on,
            video: wanted.video,
            now,
            device_id: Some(service_device(practice, PATIENTS)),
            appointment_id: wanted.moving,
        };
        let coverages = self.coverages(practice, wanted.patient).await?;
        let moved = theirs.iter().find(|one| Some(one.id) == wanted.moving);
        let paid = moved.map_or_else(|| who_pays(&coverages, now), |one| one.scenario);
        let insurance = (paid == Scenario::Insurance).then_some(coverages.as_slice());
        let mut slots = open_slots(&book, &search);
        slots.retain(|slot| settings.lets(slot, (theirs, insurance)));
        if let Some(moved) = moved.filter(|one| one.referral.is_some()) {
            let known = self.referrals(practice, wanted.patient).await?;
            slots.retain(|slot| settings.refers(slot, moved, (&known, theirs)));
        }
        slots.retain(|slot| {
            !theirs.iter().any(|one| {
                Some(one.id) != wanted.moving
                    && one.state.takes_time()
                    && one.start_at < slot.end_at
                    && slot.start_at < one.end_at
            })
        });
        Ok(slots)
    }

    /// Everything that a patient has and had of insurance.
    async fn coverages(&self, practice: PracticeId, patient: PatientId) -> Result<Vec<Coverage>> {
        let keys = [Key::OfPatient(Entity::Coverage, patient)].into();
        let rows = self.db.rows(practice, &keys).await?;
        let coverage = |row: &Row| match row {
            Row::Coverage(one) => Some(one.clone()),
            _ => None,
        };
        Ok(rows.iter().filter_map(coverage).collect())
    }

    /// Everything that a patient was referred on.
    async fn referrals(&self, practice: PracticeId, patient: PatientId) -> Result<Vec<Referral>> {
        let keys = [Key::OfPatient(Entity::Referral, patient)].into();
        let rows = self.db.rows(practice, &keys).await?;
        let referral = |row: &Row| match row {
            Row::Referral(one) => Some(one.clone()),
            _ => None,
        };
        Ok(rows.iter().filter_map(referral).collect())
    }

    /// Books an open time, or moves a visit there. What was open a moment ago may be taken now.
    pub async fn take(
        &self,
        visitor: &Visitor,
        patient: PatientId,
        (wanted, chosen): (Wanted, (DateTime<Utc>, PractitionerId, SiteId)),
        reason: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<(), Refusal>> {
        let settings = self.settings(visitor.practice).await?;
        let theirs = self.appointments(visitor.practice, patient).await?;
        let slots = self
            .times(visitor.practice, (&settings, &theirs), wanted, now)
            .await?;
        let is_it = |slot: &&OpenSlot| (slot.start_at, slot.practitioner_id, slot.site_id) == chosen;
        let (Some(slot), Some(kind)) = (slots.iter().find(is_it), settings.kind(wanted.kind)) else {
            return Ok(Err(
                Refusal::new(RefusalCode::CannotBook).with("why", "PractitionerTaken")
            ));
        };
        let place = Place {
            site_id: slot.site_id,
            practitioner_ids: vec![slot.practitioner_id],
            resource_ids: slot.resource_ids.clone(),
            start_at: slot.start_at,
            minutes: kind.minutes,
            mode: if wanted.video { Mode::Video } else { Mode::InPerson },
        };
        let known = theirs.iter().find(|one| Some(one.id) == wanted.moving);
        let command = match (wanted.moving, known) {
            (Some(_), None) => {
                return Ok(Err(
                    Refusal::new(RefusalCode::NotFound).with("what", "appointment")
                ));
            }
            (Some(_), Some(known)) => Command::MoveAppointment(MoveAppointment {
                appointment_id: known.id,
                patient_id: patient,
                visit_type_id: known.visit_type_id,
                from_at: known.start_at,
                place,
                overbook_reason: None,
            }),
            (None, _) => Command::BookAppointment(BookAppointment {
                appointment_id: AppointmentId(sync::new_id(now, &OsRandomness)),
                patient_id: patient,
                visit_type_id: kind.id,
                place,
                scenario: who_pays(&self.coverages(visitor.practice, patient).await?, now),
                reason,
                referral: None,
                overbook_reason: None,
                hold_minutes: None,
                series_id: None,
            }),
        };
        self.give(visitor, command, now).await
    }
}
