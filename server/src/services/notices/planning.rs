//! From rules to notices, and what was planned but is not so any more.

use super::{AHEAD, INTERRUPTED, Notices, new_id};
use crate::error::Result;
use crate::services::clocks::clock_of;
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::id::{NoticeId, PatientId, PracticeId, SiteId};
use domain::notices::contact::Contact;
use domain::notices::hours::zones_of;
use domain::notices::plan::{Plan, candidates, may_go_out, plan, window};
use domain::notices::{
    FailReason, Notice, NoticeKind, NoticeOutcome, NoticeRule, NoticeState, RecordNoticeOutcome, VoidNotice,
    VoidReason, void_because,
};
use domain::patients::Patient;
use domain::row::{Entity, Key, Row, Rows, View};
use domain::schedule::{Appointment, SiteClock};
use std::collections::{BTreeMap, BTreeSet};

impl Notices {
    /// Plans what is due soon in one practice. Whether anything changed.
    pub async fn plan(&self, practice: PracticeId, now: DateTime<Utc>) -> Result<bool> {
        let rules: Vec<NoticeRule> = self.rules(practice).await?;
        // A span for each: one over a recall after a year and a reminder of tomorrow would be a year of appointments.
        let mut due: BTreeMap<_, Appointment> = BTreeMap::new();
        for rule in &rules {
            if let Some((from, until)) = window(std::slice::from_ref(rule), now, AHEAD) {
                let found = self.db.appointments_between(practice, from, until).await?;
                due.extend(found.into_iter().map(|appointment| (appointment.id, appointment)));
            }
        }
        let appointments: Vec<Appointment> = due.into_values().collect();
        let wanted = candidates(&rules, &appointments, now, AHEAD);
        let ids: Vec<NoticeId> = wanted.iter().map(|(id, ..)| *id).collect();
        let known: BTreeSet<NoticeId> = self.db.known_notices(practice, &ids).await?.into_iter().collect();
        let new: BTreeMap<_, &Appointment> = wanted
            .into_iter()
            .filter(|(id, ..)| !known.contains(id))
            .map(|(_, _, appointment)| (appointment.id, appointment))
            .collect();
        if new.is_empty() {
            return Ok(false);
        }
        let appointments: Vec<Appointment> = new.into_values().cloned().collect();
        let (mut rows, zones) = self.surroundings(practice, &appointments, now).await?;
        if rules
            .iter()
            .any(|rule| rule.active && rule.kind == NoticeKind::Forms)
        {
            let asked = self.forms_of(practice, &appointments).await?;
            asked.iter().cloned().for_each(|row| rows.put(row));
        }
        let planned = plan(&Plan {
            rules: &rules,
            appointments: &appointments,
            rows: &rows,
            zones: &zones,
            now,
            ahead: AHEAD,
        });
        let commands: Vec<_> = planned
            .into_iter()
            .filter(|notice| !known.contains(&notice.id))
            .map(|notice| (new_id(now), Command::PlanNotice(notice)))
            .collect();
        if commands.is_empty() {
            return Ok(false);
        }
        Ok(self.give(practice, commands, now).await?.changed)
    }

    pub(super) async fn rules(&self, practice: PracticeId) -> Result<Vec<NoticeRule>> {
        let rows = self.db.all_rows(practice, Entity::NoticeRule).await?;
        let rule = |row| match row {
            Row::NoticeRule(rule) => Some(rule),
            _ => None,
        };
        Ok(rows.into_iter().filter_map(rule).collect())
    }

    /// Everything that planning looks at beside rules and appointments.
    async fn surroundings(
        &self,
        practice: PracticeId,
        appointments: &[Appointment],
        now: DateTime<Utc>,
    ) -> Result<(Rows, BTreeMap<String, SiteClock>)> {
        let patients: BTreeSet<PatientId> = appointments.iter().map(|one| one.patient_id).collect();
        let sites: BTreeSet<SiteId> = appointments.iter().map(|one| one.site_id).collect();
        let mut keys: BTreeSet<Key> = BTreeSet::new();
        for patient in &patients {
            keys.insert(Key::Row(Entity::Patient, patient.0));
            keys.insert(Key::OfPatient(Entity::Consent, *patient));
            keys.insert(Key::OfPatient(Entity::Appointment, *patient));
        }
        keys.extend(sites.iter().map(|site| Key::Row(Entity::SiteClock, site.0)));
        let mut rows = self.db.rows(practice, &keys).await?;
        let (mut said, mut zones) = (BTreeSet::new(), BTreeMap::new());
        for row in rows.all(Entity::Patient) {
            let Row::Patient(patient) = row else { continue };
            said.extend(
                contacts_of(patient).map(|contact| Key::Row(Entity::ContactOptOut, contact.row_id().0)),
            );
            add_zones(&mut zones, patient, now);
        }
        let said = self.db.rows(practice, &said).await?;
        said.iter().cloned().for_each(|row| rows.put(row));
        Ok((rows, zones))
    }

