//! About five hundred patients: a few dozen that Synthea made, kept in `patients.ndjson`, and others put together
//! from parts of them. None of them lives.

use super::people::id;
use crate::error::{Result, ServerError};
use crate::import::mapping::patient_of;
use chrono::{DateTime, Days, NaiveDate};
use domain::command::Command;
use domain::coverage::{Coverage, Eligibility, PayerOrder, RecordCoverage, Source, SubscriberRelationship};
use domain::id::{CoverageId, PatientId, RelatedPersonId};
use domain::patients::*;

/// How many in all.
const COUNT: usize = 500;
/// Payers of the demo.
pub(super) const PAYERS: [&str; 5] = [
    "Blue Ridge PPO",
    "Lakeshore Health",
    "Medicare",
    "BadgerCare Plus",
    "Prairie Mutual",
];

/// A small generator with a fixed seed, so that every demo is the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides.max(1) as u64).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.roll(from.len()))
    }
}

/// The commands that register them.
pub fn commands() -> Result<Vec<Command>> {
    let samples = samples()?;
    let mut dice = Dice(20_261_123);
    let mut commands = Vec::with_capacity(COUNT * 2);
    for n in 0..COUNT {
        let Some(base) = samples.get(n).or_else(|| samples.get(n % samples.len().max(1))) else {
            break;
        };
        let mut patient = base.clone();
        if n >= samples.len() {
            remix(&mut patient, &samples, &mut dice, n);
        }
        patient.id = PatientId(id(&format!("patient:{n}")));
        patient.identity = IdentityStatus::StaffVerified;
        let coverage = (dice.roll(10) > 0).then(|| coverage(&patient, n, &mut dice));
        commands.push(Command::RegisterPatient(RegisterPatient {
            patient,
            site_id: None,
        }));
        commands.extend(coverage.map(Command::RecordCoverage));
    }
    let guarantors = guarantors(&commands);
    commands.extend(guarantors);
    Ok(commands)
}

/// An adult of the same name pays for each child who has one; of the others, nobody has said who does.
fn guarantors(registered: &[Command]) -> Vec<Command> {
    let patients: Vec<&Patient> = registered
        .iter()
        .filter_map(|command| match command {
            Command::RegisterPatient(args) => Some(&args.patient),
            _ => None,
        })
        .collect();
    let since = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let (children, parents) = (since(2012), since(1970)..since(1995));
    let parent_of = |child: &Patient| {
        let fits = |one: &&&Patient| {
            one.family_name == child.family_name
                && parents.contains(&one.birth_on)
                && one.deceased_on.is_none()
        };
        patients.iter().find(fits).copied()
    };
    let is_child = |patient: &&&Patient| patient.birth_on >= children;
    patients
        .iter()
        .filter(is_child)
        .filter_map(|child| {
            let parent = parent_of(child)?;
            Some(Command::RecordRelatedPerson(RelatedPerson {
                id: RelatedPersonId(id(&format!("guarantor:{}", child.id))),
                patient_id: child.id,
                roles: vec![RelatedRole::Guarantor, RelatedRole::PersonalRepresentative],
                relationship: "parent".to_owned(),
                family_name: parent.family_name.clone(),
                given_name: parent.given_name.clone(),
                birth_on: Some(parent.birth_on),
                phone: None,
                address: None,
                authority: Some("parent".to_owned()),
                ended_on: None,
                own_record_id: Some(parent.id),
            }))
        })
        .collect()
}

fn samples() -> Result<Vec<Patient>> {
    let mut document = fhir::Document::new();
    for (n, line) in include_str!("patients.ndjson").lines().enumerate() {
        fhir::read_ndjson_line(line, n as u64 + 1, &mut document);
    }
    let patients: Vec<Patient> = document
        .entries
        .iter()
        .filter_map(|entry| match &entry.resource {
            fhir::Resource::Patient(patient) => {
                patient_of(patient, PatientId(id("sample")), DateTime::UNIX_EPOCH).ok()
            }
            _ => None,
        })
        .map(local)
        .collect();
    if patients.is_empty() {
        return Err(ServerError::Other(
            "the demo's sample patients cannot be read".to_owned(),
        ));
    }
    Ok(patients)
}

/// Synthea writes digits into names and lives in other states; the demo's people live here.
fn local(mut patient: Patient) -> Patient {
    let plain = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    patient.family_name = plain(&patient.family_name);
    patient.given_name = plain(&patient.given_name);
    patient.middle_name = patient.middle_name.as_deref().map(plain);
    patient.identifiers.clear();
    for address in &mut patient.addresses {
        address.city = "Brookfield".to_owned();
        address.state = "WI".to_owned();
        address.postal_code = "53005".to_owned();
    }
    patient
}

/// Someone new, from parts of others.
fn remix(patient: &mut Patient, samples: &[Patient], dice: &mut Dice, n: usize) {
    if let Some(other) = dice.pick(samples) {
        patient.family_name = other.family_name.clone();
    }
    if let Some(other) = dice.pick(samples) {
        patient.addresses = other.addresses.clone();
    }
    let days = Days::new(dice.roll(9000) as u64);
    let latest = NaiveDate::from_ymd_opt(2024, 6, 1).unwrap_or_default();
    patient.birth_on = patient
        .birth_on
        .checked_add_days(days)
        .unwrap_or(latest)
        .min(latest);
    patient.deceased_on = None;
    patient.multiple_birth = false;
    patient.telecoms = vec![ContactPoint {
        system: TelecomSystem::Phone,
        usage: TelecomUse::Mobile,
        value: format!("555-01{}-{:04}", n % 10, 1000 + n),
        may_text: n.is_multiple_of(3),
    }];
    if n.is_multiple_of(2) {
        patient.telecoms.push(ContactPoint {
            system: TelecomSystem::Email,
            usage: TelecomUse::Home,
            value: format!("patient{n}@example.org"),
            may_text: false,
        });
    }
    if n.is_multiple_of(9) {
        patient.language = "es".to_owned();
        patient.interpreter_needed = n.is_multiple_of(18);
    }
}

fn coverage(patient: &Patient, n: usize, dice: &mut Dice) -> RecordCoverage {
    let payer = dice.pick(&PAYERS).copied().unwrap_or("Blue Ridge PPO");
    RecordCoverage {
        coverage: Coverage {
            id: CoverageId(id(&format!("coverage:{n}"))),
            patient_id: patient.id,
            payer_order: PayerOrder::Primary,
            payer_name: payer.to_owned(),
            payer_code: None,
            plan_name: None,
            member_id: format!("BRX {} {}", 1000 + dice.roll(9000), 1000 + dice.roll(9000)),
            group_number: Some(format!("00{}-240", 10 + dice.roll(90))),
            subscriber_relationship: SubscriberRelationship::Itself,
            subscriber: None,
            effective_on: NaiveDate::from_ymd_opt(2026, 1, 1),
            term_on: None,
            replaces_id: None,
            copay_amount: "30.00".parse().ok(),
            card_front: None,
            card_back: None,
            eligibility: Eligibility::NotChecked,
            source: Source::Import,
            recorded_at: DateTime::UNIX_EPOCH,
        },
        replaces_from: None,
    }
}
