//! Rules for submitting an intake: checked whole, and every form of it against the version that it names.

use super::*;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::row::{Entity, Key, Row, View};
use crate::validate::Validate;

/// Sends what a patient said.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmitIntake {
    /// Made on the kiosk.
    pub intake_id: IntakeId,
    /// Where the kiosk stands.
    pub site_id: Option<SiteId>,
    /// Everything but health.
    pub content: Submission,
    /// Health, stored apart.
    pub history: Option<HistoryAnswers>,
    /// Answers to further forms, stored apart, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<HistoryAnswers>,
}

crate::redacted_debug!(SubmitIntake);

/// Most forms that one submission answers.
pub const MOST_FORMS: usize = 8;

impl SubmitIntake {
    /// The answers to all its forms, in order.
    pub fn histories(&self) -> impl Iterator<Item = &HistoryAnswers> {
        self.history.iter().chain(&self.more)
    }

    /// What submitting looks at: the forms, too, so that the server can hold the answers against what was asked.
    pub fn reads(&self) -> Vec<Key> {
        let forms = self.histories();
        let forms = forms.map(|said| Key::Row(Entity::Questionnaire, said.questionnaire_id.0));
        [Key::Row(Entity::Intake, self.intake_id.0)]
            .into_iter()
            .chain(forms)
            .collect()
    }
}

/// The health answers of a submission have an id of their own, known from the submission's.
pub fn response_id(intake: IntakeId) -> QuestionnaireResponseId {
    response_ids(intake)[0]
}

/// The same for each form that a submission may answer, in order.
pub fn response_ids(intake: IntakeId) -> [QuestionnaireResponseId; MOST_FORMS] {
    std::array::from_fn(|nth| QuestionnaireResponseId::derived(CommandId(intake.0), nth as u32))
}

/// Where the answers to each of those forms are.
pub(super) fn response_keys(intake: IntakeId) -> impl Iterator<Item = Key> {
    let ids = response_ids(intake).into_iter();
    ids.map(|id| Key::Row(Entity::QuestionnaireResponse, id.0))
}

/// The rows that keep the answers of a submission. Each is held against the version that it names; one that is not known
/// here is kept as it was said, for what a patient said is never turned away because of what we lack.
fn responses(
    view: &impl View,
    ctx: &Ctx,
    args: &SubmitIntake,
) -> Result<Vec<QuestionnaireResponse>, Refusal> {
    if args.histories().count() > MOST_FORMS {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "history"));
    }
    let ids = response_ids(args.intake_id);
    let kept = ids.into_iter().zip(args.histories()).map(|(id, said)| {
        let blank = QuestionnaireResponse {
            language: Some(args.content.language),
            ..said.kept(id, Some(args.intake_id), ctx.device_time)
        };
        match view.one(&Key::Row(Entity::Questionnaire, said.questionnaire_id.0)) {
            Some(Row::Questionnaire(form)) => form.response(said, blank),
            _ => Ok(blank),
        }
    });
    kept.collect()
}

/// Whether a submission is sound. Ages are counted on the day it was filled in: a tablet may have been offline since a
/// birthday.
pub fn check_submission(ctx: &Ctx, args: &SubmitIntake) -> Result<(), Refusal> {
    args.content
        .faults(ctx.today.max(ctx.device_time.date_naive()))
        .into_refusal()
}

/// Checked whole, as the kiosk checked it page by page; kept as said.
pub fn submit_intake(view: &impl View, ctx: &Ctx, args: &SubmitIntake) -> Result<Decision, Refusal> {
    if view.one(&Key::Row(Entity::Intake, args.intake_id.0)).is_some() {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "intake"));
    }
    check_submission(ctx, args)?;
    let responses = responses(view, ctx, args)?;
    let intake = Intake {
        id: args.intake_id,
        device_id: ctx.device_id,
        site_id: args.site_id,
        received_at: ctx.now,
        submitted_at: ctx.device_time,
        status: IntakeStatus::Pending,
        patient_id: None,
        reviewed_by: None,
        reviewed_at: None,
        rejection_reason: None,
        history_response_id: responses.first().map(|response| response.id),
        content: args.content.clone(),
    };
    let mut facts = vec![Row::Intake(intake)];
    facts.extend(responses.into_iter().map(Row::QuestionnaireResponse));
    Ok(Decision::facts(facts))
}
