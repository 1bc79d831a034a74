//! From text to commands and counts, without a database.

use super::files::{Chunk, chunks, find, read};
use super::ids::Ids;
use super::places::Places;
use super::plan::{Planned, Planner};
use super::report::{Counts, Report};
use chrono::NaiveDate;
use domain::command::Command;
use domain::coverage::SubscriberRelationship;
use domain::id::PracticeId;
use domain::row::{Row, Rows};
use indicatif::ProgressBar;
use std::io::Write;
use uuid::Uuid;

const SAMPLE: &str = include_str!("../seed/patients.ndjson");
pub const PERSON: &str =
    r#""resourceType":"Patient","name":[{"use":"official","family":"Roe","given":["Ann"]}]"#;

fn planner() -> Planner {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    Planner::new(
        Ids::new(PracticeId(Uuid::from_u128(7)), "test"),
        today,
        Places::default(),
    )
}

pub fn lines(text: &str) -> Vec<Chunk> {
    let mut document = fhir::Document::new();
    for (line, number) in text.lines().zip(1..) {
        fhir::read_ndjson_line(line, number, &mut document);
    }
    chunks(document, &"sample.ndjson".into(), text.len() as u64)
}

fn bundle(entries: &str) -> Vec<Chunk> {
    let text = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#);
    chunks(
        fhir::read_bundle(text.as_bytes()).unwrap(),
        &"bundle.json".into(),
        text.len() as u64,
    )
}

fn plan(planner: &mut Planner, chunks: Vec<Chunk>, here: &Rows) -> (Vec<Planned>, Report) {
    let mut report = Report::new(50);
    let mut all = Vec::new();
    for chunk in chunks {
        all.extend(planner.plan(chunk, here, &mut report));
    }
    all.iter().for_each(|one| one.taken(&mut report));
    (all, report)
}

/// What the database would hold afterwards.
fn recorded(planned: &[Planned]) -> Rows {
    let mut rows = Rows::default();
    for one in planned {
        match &one.command {
            Command::RegisterPatient(args) => rows.put(Row::Patient(args.patient.clone())),
            Command::RecordCoverage(args) => rows.put(Row::Coverage(args.coverage.clone())),
            Command::RecordPractitioner(row) => rows.put(Row::Practitioner(row.clone())),
            Command::RecordHistory(args) => {
                args.encounters
                    .iter()
                    .for_each(|row| rows.put(Row::Encounter(row.clone())));
                args.items
                    .iter()
                    .for_each(|row| rows.put(Row::HistoryItem(row.clone())));
            }
            _ => {}
        }
    }
    rows
}

#[test]
fn the_sample_is_taken_in_once() {
    let (first, report) = plan(&mut planner(), lines(SAMPLE), &Rows::default());
    assert_eq!(
        report.kinds["Patient"],
        Counts {
            read: 40,
            taken: 40,
            ..Counts::default()
        }
    );
    let (again, _) = plan(&mut planner(), lines(SAMPLE), &Rows::default());
    assert!(
        first.iter().zip(&again).all(|(a, b)| a.id == b.id),
        "the same content is the same command"
    );

    let (none, report) = plan(&mut planner(), lines(SAMPLE), &recorded(&first));
    assert!(none.is_empty());
    assert_eq!(
        report.kinds["Patient"],
        Counts {
            read: 40,
            here: 40,
            ..Counts::default()
        }
    );
}

#[test]
fn a_changed_patient_is_told_and_another_person_is_refused() {
    let sent = |birth: &str, language: &str| {
        format!(
            r#"{{{PERSON},"id":"1","birthDate":"{birth}","communication":[{{"language":{{"coding":[{{"code":"{language}"}}]}}}}]}}"#
        )
    };
    let (first, _) = plan(&mut planner(), lines(&sent("1980-02-03", "en")), &Rows::default());
    let here = recorded(&first);
    let (none, report) = plan(&mut planner(), lines(&sent("1980-02-03", "es")), &here);
    assert_eq!((none.len(), report.kinds["Patient"].differs), (0, 1));
    let (none, report) = plan(&mut planner(), lines(&sent("1981-02-03", "en")), &here);
    assert_eq!((none.len(), report.refused()), (0, 1));
    assert!(report.refusals[0].contains("--source"), "{}", report.refusals[0]);
}

