//! Standing leases: what rules say that devices are to have every week is handed out as the weeks come.
//!
//! Any number of servers do this at once: a lease's id follows from its rule and its beginning, and the command's from the
//! lease, so that the second one is told what the first was told. Nothing is ever taken back here: only a person may, who
//! knows whether the device that has it is offline.

use crate::error::Result;
use chrono::{DateTime, Duration, Utc};
use db::{Db, ServiceCommand};
use domain::command::Command;
use domain::id::{CommandId, PracticeId};
use domain::row::{Entity, Key, Row};
use domain::schedule::standing::due;
use domain::schedule::{LeaseRule, LeaseSlots, SlotLease};
use std::collections::BTreeSet;
use uuid::Uuid;

/// In whose name.
const ACTOR: &str = "standing leases";
/// A device that was not heard of for so long cannot be unlocked without a network: nobody could book what it was handed
/// meanwhile, and nobody else could either. It is handed what is due then once it is back.
const QUIET: Duration = Duration::days(7);

/// Hands out what is due in a practice. The newest revision, when that changed something.
pub async fn hand_out(db: &Db, practice: PracticeId, now: DateTime<Utc>) -> Result<Option<u64>> {
    let rules = db.all_rows(practice, Entity::LeaseRule).await?;
    let active: Vec<&LeaseRule> = rules
        .iter()
        .filter_map(|row| match row {
            Row::LeaseRule(rule) if rule.active => Some(rule),
            _ => None,
        })
        .collect();
    if active.is_empty() {
        return Ok(None);
    }
    let about = |rule: &LeaseRule| {
        [
            Key::Row(Entity::SiteClock, rule.site_id.0),
            Key::Row(Entity::Practitioner, rule.holder_id),
            Key::Row(Entity::Resource, rule.holder_id),
            Key::Of(Entity::SlotLease, rule.holder_id),
        ]
    };
    let keys: BTreeSet<Key> = active.iter().copied().flat_map(about).collect();
    let mut rows = db.rows(practice, &keys).await?;
    for known in db.devices(practice).await? {
        if known.last_seen_at.is_some_and(|at| now < at + QUIET) {
            rows.put(Row::Device(known.device));
        }
    }
    rules.into_iter().for_each(|rule| rows.put(rule));
    let commands: Vec<ServiceCommand> = due(&rows, now)
        .into_iter()
        .map(|lease| {
            let id = command_id(&lease, now);
            ServiceCommand::new(id, Command::LeaseSlots(LeaseSlots { lease }), now)
        })
        .collect();
    if commands.is_empty() {
        return Ok(None);
    }
    let outcome = db.commit_as_service(practice, commands, ACTOR).await?;
    let refused = outcome.results.iter().filter(|one| one.refusal.is_some());
    let refused = refused.count();
    if refused > 0 {
        // Somebody else was quicker by a moment.
        tracing::info!(%practice, refused, "standing leases were not handed out");
    }
    Ok(outcome.changed.then_some(outcome.head))
}

/// The same for whoever hands out the same lease on one day: what was refused may be free another day.
fn command_id(lease: &SlotLease, now: DateTime<Utc>) -> CommandId {
    let name = format!(
        "hand out:{}:{}",
        lease.until_at.timestamp_micros(),
        now.date_naive()
    );
    CommandId(Uuid::new_v5(&lease.id.0, name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::notices::tests::stand::*;
    use domain::id::{DeviceId, LeaseRuleId};
    use domain::notices::Channel;
    use domain::practice::{Device, DeviceKind};
    use domain::schedule::ReleaseLease;

    const DESK: DeviceId = DeviceId(Uuid::from_u128(0x7c));

    /// A desk that is to have every morning of two weeks.
    async fn standing() -> Stand {
        let stand = Stand::new(Channel::Email).await;
        let desk = Device {
            id: DESK,
            kind: DeviceKind::Staff,
            label: "Desk".into(),
            site_id: Some(SITE),
            enrolled_at: stand.now,
            revoked_at: None,
        };
        let rule = LeaseRule {
            id: LeaseRuleId(Uuid::from_u128(0x7d)),
            holder_id: DOCTOR.0,
            site_id: SITE,
            device_id: DESK,
            weekdays: (1..=7).collect(),
            from_minute: 480,
            until_minute: 720,
            weeks_ahead: 2,
            active: true,
            again: Vec::new(),
        };
        stand
            .give(vec![Command::EnrolDevice(desk), Command::SetLeaseRule(rule)])
            .await;
        stand
    }

    async fn leases(stand: &Stand) -> Vec<SlotLease> {
        let rows = stand.db.all_rows(PRACTICE, Entity::SlotLease).await.unwrap();
        let lease = |row| match row {
            Row::SlotLease(lease) => Some(lease),
            _ => None,
        };
        rows.into_iter().filter_map(lease).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_servers_that_hand_out_at_once_each_lease_comes_from_one_and_what_is_given_back_stays_so() {
        let stand = standing().await;
        stand.db.saw_device(PRACTICE, DESK, None).await.unwrap();
        let (one, other) = (
            Db::connect(&stand.url, 3).await.unwrap(),
            Db::connect(&stand.url, 3).await.unwrap(),
        );
        let (first, second) = tokio::join!(
            hand_out(&one, PRACTICE, stand.now),
            hand_out(&other, PRACTICE, stand.now)
        );
        let changed = [first.unwrap(), second.unwrap()];
        assert_eq!(changed.iter().flatten().count(), 1, "one of them handed out");
        let all = leases(&stand).await;
        // This morning may be over.
        assert!([13, 14].contains(&all.len()), "{}", all.len());
        let days: BTreeSet<_> = all.iter().map(|lease| lease.from_at).collect();
        assert_eq!(days.len(), all.len());
        assert!(
            all.iter()
                .all(|lease| lease.granted && !lease.released && lease.device_id == DESK)
        );
        assert_eq!(hand_out(&one, PRACTICE, stand.now).await.unwrap(), None);
        let last = all.iter().max_by_key(|lease| lease.from_at).unwrap();
        stand
            .give(vec![Command::ReleaseLease(ReleaseLease { lease_id: last.id })])
            .await;
        assert_eq!(hand_out(&other, PRACTICE, stand.now).await.unwrap(), None);
        // A day on, there is one day more.
        let tomorrow = stand.now + Duration::days(1);
        assert!(hand_out(&one, PRACTICE, tomorrow).await.unwrap().is_some());
        assert_eq!(hand_out(&other, PRACTICE, tomorrow).await.unwrap(), None);
        assert_eq!(leases(&stand).await.len(), all.len() + 1);
        let waits = stand.db.all_rows(PRACTICE, Entity::TrayItem).await.unwrap();
        assert!(waits.is_empty(), "nobody is asked about any of it");
        stand.end().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_device_that_was_not_heard_of_for_a_week_is_handed_nothing_until_it_is_back() {
        let stand = standing().await;
        assert_eq!(hand_out(&stand.db, PRACTICE, stand.now).await.unwrap(), None);
        stand.db.saw_device(PRACTICE, DESK, None).await.unwrap();
        let later = stand.now + QUIET + Duration::hours(1);
        assert_eq!(hand_out(&stand.db, PRACTICE, later).await.unwrap(), None);
        assert!(leases(&stand).await.is_empty());
        let changed = hand_out(&stand.db, PRACTICE, stand.now).await.unwrap();
        assert!(changed.is_some());
        stand.end().await;
    }
}
