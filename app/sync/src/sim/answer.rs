//! What the server answers to pulls: pages of the log, and snapshots. The rule of what goes where is
//! [`crate::visible`]'s, and is checked here anew, row by row.

use super::Mutant;
use super::server::{Built, Server};
use crate::snapshot::plan;
use crate::visible::{Moves, Sifted, Stand, come_in, moved, moves, sift, stand};
use crate::wire::*;
use domain::access::Role;
use domain::id::*;
use domain::patients::Membership;
use domain::row::{Compartment, Distribution, Entity, Row};
use domain::scope::{Scope, in_scope};
use std::rc::Rc;
use uuid::Uuid;

impl Server {
    fn membership(&self, patient: PatientId) -> Option<Membership> {
        match self.live.rows.row(Entity::Membership, patient.0) {
            Some(Row::Membership(membership)) => Some(membership.clone()),
            _ => None,
        }
    }

    fn membership_of(&self, row: &Row) -> Option<Membership> {
        row.patient_id().and_then(|patient| self.membership(patient))
    }

    /// Whether a row is in a scope, by what is recorded now.
    pub fn is_in_scope(&self, scope: &Scope, row: &Row) -> bool {
        in_scope(scope, row, self.membership_of(row).as_ref())
    }

    /// Whether a row may be sent, by what is recorded now.
    pub fn may_send(&self, role: Role, scope: &Scope, row: &Row) -> bool {
        role.may_hold(row.entity()) && self.is_in_scope(scope, row)
    }

    /// Rows of the practice that someone may hold on a device.
    pub fn rows_for(&self, member: WorkforceMemberId, device: DeviceId) -> Vec<&Row> {
        let Some((member, scope)) = self.held_by(member, device) else {
            return Vec::new();
        };
        let rows = self.live.rows.iter();
        rows.filter(|row| self.may_send(member.role, &scope, row))
            .collect()
    }

    fn holds(&self, role: Role, entity: Entity) -> bool {
        role.may_hold(entity)
            || (self.is(Mutant::RoleIgnored) && entity.compartment() == Compartment::Clinical)
    }

    /// Answers a pull for someone on a device; nothing for someone who does not work here.
    pub fn pull(&mut self, request: &PullRequest, member: WorkforceMemberId) -> Option<PullResponse> {
        let (who, real) = self.held_by(member, request.device)?;
        let mut response = PullResponse {
            proto: PROTO,
            epoch: self.live.epoch,
            reset: false,
            from: 0,
            to: self.live.rev,
            head: self.live.rev,
            changes: Vec::new(),
            more: false,
            last_seq: self.last_seq(request.device),
            durable_rev: self.durable_rev(),
            server_time: self.now,
            evict: Vec::new(),
            evict_rows: Vec::new(),
            gained: Vec::new(),
            scope: real.key(),
            snapshot: None,
            directives: self.directives(request.device),
            min_schema: None,
        };
        if !response.directives.is_empty() {
            return Some(response);
        }
        let mut scope = real.clone();
        if self.is(Mutant::ScopeIgnored) {
            scope = Scope::everything();
        }
        let cursor = request.cursor.as_ref();
        if self.is(Mutant::ScopeChangeUnnoticed) {
            response.scope = cursor.map_or(response.scope, |cursor| cursor.scope.clone());
        }
        let horizon = if self.is(Mutant::HorizonForgotten) {
            0
        } else {
            self.live.horizon
        };
        match stand(cursor, self.live.epoch, &response.scope, horizon) {
            Stand::After(from) => self.page(&mut response, &scope, who.role, from, true),
            Stand::Beginning { reset } => {
                response.reset = reset;
                if request.snapshots && (horizon > 0 || self.live.rev.is_multiple_of(2)) {
                    let at_least = cursor.filter(|cursor| cursor.epoch == self.live.epoch);
                    let at_least = at_least.map_or(0, |cursor| cursor.rev);
                    let manifest = self.snapshot(&scope, &response.scope, who.role, at_least);
                    response.to = manifest.rev;
                    response.more = true;
                    response.snapshot = Some(manifest);
                } else if self.live.horizon == 0 || horizon == 0 {
                    self.page(&mut response, &scope, who.role, 0, false);
                } else {
                    self.everything(&mut response, &scope, who.role);
                }
            }
        }
        let sent = response.changes.iter().map(|change| &change.row);
        for row in sent.chain(&response.gained) {
            assert!(
                self.may_send(who.role, &real, row),
                "leaked: {row:?} is sent to {} in scope {}",
                who.role.name(),
                real.key()
            );
        }
        // This server may not have heard of the newest revision yet.
        response.head = self.heads[self.at].max(response.to);
        Some(response)
    }

