//! Fields that the real samples leave empty, in resources written by hand after the examples of FHIR R4.

use fhir::*;

/// The one resource of `json`, read without a fault.
fn read(json: &str) -> Resource {
    let Ok(mut document) = read_bundle(json.as_bytes()) else {
        panic!("not read: {json}")
    };
    assert_eq!(
        (document.entries.len(), &document.faults[..]),
        (1, &[][..]),
        "{json}"
    );
    document.entries.remove(0).resource
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("(none)")
}

#[test]
fn a_coverage_with_the_whole_card() {
    let Resource::Coverage(coverage) = read(
        r#"{"resourceType":"Coverage","id":"c","status":"active","type":{"coding":[{"code":"EHCPOL"}]},
        "identifier":[{"type":{"coding":[{"code":"MB"}]},"value":"12345"}],
        "policyHolder":{"reference":"Organization/employer"},"subscriber":{"reference":"Patient/parent"},
        "subscriberId":"A-77","beneficiary":{"reference":"Patient/child"},"dependent":"02",
        "relationship":{"coding":[{"code":"child"}]},"period":{"start":"2026-01","end":"2026-12-31"},
        "payor":[{"reference":"Organization/p","display":"Acme"},{"display":"Bravo"}],"order":2,"network":"5",
        "class":[{"type":{"coding":[{"code":"group"}]},"value":"CB135","name":"Fund"},
                 {"type":{"coding":[{"code":"plan"}]},"value":"B37FC","name":"Basic"}]}"#,
    ) else {
        panic!("no Coverage")
    };
    assert_eq!(
        (text(&coverage.status), text(&coverage.type_code)),
        ("active", "EHCPOL")
    );
    assert_eq!(text(&coverage.identifiers[0].type_code), "MB");
    assert_eq!(text(&coverage.policy_holder.as_ref().unwrap().id), "employer");
    assert_eq!(text(&coverage.subscriber.as_ref().unwrap().id), "parent");
    assert_eq!(text(&coverage.beneficiary.id), "child");
    assert_eq!(
        (text(&coverage.subscriber_id), text(&coverage.dependent)),
        ("A-77", "02")
    );
    assert_eq!(
        coverage.relationship.as_ref().unwrap().first_code(),
        Some("child")
    );
    let period = coverage.period.unwrap();
    assert_eq!(period.start.unwrap().date.to_string(), "2026-01");
    assert_eq!(period.end.unwrap().date.full().unwrap().to_string(), "2026-12-31");
    assert_eq!(
        coverage
            .payors
            .iter()
            .map(|payor| text(&payor.display))
            .collect::<Vec<_>>(),
        ["Acme", "Bravo"]
    );
    assert_eq!((coverage.order, text(&coverage.network)), (Some(2), "5"));
    let group = coverage.class("group").unwrap();
    assert_eq!((text(&group.value), text(&group.name)), ("CB135", "Fund"));
    assert_eq!(text(&coverage.class("plan").unwrap().value), "B37FC");
    assert_eq!(coverage.class("rxbin"), None);
}

#[test]
fn a_patient_with_contacts_links_and_a_preferred_language() {
    let Resource::Patient(patient) = read(
        r#"{"resourceType":"Patient","id":"p","active":false,"deceasedBoolean":false,
        "name":[{"text":"Kim Ai MD","suffix":["MD"]}],"telecom":[{"system":"sms","value":"1","rank":1}],
        "communication":[{"language":{"coding":[{"code":"en"}]}},
            {"language":{"coding":[{"code":"es"}]},"preferred":true}],
        "contact":[{"relationship":[{"coding":[{"code":"N"}]}],"name":{"family":"Ai"},
                    "telecom":[{"system":"phone","value":"5551234"}],"address":{"city":"Salem"}}],
        "link":[{"other":{"reference":"Patient/q"},"type":"replaced-by"}]}"#,
    ) else {
        panic!("no Patient")
    };
    assert_eq!(
        (patient.active, patient.deceased),
        (Some(false), Some(Deceased::No))
    );
    assert_eq!(
        (text(&patient.names[0].text), &patient.names[0].suffix[..]),
        ("Kim Ai MD", &["MD".to_owned()][..])
    );
    assert_eq!(
        (text(&patient.telecom[0].system), patient.telecom[0].rank),
        ("sms", Some(1))
    );
    assert_eq!(patient.languages, ["es", "en"]);
    let contact = &patient.contacts[0];
    assert_eq!(contact.relationship[0].first_code(), Some("N"));
    assert_eq!(text(&contact.name.as_ref().unwrap().family), "Ai");
    assert_eq!(text(&contact.telecom[0].value), "5551234");
    assert_eq!(text(&contact.address.as_ref().unwrap().city), "Salem");
    assert_eq!(
        (text(&patient.links[0].kind), text(&patient.links[0].other.id)),
        ("replaced-by", "q")
    );
}

