//! The demo's visits: today's at both sites, each as far as it would be by now, and some of the next days.

use super::people::{id, sites};
use super::schedule::{kind, practitioner};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::command::Command;
use domain::id::*;
use domain::patients::Patient;
use domain::practice::Practitioner;
use domain::row::{Row, Rows};
use domain::schedule::book::Book;
use domain::schedule::slots::{OpenSlot, Search, open_slots};
use domain::schedule::*;

/// Days with visits: today's and those after it.
const DAYS: u64 = 5;
/// What is booked over and over, with a reason.
const PLAN: [(&str, &str); 6] = [
    ("follow-up", "Blood pressure follow-up"),
    ("sick", "Sore throat for three days"),
    ("physical", "Yearly check"),
    ("follow-up", "Results of the blood test"),
    ("new", "Moved here, first visit"),
    ("video", "Refill of my medicine"),
];

/// Bookings and what came of them, each with when it was entered.
pub fn commands(
    settings: &[Command],
    registered: &[Command],
    now: DateTime<Utc>,
) -> Vec<(Command, DateTime<Utc>)> {
    let mut day = Demo {
        rows: rows(settings),
        patients: patients(registered, now.date_naive()),
        booked: 0,
        now,
    };
    let Some(today) = day.today() else {
        return Vec::new();
    };
    let mut commands = Vec::new();
    if day.patients.is_empty() {
        return commands;
    }
    for on in (0..DAYS).filter_map(|after| today.checked_add_days(Days::new(after))) {
        for n in 0..6 {
            let [maple, harbor] = sites();
            let site = if n % 2 == 0 { maple } else { harbor };
            day.fill(n, site, on, &mut commands);
        }
    }
    commands
}

/// What the search for open slots looks at.
fn rows(settings: &[Command]) -> Rows {
    let mut rows = Rows::default();
    for command in settings {
        rows.put(match command.clone() {
            Command::SetSiteClock(row) => Row::SiteClock(row),
            Command::DefineVisitType(row) => Row::VisitType(row),
            Command::DefineResource(row) => Row::Resource(row),
            Command::SetSchedule(row) => Row::Schedule(row),
            Command::SetPractitionerTerms(row) => Row::PractitionerTerms(row),
            _ => continue,
        });
    }
    for n in 0..6 {
        rows.put(Row::Practitioner(Practitioner {
            id: practitioner(n),
            family_name: String::new(),
            given_name: String::new(),
            credentials: None,
            npi: None,
            taxonomy_code: None,
            site_ids: sites().to_vec(),
            active: true,
        }));
    }
    rows
}

/// Those who may be booked.
fn patients(registered: &[Command], today: NaiveDate) -> Vec<&Patient> {
    registered
        .iter()
        .filter_map(|command| match command {
            Command::RegisterPatient(args) => Some(&args.patient),
            _ => None,
        })
        .filter(|patient| patient.deceased_on.is_none() && patient.birth_on < today)
        .collect()
}

struct Demo<'a> {
    rows: Rows,
    patients: Vec<&'a Patient>,
    booked: usize,
    now: DateTime<Utc>,
}

