//! Patients in a sheet: which column is what, a row as a record, and a record as a row.
//!
//! A sheet comes from another system, with headings of its own. They are guessed, and a person corrects the guess. What
//! cannot be read is named by its column; nothing is made up for it.

use super::*;
use crate::sheet::{self, columns};
use crate::validate::{FaultCode, Validate};
use chrono::NaiveDate;

columns! {
    Number "Record number" ["mrn", "id", "patientid", "patientnumber", "chart", "chartnumber", "pid", "pubpid", "account"];
    FamilyName "Family name" ["last", "lastname", "surname", "lname"];
    GivenName "Given name" ["first", "firstname", "forename", "fname"];
    MiddleName "Middle name" ["middle", "mname", "middleinitial", "mi"];
    PreferredName "Preferred name" ["preferred", "nickname", "calledname"];
    BirthOn "Date of birth" ["dob", "birthdate", "birthday", "born", "birth"];
    Sex "Sex" ["gender", "sexatbirth", "administrativesex"];
    MobilePhone "Mobile phone" ["mobile", "cell", "cellphone", "phone", "phonecell", "phonenumber", "telephone"];
    HomePhone "Home phone" ["homephone", "phonehome"];
    WorkPhone "Work phone" ["workphone", "phonework", "phonebiz"];
    Email "Email" ["emailaddress", "mail"];
    Street "Street" ["address", "address1", "addressline1", "line1", "streetaddress"];
    Street2 "Apartment" ["address2", "addressline2", "line2", "unit", "apt"];
    City "City" ["town"];
    State "State" ["province", "region"];
    Zip "ZIP" ["zipcode", "postalcode", "postcode", "postal"];
    Language "Language" ["lang", "preferredlanguage"];
}

/// What is wrong with one cell.
pub type CellFault = sheet::CellFault<Column>;

/// What the headings of a sheet are; each column once.
pub fn guess(headings: &[String]) -> Vec<Option<Column>> {
    sheet::guess(headings)
}

/// A day as sheets write it: 1984-03-09, 3/9/1984, 03-09-1984, 19840309. Two digits are no year.
pub fn read_day(text: &str) -> Result<NaiveDate, FaultCode> {
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let (year, month, day) = match parts.as_slice() {
        [whole] if whole.len() == 8 => match (whole.get(..4), whole.get(4..6), whole.get(6..)) {
            (Some(year), Some(month), Some(day)) => (year, month, day),
            _ => return Err(FaultCode::NotADate),
        },
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        [month, day, year] => (*year, *month, *day),
        _ => return Err(FaultCode::NotADate),
    };
    crate::validate::date_from_parts(month, day, year)
}

fn read_sex(text: &str) -> Option<Sex> {
    match text.to_lowercase().as_str() {
        "" | "u" | "unknown" | "o" | "other" | "x" => Some(Sex::Unknown),
        "f" | "female" | "w" | "woman" => Some(Sex::Female),
        "m" | "male" | "man" => Some(Sex::Male),
        _ => None,
    }
}

/// Reads one row. Its record number, if it has one, is kept as an identifier of `issuer`.
pub fn read_row(
    columns: &[Option<Column>],
    cells: &[String],
    (id, issuer): (PatientId, &str),
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<Patient, Vec<CellFault>> {
    let cell = |wanted| sheet::cell(columns, cells, wanted).to_owned();
    let some = |wanted| Some(cell(wanted)).filter(|text| !text.is_empty());
    let mut faults = Vec::new();
    let birth_on = read_day(&cell(Column::BirthOn)).unwrap_or_else(|code| {
        faults.push(CellFault {
            column: Column::BirthOn,
            code,
        });
        today
    });
    let sex = read_sex(&cell(Column::Sex)).unwrap_or_else(|| {
        faults.push(CellFault {
            column: Column::Sex,
            code: FaultCode::Other,
        });
        Sex::Unknown
    });
    let contact = |column, system, usage| {
        some(column).map(|value| ContactPoint {
            system,
            usage,
            value,
            may_text: false,
        })
    };
    let telecoms = [
        contact(Column::MobilePhone, TelecomSystem::Phone, TelecomUse::Mobile),
        contact(Column::HomePhone, TelecomSystem::Phone, TelecomUse::Home),
        contact(Column::WorkPhone, TelecomSystem::Phone, TelecomUse::Work),
        contact(Column::Email, TelecomSystem::Email, TelecomUse::Home),
    ];
    let address = some(Column::Street)
        .or_else(|| some(Column::City))
        .map(|_| Address {
            usage: AddressUse::Home,
            line1: cell(Column::Street),
            line2: some(Column::Street2),
            city: cell(Column::City),
            state: cell(Column::State).to_uppercase(),
            postal_code: cell(Column::Zip),
            bad: false,
        });
    let patient = Patient {
        id,
        mrn: HumanNumber::Provisional(String::new()),
        family_name: cell(Column::FamilyName),
        given_name: cell(Column::GivenName),
        middle_name: some(Column::MiddleName),
        suffix: None,
        preferred_name: some(Column::PreferredName),
        previous_names: Vec::new(),
        payer_name: None,
        birth_on,
        multiple_birth: false,
        sex,
        gender_identity: None,
        pronouns: None,
        identifiers: (some(Column::Number).into_iter())
            .map(|value| Identifier {
                issuer: issuer.to_owned(),
                kind: Some("MR".to_owned()),
                value,
            })
            .collect(),
        telecoms: telecoms.into_iter().flatten().collect(),
        addresses: address.into_iter().collect(),
        no_fixed_address: false,
        language: some(Column::Language).map_or_else(|| "en".to_owned(), |text| language(&text)),
        interpreter_needed: false,
        race_codes: Vec::new(),
        ethnicity_code: None,
        marital_status: None,
        deceased_on: None,
        identity: IdentityStatus::Imported,
        preferred_channel: None,
        registered_at: now,
    };
    for fault in patient.faults(today).0 {
        let column = column_of(&fault.field, &patient);
        if !faults.iter().any(|known| known.column == column) {
            faults.push(CellFault {
                column,
                code: fault.code,
            });
        }
    }
    match faults.is_empty() {
        true => Ok(patient),
        false => Err(faults),
    }
}

fn language(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "english" | "eng" | "en" => "en".to_owned(),
        "spanish" | "español" | "spa" | "es" => "es".to_owned(),
        other => other.to_owned(),
    }
}