#[test]
fn a_malformed_bundle_is_taken_in_as_far_as_it_goes() {
    let entries = [
        format!(r#"{{"fullUrl":"urn:uuid:p1","resource":{{{PERSON},"id":"1","birthDate":"1980-02-03"}}}}"#),
        format!(r#"{{"resource":{{{PERSON},"id":"2","birthDate":"1980"}}}}"#),
        format!(r#"{{"resource":{{{PERSON},"id":"3","birthDate":"2990-01-01"}}}}"#),
        r#"{"resource":{"resourceType":"Patient","id":"4","name":"wrong","birthDate":"1980-02-03"}}"#.to_owned(),
        r#"{"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"urn:uuid:p1"},"code":{"text":"Cough"}}}"#.to_owned(),
        r#"{"resource":{"resourceType":"Condition","id":"c2","subject":{"reference":"Patient/2"},"code":{"text":"Cough"}}}"#.to_owned(),
        r#"{"resource":{"resourceType":"Condition","id":"c3","subject":{"reference":"Patient/99"},"code":{"text":"Cough"}}}"#.to_owned(),
        r#"{"resource":{"resourceType":"Condition","id":"c4","subject":{"reference":"Patient/1"},"code":{}}}"#.to_owned(),
        r#"{"resource":{"resourceType":"Observation","id":"o1"}}"#.to_owned(),
        r#"{"request":{"method":"DELETE","url":"Patient/9"}}"#.to_owned(),
    ];
    let (planned, report) = plan(&mut planner(), bundle(&entries.join(",")), &Rows::default());
    assert_eq!(planned.len(), 2);
    assert_eq!(
        report.kinds["Patient"],
        Counts {
            read: 4,
            taken: 1,
            refused: 3,
            ..Counts::default()
        }
    );
    assert_eq!(
        report.kinds["Condition"],
        Counts {
            read: 4,
            taken: 1,
            refused: 3,
            ..Counts::default()
        }
    );
    assert_eq!(report.kinds["Observation"].skipped, 1);
    assert_eq!(report.refused(), 7);
    let all = report.refusals.join("\n");
    for words in [
        "bundle.json, Bundle.entry[1], Patient.birthDate: The birth date is not a whole date.",
        "Bundle.entry[2], Patient.birthDate:",
        "Condition.subject: Its patient was refused.",
        "Condition.subject: Its patient is neither here",
        "Condition.code:",
    ] {
        assert!(all.contains(words), "{words} is missing in\n{all}");
    }
    assert!(
        !all.contains("Roe") && !all.contains("2990") && !all.contains("Cough"),
        "a value was quoted"
    );
}

#[test]
fn coverage_needs_a_payer_and_a_number() {
    let coverage = |id: &str, rest: &str| {
        format!(
            r#"{{"resource":{{"resourceType":"Coverage","id":"{id}","status":"active","beneficiary":{{"reference":"Patient/1"}},{rest}}}}}"#
        )
    };
    let entries = [
        coverage(
            "a",
            r#""subscriberId":"X 12","payor":[{"reference":"Organization/o"}],"order":2,"period":{"start":"2024-01-01"}"#,
        ),
        coverage("b", r#""payor":[{"display":"Blue"}]"#),
        coverage(
            "c",
            r#""subscriberId":"X12","payor":[{"reference":"Organization/none"}]"#,
        ),
        coverage(
            "d",
            r#""subscriberId":"X12","payor":[{"display":"Blue"}],"relationship":{"coding":[{"code":"child"}]},"subscriber":{"reference":"Patient/1"}"#,
        ),
        coverage(
            "e",
            r#""subscriberId":"X12","payor":[{"display":"Blue"}],"relationship":{"coding":[{"code":"child"}]}"#,
        ),
        format!(r#"{{"resource":{{{PERSON},"id":"1","birthDate":"1980-02-03"}}}}"#),
        r#"{"resource":{"resourceType":"Organization","id":"o","name":"Lakeshore"}}"#.to_owned(),
    ];
    let (planned, report) = plan(&mut planner(), bundle(&entries.join(",")), &Rows::default());
    assert_eq!(
        report.kinds["Coverage"],
        Counts {
            read: 5,
            taken: 2,
            skipped: 2,
            refused: 1,
            ..Counts::default()
        }
    );
    let rows = planned.iter().filter_map(|one| match &one.command {
        Command::RecordCoverage(args) => Some(&args.coverage),
        _ => None,
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(
        (rows[0].payer_name.as_str(), rows[0].member_id.as_str()),
        ("Lakeshore", "X 12")
    );
    assert_eq!(rows[1].subscriber_relationship, SubscriberRelationship::Child);
    assert!(rows[1].subscriber.is_some());
}

#[test]
fn an_npi_that_fails_is_left_out_and_a_role_gives_the_specialty() {
    let text = concat!(
        r#"{"resourceType":"PractitionerRole","id":"r","practitioner":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}},"#,
        r#""code":[{"coding":[{"system":"http://nucc.org/provider-taxonomy","code":"208D00000X"}]}]}"#,
        "\n",
        r#"{"resourceType":"Practitioner","id":"a","name":[{"family":"Bell"}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}]}"#,
        "\n",
        r#"{"resourceType":"Practitioner","id":"b","name":[{"family":"Cole"}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567890"}]}"#,
    );
    let (planned, report) = plan(&mut planner(), lines(text), &Rows::default());
    let rows: Vec<_> = planned
        .iter()
        .filter_map(|one| match &one.command {
            Command::RecordPractitioner(row) => Some((row.npi.as_deref(), row.taxonomy_code.as_deref())),
            _ => None,
        })
        .collect();
    assert_eq!(rows, [(Some("1234567893"), Some("208D00000X")), (None, None)]);
    assert!(
        report
            .warnings
            .keys()
            .any(|(_, sentence)| sentence.contains("was left out"))
    );
}

#[test]
fn much_history_becomes_several_commands() {
    let mut text = format!(r#"{{{PERSON},"id":"1","birthDate":"1980-02-03"}}"#);
    for n in 0..450 {
        text += &format!(
            "\n{{\"resourceType\":\"Encounter\",\"id\":\"{n}\",\"subject\":{{\"reference\":\"Patient/1\"}},\"period\":{{\"start\":\"2020-01-01T10:00:00Z\"}}}}"
        );
    }
    let (planned, report) = plan(&mut planner(), lines(&text), &Rows::default());
    assert_eq!((planned.len(), report.kinds["Encounter"].taken), (4, 450));
}

#[test]
fn files_are_read_in_order_zipped_or_not_and_a_cut_one_is_told() {
    let folder = std::env::temp_dir().join(format!("anteroom-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let zipped = |text: &str| {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap()
    };
    let encounter = r#"{"resourceType":"Encounter","id":"e","subject":{"reference":"Patient/1"}}"#;
    std::fs::write(folder.join("a.ndjson"), encounter).unwrap();
    std::fs::write(folder.join("b.ndjson.gz"), zipped(SAMPLE)).unwrap();
    let whole = zipped(SAMPLE);
    std::fs::write(folder.join("c.ndjson.gz"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(folder.join("d.txt"), "no").unwrap();

    let sources = find(std::slice::from_ref(&folder)).unwrap();
    let names: Vec<_> = sources
        .iter()
        .filter_map(|s| s.path.file_name()?.to_str())
        .collect();
    assert_eq!(names, ["b.ndjson.gz", "c.ndjson.gz", "a.ndjson"]);
    let mut read_of = Vec::new();
    for source in &sources {
        let (mut entries, mut faults) = (0, 0);
        read(source, &ProgressBar::hidden(), &mut |chunk| {
            entries += chunk.entries.len();
            faults += chunk.faults.len();
            true
        });
        read_of.push((entries, faults));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!((read_of[0], read_of[2]), ((40, 0), (1, 0)));
    assert!(
        read_of[1].0 > 5 && read_of[1].1 > 0,
        "what stood before the cut is kept: {read_of:?}"
    );
}
