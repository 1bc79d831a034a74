//! Two values for one field, until a person has chosen.

use super::correct::{Corrected, merge_fields};
use super::*;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::referrals::{Referral, ReferralField, alone};
use crate::row::{Entity, Key, Row, View};
use serde_json::Value;

/// Two values for one field, entered without seeing each other. The record keeps the one that came first.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Identity.
    pub id: ConflictId,
    /// Whose record.
    pub patient_id: PatientId,
    /// Which field.
    pub field: ConflictField,
    /// What both had started from.
    pub base: Value,
    /// What is recorded.
    pub theirs: Value,
    /// What came second.
    pub mine: Value,
    /// Who entered the second.
    pub entered_by: String,
    /// When, by that device's clock.
    pub entered_at: DateTime<Utc>,
    /// Whether it still needs a person.
    pub state: ConflictState,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

/// Where a conflict stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictState {
    /// Needs a person.
    Open,
    /// The recorded value stays.
    KeptTheirs,
    /// The second value was taken.
    KeptMine,
    /// A third value was taken.
    Edited,
}

/// A field of which row. As text: `mobile_phone` is the patient's own, `related_person/ID/phone` of someone around
/// them, `referral/ID/number` of one of their referrals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ConflictField {
    /// The patient's own.
    Patient(PatientField),
    /// Of someone around them.
    Related(RelatedPersonId, RelatedField),
    /// Of a referral or an authorization.
    Referral(ReferralId, ReferralField),
}

const RELATED: &str = "related_person";
const REFERRAL: &str = "referral";

impl ConflictField {
    /// With which edition it came (see [`crate::row::EDITION`]).
    pub fn edition(self) -> u32 {
        match self {
            ConflictField::Patient(field) => field.edition(),
            ConflictField::Related(..) => 2,
            ConflictField::Referral(..) => 6,
        }
    }

    /// Of whom, when it is of someone around the patient.
    pub fn related_person_id(self) -> Option<RelatedPersonId> {
        match self {
            ConflictField::Related(id, _) => Some(id),
            ConflictField::Patient(_) | ConflictField::Referral(..) => None,
        }
    }

    /// Of which referral, when it is of one.
    pub fn referral_id(self) -> Option<ReferralId> {
        match self {
            ConflictField::Referral(id, _) => Some(id),
            ConflictField::Patient(_) | ConflictField::Related(..) => None,
        }
    }
}

impl From<ConflictField> for String {
    fn from(field: ConflictField) -> String {
        match field {
            ConflictField::Patient(field) => field.name(),
            ConflictField::Related(id, field) => format!("{RELATED}/{id}/{}", field.name()),
            ConflictField::Referral(id, field) => format!("{REFERRAL}/{id}/{}", field.name()),
        }
    }
}

impl TryFrom<String> for ConflictField {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        fn named<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, &'static str> {
            serde_json::from_value(Value::String(name.to_owned()))
                .map_err(|_| "not a field that is corrected")
        }
        let id_of = |id: &str| uuid::Uuid::parse_str(id).map_err(|_| "not a field that is corrected");
        match text.split('/').collect::<Vec<_>>()[..] {
            [RELATED, id, field] => Ok(ConflictField::Related(RelatedPersonId(id_of(id)?), named(field)?)),
            [REFERRAL, id, field] => Ok(ConflictField::Referral(ReferralId(id_of(id)?), named(field)?)),
            _ => named(&text).map(ConflictField::Patient),
        }
    }
}

/// Chooses between two values.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolveConflict {
    /// Which.
    pub conflict_id: ConflictId,
    /// Whose record, so that it can be read beside.
    pub patient_id: PatientId,
    /// Take the second value; otherwise the recorded one stays.
    pub keep_mine: bool,
    /// What was recorded when the person chose; when it is another by then, they are asked again.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "present")]
    pub expects: Option<Value>,
    /// A third value, which wins over both.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "present")]
    pub value: Option<Value>,
    /// Whose value it is, when of someone around the patient; read beside, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_person_id: Option<RelatedPersonId>,
    /// Whose value it is, when of a referral; read beside, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral_id: Option<ReferralId>,
}
crate::redacted_debug!(Conflict, ResolveConflict);

