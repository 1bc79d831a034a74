//! Submissions of the demo's day: some wait at the desk, one of them in Spanish, and some were accepted.

use super::people::{id, sites};
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::coverage::{PayerOrder, SubscriberRelationship};
use domain::id::{IntakeId, QuestionnaireId};
use domain::intake::*;
use domain::patients::{Patient, TelecomSystem};
use domain::text::Lang;
use std::collections::BTreeMap;

const REASONS: [(&str, &str); 5] = [
    ("Blood pressure follow-up", "Control de la presión"),
    (
        "Sore throat for three days",
        "Dolor de garganta desde hace tres días",
    ),
    ("Knee pain, right", "Dolor en la rodilla derecha"),
    ("Yearly check", "Revisión anual"),
    ("Refill of my medicine", "Renovar mi medicina"),
];
/// How many wait.
const WAITING: usize = 6;
/// How many were accepted.
const ACCEPTED: usize = 4;

/// The commands that submit them, and accept some.
pub fn commands(registered: &[Command], consents: &[ConsentForm], at: DateTime<Utc>) -> Vec<Command> {
    let patients: Vec<&Patient> = registered
        .iter()
        .filter_map(|command| match command {
            Command::RegisterPatient(args) => Some(&args.patient),
            _ => None,
        })
        .filter(|patient| patient.telecoms.iter().any(|t| t.system == TelecomSystem::Phone))
        .filter(|patient| patient.age_on(at.date_naive()) >= 18 && patient.deceased_on.is_none())
        .collect();
    let spanish = patients
        .iter()
        .rev()
        .find(|patient| patient.language == "es")
        .copied();
    let chosen: Vec<&Patient> = spanish
        .into_iter()
        .chain(patients.iter().copied().step_by(7))
        .take(WAITING + ACCEPTED)
        .collect();
    let mut commands = Vec::new();
    for (n, patient) in chosen.into_iter().enumerate() {
        let submitted = submission(n, patient, consents, at);
        let intake_id = submitted.intake_id;
        let safe = safe_changes(&submitted.content, Some(patient));
        commands.push(Command::SubmitIntake(submitted));
        if n >= WAITING {
            commands.push(Command::AcceptIntake(AcceptIntake {
                intake_id,
                patient_id: patient.id,
                new_patient: false,
                accepted: safe,
                coverages: Vec::new(),
                emergency_contact: true,
                guarantor: false,
            }));
        }
    }
    commands
}

fn submission(n: usize, patient: &Patient, consents: &[ConsentForm], at: DateTime<Utc>) -> SubmitIntake {
    let language = Lang::from_tag(&patient.language);
    let (en, es) = REASONS[n % REASONS.len()];
    let reason = if language == Lang::Es { es } else { en };
    let phone = patient
        .telecoms
        .first()
        .map(|t| t.value.clone())
        .unwrap_or_default();
    // Some have a new phone, and some a new card.
    let phone = if n.is_multiple_of(2) {
        format!("555 014 {:04}", 4400 + n)
    } else {
        phone
    };
    let insurance = if n.is_multiple_of(3) {
        InsuranceAnswer::Coverages {
            coverages: vec![SubmittedCoverage {
                payer_order: PayerOrder::Primary,
                payer_name: "Lakeshore Health".to_owned(),
                member_id: format!("LKH 44{n} 2093"),
                group_number: None,
                subscriber_relationship: SubscriberRelationship::Itself,
                subscriber: None,
                card_front: None,
                card_back: None,
            }],
        }
    } else {
        InsuranceAnswer::Same
    };
    SubmitIntake {
        intake_id: IntakeId(id(&format!("intake:{n}"))),
        site_id: Some(sites()[n % 2]),
        content: Submission {
            language,
            filled_by: FilledBy::Patient,
            returning: true,
            identity: Identity {
                given_name: patient.given_name.clone(),
                middle_name: patient.middle_name.clone(),
                family_name: patient.family_name.clone(),
                suffix: None,
                preferred_name: None,
                birth_on: patient.birth_on,
                phone,
            },
            details: None,
            contact: None,
            insurance,
            emergency_contact: Some(Person {
                given_name: "Alex".to_owned(),
                family_name: patient.family_name.clone(),
                relationship: if language == Lang::Es {
                    "hermano"
                } else {
                    "brother"
                }
                .to_owned(),
                phone: format!("555 017 {:04}", 1200 + n),
                birth_on: None,
            }),
            guarantor: None,
            reason: reason.to_owned(),
            consents: consents
                .iter()
                .map(|form| signed(form, patient, language, at))
                .collect(),
        },
        history: Some(HistoryAnswers {
            questionnaire_id: QuestionnaireId(id("questionnaire:1")),
            answers: answers(n, language),
            signature: None,
        }),
        more: Vec::new(),
    }
}

fn signed(form: &ConsentForm, patient: &Patient, language: Lang, at: DateTime<Utc>) -> SubmittedConsent {
    let declined = form.kind == ConsentKind::Texting && patient.id.0.as_u128().is_multiple_of(4);
    let wave = (0..24)
        .map(|x| (80 + x * 30, 150 + if x % 2 == 0 { 40 } else { -40 }))
        .collect();
    SubmittedConsent {
        form_id: form.id,
        kind: form.kind,
        text_hash: form.text_hash(language),
        decision: if declined {
            ConsentDecision::Declined
        } else {
            ConsentDecision::Agreed
        },
        signature: (!declined).then(|| Signature {
            strokes: vec![wave],
            typed_name: format!("{} {}", patient.given_name, patient.family_name),
            relationship: SignerRelationship::Patient,
        }),
        signed_at: at,
    }
}

fn answers(n: usize, language: Lang) -> BTreeMap<String, Answer> {
    let allergic = n.is_multiple_of(3);
    let mut answers = BTreeMap::from([
        ("allergies".to_owned(), Answer::YesNo(allergic)),
        ("medicines".to_owned(), Answer::YesNo(false)),
        (
            "conditions".to_owned(),
            Answer::Many(vec![
                if n.is_multiple_of(2) {
                    "hypertension"
                } else {
                    "none"
                }
                .to_owned(),
            ]),
        ),
        ("smoking".to_owned(), Answer::One("never".to_owned())),
    ]);
    if allergic {
        let what = if language == Lang::Es {
            "Penicilina: ronchas"
        } else {
            "Penicillin: hives"
        };
        answers.insert("allergies-what".to_owned(), Answer::One(what.to_owned()));
    }
    answers
}
