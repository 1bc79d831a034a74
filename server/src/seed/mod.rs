//! The demo practice: two sites, six practitioners, about five hundred made-up patients, submissions that wait at the
//! desk, and a day of visits. Made through the same commands as everything else, with ids that are the same every time, so that
//! doing it again changes nothing.

pub mod forms;
mod intakes;
mod patients;
pub mod people;
mod recalls;
mod schedule;
mod scored;
mod terms;
mod visits;

use crate::access::passphrase;
use crate::config::Config;
use crate::error::{Result, ServerError};
use crate::keys::KeyStore;
use crate::services::push::now;
use crate::terminal::say;
use chrono::{DateTime, Utc};
use db::{Db, Login, ServiceCommand};
use domain::command::Command;
use domain::id::CommandId;
use domain::notices::{NoticeRule, standard};
use domain::row::Entity;
use people::{LOGINS, PASSPHRASE, PRACTICE, id, member};
use sync::wire::ReceiptStatus;

/// Whether this database holds the demo practice.
pub async fn is_there(db: &Db) -> Result<bool> {
    Ok(db
        .practices()
        .await?
        .iter()
        .any(|(practice, _)| *practice == PRACTICE))
}

/// Makes the demo practice, unless it is there.
pub async fn run(config: &Config, db: &Db) -> Result<()> {
    if is_there(db).await? && !db.all_rows(PRACTICE, Entity::Intake).await?.is_empty() {
        return Ok(());
    }
    say("Making the demo practice …");
    let keys = KeyStore::open(config)?;
    if keys.intake(PRACTICE).is_err() {
        keys.make_intake(PRACTICE)?;
    }
    db.create_practice(PRACTICE, "Alder Street Family Clinic").await?;
    let at = now();
    let mut commands = people::commands();
    commands.push(Command::PublishQuestionnaire(forms::health_history(
        id("questionnaire:1"),
        DateTime::UNIX_EPOCH,
    )));
    let consents = forms::consents(
        |kind| id(&format!("consent:{}:1", kind.name())),
        DateTime::UNIX_EPOCH,
    );
    commands.extend(consents.iter().cloned().map(Command::PublishConsentForm));
    let scored = [
        scored::phq_9(DateTime::UNIX_EPOCH),
        scored::pain(DateTime::UNIX_EPOCH),
    ];
    commands.extend(scored.map(Command::PublishQuestionnaire));
    commit(db, "practice", commands, at).await?;
    let registered = patients::commands()?;
    commit(db, "patients", registered.clone(), at).await?;
    commit(db, "intakes", intakes::commands(&registered, &consents, at), at).await?;
    let settings = schedule::commands(at)?;
    commit(db, "schedule", settings.clone(), at).await?;
    commit(db, "notices", notices(), at).await?;
    let asked = registered.iter().filter_map(Command::patient_id);
    let asked: Vec<_> = asked.skip(100).step_by(50).take(2).collect();
    commit_each(db, "answers", scored::answered(id, &asked, at)).await?;
    let terms = terms::commands();
    let known: Vec<Command> = settings.into_iter().chain(terms.clone()).collect();
    commit_each(db, "visits", visits::commands(&known, &registered, at)).await?;
    // Nobody asked about payers when the visits were booked.
    commit(db, "terms", terms, at).await?;
    commit_each(db, "recalls", recalls::commands(&registered, at)).await?;
    let hash = passphrase::hash(PASSPHRASE)?;
    for (login, _, _) in LOGINS {
        let login = Login {
            login: login.to_owned(),
            practice: PRACTICE,
            member: member(login),
            password_hash: hash.clone(),
            active: true,
        };
        db.upsert_login(&login).await?;
    }
    Ok(())
}

/// Commits commands under ids that follow from their place in the list.
async fn commit(db: &Db, what: &str, commands: Vec<Command>, at: DateTime<Utc>) -> Result<()> {
    commit_each(
        db,
        what,
        commands.into_iter().map(|command| (command, at)).collect(),
    )
    .await
}

/// The same, each entered at a time of its own.
async fn commit_each(db: &Db, what: &str, commands: Vec<(Command, DateTime<Utc>)>) -> Result<()> {
    let id_of = |n: usize| CommandId(id(&format!("command:{what}:{n}")));
    let commands = commands
        .into_iter()
        .enumerate()
        .map(|(n, (command, at))| ServiceCommand::new(id_of(n), command, at))
        .collect();
    let outcome = db.commit_as_service(PRACTICE, commands, "demo").await?;
    let refused = outcome
        .results
        .iter()
        .find(|receipt| receipt.status == ReceiptStatus::Rejected && !receipt.duplicate);
    match refused.and_then(|receipt| receipt.refusal.as_ref()) {
        Some(refusal) => Err(ServerError::Refused(format!("the demo's {what}: {refusal}"))),
        None => Ok(()),
    }
}

/// The rules that a practice begins with. A demo sends no mails and no texts to anyone, so the desk's own calls are on
/// and what goes out by itself is off.
fn notices() -> Vec<Command> {
    standard::rules(PRACTICE.0)
        .into_iter()
        .map(|rule| {
            Command::SetNoticeRule(NoticeRule {
                active: !rule.channel.is_sent(),
                ..rule
            })
        })
        .collect()
}