    /// Calls off what is planned and not so any more, and tells what was interrupted. Whether anything changed.
    pub async fn sweep(&self, practice: PracticeId, now: DateTime<Utc>) -> Result<bool> {
        let waiting = self.db.waiting_notices(practice).await?;
        if waiting.is_empty() {
            return Ok(false);
        }
        let mut keys: BTreeSet<Key> = BTreeSet::new();
        for notice in &waiting {
            keys.insert(Key::Row(Entity::Appointment, notice.appointment_id.0));
            keys.insert(Key::Row(Entity::NoticeRule, notice.rule_id.0));
        }
        let rows = self.db.rows(practice, &keys).await?;
        let complete = self.complete(practice, &waiting, now).await?;
        let mut commands = Vec::new();
        for notice in waiting {
            let appointment = match rows.one(&Key::Row(Entity::Appointment, notice.appointment_id.0)) {
                Some(Row::Appointment(appointment)) => Some(appointment),
                _ => None,
            };
            let Some(Row::NoticeRule(rule)) = rows.one(&Key::Row(Entity::NoticeRule, notice.rule_id.0))
            else {
                continue;
            };
            let (notice_id, patient_id) = (notice.id, notice.patient_id);
            let on_its_way = notice.state == NoticeState::Queued && notice.channel.is_sent();
            let command = if on_its_way {
                let old = notice.queued_at.is_none_or(|at| at + INTERRUPTED <= now);
                old.then_some(Command::RecordNoticeOutcome(RecordNoticeOutcome {
                    notice_id,
                    patient_id,
                    attempt: notice.attempts,
                    outcome: NoticeOutcome::Failed {
                        reason: FailReason::Interrupted,
                    },
                }))
            } else {
                let filled_in = complete.contains(&notice.id).then_some(VoidReason::NotWanted);
                let reason = void_because(&notice, &rule, appointment.as_ref()).or(filled_in);
                // What was tried and never went out is somebody's to see to, and not just too late.
                let late = (notice.useless_at <= now && notice.attempts == 0).then_some(VoidReason::TooLate);
                reason.or(late).map(|reason| {
                    Command::VoidNotice(VoidNotice {
                        notice_id,
                        patient_id,
                        reason,
                    })
                })
            };
            commands.extend(command.map(|command| (new_id(now), command)));
        }
        if commands.is_empty() {
            return Ok(false);
        }
        Ok(self.give(practice, commands, now).await?.changed)
    }
}

/// Every number and address of a patient.
fn contacts_of(patient: &Patient) -> impl Iterator<Item = Contact> {
    patient.telecoms.iter().filter_map(|point| {
        let kind = match point.system {
            domain::patients::TelecomSystem::Phone => domain::notices::ContactKind::Phone,
            domain::patients::TelecomSystem::Email => domain::notices::ContactKind::Email,
        };
        Contact::of(kind, &point.value)
    })
}

/// The clocks of the zones where a patient may live.
fn add_zones(zones: &mut BTreeMap<String, SiteClock>, patient: &Patient, now: DateTime<Utc>) {
    for zone in zones_of(patient) {
        // Whose site it is does not matter: it is the clock of a zone.
        if !zones.contains_key(*zone)
            && let Some(clock) = clock_of(SiteId(uuid::Uuid::nil()), zone, now)
        {
            zones.insert((*zone).to_owned(), clock);
        }
    }
}

impl Notices {
    /// Whether the hours are open for everyone whom a message is about.
    pub(super) async fn is_open(
        &self,
        practice: PracticeId,
        notices: &[Notice],
        now: DateTime<Utc>,
    ) -> Result<bool> {
        for notice in notices {
            // What lies with the desk goes out when somebody is there.
            if !notice.channel.is_sent() {
                continue;
            }
            let patient = self
                .db
                .row(practice, Entity::Patient, notice.patient_id.0)
                .await?;
            let rule = self
                .db
                .row(practice, Entity::NoticeRule, notice.rule_id.0)
                .await?;
            let clock = self.db.row(practice, Entity::SiteClock, notice.site_id.0).await?;
            let (Some(Row::Patient(patient)), Some(Row::NoticeRule(rule)), Some(Row::SiteClock(clock))) =
                (patient, rule, clock)
            else {
                continue;
            };
            let mut zones = BTreeMap::new();
            add_zones(&mut zones, &patient, now);
            if !may_go_out((&rule, notice.channel), &patient, &clock, &zones, now) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
