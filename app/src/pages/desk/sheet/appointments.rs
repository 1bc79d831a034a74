//! Appointments of a sheet, tried: whom, for what, with whom and where are found by the words of the other system.

use super::kind::words;
use super::run::Tried;
use super::table::Sheet;
use crate::pages::desk::booking::{clock, findings, visit_type, with_rooms};
use crate::shell::staff::context::Desk;
use crate::state::Engine;
use chrono::NaiveDate;
use domain::command::Command;
use domain::id::{AppointmentId, PatientId, SiteId};
use domain::name::name_words;
use domain::patients::HumanNumber;
use domain::practice::{Practitioner, Site};
use domain::row::{Entity, Key, Row};
use domain::schedule::findings::Weight;
pub use domain::schedule::sheet::Column;
use domain::schedule::sheet::{Asked, read_row};
use domain::schedule::{BookAppointment, Mode, Place, Scenario, VisitType};
use domain::text::Lang;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows are known again by what they say: a file that is imported twice books nothing twice.
const ROWS: Uuid = Uuid::from_u128(0x2b7e_90c1_4d5f_4a36_8e02_c9f4_1b6d_77a5);

/// What the words of a row may mean here.
struct Known {
    numbers: BTreeMap<String, Vec<PatientId>>,
    people: BTreeMap<(Vec<String>, NaiveDate), Vec<PatientId>>,
    kinds: Vec<VisitType>,
    practitioners: Vec<Practitioner>,
    sites: Vec<Site>,
}

/// The only one; what is wrong when there is none, or several.
fn only<T>(mut found: impl Iterator<Item = T>, column: Column, none: &str) -> Result<T, String> {
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(format!("{}: {none}", column.label())),
        (Some(_), Some(_)) => Err(format!("{}: more than one fits", column.label())),
    }
}

fn same(name: &str, typed: &str) -> bool {
    name.trim().to_lowercase() == typed.trim().to_lowercase()
}

impl Known {
    fn of(engine: &Engine) -> Known {
        let (mut numbers, mut people) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        let patients = engine.pick(Entity::Patient, |row| match row {
            Row::Patient(patient) => Some(patient.clone()),
            _ => None,
        });
        for patient in patients {
            // Whoever was joined to another record is found by both numbers and names, and is that one.
            let id = engine.survivor(patient.id);
            let own = match patient.mrn {
                HumanNumber::Assigned(number) => Some(number.to_string()),
                HumanNumber::Provisional(_) => None,
            };
            let others = patient.identifiers.into_iter().map(|one| one.value);
            for number in own.into_iter().chain(others) {
                numbers.entry(number).or_default().push(id);
            }
            let name = name_words(&format!("{} {}", patient.given_name, patient.family_name));
            people.entry((name, patient.birth_on)).or_default().push(id);
        }
        for ids in numbers.values_mut().chain(people.values_mut()) {
            ids.sort_unstable();
            ids.dedup();
        }
        Known {
            numbers,
            people,
            kinds: engine.pick(Entity::VisitType, |row| match row {
                Row::VisitType(kind) if kind.active => Some(kind.clone()),
                _ => None,
            }),
            practitioners: engine.pick(Entity::Practitioner, |row| match row {
                Row::Practitioner(one) if one.active => Some(one.clone()),
                _ => None,
            }),
            sites: engine.pick(Entity::Site, |row| match row {
                Row::Site(site) => Some(site.clone()),
                _ => None,
            }),
        }
    }

    fn patient(&self, asked: &Asked) -> Result<PatientId, String> {
        let by_number = asked.number.as_ref().and_then(|number| self.numbers.get(number));
        let by_name = asked.patient.as_ref().and_then(|(family, given, born)| {
            self.people
                .get(&(name_words(&format!("{given} {family}")), *born))
        });
        match (by_number, &asked.patient) {
            (Some(found), None) => only(found.iter().copied(), Column::Number, "nobody here has it"),
            // The numbers of another system are others' numbers here: name and date of birth must agree.
            (Some(found), Some(_)) => {
                let is_named = |id: &PatientId| by_name.is_some_and(|named| named.contains(id));
                let both = found.iter().copied().filter(is_named);
                only(both, Column::Number, "it is another patient's here")
            }
            (None, None) => only(std::iter::empty(), Column::Number, "nobody here has it"),
            (None, Some(_)) => only(
                by_name.into_iter().flatten().copied(),
                Column::FamilyName,
                "nobody here has this name and date of birth",
            ),
        }
    }

    fn site(&self, typed: &str, home: Option<SiteId>) -> Result<SiteId, String> {
        let home = home.filter(|_| typed.is_empty());
        let alone = typed.is_empty() && self.sites.len() == 1;
        let fits = |site: &&Site| alone || Some(site.id) == home || same(&site.name, typed);
        let found = self.sites.iter().filter(fits).map(|site| site.id);
        only(found, Column::Site, "no site here is called so")
    }

    fn practitioner(&self, typed: &str, site: SiteId) -> Result<&Practitioner, String> {
        let fits = |one: &&Practitioner| {
            one.site_ids.contains(&site) && (one.is_called(typed) || one.npi.as_deref() == Some(typed))
        };
        let found = self.practitioners.iter().filter(fits);
        only(
            found,
            Column::Practitioner,
            "nobody called so sees patients at this site",
        )
    }

