//! A clinic, and what its devices send: the same for the same numbers.

use crate::figures::Figures;
use crate::stand::people::{self, change};
use crate::stand::{Stand, at, id, practice};
use crate::{Outcome, Size};
use db::{Actor, AuditEvent, ServiceCommand};
use domain::access::Role;
use domain::command::{Command, Envelope};
use domain::coverage::{Coverage, RecordCoverage};
use domain::encounters::{Encounter, HistoryItem, HistoryKind, RecordHistory};
use domain::id::*;
use domain::patients::*;
use domain::practice::WorkforceMember;
use sqlx::Executor;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use sync::Randomness;
use sync::b64::Bytes;
use sync::seal::{PublicKey, Sealer, seal_envelope};
use sync::wire::{MAX_PUSH, PROTO, PushRequest, SCHEMA, SealedCommand};
use uuid::Uuid;

/// Rows of each patient beside the record, a coverage and a contact.
pub const FURTHER: u128 = 9;
const VISITS: u128 = 3;
/// Commands that are seeded in one go.
const SEEDED_AT_ONCE: usize = 4000;

const GIVEN: [&str; 12] = [
    "Elena", "Tomás", "Ruth", "Amara", "Wei", "Ingrid", "Noah", "Lucía", "Samuel", "Priya", "Mateo", "Grace",
];
const FAMILY: [&str; 11] = [
    "Delgado",
    "Okafor",
    "Lindqvist",
    "Nguyen",
    "Price",
    "Bell",
    "Hernández",
    "Kowalski",
    "Abebe",
    "Moreau",
    "Tran",
];

/// Numbers that a test can repeat; nobody's secrets depend on them.
#[derive(Default)]
pub struct Counted(AtomicU64);

impl Randomness for Counted {
    fn bytes(&self) -> [u8; 32] {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        let digits = sync::sha256_hex(&count.to_be_bytes());
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).unwrap_or_default();
            *byte = u8::from_str_radix(pair, 16).unwrap_or_default();
        }
        bytes
    }
}

fn phone(n: u128, round: usize) -> ContactPoint {
    people::mobile(&format!("414 555 {:04}", (n * 7 + round as u128 * 13) % 10_000))
}

fn patient(n: u128) -> Patient {
    let (given, family) = (GIVEN[(n % 12) as usize], FAMILY[(n / 12 % 11) as usize]);
    let birth_on = format!("{}-{:02}-{:02}", 1930 + n % 90, 1 + n % 12, 1 + n % 28);
    let email = ContactPoint {
        system: TelecomSystem::Email,
        usage: TelecomUse::Home,
        value: format!("{}.{n}@example.org", family.to_lowercase()),
        may_text: false,
    };
    Patient {
        middle_name: n.is_multiple_of(3).then(|| "Jordan".to_owned()),
        telecoms: vec![phone(n, 0), email],
        addresses: vec![people::home(&format!("{} Mill Street", 100 + n % 8000))],
        marital_status: Some("M".into()),
        ..people::named(n, given, family, &birth_on)
    }
}

fn coverage(n: u128, of: u128) -> Command {
    let member_id = format!("LKS-{:03}-{:06}", n % 900, n % 1_000_000);
    let coverage = Coverage {
        plan_name: Some("Lakeside Choice PPO".into()),
        group_number: Some(format!("G{:05}", n % 40_000)),
        ..people::coverage(n, PatientId(id(of)), &member_id)
    };
    let replaces_from = None;
    Command::RecordCoverage(RecordCoverage {
        coverage,
        replaces_from,
    })
}

fn contact(n: u128, of: u128) -> Command {
    let roles = vec![RelatedRole::EmergencyContact];
    let contact = people::related(n, PatientId(id(of)), roles);
    Command::RecordRelatedPerson(RelatedPerson {
        given_name: GIVEN[(n % 12) as usize].into(),
        phone: Some(phone(n, 1).value),
        ..contact
    })
}

fn history(of: u128) -> Command {
    let patient_id = PatientId(id(of));
    let first = 100_000_000 + of * 16;
    let visits = (0..VISITS).map(|n| Encounter {
        id: EncounterId(id(first + n)),
        patient_id,
        class_code: "AMB".into(),
        description: Some("Encounter for check up".into()),
        reason: Some(format!("Follow-up {}", of % 40)),
        started_at: at("2025-06-03T14:00:00Z"),
        ended_at: Some(at("2025-06-03T14:30:00Z")),
        source_id: id(first + n).to_string(),
    });
    let items = (VISITS..FURTHER).map(|n| HistoryItem {
        id: HistoryItemId(id(first + n)),
        patient_id,
        kind: HistoryKind::Medication,
        code_system: Some("http://www.nlm.nih.gov/research/umls/rxnorm".into()),
        code: Some(format!("{}", 310_000 + (of + n) % 900)),
        display: "lisinopril 10 MG Oral Tablet".into(),
        status: Some("active".into()),
        onset_on: Some(crate::stand::day("2024-11-05")),
        ended_on: None,
        criticality: None,
        source_id: id(first + n).to_string(),
    });
    Command::RecordHistory(RecordHistory {
        patient_id,
        encounters: visits.collect(),
        items: items.collect(),
    })
}

fn register(n: u128) -> Command {
    Command::RegisterPatient(RegisterPatient {
        patient: patient(n),
        site_id: None,
    })
}

