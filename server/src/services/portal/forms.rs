//! The forms that a visit asks for, filled in beforehand. Which, and whether answers are sound, say the same rules as at
//! the kiosk and at the desk.

use super::log::Noted;
use super::{Portal, Visitor};
use crate::error::Result;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, NaiveDate, Utc};
use domain::command::Command;
use domain::decide::Refusal;
use domain::id::{QuestionnaireId, QuestionnaireResponseId};
use domain::intake::questionnaire::Answers;
use domain::intake::{AnswerQuestionnaire, Questionnaire, QuestionnaireResponse, Signature, forms_due};
use domain::row::{Entity, Key, Row, Rows, View};
use domain::schedule::{Appointment, VisitType};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A signature, and the words that it was given under.
pub struct Signed {
    /// Who, and as what.
    pub signature: Signature,
    /// The words, as they were shown.
    pub under: &'static str,
}

/// Forms as a practice has them, and what the patients of some visits answered.
pub struct Forms {
    forms: Vec<Questionnaire>,
    responses: Vec<QuestionnaireResponse>,
    kinds: BTreeMap<domain::id::VisitTypeId, VisitType>,
}

impl Forms {
    /// Those that a visit still asks for.
    pub fn due(&self, visit: &Appointment, today: NaiveDate) -> Vec<&Questionnaire> {
        let Some(kind) = self.kinds.get(&visit.visit_type_id) else {
            return Vec::new();
        };
        let own: Vec<QuestionnaireResponse> = self
            .responses
            .iter()
            .filter(|response| response.patient_id == Some(visit.patient_id))
            .cloned()
            .collect();
        forms_due(visit, kind, &self.forms, &own, today)
    }

    /// One of them.
    pub fn form(&self, id: QuestionnaireId) -> Option<&Questionnaire> {
        self.forms.iter().find(|form| form.id == id)
    }
}

impl Portal {
    /// What some visits ask for.
    pub async fn forms(&self, visitor: &Visitor, visits: &[Appointment]) -> Result<Forms> {
        let forms = self.db.all_rows(visitor.practice, Entity::Questionnaire).await?;
        let keys = visits
            .iter()
            .flat_map(|visit| {
                [
                    Key::Row(Entity::VisitType, visit.visit_type_id.0),
                    Key::OfPatient(Entity::QuestionnaireResponse, visit.patient_id),
                ]
            })
            .collect();
        let rows: Rows = self.db.rows(visitor.practice, &keys).await?;
        let form = |row| match row {
            Row::Questionnaire(form) => Some(form),
            _ => None,
        };
        let response = |row: &Row| match row {
            Row::QuestionnaireResponse(response) => Some(response.clone()),
            _ => None,
        };
        let kind = |visit: &Appointment| match rows.one(&Key::Row(Entity::VisitType, visit.visit_type_id.0)) {
            Some(Row::VisitType(kind)) => Some((kind.id, kind)),
            _ => None,
        };
        Ok(Forms {
            forms: forms.into_iter().filter_map(form).collect(),
            responses: rows.iter().filter_map(response).collect(),
            kinds: visits.iter().filter_map(kind).collect(),
        })
    }

    /// Takes answers in, once for each form of a visit. A signature here is a typed name; when, and under which words it
    /// was given, is kept beside it.
    pub async fn answer(
        &self,
        visitor: &Visitor,
        (visit, form): (&Appointment, &Questionnaire),
        (answers, signed): (Answers, Option<Signed>),
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<(), Refusal>> {
        let response_id = QuestionnaireResponseId(Uuid::new_v5(&visit.id.0, form.id.0.as_bytes()));
        let under = signed.as_ref().map(|signed| signed.under);
        let command = AnswerQuestionnaire {
            response_id,
            patient_id: visit.patient_id,
            appointment_id: Some(visit.id),
            questionnaire_id: form.id,
            answers,
            language: visitor.language,
            signature: signed.map(|signed| signed.signature),
        };
        let done = self
            .give(visitor, Command::AnswerQuestionnaire(command), now)
            .await?;
        if let (Ok(()), Some(under)) = (&done, under) {
            let detail = serde_json::json!({
                "response": response_id,
                "language": visitor.language.tag(),
                "words_sha256": STANDARD.encode(Sha256::digest(under)),
            });
            let noted = Noted::done("portal.sign").with(detail);
            self.note(visitor.practice, &[visit.patient_id], noted).await?;
        }
        Ok(done)
    }
}
