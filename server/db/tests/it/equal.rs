//! The same commands on Postgres and in memory leave the same rows and the same receipts.

use crate::stand::people::*;
use crate::stand::*;
use domain::command::{Command, CommandName};
use domain::coverage::*;
use domain::decide::{NumberKind, RefusalCode};
use domain::id::*;
use domain::intake::*;
use domain::patients::*;
use domain::row::{Entity, Row, Rows};
use domain::schedule::{AppointmentState, BookAppointment, PutInRoom, SetAppointmentState};
use domain::tray::{ResolveTrayItem, TrayChoice, TrayState};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use sync::hub::{self, Opened};
use sync::wire::ReceiptStatus;

/// The hub in memory.
#[derive(Default)]
struct Memory {
    rows: Rows,
    numbers: BTreeMap<NumberKind, u64>,
    head: u64,
}

impl Memory {
    fn accept(&mut self, batch: Vec<Opened>) -> Vec<sync::wire::Receipt> {
        let decided = hub::decide_batch(&self.rows, batch, self.numbers.clone(), self.head);
        decided.rows.iter().cloned().for_each(|row| self.rows.put(row));
        self.numbers = decided.numbers;
        self.head = decided.head;
        decided.judged.into_iter().map(|judged| judged.receipt).collect()
    }
}

pub fn golden() -> Vec<Command> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../app/domain/tests/golden");
    let mut found: Vec<domain::command::Envelope> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap())
        .collect();
    found.sort_by_key(|envelope| envelope.seq);
    found
        .into_iter()
        .map(|envelope| envelope.command().unwrap())
        .collect()
}

/// A day at the desk: everything that can happen to a record, and some of it twice.
fn history() -> Vec<Command> {
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
    // A second site, as far away as the golden file says.
    let of_golden = |name: CommandName| golden().into_iter().find(|command| command.name() == name);
    if let (Some(Command::RecordSite(site)), Some(Command::SetTravel(way))) = (
        of_golden(CommandName::RecordSite),
        of_golden(CommandName::SetTravel),
    ) {
        out.push(Command::RecordSite(domain::practice::Site { id: way.b, ..site }));
        out.push(Command::SetTravel(way));
    }
    for (n, name) in (0u128..).zip(["Ana", "Bo", "Çelik", "Dmitri", "李", "Eyjólfur"]) {
        let to = Command::RegisterPatient(RegisterPatient {
            site_id: None,
            patient: named(50 + n, name, "", "2001-12-31"),
        });
        out.push(to);
        out.push(correct(50 + n, vec![change(FamilyName, Value::Null, "O’Hara")]));
        out.push(correct(50 + n, vec![change(FamilyName, Value::Null, "O'Hara")]));
    }
    out.extend(in_the_house().chain(crate::standing::history()));
    out.extend(crate::terms::history());
    out
}