    /// Whole revisions after one. `held` says whether the device holds what was sent before.
    fn page(&self, response: &mut PullResponse, scope: &Scope, role: Role, from: u64, held: bool) {
        let live = &self.live;
        let start = live.changes.partition_point(|change| change.rev <= from);
        let window = &live.changes[start..];
        let going = if held {
            self.moves(scope, from)
        } else {
            Moves::default()
        };
        let may_end = going.is_empty();
        let mut page: Vec<Change> = Vec::new();
        response.from = from;
        response.to = live.rev;
        for change in window {
            if (self.is(Mutant::PullSkipsRows) && change.rev % 7 == 3)
                || (self.late == Some(change.rev))
                || !self.holds(role, change.row.entity())
            {
                continue;
            }
            let full = page.len() >= self.page && may_end;
            let last = page.last().map(|last| last.rev);
            if full && last.is_some_and(|last| last < change.rev) {
                response.to = change.rev - 1;
                break;
            }
            if full && self.is(Mutant::PageSplitsRevision) {
                response.to = change.rev;
                break;
            }
            page.push(Change::clone(change));
        }
        response.more = response.to < live.rev;
        let belongs = |patient| self.membership(patient);
        let joined = |patient: PatientId| {
            live.rows.row(Entity::PatientAlias, patient.0).is_some()
                || live
                    .rows
                    .of_patient(Entity::PatientAlias, patient)
                    .next()
                    .is_some()
        };
        let Sifted { changes, evict_rows } =
            sift(scope, |entity| self.holds(role, entity), belongs, joined, page);
        response.changes = changes;
        if !self.is(Mutant::EvictRowsDropped) {
            response.evict_rows = evict_rows;
        }
        for patient in going.gained.iter().chain(&going.evict) {
            let all = Entity::ALL.iter();
            let rows = all.flat_map(|entity| live.rows.of_patient(*entity, *patient));
            let membership = self.membership(*patient);
            let holds = |entity| self.holds(role, entity);
            let come = come_in(scope, holds, membership.as_ref(), rows);
            if !self.is(Mutant::GainedDropped) {
                response.gained.extend(come);
            }
        }
        if !self.is(Mutant::EvictDropped) {
            response.evict = going.evict;
        }
    }

    fn moves(&self, scope: &Scope, from: u64) -> Moves {
        let log = &self.live.changes;
        let start = log.partition_point(|change| change.rev <= from);
        let before = |patient: PatientId| {
            log[..start].iter().rev().find_map(|change| match &change.row {
                Row::Membership(membership) if membership.patient_id == patient => Some(membership.clone()),
                _ => None,
            })
        };
        moves(
            scope,
            &moved(log[start..].iter().map(|change| change.as_ref()), before),
        )
    }

    /// For a build that reads no snapshots, when the log does not tell everything any more.
    fn everything(&self, response: &mut PullResponse, scope: &Scope, role: Role) {
        let rows = self.live.rows.iter();
        let rows = rows.filter(|row| self.holds(role, row.entity()));
        let rows = rows.filter(|row| self.is_in_scope(scope, row));
        response.changes = (0u32..)
            .zip(rows)
            .map(|(ord, row)| Change {
                rev: self.live.rev,
                ord,
                command_id: CommandId(Uuid::nil()),
                row: row.clone(),
            })
            .collect();
    }

    /// The manifest of a snapshot, built once and shared by those who may hold the same.
    fn snapshot(&mut self, scope: &Scope, key: &str, role: Role, at_least: u64) -> Manifest {
        let live = &self.live;
        let fits = |built: &&mut Built| {
            let manifest = &built.manifest;
            built.role == role
                && manifest.scope == key
                && manifest.rev >= at_least.max(live.horizon)
                && manifest.rev + 60 > live.rev
        };
        let claims_more = self.mutant == Some(Mutant::SnapshotClaimsMore);
        if let Some(built) = self.built.iter_mut().find(fits) {
            if claims_more {
                built.manifest.rev = live.rev;
            }
            return built.manifest.clone();
        }
        let rows: Vec<Row> = live.rows.iter().cloned().collect();
        let mut chunks = plan(&rows, scope, |entity| self.holds(role, entity), 6_000);
        if self.is(Mutant::SnapshotPartMissing) && chunks.len() > 2 {
            chunks.remove(1);
        }
        let name = format!("{key}:{}:{}", role.name(), live.rev);
        let manifest = Manifest {
            id: Uuid::new_v5(&live.epoch, name.as_bytes()),
            epoch: live.epoch,
            rev: live.rev,
            scope: key.to_owned(),
            chunks: chunks.iter().map(|chunk| chunk.info.clone()).collect(),
        };
        self.built.push(Built {
            manifest: manifest.clone(),
            parts: chunks.into_iter().map(|chunk| Rc::new(chunk.body)).collect(),
            role,
        });
        manifest
    }

    /// A part of a snapshot; nothing when it is not there any more, or not for them any more.
    pub fn chunk(&mut self, request: &ChunkRequest, member: WorkforceMemberId) -> Option<Rc<Vec<u8>>> {
        let (who, scope) = self.held_by(member, request.device)?;
        if self.is_revoked(request.device) {
            return None;
        }
        let at = self
            .built
            .iter()
            .position(|built| built.manifest.id == request.snapshot)?;
        let built = &self.built[at];
        let theirs = built.role == who.role && built.manifest.scope == scope.key();
        let from = built.manifest.rev;
        // Whoever left since is not to be sent any more: it is built anew.
        if !theirs || from < self.live.horizon || !self.moves(&scope, from).is_empty() {
            self.built.remove(at);
            return None;
        }
        let body = built.parts.get(request.index as usize)?.clone();
        for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let row: Row = serde_json::from_slice(line).expect("a part holds rows");
            let told = row.entity().distribution() != Distribution::Patient || row.patient_id().is_none();
            assert!(
                told || self.may_send(who.role, &scope, &row),
                "leaked: {row:?} is in a part"
            );
        }
        Some(body)
    }
}
