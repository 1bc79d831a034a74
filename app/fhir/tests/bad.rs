//! Bad input: every fault names its place and what to do, and the rest is read all the same.

use fhir::*;

const COVERAGE: &str = r#""beneficiary":{"reference":"Patient/p"}"#;

fn line(text: &str) -> Document {
    let mut into = Document::new();
    read_ndjson_line(text, 1, &mut into);
    into
}

/// The one fault of `text`, after which nothing was kept.
fn refused(text: &str) -> Fault {
    let mut document = line(text);
    assert_eq!(document.entries, [], "{text}");
    assert_eq!(document.faults.len(), 1, "{:?}", document.faults);
    let fault = document.faults.remove(0);
    assert_eq!(fault.severity, Severity::Refused);
    fault
}

/// The one fault of `text`, beside which the resource was kept.
fn warned(text: &str) -> (Resource, Fault) {
    let mut document = line(text);
    assert_eq!(
        (document.entries.len(), document.faults.len()),
        (1, 1),
        "{:?}",
        document.faults
    );
    let fault = document.faults.remove(0);
    assert_eq!(fault.severity, Severity::Warning);
    (document.entries.remove(0).resource, fault)
}

fn patient(text: &str) -> (Patient, Fault) {
    let (Resource::Patient(patient), fault) = warned(text) else {
        panic!("{text} is no Patient")
    };
    (*patient, fault)
}

#[test]
fn a_truncated_bundle_says_where_it_ends() {
    let whole = include_str!("samples/bundle.json");
    let cut = &whole[..whole.len() / 2];
    let fault = read_bundle(cut.as_bytes()).unwrap_err();
    assert_eq!(fault.at, Position::Document);
    let last_line = cut.lines().count();
    assert!(fault.problem.contains("cut short"), "{fault}");
    assert!(
        fault.problem.contains(&format!("line {last_line}, column ")),
        "{fault}"
    );
}

#[test]
fn no_cut_of_a_bundle_is_taken_for_a_whole_one() {
    let whole = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"é"}}]}"#;
    for end in 0..whole.len() {
        assert!(
            read_bundle(&whole.as_bytes()[..end]).is_err(),
            "cut at {end} was read"
        );
    }
    assert_eq!(read_bundle(whole.as_bytes()).unwrap().entries.len(), 1);
}

#[test]
fn one_bad_entry_stops_no_other() {
    let json = "{\"resourceType\":\"Bundle\",\"entry\":[\n\
        {\"resource\":{\"resourceType\":\"Patient\",\"id\":\"a\"}},\n\
        {\"resource\":{\"resourceType\":\"Patient\",\"id\":\"b\",\"birthDate\":19800101}},\n\
        {\"resource\":\"Patient\"},\n\
        7,\n\
        {\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/z\"}},\n\
        {\"resource\":{\"id\":\"c\"}},\n\
        {\"resource\":{\"resourceType\":\"Patient\",\"id\":\"d\"}}]}";
    let document = read_bundle(json.as_bytes()).unwrap();
    let kept: Vec<_> = document
        .entries
        .iter()
        .map(|entry| (entry.at, entry.resource.id()))
        .collect();
    assert_eq!(kept, [(Position::Entry(0), "a"), (Position::Entry(6), "d")]);
    let at: Vec<_> = document.faults.iter().map(|fault| fault.at).collect();
    assert_eq!(at, (1..=5).map(Position::Entry).collect::<Vec<_>>());
    let wrong = &document.faults[0];
    assert_eq!(wrong.field.as_deref(), Some("Patient.birthDate"));
    assert!(wrong.problem.contains("(line 3, column "), "{wrong}");
}

