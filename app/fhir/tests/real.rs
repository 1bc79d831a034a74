//! Real exports, cut small: what each kind carries must come out of them.

use fhir::*;

fn lines(text: &str) -> Document {
    let mut into = Document::new();
    for (number, line) in (1..).zip(text.lines()) {
        read_ndjson_line(line, number, &mut into);
    }
    into
}

/// The resources of one kind, in order.
macro_rules! all {
    ($document:expr, $kind:ident) => {
        $document
            .entries
            .iter()
            .filter_map(|entry| match &entry.resource {
                Resource::$kind(resource) => Some(resource.as_ref()),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("(none)")
}

#[test]
fn a_patient_of_2019_carries_all_that_registration_asks() {
    let document = lines(include_str!("samples/patients_r4.ndjson"));
    assert_eq!(document.faults, []);
    let patients = all!(document, Patient);
    assert_eq!(patients.len(), 3);
    let plain = patients[2];
    assert_eq!(plain.id, "ba18818d-faef-44cd-9744-b12d8973d402");
    assert_eq!(plain.identifiers.len(), 5);
    let ssn = plain
        .identifiers
        .iter()
        .find(|one| one.type_code.as_deref() == Some("SS"))
        .unwrap();
    assert_eq!(text(&ssn.system), "http://hl7.org/fhir/sid/us-ssn");
    assert_eq!(text(&ssn.value), "999-30-7608");
    let name = &plain.names[0];
    assert_eq!((text(&name.usage), text(&name.family)), ("official", "Hartmann"));
    assert_eq!(
        (&name.given[..], &name.prefix[..]),
        (&["Adalberto".to_owned()][..], &["Mr.".to_owned()][..])
    );
    assert_eq!(text(&plain.telecom[0].value), "555-186-2275");
    assert_eq!(text(&plain.telecom[0].usage), "home");
    assert_eq!(text(&plain.gender), "male");
    assert_eq!(
        plain.birth_date.unwrap().full().unwrap().to_string(),
        "1949-11-29"
    );
    assert_eq!(plain.deceased, None);
    let address = &plain.addresses[0];
    assert_eq!(address.lines, ["616 Daugherty Arcade"]);
    assert_eq!(
        (text(&address.city), text(&address.state)),
        ("Worcester", "Massachusetts")
    );
    assert_eq!(
        (text(&address.postal_code), text(&address.country)),
        ("01545", "US")
    );
    assert_eq!(plain.marital_status.as_ref().unwrap().first_code(), Some("M"));
    assert_eq!(plain.languages, ["en-US"]);
    let race = plain.race.as_ref().unwrap();
    assert_eq!((text(&race.omb[0].code), text(&race.text)), ("2135-2", "Other"));
    assert_eq!(text(&plain.ethnicity.as_ref().unwrap().omb[0].code), "2186-5");
    assert_eq!(text(&plain.birth_sex), "M");
    assert_eq!(text(&plain.mothers_maiden_name), "June Mante");
    assert_eq!(plain.multiple_birth, Some(MultipleBirth::Is(false)));
    assert!(matches!(patients[0].deceased, Some(Deceased::At(moment)) if moment.instant.is_some()));
    assert!(matches!(
        patients[1].multiple_birth,
        Some(MultipleBirth::Order(1..=3))
    ));
}

#[test]
fn us_core_patients_come_with_their_line_numbers() {
    let document = lines(include_str!("samples/patients_us_core.ndjson"));
    assert_eq!(document.faults, []);
    let at: Vec<_> = document.entries.iter().map(|entry| entry.at).collect();
    assert_eq!(at, [Position::Line(1), Position::Line(2), Position::Line(3)]);
    let patients = all!(document, Patient);
    assert_eq!(patients[0].languages, ["ru-RU"]);
    assert!(
        patients[1]
            .names
            .iter()
            .any(|name| name.usage.as_deref() == Some("maiden"))
    );
    assert!(
        patients
            .iter()
            .all(|patient| patient.race.is_some() && patient.ethnicity.is_some())
    );
}

#[test]
fn a_provider_is_found_through_npi_and_identifiers() {
    let document = lines(include_str!("samples/providers.ndjson"));
    let practitioner = all!(document, Practitioner)[0];
    assert_eq!(text(&practitioner.npi), "9999949792");
    assert_eq!(
        (practitioner.active, text(&practitioner.names[0].family)),
        (Some(true), "Ankunding277")
    );
    let role = all!(document, PractitionerRole)[0];
    assert_eq!(role.taxonomy, ["208D00000X"]);
    let named = role.practitioner.as_ref().unwrap();
    assert_eq!(text(&named.identifier.as_ref().unwrap().value), "9999949792");
    let organization = all!(document, Organization)[0];
    assert_eq!(text(&organization.name), "DEXTER COMMUNITY RHC");
    assert_eq!(organization.types[0].first_code(), Some("prov"));
    assert_eq!((organization.telecom.len(), organization.npi.as_ref()), (1, None));
    let location = all!(document, Location)[0];
    assert_eq!(text(&location.address.as_ref().unwrap().city), "DEXTER");
    let managing = location
        .managing_organization
        .as_ref()
        .unwrap()
        .identifier
        .as_ref()
        .unwrap();
    assert_eq!(text(&managing.value), organization.id);
    let wanted = role.locations[0].identifier.as_ref().unwrap();
    assert_eq!(location.identifiers[0].value, wanted.value);
}

#[test]
fn a_made_up_npi_is_reported_and_kept() {
    let document = lines(include_str!("samples/providers.ndjson"));
    let [fault] = &document.faults[..] else {
        panic!("{:?}", document.faults)
    };
    assert_eq!((fault.at, fault.severity), (Position::Line(5), Severity::Warning));
    assert_eq!(text(&fault.field), "Practitioner.identifier[0].value");
    assert_eq!(text(&all!(document, Practitioner)[1].npi), "160");
}

#[test]
fn the_clinical_kinds_and_the_claim() {
    let document = lines(include_str!("samples/clinical.ndjson"));
    assert_eq!(document.faults, []);
    assert_eq!(
        document.skipped.iter().collect::<Vec<_>>(),
        [(&"Procedure".to_owned(), &1)]
    );
    let claim = all!(document, Claim)[0];
    assert_eq!(text(&claim.patient.id), "ba18818d-faef-44cd-9744-b12d8973d402");
    assert_eq!(text(&claim.type_code), "institutional");
    assert!(claim.insurance[0].focal);
    assert_eq!(text(&claim.insurance[0].coverage.display), "private");
    assert!(!claim.insurance[0].coverage.can_be_followed());
    assert_eq!(
        claim.billable_period.unwrap().start.unwrap().date.to_string(),
        "1951-12-02"
    );
    assert_eq!(
        text(&claim.encounters[0].id),
        "f8f74c99-a277-4695-a0b2-be90d6a5d3eb"
    );
    let encounter = all!(document, Encounter)[0];
    assert_eq!(
        (text(&encounter.status), text(&encounter.class_code)),
        ("finished", "AMB")
    );
    assert_eq!(encounter.types[0].first_code(), Some("185347001"));
    assert_eq!(
        text(&encounter.patient.as_ref().unwrap().resource_type),
        "Patient"
    );
    let seen_by = &encounter.practitioners[0];
    assert_eq!(text(&seen_by.identifier.as_ref().unwrap().system), NPI_SYSTEM);
    assert_eq!(
        text(&encounter.locations[0].display),
        "NEWMAN MEMORIAL COUNTY HOSPITAL"
    );
    assert_eq!(encounter.reasons[0].first_code(), Some("46177005"));
    let condition = all!(document, Condition)[0];
    assert_eq!(condition.code.code_in("http://snomed.info/sct"), Some("91302008"));
    assert_eq!(text(&condition.verification_status), "confirmed");
    assert_eq!(condition.categories, ["encounter-diagnosis"]);
    assert!(matches!(&condition.onset, Some(When::At(moment)) if moment.date.year == 1976));
    assert!(condition.encounter.is_some() && condition.recorded.is_some());
    let request = all!(document, MedicationRequest)[0];
    assert_eq!(
        (text(&request.status), text(&request.intent)),
        ("stopped", "order")
    );
    let Some(Medication::Concept(drug)) = &request.medication else {
        panic!("{request:?}")
    };
    assert_eq!(drug.words(), Some("lisinopril 10 MG Oral Tablet"));
    assert!(request.requester.is_some() && request.authored_on.is_some());
    let immunization = all!(document, Immunization)[0];
    assert_eq!(
        immunization.vaccine.code_in("http://hl7.org/fhir/sid/cvx"),
        Some("62")
    );
    assert!(matches!(immunization.occurrence, Some(When::At(_))));
    let allergy = all!(document, AllergyIntolerance)[0];
    assert_eq!(
        (text(&allergy.kind), text(&allergy.criticality)),
        ("allergy", "low")
    );
    assert_eq!(allergy.categories, ["medication"]);
    assert_eq!(text(&allergy.reactions[0].severity), "moderate");
    assert_eq!(
        allergy.reactions[0].manifestations[0].words(),
        Some("Wheal (finding)")
    );
}

#[test]
fn a_bundle_is_read_in_order_and_the_rest_is_counted() {
    let document = read_bundle(include_bytes!("samples/bundle.json")).unwrap();
    // The generator numbers its practitioners without regard to the check digit.
    let faults: Vec<_> = document
        .faults
        .iter()
        .map(|fault| (fault.at, text(&fault.field)))
        .collect();
    let npi = "Practitioner.identifier[0].value";
    assert_eq!(faults, [(Position::Entry(23), npi), (Position::Entry(25), npi)]);
    assert_eq!(document.entries.len(), 31);
    let skipped: Vec<_> = document
        .skipped
        .iter()
        .map(|(kind, count)| (kind.as_str(), *count))
        .collect();
    assert_eq!(
        skipped,
        [("ExplanationOfBenefit", 1), ("Observation", 4), ("Procedure", 2)]
    );
    assert_eq!(document.entries[0].at, Position::Entry(0));
    assert!(document.entries.iter().all(|entry| entry.also_known_as.is_none()));
    let patient = all!(document, Patient)[0];
    let coverages = all!(document, Coverage);
    assert_eq!(coverages.len(), 7);
    assert!(
        coverages
            .iter()
            .all(|coverage| coverage.beneficiary.id.as_ref() == Some(&patient.id))
    );
    let first = coverages[0];
    assert!(first.class("plan").unwrap().name.is_some());
    assert!(first.payors[0].display.is_some() && first.period.unwrap().start.is_some());
    let claim = all!(document, Claim)[0];
    let covered = claim.insurance[0].coverage.id.as_ref();
    assert!(coverages.iter().any(|coverage| Some(&coverage.id) == covered));
}

#[test]
fn a_single_resource_is_a_document_of_one() {
    let line = include_str!("samples/patients_r4.ndjson").lines().next().unwrap();
    let document = read_bundle(line.as_bytes()).unwrap();
    assert_eq!(
        (document.entries.len(), document.entries[0].at),
        (1, Position::Document)
    );
    assert_eq!(document.entries[0].resource, lines(line).entries[0].resource);
}
