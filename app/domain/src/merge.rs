//! How two edits that did not see each other come together, as data: a rule for every kind of row, and for every field
//! that has another one. A kind of row without a rule does not compile; a test holds `decide` to what is said here.

use crate::patients::PatientField;
use crate::row::Entity;

/// How two edits come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MergeRule {
    /// Against the value last seen: what nobody else changed is applied; a true conflict keeps the recorded value and
    /// goes to a person with both.
    ThreeWay,
    /// Members are added and removed one by one; what concerns different members commutes.
    AddRemoveSet,
    /// Rows are added, in any order, and closed, never changed.
    AppendOnly,
    /// A text in versions; a correction is a new one.
    VersionedNote,
    /// Of two that claim one slot, the second is told.
    ExclusiveSlot,
    /// Both statements are kept; taking back wins over giving, in whichever order they arrive.
    RevocationWins,
    /// Two records are one from now on, and later edits follow.
    Alias,
    /// Moves through its states once; the second move is refused and told.
    StateMachine,
    /// Last accepted wins, and the audit shows both.
    Setting,
    /// Given once by the server.
    Assigned,
}

impl Entity {
    /// The rule of one field: the row's own, unless the field has another.
    pub fn field_rule(self, field: &str) -> MergeRule {
        match (self, field) {
            (Entity::Membership, "set_aside") => MergeRule::Setting,
            (Entity::Patient, "mrn" | "registered_at") => MergeRule::Assigned,
            (Entity::Patient, "identity") => MergeRule::StateMachine,
            (Entity::RelatedPerson, "roles") => MergeRule::AddRemoveSet,
            (Entity::Device, "revoked_at") => MergeRule::RevocationWins,
            (Entity::Device, "enrolled_at") => MergeRule::Assigned,
            // A version is closed by the one that replaces it; of two that do, the second is told.
            (Entity::Coverage, "replaces_id") => MergeRule::ExclusiveSlot,
            // What was published stays; that it is asked is switched off and on.
            (Entity::Questionnaire, "retired") => MergeRule::Setting,
            (Entity::QuestionnaireResponse, "patient_id") => MergeRule::StateMachine,
            // Of two who move it, the second is told.
            (
                Entity::Appointment,
                "site_id" | "practitioner_ids" | "resource_ids" | "start_at" | "end_at" | "wall" | "mode",
            ) => MergeRule::ExclusiveSlot,
            (Entity::Appointment, "steps") => MergeRule::AppendOnly,
            (Entity::Referral, "state" | "ended_at" | "ended_by") => MergeRule::StateMachine,
            (Entity::Referral, "former_numbers" | "recorded_at" | "recorded_by") => MergeRule::Assigned,
            // Of two who told the patient, both did; each is taken back by itself.
            (Entity::Recall, "contacts") => MergeRule::AddRemoveSet,
            // Of several answers the last one counts.
            (Entity::Notice, "answer" | "answered_at" | "answered_via") => MergeRule::Setting,
            (entity, _) => entity.merge_rule(),
        }
    }
}

impl PatientField {
    /// The rule of a field that people correct. Exhaustive: a new field is asked.
    pub fn merge_rule(self) -> MergeRule {
        use PatientField::*;
        match self {
            FamilyName | GivenName | MiddleName | Suffix | PreferredName | PayerName | BirthOn | Sex
            | GenderIdentity | Pronouns | Language | InterpreterNeeded | EthnicityCode => MergeRule::ThreeWay,
            // One of each kind, and so a value like any other.
            MobilePhone | HomePhone | WorkPhone | Email | HomeAddress | MailingAddress | PreferredChannel => {
                MergeRule::ThreeWay
            }
            // Chosen as a whole by the patient: half of two answers is an answer that nobody gave.
            RaceCodes => MergeRule::ThreeWay,
        }
    }
}
