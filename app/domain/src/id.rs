//! One newtype per kind of id, so that a site can never be passed where a patient is meant.
//!
//! Ids of new rows are made on the device (UUIDv7) and travel as arguments, or are derived from the command
//! that makes the row, so that deciding draws no randomness and gives the same ids everywhere.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id of the `ordinal`-th row that `command` makes (UUIDv5, RFC 9562 §5.5).
            pub fn derived(command: CommandId, ordinal: u32) -> Self {
                Self(Uuid::new_v5(&command.0, format!("{}:{ordinal}", stringify!($name)).as_bytes()))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.parse().map($name) }
        }
    )*};
}

ids! {
    /// One write, made once on one device.
    CommandId,
    /// The tenant.
    PracticeId,
    /// Who bills: between practice and site.
    BillingEntityId,
    /// A place of care (FHIR Location).
    SiteId,
    /// Who renders care (FHIR Practitioner).
    PractitionerId,
    /// Who works here and may sign in.
    WorkforceMemberId,
    /// A tablet, phone or computer that holds an outbox.
    DeviceId,
    /// FHIR Patient.
    PatientId,
    /// FHIR RelatedPerson.
    RelatedPersonId,
    /// A statement about two patients.
    PatientLinkId,
    /// Two values that a person must choose between.
    ConflictId,
    /// One version of one coverage (FHIR Coverage).
    CoverageId,
    /// One version of a questionnaire (FHIR Questionnaire).
    QuestionnaireId,
    /// Answers to one version of a questionnaire (FHIR QuestionnaireResponse).
    QuestionnaireResponseId,
    /// One version of a consent text.
    ConsentFormId,
    /// One signed or declined consent (FHIR Consent).
    ConsentId,
    /// What a patient submitted at a kiosk.
    IntakeId,
    /// FHIR Encounter.
    EncounterId,
    /// One imported item of clinical history.
    HistoryItemId,
    /// Something that was entered, was not applied, and waits for a person.
    TrayItemId,
    /// A kind of visit that can be booked.
    VisitTypeId,
    /// One weekly template (FHIR Schedule).
    ScheduleId,
    /// Other hours on some days.
    ScheduleOverrideId,
    /// Days on which a site is closed.
    ClosureId,
    /// A room or a device.
    ResourceId,
    /// FHIR Appointment.
    AppointmentId,
    /// Several appointments that were booked together.
    SeriesId,
    /// What one appointment takes of one holder.
    BusyId,
    /// A share of time that one device may book while it is offline.
    SlotLeaseId,
    /// What one device is to have every week.
    LeaseRuleId,
    /// Someone who waits for a time.
    WaitlistEntryId,
    /// When somebody is told something.
    NoticeRuleId,
    /// What was said about one number or address.
    ContactOptOutId,
    /// One thing that somebody is told.
    NoticeId,
    /// One thing that a colleague is asked to do.
    TaskId,
    /// One time that somebody is to come again.
    RecallId,
    /// One referral or authorization.
    ReferralId,
    /// One time that somebody was told so.
    RecallContactId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_depend_on_command_kind_and_ordinal() {
        let command = CommandId(Uuid::from_u128(7));
        assert_eq!(CoverageId::derived(command, 1), CoverageId::derived(command, 1));
        assert_ne!(CoverageId::derived(command, 1), CoverageId::derived(command, 2));
        assert_ne!(
            CoverageId::derived(command, 1).0,
            ConsentId::derived(command, 1).0
        );
    }
}
