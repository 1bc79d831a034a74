//! Correcting a row field by field: what nobody else changed is applied, what two changed goes to a person.

use super::*;
use crate::decide::{Ctx, Refusal, RefusalCode};
use crate::row::Row;
use crate::validate::Validate;
use serde_json::Value;

/// One correction: what was seen, and what it should be.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Change<Field> {
    /// Which.
    pub field: Field,
    /// As it was when the person began to type; null for nothing.
    pub from: Value,
    /// As it should be; null to remove.
    pub to: Value,
}

/// The value has the wrong shape for the field, which is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongShape(pub String);

impl From<WrongShape> for Refusal {
    fn from(wrong: WrongShape) -> Refusal {
        Refusal::new(RefusalCode::Invalid).with("field", wrong.0)
    }
}

/// A row that people correct field by field.
pub(crate) trait Corrected: Clone + Validate {
    /// Its fields.
    type Field: Copy;
    /// Whose it is.
    fn patient(&self) -> PatientId;
    /// How a conflict names the field.
    fn place(&self, field: Self::Field) -> ConflictField;
    /// The field's value; null when there is none.
    fn value(&self, field: Self::Field) -> Value;
    /// Puts a value in the field.
    fn set(&mut self, field: Self::Field, value: Value) -> Result<(), WrongShape>;
    /// What is recorded with a change that others' changes do not touch: members of a set come and go one by one.
    fn joined(&self, _change: &Change<Self::Field>) -> Option<Value> {
        None
    }
}

/// Three-way: current = from, apply; current = to, nothing to do; else keep the recorded value and say so.
pub(crate) fn merge_fields<R: Corrected>(
    ctx: &Ctx,
    recorded: R,
    changes: &[Change<R::Field>],
) -> Result<(R, Vec<Row>), Refusal> {
    let mut row = recorded;
    let mut conflicts = Vec::new();
    for (ordinal, change) in (0u32..).zip(changes) {
        let current = row.value(change.field);
        if current == change.to {
            continue;
        }
        if current == change.from {
            row.set(change.field, change.to.clone())?;
            continue;
        }
        if let Some(joined) = row.joined(change) {
            row.set(change.field, joined)?;
            continue;
        }
        // The value must be sound even when it only waits for a person.
        let mut waiting = row.clone();
        waiting.set(change.field, change.to.clone())?;
        waiting.faults(ctx.today).into_refusal()?;
        conflicts.push(Row::Conflict(Conflict {
            id: ConflictId::derived(ctx.command_id, ordinal),
            patient_id: row.patient(),
            field: row.place(change.field),
            base: change.from.clone(),
            theirs: current,
            mine: change.to.clone(),
            entered_by: ctx.actor_name.clone(),
            entered_at: ctx.device_time,
            state: ConflictState::Open,
            decided_by: None,
            decided_at: None,
        }));
    }
    row.faults(ctx.today).into_refusal()?;
    Ok((row, conflicts))
}

impl Corrected for Patient {
    type Field = PatientField;

    fn patient(&self) -> PatientId {
        self.id
    }

    fn place(&self, field: PatientField) -> ConflictField {
        ConflictField::Patient(field)
    }

    fn value(&self, field: PatientField) -> Value {
        field.read(self)
    }

    fn set(&mut self, field: PatientField, value: Value) -> Result<(), WrongShape> {
        field.write(self, value)
    }
}
