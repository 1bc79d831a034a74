//! Taking commands in: opened here, decided by the hub, written by the database, told to the others.

use super::check_in::Submitted;
use crate::http::State;
use crate::keys::KeyStore;
use chrono::{DateTime, Utc};
use db::{Actor, PushOutcome};
use domain::access::Role;
use domain::command::{Command, Envelope};
use domain::decide::{Ctx, Numbers, Refusal, RefusalCode};
use domain::id::{CommandId, DeviceId, PracticeId, SiteId, WorkforceMemberId};
use domain::practice::DeviceKind;
use domain::scope::Scope;
use std::collections::HashMap;
use std::sync::Arc;
use sync::hub::{Opened, open_envelope};
use sync::seal::{Binding, Opener};
use sync::wire::{PushRequest, Receipt, SealedCommand};

/// Who sends.
pub struct Sender {
    /// Whose.
    pub practice: PracticeId,
    /// From where.
    pub device: DeviceId,
    /// What it is for.
    pub kind: DeviceKind,
    /// As whom, for the audit: who is signed in, else the device itself.
    pub actor: Actor,
    /// Where the device stands.
    pub site: Option<SiteId>,
    /// The device was shut out: what it sends waits for a person.
    pub revoked: bool,
}

/// Who entered something, as of now.
#[derive(Clone)]
struct Author {
    name: String,
    role: Role,
    scope: Scope,
}

/// Judges a push and tells everyone who listens. Authors are looked up now: what someone may no longer do is refused,
/// and seen.
pub async fn accept(
    state: &Arc<State>,
    sender: &Sender,
    request: PushRequest,
) -> Result<PushOutcome, crate::error::ServerError> {
    let now = now();
    let today = state.today(sender.practice, now).await;
    let opener = state.keys.intake(sender.practice)?;
    let mut authors: HashMap<WorkforceMemberId, Option<Author>> = HashMap::new();
    let mut batch = Vec::with_capacity(request.commands.len());
    let (practice, device) = (sender.practice, sender.device);
    let opened = tokio::task::spawn_blocking(move || open_all(&opener, practice, device, request.commands))
        .await
        .map_err(|error| crate::error::ServerError::Other(error.to_string()))?;
    for (sealed, content) in opened {
        let mut ctx = Ctx {
            command_id: sealed.id,
            role: Role::Kiosk,
            actor_name: sender.actor.name.clone(),
            device_id: sender.device,
            now,
            device_time: content.as_ref().map_or(now, |(envelope, _)| envelope.device_time),
            today,
            numbers: Numbers::Provisional,
            member_id: content.as_ref().ok().and_then(|(envelope, _)| envelope.actor),
            site_id: sender.site,
            scope: None,
            device_revoked: sender.revoked,
            unseen_entries: false,
        };
        let content = match (content, sender.kind) {
            (Ok(content), DeviceKind::Staff) => {
                match author(state, sender, &content.0, &mut authors).await? {
                    Some(author) => {
                        ctx.role = author.role;
                        ctx.actor_name = author.name;
                        ctx.scope = Some(author.scope);
                        Ok(content)
                    }
                    None => Err(Refusal::new(RefusalCode::NotAllowed).with("role", "nobody")),
                }
            }
            (content, _) => content,
        };
        batch.push(Opened { sealed, content, ctx });
    }
    let of_site = |opened: &Opened| matches!(&opened.content, Ok((_, Command::RecordSite(_))));
    let sites_changed = batch.iter().any(of_site);
    let of_rule = |opened: &Opened| matches!(&opened.content, Ok((_, Command::SetLeaseRule(_))));
    let rules_set = batch.iter().any(of_rule);
    let submitted = submissions(&batch);
    let mut outcome = state
        .db
        .accept_batch(sender.practice, sender.device, batch)
        .await?;
    for one in submitted {
        let taken =
            |receipt: &&Receipt| receipt.id == one.0 && receipt.status.is_applied() && !receipt.duplicate;
        if outcome.results.iter().any(|receipt| taken(&receipt)) {
            // What was sent is taken; who is here, the desk can say by hand.
            match super::check_in::arrive(&state.db, sender.practice, &one.1, now).await {
                Ok(false) => {}
                Ok(true) => outcome.head = state.db.head(sender.practice).await?.rev,
                Err(error) => tracing::warn!(%error, "a check-in at a kiosk was not looked at"),
            }
        }
    }
    if sites_changed {
        match super::clocks::set(&state.db, sender.practice, now).await {
            Ok(Some(head)) => outcome.head = head,
            Ok(None) => {}
            // What was sent is taken; the clocks are set within the hour.
            Err(error) => tracing::warn!(%error, "the clocks of sites were not set"),
        }
    }
    if rules_set {
        match super::standing::hand_out(&state.db, sender.practice, now).await {
            Ok(Some(head)) => (outcome.head, outcome.changed) = (head, true),
            Ok(None) => {}
            // What was sent is taken; what is due is handed out within the hour.
            Err(error) => tracing::warn!(%error, "standing leases were not handed out"),
        }
    }
    if outcome.changed {
        state.tell(sender.practice, outcome.head);
    }
    Ok(outcome)
}

