//! A push as the server takes it, but for the socket: the body is read, every command opened, its author looked up,
//! the batch decided and written, and the answer put into words.

use crate::clinic::{self, Counted, Outbox};
use crate::figures::{Figures, own_cpu};
use crate::stand::{Stand, at, day, id, practice};
use crate::{Outcome, Size};
use domain::decide::{Ctx, NumberKind, Numbers, Refusal, RefusalCode};
use domain::id::DeviceId;
use domain::row::{Entity, Row};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use sync::hub::{self, Opened, open_envelope};
use sync::seal::{Binding, Opener, PublicKey, generate};
use sync::wire::{PROTO, PushRequest, PushResponse};

/// Revisions that an outbox made.
pub struct Sent {
    /// The last one before.
    pub after: u64,
    /// The last one.
    pub upto: u64,
    /// Commands of one push.
    pub each: usize,
}

/// Where the time went.
#[derive(Default)]
struct Clock {
    open: Duration,
    author: Duration,
    accept: Duration,
    answer: Duration,
    /// Beside: deciding alone, over the same rows.
    decide: Duration,
}

impl Clock {
    fn total(&self) -> Duration {
        self.open + self.author + self.accept + self.answer
    }
}

/// The practice's keys.
pub fn keys() -> (Opener, PublicKey) {
    let (private, public) = generate(&Counted::default());
    (Opener::new(private), public)
}

/// Opens every command of a push.
fn open_all(opener: &Opener, request: PushRequest) -> Vec<Opened> {
    let author = clinic::member();
    let device = request.device;
    let open_one = |sealed: sync::wire::SealedCommand| {
        let binding = Binding {
            practice: request.practice,
            device,
            id: sealed.id,
        };
        let content = opener
            .open(&binding, &sealed.sealed.0)
            .map_err(|_| Refusal::new(RefusalCode::Unreadable))
            .and_then(|plain| open_envelope(&sealed, &plain));
        let now = at("2026-03-10T15:00:00Z");
        let ctx = Ctx {
            command_id: sealed.id,
            role: author.role,
            actor_name: author.display_name.clone(),
            device_id: device,
            now,
            device_time: content.as_ref().map_or(now, |(envelope, _)| envelope.device_time),
            today: day("2026-03-10"),
            numbers: Numbers::Provisional,
            member_id: Some(author.id),
            site_id: None,
            scope: None,
            device_revoked: false,
            unseen_entries: false,
        };
        Opened { sealed, content, ctx }
    };
    request.commands.into_iter().map(open_one).collect()
}

/// One push, with its answer as it is on the wire. With `beside`, deciding is measured by itself first.
async fn one(
    stand: &Stand,
    opener: &Opener,
    body: &[u8],
    clock: &mut Clock,
    beside: bool,
) -> Outcome<(PushResponse, usize)> {
    let begun = Instant::now();
    let request: PushRequest = serde_json::from_slice(body)?;
    let device = request.device;
    let batch = open_all(opener, request);
    clock.open += begun.elapsed();

    let begun = Instant::now();
    let author = clinic::member();
    let known = stand.db.has_signed_in(practice(), author.id, device).await?;
    let row = stand
        .db
        .row(practice(), Entity::WorkforceMember, author.id.0)
        .await?;
    if !known || !matches!(row, Some(Row::WorkforceMember(_))) {
        return Err("the author of a push is not known".into());
    }
    clock.author += begun.elapsed();

    if beside {
        let rows = stand.db.rows(practice(), &hub::keys(&batch)).await?;
        let (batch, numbers) = (batch.clone(), BTreeMap::from([(NumberKind::Mrn, 1)]));
        let begun = Instant::now();
        let decided = hub::decide_batch(&rows, batch, numbers, 0);
        clock.decide += begun.elapsed();
        drop(decided);
    }

    let begun = Instant::now();
    let outcome = stand.db.accept_batch(practice(), device, batch).await?;
    clock.accept += begun.elapsed();

    let begun = Instant::now();
    let response = PushResponse {
        proto: PROTO,
        results: outcome.results,
        last_seq: outcome.last_seq,
        epoch: outcome.epoch,
        head: outcome.head,
        durable_rev: outcome.durable_rev,
        server_time: at("2026-03-10T15:00:00Z"),
        directives: Vec::new(),
        min_schema: None,
    };
    let answer = serde_json::to_vec(&response)?;
    clock.answer += begun.elapsed();
    if let Some(refused) = response
        .results
        .iter()
        .find(|receipt| !receipt.status.is_applied())
    {
        return Err(format!("a command was refused: {refused:?}").into());
    }
    // As the server answers: in gzip, whose frame is 18 bytes.
    Ok((response, sync::pack::pack_body(&answer).len() + 18))
}

/// One push, of which only the whole matters.
pub async fn send(stand: &Stand, opener: &Opener, body: &[u8]) -> Outcome<PushResponse> {
    let (response, _) = one(stand, opener, body, &mut Clock::default(), false).await?;
    Ok(response)
}

/// The outbox of one device, sent as fast as it is answered.
pub async fn ours(stand: &Stand, size: &Size, round: usize, figures: &mut Figures) -> Outcome<Sent> {
    let (opener, public) = keys();
    let device = DeviceId(id(70_000 + round as u128));
    let commands = clinic::day_offline(round, size.commands);
    let Outbox {
        pushes,
        commands,
        plain_bytes,
        ..
    } = clinic::outbox(stand, &public, device, commands).await?;
    let after = stand.db.head(practice()).await?.rev;
    let (mut clock, mut bytes, mut upto) = (Clock::default(), 0, after);
    let cpu = own_cpu();
    for body in &pushes {
        let (response, answer) = one(stand, &opener, body, &mut clock, true).await?;
        bytes += sync::pack::pack_body(body).len() + answer;
        upto = response.head;
    }
    let cpu = own_cpu() - cpu - clock.decide.as_secs_f64();
    let whole = clock.total().as_secs_f64();
    let count = commands as f64;
    figures.add("push_rate", count / whole);
    figures.add("push_seconds", whole);
    for (name, part) in [
        ("push_open", clock.open),
        ("push_author", clock.author),
        ("push_decide", clock.decide),
        ("push_accept", clock.accept),
        ("push_answer", clock.answer),
    ] {
        figures.add(name, part.as_secs_f64() / whole);
    }
    figures.add("push_cpu", cpu / whole);
    figures.add("push_bytes", bytes as f64 / count);
    figures.add("command_bytes", plain_bytes as f64 / count);
    Ok(Sent {
        after,
        upto,
        each: sync::wire::MAX_PUSH,
    })
}
