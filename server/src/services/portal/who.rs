//! Who is let in to whose record by a number or an address, and what of it they are shown there.
//!
//! A number is in several records: a mother's is in her children's. Whoever has it and knows a day of birth is taken for
//! the patient or for their personal representative (45 CFR 164.502(g)(1)), as at the desk. There are patients who keep
//! things from those with whom they share a telephone, and there are records that only look as if they were theirs.

use super::Portal;
use crate::error::Result;
use chrono::NaiveDate;
use domain::id::{PatientId, PracticeId};
use domain::notices::{Contact, ContactKind};
use domain::patients::{Patient, TelecomSystem};
use domain::row::{Entity, Row};

/// Whether whoever has a number or an address is let in to a record. Not to that of somebody who died; and not to that of
/// somebody who asked to be reached elsewhere, whoever else may know the number (45 CFR 164.522(b)).
pub fn is_reached(patient: &Patient, contact: &Contact) -> bool {
    patient.deceased_on.is_none() && has(patient, contact) && !patient.has_confidential_address()
}

/// Whether a number or an address is in somebody's record.
fn has(patient: &Patient, contact: &Contact) -> bool {
    patient.telecoms.iter().any(|point| {
        let kind = match point.system {
            TelecomSystem::Phone => ContactKind::Phone,
            TelecomSystem::Email => ContactKind::Email,
        };
        Contact::of(kind, &point.value).as_ref() == Some(contact)
    })
}

impl Portal {
    /// Those who were born on a day and are reached by a number or an address.
    pub(super) async fn reached(
        &self,
        practice: PracticeId,
        (birth_on, contact): (NaiveDate, &Contact),
    ) -> Result<Vec<Patient>> {
        let mut reached = Vec::new();
        for patient in self.db.born_on(practice, birth_on).await? {
            if is_reached(&patient, contact) && self.stands(practice, patient.id).await? {
                reached.push(patient);
            }
        }
        Ok(reached)
    }

    /// Whether a record stands for itself. One that was joined to another lets nobody in there: anybody can say online
    /// that they are somebody else of the same name, and what number they have; the desk joins such records, and looks
    /// after the number of the one that is left.
    pub(super) async fn stands(&self, practice: PracticeId, patient: PatientId) -> Result<bool> {
        let alias = self.db.row(practice, Entity::PatientAlias, patient.0).await?;
        Ok(!matches!(alias, Some(Row::PatientAlias(alias)) if alias.undone_at.is_none()))
    }

    /// Of some patients, those who still are reached by what a message went to.
    pub(super) async fn still_reached(
        &self,
        practice: PracticeId,
        patients: impl Iterator<Item = PatientId>,
        contact: &Contact,
    ) -> Result<Vec<PatientId>> {
        let mut reached = Vec::new();
        for id in patients {
            let patient = self.db.row(practice, Entity::Patient, id.0).await?;
            if matches!(patient, Some(Row::Patient(patient)) if is_reached(&patient, contact))
                && self.stands(practice, id).await?
            {
                reached.push(id);
            }
        }
        Ok(reached)
    }
}
