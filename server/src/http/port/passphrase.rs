//! Passphrases: whether one is right, and a new one.

use super::{RequestPort, actor, internal};
use crate::access::passphrase;
use crate::error::ServerError;
use crate::http::reply::Reply;
use app::error::AppError;
use app::ports::server::{ChangePassphrase, SignIn, SignedIn};
use db::{Actor, AuditEvent, AuditOutcome, Login};
use domain::access::Query;
use std::time::Instant;

impl RequestPort {
    /// Whose sign-in name it is, once the passphrase was right. Failures are counted, take as long as successes, and are
    /// written down.
    pub(super) async fn proven(&self, login: &str, passphrase: String) -> Result<Login, AppError> {
        let state = &self.state;
        let login = login.trim().to_lowercase();
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
        let right = tokio::task::spawn_blocking(move || passphrase::verify(&passphrase, hash.as_deref()))
            .await
            .map_err(internal)?;
        match (right, found) {
            (true, Some(found)) => {
                state.throttle.succeeded(&throttled);
                Ok(found)
            }
            (_, found) => {
                state.throttle.failed(&throttled, Instant::now());
                if let Some(found) = found {
                    let event = AuditEvent::new(&Actor::system(), "sign_in").ended(AuditOutcome::Refused);
                    state
                        .db
                        .append_audit(found.practice, &[event])
                        .await
                        .map_err(internal)?;
                }
                Err(AppError::WrongPassphrase)
            }
        }
    }

    /// The old one is asked for again: whoever finds an open screen does not get to keep it.
    pub(super) async fn do_change_passphrase(
        &self,
        wanted: ChangePassphrase,
        reply: &Reply,
    ) -> Result<SignedIn, AppError> {
        let staff = self.staff(Query::ChangePassphrase).await?;
        let ChangePassphrase { old, new } = wanted;
        if old == new {
            return Err(AppError::BadRequest(
                "choose one that you did not have before".to_owned(),
            ));
        }
        let hashed = new.clone();
        let hash = tokio::task::spawn_blocking(move || passphrase::hash(&hashed))
            .await
            .map_err(internal)?
            .map_err(|error| match error {
                ServerError::Refused(why) => AppError::BadRequest(why),
                other => internal(other),
            })?;
        let state = &self.state;
        let member = state
            .member(staff.practice, staff.member)
            .await
            .map_err(internal)?
            .ok_or(AppError::SignedOut)?;
        let known = self
            .proven(&member.login, old)
            .await
            .map_err(|error| match error {
                AppError::WrongPassphrase => {
                    AppError::BadRequest("the old passphrase is not right".to_owned())
                }
                other => other,
            })?;
        let login = known.login.clone();
        let event = AuditEvent::new(&actor(&staff), "change_passphrase");
        state
            .db
            .append_audit(staff.practice, &[event])
            .await
            .map_err(internal)?;
        let changed = Login {
            password_hash: hash,
            ..known
        };
        state.db.replace_passphrase(&changed).await.map_err(internal)?;
        let who = SignIn {
            login,
            passphrase: new,
            device: Some(staff.device),
            device_label: String::new(),
        };
        self.do_sign_in(who, reply).await
    }
}
