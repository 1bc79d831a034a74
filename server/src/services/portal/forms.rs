//! The forms that a visit asks for, filled in beforehand. Which, and whether answers are sound, say the same rules as at
//! the kiosk and at the desk.

use super::{Portal, Visitor};
use crate::error::Result;
use crate::keys::OsRandomness;
use chrono::{DateTime, NaiveDate, Utc};
use domain::command::Command;
use domain::decide::Refusal;
use domain::id::{QuestionnaireId, QuestionnaireResponseId};
use domain::intake::questionnaire::Answers;
use domain::intake::{
    AnswerQuestionnaire, Questionnaire, QuestionnaireResponse, Signature, SignerRelationship, forms_due,
};
use domain::row::{Entity, Key, Row, Rows, View};
use domain::schedule::{Appointment, VisitType};
use std::collections::BTreeMap;

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

    /// Takes answers in. A signature here is a typed name (15 USC 7006(5)).
    pub async fn answer(
        &self,
        visitor: &Visitor,
        (visit, form): (&Appointment, &Questionnaire),
        (answers, signed): (Answers, Option<String>),
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<(), Refusal>> {
        let signature = signed
            .filter(|name| !name.trim().is_empty())
            .map(|typed_name| Signature {
                strokes: Vec::new(),
                typed_name: typed_name.trim().to_owned(),
                relationship: SignerRelationship::Patient,
            });
        let command = AnswerQuestionnaire {
            response_id: QuestionnaireResponseId(sync::new_id(now, &OsRandomness)),
            patient_id: visit.patient_id,
            appointment_id: Some(visit.id),
            questionnaire_id: form.id,
            answers,
            language: visitor.language,
            signature,
        };
        self.give(visitor, Command::AnswerQuestionnaire(command), now)
            .await
    }
}
