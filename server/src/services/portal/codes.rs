//! One-time codes: asked for, sent, tried; and who is in with one.

use super::log::Noted;
use super::newcomer::Newcomer;
use super::{Portal, Visitor};
use crate::access::cookies::token_hash;
use crate::error::{Result, ServerError};
use crate::keys::OsRandomness;
use crate::services::notices::Outgoing;
use crate::terminal::say;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::{NewPortalCode, PortalLimits, PortalTry};
use domain::id::{PatientId, PracticeId};
use domain::notices::{Contact, ContactKind, Notice};
use domain::row::{Entity, Key, Row, View};
use domain::text::{Lang, Text};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use sync::Randomness;
use uuid::Uuid;

/// How long a code counts.
pub const CODE_MINUTES: i64 = 10;
/// How long somebody is in.
pub const SESSION_MINUTES: i64 = 30;
/// With five tries for each code, fifty guesses a day at one patient's, of a million (NIST SP 800-63B §5.2.2).
const LIMITS: PortalLimits = PortalLimits {
    an_hour: 5,
    a_day: 10,
    newcomers_an_hour: 40,
};

/// So many wrong codes in one practice within an hour are not people who mistype: somebody goes through patients whose
/// birth dates and numbers they have. Codes are longer then, and nobody is kept out.
const MANY_TRIES: i64 = 30;

const SUBJECT: Text = Text {
    en: "Your code",
    es: "Su código",
};
const WORDS: Text = Text {
    en: "{practice}: your code is {code}. It counts for 10 minutes. We never ask you for it.",
    es: "{practice}: su código es {code}. Vale 10 minutos. Nunca se lo pediremos.",
};

/// What became of a try.
pub enum Entered {
    /// They are in, with this token; and with another, if the device is kept.
    In(String, Option<String>),
    /// It was another code; so many tries are left.
    Wrong(i16),
    /// It counts no more.
    Over,
}

/// What a code is asked for. Each is counted by itself, so that whoever does not know a patient's birth date keeps them
/// from nothing by asking.
enum Asked {
    /// To sign in, by a birth date.
    SignIn(NaiveDate),
    /// By the link in a message.
    Link,
    /// To be registered.
    Newcomer(serde_json::Value),
}

impl Portal {
    /// Sends a code to a number or an address, when somebody who was born on that day has it. There is always a page to
    /// enter one, and it is there at once: neither what it says nor how long it takes tells who is known here.
    pub fn code_for(
        &self,
        practice: PracticeId,
        (birth_on, contact): (NaiveDate, Contact),
        language: Lang,
        now: DateTime<Utc>,
    ) -> Uuid {
        let id = new_uuid(now);
        let portal = self.clone();
        aside(async move {
            let reached = portal.reached(practice, (birth_on, &contact)).await?;
            let patients = reached.into_iter().map(|patient| patient.id).collect();
            let asked = Asked::SignIn(birth_on);
            portal
                .send_code(practice, (id, contact), patients, asked, language, now)
                .await
        });
        id
    }

