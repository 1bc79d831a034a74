//! Values as people at the desk say them.

use super::when::day;
use crate::state::age_words;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::Role;
use domain::coverage::{Coverage, PayerOrder, SubscriberRelationship};
use domain::intake::{ConsentDecision, ConsentKind};
use domain::notices::Channel;
use domain::patients::{
    ConflictField, HumanNumber, IdentityStatus, Patient, PatientField, RelatedField, RelatedRole, Sex,
    TelecomSystem, TelecomUse,
};
use domain::referrals::{ReferralField, ReferralKind};
use domain::text::{Lang, digits};
use serde_json::Value;

/// "2 s ago", "4 min ago".
pub fn age(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match (now - then).num_seconds() {
        seconds @ 1..=59 => format!("{seconds} s ago"),
        _ => age_words(then, now, Lang::En),
    }
}

/// "Front desk"
pub fn role_words(role: Role) -> &'static str {
    match role {
        Role::Owner => "Practice owner",
        Role::FrontDesk => "Front desk",
        Role::Biller => "Billing",
        Role::Practitioner => "Practitioner",
        Role::Nurse => "Nurse",
        Role::Stock => "Stock room",
        Role::Auditor => "Auditor",
        Role::Kiosk => "Kiosk",
        Role::Service => "Service",
        Role::Patient => "Patient",
    }
}

/// "Mar 9, 1984 · 42 y"; months for the very young.
pub fn birth_words(patient: &Patient, today: NaiveDate) -> String {
    let years = patient.age_on(today);
    let age = if years >= 2 {
        format!("{years} y")
    } else {
        format!("{} mo", (today - patient.birth_on).num_days().max(0) / 30)
    };
    format!("{} · {age}", day(patient.birth_on))
}

/// "female"
pub fn sex_words(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Unknown => "sex not recorded",
    }
}

/// "MRN 20418", or that the number is still to come.
pub fn mrn_words(mrn: &HumanNumber) -> String {
    match mrn {
        HumanNumber::Assigned(number) => format!("MRN {number}"),
        HumanNumber::Provisional(_) => format!("{mrn} (number comes when sent)"),
    }
}

/// "Seen by staff"
pub fn identity_words(identity: IdentityStatus) -> &'static str {
    match identity {
        IdentityStatus::Unverified => "Identity not checked",
        IdentityStatus::StaffVerified => "Identity seen by staff",
        IdentityStatus::Imported => "From another system",
    }
}

/// The first phone there is.
pub fn any_phone(patient: &Patient) -> Option<String> {
    let kinds = [TelecomUse::Mobile, TelecomUse::Home, TelecomUse::Work];
    kinds
        .iter()
        .find_map(|usage| patient.telecom(TelecomSystem::Phone, *usage))
        .map(|point| phone(&point.value))
}

/// "(555) 013-4471"
pub fn phone(value: &str) -> String {
    let plain = digits(value);
    match (plain.len(), value.contains(['x', 'X', '+'])) {
        (10, false) => format!("({}) {}-{}", &plain[..3], &plain[3..6], &plain[6..]),
        _ => value.to_owned(),
    }
}

/// "••• 4471"
pub fn masked(value: &str) -> String {
    let plain = digits(value);
    format!("••• {}", &plain[plain.len().saturating_sub(4)..])
}

