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
use domain::id::{CommandId, PracticeId, PractitionerId, SiteId, WorkforceMemberId};
use domain::name::only_called;
use domain::practice::WorkforceMember;
use domain::row::{Entity, Row};
use domain::text::fold;
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
    /// A site that they work at, by its name; said again for each, and not at all for who works at all
    #[arg(long = "at", value_name = "SITE")]
    sites: Vec<String>,
    /// The practitioner that they are, by given and family name
    #[arg(long, value_name = "NAME")]
    practitioner: Option<String>,
    /// The practice, when the database holds several
    #[arg(long)]
    practice: Option<PracticeId>,
}

/// Where somebody works, and as whom they see patients.
#[derive(Default)]
pub struct Place {
    sites: Vec<SiteId>,
    practitioner: Option<PractitionerId>,
}

fn staff_role(text: &str) -> std::result::Result<Role, String> {
    match Role::from_name(text) {
        Some(Role::Kiosk | Role::Service | Role::Patient) | None => {
            Err("choose one of owner, front_desk, biller, practitioner, nurse, stock, auditor".to_owned())
        }
        Some(role) => Ok(role),
    }
}

pub(super) async fn open(config: &Config) -> Result<Db> {
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
            "there is no practice yet; `anteroom practice create` makes one, `anteroom seed` the demo"
                .to_owned(),
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

/// A passphrase from the environment or typed, as it is kept.
pub(super) fn ask_for_hash() -> Result<String> {
    passphrase::hash(&ask_passphrase()?)
}

/// Lets someone sign in.
pub async fn add(config: &Config, args: AddUser) -> Result<()> {
    let hash = ask_for_hash()?;
    let db = open(config).await?;
    let practice = the_practice(&db, args.practice).await?;
    args.is_free(&db).await?;
    let place = args.place(&db, practice).await?;
    args.add(&db, practice, hash, &place).await
}

impl AddUser {
    /// Somebody who works everywhere.
    pub(super) fn new(login: &str, name: &str, role: Role) -> AddUser {
        AddUser {
            login: login.to_owned(),
            name: name.to_owned(),
            role,
            sites: Vec::new(),
            practitioner: None,
            practice: None,
        }
    }

    fn login(&self) -> String {
        self.login.trim().to_lowercase()
    }

    /// Refuses a sign-in name that somebody has, in whichever practice.
    pub(super) async fn is_free(&self, db: &Db) -> Result<()> {
        let login = self.login();
        match db.find_login(&login).await? {
            Some(_) => Err(ServerError::Refused(format!(
                "{login} is taken; choose another name"
            ))),
            None => Ok(()),
        }
    }

    /// The sites and the practitioner that are named.
    async fn place(&self, db: &Db, practice: PracticeId) -> Result<Place> {
        let mut place = Place::default();
        let known = db.all_rows(practice, Entity::Site).await?;
        for name in &self.sites {
            let found = known.iter().find_map(|row| match row {
                Row::Site(site) if fold(&site.name) == fold(name) => Some(site.id),
                _ => None,
            });
            place
                .sites
                .push(found.ok_or_else(|| ServerError::Refused(format!("there is no site named {name}")))?);
        }
        if let Some(name) = &self.practitioner {
            let known = db.all_rows(practice, Entity::Practitioner).await?;
            let practitioners = known.iter().filter_map(|row| match row {
                Row::Practitioner(row) if row.active => Some(row),
                _ => None,
            });
            let found = only_called(practitioners, name).map(|row| row.id);
            let none = || ServerError::Refused(format!("there is no one practitioner named {name}"));
            place.practitioner = Some(found.ok_or_else(none)?);
        }
        Ok(place)
    }

    /// Records the member and their sign-in.
    pub(super) async fn add(
        self,
        db: &Db,
        practice: PracticeId,
        password_hash: String,
        place: &Place,
    ) -> Result<()> {
        let login = self.login();
        let id = WorkforceMemberId(sync::new_id(now(), &OsRandomness));
        let member = WorkforceMember {
            id,
            login: login.clone(),
            display_name: self.name,
            role: self.role,
            site_ids: place.sites.clone(),
            practitioner_id: place.practitioner,
            active: true,
        };
        record(db, practice, member).await?;
        db.upsert_login(&Login {
            login: login.clone(),
            practice,
            member: id,
            password_hash,
            active: true,
        })
        .await?;
        say(&format!("{login} may sign in."));
        Ok(())
    }
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
    let hash = ask_for_hash()?;
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
