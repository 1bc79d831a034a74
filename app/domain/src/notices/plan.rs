//! From rules and appointments to notices. Pure, and the same whenever it is asked: what was planned before comes out
//! under the same id.

use super::forms::lacks_forms;
use super::hours::{Hours, zones_of};
use super::notice::{Notice, NoticeState};
use super::reach::reach;
use super::rule::{Channel, NoticeKind, NoticeRule, RINGS_FROM, RINGS_UNTIL};
use crate::id::NoticeId;
use crate::patients::Patient;
use crate::row::{Entity, Row, Rows};
use crate::schedule::{Appointment, SiteClock, is_shown_online};
use crate::text::Lang;
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A reminder comes at least so long before, or not at all.
const LEAST_BEFORE: Duration = Duration::minutes(60);
/// What is not said a week after it was due is not said any more.
pub const LATE: Duration = Duration::days(7);

/// What is planned from.
pub struct Plan<'a> {
    /// Every rule.
    pub rules: &'a [NoticeRule],
    /// Appointments that a rule may speak of.
    pub appointments: &'a [Appointment],
    /// Their patients with consents and other appointments, what was said about numbers, and the clocks of sites; where
    /// a rule speaks of forms, the kinds of visits, every form and what these patients answered.
    pub rows: &'a Rows,
    /// Clocks by zone (see [`zones_of`]).
    pub zones: &'a BTreeMap<String, SiteClock>,
    /// The moment.
    pub now: DateTime<Utc>,
    /// How long before they are due notices are planned.
    pub ahead: Duration,
}

/// Every notice that is due or soon will be, in the order of their ids. What cannot be sent is among them once it would
/// have been due, with the reason.
pub fn plan(plan: &Plan<'_>) -> Vec<Notice> {
    let mut out: BTreeMap<NoticeId, Notice> = BTreeMap::new();
    for rule in plan.rules.iter().filter(|rule| rule.active) {
        for appointment in plan.appointments.iter().filter(|one| rule.speaks_of(one)) {
            if let Some(notice) = plan.one(rule, appointment) {
                out.insert(notice.id, notice);
            }
        }
    }
    out.into_values().collect()
}

/// The rules and appointments of which a notice may be due soon, with the id that it would have: so that nobody need look
/// at patients to whom everything was said.
pub fn candidates<'a>(
    rules: &'a [NoticeRule],
    appointments: &'a [Appointment],
    now: DateTime<Utc>,
    ahead: Duration,
) -> Vec<(NoticeId, &'a NoticeRule, &'a Appointment)> {
    let mut out = Vec::new();
    for rule in rules.iter().filter(|rule| rule.active) {
        for appointment in appointments.iter().filter(|one| rule.speaks_of(one)) {
            // Quiet hours bring nothing forward by more than a day.
            let soon = rule.counted_from(appointment) <= now + ahead + Duration::days(1);
            if soon {
                let id = Notice::id_of(rule.id, appointment.id, appointment.start_at);
                out.push((id, rule, appointment));
            }
        }
    }
    out
}

