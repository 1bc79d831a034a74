//! One-time codes: asked for, sent, tried; and who is in with one.

use super::newcomer::Newcomer;
use super::{NAME, Portal, Visitor};
use crate::access::cookies::{new_token, token_hash};
use crate::error::{Result, ServerError};
use crate::keys::OsRandomness;
use crate::services::notices::Outgoing;
use crate::terminal::say;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::{
    Actor, AuditEvent, AuditOutcome, NewPortalCode, PATIENTS, PortalSession, PortalTry, service_device,
};
use domain::access::Role;
use domain::id::{PatientId, PracticeId};
use domain::notices::{Contact, ContactKind, Notice};
use domain::patients::{Patient, TelecomSystem};
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
/// So many go to one place in an hour, whoever asks.
const MOST_SENT: i64 = 5;

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
    /// They are in, with this token.
    In(String),
    /// It was another code; so many tries are left.
    Wrong(i16),
    /// It counts no more.
    Over,
}

impl Portal {
    /// Sends a code to a number or an address, when somebody who was born on that day has it. There is always a page to
    /// enter one: what is known here is told to nobody.
    pub async fn code_for(
        &self,
        practice: PracticeId,
        (birth_on, contact): (NaiveDate, Contact),
        language: Lang,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let mut patients = BTreeSet::new();
        for patient in self.db.born_on(practice, birth_on).await? {
            if patient.deceased_on.is_none() && has(&patient, &contact) {
                patients.insert(self.survivor(practice, patient.id).await?);
            }
        }
        let patients = patients.into_iter().collect();
        let id = self
            .send_code(practice, contact, patients, None, language, now)
            .await?;
        Ok(id.unwrap_or_else(|| new_uuid(now)))
    }

    /// Sends a code to where a message went, for those whom the message was about. Nothing when none may be sent now.
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
        let patients: BTreeSet<PatientId> = sent().map(|notice| notice.patient_id).collect();
        let language = sent().map(|notice| notice.language).next().unwrap_or_default();
        self.send_code(
            practice,
            contact,
            patients.into_iter().collect(),
            None,
            language,
            now,
        )
        .await
    }

    /// Sends a code to somebody who says that they have not been here before.
    pub async fn code_for_newcomer(
        &self,
        practice: PracticeId,
        (newcomer, contact): (&Newcomer, Contact),
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let said = serde_json::to_value(newcomer).map_err(|error| ServerError::Other(error.to_string()))?;
        let id = self
            .send_code(practice, contact, Vec::new(), Some(said), newcomer.language, now)
            .await?;
        Ok(id.unwrap_or_else(|| new_uuid(now)))
    }

    /// The record that somebody has: of one that was joined to another, the other.
    pub(super) async fn survivor(&self, practice: PracticeId, patient: PatientId) -> Result<PatientId> {
        let alias = self.db.row(practice, Entity::PatientAlias, patient.0).await?;
        Ok(match alias {
            Some(Row::PatientAlias(alias)) if alias.undone_at.is_none() => alias.patient_id,
            _ => patient,
        })
    }

    async fn send_code(
        &self,
        practice: PracticeId,
        contact: Contact,
        patients: Vec<PatientId>,
        newcomer: Option<serde_json::Value>,
        language: Lang,
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>> {
        let number = u32::from_be_bytes(first_four(&OsRandomness.bytes())) % 1_000_000;
        let code = format!("{number:06}");
        let id = new_uuid(now);
        let nobody = patients.is_empty() && newcomer.is_none();
        let new = NewPortalCode {
            id,
            contact_hash: contact_hash(&contact),
            code_hash: code_hash(id, &code),
            patients,
            newcomer,
            language,
            now,
            expires_at: now + Duration::minutes(CODE_MINUTES),
        };
        let since = now - Duration::hours(1);
        if !self
            .db
            .create_portal_code(practice, &new, since, MOST_SENT)
            .await?
        {
            return Ok(None);
        }
        if nobody || !self.may_send(practice, &contact).await? {
            return Ok(Some(id));
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
        // Nobody waits for it: how long a mail takes must not tell whether there was one.
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
        Ok(Some(id))
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

    /// Tries a code.
    pub async fn enter(
        &self,
        practice: PracticeId,
        id: Uuid,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Entered> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let entry = match self
            .db
            .try_portal_code(practice, id, &code_hash(id, &digits), now)
            .await?
        {
            PortalTry::Over => return Ok(Entered::Over),
            PortalTry::Wrong(left) => {
                let event = AuditEvent::new(&actor(practice), "portal.sign_in").ended(AuditOutcome::Refused);
                self.db.append_audit(practice, &[event]).await?;
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
        let session = PortalSession {
            patients,
            language: entry.language,
            expires_at: now + Duration::minutes(SESSION_MINUTES),
        };
        let token = new_token();
        self.db
            .create_portal_session(practice, &token_hash(&token), &session, now)
            .await?;
        let events: Vec<AuditEvent> = (session.patients.iter())
            .map(|patient| AuditEvent::new(&actor(practice), "portal.sign_in").about(Some(*patient)))
            .collect();
        self.db.append_audit(practice, &events).await?;
        Ok(Entered::In(token))
    }

    /// Who is in with a token.
    pub async fn visitor(
        &self,
        practice: PracticeId,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Visitor>> {
        let found = self.db.portal_session(practice, &token_hash(token), now).await?;
        Ok(found.map(|session| visitor(practice, session)))
    }

    /// They go.
    pub async fn leave(&self, practice: PracticeId, token: &str) -> Result<()> {
        Ok(self.db.end_portal_session(practice, &token_hash(token)).await?)
    }
}

fn visitor(practice: PracticeId, session: PortalSession) -> Visitor {
    Visitor {
        practice,
        patients: session.patients,
        language: session.language,
    }
}

fn actor(practice: PracticeId) -> Actor {
    Actor::in_role(Role::Patient, None, NAME, service_device(practice, PATIENTS))
}

/// Whether a number or an address is in somebody's record.
pub(super) fn has(patient: &Patient, contact: &Contact) -> bool {
    patient.telecoms.iter().any(|point| {
        let kind = match point.system {
            TelecomSystem::Phone => ContactKind::Phone,
            TelecomSystem::Email => ContactKind::Email,
        };
        Contact::of(kind, &point.value).as_ref() == Some(contact)
    })
}

fn contact_hash(contact: &Contact) -> Vec<u8> {
    token_hash(&[contact.kind.name(), ":", &contact.address].concat())
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

fn first_four(bytes: &[u8; 32]) -> [u8; 4] {
    [bytes[0], bytes[1], bytes[2], bytes[3]]
}
