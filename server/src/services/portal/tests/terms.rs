//! Times that the terms of whom they are with speak against.

use super::stand::*;
use crate::services::notices::tests::stand::*;
use domain::command::Command;
use domain::coverage::*;
use domain::id::*;
use domain::schedule::*;
use uuid::Uuid;

fn insured(payer: &str) -> Command {
    let coverage = Coverage {
        id: CoverageId(Uuid::from_u128(0x320)),
        patient_id: PatientId(Uuid::from_u128(0x10)),
        payer_order: PayerOrder::Primary,
        payer_name: payer.into(),
        payer_code: None,
        plan_name: None,
        member_id: "LKS 1".into(),
        group_number: None,
        subscriber_relationship: SubscriberRelationship::Itself,
        subscriber: None,
        effective_on: None,
        term_on: None,
        replaces_id: None,
        copay_amount: None,
        card_front: None,
        card_back: None,
        eligibility: Eligibility::NotChecked,
        source: Source::Staff,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
    };
    Command::RecordCoverage(RecordCoverage {
        coverage,
        replaces_from: None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_is_offered_no_time_for_which_the_desk_would_need_a_reason() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let own = stand.appointment(0x310).await;
    let book = format!("/p/{PRACTICE}/book?move={}", own.id);
    let set = async |change: fn(&mut PractitionerTerms)| {
        let mut terms = PractitionerTerms::new(DOCTOR);
        change(&mut terms);
        stand.give(vec![Command::SetPractitionerTerms(terms)]).await;
    };
    let none = "Nothing is open in these days.";
    let at = first_time(&phone.get(&book).await.text, own.end_at);
    stand.give(vec![insured("Lakeside Health")]).await;
    let changes: [fn(&mut PractitionerTerms); 2] = [
        |terms| terms.accepts_new = false,
        |terms| {
            terms.enrolments = vec![Enrolment {
                payer_name: "Medicare".into(),
                payer_code: None,
                site_ids: Vec::new(),
                from_on: None,
                until_on: None,
            }];
        },
    ];
    for change in changes {
        set(change).await;
        assert!(phone.get(&book).await.text.contains(none));
        let form = format!("move={}&at={at}", own.id);
        let taken = phone.post(&format!("/p/{PRACTICE}/take"), &form).await;
        assert!(taken.to.contains("gone=1"), "{} {}", taken.to, taken.text);
    }
    assert_eq!(stand.appointment(0x310).await.start_at, own.start_at);
    set(|terms| {
        terms.enrolments = vec![Enrolment {
            payer_name: "Lakeside Health".into(),
            payer_code: None,
            site_ids: vec![SITE],
            from_on: None,
            until_on: None,
        }];
    })
    .await;
    assert!(!phone.get(&book).await.text.contains(none));
    stand.end().await;
}
