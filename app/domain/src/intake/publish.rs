//! Rules for publishing forms and texts, in versions.

use super::*;
use crate::command::SERVER;
use crate::decide::{Decision, Refusal, RefusalCode};
use crate::row::{Entity, Key, Row, View};

/// Publishes one version of a questionnaire.
pub type PublishQuestionnaire = Questionnaire;
/// Publishes one version of a consent text.
pub type PublishConsentForm = ConsentForm;

/// A version of a consent's text is published once and never changed.
pub fn publish_consent_form(view: &impl View, form: &ConsentForm) -> Result<Decision, Refusal> {
    match view.one(&Key::Row(Entity::ConsentForm, form.id.0)) {
        Some(Row::ConsentForm(known)) if known == *form => Ok(Decision::facts(Vec::new())),
        Some(_) => Err(published_before()),
        None => Ok(Decision::put(Row::ConsentForm(form.clone()))),
    }
}

fn published_before() -> Refusal {
    Refusal::new(RefusalCode::AlreadyExists).with("what", "form version")
}

/// A version of a form is published once and never changed, but that it can be withdrawn and brought back. It is sound,
/// and the one after the version that it replaces.
pub fn publish_questionnaire(view: &impl View, form: &Questionnaire) -> Result<Decision, Refusal> {
    let version = |id: QuestionnaireId| match view.one(&Key::Row(Entity::Questionnaire, id.0)) {
        Some(Row::Questionnaire(known)) => Some(known),
        _ => None,
    };
    if let Some(known) = version(form.id) {
        let asked = Questionnaire {
            retired: form.retired,
            ..known.clone()
        };
        return match known.retired == form.retired {
            _ if asked != *form => Err(published_before()),
            true => Ok(Decision::facts(Vec::new())),
            false => Ok(Decision::put(Row::Questionnaire(asked))),
        };
    }
    // A page shows every fault before it publishes, in a file of its own; here it would carry the checks a second time.
    if SERVER && let Some(fault) = form.faults().first() {
        return Err(fault.into_refusal());
    }
    let before = form.replaces_id.map(|id| version(id).ok_or(id)).transpose();
    let next = match before.map_err(|_| Refusal::new(RefusalCode::NotFound).with("what", "form version"))? {
        None => 1,
        Some(before) if before.slug != form.slug => 0,
        Some(before) => before.version + 1,
    };
    match form.version == next {
        true => Ok(Decision::put(Row::Questionnaire(form.clone()))),
        false => {
            let fault = FormFault {
                at: FormPlace::Form("version"),
                why: FormProblem::NotNext,
            };
            Err(fault.into_refusal())
        }
    }
}

/// What publishing looks at.
pub fn publish_reads(form: &Questionnaire) -> Vec<Key> {
    let versions = [form.id].into_iter().chain(form.replaces_id);
    versions.map(|id| Key::Row(Entity::Questionnaire, id.0)).collect()
}
