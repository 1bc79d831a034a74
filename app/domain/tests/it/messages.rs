//! Every code has a sentence that says what to do, in both languages.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::access::Role;
use domain::command::{Command, CommandName};
use domain::coverage::{Coverage, RecordCoverage};
use domain::decide::{Refusal, RefusalCode};
use domain::id::*;
use domain::intake::*;
use domain::messages::field_label;
use domain::patients::*;
use domain::practice::Site;
use domain::row::Row;
use domain::text::{Lang, Text};
use domain::validate::FaultCode;

const CODES: [RefusalCode; 18] = [
    RefusalCode::NotAllowed,
    RefusalCode::NotFound,
    RefusalCode::AlreadyExists,
    RefusalCode::AlreadyReviewed,
    RefusalCode::Invalid,
    RefusalCode::Revoked,
    RefusalCode::DifferentContent,
    RefusalCode::Unreadable,
    RefusalCode::UnknownVersion,
    RefusalCode::WrongDevice,
    RefusalCode::Constraint,
    RefusalCode::AlreadyReplaced,
    RefusalCode::OutOfScope,
    RefusalCode::QueueFull,
    RefusalCode::CannotBook,
    RefusalCode::NeedsReason,
    RefusalCode::AlreadyMoved,
    RefusalCode::IllegalStep,
];

/// Stops compiling when a code is added, so that it is added to the list above too.
fn _every_code_is_listed(code: RefusalCode) {
    use RefusalCode::*;
    match code {
        NotAllowed | NotFound | AlreadyExists | AlreadyReviewed | Invalid | Revoked | DifferentContent
        | Unreadable | UnknownVersion | WrongDevice | Constraint | AlreadyReplaced | OutOfScope
        | QueueFull | CannotBook | NeedsReason | AlreadyMoved | IllegalStep => {}
    }
}

fn all() -> Vec<(String, Text)> {
    let faults = FaultCode::ALL
        .iter()
        .map(|code| (format!("{code:?}"), code.sentence()));
    faults
        .chain(CODES.iter().map(|code| (format!("{code:?}"), code.sentence())))
        .collect()
}

/// Words that people at a desk do not use.
const JARGON: [&str; 16] = [
    "uuid",
    "null",
    "error code",
    "código de error",
    "json",
    "http",
    "sha",
    "hash",
    "exception",
    "invalid",
    "_",
    "::",
    "mrn",
    "undefined",
    "primary key",
    "payload",
];

fn plain(sentence: &str) -> Result<(), &'static str> {
    let lower = sentence.to_lowercase();
    JARGON
        .into_iter()
        .find(|word| lower.contains(word))
        .map_or(Ok(()), Err)
}

#[test]
fn every_code_has_a_sentence_of_its_own_in_both_languages() {
    for (code, text) in all() {
        assert!(!text.en.trim().is_empty() && !text.es.trim().is_empty(), "{code}");
        assert_ne!(text.en, text.es, "{code}");
        for sentence in [text.en, text.es] {
            assert!(
                sentence.chars().next().unwrap().is_uppercase() || sentence.starts_with('{'),
                "{code}"
            );
            assert_eq!(plain(sentence), Ok(()), "{code}");
            assert_eq!(sentence, sentence.trim(), "{code}");
        }
    }
}