/// The visit that was called off is booked again, they come, and are put in a room and out of it.
fn in_the_house() -> impl Iterator<Item = Command> {
    let booked = golden().into_iter().find_map(|command| match command {
        Command::BookAppointment(args) => Some(args),
        _ => None,
    });
    let booked = BookAppointment {
        overbook_reason: Some("As agreed".into()),
        hold_minutes: None,
        ..booked.unwrap()
    };
    let (appointment_id, patient_id) = (booked.appointment_id, booked.patient_id);
    let arrived = SetAppointmentState {
        appointment_id,
        patient_id,
        state: AppointmentState::Arrived,
        from: None,
        note: None,
    };
    let (start_at, rooms) = (booked.place.start_at, booked.place.resource_ids.clone());
    let put = move |resource_ids| {
        Command::PutInRoom(PutInRoom {
            appointment_id,
            patient_id,
            start_at,
            resource_ids,
        })
    };
    [
        Command::BookAppointment(booked),
        Command::SetAppointmentState(arrived),
        put(Vec::new()),
        put(rooms),
    ]
    .into_iter()
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

/// Both choices, once the conflicts are there to choose from.
fn decisions(rows: &Rows) -> Vec<Command> {
    let conflicts = rows.all(Entity::Conflict).filter_map(|row| match row {
        Row::Conflict(conflict) => Some(conflict),
        _ => None,
    });
    let items = rows.all(Entity::TrayItem).filter_map(|row| match row {
        Row::TrayItem(item) if item.state == TrayState::Open => Some(item.id),
        _ => None,
    });
    let dropped = items.map(|id| {
        Command::ResolveTrayItem(ResolveTrayItem {
            tray_item_id: id,
            choice: TrayChoice::Drop,
        })
    });
    let revoked = rows.all(Entity::Consent).filter_map(|row| match row {
        Row::Consent(consent) => Some(Command::RevokeConsent(RevokeConsent {
            consent_id: consent.id,
            patient_id: consent.patient_id,
        })),
        _ => None,
    });
    (0..)
        .zip(conflicts)
        .flat_map(|(n, conflict)| {
            let resolve = ResolveConflict {
                conflict_id: conflict.id,
                patient_id: conflict.patient_id,
                keep_mine: n % 2 == 0,
                expects: None,
                value: None,
                related_person_id: conflict.field.related_person_id(),
            };
            [
                Command::ResolveConflict(resolve.clone()),
                Command::ResolveConflict(resolve),
            ]
        })
        .chain(dropped)
        .chain(revoked)
        .collect()
}

#[tokio::test]
async fn every_command_leaves_the_same_rows_on_postgres_as_in_memory() {
    let stand = Stand::new().await;
    let (mut memory, mut pen) = (Memory::default(), service(1));
    let mut applied = BTreeSet::new();
    let (mut judged, mut rounds) = (0, 0);
    // Once in batches of different sizes, so that rows meet within a batch and across batches.
    let mut commands = golden();
    commands.extend(history());
    for size in (1..).take(200) {
        if commands.is_empty() {
            commands = decisions(&memory.rows);
            rounds += 1;
            if commands.is_empty() || rounds > 2 {
                break;
            }
        }
        let rest = commands.split_off(size.min(commands.len()));
        let names: Vec<CommandName> = commands.iter().map(Command::name).collect();
        let batch: Vec<Opened> = std::mem::replace(&mut commands, rest)
            .into_iter()
            .map(|c| pen.write(c))
            .collect();
        let expected = memory.accept(batch.clone());
        let outcome = stand
            .db
            .accept_batch(practice(), pen.device, batch)
            .await
            .unwrap();
        assert_eq!(outcome.results, expected);
        for (name, receipt) in names.iter().zip(&outcome.results) {
            if receipt.status != ReceiptStatus::Rejected {
                applied.insert(*name);
            }
            let refused = receipt.refusal.as_ref().map(|refusal| refusal.code);
            assert!(refused != Some(RefusalCode::Constraint), "{name:?} {receipt:?}");
        }
        judged += names.len();
        if size == 200 {
            break;
        }
    }
    let stored = stand.rows().await;
    for entity in Entity::ALL {
        let of = |rows: &Rows| -> Vec<Value> { rows.all(*entity).map(|row| row.body().unwrap()).collect() };
        assert_eq!(of(&stored), of(&memory.rows), "{}", entity.name());
    }
    assert!(stored == memory.rows);
    let missing: Vec<_> = CommandName::ALL
        .iter()
        .filter(|name| !applied.contains(name))
        .collect();
    assert!(missing.is_empty(), "never applied: {missing:?}");
    assert!(judged > 60, "only {judged} commands");
    let numbers = mrns(&stored);
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    stand.end().await;
}

#[tokio::test]
async fn what_devices_are_told_is_what_is_kept_to_the_microsecond() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    pen.now = at("2026-03-10T15:00:00.123456999Z");
    stand
        .db
        .accept_batch(practice(), pen.device, vec![pen.write(register(10))])
        .await
        .unwrap();
    let pulled = stand.pull(domain::access::Role::FrontDesk, None, 100).await;
    let kept = stand
        .db
        .row(practice(), Entity::Patient, id(10))
        .await
        .unwrap()
        .unwrap();
    assert!(pulled.changes[0].row == kept);
    stand.end().await;
}

#[tokio::test]
async fn a_table_has_the_columns_that_its_type_has_fields() {
    // A column more would stay empty for ever; one less, and a field would be lost.
    let stand = Stand::new().await;
    let mut admin = stand.superuser().await;
    let mut pen = service(1);
    for command in golden().into_iter().chain(history()) {
        stand
            .db
            .accept_batch(practice(), pen.device, vec![pen.write(command)])
            .await
            .unwrap();
    }
    let rows = stand.rows().await;
    for entity in Entity::ALL {
        let columns: BTreeSet<String> = sqlx::query_scalar::<_, String>(
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'app' AND table_name = $1",
        )
        .bind(entity.name())
        .fetch_all(&mut admin)
        .await
        .unwrap()
        .into_iter()
        .filter(|column| column != "practice_id")
        .collect();
        // A field that says nothing is left out of some rows.
        let fields: BTreeSet<String> = rows
            .all(*entity)
            .flat_map(|row| row.body().unwrap().as_object().unwrap().clone())
            .map(|(field, _)| field)
            .collect();
        assert!(!fields.is_empty(), "no {} was made", entity.name());
        assert_eq!(columns, fields, "{}", entity.name());
    }
    stand.end().await;
}
