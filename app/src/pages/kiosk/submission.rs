//! From answers to what is sent. It can be built at any time, so that every step is checked by the very rules that
//! the server applies; a date that is not one yet stands as today.

use super::answers::{Answers, Card, ConsentAnswer, DateAnswer, PersonAnswer, UNSAID, YES, filled};
use super::texts;
use crate::ports::server::KioskSettings;
use chrono::{DateTime, NaiveDate, Utc};
use domain::coverage::{PayerOrder, Subscriber, SubscriberRelationship};
use domain::id::IntakeId;
use domain::intake::{
    ConsentDecision, ConsentForm, Contact, Details, FilledBy, HistoryAnswers, Identity, InsuranceAnswer,
    Person, Questionnaire, Signature, SignerRelationship, Submission, SubmitIntake, SubmittedAddress,
    SubmittedConsent, SubmittedCoverage,
};
use domain::patients::Sex;
use domain::text::Lang;

/// What answers do not hold.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The consent texts.
    pub consents: &'a [ConsentForm],
    /// The language now.
    pub lang: Lang,
    /// Now.
    pub now: DateTime<Utc>,
}

/// All that is sent.
pub fn submit_args(
    intake_id: IntakeId,
    answers: &Answers,
    settings: &KioskSettings,
    lang: Lang,
    now: DateTime<Utc>,
) -> SubmitIntake {
    let consents = &settings.consents;
    let asked = settings.forms().iter().filter(|_| !answers.checks_in);
    let mut forms = asked.map(|form| history(form, answers));
    SubmitIntake {
        intake_id,
        site_id: settings.site,
        content: submission(answers, Surroundings { consents, lang, now }),
        history: forms.next(),
        more: forms.collect(),
    }
}

/// What was answered to one form, and who signed it.
fn history(form: &Questionnaire, answers: &Answers) -> HistoryAnswers {
    let said = answers.forms.get(&form.slug);
    let signed = answers.signed.get(&form.slug).filter(|_| form.signature_required);
    HistoryAnswers {
        questionnaire_id: form.id,
        answers: said.map(|said| form.relevant(said)).unwrap_or_default(),
        signature: signed.map(|signed| signature(signed, answers.filled_by())),
    }
}

/// The submission as the answers stand.
pub fn submission(answers: &Answers, around: Surroundings) -> Submission {
    let today = around.now.date_naive();
    Submission {
        language: around.lang,
        filled_by: answers.filled_by(),
        returning: answers.returning(),
        identity: Identity {
            given_name: answers.given.trim().to_owned(),
            middle_name: filled(&answers.middle),
            family_name: answers.family.trim().to_owned(),
            suffix: filled(&answers.suffix),
            preferred_name: filled(&answers.preferred),
            birth_on: day(&answers.birth, today),
            phone: answers.phone.trim().to_owned(),
        },
        details: answers.asks("details").then(|| details(answers)),
        contact: (!answers.checks_in || answers.asks("address")).then(|| contact(answers)),
        insurance: insurance(answers, today),
        emergency_contact: answers
            .asks("emergency")
            .then(|| person(&answers.emergency, false)),
        guarantor: (answers.minor(today) && answers.asks("insurance"))
            .then(|| person(&answers.guarantor, true)),
        reason: match answers.checks_in {
            true => texts::CHECKS_IN.get(Lang::En).to_owned(),
            false => answers.reason.trim().to_owned(),
        },
        consents: (around.consents.iter())
            .filter_map(|form| {
                let answer = answers.consents.get(&form.id.to_string())?;
                consent(form, answer, answers.filled_by(), around.now)
            })
            .collect(),
    }
}

fn day(date: &DateAnswer, today: NaiveDate) -> NaiveDate {
    date.date().unwrap_or(today)
}

fn sex(text: &str) -> Sex {
    match text {
        "female" => Sex::Female,
        "male" => Sex::Male,
        _ => Sex::Unknown,
    }
}

