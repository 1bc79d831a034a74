//! A device that was offline for long: its engine enters and sends every command, and is killed on the way, each time
//! at the worst moment, when the server has taken a push and the answer was not kept. Its store is in memory, so that
//! the engine is measured and not a disk.

use crate::clinic;
use crate::figures::{Figures, peak_memory};
use crate::push::{keys, send};
use crate::stand::people::{self, named};
use crate::stand::{Stand, at, id, practice};
use crate::{Outcome, Size};
use db::{Actor, AuditEvent, ServiceCommand};
use domain::command::Command;
use domain::coverage::RecordCoverage;
use domain::id::*;
use domain::patients::{RegisterPatient, RelatedRole};
use std::rc::Rc;
use std::time::Instant;
use sync::cipher::DataKey;
use sync::device::{self, Device, Identity};
use sync::keyring::Keys;
use sync::sim::disk::Disk;

/// How often it is killed.
const KILLS: usize = 5;
const DEVICE: u128 = 60_000;

/// Everything a device is started with again.
struct Tablet {
    identity: Identity,
    disk: Disk,
}

impl Tablet {
    /// The page is loaded and someone unlocks.
    fn start(&self) -> Outcome<Device> {
        let mut device = Device::new(self.identity.clone(), Rc::new(clinic::Counted::default()));
        let stored = self.disk.stored();
        device.load_locked(&stored)?;
        let member = clinic::member();
        let keys: Keys = (member.role.compartments().iter())
            .map(|compartment| (*compartment, DataKey([*compartment as u8; 32])))
            .collect();
        let actor = device::Actor {
            member: Some(member.id),
            name: member.display_name,
            role: member.role,
        };
        device.unlock(actor, keys, &stored)?;
        Ok(device)
    }
}

/// New records, each with a card and a contact: what they need is all on the device.
fn entered(n: u128) -> Command {
    let person = 5_000_000_000 + n / 3;
    let of = PatientId(id(person));
    let own = 5_500_000_000 + n;
    match n % 3 {
        0 => Command::RegisterPatient(RegisterPatient {
            patient: named(person, "Long", "Offline", "1980-01-01"),
            site_id: None,
        }),
        1 => Command::RecordCoverage(RecordCoverage {
            coverage: people::coverage(own, of, "LKS-000-000001"),
            replaces_from: None,
        }),
        _ => Command::RecordRelatedPerson(people::related(own, of, vec![RelatedRole::EmergencyContact])),
    }
}

/// Everything is entered, then sent with kills; nothing may be missing or there twice.
pub async fn drained(stand: &Stand, size: &Size, figures: &mut Figures) -> Outcome<()> {
    let now = at("2026-03-10T15:00:00Z");
    let member = clinic::member();
    let recorded = ServiceCommand::new(
        CommandId(id(5_999_999_999)),
        Command::RecordWorkforceMember(member.clone()),
        now,
    );
    stand
        .db
        .commit_as_service(practice(), vec![recorded], "Importer")
        .await?;
    let (opener, intake_key) = keys();
    let identity = Identity {
        practice: practice(),
        device: DeviceId(id(DEVICE)),
        intake_key,
    };
    let actor = Actor::in_role(
        member.role,
        Some(member.id),
        &member.display_name,
        identity.device,
    );
    let sign_in = AuditEvent::new(&actor, "sign_in");
    stand.db.append_audit(practice(), &[sign_in]).await?;
    let mut tablet = Tablet {
        identity,
        disk: Disk::default(),
    };

    let begun = Instant::now();
    let mut device = tablet.start()?;
    for n in 0..size.commands as u128 {
        let (entry, tx) = device.enter(CommandId(id(6_000_000_000 + n)), &entered(n), &[], now)?;
        tablet.disk.write(&tx);
        device.entered(entry);
    }
    figures.took("killed_entered", begun.elapsed());

    let begun = Instant::now();
    let pushes = size.commands.div_ceil(sync::wire::MAX_PUSH);
    let (mut sent, mut kills) = (0, 0);
    while let Some(request) = device.next_push() {
        let response = send(stand, &opener, &serde_json::to_vec(&request)?).await?;
        sent += 1;
        if kills < KILLS && sent > (kills + 1) * pushes / (KILLS + 1) {
            kills += 1;
            device = tablet.start()?;
            continue;
        }
        let (pushed, tx) = device.on_push(&response);
        tablet.disk.write(&tx);
        device.pushed(pushed);
    }
    figures.took("killed_drained", begun.elapsed());
    figures.add("killed_kills", kills as f64);
    figures.add("killed_memory", peak_memory());

    let mut tx = stand.db.in_practice(practice()).await?;
    let receipts: (i64, i64) =
        sqlx::query_as("SELECT count(*), count(DISTINCT command_id) FROM app.receipt WHERE device_id = $1")
            .bind(id(DEVICE))
            .fetch_one(tx.connection())
            .await?;
    if receipts != (size.commands as i64, size.commands as i64) {
        return Err(format!("of {} commands, {receipts:?} are there", size.commands).into());
    }
    Ok(())
}
