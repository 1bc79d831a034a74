//! A made-up practice in two lines: `let mut world = World::new(); let elena = world.patient();`.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod forms;
pub mod people;
pub use people::*;

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::Role;
use domain::command::{Command, CommandName, Envelope};
use domain::decide::{Ctx, Decision, NumberKind, Numbers, Refusal, decide};
use domain::id::*;
use domain::intake::{Intake, Submission};
use domain::patients::*;
use domain::row::{Entity, Row, Rows, View};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The number of the intake that most tests speak of.
pub const N: u128 = 700;

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0195_6f3a_0000_7000_8000_0000_0000_0000 + n)
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Rows, and someone at the desk who gives commands over them.
pub struct World {
    pub rows: Rows,
    pub role: Role,
    pub actor: String,
    pub device: DeviceId,
    pub now: DateTime<Utc>,
    pub device_time: DateTime<Utc>,
    pub today: NaiveDate,
    pub next_mrn: u64,
    commands: u128,
}

impl World {
    pub fn new() -> World {
        World {
            rows: Rows::default(),
            role: Role::FrontDesk,
            actor: "Maria Lindqvist".into(),
            device: DeviceId(id(1)),
            now: at("2026-03-10T15:00:00Z"),
            device_time: at("2026-03-10T14:59:30Z"),
            today: day("2026-03-10"),
            next_mrn: 1042,
            commands: 0x1000,
        }
    }

    pub fn ctx(&self) -> Ctx {
        Ctx {
            command_id: CommandId(id(self.commands)),
            role: self.role,
            actor_name: self.actor.clone(),
            device_id: self.device,
            now: self.now,
            device_time: self.device_time,
            today: self.today,
            numbers: Numbers::Assigned(BTreeMap::from([(NumberKind::Mrn, self.next_mrn)])),
            member_id: None,
            site_id: None,
            scope: None,
            device_revoked: false,
            unseen_entries: false,
        }
    }

    /// Decides twice: over everything, and over no more than the command says it reads. Both must agree.
    pub fn ask(&mut self, command: &Command) -> Result<Decision, Refusal> {
        self.commands += 1;
        let mut read = Rows::default();
        // What speaks of a record that was joined to another looks at that one, as on the server.
        let meant = domain::patients::alias::followed(&self.rows, command);
        for key in meant
            .as_ref()
            .unwrap_or(command)
            .reads()
            .into_iter()
            .chain(command.reads())
        {
            self.rows.get(&key).into_iter().for_each(|row| read.put(row));
        }
        for key in command.reads_further(&read) {
            self.rows.get(&key).into_iter().for_each(|row| read.put(row));
        }
        let mut ctx = self.ctx();
        let decision = decide(&self.rows, command, &mut ctx);
        let narrow = decide(&read, command, &mut self.ctx());
        assert!(
            decision == narrow,
            "{command:?} looks at rows that it does not say it reads"
        );
        if let (Ok(_), Numbers::Assigned(next)) = (&decision, &ctx.numbers) {
            self.next_mrn = next[&NumberKind::Mrn];
        }
        decision
    }

    /// Gives a command that must be taken, and keeps what follows.
    pub fn give(&mut self, command: Command) -> Decision {
        let decision = self
            .ask(&command)
            .unwrap_or_else(|refusal| panic!("{command:?} was refused: {refusal:?}"));
        decision.facts.iter().cloned().for_each(|row| self.rows.put(row));
        decision
    }

    /// Gives a command that must be refused.
    pub fn refused(&mut self, command: Command) -> Refusal {
        match self.ask(&command) {
            Ok(_) => panic!("{command:?} was taken"),
            Err(refusal) => refusal,
        }
    }

    /// As someone else, for one step.
    pub fn acting<T>(&mut self, role: Role, actor: &str, step: impl FnOnce(&mut World) -> T) -> T {
        let before = (self.role, std::mem::replace(&mut self.actor, actor.to_owned()));
        self.role = role;
        let out = step(self);
        (self.role, self.actor) = before;
        out
    }

    /// Elena Delgado, registered.
    pub fn patient(&mut self) -> PatientId {
        self.register(elena())
    }

    pub fn register(&mut self, patient: Patient) -> PatientId {
        let id = patient.id;
        self.give(Command::RegisterPatient(RegisterPatient {
            patient,
            site_id: None,
        }));
        id
    }

    pub fn read_patient(&self, id: PatientId) -> Patient {
        match self.rows.row(Entity::Patient, id.0) {
            Some(Row::Patient(patient)) => patient.clone(),
            _ => panic!("no such patient"),
        }
    }

    pub fn correct(&mut self, patient_id: PatientId, changes: Vec<FieldChange>) -> Decision {
        self.give(Command::CorrectPatient(CorrectPatient { patient_id, changes }))
    }

    /// A practice where Elena is known, and what was typed at its kiosk.
    pub fn with_submission(content: Submission) -> (World, PatientId) {
        let mut world = World::new();
        let elena = world.patient();
        world.submit(content);
        (world, elena)
    }

    /// What was typed at the kiosk, as intake [`N`].
    pub fn submit(&mut self, content: Submission) -> Decision {
        self.acting(Role::Kiosk, "", |world| {
            world.give(Command::SubmitIntake(submit(N, content)))
        })
    }

    pub fn intake(&self) -> Intake {
        match self.rows.row(Entity::Intake, id(N)) {
            Some(Row::Intake(intake)) => intake.clone(),
            _ => panic!("no such intake"),
        }
    }

    pub fn of_patient(&self, entity: Entity, patient: PatientId) -> Vec<Row> {
        self.rows.of_patient(entity, patient).cloned().collect()
    }
}

/// The newest golden command of a name.
pub fn golden(name: CommandName) -> Command {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let path = format!("{folder}/{}.v{}.json", name.as_str(), name.version());
    let envelope: Envelope = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    envelope.command().unwrap()
}

/// The rows of one kind in a list, unwrapped.
#[macro_export]
macro_rules! rows_of {
    ($rows:expr, $kind:ident) => {
        ($rows)
            .iter()
            .filter_map(|row| match row {
                domain::row::Row::$kind(row) => Some(row.clone()),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
}
