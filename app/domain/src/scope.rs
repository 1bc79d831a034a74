//! Which rows go where. A device holds the practice's settings and the index of patients whole, and the rest of those
//! patients who belong where it stands or to whoever works on it.

use crate::access::Role;
use crate::id::*;
use crate::intake::IntakeStatus;
use crate::patients::Membership;
use crate::practice::{Device, WorkforceMember};
use crate::recalls::RecallState;
use crate::row::{Distribution, EDITION, Row};
use crate::schedule::WaitlistState;
use crate::tasks::TaskState;
use crate::tray::TrayState;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What someone on some device is sent, beside what their role may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// Patients of these sites; nothing for all.
    pub sites: Option<BTreeSet<SiteId>>,
    /// Patients on this panel, wherever they come.
    pub practitioner: Option<PractitionerId>,
}

impl Scope {
    /// The whole practice.
    pub fn everything() -> Self {
        Scope::default()
    }

    /// Of someone on some device: the desk and the nurses hold what is of the place where the device stands, those who
    /// render care what is of their sites and their panel, and those who work for all sites everything.
    pub fn of(member: &WorkforceMember, device: Option<&Device>) -> Scope {
        let own = || (!member.site_ids.is_empty()).then(|| member.site_ids.iter().copied().collect());
        match member.role {
            Role::Owner | Role::Biller | Role::Auditor | Role::Service | Role::Patient => Scope::everything(),
            Role::FrontDesk | Role::Nurse | Role::Stock | Role::Kiosk => Scope {
                sites: device
                    .and_then(|device| device.site_id)
                    .map(|site| [site].into())
                    .or_else(own),
                practitioner: None,
            },
            Role::Practitioner => {
                let sites: Option<BTreeSet<SiteId>> = own();
                Scope {
                    practitioner: member.practitioner_id.filter(|_| sites.is_some()),
                    sites,
                }
            }
        }
    }

    /// Short and printable; two scopes have the same key when they are the same. A cursor carries it.
    pub fn key(&self) -> String {
        let Some(sites) = &self.sites else {
            return "all".to_owned();
        };
        let mut digest = Sha256::new();
        for site in sites {
            digest.update(site.0.as_bytes());
        }
        if let Some(practitioner) = self.practitioner {
            digest.update(b"panel");
            digest.update(practitioner.0.as_bytes());
        }
        let tag: String = digest.finalize()[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("s{}-{tag}", sites.len())
    }

    /// The key for a page that reads some edition of the kinds of rows: what was fetched by an older page lacks the
    /// newer kinds, and so is fetched anew.
    pub fn key_in(&self, edition: u32) -> String {
        match edition.min(EDITION) {
            0 | 1 => self.key(),
            edition => format!("{};{edition}", self.key()),
        }
    }

    /// A key without its edition.
    pub fn plain_key(key: &str) -> &str {
        key.split(';').next().unwrap_or(key)
    }

    /// Whether the record of a patient who belongs there is sent.
    pub fn holds(&self, membership: Option<&Membership>) -> bool {
        !membership.is_some_and(|membership| membership.set_aside) && self.reaches(membership)
    }

    /// Whether a patient who belongs there is theirs to work with, set aside or not.
    pub fn reaches(&self, membership: Option<&Membership>) -> bool {
        let (Some(sites), Some(membership)) = (&self.sites, membership) else {
            return true;
        };
        membership.is_open()
            || membership.site_ids.iter().any(|site| sites.contains(site))
            || self
                .practitioner
                .is_some_and(|own| membership.practitioner_ids.contains(&own))
    }

    /// Whether what was made at a site is within; what was made nowhere is everyone's.
    pub fn holds_site(&self, site: Option<SiteId>) -> bool {
        match (&self.sites, site) {
            (Some(sites), Some(site)) => sites.contains(&site),
            (None, _) | (_, None) => true,
        }
    }
}

/// Where open work was made, while it is open; nothing for what is decided, and for what is no work.
pub fn open_at(row: &Row) -> Option<Option<SiteId>> {
    match row {
        Row::Intake(intake) => (intake.status == IntakeStatus::Pending).then_some(intake.site_id),
        Row::TrayItem(item) => (item.state == TrayState::Open).then_some(item.site_id),
        Row::Task(task) => (task.state == TaskState::Open).then_some(task.site_id),
        Row::Appointment(row) => row.state.is_open().then_some(Some(row.site_id)),
        Row::Recall(row) => (row.state == RecallState::Open).then_some(Some(row.site_id)),
        Row::WaitlistEntry(row) => (row.state == WaitlistState::Waiting).then_some(Some(row.site_id)),
        _ => None,
    }
}

/// Whether something takes place within a scope, or did before it was moved.
pub fn took_place(scope: &Scope, row: &Row) -> bool {
    match row {
        Row::Appointment(row) => {
            let before = row.steps.iter().filter_map(|step| step.moved_site_id);
            before
                .chain([row.site_id])
                .any(|site| scope.holds_site(Some(site)))
        }
        Row::WaitlistEntry(row) => scope.holds_site(Some(row.site_id)),
        Row::Recall(row) => scope.holds_site(Some(row.site_id)),
        _ => false,
    }
}

/// Whether a row goes to a device of a scope. `membership` is that of the row's patient.
pub fn in_scope(scope: &Scope, row: &Row, membership: Option<&Membership>) -> bool {
    match row.entity().distribution() {
        Distribution::Practice => true,
        // Answers of someone whom nobody has told apart yet are of the whole practice.
        Distribution::Patient => row.patient_id().is_none() || scope.holds(membership),
        Distribution::OpenWork => match open_at(row) {
            Some(site) => scope.holds_site(site),
            None => row.patient_id().is_some() && scope.holds(membership),
        },
        Distribution::Visit => {
            open_at(row).is_some_and(|site| scope.holds_site(site)) || scope.holds(membership)
        }
    }
}
