//! A practice of one's own: who it is, what its kiosks ask to begin with, and who may set up everything else.

use super::users::{self, AddUser, Place};
use crate::config::Config;
use crate::error::{Result, ServerError};
use crate::keys::{KeyStore, OsRandomness};
use crate::seed::forms;
use crate::services::push::now;
use crate::terminal::say;
use chrono::{DateTime, Utc};
use clap::Args;
use db::{Db, ServiceCommand};
use domain::access::Role;
use domain::command::Command;
use domain::id::{CommandId, PracticeId};
use domain::notices::{NoticeRule, standard};
use domain::practice::{Practice, record_practice};
use uuid::Uuid;

/// A practice to be.
#[derive(Args)]
pub struct NewPractice {
    /// As patients know it
    name: String,
    /// The owner's sign-in name; the passphrase is asked for, or read from ANTEROOM_PASSPHRASE
    #[arg(long)]
    owner: String,
    /// The owner as colleagues call them
    #[arg(long)]
    owner_name: String,
}

/// Makes a practice with an owner who can sign in. Sites, practitioners and hours are entered on their screens.
pub async fn create(config: &Config, args: NewPractice) -> Result<()> {
    let name = args.name.trim().to_owned();
    let owner = AddUser::new(&args.owner, &args.owner_name, Role::Owner);
    let hash = users::ask_for_hash()?;
    let db = users::open(config).await?;
    // Before anything is made: a practice without an owner is one that nobody can enter.
    owner.is_free(&db).await?;
    let practice = PracticeId(sync::new_id(now(), &OsRandomness));
    record_practice(&row(practice, &name)).map_err(|refusal| {
        ServerError::Setting(format!(
            "the practice's name: {}",
            refusal.sentence(domain::text::Lang::En)
        ))
    })?;
    KeyStore::open(config)?.make_intake(practice)?;
    db.create_practice(practice, &name).await?;
    begin(&db, practice, &name).await?;
    owner.add(&db, practice, hash, &Place::default()).await?;
    say(&format!("{name} is made ({practice})."));
    say(
        "Next: anteroom serve, sign in as its owner, and enter under Practice who bills, the sites and who sees",
    );
    say("patients, under Hours when they do. Colleagues are let in by anteroom user add.");
    Ok(())
}

/// What every practice begins with: its name, the forms of its kiosks, and rules for notices, none of them followed yet.
async fn begin(db: &Db, practice: PracticeId, name: &str) -> Result<()> {
    let at = now();
    let commands = beginning(practice, name, at)
        .into_iter()
        .map(|command| ServiceCommand::new(CommandId(sync::new_id(at, &OsRandomness)), command, at))
        .collect();
    let outcome = db.commit_as_service(practice, commands, "practice").await?;
    match outcome
        .results
        .iter()
        .find_map(|receipt| receipt.refusal.as_ref())
    {
        Some(refusal) => Err(ServerError::Refused(refusal.sentence(domain::text::Lang::En))),
        None => Ok(()),
    }
}

fn row(practice: PracticeId, name: &str) -> Practice {
    Practice {
        id: practice,
        name: name.to_owned(),
        demo: false,
    }
}

fn beginning(practice: PracticeId, name: &str, at: DateTime<Utc>) -> Vec<Command> {
    let id = |what: &str| Uuid::new_v5(&practice.0, what.as_bytes());
    let mut commands = vec![
        Command::RecordPractice(row(practice, name)),
        Command::PublishQuestionnaire(forms::health_history(id("questionnaire:1"), at)),
    ];
    let consents = forms::consents(|kind| id(&format!("consent:{}:1", kind.name())), at);
    commands.extend(consents.into_iter().map(Command::PublishConsentForm));
    let rules = standard::rules(practice.0).into_iter();
    commands.extend(rules.map(|rule| {
        Command::SetNoticeRule(NoticeRule {
            active: false,
            ..rule
        })
    }));
    commands
}