fn details(answers: &Answers) -> Details {
    Details {
        sex: sex(&answers.sex),
        gender_identity: filled(&answers.gender),
        pronouns: filled(&answers.pronouns),
        interpreter_needed: answers.interpreter,
        race_codes: answers
            .race
            .iter()
            .filter(|code| *code != UNSAID)
            .cloned()
            .collect(),
        ethnicity_code: filled(&answers.ethnicity).filter(|code| code != UNSAID),
    }
}

/// Whether to text is asked of everyone; address and email only when they are new, and what is absent changes
/// nothing in the record.
fn contact(answers: &Answers) -> Contact {
    let asked = answers.asks("address");
    Contact {
        may_text: answers.may_text == YES,
        email: filled(&answers.email).filter(|_| asked),
        address: (asked && !answers.no_address).then(|| SubmittedAddress {
            line1: answers.street.trim().to_owned(),
            line2: filled(&answers.street2),
            city: answers.city.trim().to_owned(),
            state: answers.state.clone(),
            postal_code: answers.zip.trim().to_owned(),
        }),
    }
}

fn insurance(answers: &Answers, today: NaiveDate) -> InsuranceAnswer {
    match answers.insurance.as_str() {
        _ if answers.checks_in && !answers.asks("insurance") => InsuranceAnswer::Same,
        "same" => InsuranceAnswer::Same,
        "cards" => InsuranceAnswer::Coverages {
            coverages: (answers.cards.iter().take(answers.cards_shown()))
                .zip([PayerOrder::Primary, PayerOrder::Secondary])
                .map(|(card, order)| coverage(card, order, today))
                .collect(),
        },
        _ => InsuranceAnswer::SelfPay,
    }
}

fn coverage(card: &Card, payer_order: PayerOrder, today: NaiveDate) -> SubmittedCoverage {
    let relationship = match card.holder.as_str() {
        "spouse" => SubscriberRelationship::Spouse,
        "child" => SubscriberRelationship::Child,
        "other" => SubscriberRelationship::Other,
        _ => SubscriberRelationship::Itself,
    };
    SubmittedCoverage {
        payer_order,
        payer_name: card.payer.trim().to_owned(),
        member_id: card.member.trim().to_owned(),
        group_number: filled(&card.group),
        subscriber_relationship: relationship,
        subscriber: (relationship != SubscriberRelationship::Itself).then(|| Subscriber {
            family_name: card.family.trim().to_owned(),
            given_name: card.given.trim().to_owned(),
            birth_on: day(&card.birth, today),
            sex: sex(&card.sex),
        }),
        card_front: card.front.clone(),
        card_back: card.back.clone(),
    }
}

fn person(answer: &PersonAnswer, with_birth: bool) -> Person {
    Person {
        given_name: answer.given.trim().to_owned(),
        family_name: answer.family.trim().to_owned(),
        relationship: answer.relationship.trim().to_owned(),
        phone: answer.phone.trim().to_owned(),
        birth_on: answer.birth.date().ok().filter(|_| with_birth),
    }
}

fn signature(answer: &ConsentAnswer, filled_by: FilledBy) -> Signature {
    Signature {
        strokes: answer.strokes.clone(),
        typed_name: answer.typed_name.trim().to_owned(),
        relationship: match filled_by {
            FilledBy::Patient => SignerRelationship::Patient,
            FilledBy::Parent => SignerRelationship::Parent,
            FilledBy::Helper => SignerRelationship::Representative,
        },
    }
}

fn consent(
    form: &ConsentForm,
    answer: &ConsentAnswer,
    filled_by: FilledBy,
    now: DateTime<Utc>,
) -> Option<SubmittedConsent> {
    let decision = match answer.decision.as_str() {
        "agreed" => ConsentDecision::Agreed,
        "declined" => ConsentDecision::Declined,
        _ => return None,
    };
    let signature = (decision == ConsentDecision::Agreed).then(|| signature(answer, filled_by));
    Some(SubmittedConsent {
        form_id: form.id,
        kind: form.kind,
        text_hash: form.text_hash(answer.lang),
        decision,
        signature,
        signed_at: answer.at.unwrap_or(now),
    })
}