    /// Sends a code to where a message went, for those whom the message was about. Nothing when none may be sent now, or
    /// when it would go to somebody else: numbers change hands, and links lie in mails for months.
    pub async fn code_for_message(
        &self,
        practice: PracticeId,
        notices: &[Notice],
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>> {
        let sent = || notices.iter().filter(|notice| notice.state.was_sent());
        let Some(contact) = sent().find_map(Notice::contact) else {
            return Ok(None);
        };
        let about: BTreeSet<PatientId> = sent().map(|notice| notice.patient_id).collect();
        let patients = self.still_reached(practice, about.into_iter(), &contact).await?;
        if patients.is_empty() {
            return Ok(None);
        }
        let language = sent().map(|notice| notice.language).next().unwrap_or_default();
        let id = new_uuid(now);
        let sent = self
            .send_code(practice, (id, contact), patients, Asked::Link, language, now)
            .await?;
        Ok(sent.then_some(id))
    }

    /// Sends a code to somebody who says that they have not been here before.
    pub fn code_for_newcomer(
        &self,
        practice: PracticeId,
        (newcomer, contact): (&Newcomer, Contact),
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let said = serde_json::to_value(newcomer).map_err(|error| ServerError::Other(error.to_string()))?;
        let (id, language, portal) = (new_uuid(now), newcomer.language, self.clone());
        aside(async move {
            let asked = Asked::Newcomer(said);
            portal
                .send_code(practice, (id, contact), Vec::new(), asked, language, now)
                .await
        });
        Ok(id)
    }

    /// Whether there is such a code now. It went out if it is anybody's.
    async fn send_code(
        &self,
        practice: PracticeId,
        (id, contact): (Uuid, Contact),
        patients: Vec<PatientId>,
        asked: Asked,
        language: Lang,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tries = self.db.portal_tries(practice, now - Duration::hours(1)).await?;
        let code = new_code(tries >= MANY_TRIES);
        let contact_hash = contact_hash(&contact, &asked);
        let newcomer = match asked {
            Asked::Newcomer(said) => Some(said),
            _ => None,
        };
        let anybody = !patients.is_empty() || newcomer.is_some();
        let new = NewPortalCode {
            id,
            contact_hash,
            contact: contact.clone(),
            code_hash: code_hash(id, &code),
            patients,
            newcomer,
            language,
            now,
            expires_at: now + Duration::minutes(CODE_MINUTES),
        };
        let made = self.db.create_portal_code(practice, &new, LIMITS).await?;
        let sent = made && anybody && self.may_send(practice, &contact).await?;
        let noted = match sent {
            true => Noted::done("portal.code"),
            false => Noted::refused("portal.code"),
        };
        let detail = serde_json::json!({"code": id, "way": contact.kind.name()});
        self.note(practice, &new.patients, noted.with(detail)).await?;
        if !sent {
            return Ok(made);
        }
        let name = match self.db.row(practice, Entity::Practice, practice.0).await? {
            Some(Row::Practice(row)) => row.name,
            _ => String::new(),
        };
        let outgoing = Outgoing {
            practice,
            id: id.to_string(),
            to: contact.address,
            subject: SUBJECT.get(language).to_owned(),
            body: WORDS
                .get(language)
                .replace("{practice}", &name)
                .replace("{code}", &code),
            calendar: None,
            stop_url: None,
        };
        let (notices, kind, demo) = (self.notices.clone(), contact.kind, self.demo);
        tokio::spawn(async move {
            if notices.send_now(kind, &outgoing).await {
                return;
            }
            if demo {
                say(&format!("  {} is told: {}", outgoing.to, outgoing.body));
            } else {
                tracing::warn!(kind = kind.name(), "a patient's code could not be sent");
            }
        });
        Ok(true)
    }

    /// To a wrong number nothing goes. Who stopped texts gets none; a mail that somebody asks for is no reminder.
    async fn may_send(&self, practice: PracticeId, contact: &Contact) -> Result<bool> {
        let key = Key::Row(Entity::ContactOptOut, contact.row_id().0);
        let said = self.db.rows(practice, &[key].into()).await?;
        Ok(match said.one(&key) {
            Some(Row::ContactOptOut(said)) => {
                !said.is_wrong() && (contact.kind == ContactKind::Email || !said.is_stopped())
            }
            _ => true,
        })
    }

    /// Tries a code; when it is right, and the device is theirs, keeps that.
    pub async fn enter(
        &self,
        practice: PracticeId,
        id: Uuid,
        (code, keep): (&str, bool),
        now: DateTime<Utc>,
    ) -> Result<Entered> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let entry = match self
            .db
            .try_portal_code(practice, id, &code_hash(id, &digits), now)
            .await?
        {
            PortalTry::Over => return Ok(Entered::Over),
            PortalTry::Wrong(left, patients) => {
                let noted = Noted::refused("portal.sign_in").with(serde_json::json!({"code": id}));
                self.note(practice, &patients, noted).await?;
                return Ok(Entered::Wrong(left));
            }
            PortalTry::Right(entry) => entry,
        };
        let mut patients = entry.patients;
        if let Some(said) = entry.newcomer {
            let newcomer =
                serde_json::from_value(said).map_err(|error| ServerError::Other(error.to_string()))?;
            patients = vec![self.welcome(practice, &newcomer, now).await?];
        }
        let who = (patients, entry.language);
        let noted = Noted::done("portal.sign_in").with(serde_json::json!({"code": id}));
        let token = self.open(practice, who.clone(), noted, now).await?;
        let device = match entry.contact.filter(|_| keep) {
            Some(contact) => Some(self.keep(practice, who, contact, now).await?),
            None => None,
        };
        Ok(Entered::In(token, device))
    }

    /// Who is in with a token; for records that were joined to others since, nobody.
    pub async fn visitor(
        &self,
        practice: PracticeId,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Visitor>> {
        let Some(session) = self.db.portal_session(practice, &token_hash(token), now).await? else {
            return Ok(None);
        };
        let mut patients = Vec::new();
        for patient in session.patients {
            if self.stands(practice, patient).await? {
                patients.push(patient);
            }
        }
        Ok((!patients.is_empty()).then_some(Visitor {
            practice,
            patients,
            language: session.language,
        }))
    }

    /// They go.
    pub async fn leave(&self, practice: PracticeId, token: &str, now: DateTime<Utc>) -> Result<()> {
        if let Some(visitor) = self.visitor(practice, token, now).await? {
            self.note(practice, &visitor.patients, Noted::done("portal.sign_out"))
                .await?;
        }
        Ok(self.db.end_portal_session(practice, &token_hash(token)).await?)
    }
}

/// Does something for which nobody waits.
fn aside(work: impl Future<Output = Result<bool>> + Send + 'static) {
    tokio::spawn(async move {
        if let Err(error) = work.await {
            tracing::warn!(%error, "a patient's code was not sent");
        }
    });
}

fn contact_hash(contact: &Contact, asked: &Asked) -> Vec<u8> {
    let what = match asked {
        Asked::SignIn(birth_on) => birth_on.to_string(),
        Asked::Link => "link".to_owned(),
        Asked::Newcomer(_) => "new".to_owned(),
    };
    token_hash(&[contact.kind.name(), ":", &contact.address, " ", &what].concat())
}

/// A code is short: hashed with what it belongs to, so that one table of all of them fits none.
fn code_hash(id: Uuid, code: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(id)
        .chain_update(code)
        .finalize()
        .to_vec()
}

fn new_uuid(now: DateTime<Utc>) -> Uuid {
    sync::new_id(now, &OsRandomness)
}

/// Six digits, or eight.
fn new_code(long: bool) -> String {
    let bytes = OsRandomness.bytes();
    let number = bytes
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    match long {
        true => format!("{:08}", number % 100_000_000),
        false => format!("{:06}", number % 1_000_000),
    }
}
