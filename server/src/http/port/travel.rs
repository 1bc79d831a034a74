//! What travels: commands and photos in, changes and photos out.

use super::{RequestPort, actor, internal};
use crate::services::photos::{NotTaken, take_in};
use crate::services::push;
use crate::services::requester::Staff;
use app::error::AppError;
use app::ports::server::{Attachment, LocalRead, PutAttachment};
use db::{Actor, AuditEvent, Puller};
use domain::access::Query;
use domain::id::WorkforceMemberId;
use domain::row::EDITION;
use sync::b64::Bytes;
use sync::wire::{
    Directive, MAX_PUSH, MIN_SCHEMA, PROTO, PullRequest, PullResponse, PushRequest, PushResponse, SCHEMA,
};

/// Most reads handed in at once.
const MOST_READS: usize = 2000;

impl RequestPort {
    pub(super) async fn do_push(&self, mut request: PushRequest) -> Result<PushResponse, AppError> {
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
        // What was under way since before a restore is not judged: the device learns the new epoch and sends again.
        let head = self.state.db.head(sender.practice).await.map_err(internal)?;
        if !sync::hub::same_history(&request, head.epoch) {
            request.commands.clear();
        }
        let revoked = sender.revoked;
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
            directives: revoked.then_some(Directive::Wipe).into_iter().collect(),
            min_schema: Some(MIN_SCHEMA),
        })
    }

    pub(super) async fn do_pull(&self, request: PullRequest) -> Result<PullResponse, AppError> {
        let staff = self.staff(Query::Pull).await?;
        if request.practice != staff.practice || request.device != staff.device {
            return Err(AppError::NotAllowed);
        }
        of_session(&staff, request.member)?;
        if request.proto != PROTO || request.schema > SCHEMA || request.schema < MIN_SCHEMA {
            return Err(AppError::Version);
        }
        let state = &self.state;
        state
            .db
            .pull(
                staff.practice,
                &Puller {
                    edition: request.edition,
                    ..puller(&staff, &actor(&staff))
                },
                &request,
                push::now(),
            )
            .await
            .map_err(internal)
    }

    pub(super) async fn do_put_attachment(&self, photo: PutAttachment) -> Result<u64, AppError> {
        let sender = self.sender(Query::PutAttachment).await?;
        let taken = take_in(&self.state, &sender, &photo.hash, &photo.sealed.0).await;
        taken.map_err(|error| match error {
            NotTaken::Bad(bad) => AppError::BadRequest(bad.to_string()),
            NotTaken::Server(error) => internal(error),
        })
    }

    pub(super) async fn do_get_attachment(
        &self,
        hash: String,
        member: Option<WorkforceMemberId>,
    ) -> Result<Attachment, AppError> {
        let staff = self.staff(Query::GetAttachment).await?;
        of_session(&staff, member)?;
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

    pub(super) async fn do_push_reads(&self, reads: Vec<LocalRead>) -> Result<(), AppError> {
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

/// Somebody else's session may still be open on a device: what they may hold is not what is asked for, and they are
/// not the one who looks.
fn of_session(staff: &Staff, member: Option<WorkforceMemberId>) -> Result<(), AppError> {
    match member {
        Some(member) if member != staff.member => Err(AppError::SignedOut),
        _ => Ok(()),
    }
}

/// Who pulls, with a page of this edition.
pub fn puller<'a>(staff: &'a Staff, actor: &'a Actor) -> Puller<'a> {
    Puller {
        actor,
        device: staff.device,
        scope: &staff.scope,
        edition: EDITION,
    }
}

fn short(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == ' ')
        .take(40)
        .collect()
}
