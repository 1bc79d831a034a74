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
}

impl Ids {
    /// Two systems may both have a `Patient/1`; their names keep them apart.
    pub fn new(practice: PracticeId, source: &str) -> Self {
        Ids {
            practice,
            source: source.to_owned(),
        }
    }

    /// The id of the row that a resource becomes.
    pub fn row(&self, resource_type: &str, id: &str) -> Uuid {
        self.name(&["fhir", &self.source, resource_type, id])
    }

    /// The id of a command: another one as soon as its content is another.
    pub fn command(&self, command: &Command) -> Result<CommandId, serde_json::Error> {
        let content = serde_json::to_vec(&command.args()?)?;
        let hash = sync::sha256_hex(&content);
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
