//! Someone around a patient: who pays, decides, brings them, is called.

use super::correct::{Corrected, merge_fields};
use super::*;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::merge::MergeRule;
use crate::row::{Entity, Key, Row, View};
use crate::text::Text;
use crate::validate::Validate;
use serde_json::Value;

/// Someone around a patient (FHIR RelatedPerson). The guarantor pays, the personal representative consents and
/// sees (45 CFR 164.502(g)), the escort may bring a child: one person may be several of these, or only one.
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct RelatedPerson {
    /// Identity.
    pub id: RelatedPersonId,
    /// Whose.
    pub patient_id: PatientId,
    /// What they are to the practice.
    pub roles: Vec<RelatedRole>,
    /// What they are to the patient: "mother".
    #[garde(custom(crate::validate::relationship))]
    pub relationship: String,
    /// Family name.
    #[garde(custom(crate::validate::either_name(&self.given_name)))]
    pub family_name: String,
    /// Given name.
    #[garde(custom(crate::validate::either_name(&self.family_name)))]
    pub given_name: String,
    /// Date of birth, for a guarantor.
    #[garde(custom(crate::validate::optional_birth))]
    pub birth_on: Option<NaiveDate>,
    /// Phone.
    #[garde(custom(crate::validate::optional_phone))]
    pub phone: Option<String>,
    /// Address, when not the patient's.
    #[garde(dive)]
    pub address: Option<Address>,
    /// What makes them a representative: "parent", "court order 12-4410".
    pub authority: Option<String>,
    /// Not any more.
    pub ended_on: Option<NaiveDate>,
    /// Their own record, when they are a patient, too (FHIR Patient.link "seealso" to a RelatedPerson). Name, birth and
    /// phone are a copy then, for devices that do not hold that record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_record_id: Option<PatientId>,
}

impl RelatedPerson {
    /// "Lucía Delgado"
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
            .trim()
            .to_owned()
    }

    /// What recording looks at.
    pub fn reads(&self) -> Vec<Key> {
        let patients = [Some(self.patient_id), self.own_record_id];
        let mut keys = vec![Key::Row(Entity::RelatedPerson, self.id.0)];
        keys.extend(
            patients
                .into_iter()
                .flatten()
                .map(|id| Key::Row(Entity::Patient, id.0)),
        );
        keys
    }
}

/// One field of someone around a patient that can be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelatedField {
    /// What they are to the practice.
    Roles,
    /// What they are to the patient.
    Relationship,
    /// Family name.
    FamilyName,
    /// Given name.
    GivenName,
    /// Date of birth.
    BirthOn,
    /// Phone.
    Phone,
    /// Address.
    Address,
    /// What makes them a representative.
    Authority,
    /// Since when not any more.
    EndedOn,
}

impl RelatedField {
    /// All of them.
    pub const ALL: [RelatedField; 9] = [
        RelatedField::Roles,
        RelatedField::Relationship,
        RelatedField::FamilyName,
        RelatedField::GivenName,
        RelatedField::BirthOn,
        RelatedField::Phone,
        RelatedField::Address,
        RelatedField::Authority,
        RelatedField::EndedOn,
    ];

    /// The row's field, by name.
    pub fn name(self) -> &'static str {
        match self {
            RelatedField::Roles => "roles",
            RelatedField::Relationship => "relationship",
            RelatedField::FamilyName => "family_name",
            RelatedField::GivenName => "given_name",
            RelatedField::BirthOn => "birth_on",
            RelatedField::Phone => "phone",
            RelatedField::Address => "address",
            RelatedField::Authority => "authority",
            RelatedField::EndedOn => "ended_on",
        }
    }

    /// What people call it.
    pub fn label(self) -> Text {
        let (en, es) = match self {
            RelatedField::Roles => ("What they are", "Qué función tiene"),
            RelatedField::Relationship => ("To the patient", "Relación con el paciente"),
            RelatedField::FamilyName => return PatientField::FamilyName.label(),
            RelatedField::GivenName => return PatientField::GivenName.label(),
            RelatedField::BirthOn => return PatientField::BirthOn.label(),
            RelatedField::Phone => ("Phone", "Teléfono"),
            RelatedField::Address => return PatientField::HomeAddress.label(),
            RelatedField::Authority => ("Authority", "Autorización"),
            RelatedField::EndedOn => ("Last day", "Último día"),
        };
        Text { en, es }
    }

    /// The rule of a field that people correct. Exhaustive: a new field is asked.
    pub fn merge_rule(self) -> MergeRule {
        use RelatedField::*;
        match self {
            Roles => MergeRule::AddRemoveSet,
            Relationship | FamilyName | GivenName | BirthOn | Phone | Address | Authority | EndedOn => {
                MergeRule::ThreeWay
            }
        }
    }

    /// The field's value; null when there is none.
    pub fn read(self, person: &RelatedPerson) -> Value {
        let mut row = serde_json::to_value(person).unwrap_or_default();
        match row.get_mut(self.name()).map(Value::take) {
            Some(Value::String(text)) if text.is_empty() => Value::Null,
            Some(value) => value,
            None => Value::Null,
        }
    }

    /// Puts a value in the field; null removes what may be removed.
    pub fn write(self, person: &mut RelatedPerson, value: Value) -> Result<(), WrongShape> {
        use RelatedField::*;
        let wrong = |_| WrongShape(self.name().to_owned());
        let mut row = serde_json::to_value(&*person).map_err(wrong)?;
        row[self.name()] = match (self, value) {
            (Relationship | FamilyName | GivenName, Value::Null) => Value::String(String::new()),
            (Roles, Value::Null) => Value::Array(Vec::new()),
            (_, value) => value,
        };
        *person = serde_json::from_value(row).map_err(wrong)?;
        // One order, in whichever order they were added.
        person.roles.sort();
        person.roles.dedup();
        Ok(())
    }
}

