//! Terms of a practitioner: what they name is looked at too, though no booking says whom they name.

use crate::booking::clinic;
use crate::equal::golden;
use crate::stand::*;
use domain::command::{Command, CommandName};
use domain::id::*;
use domain::practice::Practitioner;
use domain::row::{Entity, Row};
use domain::schedule::*;
use sync::wire::{Receipt, ReceiptStatus};

pub fn of_golden(name: CommandName) -> Command {
    let found = golden().into_iter().find(|command| command.name() == name);
    found.expect("every command has a golden file")
}

fn golden_terms() -> PractitionerTerms {
    match of_golden(CommandName::SetPractitionerTerms) {
        Command::SetPractitionerTerms(terms) => terms,
        other => panic!("{other:?}"),
    }
}

/// Whoever supervises in the golden file, and the terms that name them.
pub fn history() -> Vec<Command> {
    let terms = golden_terms();
    let mut all = vec![Command::SetPractitionerTerms(terms.clone())];
    if let Command::RecordPractitioner(row) = of_golden(CommandName::RecordPractitioner) {
        all.extend(terms.supervised_by.iter().map(|one| {
            Command::RecordPractitioner(Practitioner {
                id: *one,
                ..row.clone()
            })
        }));
    }
    all.push(Command::SetPractitionerTerms(PractitionerTerms {
        accepts_new: true,
        ..terms.clone()
    }));
    all.push(Command::SetPractitionerTerms(terms));
    all
}

async fn give(stand: &Stand, pen: &mut Pen, commands: Vec<Command>) -> Vec<Receipt> {
    let batch = commands.into_iter().map(|command| pen.write(command)).collect();
    let outcome = stand.db.accept_batch(practice(), pen.device, batch).await;
    outcome.unwrap().results
}

fn why(receipt: &Receipt) -> Option<&str> {
    receipt.refusal.as_ref()?.params.get("why").map(String::as_str)
}

#[tokio::test]
async fn a_booking_looks_at_the_hours_of_those_who_supervise_and_at_who_pays() {
    let (stand, like) = clinic().await;
    let mut pen = service(2);
    let terms = PractitionerTerms {
        accepts_new: true,
        enrolments: Vec::new(),
        ..golden_terms()
    };
    let supervisor = terms.supervised_by[0];
    let names = history()
        .into_iter()
        .filter(|command| matches!(command, Command::RecordPractitioner(row) if row.id == supervisor));
    let mut setting: Vec<Command> = names.collect();
    setting.push(Command::SetPractitionerTerms(terms.clone()));
    // In one batch with the booking: terms that were not there when the batch was looked at.
    setting.push(Command::BookAppointment(like.clone()));
    let told = give(&stand, &mut pen, setting).await;
    assert_eq!(why(&told[2]), Some("SupervisorAway"), "{told:?}");
    let told = give(&stand, &mut pen, vec![Command::BookAppointment(like.clone())]).await;
    assert_eq!(why(&told[0]), Some("SupervisorAway"));
    let Command::SetSchedule(week) = of_golden(CommandName::SetSchedule) else {
        panic!("it is a week")
    };
    let week = Schedule {
        id: ScheduleId(id(0x3d2)),
        practitioner_id: supervisor,
        ..week
    };
    let told = give(&stand, &mut pen, vec![Command::SetSchedule(week)]).await;
    assert_eq!(told[0].status, ReceiptStatus::Applied);

    // Now a payer is missing.
    let Command::RecordCoverage(mut insured) = of_golden(CommandName::RecordCoverage) else {
        panic!("it is a coverage")
    };
    insured.coverage.replaces_id = None;
    let other_payer = PractitionerTerms {
        enrolments: vec![Enrolment {
            payer_name: "Medicare".into(),
            payer_code: None,
            site_ids: vec![like.place.site_id],
            from_on: Some(day("2026-01-01")),
            until_on: None,
        }],
        ..terms
    };
    give(
        &stand,
        &mut pen,
        vec![
            Command::RecordCoverage(insured),
            Command::SetPractitionerTerms(other_payer),
        ],
    )
    .await;
    let told = give(&stand, &mut pen, vec![Command::BookAppointment(like.clone())]).await;
    assert_eq!(why(&told[0]), Some("NotEnrolled"), "{told:?}");
    let with_reason = BookAppointment {
        overbook_reason: Some("The contract is signed".into()),
        ..like.clone()
    };
    let told = give(&stand, &mut pen, vec![Command::BookAppointment(with_reason)]).await;
    assert_eq!(told[0].status, ReceiptStatus::Applied, "{told:?}");
    let kept = stand
        .db
        .row(practice(), Entity::Appointment, like.appointment_id.0)
        .await;
    match kept.unwrap() {
        Some(Row::Appointment(one)) => {
            assert!(one.warnings.contains(&Finding::NotEnrolled));
            assert!(!one.warnings.contains(&Finding::SupervisorAway));
        }
        _ => panic!("it is booked"),
    }
    stand.end().await;
}
