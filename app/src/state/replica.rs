//! What pages read: rows of the replica, under what is pending here.

use super::engine::Engine;
use super::kinds::{Kinds, under};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::id::{IntakeId, PatientId, PractitionerId, SiteId, TrayItemId};
use domain::intake::{Intake, IntakeStatus};
use domain::patients::alias::survivor;
use domain::patients::matching::{Candidate, Probe, duplicates_of};
use domain::patients::worklist::{Pair, pairs};
use domain::patients::{Conflict, ConflictState, Patient, PatientLink};
use domain::row::{Entity, Key, Row, View};
use domain::text::Lang;
use domain::tray::{TrayItem, TrayState};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use sync::b64::Bytes;
use sync::device::{Device, EntryState};
use sync::rescue::SealedPhoto;
use sync::store::Store;
use uuid::Uuid;

/// One entry of the outbox, for the page that lists it.
#[derive(Clone, PartialEq)]
pub struct OutboxItem {
    /// Its number.
    pub seq: u64,
    /// Its command's name.
    pub command: String,
    /// Whom it is about, when this device is open and knows.
    pub patient: Option<String>,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
    /// Where it stands.
    pub state: EntryState,
    /// Why it was refused.
    pub refusal: Option<String>,
    /// Where a person decides about it.
    pub tray_id: Option<TrayItemId>,
}

impl Engine {
    /// Every row of a kind, as seen here: pending over confirmed.
    pub fn rows(&self, entity: Entity) -> Vec<Row> {
        self.with_rows(&[entity], |device| {
            let mut rows: Vec<Row> = device.view().all(entity).cloned().collect();
            rows.sort_by_key(Row::id);
            rows
        })
        .unwrap_or_default()
    }

    /// Rows under a key, as seen here.
    pub fn get(&self, key: Key) -> Vec<Row> {
        self.with_rows(&[under(&key)], |device| device.view().get(&key))
            .unwrap_or_default()
    }

    /// One patient.
    pub fn patient(&self, id: PatientId) -> Option<Patient> {
        self.get(Key::Row(Entity::Patient, id.0))
            .into_iter()
            .find_map(|row| match row {
                Row::Patient(patient) => Some(patient),
                _ => None,
            })
    }

    /// One submission.
    pub fn intake(&self, id: IntakeId) -> Option<Intake> {
        self.get(Key::Row(Entity::Intake, id.0))
            .into_iter()
            .find_map(|row| match row {
                Row::Intake(intake) => Some(intake),
                _ => None,
            })
    }

    /// Submissions in a state, the oldest first.
    pub fn intakes(&self, status: IntakeStatus) -> Vec<Intake> {
        let mut found: Vec<Intake> = (self.rows(Entity::Intake).into_iter())
            .filter_map(|row| match row {
                Row::Intake(intake) if intake.status == status => Some(intake),
                _ => None,
            })
            .collect();
        found.sort_by_key(|intake| (intake.received_at, intake.id));
        found
    }

    /// Patients that match what was typed, the best first.
    pub fn search(&self, typed: &str, limit: usize) -> Vec<Patient> {
        let found = self.index.borrow().search(typed, limit);
        // A record that was joined to another is found by what it said, and is that one.
        let mut found: Vec<PatientId> = found.into_iter().map(|id| self.survivor(id)).collect();
        let mut seen = BTreeSet::new();
        found.retain(|id| seen.insert(*id));
        found.into_iter().filter_map(|id| self.patient(id)).collect()
    }

    /// How many patients can be found.
    pub fn findable(&self) -> usize {
        self.followed.look(Kinds::ALL);
        self.index.borrow().len()
    }

    /// Recorded patients that someone may be.
    pub fn candidates(&self, probe: &Probe) -> Vec<Candidate> {
        self.with_patients(|patients| probe.candidates(patients))
    }

    /// Records that may be the same person as this one, without those that were told apart.
    pub fn duplicates(&self, patient: &Patient) -> Vec<Candidate> {
        let links: Vec<PatientLink> = (self.rows(Entity::PatientLink).into_iter())
            .filter_map(|row| match row {
                Row::PatientLink(link) => Some(link),
                _ => None,
            })
            .collect();
        self.with_patients(|patients| duplicates_of(patient, patients, &links))
    }