/// "Spanish"
pub fn language_words(tag: &str) -> String {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    let known = [
        ("en", "English"),
        ("es", "Spanish"),
        ("ar", "Arabic"),
        ("de", "German"),
        ("fr", "French"),
        ("hi", "Hindi"),
        ("hmn", "Hmong"),
        ("ht", "Haitian Creole"),
        ("it", "Italian"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ru", "Russian"),
        ("so", "Somali"),
        ("tl", "Tagalog"),
        ("uk", "Ukrainian"),
        ("vi", "Vietnamese"),
        ("zh", "Chinese"),
    ];
    match known.iter().find(|(code, _)| *code == language) {
        Some((_, word)) => (*word).to_owned(),
        None => tag.to_owned(),
    }
}

/// Languages to choose from: tag and word.
pub fn languages() -> Vec<(String, String)> {
    [
        "en", "es", "ar", "de", "fr", "hi", "hmn", "ht", "it", "ja", "ko", "pl", "pt", "ru", "so", "tl",
        "uk", "vi", "zh",
    ]
    .iter()
    .map(|tag| ((*tag).to_owned(), language_words(tag)))
    .collect()
}

/// A field's value as it is read, empty when there is none.
pub fn shown(field: PatientField, value: &Value) -> String {
    let plain = field.show(value);
    match field {
        PatientField::BirthOn => plain.parse().map(day).unwrap_or(plain),
        PatientField::Sex => serde_json::from_value(value.clone())
            .map(sex_words)
            .unwrap_or_default()
            .to_owned(),
        PatientField::PreferredChannel => {
            let channel = Channel::ALL.into_iter().find(|one| one.name() == plain);
            channel.map_or(plain, |one| one.label().get(Lang::En).to_owned())
        }
        PatientField::Language => {
            if plain.is_empty() {
                plain
            } else {
                language_words(&plain)
            }
        }
        PatientField::RaceCodes => {
            let codes: Vec<String> = serde_json::from_value(value.clone()).unwrap_or_default();
            let words: Vec<&str> = codes.iter().map(|code| category(&RACES, code)).collect();
            words.join(", ")
        }
        PatientField::EthnicityCode => category(&ETHNICITIES, &plain).to_owned(),
        PatientField::MobilePhone | PatientField::HomePhone | PatientField::WorkPhone => {
            let texting = value.get("may_text").and_then(Value::as_bool).unwrap_or_default();
            let number = phone(&plain);
            if texting {
                format!("{number}, may be texted")
            } else {
                number
            }
        }
        _ => plain,
    }
}

/// Categories of race, and the codes of CDC's set for them (OMB Directive 15).
pub const RACES: [(&str, &str); 6] = [
    ("1002-5", "American Indian or Alaska Native"),
    ("2028-9", "Asian"),
    ("2054-5", "Black or African American"),
    ("2076-8", "Native Hawaiian or Pacific Islander"),
    ("2106-3", "White"),
    ("2131-1", "Another race"),
];
/// The same for ethnicity.
pub const ETHNICITIES: [(&str, &str); 2] = [
    ("2135-2", "Hispanic or Latino"),
    ("2186-5", "Not Hispanic or Latino"),
];

/// A category in words; a code that the list does not know is itself.
fn category<'a>(all: &[(&'a str, &'a str)], code: &'a str) -> &'a str {
    let found = all.iter().find(|(known, _)| *known == code);
    found.map_or(code, |(_, words)| words)
}

/// "First"
pub fn order_words(order: PayerOrder) -> &'static str {
    match order {
        PayerOrder::Primary => "First",
        PayerOrder::Secondary => "Second",
        PayerOrder::Tertiary => "Third",
    }
}

/// "spouse"
pub fn subscriber_words(relationship: SubscriberRelationship) -> &'static str {
    match relationship {
        SubscriberRelationship::Itself => "the patient",
        SubscriberRelationship::Spouse => "spouse",
        SubscriberRelationship::Child => "child",
        SubscriberRelationship::Other => "other",
    }
}

/// "since Mar 1, 2026", "Jan 1, 2025 to Dec 31, 2025"
pub fn span_words(coverage: &Coverage) -> String {
    match (coverage.effective_on, coverage.term_on) {
        (Some(from), Some(to)) => format!("{} to {}", day(from), day(to)),
        (Some(from), None) => format!("since {}", day(from)),
        (None, Some(to)) => format!("until {}", day(to)),
        (None, None) => "dates not known".to_owned(),
    }
}

/// "Guarantor"
pub fn related_words(role: RelatedRole) -> &'static str {
    match role {
        RelatedRole::Guarantor => "Pays the bills",
        RelatedRole::PersonalRepresentative => "Personal representative",
        RelatedRole::Escort => "May bring the child",
        RelatedRole::EmergencyContact => "Emergency contact",
    }
}

/// A value of whichever row.
pub fn shown_of(field: ConflictField, value: &Value) -> String {
    let field = match field {
        ConflictField::Patient(field) => return shown(field, value),
        ConflictField::Related(_, field) => field,
        ConflictField::Referral(_, field) => return referral_words(field, value),
    };
    // Shown as the same thing of a patient's own, where there is such a thing.
    let plain = PatientField::PreferredName.show(value);
    match field {
        RelatedField::BirthOn => shown(PatientField::BirthOn, value),
        RelatedField::EndedOn => plain.parse().map(day).unwrap_or(plain),
        RelatedField::Phone => phone(&plain),
        RelatedField::Roles => {
            let roles: Vec<RelatedRole> = serde_json::from_value(value.clone()).unwrap_or_default();
            let words: Vec<&str> = roles.into_iter().map(related_words).collect();
            words.join(", ")
        }
        _ => plain,
    }
}