impl Demo<'_> {
    fn clock(&self) -> Option<&SiteClock> {
        match self.rows.row(domain::row::Entity::SiteClock, sites()[0].0) {
            Some(Row::SiteClock(clock)) => Some(clock),
            _ => None,
        }
    }

    fn today(&self) -> Option<NaiveDate> {
        self.clock().map(|clock| clock.day(self.now))
    }

    /// One practitioner's day: two in three of what is planned finds a time, the others leave a gap.
    fn fill(&mut self, n: usize, site: SiteId, on: NaiveDate, commands: &mut Vec<(Command, DateTime<Utc>)>) {
        let Some(clock) = self.clock() else { return };
        let mut from = clock.at_minute(on, 0);
        for turn in 0.. {
            let (key, reason) = PLAN[(turn + n) % PLAN.len()];
            let child = self.patients[self.booked % self.patients.len()].age_on(on) < 12;
            let planned = match key {
                "physical" if child => ("well-child", reason),
                key => (key, reason),
            };
            // The last hour of a day is for those who are sick.
            let found = [planned, ("sick", "Fever since yesterday")]
                .into_iter()
                .find_map(|(key, reason)| Some((key, reason, self.first(n, site, on, key, from)?)));
            let Some((key, reason, slot)) = found else {
                return;
            };
            from = slot.end_at;
            if turn % 3 == 2 {
                // A gap that someone may be booked into.
                from += Duration::minutes(15);
            } else {
                self.book(key, reason, &slot, commands);
            }
        }
    }

    fn first(
        &self,
        n: usize,
        site: SiteId,
        on: NaiveDate,
        key: &str,
        from: DateTime<Utc>,
    ) -> Option<OpenSlot> {
        let search = Search {
            visit_type_id: kind(key),
            practitioner_ids: vec![practitioner(n)],
            site_ids: vec![site],
            from_on: on,
            until_on: on,
            video: key == "video",
            // Everything was booked the day before.
            now: from - Duration::days(1),
            device_id: None,
            appointment_id: None,
        };
        let book = Book::of(self.rows.iter(), self.now);
        open_slots(&book, &search)
            .into_iter()
            .find(|slot| slot.start_at >= from)
    }

    fn book(
        &mut self,
        key: &str,
        reason: &str,
        slot: &OpenSlot,
        commands: &mut Vec<(Command, DateTime<Utc>)>,
    ) {
        let patient = self.patients[self.booked % self.patients.len()];
        let appointment_id = AppointmentId(id(&format!("appointment:{}", self.booked)));
        // Spread over all patients, so that few come twice.
        self.booked += 1;
        let minutes = u16::try_from((slot.end_at - slot.start_at).num_minutes()).unwrap_or(15);
        let command = BookAppointment {
            appointment_id,
            patient_id: patient.id,
            visit_type_id: kind(key),
            place: Place {
                site_id: slot.site_id,
                practitioner_ids: vec![slot.practitioner_id],
                resource_ids: slot.resource_ids.clone(),
                start_at: slot.start_at,
                minutes,
                mode: if key == "video" {
                    Mode::Video
                } else {
                    Mode::InPerson
                },
            },
            scenario: match self.booked % 9 {
                4 => Scenario::SelfPay,
                7 => Scenario::WorkInjury,
                _ => Scenario::Insurance,
            },
            reason: Some(reason.to_owned()),
            referral: None,
            overbook_reason: None,
            hold_minutes: None,
            series_id: None,
        };
        for (holder, holder_id) in [(HolderKind::Practitioner, slot.practitioner_id.0)]
            .into_iter()
            .chain(
                slot.resource_ids
                    .iter()
                    .map(|room| (HolderKind::Resource, room.0)),
            )
        {
            self.rows.put(Row::Busy(Busy {
                id: Busy::id_of(appointment_id, holder_id),
                appointment_id,
                holder,
                holder_id,
                site_id: slot.site_id,
                visit_type_id: kind(key),
                start_at: slot.start_at,
                end_at: slot.end_at,
                from_at: slot.start_at,
                until_at: slot.end_at,
                capacity: 1,
                lane: None,
                video: key == "video",
                status: BusyStatus::Busy,
                expires_at: None,
            }));
        }
        commands.push((
            Command::BookAppointment(command),
            slot.start_at - Duration::days(3),
        ));
        self.went(appointment_id, patient.id, slot, commands);
    }

    /// What came of a visit, up to now.
    fn went(
        &self,
        appointment_id: AppointmentId,
        patient_id: PatientId,
        slot: &OpenSlot,
        commands: &mut Vec<(Command, DateTime<Utc>)>,
    ) {
        use AppointmentState::*;
        let minutes = |n: i64| Duration::minutes(n);
        let length = slot.end_at - slot.start_at;
        // Some do not come, some leave, some are late by a few minutes.
        let late = minutes((self.booked as i64 * 7) % 6 - 3);
        let steps: Vec<(AppointmentState, Duration)> = match self.booked % 17 {
            6 => vec![(NoShow, minutes(20))],
            11 => vec![
                (Confirmed, minutes(-2 * 24 * 60)),
                (Arrived, late),
                (LeftWithoutSeen, minutes(40)),
            ],
            _ => vec![
                (Confirmed, minutes(-2 * 24 * 60)),
                (Arrived, late - minutes(8)),
                (Ready, late - minutes(4)),
                (Intake, late),
                (ReadyForPractitioner, late + length / 4),
                (WithPractitioner, late + length / 3),
                (Discharged, late + length),
                (CheckedOut, late + length + minutes(6)),
                (Completed, late + length + minutes(7)),
            ],
        };
        for (state, after) in steps {
            let at = slot.start_at + after;
            if at > self.now || (state == Confirmed && self.booked.is_multiple_of(3)) {
                continue;
            }
            commands.push((
                Command::SetAppointmentState(SetAppointmentState {
                    from: None,
                    appointment_id,
                    patient_id,
                    state,
                    note: None,
                }),
                at,
            ));
        }
    }
}
