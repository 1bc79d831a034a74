//! Made-up people, and what they type.

use super::{at, day, id};
use domain::coverage::*;
use domain::id::*;
use domain::intake::*;
use domain::patients::*;
use domain::text::Lang;
use serde_json::Value;

pub fn named(n: u128, given: &str, family: &str, birth_on: &str) -> Patient {
    Patient {
        id: PatientId(id(n)),
        mrn: HumanNumber::Assigned(1000 + n as u64),
        family_name: family.into(),
        given_name: given.into(),
        middle_name: None,
        suffix: None,
        preferred_name: None,
        previous_names: Vec::new(),
        payer_name: None,
        birth_on: day(birth_on),
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

pub fn elena() -> Patient {
    Patient {
        telecoms: vec![mobile("414 555 0134")],
        addresses: vec![home("402 Mill Street")],
        ..named(10, "Elena", "Delgado", "1984-03-09")
    }
}

pub fn mobile(value: &str) -> ContactPoint {
    ContactPoint {
        system: TelecomSystem::Phone,
        usage: TelecomUse::Mobile,
        value: value.into(),
        may_text: true,
    }
}

pub fn home(line1: &str) -> Address {
    Address {
        usage: AddressUse::Home,
        line1: line1.into(),
        line2: None,
        city: "Brookfield".into(),
        state: "WI".into(),
        postal_code: "53005".into(),
        bad: false,
    }
}

pub fn change(field: PatientField, from: impl Into<Value>, to: impl Into<Value>) -> FieldChange {
    FieldChange {
        field,
        from: from.into(),
        to: to.into(),
    }
}

pub fn coverage(n: u128, patient_id: PatientId, member_id: &str) -> Coverage {
    Coverage {
        id: CoverageId(id(n)),
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

pub fn related(n: u128, patient_id: PatientId, roles: Vec<RelatedRole>) -> RelatedPerson {
    RelatedPerson {
        id: RelatedPersonId(id(n)),
        patient_id,
        roles,
        relationship: "mother".into(),
        family_name: "Ruiz".into(),
        given_name: "Inés".into(),
        birth_on: Some(day("1959-11-30")),
        phone: Some("414 555 0177".into()),
        address: None,
        authority: None,
        ended_on: None,
        own_record_id: None,
    }
}

pub fn person(given: &str, family: &str, relationship: &str) -> Person {
    Person {
        given_name: given.into(),
        family_name: family.into(),
        relationship: relationship.into(),
        phone: "262 555 0143".into(),
        birth_on: None,
    }
}

pub fn consent(kind: ConsentKind, decision: ConsentDecision) -> SubmittedConsent {
    SubmittedConsent {
        form_id: ConsentFormId(id(500 + kind as u128)),
        kind,
        text_hash: format!("{:064x}", 0xabc0 + kind as u32),
        decision,
        signature: (decision == ConsentDecision::Agreed).then(|| Signature {
            strokes: vec![vec![(10, 20), (30, 40)]],
            typed_name: "Elena Delgado".into(),
            relationship: SignerRelationship::Patient,
        }),
        signed_at: at("2026-03-10T14:58:00Z"),
    }
}

/// What Elena Delgado types: a new phone, a new street, new insurance, all five consents, in Spanish.
pub fn elenas_submission() -> Submission {
    Submission {
        language: Lang::Es,
        filled_by: FilledBy::Patient,
        returning: true,
        identity: Identity {
            given_name: "Elena".into(),
            middle_name: None,
            family_name: "Delgado Peña".into(),
            suffix: None,
            preferred_name: Some("Nena".into()),
            birth_on: day("1984-03-09"),
            phone: "414 555 0199".into(),
        },
        details: Some(Details {
            sex: Sex::Female,
            gender_identity: None,
            pronouns: Some("ella".into()),
            interpreter_needed: false,
            race_codes: Vec::new(),
            ethnicity_code: Some("2135-2".into()),
        }),
        contact: Some(Contact {
            may_text: true,
            email: Some("elena@example.org".into()),
            address: Some(SubmittedAddress {
                line1: "1270 Peñasco Ln".into(),
                line2: None,
                city: "Waukesha".into(),
                state: "wi".into(),
                postal_code: "53186".into(),
            }),
        }),
        insurance: InsuranceAnswer::Coverages {
            coverages: vec![submitted_coverage("LKS-900-1187")],
        },
        emergency_contact: Some(person("Lucía", "Íñiguez", "hermana")),
        guarantor: Some(person("Tomás", "Delgado", "esposo")),
        reason: "Me duele el oído desde el sábado.".into(),
        consents: ConsentKind::ALL
            .into_iter()
            .map(|kind| {
                let declined = matches!(kind, ConsentKind::Texting | ConsentKind::PrivacyNotice);
                consent(
                    kind,
                    if declined {
                        ConsentDecision::Declined
                    } else {
                        ConsentDecision::Agreed
                    },
                )
            })
            .collect(),
    }
}

pub fn submitted_coverage(member_id: &str) -> SubmittedCoverage {
    SubmittedCoverage {
        payer_order: PayerOrder::Primary,
        payer_name: " Lakeside Health ".into(),
        member_id: format!("{member_id} "),
        group_number: Some("77".into()),
        subscriber_relationship: SubscriberRelationship::Itself,
        subscriber: None,
        card_front: Some("a".repeat(64)),
        card_back: None,
    }
}

/// A child who comes for the first time, with a parent who pays.
pub fn childs_submission() -> Submission {
    let mut said = elenas_submission();
    said.returning = false;
    said.filled_by = FilledBy::Parent;
    said.identity.given_name = "Begoña".into();
    said.identity.birth_on = day("2014-08-31");
    said
}

pub fn history() -> HistoryAnswers {
    HistoryAnswers {
        questionnaire_id: QuestionnaireId(id(600)),
        answers: [("smoking".to_owned(), Answer::One("never".into()))].into(),
        signature: None,
    }
}

pub fn submit(n: u128, content: Submission) -> SubmitIntake {
    SubmitIntake {
        intake_id: IntakeId(id(n)),
        site_id: None,
        content,
        history: Some(history()),
        more: Vec::new(),
    }
}

pub fn accept(n: u128, patient_id: PatientId) -> AcceptIntake {
    AcceptIntake {
        intake_id: IntakeId(id(n)),
        patient_id,
        new_patient: false,
        accepted: Vec::new(),
        coverages: Vec::new(),
        emergency_contact: false,
        guarantor: false,
    }
}
