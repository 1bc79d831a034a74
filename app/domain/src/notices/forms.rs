//! Whether somebody is to be told of forms: which are missing say the same rules as at the kiosk and at the desk.

use crate::intake::{Questionnaire, QuestionnaireResponse, forms_due};
use crate::row::{Entity, Key, Row, Rows, View};
use crate::schedule::Appointment;
use chrono::NaiveDate;

/// Whether a form that a visit asks for is still to be filled in on a day, the site's. Among the rows are its kind of
/// visit, every form, and what its patient answered; a kind that is not known asks for none.
pub fn lacks_forms(rows: &Rows, appointment: &Appointment, today: NaiveDate) -> bool {
    let Some(Row::VisitType(kind)) = rows.row(Entity::VisitType, appointment.visit_type_id.0) else {
        return false;
    };
    // Most ask for none.
    if kind.questionnaire_ids.is_empty() {
        return false;
    }
    let forms: Vec<Questionnaire> = rows
        .all(Entity::Questionnaire)
        .filter_map(|row| match row {
            Row::Questionnaire(form) => Some(form.clone()),
            _ => None,
        })
        .collect();
    let answered = Key::OfPatient(Entity::QuestionnaireResponse, appointment.patient_id);
    let responses: Vec<QuestionnaireResponse> = rows
        .get(&answered)
        .into_iter()
        .filter_map(|row| match row {
            Row::QuestionnaireResponse(response) => Some(response),
            _ => None,
        })
        .collect();
    !forms_due(appointment, kind, &forms, &responses, today).is_empty()
}
