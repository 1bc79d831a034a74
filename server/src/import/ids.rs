//! Ids that follow from what was sent, so that taking the same file in again makes nothing twice.

use domain::command::Command;
use domain::id::{CommandId, PracticeId};
use uuid::Uuid;

/// Between the parts of a name: no id holds it.
const SEPARATOR: &str = "\u{1f}";

/// Makes ids for one practice and one system that the files came from.
#[derive(Clone)]
pub struct Ids {
    practice: PracticeId,
    source: String,
    /// This run of the import.
    run: Uuid,
}

impl Ids {
    /// Two systems may both have a `Patient/1`; their names keep them apart.
    pub fn new(practice: PracticeId, source: &str) -> Self {
        Ids {
            practice,
            source: source.to_owned(),
            run: Uuid::nil(),
        }
    }

    /// The same for one run: what depends on how things stand may be tried again in the next one.
    pub fn of_run(self, run: Uuid) -> Self {
        Ids { run, ..self }
    }

    /// The id of the row that a resource becomes.
    pub fn row(&self, resource_type: &str, id: &str) -> Uuid {
        self.name(&["fhir", &self.source, resource_type, id])
    }

    /// The id of a command: another one as soon as its content is another. A booking that was refused yesterday, for
    /// somebody who had that time, is asked for again today; that it is here already says its row.
    pub fn command(&self, command: &Command) -> Result<CommandId, serde_json::Error> {
        let content = serde_json::to_vec(&command.args()?)?;
        let mut hash = sync::sha256_hex(&content);
        if matches!(command, Command::BookAppointment(_)) {
            hash += &self.run.to_string();
        }
        Ok(CommandId(self.name(&[
            "fhir-import",
            command.name().as_str(),
            &hash,
        ])))
    }

    fn name(&self, parts: &[&str]) -> Uuid {
        Uuid::new_v5(&self.practice.0, parts.join(SEPARATOR).as_bytes())
    }
}
