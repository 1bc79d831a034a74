//! Notices to patients: planned from rules, sent once, and what became of them.
//!
//! Any number of servers do this at once. A notice's id follows from what it is about, so that planning twice makes one
//! row; whoever sends takes it up by a command, and the database lets one of them have it. A server that is stopped
//! between taking up and telling leaves a notice of which nobody knows whether it went out: it is told to the desk, and
//! not sent again by itself.

pub mod calendar;
mod forms;
pub mod inbox;
pub mod mail;
mod planning;
mod sending;
#[cfg(test)]
pub(crate) mod tests;
pub mod texting;
pub mod worker;

use crate::config::NoticeConfig;
use crate::error::{Result, ServerError};
use crate::keys::OsRandomness;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use db::{Db, PushOutcome, ServiceCommand};
use domain::command::Command;
use domain::id::{CommandId, PracticeId};
use domain::notices::{ContactKind, FailReason};
use std::sync::Arc;

/// In whose name these commands are given.
const ACTOR: &str = "notices";
/// Notices are planned so long before they are due.
const AHEAD: Duration = Duration::hours(48);
/// After so long, a notice that is being sent was interrupted.
const INTERRUPTED: Duration = Duration::minutes(15);
/// How often something is tried.
const TRIES: u16 = 5;

/// What goes out.
#[derive(Clone)]
pub struct Outgoing {
    /// Whose.
    pub practice: PracticeId,
    /// One attempt's own: networks that know it take the same attempt once.
    pub id: String,
    /// Number or address.
    pub to: String,
    /// Heading, for a mail.
    pub subject: String,
    /// What it says.
    pub body: String,
    /// The appointments as a calendar, for a mail.
    pub calendar: Option<String>,
    /// Where to end them, for a mail that nobody asked for at this moment.
    pub stop_url: Option<String>,
}

/// Why something was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It may be, later.
    Later,
    /// It never will.
    Never(FailReason),
}

/// A way out of the house.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Hands a message over. What the network calls it, if it says.
    async fn send(&self, message: &Outgoing) -> std::result::Result<Option<String>, NotSent>;
}

/// What sends notices.
pub struct Notices {
    db: Db,
    /// Where patients reach this server.
    public_url: String,
    mail: Option<Box<dyn Sender>>,
    texts: Option<Box<dyn Sender>>,
    /// Whether and how the network's own messages are checked.
    pub signing: Option<texting::Signing>,
}

impl std::fmt::Debug for Notices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notices")
    }
}

impl Notices {
    /// As it is set up. `fallback_url` is where this machine alone reaches the server.
    pub fn new(db: Db, config: &NoticeConfig, fallback_url: String) -> Result<Arc<Notices>> {
        let public_url = config.public_url.clone().unwrap_or(fallback_url);
        let public_url = public_url.trim_end_matches('/').to_owned();
        let mail = mail::Mail::new(config)?.map(|mail| Box::new(mail) as Box<dyn Sender>);
        let callback = format!("{public_url}/hooks/sms");
        let texts = texting::Texts::new(config, &callback)?;
        Ok(Arc::new(Notices {
            signing: texting::Signing::new(config, &callback),
            texts: texts.map(|texts| Box::new(texts) as Box<dyn Sender>),
            db,
            public_url,
            mail,
        }))
    }

    /// Where a practitioner's calendar is.
    pub fn feed_url(&self, token: &str) -> String {
        format!("{}/feeds/{token}.ics", self.public_url)
    }

    /// Where a practice's patients find their own pages.
    pub fn portal_address(&self, practice: PracticeId) -> String {
        format!("{}/p/{practice}", self.public_url)
    }

    /// Sends something that its receiver asked for just now and waits for. Whether there is a way there, and it was taken.
    pub async fn send_now(&self, kind: ContactKind, message: &Outgoing) -> bool {
        let way = match kind {
            ContactKind::Email => &self.mail,
            ContactKind::Phone => &self.texts,
        };
        match way {
            Some(way) => way.send(message).await.is_ok(),
            None => false,
        }
    }

    /// With other ways out.
    #[cfg(test)]
    pub fn with(db: Db, mail: Option<Box<dyn Sender>>, texts: Option<Box<dyn Sender>>) -> Arc<Notices> {
        Arc::new(Notices {
            db,
            public_url: "https://visits.example".to_owned(),
            mail,
            texts,
            signing: None,
        })
    }

    /// Gives commands, each under an id of its own: what may happen once is for the rules to say.
    async fn give(
        &self,
        practice: PracticeId,
        commands: Vec<(CommandId, Command)>,
        now: DateTime<Utc>,
    ) -> Result<PushOutcome> {
        let commands = commands
            .into_iter()
            .map(|(id, command)| ServiceCommand::new(id, command, now))
            .collect();
        Ok(self.db.commit_as_service(practice, commands, ACTOR).await?)
    }

    /// Gives one command that must be taken.
    pub(super) async fn tell(
        &self,
        practice: PracticeId,
        command: Command,
        now: DateTime<Utc>,
    ) -> Result<PushOutcome> {
        let outcome = self.give(practice, vec![(new_id(now), command)], now).await?;
        match outcome
            .results
            .first()
            .and_then(|receipt| receipt.refusal.as_ref())
        {
            Some(refusal) => Err(ServerError::Refused(refusal.sentence(domain::text::Lang::En))),
            None => Ok(outcome),
        }
    }
}

fn new_id(now: DateTime<Utc>) -> CommandId {
    CommandId(sync::new_id(now, &OsRandomness))
}
