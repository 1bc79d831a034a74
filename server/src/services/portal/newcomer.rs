//! Somebody who has not been here before. What they say of themselves becomes a record when the code that went to their
//! number or address came back: not before, and unverified until somebody at the desk has seen who it is.

use super::Portal;
use crate::error::{Result, ServerError};
use crate::keys::OsRandomness;
use chrono::{DateTime, NaiveDate, Utc};
use db::ServiceCommand;
use domain::command::Command;
use domain::id::{CommandId, PatientId, PracticeId};
use domain::notices::{Contact, ContactKind};
use domain::patients::{
    ContactPoint, HumanNumber, IdentityStatus, Patient, RegisterPatient, Sex, TelecomSystem, TelecomUse,
};
use domain::text::{Lang, fold};
use domain::validate::{Faults, Validate};
use serde::{Deserialize, Serialize};

/// In whose name their record is made.
const ACTOR: &str = "online registration";

/// What they say.
#[derive(Clone, Serialize, Deserialize)]
pub struct Newcomer {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Date of birth.
    pub birth_on: NaiveDate,
    /// Sex on the insurance record.
    pub sex: Sex,
    /// What kind of contact.
    pub kind: ContactKind,
    /// As they typed it.
    pub address: String,
    /// Whether texts may come there.
    pub may_text: bool,
    /// In which language they read.
    pub language: Lang,
}

impl Newcomer {
    /// Where they can be reached.
    pub fn contact(&self) -> Option<Contact> {
        Contact::of(self.kind, &self.address)
    }

    /// What is wrong with it, by the rules of every record.
    pub fn faults(&self, today: NaiveDate) -> Faults {
        self.record(PatientId(uuid::Uuid::nil()), DateTime::UNIX_EPOCH)
            .faults(today)
    }

    fn record(&self, id: PatientId, now: DateTime<Utc>) -> Patient {
        let (system, usage) = match self.kind {
            ContactKind::Phone => (TelecomSystem::Phone, TelecomUse::Mobile),
            ContactKind::Email => (TelecomSystem::Email, TelecomUse::Home),
        };
        Patient {
            id,
            mrn: HumanNumber::Provisional(String::new()),
            family_name: self.family_name.trim().to_owned(),
            given_name: self.given_name.trim().to_owned(),
            middle_name: None,
            suffix: None,
            preferred_name: None,
            previous_names: Vec::new(),
            payer_name: None,
            birth_on: self.birth_on,
            multiple_birth: false,
            sex: self.sex,
            gender_identity: None,
            pronouns: None,
            identifiers: Vec::new(),
            telecoms: vec![ContactPoint {
                system,
                usage,
                value: self.address.trim().to_owned(),
                may_text: self.may_text && self.kind == ContactKind::Phone,
            }],
            addresses: Vec::new(),
            no_fixed_address: false,
            language: self.language.tag().to_owned(),
            interpreter_needed: false,
            race_codes: Vec::new(),
            ethnicity_code: None,
            marital_status: None,
            deceased_on: None,
            identity: IdentityStatus::Unverified,
            preferred_channel: None,
            registered_at: now,
        }
    }

    fn is(&self, patient: &Patient) -> bool {
        let name = |given: &str, family: &str| fold(&[given, " ", family].concat());
        name(&self.given_name, &self.family_name) == name(&patient.given_name, &patient.family_name)
    }
}

impl Portal {
    /// Makes their record. Who turns out to have one, with the same name, birth date and number, has that one.
    pub(super) async fn welcome(
        &self,
        practice: PracticeId,
        newcomer: &Newcomer,
        now: DateTime<Utc>,
    ) -> Result<PatientId> {
        if let Some(contact) = newcomer.contact() {
            let reached = self.reached(practice, (newcomer.birth_on, &contact)).await?;
            if let Some(known) = reached.iter().find(|known| newcomer.is(known)) {
                return Ok(known.id);
            }
        }
        let id = PatientId(sync::new_id(now, &OsRandomness));
        let register = RegisterPatient {
            patient: newcomer.record(id, now),
            // They belong nowhere until they have booked somewhere.
            site_id: None,
        };
        let command = CommandId(sync::new_id(now, &OsRandomness));
        let command = ServiceCommand::new(command, Command::RegisterPatient(register), now);
        let outcome = self.db.commit_as_service(practice, vec![command], ACTOR).await?;
        match outcome
            .results
            .first()
            .and_then(|receipt| receipt.refusal.as_ref())
        {
            Some(refusal) => Err(ServerError::Refused(refusal.sentence(Lang::En))),
            None => Ok(id),
        }
    }
}