    /// A row as a booking, unless something in it is not known here or forbids it.
    fn booking(&self, engine: &Engine, id: AppointmentId, asked: Asked) -> Result<BookAppointment, String> {
        let patient_id = self.patient(&asked)?;
        let site_id = self.site(&asked.site, engine.home_site())?;
        let kinds = self.kinds.iter().filter(|kind| same(&kind.name, &asked.kind));
        let kind = only(kinds, Column::Kind, "no visit type here is called so")?;
        let practitioner = self.practitioner(&asked.practitioner, site_id)?;
        let clock = clock(engine, site_id).ok_or("Site: its clock is still on its way")?;
        let start_at = clock.instant(asked.wall);
        if start_at < engine.ports.clock.now() {
            return Err(format!("{}: this is over", Column::On.label()));
        }
        let place = Place {
            site_id,
            practitioner_ids: vec![practitioner.id],
            resource_ids: Vec::new(),
            start_at,
            minutes: kind.minutes,
            mode: Mode::InPerson,
        };
        let booking = BookAppointment {
            appointment_id: id,
            patient_id,
            visit_type_id: kind.id,
            place: with_rooms(engine, kind, place, None),
            scenario: Scenario::Insurance,
            reason: asked.reason,
            referral: None,
            // It is promised already. Whatever speaks against it is kept with it, and shown.
            overbook_reason: Some("Taken over from a sheet".to_owned()),
            hold_minutes: None,
            series_id: None,
        };
        let found = findings(engine, &booking);
        let refused = found.into_iter().find(|one| one.weight() == Weight::Refuses);
        match refused {
            Some(finding) => Err(finding.sentence().get(Lang::En).to_owned()),
            None => Ok(booking),
        }
    }
}

/// A booking with rooms that are free now: the rows before it may have taken those that were free in the dry run.
pub fn placed(engine: &Engine, booking: BookAppointment) -> BookAppointment {
    match visit_type(engine, booking.visit_type_id) {
        Some(kind) => BookAppointment {
            place: with_rooms(engine, &kind, booking.place, None),
            ..booking
        },
        None => booking,
    }
}

/// The dry run.
pub fn try_all(desk: Desk, sheet: &Sheet, columns: &[Option<Column>]) -> Tried {
    let engine = desk.engine();
    let known = Known::of(&engine);
    let mut tried = Tried::default();
    for (number, row) in &sheet.rows {
        let id = AppointmentId(Uuid::new_v5(&ROWS, row.join("\u{1f}").as_bytes()));
        let asked = match read_row(columns, row) {
            Ok(asked) => asked,
            Err(faults) => {
                tried.faults.push((*number, words(faults)));
                continue;
            }
        };
        if !engine.get(Key::Row(Entity::Appointment, id.0)).is_empty() {
            tried.known += 1;
            continue;
        }
        match known.booking(&engine, id, asked) {
            Ok(booking) => tried.ready.push((*number, Command::BookAppointment(booking))),
            Err(why) => tried.faults.push((*number, vec![why])),
        }
    }
    tried
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_only_for_whom_the_row_names() {
        let id = |n| PatientId(Uuid::from_u128(n));
        let born = NaiveDate::from_ymd_opt(1979, 6, 7).unwrap_or_default();
        let person = |name: &str, n| ((name_words(name), born), vec![id(n)]);
        let known = Known {
            numbers: BTreeMap::from([
                ("17".to_owned(), vec![id(1)]),
                ("40".to_owned(), vec![id(1), id(2)]),
            ]),
            people: BTreeMap::from([person("Tilda Terminer", 1), person("Zeno Zweiter", 2)]),
            kinds: Vec::new(),
            practitioners: Vec::new(),
            sites: Vec::new(),
        };
        let found = |number: &str, family: &str, given: &str| {
            let named = !family.is_empty();
            known.patient(&Asked {
                number: Some(number.to_owned()).filter(|number| !number.is_empty()),
                patient: named.then(|| (family.to_owned(), given.to_owned(), born)),
                wall: born.and_hms_opt(9, 30, 0).unwrap_or_default(),
                kind: String::new(),
                practitioner: String::new(),
                site: String::new(),
                reason: None,
            })
        };
        assert_eq!(found("17", "", ""), Ok(id(1)));
        assert_eq!(found("17", "TERMINER", "Tilda"), Ok(id(1)));
        assert_eq!(
            found("40", "Zweiter", "Zeno"),
            Ok(id(2)),
            "two have it, one is named"
        );
        // One that nobody here has is of the other system alone.
        assert_eq!(found("99", "Zweiter", "Zeno"), Ok(id(2)));
        for (family, given) in [("Zweiter", "Zeno"), ("Nobody", "Never")] {
            let why = found("17", family, given);
            assert!(
                why.is_err_and(|why| why.contains("another patient's")),
                "{family}"
            );
        }
        assert!(found("40", "", "").is_err_and(|why| why.contains("more than one")));
        assert!(found("99", "", "").is_err_and(|why| why.contains("nobody here")));
    }
}