#[test]
fn a_wrong_type_names_the_field_down_to_its_index() {
    let fault = refused(r#"{"resourceType":"Patient","id":"a","telecom":[{"value":"1"},{"value":2}]}"#);
    assert_eq!(fault.field.as_deref(), Some("Patient.telecom[1].value"));
    assert_eq!(fault.resource_type.as_deref(), Some("Patient"));
    assert!(
        fault
            .problem
            .starts_with("Found a whole number out of place where FHIR has a text"),
        "{fault}"
    );
    let fault = refused(&format!(
        r#"{{"resourceType":"Coverage","id":"a",{COVERAGE},"order":-1}}"#
    ));
    assert_eq!(fault.field.as_deref(), Some("Coverage.order"));
}

#[test]
fn a_line_that_is_no_resource_is_a_fault_of_that_line() {
    for text in [
        "not json",
        "{",
        r#"{"id":"a"}"#,
        "[]",
        "null",
        "7",
        r#""Patient""#,
        "{} {}",
        r#"{"resourceType":7}"#,
    ] {
        assert_eq!(refused(text).at, Position::Line(1), "{text}");
    }
    assert_eq!(refused(r#"{"id":"a"}"#).field.as_deref(), Some("resourceType"));
    assert!(
        refused("not json")
            .problem
            .starts_with("This is not well-formed JSON")
    );
    assert!(
        refused(r#"{"resourceType":"Patient","id":"a""#)
            .problem
            .contains("cut short")
    );
}

#[test]
fn a_skipped_line_is_counted_only_when_it_is_whole() {
    let document = line(r#"{"resourceType":"Observation","id":"a"}"#);
    assert_eq!((document.skipped["Observation"], document.faults.len()), (1, 0));
    let fault = refused(r#"{"resourceType":"Observation","id":"a"#);
    assert_eq!(fault.resource_type.as_deref(), Some("Observation"));
    assert!(line("  \r").faults.is_empty());
}

#[test]
fn a_partial_birth_date_is_kept_and_reported() {
    for (sent, missing) in [
        ("1949-11", "The day is missing"),
        ("1949", "The month and the day are missing"),
    ] {
        let (patient, fault) = patient(&format!(
            r#"{{"resourceType":"Patient","id":"a","birthDate":"{sent}"}}"#
        ));
        assert_eq!(patient.birth_date.unwrap().to_string(), sent);
        assert_eq!(patient.birth_date.unwrap().full(), None);
        assert_eq!(fault.field.as_deref(), Some("Patient.birthDate"));
        assert!(fault.problem.starts_with(missing), "{fault}");
    }
}

#[test]
fn a_value_without_sense_is_left_out_and_the_patient_stays() {
    let (one, _) = patient(r#"{"resourceType":"Patient","id":"a","birthDate":"11/29/1949"}"#);
    assert_eq!(one.birth_date, None);
    let (one, _) = patient(r#"{"resourceType":"Patient","id":"a","birthDate":"1949-11-29T00:00:00Z"}"#);
    assert_eq!(one.birth_date.unwrap().to_string(), "1949-11-29");
    let (one, fault) = patient(r#"{"resourceType":"Patient","id":"a","gender":"M"}"#);
    assert_eq!(
        (one.gender, fault.field.as_deref()),
        (None, Some("Patient.gender"))
    );
    let (one, _) = patient(r#"{"resourceType":"Patient","id":"a","deceasedDateTime":"spring"}"#);
    assert_eq!(one.deceased, Some(Deceased::Yes));
    let (one, _) = patient(r#"{"resourceType":"Patient","id":"a","deceasedDateTime":"1989-05-09T20:35:22"}"#);
    assert!(matches!(
        one.deceased,
        Some(Deceased::At(Moment { instant: None, .. }))
    ));
}

#[test]
fn a_period_that_ends_before_it_starts_is_reported() {
    let period = r#""period":{"start":"2021-01-01","end":"2020-12-31"}"#;
    let (_, fault) = warned(&format!(
        r#"{{"resourceType":"Coverage","id":"a",{COVERAGE},{period}}}"#
    ));
    assert_eq!(fault.field.as_deref(), Some("Coverage.period"));
}

#[test]
fn a_coverage_of_nobody_and_a_resource_without_id_are_refused_and_no_warning_stays() {
    let fault = refused(r#"{"resourceType":"Coverage","id":"a","beneficiary":{"display":"Ann"}}"#);
    assert_eq!(fault.field.as_deref(), Some("Coverage.beneficiary"));
    assert_eq!(
        refused(r#"{"resourceType":"Patient"}"#).field.as_deref(),
        Some("Patient.id")
    );
    // Without a medicine there would be a warning, which says that the request was kept.
    assert_eq!(
        refused(r#"{"resourceType":"MedicationRequest"}"#)
            .field
            .as_deref(),
        Some("MedicationRequest.id")
    );
}

#[test]
fn the_full_url_stands_in_for_a_missing_id_and_beside_another() {
    let json = r#"{"resourceType":"Bundle","entry":[
        {"fullUrl":"urn:uuid:u1","resource":{"resourceType":"Patient"}},
        {"fullUrl":"urn:uuid:u2","resource":{"resourceType":"Patient","id":"own"}}]}"#;
    let document = read_bundle(json.as_bytes()).unwrap();
    let known: Vec<_> = document
        .entries
        .iter()
        .map(|entry| (entry.resource.id(), entry.also_known_as.as_deref()))
        .collect();
    assert_eq!(known, [("u1", None), ("own", Some("u2"))]);
}

#[test]
fn the_second_of_two_equal_ids_is_refused_even_after_draining() {
    let mut document = line(r#"{"resourceType":"Patient","id":"a","active":true}"#);
    document.entries.clear();
    read_ndjson_line(
        r#"{"resourceType":"Patient","id":"a","gender":"M"}"#,
        2,
        &mut document,
    );
    read_ndjson_line(r#"{"resourceType":"Organization","id":"a"}"#, 3, &mut document);
    assert_eq!(
        document.entries.len(),
        1,
        "the same id of another kind is no duplicate"
    );
    let [fault] = &document.faults[..] else {
        panic!("{:?}", document.faults)
    };
    assert_eq!(
        (fault.at, fault.field.as_deref()),
        (Position::Line(2), Some("Patient.id"))
    );
    assert!(fault.problem.contains("line 1"), "{fault}");
}

#[test]
fn a_nesting_bomb_is_a_fault_where_it_is_looked_into_and_harmless_elsewhere() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    let kept_field = deep(r#"[{"extension":"#, "}]");
    let fault = refused(&format!(
        r#"{{"resourceType":"Patient","id":"a","extension":{kept_field}}}"#
    ));
    assert!(fault.problem.contains("nested more deeply"), "{fault}");
    assert!(
        fault
            .field
            .as_deref()
            .is_some_and(|field| field.starts_with("Patient.extension[0].") && field.len() < 250)
    );
    let other_field = format!(
        r#"{{"resourceType":"Patient","id":"a","photo":{}}}"#,
        deep("[", "]")
    );
    assert_eq!(line(&other_field).entries.len(), 1);
    let bundle = format!(
        r#"{{"resourceType":"Bundle","entry":[{{"resource":{}}}]}}"#,
        deep("[", "]")
    );
    assert_eq!(read_bundle(bundle.as_bytes()).unwrap().faults.len(), 1);
}

#[test]
fn what_is_no_bundle_at_all_is_told_apart() {
    let said = |bytes: &[u8]| read_bundle(bytes).unwrap_err().problem;
    assert!(said(b" \n").contains("empty"));
    assert!(said(b"\xff\xfe{\0").contains("UTF-8"));
    assert!(said(b"{}").contains("no resourceType"));
    assert!(said(b"<Bundle/>").contains("line 1, column 1"));
    assert!(
        said(b"{\"resourceType\":\"Patient\",\"id\":\"a\"}\n{\"resourceType\":\"Patient\"}")
            .contains("ndjson")
    );
    let fault = read_bundle(br#"{"resourceType":"Bundle","entry":{}}"#).unwrap_err();
    assert_eq!(fault.field.as_deref(), Some("Bundle.entry"));
    assert!(read_bundle("\u{feff}{\"resourceType\":\"Patient\",\"id\":\"a\"}".as_bytes()).is_ok());
}

#[test]
fn what_could_hide_patients_is_not_passed_over_in_silence() {
    assert!(
        refused(r#"{"resourceType":"Bundle","entry":[]}"#)
            .problem
            .contains("by itself")
    );
    let page = r#"{"resourceType":"Bundle","link":[{"relation":"next","url":"https://a.example/2"}]}"#;
    let document = read_bundle(page.as_bytes()).unwrap();
    assert_eq!(document.faults[0].field.as_deref(), Some("Bundle.link"));
}

#[test]
fn no_fault_quotes_the_patient() {
    let secret = "Xanthippe";
    for text in [
        format!(r#"{{"resourceType":"Patient","id":"a","active":"{secret}"}}"#),
        format!(r#"{{"resourceType":"Patient","id":"a","name":"{secret}"}}"#),
        format!(r#"{{"resourceType":"Patient","id":"a","birthDate":"{secret}"}}"#),
        format!(r#"{{"resourceType":"Patient","id":"a","gender":"{secret}"}}"#),
        format!(r#"{{"resourceType":"Patient","id":"a","name":[{{"family":"{secret}"#),
    ] {
        let document = line(&text);
        assert_eq!(document.faults.len(), 1, "{text}");
        assert!(
            !document.faults[0].to_string().contains(secret),
            "{}",
            document.faults[0]
        );
    }
}
