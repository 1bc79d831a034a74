//! Which forms a visit still asks for.

use super::questionnaire::{Questionnaire, QuestionnaireResponse, newest};
use crate::id::QuestionnaireId;
use crate::schedule::{Appointment, VisitType};
use chrono::{Days, NaiveDate};

/// The forms that a visit asks for and that were not answered for it: of each that its kind of visit names, the newest
/// version, unless it was withdrawn, in the order in which they are named. Answered for it is what names the
/// appointment, what was answered at check-in on the day of the visit or around it, and what still stands
/// ([`Questionnaire::valid_days`], counted back from `today`, the site's day). Answers to an older version count.
///
/// `responses` are those of the appointment's patient.
pub fn forms_due<'a>(
    appointment: &Appointment,
    visit_type: &VisitType,
    questionnaires: &'a [Questionnaire],
    responses: &[QuestionnaireResponse],
    today: NaiveDate,
) -> Vec<&'a Questionnaire> {
    let slug_of = |id: QuestionnaireId| {
        let found = questionnaires.iter().find(|form| form.id == id);
        found.map(|form| form.slug.as_str())
    };
    let current = newest(questionnaires);
    let mut due: Vec<&Questionnaire> = Vec::new();
    for slug in visit_type.questionnaire_ids.iter().filter_map(|id| slug_of(*id)) {
        let Some(form) = current.iter().find(|form| form.slug == slug) else {
            continue;
        };
        let answered = responses.iter().any(|response| {
            slug_of(response.questionnaire_id) == Some(slug) && counts(response, appointment, form, today)
        });
        let named = due.iter().any(|known| known.slug == form.slug);
        if !form.retired && !answered && !named {
            due.push(form);
        }
    }
    due
}

/// Whether a response to some version of a form will do for a visit.
fn counts(
    response: &QuestionnaireResponse,
    appointment: &Appointment,
    form: &Questionnaire,
    today: NaiveDate,
) -> bool {
    let at_check_in = response.appointment_id.is_none()
        && (appointment.start_at - response.authored_at).num_hours().abs() < 24;
    let stands = form.valid_days.is_some_and(|days| {
        let until = response
            .authored_at
            .date_naive()
            .checked_add_days(Days::new(u64::from(days)));
        until.is_none_or(|until| today <= until)
    });
    response.appointment_id == Some(appointment.id) || at_check_in || stands
}
