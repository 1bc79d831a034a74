//! Appointments in a sheet of another system: what a row asks for, in the words of that system.

use crate::patients::sheet::read_day;
use crate::sheet::{self, cell, columns};
use crate::validate::FaultCode;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

columns! {
    Number "Record number" ["mrn", "patientid", "patientnumber", "chart", "chartnumber", "pid", "pubpid", "account"];
    FamilyName "Family name" ["last", "lastname", "surname", "lname", "patientlastname"];
    GivenName "Given name" ["first", "firstname", "forename", "fname", "patientfirstname"];
    BirthOn "Date of birth" ["dob", "birthdate", "birthday", "born", "birth", "patientdob"];
    On "Day" ["date", "start", "startdate", "starts", "startsat", "datetime", "appointment", "appointmentdate", "apptdate", "when"];
    At "Time" ["starttime", "appointmenttime", "appttime", "begins", "clock"];
    Kind "Visit type" ["type", "visit", "appointmenttype", "appttype", "service", "category"];
    Practitioner "Practitioner" ["provider", "doctor", "physician", "clinician", "with"];
    Site "Site" ["location", "facility", "clinic", "office", "place"];
    Reason "Reason" ["note", "notes", "comment", "comments", "complaint", "chiefcomplaint"];
}

/// What is wrong with one cell.
pub type CellFault = sheet::CellFault<Column>;

/// What a row asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The patient's record number, here or where the sheet comes from.
    pub number: Option<String>,
    /// The patient's name and day of birth, for those who have no number.
    pub patient: Option<(String, String, NaiveDate)>,
    /// The time on the site's wall.
    pub wall: NaiveDateTime,
    /// For what.
    pub kind: String,
    /// With whom.
    pub practitioner: String,
    /// Where.
    pub site: String,
    /// Why they come.
    pub reason: Option<String>,
}

/// What the headings of a sheet are; each column once.
pub fn guess(headings: &[String]) -> Vec<Option<Column>> {
    sheet::guess(headings)
}

/// A time as sheets write it: 09:30, 9:30 AM, 14:05:00, 2 pm.
pub fn read_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_lowercase().replace('.', "");
    let (text, half) = match text
        .strip_suffix('m')
        .and_then(|text| text.split_at_checked(text.len().checked_sub(1)?))
    {
        Some((clock, half @ ("a" | "p"))) => (clock.trim().to_owned(), Some(half == "p")),
        Some(_) => return None,
        None => (text, None),
    };
    let mut parts = text.split(':').map(|part| part.trim().parse::<u32>().ok());
    let hour = parts.next()??;
    let minute = match parts.next() {
        Some(minute) => minute?,
        // Without minutes, only "2 pm" is a time.
        None => half.map(|_| 0)?,
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(after_noon) => hour % 12 + if after_noon { 12 } else { 0 },
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// Reads one row.
pub fn read_row(columns: &[Option<Column>], cells: &[String]) -> Result<Asked, Vec<CellFault>> {
    let said = |wanted| cell(columns, cells, wanted);
    let mut faults = Vec::new();
    let mut wrong = |column, code| faults.push(CellFault { column, code });
    let day = read_day(said(Column::On));
    if let Err(code) = day {
        wrong(Column::On, code);
    }
    // Some write both in one cell.
    let beside = said(Column::On)
        .split_once([' ', 'T'])
        .map_or("", |(_, time)| time);
    let time = match said(Column::At) {
        "" => read_time(beside),
        // A cell that holds a time may be written with a day before it.
        time => read_time(time).or_else(|| read_time(time.split_once(' ')?.1)),
    };
    if time.is_none() {
        wrong(Column::At, FaultCode::Other);
    }
    for column in [Column::Kind, Column::Practitioner] {
        if said(column).is_empty() {
            wrong(column, FaultCode::NameMissing);
        }
    }
    let number = Some(said(Column::Number)).filter(|number| !number.is_empty());
    let names = (said(Column::FamilyName), said(Column::GivenName));
    let born = read_day(said(Column::BirthOn));
    let patient = match born {
        Ok(born) if names != ("", "") => Some((names.0.to_owned(), names.1.to_owned(), born)),
        _ => None,
    };
    if number.is_none() && names == ("", "") {
        wrong(Column::FamilyName, FaultCode::NameMissing);
    } else if let (None, Err(code)) = (number, born) {
        wrong(Column::BirthOn, code);
    }
    match (day, time) {
        (Ok(day), Some(time)) if faults.is_empty() => Ok(Asked {
            number: number.map(str::to_owned),
            patient,
            wall: day.and_time(time),
            kind: said(Column::Kind).to_owned(),
            practitioner: said(Column::Practitioner).to_owned(),
            site: said(Column::Site).to_owned(),
            reason: Some(said(Column::Reason).to_owned()).filter(|reason| !reason.is_empty()),
        }),
        _ => Err(faults),
    }
}