#[test]
fn both_languages_ask_for_the_same_details() {
    let details = |text: &str| {
        let mut names: Vec<String> = text
            .split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    for (code, text) in all() {
        assert_eq!(details(text.en), details(text.es), "{code}");
    }
}

/// Every way in which `decide` refuses, as it really happens.
fn refusals() -> Vec<Refusal> {
    let mut out = Vec::new();
    let mut world = World::new();
    let elena = world.patient();
    world.rows.put(Row::Coverage(coverage(50, elena, "OLD-1")));
    world
        .rows
        .put(Row::RelatedPerson(related(30, elena, vec![RelatedRole::Escort])));
    let jonas = world.register(named(11, "Jonas", "Weber", "1990-12-01"));
    world.role = Role::Service;
    world.give(Command::SubmitIntake(submit(700, elenas_submission())));
    world.give(Command::SubmitIntake(submit(701, elenas_submission())));
    world.give(Command::AcceptIntake(accept(700, elena)));
    let form = match golden(CommandName::PublishConsentForm) {
        Command::PublishConsentForm(form) => form,
        _ => unreachable!(),
    };
    world.give(Command::PublishConsentForm(form.clone()));
    world.correct(
        elena,
        vec![change(PatientField::Pronouns, serde_json::Value::Null, "a")],
    );
    let conflict_id = crate::rows_of!(
        world
            .correct(elena, vec![change(PatientField::Pronouns, "b", "c")])
            .facts,
        Conflict
    )[0]
    .id;
    let resolve = |patient_id| {
        Command::ResolveConflict(ResolveConflict {
            conflict_id,
            patient_id,
            keep_mine: true,
            expects: None,
            value: None,
            related_person_id: None,
            referral_id: None,
        })
    };
    let Command::RecordSite(site) = golden(CommandName::RecordSite) else {
        unreachable!()
    };
    let mut unsigned = elenas_submission();
    unsigned.consents[0].signature = None;
    let mut no_zip = elenas_submission();
    no_zip
        .contact
        .as_mut()
        .unwrap()
        .address
        .as_mut()
        .unwrap()
        .postal_code
        .clear();
    let register = |patient| {
        Command::RegisterPatient(RegisterPatient {
            patient,
            site_id: None,
        })
    };
    let intake_id = IntakeId(id(701));
    let mut sites = World::new();
    sites.role = Role::Owner;
    sites.give(golden(CommandName::RecordBillingEntity));
    out.push(sites.refused(Command::RecordSite(Site {
        time_zone: "five hours behind".into(),
        ..site.clone()
    })));
    for command in [
        register(crate::common::elena()),
        register(named(12, "", "", "1990-12-01")),
        register(named(12, "A", "B", "2090-12-01")),
        Command::CorrectPatient(CorrectPatient {
            patient_id: PatientId(id(99)),
            changes: vec![],
        }),
        Command::CorrectPatient(CorrectPatient {
            patient_id: elena,
            changes: vec![change(PatientField::BirthOn, "1984-03-09", "soon")],
        }),
        Command::RecordRelatedPerson(related(30, jonas, vec![])),
        Command::RecordRelatedPerson(RelatedPerson {
            relationship: "".into(),
            ..related(31, jonas, vec![])
        }),
        Command::MarkDistinct(MarkDistinct { a: elena, b: elena }),
        resolve(jonas),
        Command::RecordSite(site),
        record(coverage(50, elena, "X")),
        record(coverage(51, elena, "")),
        Command::SubmitIntake(submit(700, elenas_submission())),
        Command::SubmitIntake(submit(702, unsigned)),
        Command::SubmitIntake(submit(702, no_zip)),
        Command::AcceptIntake(accept(700, elena)),
        Command::AcceptIntake(accept(799, elena)),
        Command::RejectIntake(RejectIntake {
            intake_id,
            reason: "".into(),
        }),
        Command::RejectIntake(RejectIntake {
            intake_id,
            reason: "x".repeat(3000),
        }),
        Command::PublishConsentForm(ConsentForm { version: 9, ..form }),
    ] {
        out.push(world.refused(command));
    }
    world.give(resolve(elena));
    out.push(world.refused(resolve(elena)));
    world.role = Role::Auditor;
    out.push(world.refused(golden(CommandName::RegisterPatient)));
    out
}

fn record(coverage: Coverage) -> Command {
    Command::RecordCoverage(RecordCoverage {
        coverage,
        replaces_from: None,
    })
}

#[test]
fn every_refusal_reads_as_a_whole_sentence() {
    for refusal in refusals() {
        let (en, es) = (refusal.sentence(Lang::En), refusal.sentence(Lang::Es));
        assert_ne!(en, es);
        for sentence in [en, es] {
            assert!(!sentence.contains(['{', '}']), "{sentence}");
            assert!(
                !sentence.contains("\"\"") && !sentence.starts_with(' '),
                "a detail is blank: {sentence}"
            );
            assert_eq!(plain(&sentence), Ok(()), "{sentence}");
        }
    }
}

#[test]
fn what_a_refusal_speaks_of_is_said_in_the_readers_language() {
    let english = [
        "(patient)",
        "coverage",
        "decision)",
        "intake",
        "billing",
        "related",
        "form version",
        "name",
    ];
    for refusal in refusals() {
        let sentence = refusal.sentence(Lang::Es);
        assert!(!english.iter().any(|word| sentence.contains(word)), "{sentence}");
    }
}

#[test]
fn a_refusal_never_says_who_the_patient_is() {
    for refusal in refusals() {
        let all = serde_json::to_string(&refusal).unwrap();
        for secret in ["Elena", "Delgado", "1984", "414 555", "LKS-900", "Mill"] {
            assert!(!all.contains(secret), "{all}");
        }
    }
}

#[test]
fn every_field_that_can_be_corrected_has_a_name_in_both_languages() {
    for field in PatientField::ALL {
        let path = serde_json::to_value(field).unwrap();
        let label = |lang| field_label(path.as_str().unwrap(), lang);
        assert_ne!(label(Lang::En), label(Lang::Es), "{field:?}");
        assert!(!label(Lang::En).contains('_') && !field.label().es.is_empty());
    }
    assert_eq!(field_label("contact.address.postal_code", Lang::En), "ZIP code");
    assert_eq!(
        field_label("insurance.coverages[1].member_id", Lang::Es),
        "Número de miembro"
    );
    assert_eq!(field_label("consents[2].signature", Lang::En), "Signature");
}

#[test]
fn a_fault_beside_a_refusal_says_what_to_do() {
    let refusal = Refusal::new(RefusalCode::Invalid)
        .with("field", "birth_on")
        .with("fault", "BirthInFuture");
    assert_eq!(
        refusal.sentence(Lang::En),
        "Check the field \"Date of birth\". Date of birth must be in the past"
    );
}
