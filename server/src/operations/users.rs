//! People who may sign in.

use crate::access::passphrase;
use crate::config::Config;
use crate::error::{Result, ServerError};
use crate::keys::OsRandomness;
use crate::postgres;
use crate::services::push::now;
use crate::terminal::say;
use clap::Args;
use db::{Db, Login, ServiceCommand};
use domain::access::Role;
use domain::command::Command;
use domain::id::{CommandId, PracticeId, WorkforceMemberId};
use domain::practice::WorkforceMember;
use domain::row::{Entity, Row};
use sync::wire::ReceiptStatus;

/// Someone new.
#[derive(Args)]
pub struct AddUser {
    /// Sign-in name
    login: String,
    /// As colleagues call them
    #[arg(long)]
    name: String,
    /// owner, front_desk, biller, practitioner, nurse, stock or auditor
    #[arg(long, value_parser = staff_role)]
    role: Role,
    /// The practice, when the database holds several
    #[arg(long)]
    practice: Option<PracticeId>,
}

fn staff_role(text: &str) -> std::result::Result<Role, String> {
    match Role::from_name(text) {
        Some(Role::Kiosk | Role::Service) | None => {
            Err("choose one of owner, front_desk, biller, practitioner, nurse, stock, auditor".to_owned())
        }
        Some(role) => Ok(role),
    }
}

async fn open(config: &Config) -> Result<Db> {
    let database = postgres::ready(config).await?;
    database.migrate().await?;
    database.connect().await
}

/// The practice that is meant: the one that is named, or the only one.
pub async fn the_practice(db: &Db, named: Option<PracticeId>) -> Result<PracticeId> {
    let all = db.practices().await?;
    match (named, all.as_slice()) {
        (Some(id), _) if all.iter().any(|(known, _)| *known == id) => Ok(id),
        (Some(id), _) => Err(ServerError::Setting(format!("there is no practice {id}"))),
        (None, [(only, _)]) => Ok(*only),
        (None, []) => Err(ServerError::Setting(
            "there is no practice yet; `anteroom seed` makes the demo".to_owned(),
        )),
        (None, _) => Err(ServerError::Setting(
            "there are several practices; name one with --practice".to_owned(),
        )),
    }
}

/// The passphrase from the environment, or typed.
fn ask_passphrase() -> Result<String> {
    if let Ok(text) = std::env::var("ANTEROOM_PASSPHRASE") {
        return Ok(text);
    }
    say("New passphrase (at least 12 characters), then Enter:");
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(ServerError::file("standard input"))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Lets someone sign in.
pub async fn add(config: &Config, args: AddUser) -> Result<()> {
    let hash = passphrase::hash(&ask_passphrase()?)?;
    let db = open(config).await?;
    let practice = the_practice(&db, args.practice).await?;
    let login = args.login.trim().to_lowercase();
    if db.find_login(&login).await?.is_some() {
        return Err(ServerError::Refused(format!(
            "{login} is taken; choose another name"
        )));
    }
    let id = WorkforceMemberId(sync::new_id(now(), &OsRandomness));
    let member = WorkforceMember {
        id,
        login: login.clone(),
        display_name: args.name,
        role: args.role,
        site_ids: Vec::new(),
        practitioner_id: None,
        active: true,
    };
    record(&db, practice, member).await?;
    db.upsert_login(&Login {
        login: login.clone(),
        practice,
        member: id,
        password_hash: hash,
        active: true,
    })
    .await?;
    say(&format!("{login} may sign in."));
    Ok(())
}

async fn record(db: &Db, practice: PracticeId, member: WorkforceMember) -> Result<()> {
    let id = CommandId(sync::new_id(now(), &OsRandomness));
    let command = ServiceCommand::new(id, Command::RecordWorkforceMember(member), now());
    let outcome = db.commit_as_service(practice, vec![command], "user").await?;
    match outcome.results.first() {
        Some(receipt) if receipt.status == ReceiptStatus::Rejected => Err(ServerError::Refused(
            receipt
                .refusal
                .as_ref()
                .map(|r| r.sentence(domain::text::Lang::En))
                .unwrap_or_default(),
        )),
        _ => Ok(()),
    }
}

async fn find(db: &Db, login: &str) -> Result<Login> {
    db.find_login(login)
        .await?
        .ok_or_else(|| ServerError::Refused(format!("nobody signs in as {login}")))
}

/// Sets a new passphrase and ends every session.
pub async fn passphrase(config: &Config, login: &str) -> Result<()> {
    let hash = passphrase::hash(&ask_passphrase()?)?;
    let db = open(config).await?;
    let known = find(&db, login).await?;
    let ended = db
        .replace_passphrase(&Login {
            password_hash: hash,
            ..known
        })
        .await?;
    say(&format!(
        "The passphrase of {login} is changed; {ended} sessions ended."
    ));
    Ok(())
}

/// Shuts someone out at once.
pub async fn disable(config: &Config, login: &str) -> Result<()> {
    let db = open(config).await?;
    let known = find(&db, login).await?;
    let (practice, member) = (known.practice, known.member);
    if let Some(Row::WorkforceMember(row)) = db.row(practice, Entity::WorkforceMember, member.0).await? {
        record(&db, practice, WorkforceMember { active: false, ..row }).await?;
    }
    db.upsert_login(&Login {
        active: false,
        ..known
    })
    .await?;
    let ended = db.delete_sessions_of(practice, member).await?;
    say(&format!(
        "{login} is shut out; {ended} sessions ended. A device that is offline locks by itself."
    ));
    Ok(())
}

/// Who may sign in.
pub async fn list(config: &Config) -> Result<()> {
    let db = open(config).await?;
    for (practice, name) in db.practices().await? {
        say(&format!("{name} ({practice})"));
        for row in db.all_rows(practice, Entity::WorkforceMember).await? {
            if let Row::WorkforceMember(member) = row {
                let state = if member.active { "" } else { ", shut out" };
                say(&format!(
                    "  {:<20} {:<14} {}{state}",
                    member.login,
                    member.role.name(),
                    member.display_name
                ));
            }
        }
    }
    Ok(())
}
