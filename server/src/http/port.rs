//! The port behind the server functions: knows who is asking, checks the permission table, calls one service.

use super::State;
use super::reply::Reply;
use crate::access::{cookies, passphrase};
use crate::error::ServerError;
use crate::services::photos::make_anew;
use crate::services::push::{self, Sender};
use crate::services::requester::{Requester, Staff};
use crate::services::settings;
use app::error::AppError;
use app::ports::server::{
    Attachment, EnrolmentCode, KioskSettings, LocalRead, NewCode, PutAttachment, ServerPort, SignIn, SignedIn,
};
use async_trait::async_trait;
use axum::http::HeaderMap;
use chrono::Duration;
use db::{Actor, AuditEvent, AuditOutcome, NewEnrolmentCode, NewSession, Redeemed, ServiceCommand};
use domain::access::{Query, Role, may_query};
use domain::command::Command;
use domain::id::{CommandId, DeviceId, PracticeId};
use domain::practice::{Device, DeviceKind};
use std::sync::Arc;
use std::time::Instant;
use sync::Randomness;
use sync::b64::Bytes;
use sync::wire::{MAX_PUSH, PROTO, PullRequest, PullResponse, PushRequest, PushResponse, SCHEMA};

/// How long a session lasts, whatever happens.
const SESSION_HOURS: i64 = 12;
/// How long a device's own cookie lasts.
const DEVICE_SECONDS: u64 = 180 * 24 * 3600;
/// How long a one-time code may be used.
const CODE_MINUTES: i64 = 60;
/// Most reads handed in at once.
const MOST_READS: usize = 2000;

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
        let Requester::Staff(staff) = self.requester().await? else {
            return Err(AppError::SignedOut);
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

    /// An enrolled device, with or without a session.
    async fn sender(&self, query: Query) -> Result<Sender, AppError> {
        match self.requester().await? {
            Requester::Nobody => Err(AppError::SignedOut),
            Requester::Device {
                practice,
                device,
                kind,
                label,
                ..
            } => {
                let role = if kind == DeviceKind::Kiosk {
                    Role::Kiosk
                } else {
                    Role::FrontDesk
                };
                if kind == DeviceKind::Kiosk && !may_query(role, query) {
                    return Err(AppError::NotAllowed);
                }
                Ok(Sender {
                    practice,
                    device,
                    kind,
                    label,
                })
            }
            Requester::Staff(staff) if !may_query(staff.role, query) => Err(AppError::NotAllowed),
            Requester::Staff(Staff {
                practice,
                device,
                name,
                ..
            }) => Ok(Sender {
                practice,
                device,
                kind: DeviceKind::Staff,
                label: name,
            }),
        }
    }

    async fn do_push(&self, request: PushRequest) -> Result<PushResponse, AppError> {
        let sender = self.sender(Query::Push).await?;
        if request.practice != sender.practice || request.device != sender.device {
            return Err(AppError::NotAllowed);
        }
        if request.proto != PROTO || request.schema > SCHEMA {
            return Err(AppError::Version);
        }
        if request.commands.len() > MAX_PUSH {
            return Err(AppError::BadRequest(
                "too many entries at once; send fewer".to_owned(),
            ));
        }
        let outcome = push::accept(&self.state, &sender, request)
            .await
            .map_err(internal)?;
        Ok(PushResponse {
            proto: PROTO,
            results: outcome.results,
            last_seq: outcome.last_seq,
            epoch: outcome.epoch,
            head: outcome.head,
            durable_rev: outcome.durable_rev,
            server_time: push::now(),
        })
    }

    async fn do_pull(&self, request: PullRequest) -> Result<PullResponse, AppError> {
        let staff = self.staff(Query::Pull).await?;
        if request.practice != staff.practice || request.device != staff.device {
            return Err(AppError::NotAllowed);
        }
        if request.proto != PROTO || request.schema > SCHEMA {
            return Err(AppError::Version);
        }
        let state = &self.state;
        state
            .db
            .pull(
                staff.practice,
                &actor(&staff),
                staff.device,
                request.cursor,
                request.max_changes,
                push::now(),
            )
            .await
            .map_err(internal)
    }

    async fn do_put_attachment(&self, photo: PutAttachment) -> Result<(), AppError> {
        let sender = self.sender(Query::PutAttachment).await?;
        let (state, hash) = (self.state.clone(), photo.hash.clone());
        let (practice, device) = (sender.practice, sender.device);
        let made = tokio::task::spawn_blocking(move || {
            let bytes = push::open_photo(&state.keys, practice, device, &photo.hash, &photo.sealed.0)?;
            let derivative = make_anew(&photo.hash, &bytes)?;
            Ok::<_, crate::services::photos::BadPhoto>((bytes, derivative))
        });
        let (bytes, derivative) = made
            .await
            .map_err(internal)?
            .map_err(|bad| AppError::BadRequest(bad.to_string()))?;
        let attachment = db::Attachment {
            hash,
            media_type: "image/jpeg".to_owned(),
            bytes,
            derivative: Some(derivative),
        };
        let role = if sender.kind == DeviceKind::Kiosk {
            Role::Kiosk
        } else {
            Role::FrontDesk
        };
        let actor = Actor::in_role(role, None, &sender.label, sender.device);
        self.state
            .db
            .put_attachment(practice, &actor, &attachment)
            .await
            .map_err(internal)?;
        let head = self.state.db.head(practice).await.map_err(internal)?;
        self.state.tell(practice, head.rev);
        Ok(())
    }

    async fn do_get_attachment(&self, hash: String) -> Result<Attachment, AppError> {
        let staff = self.staff(Query::GetAttachment).await?;
        let found = self
            .state
            .db
            .get_attachment(staff.practice, &actor(&staff), &hash, None)
            .await
            .map_err(internal)?
            .ok_or(AppError::NotFound)?;
        let bytes = found.derivative.ok_or(AppError::NotFound)?;
        Ok(Attachment {
            media_type: "image/jpeg".to_owned(),
            hash,
            bytes: Bytes(bytes),
        })
    }

    async fn do_sign_in(&self, who: SignIn, reply: &Reply) -> Result<SignedIn, AppError> {
        let state = &self.state;
        let login = who.login.trim().to_lowercase();
        let throttled = ["login:", &login].concat();
        if let Some(seconds) = state.throttle.wait(&throttled, Instant::now()) {
            return Err(AppError::TooMany(seconds));
        }
        let found = state
            .db
            .find_login(&login)
            .await
            .map_err(internal)?
            .filter(|login| login.active);
        let hash = found.as_ref().map(|login| login.password_hash.clone());
        let right = tokio::task::spawn_blocking(move || passphrase::verify(&who.passphrase, hash.as_deref()))
            .await
            .map_err(internal)?;
        let (true, Some(found)) = (right, found.clone()) else {
            state.throttle.failed(&throttled, Instant::now());
            if let Some(found) = found {
                let event = AuditEvent::new(&Actor::system(), "sign_in").ended(AuditOutcome::Refused);
                state
                    .db
                    .append_audit(found.practice, &[event])
                    .await
                    .map_err(internal)?;
            }
            return Err(AppError::WrongPassphrase);
        };
        let practice = found.practice;
        let member = state
            .member(practice, found.member)
            .await
            .map_err(internal)?
            .ok_or(AppError::WrongPassphrase)?;
        state.throttle.succeeded(&throttled);
        let (device, renewal) = self
            .staff_device(practice, who.device, &who.device_label, reply)
            .await?;
        let token = cookies::new_token();
        let session = NewSession {
            token_hash: cookies::token_hash(&token),
            practice,
            member: Some(member.id),
            device,
            role: member.role,
            expires_at: push::now() + Duration::hours(SESSION_HOURS),
        };
        let staff = Staff {
            practice,
            device,
            member: member.id,
            name: member.display_name.clone(),
            role: member.role,
        };
        state
            .db
            .append_audit(practice, &[AuditEvent::new(&actor(&staff), "sign_in")])
            .await
            .map_err(internal)?;
        state.db.create_session(&session).await.map_err(internal)?;
        let age = SESSION_HOURS.unsigned_abs() * 3600;
        reply.cookie(&cookies::set(cookies::SESSION, &token, age, state.secure_cookies));
        let (practice_name, demo) = state.practice_name(practice).await.map_err(internal)?;
        let keys = (member.role.compartments().iter())
            .map(|compartment| {
                (
                    *compartment,
                    Bytes(state.keys.device_key(practice, device, *compartment).0.to_vec()),
                )
            })
            .collect();
        Ok(SignedIn {
            practice,
            practice_name,
            device,
            intake_key: Bytes(state.keys.intake_public(practice).map_err(internal)?.0.to_vec()),
            member: member.id,
            display_name: member.display_name,
            role: member.role,
            keys,
            demo,
            renewal: Some(renewal),
        })
    }

    /// The device that someone signs in on: the one it says it is, when the practice knows it; else a new one.
    async fn staff_device(
        &self,
        practice: PracticeId,
        claimed: Option<DeviceId>,
        label: &str,
        reply: &Reply,
    ) -> Result<(DeviceId, String), AppError> {
        let known = match claimed {
            Some(id) => self.state.device(practice, id).await.map_err(internal)?,
            None => None,
        };
        let device = match known {
            Some(device) if device.revoked_at.is_some() => return Err(AppError::Revoked),
            Some(device) if device.kind == DeviceKind::Staff => device.id,
            _ => {
                let label = if label.trim().is_empty() {
                    "Computer"
                } else {
                    label.trim()
                };
                self.enrol(
                    practice,
                    DeviceKind::Staff,
                    label.chars().take(60).collect(),
                    None,
                )
                .await?
            }
        };
        let renewal = self.give_device_cookie(practice, device, reply).await?;
        Ok((device, renewal))
    }

    async fn give_device_cookie(
        &self,
        practice: PracticeId,
        device: DeviceId,
        reply: &Reply,
    ) -> Result<String, AppError> {
        let token = cookies::new_token();
        self.state
            .db
            .create_device_credential(&cookies::token_hash(&token), practice, device)
            .await
            .map_err(internal)?;
        reply.cookie(&cookies::set(
            cookies::DEVICE,
            &token,
            DEVICE_SECONDS,
            self.state.secure_cookies,
        ));
        Ok(token)
    }

    /// Makes a device, by the same way in as everything else.
    async fn enrol(
        &self,
        practice: PracticeId,
        kind: DeviceKind,
        label: String,
        site_id: Option<domain::id::SiteId>,
    ) -> Result<DeviceId, AppError> {
        let now = push::now();
        let randomness = crate::keys::OsRandomness;
        let id = DeviceId(sync::new_id(now, &randomness));
        let device = Device {
            id,
            kind,
            label,
            site_id,
            enrolled_at: now,
            revoked_at: None,
        };
        let command = ServiceCommand::new(
            CommandId(sync::new_id(now, &randomness)),
            Command::EnrolDevice(device),
            now,
        );
        let outcome = self
            .state
            .db
            .commit_as_service(practice, vec![command], "enrolment")
            .await
            .map_err(internal)?;
        self.state.tell(practice, outcome.head);
        Ok(id)
    }

    async fn do_create_code(&self, wanted: NewCode) -> Result<EnrolmentCode, AppError> {
        let staff = self.staff(Query::CreateEnrolmentCode).await?;
        let label = wanted.label.trim().to_owned();
        if label.is_empty() || label.chars().count() > 60 {
            return Err(AppError::BadRequest(
                "give the kiosk a short name, like Kiosk 2".to_owned(),
            ));
        }
        let code = readable_code(&crate::keys::OsRandomness.bytes());
        let new = NewEnrolmentCode {
            code_hash: cookies::token_hash(&code),
            practice: staff.practice,
            site: wanted.site,
            label,
            kind: DeviceKind::Kiosk,
            expires_at: push::now() + Duration::minutes(CODE_MINUTES),
        };
        self.state
            .db
            .create_enrolment_code(&new)
            .await
            .map_err(internal)?;
        let event = AuditEvent::new(&actor(&staff), "create_enrolment_code");
        self.state
            .db
            .append_audit(staff.practice, &[event])
            .await
            .map_err(internal)?;
        Ok(EnrolmentCode {
            code,
            staff_pin: self.state.kiosk_pin(staff.practice),
        })
    }

    async fn do_enrol_kiosk(&self, code: String, reply: &Reply) -> Result<KioskSettings, AppError> {
        let state = &self.state;
        let throttled = "enrolment".to_owned();
        if let Some(seconds) = state.throttle.wait(&throttled, Instant::now()) {
            return Err(AppError::TooMany(seconds));
        }
        let code = code.trim().to_uppercase();
        let redeemed = if state.demo && code == crate::seed::people::KIOSK_CODE {
            // The demo's code is public and may be used again, on loopback only.
            Some(Redeemed {
                practice: crate::seed::people::PRACTICE,
                site: Some(crate::seed::people::sites()[0]),
                label: "Kiosk 1".to_owned(),
                kind: DeviceKind::Kiosk,
            })
        } else {
            state
                .db
                .redeem_enrolment_code(&cookies::token_hash(&code))
                .await
                .map_err(internal)?
        };
        let Some(redeemed) = redeemed.filter(|r| r.kind == DeviceKind::Kiosk) else {
            state.throttle.failed(&throttled, Instant::now());
            return Err(AppError::WrongCode);
        };
        let device = self
            .enrol(
                redeemed.practice,
                DeviceKind::Kiosk,
                redeemed.label,
                redeemed.site,
            )
            .await?;
        let renewal = self.give_device_cookie(redeemed.practice, device, reply).await?;
        let settings = settings::kiosk(state, redeemed.practice, device)
            .await
            .map_err(internal)?;
        Ok(KioskSettings {
            renewal: Some(renewal),
            ..settings
        })
    }

    /// The same secret that the cookie held, kept by the device beside its outbox. A device that was shut out may still
    /// send what it has: nothing is lost by shutting it out.
    async fn do_renew_device(&self, renewal: String, reply: &Reply) -> Result<(), AppError> {
        let known = self
            .state
            .db
            .find_device_credential(&cookies::token_hash(&renewal))
            .await
            .map_err(internal)?;
        if known.is_none() {
            return Err(AppError::SignedOut);
        }
        reply.cookie(&cookies::set(
            cookies::DEVICE,
            &renewal,
            DEVICE_SECONDS,
            self.state.secure_cookies,
        ));
        Ok(())
    }

    async fn do_kiosk_settings(&self) -> Result<KioskSettings, AppError> {
        match self.requester().await? {
            Requester::Device { revoked: true, .. } => Err(AppError::Revoked),
            Requester::Device {
                practice,
                device,
                kind: DeviceKind::Kiosk,
                ..
            } => settings::kiosk(&self.state, practice, device)
                .await
                .map_err(internal),
            Requester::Nobody => Err(AppError::SignedOut),
            _ => Err(AppError::NotAllowed),
        }
    }

    async fn do_push_reads(&self, reads: Vec<LocalRead>) -> Result<(), AppError> {
        let staff = self.staff(Query::PushReads).await?;
        if reads.len() > MOST_READS {
            return Err(AppError::BadRequest(
                "too many reads at once; send fewer".to_owned(),
            ));
        }
        let mut events = Vec::with_capacity(reads.len());
        for read in reads {
            let mut event = AuditEvent::new(&actor(&staff), &format!("local read {}", short(&read.what)));
            event.actor_id = Some(read.member.0);
            event.patient_id = read.patient;
            event.device_time = Some(read.at);
            events.push(event);
        }
        self.state
            .db
            .append_audit(staff.practice, &events)
            .await
            .map_err(internal)
    }
}

