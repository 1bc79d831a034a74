//! A form that is asked by itself: by phone, in the room, or on the patient's own phone.

use super::questionnaire::{Answers, QuestionnaireResponse};
use super::{HistoryAnswers, Signature};
use crate::access::Role;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use crate::schedule::Appointment;
use crate::text::Lang;
use serde::{Deserialize, Serialize};

/// Answers to one form, for a patient who is known.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerQuestionnaire {
    /// Made on the device.
    pub response_id: QuestionnaireResponseId,
    /// Whose.
    pub patient_id: PatientId,
    /// For which visit.
    pub appointment_id: Option<AppointmentId>,
    /// What was asked.
    pub questionnaire_id: QuestionnaireId,
    /// What was answered.
    pub answers: Answers,
    /// In which language it was asked.
    pub language: Lang,
    /// Where the form asks for one.
    pub signature: Option<Signature>,
}
crate::redacted_debug!(AnswerQuestionnaire);

impl AnswerQuestionnaire {
    /// What answering looks at; the patient's own row is always among it.
    pub fn reads(&self) -> Vec<Key> {
        let visit = self
            .appointment_id
            .map(|visit| Key::Row(Entity::Appointment, visit.0));
        [
            Key::Row(Entity::QuestionnaireResponse, self.response_id.0),
            Key::Row(Entity::Questionnaire, self.questionnaire_id.0),
            Key::Row(Entity::Patient, self.patient_id.0),
        ]
        .into_iter()
        .chain(visit)
        .collect()
    }
}

fn not_found(what: &str) -> Refusal {
    Refusal::new(RefusalCode::NotFound).with("what", what)
}

/// Taken whole or not at all. A form that was withdrawn meanwhile is taken: somebody has answered it. Patients by
/// themselves answer for a visit that they have before them, and not to their record at large.
pub fn answer_questionnaire(
    view: &impl View,
    ctx: &Ctx,
    args: &AnswerQuestionnaire,
) -> Result<Decision, Refusal> {
    let response = Key::Row(Entity::QuestionnaireResponse, args.response_id.0);
    if view.one(&response).is_some() {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "answers"));
    }
    if view.one(&Key::Row(Entity::Patient, args.patient_id.0)).is_none() {
        return Err(not_found("patient"));
    }
    let Some(Row::Questionnaire(form)) = view.one(&Key::Row(Entity::Questionnaire, args.questionnaire_id.0))
    else {
        return Err(not_found("form"));
    };
    let alone = ctx.role == Role::Patient;
    if alone && args.appointment_id.is_none() {
        return Err(not_found("appointment"));
    }
    if let Some(visit) = args.appointment_id {
        let fits = |visit: &Appointment| {
            visit.patient_id == args.patient_id && (!alone || visit.may_answer(ctx.now))
        };
        match view.one(&Key::Row(Entity::Appointment, visit.0)) {
            Some(Row::Appointment(visit)) if fits(&visit) => {}
            // A device need not hold it; the server does.
            None if !ctx.is_server() => {}
            _ => return Err(not_found("appointment")),
        }
    }
    let said = HistoryAnswers {
        questionnaire_id: args.questionnaire_id,
        answers: args.answers.clone(),
        signature: args.signature.clone(),
    };
    let blank = QuestionnaireResponse {
        patient_id: Some(args.patient_id),
        appointment_id: args.appointment_id,
        authored_by: Some(ctx.actor_name.clone()),
        language: Some(args.language),
        ..said.kept(args.response_id, None, ctx.device_time)
    };
    Ok(Decision::put(Row::QuestionnaireResponse(
        form.response(&said, blank)?,
    )))
}
