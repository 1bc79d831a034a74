//! One message out of the house: taken up, put into words, handed over, and told.

use super::forms::call_off;
use super::{NotSent, Notices, Outgoing, Sender, TRIES, calendar, new_id};
use crate::access::cookies::{new_token, token_hash};
use crate::error::Result;
use chrono::{DateTime, Duration, Utc};
use db::NoticeLink;
use domain::command::Command;
use domain::id::{CommandId, PracticeId};
use domain::notices::message::{Spoken, compose};
use domain::notices::{
    Channel, FailReason, Notice, NoticeKind, NoticeOutcome, NoticeRule, NoticeState, RecordNoticeOutcome,
};
use domain::row::{Entity, Key, Row, Rows, View};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Until when a link counts after the appointment.
const LINK_AFTER: Duration = Duration::days(1);

impl Notices {
    /// Sends one message, if it still is to be sent and nobody else is sending it. Whether anything changed.
    pub async fn send(&self, practice: PracticeId, message: Uuid, now: DateTime<Utc>) -> Result<bool> {
        let planned: Vec<Notice> = self.db.message_notices(practice, message).await?;
        // Of a parent's children, all go out together, as soon as the first of them is due.
        let claims: BTreeMap<CommandId, Notice> = planned
            .into_iter()
            .filter(|notice| notice.state == NoticeState::Planned)
            .map(|notice| (new_id(now), notice))
            .collect();
        if !claims.values().any(|notice| notice.due_at <= now) {
            return Ok(false);
        }
        let about: Vec<Notice> = claims.values().cloned().collect();
        if !self.is_open(practice, &about, now).await? {
            return Ok(false);
        }
        // Forms that were filled in since a minute ago.
        let complete = self.complete(practice, &about, now).await?;
        let commands = claims
            .iter()
            .map(|(id, notice)| match complete.contains(&notice.id) {
                true => (*id, call_off(notice)),
                false => (*id, Command::ClaimNotice(notice.claim())),
            })
            .collect();
        let changed = self.give(practice, commands, now).await?.changed;
        let ours: Vec<Notice> = self
            .db
            .message_notices(practice, message)
            .await?
            .into_iter()
            .filter(|notice| notice.state == NoticeState::Queued)
            .filter(|notice| notice.claimed_by.is_some_and(|id| claims.contains_key(&id)))
            .collect();
        let Some(first) = ours.first() else {
            return Ok(changed);
        };
        let way = match first.channel {
            Channel::Email => &self.mail,
            Channel::Sms => &self.texts,
            // They lie with the desk now.
            Channel::Letter | Channel::Voice => return Ok(true),
        };
        let outcome = match way {
            None => NoticeOutcome::Failed {
                reason: FailReason::NotSetUp,
            },
            Some(way) => self.hand_over(practice, way.as_ref(), &ours, now).await?,
        };
        let told = ours
            .iter()
            .map(|notice| {
                let command = RecordNoticeOutcome {
                    notice_id: notice.id,
                    patient_id: notice.patient_id,
                    attempt: notice.attempts,
                    outcome: outcome.clone(),
                };
                (new_id(now), Command::RecordNoticeOutcome(command))
            })
            .collect();
        self.give(practice, told, now).await?;
        Ok(true)
    }

    async fn hand_over(
        &self,
        practice: PracticeId,
        way: &dyn Sender,
        ours: &[Notice],
        now: DateTime<Utc>,
    ) -> Result<NoticeOutcome> {
        let Some(outgoing) = self.words(practice, ours).await? else {
            return Ok(NoticeOutcome::Failed {
                reason: FailReason::NoContact,
            });
        };
        let attempt = ours.iter().map(|notice| notice.attempts).max().unwrap_or(1);
        Ok(match way.send(&outgoing).await {
            Ok(network_ref) => NoticeOutcome::Sent { network_ref },
            Err(NotSent::Never(reason)) => NoticeOutcome::Failed { reason },
            Err(NotSent::Later) if attempt >= TRIES => NoticeOutcome::Failed {
                reason: FailReason::GaveUp,
            },
            Err(NotSent::Later) => NoticeOutcome::TryAgain {
                at: now + pause(attempt),
            },
        })
    }

