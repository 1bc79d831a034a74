//! Coming in: people, and the devices they work on.

use super::{RequestPort, actor, internal};
use crate::access::cookies;
use crate::http::reply::Reply;
use crate::services::push;
use crate::services::requester::Requester;
use crate::services::settings;
use app::error::AppError;
use app::ports::server::{EnrolmentCode, KioskSettings, NewCode, SignIn, SignedIn};
use chrono::Duration;
use db::{Actor, AuditEvent, NewEnrolmentCode, NewSession, Redeemed, ServiceCommand};
use domain::access::Query;
use domain::command::Command;
use domain::id::{CommandId, DeviceId, PracticeId};
use domain::practice::{Device, DeviceKind};
use std::time::Instant;
use sync::Randomness;
use sync::b64::Bytes;

/// How long a session lasts, whatever happens.
const SESSION_HOURS: i64 = 12;
/// How long a device's own cookie lasts.
const DEVICE_SECONDS: u64 = 180 * 24 * 3600;
/// How long a one-time code may be used.
const CODE_MINUTES: i64 = 60;

impl RequestPort {
    pub(super) async fn do_sign_in(&self, who: SignIn, reply: &Reply) -> Result<SignedIn, AppError> {
        let state = &self.state;
        let found = self.proven(&who.login, who.passphrase).await?;
        let practice = found.practice;
        let member = state
            .member(practice, found.member)
            .await
            .map_err(internal)?
            .ok_or(AppError::WrongPassphrase)?;
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
        let who = Actor::in_role(member.role, Some(member.id), &member.display_name, device);
        state
            .db
            .append_audit(practice, &[AuditEvent::new(&who, "sign_in")])
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

    pub(super) async fn do_create_code(&self, wanted: NewCode) -> Result<EnrolmentCode, AppError> {
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

    pub(super) async fn do_enrol_kiosk(
        &self,
        code: String,
        reply: &Reply,
    ) -> Result<KioskSettings, AppError> {
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
    pub(super) async fn do_renew_device(&self, renewal: String, reply: &Reply) -> Result<(), AppError> {
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

    pub(super) async fn do_kiosk_settings(&self) -> Result<KioskSettings, AppError> {
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