/// Which appointments may be spoken of at a moment: those that begin between two instants.
pub fn window(
    rules: &[NoticeRule],
    now: DateTime<Utc>,
    ahead: Duration,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    /// Longer than any visit.
    const VISIT: Duration = Duration::days(1);
    let of = |rule: &NoticeRule| {
        let offset = Duration::minutes(i64::from(rule.offset_minutes));
        match rule.kind {
            // From due now to due soon; quiet hours may bring what is due a night later forward.
            NoticeKind::Reminder | NoticeKind::Forms => (now, now + offset + ahead + VISIT),
            NoticeKind::FollowUp | NoticeKind::Missed | NoticeKind::Recall => {
                (now - offset - LATE - VISIT, now - offset + ahead)
            }
        }
    };
    let active = rules.iter().filter(|rule| rule.active).map(of);
    active.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

impl Plan<'_> {
    /// The notice of one rule about one appointment, when it is time to plan it.
    fn one(&self, rule: &NoticeRule, appointment: &Appointment) -> Option<Notice> {
        let Some(Row::Patient(patient)) = self.rows.row(Entity::Patient, appointment.patient_id.0) else {
            return None;
        };
        let Some(Row::SiteClock(clock)) = self.rows.row(Entity::SiteClock, appointment.site_id.0) else {
            return None;
        };
        let language = Lang::from_tag(&patient.language);
        if rule.language.is_some_and(|wanted| wanted != language) {
            return None;
        }
        if !rule.kind.is_ahead() && self.comes_again(appointment) {
            return None;
        }
        if rule.kind == NoticeKind::Forms {
            let today = clock.day(self.now);
            let kind = match self.rows.row(Entity::VisitType, appointment.visit_type_id.0) {
                Some(Row::VisitType(kind)) => Some(kind),
                _ => None,
            };
            // Nobody is sent to forms that their page does not show.
            if !lacks_forms(self.rows, appointment, today) || !is_shown_online(patient, kind, today) {
                return None;
            }
        }
        let reached = reach(self.rows, rule.channel, patient);
        let way = reached.as_ref().map_or(rule.channel, |(way, _)| *way);
        let (due_at, useless_at) = self.due((rule, way), appointment, patient, clock)?;
        if due_at > self.now + self.ahead || useless_at <= self.now {
            return None;
        }
        let (channel, address, state) = match reached {
            Ok((channel, address)) => (channel, Some(address), NoticeState::Planned),
            // It may be put right until then.
            Err(_) if due_at > self.now => return None,
            Err(why) => (rule.channel, None, why),
        };
        let mut notice = Notice {
            id: Notice::id_of(rule.id, appointment.id, appointment.start_at),
            patient_id: patient.id,
            rule_id: rule.id,
            appointment_id: appointment.id,
            site_id: appointment.site_id,
            start_at: appointment.start_at,
            day_on: clock.day(appointment.start_at),
            channel,
            address,
            language,
            message_id: Uuid::nil(),
            due_at,
            useless_at,
            state,
            attempts: 0,
            queued_at: None,
            claimed_by: None,
            sent_at: None,
            delivered_at: None,
            network_ref: None,
            answer: None,
            answered_at: None,
            answered_via: None,
            settled_at: None,
        };
        notice.message_id = notice.message();
        Some(notice)
    }

    /// When it is to be sent, and from when on it is of no use.
    fn due(
        &self,
        (rule, way): (&NoticeRule, Channel),
        appointment: &Appointment,
        patient: &Patient,
        clock: &SiteClock,
    ) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let counted = rule.counted_from(appointment);
        let hours = hours_of(rule, way);
        let clocks = clocks_of(patient, clock, self.zones);
        if !rule.kind.is_ahead() {
            return Some((hours.next(counted, &clocks)?, counted + LATE));
        }
        let useless = appointment.start_at - LEAST_BEFORE;
        let agreed = agreed_at(appointment);
        // Whoever agreed on it a moment ago needs no reminder of it; forms are not filled in by agreeing.
        let counted = match rule.kind {
            NoticeKind::Forms => counted.max(agreed),
            _ if counted < agreed => return None,
            _ => counted,
        };
        let due = match hours.next(counted, &clocks)? {
            late if late >= useless => hours.last(counted, &clocks)?,
            due => due,
        };
        (due >= agreed).then_some((due, useless))
    }

    /// Whether the patient has another appointment after this one, or had.
    fn comes_again(&self, appointment: &Appointment) -> bool {
        let mut all = self.rows.of_patient(Entity::Appointment, appointment.patient_id);
        all.any(|row| match row {
            Row::Appointment(other) => {
                other.id != appointment.id
                    && other.start_at > appointment.start_at
                    && other.state.takes_time()
            }
            _ => false,
        })
    }
}

/// The rule's hours. One for mails may hold at night; who is called or texted instead is so by day, within its hours
/// when an hour of them is left (47 CFR 64.1200(c)(1)).
fn hours_of(rule: &NoticeRule, way: Channel) -> Hours {
    let (mut from_minute, mut until_minute) = (rule.from_minute, rule.until_minute);
    if way.rings() {
        (from_minute, until_minute) = (from_minute.max(RINGS_FROM), until_minute.min(RINGS_UNTIL));
        if from_minute + 60 > until_minute {
            (from_minute, until_minute) = (RINGS_FROM, RINGS_UNTIL);
        }
    }
    Hours {
        from_minute,
        until_minute,
    }
}

/// All of the zones of their state, or the site's when none is known.
fn clocks_of<'a>(
    patient: &Patient,
    site: &'a SiteClock,
    zones: &'a BTreeMap<String, SiteClock>,
) -> Vec<&'a SiteClock> {
    let known = zones_of(patient).iter().map(|zone| zones.get(*zone));
    match known.collect::<Option<Vec<_>>>() {
        Some(clocks) if !clocks.is_empty() => clocks,
        _ => vec![site],
    }
}

/// Whether a notice may go out by a way at a moment. One that was due by day and could not be sent waits for the morning.
pub fn may_go_out(
    (rule, way): (&NoticeRule, Channel),
    patient: &Patient,
    site: &SiteClock,
    zones: &BTreeMap<String, SiteClock>,
    at: DateTime<Utc>,
) -> bool {
    let hours = hours_of(rule, way);
    clocks_of(patient, site, zones)
        .into_iter()
        .all(|clock| hours.holds(at, clock))
}

/// When the time of an appointment was last agreed on: when it was booked, or moved.
fn agreed_at(appointment: &Appointment) -> DateTime<Utc> {
    let moved = appointment
        .steps
        .iter()
        .rev()
        .find(|step| step.moved_from_at.is_some());
    let agreed = moved.or_else(|| appointment.steps.first());
    agreed.map_or(DateTime::<Utc>::MIN_UTC, |step| {
        step.entered_at.min(step.recorded_at)
    })
}