    /// Every pair of records that may be one person, the likeliest first.
    pub fn pairs(&self) -> Vec<Pair> {
        let links = self.pick(Entity::PatientLink, |row| match row {
            Row::PatientLink(link) => Some(link.clone()),
            _ => None,
        });
        self.with_patients(|patients| pairs(&patients.collect::<Vec<_>>(), &links))
    }

    /// The record that stands for one that may have been joined to another.
    pub fn survivor(&self, id: PatientId) -> PatientId {
        self.with_rows(&[Entity::PatientAlias], |device| survivor(&device.view(), id))
            .unwrap_or(id)
    }

    fn with_patients<T: Default>(&self, f: impl FnOnce(&mut dyn Iterator<Item = &Patient>) -> T) -> T {
        self.with_rows(&[Entity::Patient, Entity::PatientAlias], |device| {
            fn of(row: &Row) -> Option<&Patient> {
                match row {
                    Row::Patient(patient) => Some(patient),
                    _ => None,
                }
            }
            let view = device.view();
            let mut all = (view.all(Entity::Patient))
                .filter_map(of)
                .filter(|patient| survivor(&view, patient.id) == patient.id);
            f(&mut all)
        })
        .unwrap_or_default()
    }

    /// Fields that wait for a person.
    pub fn conflicts(&self) -> Vec<Conflict> {
        (self.rows(Entity::Conflict).into_iter())
            .filter_map(|row| match row {
                Row::Conflict(conflict) if conflict.state == ConflictState::Open => Some(conflict),
                _ => None,
            })
            .collect()
    }

    /// See `Reader::index`.
    pub(super) fn index_pending(&self, device: &Device) -> usize {
        let mut index = self.index.borrow_mut();
        for row in device.overlay.all(Entity::Patient) {
            if let Row::Patient(patient) = row {
                index.put(patient);
            }
        }
        open_conflicts(device) + open_items(device)
    }

    /// The outbox, the oldest first.
    pub fn outbox(&self, lang: Lang) -> Vec<OutboxItem> {
        self.with_device(|device| {
            (device.pending.iter())
                .map(|(seq, entry)| {
                    let command = entry
                        .envelope
                        .as_ref()
                        .and_then(|envelope| envelope.command().ok());
                    let patient =
                        command.and_then(|command| command.patient_id()).and_then(|id| {
                            match device.view().one(&Key::Row(Entity::Patient, id.0)) {
                                Some(Row::Patient(patient)) => Some(patient.display_name()),
                                _ => None,
                            }
                        });
                    OutboxItem {
                        seq: *seq,
                        command: entry.name.clone(),
                        patient,
                        entered_at: entry.entered_at,
                        state: entry.state(),
                        refusal: (entry.receipt.as_ref())
                            .and_then(|receipt| receipt.refusal.as_ref())
                            .map(|refusal| refusal_sentence(refusal, lang)),
                        tray_id: entry.receipt.as_ref().and_then(|receipt| receipt.tray_id),
                    }
                })
                .collect()
        })
        .unwrap_or_default()
    }

    /// A person has seen that an entry was refused.
    pub async fn dismiss(&self, seq: u64) {
        let turn = self.turn.lock().await;
        let tx = self.with_device(|device| device.dismiss(seq)).flatten();
        if let Some(tx) = tx
            && self.commit(tx).await.is_ok()
            && let Some(device) = self.device.borrow_mut().as_mut()
        {
            device.dismissed(seq);
        }
        drop(turn);
        self.changed();
    }

    /// Everything that no verified backup has, sealed, as a file to carry to the server by hand.
    pub async fn rescue(&self) -> Option<Vec<u8>> {
        let names: Vec<String> = self.with_device(|device| device.photos.iter().cloned().collect())?;
        let mut photos = Vec::new();
        for hash in names {
            let kept = self.ports.store.get(Store::Blobs, &format!("out/{hash}")).await;
            if let Ok(Some(sealed)) = kept {
                let sealed = Bytes(sealed);
                photos.push(SealedPhoto { hash, sealed });
            }
        }
        let now = self.ports.clock.now();
        self.with_device(|device| device.rescue_file(now, photos))
    }