    /// The words of a message, with a link of its own. Nothing when what it speaks of is not there any more.
    async fn words(&self, practice: PracticeId, ours: &[Notice]) -> Result<Option<Outgoing>> {
        let Some(first) = ours.first() else {
            return Ok(None);
        };
        let keys: BTreeSet<Key> = ours
            .iter()
            .flat_map(|notice| {
                [
                    Key::Row(Entity::Patient, notice.patient_id.0),
                    Key::Row(Entity::Site, notice.site_id.0),
                    Key::Row(Entity::SiteClock, notice.site_id.0),
                    Key::Row(Entity::NoticeRule, notice.rule_id.0),
                    Key::Row(Entity::Appointment, notice.appointment_id.0),
                ]
            })
            .chain([Key::Row(Entity::Practice, practice.0)])
            .collect();
        let rows = self.db.rows(practice, &keys).await?;
        let (Some(Row::Practice(name)), Some(Row::NoticeRule(rule))) = (
            rows.row(Entity::Practice, practice.0),
            rows.row(Entity::NoticeRule, first.rule_id.0),
        ) else {
            return Ok(None);
        };
        let about: Vec<Spoken> = ours.iter().filter_map(|notice| spoken(&rows, notice)).collect();
        let Some(to) = first.address.clone().filter(|_| about.len() == ours.len()) else {
            return Ok(None);
        };
        let link = self.new_link(practice, first, ours, rule).await?;
        let words = compose(rule, &name.name, &about, first.channel, first.language, &link);
        let calendar = (rule.kind == NoticeKind::Reminder && first.channel == Channel::Email)
            .then(|| calendar::for_patient(practice, &name.name, &rows, ours, first.language));
        Ok(Some(Outgoing {
            practice,
            id: outgoing_id(first.message_id, ours),
            to,
            subject: words.subject,
            body: words.body,
            calendar,
            stop_url: Some(link),
        }))
    }

    /// A link that nobody can guess; what is kept of it is a hash.
    async fn new_link(
        &self,
        practice: PracticeId,
        first: &Notice,
        ours: &[Notice],
        rule: &NoticeRule,
    ) -> Result<String> {
        let token = new_token();
        let last = ours
            .iter()
            .map(|notice| notice.start_at)
            .max()
            .unwrap_or(first.start_at);
        let until = match rule.kind.is_ahead() {
            true => last + LINK_AFTER,
            // It can only end them; for as long as people keep a mail.
            false => first.due_at + Duration::days(90),
        };
        let link = NoticeLink {
            practice,
            message: first.message_id,
        };
        self.db
            .create_notice_link(&token_hash(&token), link, until)
            .await?;
        Ok(format!("{}/n/{token}", self.public_url))
    }
}

/// What a network knows an attempt by. Each has its own: one is only made when the one before was certainly not taken, or
/// when somebody wants it sent again; and a brother's notice of the same message may follow later.
fn outgoing_id(message: Uuid, ours: &[Notice]) -> String {
    let mut parts: Vec<String> = ours
        .iter()
        .map(|notice| format!("{}:{}", notice.id, notice.attempts))
        .collect();
    parts.sort_unstable();
    Uuid::new_v5(&message, parts.concat().as_bytes()).to_string()
}

/// What to call the patient, where and when.
pub(super) fn spoken(rows: &Rows, notice: &Notice) -> Option<Spoken> {
    let Some(Row::Patient(patient)) = rows.one(&Key::Row(Entity::Patient, notice.patient_id.0)) else {
        return None;
    };
    let Some(Row::Site(site)) = rows.one(&Key::Row(Entity::Site, notice.site_id.0)) else {
        return None;
    };
    let Some(Row::SiteClock(clock)) = rows.one(&Key::Row(Entity::SiteClock, notice.site_id.0)) else {
        return None;
    };
    Some(Spoken {
        first_name: patient.first_name().to_owned(),
        site: site.name,
        wall: clock.local(notice.start_at),
    })
}

/// One minute, four, sixteen, an hour: a mail server that says "later" means it.
fn pause(attempt: u16) -> Duration {
    Duration::minutes(4_i64.pow(u32::from(attempt.clamp(1, 4)) - 1))
}
