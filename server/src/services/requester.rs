//! Who is asking: found from the two cookies, once per request.

use crate::access::cookies;
use crate::http::State;
use axum::http::HeaderMap;
use db::DbError;
use domain::access::Role;
use domain::id::{DeviceId, PracticeId, SiteId, WorkforceMemberId};
use domain::practice::{Device, DeviceKind, WorkforceMember};
use domain::row::{Entity, Row};
use domain::scope::Scope;

/// A staff member with a session.
#[derive(Clone)]
pub struct Staff {
    /// Whose.
    pub practice: PracticeId,
    /// On which device.
    pub device: DeviceId,
    /// Who.
    pub member: WorkforceMemberId,
    /// As colleagues call them.
    pub name: String,
    /// What they may do, as of now: not as of when they signed in.
    pub role: Role,
    /// What they are sent, as of now.
    pub scope: Scope,
    /// Where the device stands.
    pub site: Option<SiteId>,
}

/// Who is asking.
#[derive(Clone)]
pub enum Requester {
    /// Nobody we know.
    Nobody,
    /// An enrolled device without a session: it may send.
    Device {
        /// Whose.
        practice: PracticeId,
        /// Which.
        device: DeviceId,
        /// What it is for.
        kind: DeviceKind,
        /// As the desk calls it.
        label: String,
        /// Where it stands.
        site: Option<SiteId>,
        /// It may send what it has, and nothing else.
        revoked: bool,
    },
    /// A staff member.
    Staff(Staff),
}

impl State {
    /// Finds who is asking.
    pub async fn requester(&self, headers: &HeaderMap) -> Result<Requester, DbError> {
        if let Some(staff) = self.signed_in(headers).await? {
            return Ok(Requester::Staff(staff));
        }
        let Some(token) = cookies::read(headers, cookies::DEVICE) else {
            return Ok(Requester::Nobody);
        };
        let Some(known) = self
            .db
            .find_device_credential(&cookies::token_hash(token))
            .await?
        else {
            return Ok(Requester::Nobody);
        };
        let Some(device) = self.device(known.practice, known.device).await? else {
            return Ok(Requester::Nobody);
        };
        Ok(Requester::Device {
            practice: known.practice,
            device: device.id,
            kind: device.kind,
            label: device.label,
            site: device.site_id,
            revoked: known.revoked_at.is_some() || device.revoked_at.is_some(),
        })
    }

    /// Whoever the session's cookie names: an active member, on a device that was not shut out.
    async fn signed_in(&self, headers: &HeaderMap) -> Result<Option<Staff>, DbError> {
        let Some(token) = cookies::read(headers, cookies::SESSION) else {
            return Ok(None);
        };
        let Some(found) = self.db.find_signed_in(&cookies::token_hash(token)).await? else {
            return Ok(None);
        };
        Ok(match (found.member, found.device) {
            (Some(member), Some(device)) if member.active && device.revoked_at.is_none() => Some(Staff {
                scope: Scope::of(&member, Some(&device)),
                site: device.site_id,
                practice: found.session.practice,
                device: device.id,
                member: member.id,
                name: member.display_name,
                role: member.role,
            }),
            _ => None,
        })
    }

    /// A member who may work now.
    pub async fn member(
        &self,
        practice: PracticeId,
        id: WorkforceMemberId,
    ) -> Result<Option<WorkforceMember>, DbError> {
        Ok(
            match self.db.row(practice, Entity::WorkforceMember, id.0).await? {
                Some(Row::WorkforceMember(member)) if member.active => Some(member),
                _ => None,
            },
        )
    }

    /// An enrolled device.
    pub async fn device(&self, practice: PracticeId, id: DeviceId) -> Result<Option<Device>, DbError> {
        Ok(match self.db.row(practice, Entity::Device, id.0).await? {
            Some(Row::Device(device)) => Some(device),
            _ => None,
        })
    }
}
