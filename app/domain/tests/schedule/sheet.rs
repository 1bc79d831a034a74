//! Appointments in a sheet: what is guessed, what is read, and what is refused by its column.

use crate::common::day;
use chrono::NaiveTime;
use domain::schedule::sheet::*;
use domain::validate::FaultCode;

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

const HEADINGS: [&str; 9] = [
    "MRN",
    "Last Name",
    "First",
    "DOB",
    "Date",
    "Start Time",
    "Type",
    "Provider",
    "Location",
];

fn read(cells: &[&str]) -> Result<Asked, Vec<CellFault>> {
    read_row(&guess(&strings(&HEADINGS)), &strings(cells))
}

fn wrong(cells: &[&str]) -> Vec<(Column, FaultCode)> {
    let faults = read(cells).err().unwrap_or_default();
    faults
        .into_iter()
        .map(|fault| (fault.column, fault.code))
        .collect()
}

#[test]
fn headings_of_other_systems_are_guessed() {
    assert!(guess(&strings(&HEADINGS)).iter().all(Option::is_some));
    assert_eq!(
        guess(&strings(&["Colour", "date", "Date"])),
        [None, Some(Column::On), None]
    );
}

#[test]
fn times_are_read_as_sheets_write_them() {
    let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
    for (text, time) in [
        ("09:30", at(9, 30)),
        ("9:30 AM", at(9, 30)),
        ("12:05am", at(0, 5)),
        ("12:05 p.m.", at(12, 5)),
        ("14:05:00", at(14, 5)),
        ("2 pm", at(14, 0)),
        ("", None),
        ("9", None),
        ("25:00", None),
        ("13:00 PM", None),
        ("0:30 am", None),
        ("noon", None),
        ("10:é", None),
        ("m", None),
    ] {
        assert_eq!(read_time(text), time, "{text}");
    }
}

#[test]
fn a_row_says_who_when_for_what_and_with_whom() {
    let asked = read(&[
        "",
        "Ng",
        "Ada",
        "3/9/1984",
        "2026-03-12 09:30",
        "",
        "Follow-up",
        "Okafor",
        "Maple",
    ])
    .unwrap();
    assert_eq!(
        asked.patient,
        Some(("Ng".into(), "Ada".into(), day("1984-03-09")))
    );
    assert_eq!(asked.wall.to_string(), "2026-03-12 09:30:00");
    assert_eq!(
        (asked.kind.as_str(), asked.site.as_str(), asked.reason),
        ("Follow-up", "Maple", None)
    );
    // Its own column counts, with a day before the time as well.
    for time in ["2:15 PM", "1899-12-31 14:15:00"] {
        let asked = read(&["1042", "", "", "", "3/12/2026", time, "Follow-up", "Okafor"]).unwrap();
        assert_eq!(asked.wall.to_string(), "2026-03-12 14:15:00");
        assert_eq!((asked.number.as_deref(), asked.patient), (Some("1042"), None));
    }
}

#[test]
fn what_is_missing_is_named_by_its_column() {
    use Column::*;
    let (name, day, other) = (FaultCode::NameMissing, FaultCode::NotADate, FaultCode::Other);
    assert_eq!(
        wrong(&["", "", "", "", "soon", "", "", ""]),
        [
            (On, day),
            (At, other),
            (Kind, name),
            (Practitioner, name),
            (FamilyName, name)
        ]
    );
    assert_eq!(
        wrong(&["", "Ng", "Ada", "?", "2026-03-12", "9:30", "Follow-up", "Okafor"]),
        [(BirthOn, day)]
    );
    assert_eq!(wrong(&["7"]).len(), 4);
}
