//! Reminders of forms: what tells whether one is still missing, when it is planned and again when it is sent.

use super::Notices;
use crate::error::Result;
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::id::{NoticeId, PracticeId};
use domain::notices::forms::lacks_forms;
use domain::notices::{Notice, NoticeKind, VoidNotice, VoidReason};
use domain::row::{Entity, Key, Row, Rows, View};
use domain::schedule::Appointment;
use std::collections::BTreeSet;

/// The command that calls a notice off whose forms are filled in.
pub(super) fn call_off(notice: &Notice) -> Command {
    Command::VoidNotice(VoidNotice {
        notice_id: notice.id,
        patient_id: notice.patient_id,
        reason: VoidReason::NotWanted,
    })
}

impl Notices {
    /// The kinds of some visits, every form, and what the visits' patients answered.
    pub(super) async fn forms_of(&self, practice: PracticeId, visits: &[Appointment]) -> Result<Rows> {
        let keys: BTreeSet<Key> = visits
            .iter()
            .flat_map(|visit| {
                [
                    Key::Row(Entity::VisitType, visit.visit_type_id.0),
                    Key::OfPatient(Entity::QuestionnaireResponse, visit.patient_id),
                ]
            })
            .collect();
        let mut rows = self.db.rows(practice, &keys).await?;
        let forms = self.db.all_rows(practice, Entity::Questionnaire).await?;
        forms.into_iter().for_each(|form| rows.put(form));
        Ok(rows)
    }

    /// Of some notices, those that speak of forms which are all filled in by now.
    pub(super) async fn complete(
        &self,
        practice: PracticeId,
        notices: &[Notice],
        now: DateTime<Utc>,
    ) -> Result<BTreeSet<NoticeId>> {
        let rules = notices
            .iter()
            .map(|notice| Key::Row(Entity::NoticeRule, notice.rule_id.0))
            .collect();
        let rules = self.db.rows(practice, &rules).await?;
        let of_forms = |notice: &&Notice| {
            let rule = rules.row(Entity::NoticeRule, notice.rule_id.0);
            matches!(rule, Some(Row::NoticeRule(rule)) if rule.kind == NoticeKind::Forms)
        };
        let asked: Vec<&Notice> = notices.iter().filter(of_forms).collect();
        if asked.is_empty() {
            return Ok(BTreeSet::new());
        }
        let keys = asked
            .iter()
            .flat_map(|notice| {
                [
                    Key::Row(Entity::Appointment, notice.appointment_id.0),
                    Key::Row(Entity::SiteClock, notice.site_id.0),
                ]
            })
            .collect();
        let known = self.db.rows(practice, &keys).await?;
        let visit = |notice: &Notice| match known.one(&Key::Row(Entity::Appointment, notice.appointment_id.0))
        {
            Some(Row::Appointment(visit)) => Some(visit),
            _ => None,
        };
        let visits: Vec<Appointment> = asked.iter().filter_map(|notice| visit(notice)).collect();
        let rows = self.forms_of(practice, &visits).await?;
        let is_complete = |notice: &&&Notice| {
            let clock = known.row(Entity::SiteClock, notice.site_id.0);
            match (visit(notice), clock) {
                (Some(visit), Some(Row::SiteClock(clock))) => !lacks_forms(&rows, &visit, clock.day(now)),
                // What became of the visit is said elsewhere.
                _ => false,
            }
        };
        Ok(asked.iter().filter(is_complete).map(|notice| notice.id).collect())
    }
}