/// A value that is there and null is another thing than no value.
mod present {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub fn serialize<S: Serializer>(value: &Option<Value>, s: S) -> Result<S::Ok, S::Error> {
        value.serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Value>, D::Error> {
        Value::deserialize(d).map(Some)
    }
}

impl ResolveConflict {
    /// What choosing looks at.
    pub fn reads(&self) -> Vec<Key> {
        let related = self
            .related_person_id
            .map(|id| Key::Row(Entity::RelatedPerson, id.0));
        let of_patient = Key::OfPatient(Entity::Referral, self.patient_id);
        let referral = self
            .referral_id
            .map(|id| [Key::Row(Entity::Referral, id.0), of_patient]);
        [
            Key::Row(Entity::Patient, self.patient_id.0),
            Key::Row(Entity::Conflict, self.conflict_id.0),
        ]
        .into_iter()
        .chain(related)
        .chain(referral.into_iter().flatten())
        .collect()
    }
}

/// A person chooses once; the value goes through the same checks as when it was typed.
pub fn resolve_conflict(view: &impl View, ctx: &Ctx, args: &ResolveConflict) -> Result<Decision, Refusal> {
    let gone = |what: &str| Refusal::new(RefusalCode::NotFound).with("what", what);
    let Some(Row::Conflict(conflict)) = view.one(&Key::Row(Entity::Conflict, args.conflict_id.0)) else {
        return Err(gone("decision"));
    };
    if conflict.patient_id != args.patient_id {
        return Err(gone("decision"));
    }
    if conflict.state != ConflictState::Open {
        return Err(Refusal::new(RefusalCode::AlreadyReviewed)
            .with("by", conflict.decided_by.as_deref().unwrap_or_default()));
    }
    let (chosen, state) = match (&args.value, args.keep_mine) {
        (Some(value), _) => (Some(value.clone()), ConflictState::Edited),
        (None, true) => (Some(conflict.mine.clone()), ConflictState::KeptMine),
        (None, false) => (None, ConflictState::KeptTheirs),
    };
    let mut decision = match (chosen, conflict.field) {
        (None, _) => Decision::facts(Vec::new()),
        (Some(chosen), ConflictField::Patient(field)) => {
            match view.one(&Key::Row(Entity::Patient, args.patient_id.0)) {
                Some(Row::Patient(patient)) => put(ctx, patient, field, args, chosen)?,
                _ => return Err(gone("patient")),
            }
        }
        (Some(chosen), ConflictField::Related(id, field)) => {
            // Whoever is not named is not read.
            if args.related_person_id != Some(id) {
                return Err(gone("related person"));
            }
            match view.one(&Key::Row(Entity::RelatedPerson, id.0)) {
                Some(Row::RelatedPerson(person)) => put(ctx, person, field, args, chosen)?,
                _ => return Err(gone("related person")),
            }
        }
        (Some(chosen), ConflictField::Referral(id, field)) => {
            if args.referral_id != Some(id) {
                return Err(gone("referral"));
            }
            match view.one(&Key::Row(Entity::Referral, id.0)) {
                Some(Row::Referral(referral)) => {
                    let decision = put(ctx, referral, field, args, chosen)?;
                    for row in &decision.facts {
                        if let Row::Referral(referral) = row {
                            alone(view, referral)?;
                        }
                    }
                    decision
                }
                _ => return Err(gone("referral")),
            }
        }
    };
    decision.facts.push(Row::Conflict(Conflict {
        state,
        decided_by: Some(ctx.actor_name.clone()),
        decided_at: Some(ctx.now),
        ..conflict
    }));
    Ok(decision)
}

/// Puts the chosen value into its row, unless that was changed since the person looked.
fn put<R: Corrected + Into<Row>>(
    ctx: &Ctx,
    recorded: R,
    field: R::Field,
    args: &ResolveConflict,
    chosen: Value,
) -> Result<Decision, Refusal> {
    let change = Change {
        field,
        // Without a word on what was seen, the person saw what is recorded.
        from: args.expects.clone().unwrap_or_else(|| recorded.value(field)),
        to: chosen,
    };
    let (row, again) = merge_fields(ctx, recorded, &[change])?;
    Ok(Decision::merged(vec![row.into()], again))
}

impl From<Patient> for Row {
    fn from(patient: Patient) -> Row {
        Row::Patient(patient)
    }
}

impl From<RelatedPerson> for Row {
    fn from(person: RelatedPerson) -> Row {
        Row::RelatedPerson(person)
    }
}

impl From<Referral> for Row {
    fn from(referral: Referral) -> Row {
        Row::Referral(referral)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_and_found_by_its_name() {
        let id = RelatedPersonId(uuid::Uuid::from_u128(7));
        for field in [
            ConflictField::Patient(PatientField::MobilePhone),
            ConflictField::Related(id, RelatedField::Phone),
            ConflictField::Referral(ReferralId(id.0), ReferralField::ValidUntil),
        ] {
            let json = serde_json::to_value(field).unwrap_or_default();
            assert_eq!(serde_json::from_value::<ConflictField>(json).ok(), Some(field));
        }
        assert_eq!(
            String::from(ConflictField::Patient(PatientField::MobilePhone)),
            "mobile_phone"
        );
        for wrong in [
            "",
            "shoe_size",
            "related_person/7/phone",
            "related_person/phone",
            "referral/7/number",
        ] {
            assert!(ConflictField::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
