//! What happens to people: registered, corrected, joined, insured, and taken in at the kiosk.

use crate::stand::people::*;
use crate::stand::*;
use domain::command::Command;
use domain::coverage::*;
use domain::id::*;
use domain::intake::*;
use domain::patients::*;
use serde_json::{Value, json};

/// A day at the desk: everything that can happen to a record, and some of it twice.
pub fn history() -> Vec<Command> {
    use PatientField::{
        BirthOn, FamilyName, HomeAddress, Language, MiddleName, MobilePhone, PreferredChannel, PreferredName,
        Suffix,
    };
    let (elena, child, other) = (PatientId(id(10)), PatientId(id(11)), PatientId(id(12)));
    let mut out = vec![
        Command::RegisterPatient(RegisterPatient {
            site_id: None,
            patient: crate::stand::people::elena(),
        }),
        register(10),
        Command::RegisterPatient(RegisterPatient {
            site_id: None,
            patient: named(12, "", "", "1990-01-01"),
        }),
        Command::RegisterPatient(RegisterPatient {
            site_id: None,
            patient: Patient {
                previous_names: vec!["Sørensen".into(), "O'Neil \"Bo\"".into()],
                identifiers: vec![Identifier {
                    issuer: "urn:x".into(),
                    kind: None,
                    value: "7, {\"}".into(),
                }],
                race_codes: vec!["2106-3".into()],
                deceased_on: Some(day("2026-01-02")),
                ..named(12, "Zoë", "Ng", "1990-01-01")
            },
        }),
        correct(
            10,
            vec![change(MiddleName, Value::Null, "Q"), change(Language, "en", "es")],
        ),
        correct(
            10,
            vec![
                change(MiddleName, Value::Null, "R"),
                change(Suffix, Value::Null, "Jr."),
            ],
        ),
        correct(
            10,
            vec![change(MobilePhone, Value::Null, json!(mobile("414 555 0000")))],
        ),
        correct(
            10,
            vec![change(
                HomeAddress,
                json!(home("402 Mill Street")),
                json!(home("1 \\ Lane")),
            )],
        ),
        correct(10, vec![change(BirthOn, "1984-03-09", "not a day")]),
        correct(10, vec![change(PreferredChannel, Value::Null, "voice")]),
        correct(99, vec![]),
        Command::MergePatients(MergePatients {
            keep: elena,
            other,
            take: vec![PatientField::FamilyName, PatientField::MobilePhone],
        }),
        Command::RecordRelatedPerson(related(21, other, vec![])),
        Command::UnmergePatients(UnmergePatients {
            patient_id: elena,
            other,
        }),
        Command::MarkDistinct(MarkDistinct { a: other, b: elena }),
        Command::MarkDistinct(MarkDistinct { a: elena, b: other }),
        Command::RecordRelatedPerson(RelatedPerson {
            address: Some(home("9 Elm")),
            authority: Some("court order 12-4410".into()),
            ..related(20, elena, vec![RelatedRole::Guarantor, RelatedRole::Escort])
        }),
        Command::RecordRelatedPerson(related(20, other, vec![])),
        Command::RecordRelatedPerson(RelatedPerson {
            own_record_id: Some(other),
            ..related(22, elena, vec![RelatedRole::Guarantor])
        }),
        correct_related(20, elena, json!("414 555 0111")),
        correct_related(20, elena, json!("414 555 0122")),
        correct_related(20, other, json!("414 555 0133")),
        correct_related(20, elena, json!(["not a phone"])),
        Command::RecordCoverage(RecordCoverage {
            coverage: Coverage {
                copay_amount: Some("30.5".parse().unwrap()),
                subscriber_relationship: SubscriberRelationship::Child,
                subscriber: Some(Subscriber {
                    family_name: "Delgado".into(),
                    given_name: String::new(),
                    birth_on: day("1960-02-29"),
                    sex: Sex::Male,
                }),
                ..coverage(30, elena, "LKS 1")
            },
            replaces_from: None,
        }),
        Command::RecordCoverage(RecordCoverage {
            coverage: Coverage {
                replaces_id: Some(CoverageId(id(30))),
                ..coverage(31, elena, "LKS 2")
            },
            replaces_from: Some(day("2026-01-01")),
        }),
        Command::RecordCoverage(RecordCoverage {
            coverage: coverage(31, elena, "LKS 3"),
            replaces_from: None,
        }),
        Command::RecordCoverage(RecordCoverage {
            coverage: coverage(32, PatientId(id(98)), "X"),
            replaces_from: None,
        }),
        Command::SubmitIntake(submit(40, elenas_submission())),
        Command::SubmitIntake(submit(40, elenas_submission())),
        Command::SubmitIntake(submit(41, childs_submission())),
        Command::SubmitIntake(SubmitIntake {
            history: None,
            ..submit(42, elenas_submission())
        }),
        Command::SubmitIntake(submit(
            43,
            Submission {
                reason: String::new(),
                ..elenas_submission()
            },
        )),
        Command::AcceptIntake(AcceptIntake {
            accepted: vec![
                change(PreferredName, Value::Null, "Nena"),
                change(
                    MobilePhone,
                    json!(mobile("414 555 0134")),
                    json!(mobile("414 555 0199")),
                ),
                change(MiddleName, Value::Null, "S"),
            ],
            coverages: vec![AcceptedCoverage {
                index: 0,
                replaces_from: day("2026-03-10"),
            }],
            emergency_contact: true,
            guarantor: true,
            ..accept(40, elena)
        }),
        Command::AcceptIntake(accept(40, elena)),
        Command::AcceptIntake(AcceptIntake {
            new_patient: true,
            guarantor: true,
            ..accept(41, child)
        }),
        Command::AcceptIntake(AcceptIntake {
            new_patient: true,
            ..accept(42, elena)
        }),
        Command::RejectIntake(RejectIntake {
            intake_id: IntakeId(id(42)),
            reason: " ".into(),
        }),
        Command::RejectIntake(RejectIntake {
            intake_id: IntakeId(id(42)),
            reason: "A test".into(),
        }),
        Command::RejectIntake(RejectIntake {
            intake_id: IntakeId(id(97)),
            reason: "None".into(),
        }),
    ];
    for (n, name) in (0u128..).zip(["Ana", "Bo", "Çelik", "Dmitri", "李", "Eyjólfur"]) {
        let to = Command::RegisterPatient(RegisterPatient {
            site_id: None,
            patient: named(50 + n, name, "", "2001-12-31"),
        });
        out.push(to);
        out.push(correct(50 + n, vec![change(FamilyName, Value::Null, "O’Hara")]));
        out.push(correct(50 + n, vec![change(FamilyName, Value::Null, "O'Hara")]));
    }
    out
}

/// A phone, entered by someone who saw the one that was recorded first.
fn correct_related(n: u128, patient_id: PatientId, to: Value) -> Command {
    Command::CorrectRelatedPerson(CorrectRelatedPerson {
        related_person_id: RelatedPersonId(id(n)),
        patient_id,
        changes: vec![Change {
            field: RelatedField::Phone,
            from: json!("414 555 0177"),
            to,
        }],
    })
}
