//! The port behind the server functions: knows who is asking, checks the permission table, calls one service.

mod access;
mod feed;
mod passphrase;
mod travel;

pub use travel::puller;

use super::State;
use super::reply::Reply;
use crate::access::cookies;
use crate::services::push::Sender;
use crate::services::requester::{Requester, Staff};
use app::error::AppError;
use app::ports::server::{
    Attachment, ChangePassphrase, EnrolmentCode, KioskSettings, LocalRead, NewCode, PutAttachment,
    ServerPort, SignIn, SignedIn,
};
use async_trait::async_trait;
use axum::http::HeaderMap;
use db::{Actor, AuditEvent, AuditOutcome};
use domain::access::{Query, Role, may_query};
use domain::id::{PractitionerId, WorkforceMemberId};
use domain::practice::DeviceKind;
use std::sync::Arc;
use sync::wire::{PullRequest, PullResponse, PushRequest, PushResponse};

/// The server, as one request sees it.
pub struct RequestPort {
    state: Arc<State>,
    headers: HeaderMap,
}

fn internal(error: impl std::fmt::Display) -> AppError {
    let reference = uuid::Uuid::from_bytes(crate::keys::OsRandomness.bytes_16());
    let reference = reference.simple().to_string()[..8].to_owned();
    tracing::error!(%error, reference, "a request failed");
    AppError::Internal(reference)
}

impl RequestPort {
    /// For one request.
    pub fn new(state: Arc<State>, headers: HeaderMap) -> Self {
        RequestPort { state, headers }
    }

    async fn requester(&self) -> Result<Requester, AppError> {
        self.state.requester(&self.headers).await.map_err(internal)
    }

    /// A staff member whose role may ask this. What is refused is written down.
    async fn staff(&self, query: Query) -> Result<Staff, AppError> {
        let staff = match self.requester().await? {
            Requester::Staff(staff) => staff,
            // It has sent what it had, or will: it is told to erase what can be read.
            Requester::Device { revoked: true, .. } => return Err(AppError::Revoked),
            Requester::Device { .. } | Requester::Nobody => return Err(AppError::SignedOut),
        };
        if may_query(staff.role, query) {
            return Ok(staff);
        }
        let event =
            AuditEvent::new(&actor(&staff), &format!("denied {query:?}")).ended(AuditOutcome::Refused);
        self.state
            .db
            .append_audit(staff.practice, &[event])
            .await
            .map_err(internal)?;
        Err(AppError::NotAllowed)
    }

    /// An enrolled device, with or without a session. Without one it may still send: entries are sealed, and judged by
    /// their authors' own roles.
    async fn sender(&self, query: Query) -> Result<Sender, AppError> {
        match self.requester().await? {
            Requester::Nobody => Err(AppError::SignedOut),
            Requester::Device {
                kind: DeviceKind::Kiosk,
                ..
            } if !may_query(Role::Kiosk, query) => Err(AppError::NotAllowed),
            Requester::Staff(staff) if !may_query(staff.role, query) => Err(AppError::NotAllowed),
            Requester::Device {
                practice,
                device,
                kind,
                label,
                site,
                revoked,
            } => Ok(Sender {
                practice,
                device,
                kind,
                actor: Actor::device(&label, device),
                site,
                revoked,
            }),
            Requester::Staff(staff) => Ok(Sender {
                practice: staff.practice,
                device: staff.device,
                kind: DeviceKind::Staff,
                actor: actor(&staff),
                site: staff.site,
                revoked: false,
            }),
        }
    }
}

/// Who they are, for the audit.
pub fn actor(staff: &Staff) -> Actor {
    Actor::in_role(staff.role, Some(staff.member), &staff.name, staff.device)
}

#[async_trait]
impl ServerPort for RequestPort {
    async fn push(&self, request: PushRequest) -> Result<PushResponse, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_push(request).await)
    }
    async fn pull(&self, request: PullRequest) -> Result<PullResponse, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_pull(request).await)
    }
    async fn put_attachment(&self, photo: PutAttachment) -> Result<u64, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_put_attachment(photo).await)
    }
    async fn get_attachment(
        &self,
        hash: String,
        member: Option<WorkforceMemberId>,
    ) -> Result<Attachment, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_get_attachment(hash, member).await)
    }
    async fn sign_in(&self, who: SignIn) -> Result<SignedIn, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_sign_in(who, &reply).await)
    }
    async fn change_passphrase(&self, wanted: ChangePassphrase) -> Result<SignedIn, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_change_passphrase(wanted, &reply).await)
    }
    async fn sign_out(&self) -> Result<(), AppError> {
        let reply = Reply::current();
        if let Some(token) = cookies::read(&self.headers, cookies::SESSION) {
            self.state
                .db
                .delete_session(&cookies::token_hash(token))
                .await
                .map_err(internal)?;
        }
        reply.cookie(&cookies::set(cookies::SESSION, "", 0, self.state.secure_cookies));
        Ok(())
    }
    async fn create_enrolment_code(&self, wanted: NewCode) -> Result<EnrolmentCode, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_create_code(wanted).await)
    }
    async fn enrol_kiosk(&self, code: String) -> Result<KioskSettings, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_enrol_kiosk(code, &reply).await)
    }
    async fn renew_device(&self, renewal: String) -> Result<(), AppError> {
        let reply = Reply::current();
        reply.finish(self.do_renew_device(renewal, &reply).await)
    }
    async fn kiosk_settings(&self) -> Result<KioskSettings, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_kiosk_settings().await)
    }
    async fn create_calendar_feed(&self, practitioner: PractitionerId) -> Result<String, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_create_feed(practitioner).await)
    }
    async fn push_reads(&self, reads: Vec<LocalRead>) -> Result<(), AppError> {
        let reply = Reply::current();
        reply.finish(self.do_push_reads(reads).await)
    }
}