/// What patients filled in, among what was sent.
fn submissions(batch: &[Opened]) -> Vec<(CommandId, Submitted)> {
    let submitted = |opened: &Opened| match &opened.content {
        Ok((envelope, Command::SubmitIntake(args))) => Some((
            envelope.id,
            Submitted {
                args: args.clone(),
                at: envelope.device_time,
            },
        )),
        _ => None,
    };
    batch.iter().filter_map(submitted).collect()
}

/// A command as it came, and what was inside or why it cannot be read.
type Read = (SealedCommand, Result<(Envelope, Command), Refusal>);

/// Opens commands on every processor there is.
fn open_all(
    opener: &Opener,
    practice: PracticeId,
    device: DeviceId,
    commands: Vec<SealedCommand>,
) -> Vec<Read> {
    let read = |sealed: &SealedCommand| {
        let binding = Binding {
            practice,
            device,
            id: sealed.id,
        };
        let content = opener
            .open(&binding, &sealed.sealed.0)
            .map_err(|_| Refusal::new(RefusalCode::Unreadable))
            .and_then(|plain| open_envelope(sealed, &plain));
        (sealed.clone(), content)
    };
    let hands = std::thread::available_parallelism().map_or(1, |hands| hands.get());
    let each = commands.len().div_ceil(hands).max(8);
    std::thread::scope(|scope| {
        let parts: Vec<_> = commands
            .chunks(each)
            .map(|part| scope.spawn(move || part.iter().map(read).collect::<Vec<Read>>()))
            .collect();
        let unread = || Refusal::new(RefusalCode::Unreadable);
        let parts = parts.into_iter().zip(commands.chunks(each)).map(|(part, sent)| {
            // A part that broke is answered as unreadable, and kept sealed.
            let broken = |_| {
                sent.iter()
                    .map(|sealed| (sealed.clone(), Err(unread())))
                    .collect()
            };
            part.join().unwrap_or_else(broken)
        });
        parts.flatten().collect()
    })
}

/// The author of an entry: an active member who has signed in on this very device.
async fn author(
    state: &Arc<State>,
    sender: &Sender,
    envelope: &Envelope,
    known: &mut HashMap<WorkforceMemberId, Option<Author>>,
) -> Result<Option<Author>, db::DbError> {
    let Some(id) = envelope.actor else { return Ok(None) };
    if let Some(author) = known.get(&id) {
        return Ok(author.clone());
    }
    let was_here = state.db.has_signed_in(sender.practice, id, sender.device).await?;
    let author = match state.member(sender.practice, id).await? {
        Some(member) if was_here => {
            let device = state.device(sender.practice, sender.device).await?;
            Some(Author {
                scope: Scope::of(&member, device.as_ref()),
                name: member.display_name,
                role: member.role,
            })
        }
        _ => None,
    };
    known.insert(id, author.clone());
    Ok(author)
}

/// Now, to the millisecond, as it is stored.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(Utc::now().timestamp_millis()).unwrap_or_default()
}

/// Opens a sealed photo.
pub fn open_photo(
    keys: &KeyStore,
    practice: PracticeId,
    device: DeviceId,
    hash: &str,
    sealed: &[u8],
) -> Result<Vec<u8>, crate::services::photos::BadPhoto> {
    let unreadable = crate::services::photos::BadPhoto::Unreadable;
    let opener = keys.intake(practice).map_err(|_| unreadable)?;
    opener
        .open(&sync::seal::attachment_binding(practice, device, hash), sealed)
        .map_err(|_| unreadable)
}
