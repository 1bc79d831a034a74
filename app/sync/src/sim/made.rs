//! Made-up people, and what they type.

use chrono::{DateTime, NaiveDate, Utc};
use domain::coverage::*;
use domain::id::*;
use domain::intake::*;
use domain::patients::*;
use domain::text::Lang;
use uuid::Uuid;

/// An instant.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A patient with a name and nothing else.
pub fn named(id: PatientId, given: &str, family: &str) -> Patient {
    Patient {
        id,
        mrn: HumanNumber::Assigned(0),
        family_name: family.into(),
        given_name: given.into(),
        middle_name: None,
        suffix: None,
        preferred_name: None,
        previous_names: Vec::new(),
        payer_name: None,
        birth_on: day("1980-05-17"),
        multiple_birth: false,
        sex: Sex::Female,
        gender_identity: None,
        pronouns: None,
        identifiers: Vec::new(),
        telecoms: Vec::new(),
        addresses: Vec::new(),
        no_fixed_address: false,
        language: "en".into(),
        interpreter_needed: false,
        race_codes: Vec::new(),
        ethnicity_code: None,
        marital_status: None,
        deceased_on: None,
        identity: IdentityStatus::StaffVerified,
        preferred_channel: None,
        registered_at: at("2026-03-01T12:00:00Z"),
    }
}

/// A coverage that replaces none.
pub fn coverage(id: CoverageId, patient_id: PatientId, member_id: &str) -> Coverage {
    Coverage {
        id,
        patient_id,
        payer_order: PayerOrder::Primary,
        payer_name: "Lakeside Health".into(),
        payer_code: None,
        plan_name: None,
        member_id: member_id.into(),
        group_number: None,
        subscriber_relationship: SubscriberRelationship::Itself,
        subscriber: None,
        effective_on: Some(day("2025-01-01")),
        term_on: None,
        replaces_id: None,
        copay_amount: None,
        card_front: None,
        card_back: None,
        eligibility: Eligibility::NotChecked,
        source: Source::Staff,
        recorded_at: at("2025-01-02T12:00:00Z"),
    }
}

/// What a patient types, with a card that was photographed, and answers about health.
pub fn submission(intake: IntakeId, family: &str, reason: &str, member_id: &str, card: &str) -> SubmitIntake {
    let person = |given: &str, relationship: &str| Person {
        given_name: given.into(),
        family_name: "Peña".into(),
        relationship: relationship.into(),
        phone: "262 555 0143".into(),
        birth_on: None,
    };
    let consent = SubmittedConsent {
        form_id: ConsentFormId(Uuid::from_u128(0xf0)),
        kind: ConsentKind::Texting,
        text_hash: "ab".repeat(32),
        decision: ConsentDecision::Declined,
        signature: None,
        signed_at: at("2026-03-10T14:58:00Z"),
    };
    let covered = SubmittedCoverage {
        payer_order: PayerOrder::Primary,
        payer_name: "Lakeside Health".into(),
        member_id: member_id.into(),
        group_number: None,
        subscriber_relationship: SubscriberRelationship::Itself,
        subscriber: None,
        card_front: Some(card.into()),
        card_back: None,
    };
    let content = Submission {
        language: Lang::Es,
        filled_by: FilledBy::Patient,
        returning: true,
        identity: Identity {
            given_name: "Elena".into(),
            middle_name: None,
            family_name: family.into(),
            suffix: None,
            preferred_name: None,
            birth_on: day("1984-03-09"),
            phone: "414 555 0199".into(),
        },
        details: None,
        contact: None,
        insurance: InsuranceAnswer::Coverages {
            coverages: vec![covered],
        },
        emergency_contact: Some(person("Lucía", "hermana")),
        guarantor: None,
        reason: reason.into(),
        consents: vec![consent],
    };
    let history = HistoryAnswers {
        questionnaire_id: QuestionnaireId(Uuid::from_u128(0xf1)),
        answers: [("smoking".to_owned(), Answer::One("never".into()))].into(),
        signature: None,
    };
    SubmitIntake {
        intake_id: intake,
        site_id: None,
        content,
        history: Some(history),
        more: Vec::new(),
    }
}
