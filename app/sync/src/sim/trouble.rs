//! What happens to a practice: restores, moves, losses, and builds that come and go.

use super::work::SITES;
use super::world::World;
use crate::device::DISK;
use domain::command::Command;
use domain::patients::SetPatientAside;
use domain::row::{Entity, Row};

impl World {
    /// Signing in at the server, which is heard in doing so.
    pub(super) fn sign_in(&mut self, at: usize, person: usize) {
        if !self.server.is_revoked(self.nodes[at].id()) && !self.nodes[at].is_kiosk() {
            self.nodes[at].unlock(person);
        }
    }

    pub(super) fn restore(&mut self) {
        let which = self.rng.below(self.server.backups.len());
        if self.server.restore(which) {
            self.restores += 1;
            // Members are as the backup has them.
            let rows = &self.server.live.rows;
            for member in &mut self.members {
                if let Some(Row::WorkforceMember(known)) = rows.row(Entity::WorkforceMember, member.id.0) {
                    *member = known.clone();
                }
            }
        }
    }

    /// Someone works elsewhere from now on.
    pub(super) fn move_someone(&mut self) {
        let at = self.rng.below(self.members.len());
        let Some(member) = self.members.get_mut(at) else {
            return;
        };
        let all = SITES.iter().copied();
        member.site_ids = all.filter(|_| self.rng.chance(400)).collect();
        self.server.hire(member.clone());
    }

    /// The date window moves past someone.
    pub(super) fn set_aside(&mut self) {
        let known: Vec<_> = (self.server.live.rows.all(Entity::Patient))
            .filter_map(Row::patient_id)
            .collect();
        if let Some(patient_id) = self.rng.pick(&known) {
            self.server.give(Command::SetPatientAside(SetPatientAside {
                patient_id: *patient_id,
            }));
        }
    }

    pub(super) fn move_device(&mut self, at: usize) {
        let site = SITES.get(self.rng.below(4)).copied();
        let node = &mut self.nodes[at];
        if !self.server.is_revoked(node.id()) {
            node.site = site;
            self.server.place(node.id(), site, node.is_kiosk(), false);
        }
    }

    pub(super) fn shut_out(&mut self, at: usize) {
        let node = &self.nodes[at];
        if !self.server.is_revoked(node.id()) && self.nodes.len() > 3 {
            self.server.place(node.id(), node.site, node.is_kiosk(), true);
        }
    }

    /// Builds come and go: one that reads no snapshots, and one that is newer than this.
    pub(super) fn build(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        if node.newer {
            node.mark_schema(DISK);
            node.boot();
        } else if self.rng.chance(500) {
            node.mark_schema(DISK + 1);
            if node.newer {
                node.boot();
            }
        } else {
            node.old_build = !node.old_build;
        }
    }
}

/// Which trouble a step is: restores and backups go together, the rest by itself.
pub(super) fn trouble_of(step: usize) -> usize {
    match step {
        920..924 => 0,
        924..936 => 1,
        936..941 | 966..971 => 2,
        941..963 => 3,
        971..978 => 4,
        978..985 => 5,
        985..986 => 6,
        986..989 => 7,
        992..995 => 9,
        _ => 8,
    }
}