fn short(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == ' ')
        .take(40)
        .collect()
}

fn actor(staff: &Staff) -> Actor {
    Actor::in_role(staff.role, Some(staff.member), &staff.name, staff.device)
}

/// Eight letters and digits that cannot be taken for each other: "K7QF-92MD".
fn readable_code(random: &[u8; 32]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let pick = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let (a, b): (String, String) = (
        random[..4].iter().map(pick).collect(),
        random[4..8].iter().map(pick).collect(),
    );
    format!("{a}-{b}")
}

impl From<ServerError> for AppError {
    fn from(error: ServerError) -> AppError {
        internal(error)
    }
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
    async fn put_attachment(&self, photo: PutAttachment) -> Result<(), AppError> {
        let reply = Reply::current();
        reply.finish(self.do_put_attachment(photo).await)
    }
    async fn get_attachment(&self, hash: String) -> Result<Attachment, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_get_attachment(hash).await)
    }
    async fn sign_in(&self, who: SignIn) -> Result<SignedIn, AppError> {
        let reply = Reply::current();
        reply.finish(self.do_sign_in(who, &reply).await)
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
    async fn push_reads(&self, reads: Vec<LocalRead>) -> Result<(), AppError> {
        let reply = Reply::current();
        reply.finish(self.do_push_reads(reads).await)
    }
}
