//! The demo's recalls: some late, some due soon, some far off, and a few who were told already.

use super::people::{id, sites};
use super::schedule::{kind, practitioner};
use chrono::{DateTime, Duration, Utc};
use domain::command::Command;
use domain::id::RecallId;
use domain::patients::Patient;
use domain::recalls::{NoteRecallContact, Recall, RecallState, RecallWay};

/// In how many days, what for, and what kind of visit.
const PLAN: [(i64, &str, Option<&str>); 8] = [
    (-40, "Blood pressure again", None),
    (-12, "Yearly check", Some("physical")),
    (-3, "Blood test again", Some("follow-up")),
    (6, "Second dose", None),
    (20, "Yearly check", Some("physical")),
    (27, "How the new medicine does", Some("follow-up")),
    (75, "Three months after the change", None),
    (180, "Yearly check", Some("physical")),
];

/// Recalls and what was noted of them, each with when it was entered.
pub fn commands(registered: &[Command], now: DateTime<Utc>) -> Vec<(Command, DateTime<Utc>)> {
    let grown = |patient: &&Patient| patient.deceased_on.is_none() && patient.age_on(now.date_naive()) >= 18;
    let patients = registered.iter().rev().filter_map(|command| match command {
        Command::RegisterPatient(args) => Some(&args.patient).filter(grown),
        _ => None,
    });
    let mut commands = Vec::new();
    for (n, ((days, why, key), patient)) in PLAN.into_iter().zip(patients.step_by(7)).enumerate() {
        let (asked_at, recall_id) = (now - Duration::days(90), RecallId(id(&format!("recall:{n}"))));
        let recall = Recall {
            id: recall_id,
            patient_id: patient.id,
            site_id: sites()[n % 2],
            visit_type_id: key.map(kind),
            practitioner_id: Some(practitioner(n % 6)),
            due_on: (now + Duration::days(days)).date_naive(),
            why: why.to_owned(),
            after_appointment_id: None,
            asked_at,
            asked_by: String::new(),
            contacts: Vec::new(),
            state: RecallState::Open,
            closed_at: None,
            closed_by: None,
        };
        commands.push((Command::AddRecall(recall), asked_at));
        if days < 0 {
            let told = NoteRecallContact {
                recall_id,
                patient_id: patient.id,
                way: RecallWay::Phone,
                note: Some("Left a message".to_owned()),
                contact_id: None,
            };
            commands.push((
                Command::NoteRecallContact(told),
                now - Duration::days(2) - Duration::minutes(days),
            ));
        }
    }
    commands
}