    /// What was not applied and waits for a person, the oldest first.
    pub fn tray(&self) -> Vec<TrayItem> {
        let mut open = self.pick(Entity::TrayItem, |row| match row {
            Row::TrayItem(item) if item.state == TrayState::Open => Some(item.clone()),
            _ => None,
        });
        open.sort_by_key(|item| (item.entered_at, item.id));
        open
    }

    /// Where whoever works here works: where the device stands, or their only site.
    pub fn home_site(&self) -> Option<SiteId> {
        self.with_rows(&[Entity::Device, Entity::WorkforceMember], |device| {
            let own = device.identity.device.0;
            if let Some(Row::Device(row)) = device.confirmed.row(Entity::Device, own)
                && row.site_id.is_some()
            {
                return row.site_id;
            }
            let member = device.actor.as_ref()?.member?;
            match device.confirmed.row(Entity::WorkforceMember, member.0) {
                Some(Row::WorkforceMember(row)) => match row.site_ids[..] {
                    [only] => Some(only),
                    _ => None,
                },
                _ => None,
            }
        })
        .flatten()
    }

    /// Whose day it is, when whoever works here sees patients.
    pub fn own_practitioner(&self) -> Option<PractitionerId> {
        self.with_rows(&[Entity::WorkforceMember], |device| {
            let member = device.actor.as_ref()?.member?;
            match device.confirmed.row(Entity::WorkforceMember, member.0) {
                Some(Row::WorkforceMember(row)) => row.practitioner_id,
                _ => None,
            }
        })
        .flatten()
    }

    /// Makes the search index anew, after rows came. The page has its turn meanwhile, and finds what is indexed already.
    pub(super) async fn reindex(&self) {
        let mut all = self.pick(Entity::Patient, Row::patient_id);
        *self.index.borrow_mut() = domain::patients::search::PatientIndex::default();
        let mut slices = self.slices();
        // The newest first: they are looked for more often.
        all.reverse();
        for some in all.chunks(32) {
            self.index_came(some);
            self.changed_again();
            slices.pause().await;
        }
    }
}

/// Fields that wait for a person.
fn open_conflicts(device: &Device) -> usize {
    let open = |row: &&Row| matches!(row, Row::Conflict(one) if one.state == ConflictState::Open);
    device.view().all(Entity::Conflict).filter(open).count()
}

/// Tray items that wait for a person, without those that this device counts as its own entries.
fn open_items(device: &Device) -> usize {
    let own: BTreeSet<Uuid> = device
        .pending
        .values()
        .filter_map(|entry| entry.receipt.as_ref()?.tray_id)
        .map(|item| item.0)
        .collect();
    (device.view().all(Entity::TrayItem))
        .filter(|row| matches!(row, Row::TrayItem(item) if item.state == TrayState::Open))
        .filter(|row| !own.contains(&row.id()))
        .count()
}

fn refusal_sentence(refusal: &domain::decide::Refusal, lang: Lang) -> String {
    refusal.sentence(lang)
}

impl Engine {
    /// What a function takes from the rows of a kind, without copying the rest.
    pub fn pick<T>(&self, entity: Entity, mut take: impl FnMut(&Row) -> Option<T>) -> Vec<T> {
        self.with_rows(&[entity], |device| {
            device.view().all(entity).filter_map(&mut take).collect()
        })
        .unwrap_or_default()
    }

    /// The same for rows that are on some days, without looking at the others.
    pub fn pick_on<T>(
        &self,
        entity: Entity,
        days: RangeInclusive<NaiveDate>,
        mut take: impl FnMut(&Row) -> Option<T>,
    ) -> Vec<T> {
        let days = days.start().num_days_from_ce()..=days.end().num_days_from_ce();
        self.with_rows(&[entity], |device| {
            device.view().on(entity, days).filter_map(&mut take).collect()
        })
        .unwrap_or_default()
    }

    /// Where one entry stands; nothing is left to say about one that the server has and this device got back.
    pub fn entry_state(&self, id: domain::id::CommandId) -> EntryState {
        self.with_device(|device| {
            device
                .pending
                .values()
                .find(|entry| entry.sealed.id == id)
                .map(|entry| entry.state())
        })
        .flatten()
        .unwrap_or(EntryState::Sent)
    }
}
