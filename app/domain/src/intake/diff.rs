//! What was submitted beside what is recorded, field by field.

use super::submission::{Identity, Submission, SubmittedAddress};
use crate::patients::{Address, AddressUse, ContactPoint, Patient, PatientField, TelecomSystem, TelecomUse};
use crate::text::{Lang, phone_digits, spoken};
use serde_json::Value;

/// One field on which the submission says something.
#[derive(Clone, PartialEq)]
pub struct FieldDiff {
    /// Which.
    pub field: PatientField,
    /// What is recorded; null for nothing.
    pub recorded: Value,
    /// What was submitted.
    pub submitted: Value,
    /// Whether they mean the same: capitals and punctuation aside, accents not.
    pub same: bool,
}
crate::redacted_debug!(FieldDiff);

/// Every field that the submission speaks of, in display order.
pub fn against(submission: &Submission, recorded: Option<&Patient>) -> Vec<FieldDiff> {
    proposed(submission, recorded)
        .into_iter()
        .map(|(field, submitted)| {
            let old = recorded.map_or(Value::Null, |patient| field.read(patient));
            let same = same_meaning(field, &old, &submitted);
            FieldDiff {
                field,
                recorded: old,
                submitted,
                same,
            }
        })
        .collect()
}

/// The values a submission proposes. What was left empty proposes nothing: a kiosk never removes.
fn proposed(s: &Submission, recorded: Option<&Patient>) -> Vec<(PatientField, Value)> {
    use PatientField::*;
    let mut out: Vec<(PatientField, Value)> = Vec::new();
    let mut text = |field, value: Option<&str>| {
        if let Some(value) = value.map(str::trim).filter(|v| !v.is_empty()) {
            out.push((field, Value::String(value.to_owned())));
        }
    };
    text(FamilyName, Some(&s.identity.family_name));
    text(GivenName, Some(&s.identity.given_name));
    text(MiddleName, s.identity.middle_name.as_deref());
    text(Suffix, s.identity.suffix.as_deref());
    text(PreferredName, s.identity.preferred_name.as_deref());
    text(BirthOn, Some(&s.identity.birth_on.to_string()));
    if let Some(details) = &s.details {
        text(GenderIdentity, details.gender_identity.as_deref());
        text(Pronouns, details.pronouns.as_deref());
        text(EthnicityCode, details.ethnicity_code.as_deref());
        if details.sex != crate::patients::Sex::Unknown {
            out.push((Sex, serde_json::to_value(details.sex).unwrap_or_default()));
        }
        out.push((InterpreterNeeded, Value::Bool(details.interpreter_needed)));
        if !details.race_codes.is_empty() {
            out.push((
                RaceCodes,
                serde_json::to_value(&details.race_codes).unwrap_or_default(),
            ));
        }
    }
    let may_text = match &s.contact {
        Some(contact) => contact.may_text,
        None => recorded
            .and_then(|p| p.telecom(TelecomSystem::Phone, TelecomUse::Mobile))
            .is_some_and(|mobile| mobile.may_text),
    };
    push_contact(&mut out, MobilePhone, &s.identity.phone, may_text);
    if let Some(contact) = &s.contact {
        if let Some(email) = &contact.email {
            push_contact(&mut out, Email, email, false);
        }
        if let Some(address) = &contact.address {
            out.push((
                HomeAddress,
                serde_json::to_value(to_address(address)).unwrap_or_default(),
            ));
        }
    }
    let keeps_dialect = recorded.is_some_and(|p| Lang::from_tag(&p.language) == s.language);
    if !keeps_dialect {
        out.push((Language, Value::String(s.language.tag().to_owned())));
    }
    out.sort_by_key(|(field, _)| *field);
    out
}

fn push_contact(out: &mut Vec<(PatientField, Value)>, field: PatientField, value: &str, may_text: bool) {
    let (Some((system, usage)), false) = (field.contact_point(), value.trim().is_empty()) else {
        return;
    };
    let point = ContactPoint {
        system,
        usage,
        value: value.trim().to_owned(),
        may_text,
    };
    out.push((field, serde_json::to_value(point).unwrap_or_default()));
}

/// A submitted address as it is recorded.
pub fn to_address(address: &SubmittedAddress) -> Address {
    Address {
        usage: AddressUse::Home,
        line1: address.line1.trim().to_owned(),
        line2: address.line2.clone().filter(|l| !l.trim().is_empty()),
        city: address.city.trim().to_owned(),
        state: address.state.trim().to_uppercase(),
        postal_code: address.postal_code.trim().to_owned(),
        bad: false,
    }
}

fn same_meaning(field: PatientField, a: &Value, b: &Value) -> bool {
    if a == b {
        return true;
    }
    if a.is_null() {
        // "No interpreter" says nothing new about a record that says nothing.
        return *b == Value::Bool(false);
    }
    match field {
        PatientField::MobilePhone | PatientField::HomePhone | PatientField::WorkPhone => {
            phone_digits(&field.show(a)) == phone_digits(&field.show(b))
                && a.get("may_text") == b.get("may_text")
        }
        PatientField::BirthOn | PatientField::Sex => false,
        PatientField::Email => field.show(a).to_lowercase() == field.show(b).to_lowercase(),
        _ => spoken(&field.show(a)) == spoken(&field.show(b)),
    }
}

/// "Elena Delgado", from what was typed.
pub fn display_name(identity: &Identity) -> String {
    [identity.given_name.trim(), identity.family_name.trim()]
        .into_iter()
        .filter(|n| !n.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
