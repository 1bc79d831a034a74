//! Patients in a sheet: what is guessed, what is refused, and that a row says what the record said.

use crate::common::*;
use domain::id::PatientId;
use domain::patients::sheet::*;
use domain::patients::*;
use domain::validate::FaultCode;
use proptest::prelude::*;

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn read(columns: &[Option<Column>], cells: &[&str]) -> Result<Patient, Vec<CellFault>> {
    let now = at("2026-03-10T12:00:00Z");
    read_row(
        columns,
        &strings(cells),
        (PatientId(id(10)), "urn:old"),
        (day("2026-03-10"), now),
    )
}

#[test]
fn headings_of_other_systems_are_guessed_each_once() {
    let guessed = guess(&strings(&[
        "pubpid",
        "lname",
        "First Name",
        "DOB",
        "Gender",
        "phone_cell",
        "Notes",
        "Zip Code",
        "last",
    ]));
    use Column::*;
    let expected = [
        Some(Number),
        Some(FamilyName),
        Some(GivenName),
        Some(BirthOn),
        Some(Sex),
        Some(MobilePhone),
        None,
        Some(Zip),
        None,
    ];
    assert_eq!(guessed, expected);
}

#[test]
fn days_are_read_as_sheets_write_them_and_two_digits_are_no_year() {
    for text in [
        "1984-03-09",
        "3/9/1984",
        "03-09-1984",
        "19840309",
        "1984-03-09 00:00:00",
        "1984-03-09T00:00:00",
    ] {
        assert_eq!(read_day(text), Ok(day("1984-03-09")), "{text}");
    }
    for wrong in ["3/9/84", "13/41/1984", "", "tomorrow", "1984", "198é0309"] {
        assert!(read_day(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_cannot_be_read_is_named_by_its_column_and_nothing_is_made_up() {
    use Column::*;
    let columns = [
        Some(FamilyName),
        Some(GivenName),
        Some(BirthOn),
        Some(Column::Sex),
        Some(Email),
        Some(Zip),
        Some(Street),
    ];
    let faults = read(&columns, &["", "", "31/31/1990", "?", "not mail", "1", "4 Elm"])
        .err()
        .unwrap_or_default();
    let found: Vec<Column> = faults.iter().map(|fault| fault.column).collect();
    for wanted in [FamilyName, BirthOn, Column::Sex, Email] {
        assert!(found.contains(&wanted), "{wanted:?} of {found:?}");
    }
    let future = read(&columns, &["Ng", "", "2027-01-01", "", "", "", ""])
        .err()
        .unwrap_or_default();
    assert_eq!(
        future,
        [CellFault {
            column: BirthOn,
            code: FaultCode::BirthInFuture
        }]
    );
    let short = read(&columns, &["Ng"]).err().unwrap_or_default();
    assert_eq!(short.first().map(|fault| fault.column), Some(BirthOn));
}

proptest! {
    #[test]
    fn a_record_survives_its_row(given in "[A-Z][a-z]{1,9}", family in "[A-Z][a-z]{1,9}", middle in proptest::option::of("[A-Z]"), day_of in 0u32..20_000, sex in 0usize..3, phone in proptest::option::of("414 555 0[0-9]{3}")) {
        let birth = day("1960-01-01") + chrono::Duration::days(i64::from(day_of));
        let one = Patient {
            middle_name: middle,
            sex: [Sex::Female, Sex::Male, Sex::Unknown][sex],
            telecoms: phone.iter().map(|value| ContactPoint { may_text: false, ..mobile(value) }).collect(),
            addresses: vec![home("402 Mill Street")],
            ..named(10, &given, &family, &birth.to_string())
        };
        let row = to_row(&one);
        let columns: Vec<Option<Column>> = guess(&Column::ALL.iter().map(|column| column.label().to_owned()).collect::<Vec<_>>());
        prop_assert_eq!(columns.iter().flatten().count(), Column::ALL.len());
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        let back = read(&columns, &cells);
        prop_assert!(back.is_ok(), "{back:?}");
        if let Ok(back) = back {
            prop_assert_eq!(to_row(&Patient { mrn: one.mrn, ..back }), row);
        }
    }
}
