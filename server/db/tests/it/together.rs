//! Many who ask at the same moment: each is sent what they would be sent by themselves, and the audit names each.

use crate::scope::{at_site, give};
use crate::stand::*;
use db::{Actor, Puller};
use domain::access::Role;
use domain::id::*;
use domain::row::EDITION;
use domain::scope::Scope;
use futures::future::join_all;
use std::collections::BTreeSet;
use sync::wire::{Cursor, PullRequest, PullResponse};

const ROLES: [Role; 3] = [Role::FrontDesk, Role::Practitioner, Role::Auditor];

/// Somebody who listens.
struct Listener {
    device: DeviceId,
    actor: Actor,
    scope: Scope,
    edition: u32,
}

impl Listener {
    async fn ask(&self, stand: &Stand, rev: u64, max_changes: u32) -> PullResponse {
        let epoch = stand.db.head(practice()).await.unwrap().epoch;
        let request = PullRequest {
            device: self.device,
            edition: self.edition,
            unsent: Some(4),
            ..ask(
                Some(Cursor {
                    epoch,
                    rev,
                    scope: self.scope.key_in(self.edition),
                }),
                max_changes,
                true,
            )
        };
        let who = Puller {
            actor: &self.actor,
            device: self.device,
            scope: &self.scope,
            edition: self.edition,
        };
        let now = at("2026-03-10T15:00:00Z");
        stand.db.pull(practice(), &who, &request, now).await.unwrap()
    }
}

fn listeners() -> Vec<Listener> {
    let site = |n: u128| SiteId(id(7000 + n));
    let scopes = [vec![1], vec![2], vec![1, 2]].map(|sites| Scope {
        sites: Some(sites.into_iter().map(site).collect::<BTreeSet<_>>()),
        practitioner: None,
    });
    let scopes = [Scope::everything()].into_iter().chain(scopes);
    let each = scopes.flat_map(|scope| ROLES.map(|role| (scope.clone(), role)));
    (0..)
        .zip(each.cycle().take(48))
        .map(|(n, (scope, role))| {
            let device = DeviceId(id(500 + n));
            Listener {
                device,
                actor: Actor::in_role(role, Some(WorkforceMemberId(id(800 + n))), "Listener", device),
                scope,
                edition: if n % 5 == 0 { 1 } else { EDITION },
            }
        })
        .collect()
}

#[tokio::test]
async fn each_is_sent_what_they_would_be_sent_alone() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    let before = stand.db.head(practice()).await.unwrap().rev;
    give(
        &stand,
        &mut pen,
        (0..30).map(|n| at_site(10 + n, 1 + n % 2)).collect(),
    )
    .await;
    let all = listeners();
    for max in [2000, 7] {
        let mut alone = Vec::new();
        for one in &all {
            alone.push(one.ask(&stand, before, max).await);
        }
        let together = join_all(all.iter().map(|one| one.ask(&stand, before, max))).await;
        assert!(together == alone);
        let different: BTreeSet<usize> = alone.iter().map(|answer| answer.changes.len()).collect();
        assert!(different.len() > 1, "they hold different things: {different:?}");
    }
    stand.end().await;
}

#[tokio::test]
async fn the_audit_names_each_and_every_device_is_known_to_be_where_it_is() {
    let stand = Stand::new().await;
    let mut pen = service(1);
    let all = listeners();
    // A device is known once it was enrolled.
    for one in &all {
        stand
            .db
            .saw_device(practice(), one.device, Some("test"))
            .await
            .unwrap();
    }
    give(&stand, &mut pen, vec![at_site(10, 1), at_site(11, 2)]).await;
    let head = stand.db.head(practice()).await.unwrap().rev;
    let answers = join_all(all.iter().map(|one| one.ask(&stand, head - 1, 2000))).await;
    let lines = stand.db.audit_lines(practice(), None, 500).await.unwrap();
    for (one, answer) in all.iter().zip(&answers) {
        let rows = answer
            .changes
            .iter()
            .filter(|change| change.row.patient_id().is_some())
            .count();
        let own =
            |line: &&db::AuditLine| line.event.action == "pull" && line.event.device_id == Some(one.device);
        let own: Vec<_> = lines.iter().filter(own).collect();
        assert_eq!(own.len(), usize::from(rows > 0));
        for line in own {
            assert_eq!(line.event.actor_id, one.actor.member.map(|member| member.0));
            assert_eq!(line.event.role, one.actor.role);
            assert_eq!(line.event.detail.as_ref().unwrap()["rows"], rows);
        }
    }
    let at = stand
        .count("SELECT count(*) FROM app.device_cursor WHERE pulled_rev > 0 AND unsent = 4")
        .await;
    assert_eq!(at, all.len() as i64);
    stand.end().await;
}