/// Sets someone around a patient. Builds that knew no [`CorrectRelatedPerson`] corrected with it, too: last wins.
pub type RecordRelatedPerson = RelatedPerson;

/// Corrects fields of someone around a patient, each against the value that was seen.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectRelatedPerson {
    /// Who.
    pub related_person_id: RelatedPersonId,
    /// Around whom.
    pub patient_id: PatientId,
    /// What.
    pub changes: Vec<Change<RelatedField>>,
}
crate::redacted_debug!(RelatedPerson, CorrectRelatedPerson, Change<RelatedField>);

impl Corrected for RelatedPerson {
    type Field = RelatedField;

    fn patient(&self) -> PatientId {
        self.patient_id
    }

    fn place(&self, field: RelatedField) -> ConflictField {
        ConflictField::Related(self.id, field)
    }

    fn value(&self, field: RelatedField) -> Value {
        field.read(self)
    }

    fn set(&mut self, field: RelatedField, value: Value) -> Result<(), WrongShape> {
        field.write(self, value)
    }

    fn joined(&self, change: &Change<RelatedField>) -> Option<Value> {
        if change.field.merge_rule() != MergeRule::AddRemoveSet {
            return None;
        }
        let roles = |value: &Value| serde_json::from_value::<Vec<RelatedRole>>(value.clone()).ok();
        let (from, to) = (roles(&change.from).unwrap_or_default(), roles(&change.to)?);
        let mut joined = self.roles.clone();
        joined.retain(|role| to.contains(role) || !from.contains(role));
        joined.extend(to.into_iter().filter(|role| !from.contains(role)));
        serde_json::to_value(joined).ok()
    }
}

/// Someone around a known patient.
pub fn record_related_person(
    view: &impl View,
    ctx: &Ctx,
    person: &RelatedPerson,
) -> Result<Decision, Refusal> {
    if view
        .one(&Key::Row(Entity::Patient, person.patient_id.0))
        .is_none()
    {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    }
    if let Some(known) = view.one(&Key::Row(Entity::RelatedPerson, person.id.0))
        && known.patient_id() != Some(person.patient_id)
    {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "related person"));
    }
    if person.own_record_id == Some(person.patient_id) {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "patient"));
    }
    if let Some(own) = person.own_record_id
        && view.one(&Key::Row(Entity::Patient, own.0)).is_none()
    {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    }
    person.faults(ctx.today).into_refusal()?;
    Ok(Decision::put(Row::RelatedPerson(person.clone())))
}

/// Field by field, as a patient's own.
pub fn correct_related_person(
    view: &impl View,
    ctx: &Ctx,
    args: &CorrectRelatedPerson,
) -> Result<Decision, Refusal> {
    let key = Key::Row(Entity::RelatedPerson, args.related_person_id.0);
    match view.one(&key) {
        Some(Row::RelatedPerson(person)) if person.patient_id == args.patient_id => {
            let (person, conflicts) = merge_fields(ctx, person, &args.changes)?;
            Ok(Decision::merged(vec![Row::RelatedPerson(person)], conflicts))
        }
        _ => Err(Refusal::new(RefusalCode::NotFound).with("what", "related person")),
    }
}