/// Where the patients' numbers begin.
const PATIENTS: u128 = 1_000_000;

/// Fills the clinic, the way importers do.
pub async fn seed(stand: &Stand, size: &Size, figures: &mut Figures) -> Outcome<()> {
    let begun = Instant::now();
    let mut commands = vec![Command::RecordWorkforceMember(member())];
    for n in 0..size.patients as u128 {
        let of = PATIENTS + n;
        commands.extend([
            register(of),
            coverage(10_000_000 + n, of),
            contact(20_000_000 + n, of),
            history(of),
        ]);
    }
    let count = commands.len();
    let (mut numbered, mut analyzed) = ((0u128..).zip(commands), 0);
    loop {
        let part: Vec<ServiceCommand> = numbered
            .by_ref()
            .take(SEEDED_AT_ONCE)
            .map(|(n, command)| {
                let own = CommandId(id(9_000_000_000 + n));
                ServiceCommand::new(own, command, at("2026-03-01T12:00:00Z"))
            })
            .collect();
        if part.is_empty() {
            break;
        }
        let outcome = stand.db.commit_as_service(practice(), part, "Importer").await?;
        if let Some(refused) = outcome
            .results
            .iter()
            .find(|receipt| !receipt.status.is_applied())
        {
            return Err(format!("the clinic was refused: {refused:?}").into());
        }
        if analyzed < 2 {
            analyzed += 1;
            // Plans made for empty tables would stay until the next automatic look, up to a minute.
            stand.superuser().await.execute("ANALYZE").await?;
        }
    }
    figures.add("seed_rate", count as f64 / begun.elapsed().as_secs_f64());
    Ok(())
}

/// Who enters everything.
pub fn member() -> WorkforceMember {
    WorkforceMember {
        id: WorkforceMemberId(id(800)),
        login: "maria.lindqvist".into(),
        display_name: "Maria Lindqvist".into(),
        role: Role::FrontDesk,
        site_ids: vec![],
        practitioner_id: None,
        active: true,
    }
}

/// A desk's device, whose outbox is full.
pub struct Outbox {
    /// Which.
    pub device: DeviceId,
    /// Each push, as its body is on the wire.
    pub pushes: Vec<Vec<u8>>,
    /// How many commands.
    pub commands: usize,
    /// Bytes of the commands before they were sealed.
    pub plain_bytes: usize,
}

/// What a desk enters in a day without a network: records, corrections, cards, contacts.
pub fn day_offline(round: usize, count: usize) -> Vec<Command> {
    let new = 2_000_000_000 + round as u128 * 10_000_000;
    (0..count as u128)
        .map(|n| {
            let of = PATIENTS + n;
            match n % 10 {
                0..=2 => register(new + n),
                3..=5 => {
                    let field = |round| serde_json::to_value(phone(of, round)).unwrap_or_default();
                    Command::CorrectPatient(CorrectPatient {
                        patient_id: PatientId(id(of)),
                        changes: vec![change(PatientField::MobilePhone, field(round - 1), field(round))],
                    })
                }
                6..=7 => coverage(new + n, of),
                _ => contact(new + n, of),
            }
        })
        .collect()
}

/// A few entries of one of many devices.
pub fn few_entries(first: u128, count: u128) -> Vec<Command> {
    (0..count)
        .map(|n| contact(first + n, PATIENTS + (first + n) % 100))
        .collect()
}

/// Seals commands on a device, on which their author has signed in.
pub async fn outbox(
    stand: &Stand,
    key: &PublicKey,
    device: DeviceId,
    commands: Vec<Command>,
) -> Outcome<Outbox> {
    let randomness = Counted::default();
    let sealer = Sealer::new(key, &randomness)?;
    let author = member();
    let mut sealed = Vec::with_capacity(commands.len());
    let mut plain_bytes = 0;
    for (seq, command) in (1u64..).zip(commands) {
        let own = Uuid::new_v5(&device.0, &seq.to_be_bytes());
        let envelope = Envelope {
            id: CommandId(own),
            seq,
            name: command.name().as_str().into(),
            version: command.name().version(),
            args: command.args()?,
            base_rev: 0,
            actor: Some(author.id),
            device_time: at("2026-03-10T14:30:00Z"),
        };
        plain_bytes += serde_json::to_vec(&envelope)?.len();
        let bytes = seal_envelope(key, Some(&sealer), practice(), device, &envelope, &randomness)?;
        sealed.push(SealedCommand {
            id: envelope.id,
            seq,
            args_hash: String::new(),
            sealed: Bytes(bytes),
        });
    }
    let commands = sealed.len();
    let pushes = sealed.chunks(MAX_PUSH).map(|part| {
        serde_json::to_vec(&PushRequest {
            proto: PROTO,
            schema: SCHEMA,
            practice: practice(),
            device,
            epoch: None,
            commands: part.to_vec(),
        })
    });
    let pushes = pushes.collect::<Result<Vec<_>, _>>()?;
    let actor = Actor::in_role(author.role, Some(author.id), &author.display_name, device);
    let sign_in = AuditEvent::new(&actor, "sign_in");
    stand.db.append_audit(practice(), &[sign_in]).await?;
    Ok(Outbox {
        device,
        pushes,
        commands,
        plain_bytes,
    })
}