#[test]
fn a_claim_names_each_encounter_once() {
    let Resource::Claim(claim) = read(
        r#"{"resourceType":"Claim","id":"c","use":"claim","patient":{"reference":"Patient/p"},
        "item":[{"encounter":[{"reference":"Encounter/2"}]},{"encounter":[{"reference":"Encounter/1"},
        {"reference":"Encounter/2"}]},{}],"insurance":[{"sequence":1,"coverage":{"reference":"Coverage/7"}}]}"#,
    ) else {
        panic!("no Claim")
    };
    assert_eq!(
        claim
            .encounters
            .iter()
            .map(|one| text(&one.id))
            .collect::<Vec<_>>(),
        ["2", "1"]
    );
    assert_eq!(
        (text(&claim.usage), claim.insurance[0].sequence),
        ("claim", Some(1))
    );
    assert!(!claim.insurance[0].focal);
    assert_eq!(text(&claim.insurance[0].coverage.id), "7");
}

#[test]
fn a_condition_in_years_and_words() {
    let Resource::Condition(condition) = read(
        r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},
        "clinicalStatus":{"coding":[{"code":"resolved"}]},
        "onsetAge":{"value":7.5,"code":"a"},"abatementString":"as a grown-up"}"#,
    ) else {
        panic!("no Condition")
    };
    assert_eq!(text(&condition.clinical_status), "resolved");
    assert_eq!(
        condition.onset,
        Some(When::AtAge(Age {
            value: Some(7.5),
            unit: Some("a".to_owned())
        }))
    );
    assert_eq!(condition.abatement, Some(When::Words("as a grown-up".to_owned())));
    let Resource::Condition(condition) = read(
        r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},
        "onsetPeriod":{"start":"2020"},"abatementDateTime":"2021-05"}"#,
    ) else {
        panic!("no Condition")
    };
    assert!(matches!(
        condition.onset,
        Some(When::During(Period {
            start: Some(_),
            end: None
        }))
    ));
    assert!(matches!(condition.abatement, Some(When::At(moment)) if moment.date.month == Some(5)));
}

#[test]
fn a_medicine_by_reference_a_vaccine_in_words_and_an_allergy_to_a_substance() {
    let Resource::MedicationRequest(request) = read(
        r##"{"resourceType":"MedicationRequest","id":"m","subject":{"reference":"Patient/p"},
        "medicationReference":{"reference":"#med"},"encounter":{"reference":"Encounter/e"}}"##,
    ) else {
        panic!("no MedicationRequest")
    };
    let Some(Medication::Reference(medicine)) = &request.medication else {
        panic!("{request:?}")
    };
    assert_eq!(text(&medicine.id), "#med");
    assert_eq!(text(&request.encounter.as_ref().unwrap().id), "e");
    let Resource::Immunization(vaccine) = read(
        r#"{"resourceType":"Immunization","id":"i","status":"not-done","patient":{"reference":"Patient/p"},
        "occurrenceString":"as a child","lotNumber":"LOT42X"}"#,
    ) else {
        panic!("no Immunization")
    };
    assert_eq!(vaccine.occurrence, Some(When::Words("as a child".to_owned())));
    assert_eq!(
        (text(&vaccine.status), text(&vaccine.lot_number)),
        ("not-done", "LOT42X")
    );
    let Resource::AllergyIntolerance(allergy) = read(
        r#"{"resourceType":"AllergyIntolerance","id":"a","patient":{"reference":"Patient/p"},
        "recordedDate":"2020-03-15","reaction":[{"substance":{"text":"cashew"}}]}"#,
    ) else {
        panic!("no AllergyIntolerance")
    };
    assert_eq!(allergy.recorded.unwrap().date.to_string(), "2020-03-15");
    assert_eq!(
        allergy.reactions[0].substance.as_ref().unwrap().words(),
        Some("cashew")
    );
}

#[test]
fn a_role_lists_each_taxonomy_code_once_the_specialty_first() {
    let nucc = |code: &str| format!(r#"{{"coding":[{{"system":"{NUCC_SYSTEM}","code":"{code}"}}]}}"#);
    let Resource::PractitionerRole(role) = read(&format!(
        r#"{{"resourceType":"PractitionerRole","id":"r","code":[{},{}],"specialty":[{},{{"text":"Family"}}]}}"#,
        nucc("1"),
        nucc("2"),
        nucc("2")
    )) else {
        panic!("no PractitionerRole")
    };
    assert_eq!(role.taxonomy, ["2", "1"]);
    assert_eq!(role.specialties[1].words(), Some("Family"));
}