/// In which column a fault of the record lies.
fn column_of(field: &str, patient: &Patient) -> Column {
    let telecom = field
        .strip_prefix("telecoms[")
        .and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
    if let Some(one) = telecom.and_then(|at| patient.telecoms.get(at)) {
        return match (one.system, one.usage) {
            (TelecomSystem::Email, _) => Column::Email,
            (_, TelecomUse::Mobile) => Column::MobilePhone,
            (_, TelecomUse::Home) => Column::HomePhone,
            (_, TelecomUse::Work) => Column::WorkPhone,
        };
    }
    match field.rsplit('.').next().unwrap_or_default() {
        "given_name" => Column::GivenName,
        "middle_name" => Column::MiddleName,
        "preferred_name" => Column::PreferredName,
        "birth_on" => Column::BirthOn,
        "line1" => Column::Street,
        "line2" => Column::Street2,
        "city" => Column::City,
        "state" => Column::State,
        "postal_code" => Column::Zip,
        "language" => Column::Language,
        _ => Column::FamilyName,
    }
}

/// A record as a row, in the order of [`Column::ALL`]. A number that the server gave comes before one of others.
pub fn to_row(patient: &Patient) -> Vec<String> {
    let phone = |usage| {
        patient
            .telecom(TelecomSystem::Phone, usage)
            .map(|one| one.value.clone())
    };
    let home = patient.addresses.iter().find(|one| one.usage == AddressUse::Home);
    let of_home = |read: fn(&Address) -> String| home.map(read).unwrap_or_default();
    Column::ALL
        .iter()
        .map(|column| match column {
            Column::Number => match (&patient.mrn, patient.identifiers.first()) {
                (HumanNumber::Assigned(number), _) => number.to_string(),
                (HumanNumber::Provisional(_), other) => {
                    other.map(|one| one.value.clone()).unwrap_or_default()
                }
            },
            Column::FamilyName => patient.family_name.clone(),
            Column::GivenName => patient.given_name.clone(),
            Column::MiddleName => patient.middle_name.clone().unwrap_or_default(),
            Column::PreferredName => patient.preferred_name.clone().unwrap_or_default(),
            Column::BirthOn => patient.birth_on.to_string(),
            Column::Sex => match patient.sex {
                Sex::Female => "F".to_owned(),
                Sex::Male => "M".to_owned(),
                Sex::Unknown => "U".to_owned(),
            },
            Column::MobilePhone => phone(TelecomUse::Mobile).unwrap_or_default(),
            Column::HomePhone => phone(TelecomUse::Home).unwrap_or_default(),
            Column::WorkPhone => phone(TelecomUse::Work).unwrap_or_default(),
            Column::Email => (patient.telecoms.iter())
                .find(|one| one.system == TelecomSystem::Email)
                .map(|one| one.value.clone())
                .unwrap_or_default(),
            Column::Street => of_home(|one| one.line1.clone()),
            Column::Street2 => of_home(|one| one.line2.clone().unwrap_or_default()),
            Column::City => of_home(|one| one.city.clone()),
            Column::State => of_home(|one| one.state.clone()),
            Column::Zip => of_home(|one| one.postal_code.clone()),
            Column::Language => patient.language.clone(),
        })
        .collect()
}