/// A value of a referral, but for what it names.
fn referral_words(field: ReferralField, value: &Value) -> String {
    let plain = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match field {
        ReferralField::ValidFrom | ReferralField::ValidUntil => plain.parse().map(day).unwrap_or(plain),
        ReferralField::Kind => {
            let kind = ReferralKind::ALL.into_iter().find(|one| one.name() == plain);
            kind.map_or(plain, |one| one.label().get(Lang::En).to_owned())
        }
        _ => plain,
    }
}

/// "Treatment"
pub fn consent_words(kind: ConsentKind) -> &'static str {
    match kind {
        ConsentKind::Treatment => "Treatment",
        ConsentKind::PrivacyNotice => "Privacy notice received",
        ConsentKind::AssignmentOfBenefits => "Insurer pays the practice",
        ConsentKind::FinancialPolicy => "Financial policy",
        ConsentKind::Texting => "Text messages",
    }
}

/// "Agreed"
pub fn decision_words(decision: ConsentDecision) -> &'static str {
    match decision {
        ConsentDecision::Agreed => "Agreed",
        ConsentDecision::Declined => "Declined",
    }
}

/// What an entry was, from its command's name.
pub fn command_words(name: &str) -> &'static str {
    match name {
        "RegisterPatient" => "New patient",
        "CorrectPatient" => "Correction of a record",
        "RecordRelatedPerson" => "Related person",
        "CorrectRelatedPerson" => "Correction of a related person",
        "RevokeConsent" => "Consent taken back",
        "AnswerQuestionnaire" => "Answers to a form",
        "PublishQuestionnaire" => "Form",
        "MarkDistinct" => "Two records told apart",
        "MergePatients" => "Two records joined",
        "UnmergePatients" => "Two records taken apart",
        "ResolveConflict" => "Decision between two values",
        "RecordCoverage" => "Insurance",
        "RecordReferral" | "EndReferral" => "Referral",
        "SubmitIntake" => "Intake form",
        "AcceptIntake" => "Intake accepted",
        "RejectIntake" => "Intake rejected",
        "AssignPatient" => "Where a patient belongs",
        "SetPatientAside" => "A record set aside",
        "BringBackPatient" => "A record asked for",
        "ResolveTrayItem" => "Decision about an entry",
        "EnrolDevice" => "Device",
        "BookAppointment" => "Appointment",
        "BookSeries" => "Series of appointments",
        "MoveAppointment" => "Appointment moved",
        "PutInRoom" => "Room of a visit",
        "AddTask" | "CloseTask" => "Task",
        "AddRecall" | "NoteRecallContact" | "TakeBackRecallContact" | "CloseRecall" => "Recall",
        "ConfirmAppointment" => "Appointment confirmed",
        "CancelAppointment" => "Appointment called off",
        "SetAppointmentState" => "Step of a visit",
        "ChangeSeries" => "Series changed",
        "AddToWaitlist" => "Entry on the waiting list",
        "CloseWaitlistEntry" => "Waiting list",
        "DefineVisitType" => "Kind of visit",
        "DefineResource" => "Room or device",
        "SetSchedule" | "SetOverride" => "Working hours",
        "SetClosure" => "Days closed",
        "SetNoticeRule" => "Rule for notices",
        "SetOptOut" | "ReportWrongNumber" => "What was said about a number",
        "AnswerNotice" => "Answer to a notice",
        "RetryNotice" => "Notice to send again",
        "SettleNotice" | "VoidNotice" => "Notice seen to",
        "LeaseSlots" | "ReleaseLease" | "SetLeaseRule" => "Share of the calendar",
        _ => "Practice settings",
    }
}

/// A JSON text, or nothing when it is empty.
pub fn text_value(text: &str) -> Value {
    match text.trim() {
        "" => Value::Null,
        text => Value::String(text.to_owned()),
    }
}
