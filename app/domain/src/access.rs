//! The one permission table: role × command and role × query, deny by default.
//!
//! Compiled into the browser, which hides what is not allowed, and into the server, which decides. Source:
//! 45 CFR 164.308(a)(4) (access by role), 164.502(b) (minimum necessary). The owner is not clinical by default.

use crate::command::CommandName;
use crate::row::{Compartment, Entity};
use serde::{Deserialize, Serialize};

/// What someone, or something, may do here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns the practice: people, devices, settings; reads demographics.
    Owner,
    /// Front desk.
    FrontDesk,
    /// Billing office.
    Biller,
    /// Physician, nurse practitioner, physician assistant.
    Practitioner,
    /// Nurse or medical assistant.
    Nurse,
    /// Stock room.
    Stock,
    /// Reads the audit, nothing else.
    Auditor,
    /// A kiosk tablet: sends, never reads.
    Kiosk,
    /// Importers, interfaces and jobs, acting by name.
    Service,
    /// A patient on a device of their own, known by a code that was sent to their telephone or mail: for themselves alone.
    Patient,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 10] = [
        Role::Owner,
        Role::FrontDesk,
        Role::Biller,
        Role::Practitioner,
        Role::Nurse,
        Role::Stock,
        Role::Auditor,
        Role::Kiosk,
        Role::Service,
        Role::Patient,
    ];

    /// As stored and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::FrontDesk => "front_desk",
            Role::Biller => "biller",
            Role::Practitioner => "practitioner",
            Role::Nurse => "nurse",
            Role::Stock => "stock",
            Role::Auditor => "auditor",
            Role::Kiosk => "kiosk",
            Role::Service => "service",
            Role::Patient => "patient",
        }
    }

    /// From its stored name.
    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The compartments whose keys this role is given.
    pub fn compartments(self) -> &'static [Compartment] {
        use Compartment::*;
        match self {
            Role::Practitioner | Role::Nurse => &[Index, Administrative, Clinical],
            Role::FrontDesk | Role::Biller => &[Index, Administrative],
            Role::Owner => &[Index],
            Role::Stock | Role::Auditor | Role::Kiosk | Role::Service | Role::Patient => &[],
        }
    }

    /// Whether rows of this kind are sent to a device of this role.
    pub fn may_hold(self, entity: Entity) -> bool {
        self.compartments().contains(&entity.compartment())
    }
}

/// Shortest passphrase that is taken, in characters. Long ones need no other rule (NIST SP 800-63B §5.1.1).
pub const SHORTEST_PASSPHRASE: usize = 12;

/// What can be asked of the server without writing a row of the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Send commands.
    Push,
    /// Fetch what changed.
    Pull,
    /// Be told that something changed.
    Poke,
    /// Send a photo's bytes.
    PutAttachment,
    /// See a photo.
    GetAttachment,
    /// Fetch the kiosk's own settings: forms, texts, sites.
    KioskSettings,
    /// Make a one-time code for a new kiosk.
    CreateEnrolmentCode,
    /// Send the device's own log of what was read while offline.
    PushReads,
    /// Change one's own passphrase.
    ChangePassphrase,
    /// Make a new address of a practitioner's calendar.
    CreateCalendarFeed,
}

impl Query {
    /// All of them.
    pub const ALL: [Query; 10] = [
        Query::Push,
        Query::Pull,
        Query::Poke,
        Query::PutAttachment,
        Query::GetAttachment,
        Query::KioskSettings,
        Query::CreateEnrolmentCode,
        Query::PushReads,
        Query::ChangePassphrase,
        Query::CreateCalendarFeed,
    ];
}

use Role::*;

/// Who may give a command. The match is exhaustive: a new command without a row does not compile.
pub fn may_command(role: Role, command: CommandName) -> bool {
    use CommandName::*;
    let allowed: &[Role] = match command {
        RecordPractice | RecordBillingEntity | RecordSite | RecordPractitioner | RecordWorkforceMember => {
            &[Owner, Service]
        }
        EnrolDevice => &[Owner, Service],
        PublishQuestionnaire | PublishConsentForm => &[Owner, Service],
        RegisterPatient | RecordRelatedPerson | CorrectRelatedPerson => &[FrontDesk, Nurse, Service],
        // A patient says by which way they want to be told, and nothing else (see its rule).
        CorrectPatient => &[FrontDesk, Nurse, Service, Patient],
        RecordCoverage => &[FrontDesk, Biller, Service],
        MarkDistinct | MergePatients | UnmergePatients => &[FrontDesk, Biller, Service],
        ResolveConflict => &[FrontDesk, Nurse, Service],
        SubmitIntake => &[Kiosk, Service],
        AcceptIntake | RejectIntake => &[FrontDesk, Service],
        // Whoever a patient says it to; it takes effect at once.
        RevokeConsent => &[Owner, FrontDesk, Biller, Practitioner, Nurse, Service],
        // At the desk by phone, in the room; by the server, as the patient on their own phone.
        AnswerQuestionnaire => &[FrontDesk, Practitioner, Nurse, Service, Patient],
        RecordHistory => &[Service],
        AssignPatient => &[FrontDesk, Owner, Nurse, Service],
        // Whoever looks a patient up may need their record here.
        BringBackPatient => &[FrontDesk, Biller, Owner, Practitioner, Nurse, Service],
        SetPatientAside => &[Service],
        DefineVisitType | DefineResource | SetSchedule | SetTravel | SetPractitionerTerms => {
            &[Owner, Service]
        }
        // The desk learns first who is ill and that the pipes burst.
        SetOverride | SetClosure => &[Owner, FrontDesk, Service],
        // From the server's table of zones, and nobody's head.
        SetSiteClock => &[Service],
        LeaseSlots | ReleaseLease | SetLeaseRule => &[Owner, FrontDesk, Service],
        BookAppointment | MoveAppointment | ConfirmAppointment | CancelAppointment => {
            &[FrontDesk, Practitioner, Nurse, Service, Patient]
        }
        // A patient says that they are here, and nothing else (see its rule).
        SetAppointmentState => &[FrontDesk, Practitioner, Nurse, Service, Patient],
        PutInRoom | BookSeries | ChangeSeries | AddToWaitlist | CloseWaitlistEntry => {
            &[FrontDesk, Practitioner, Nurse, Service]
        }
        // Whoever works with patients asks and is asked.
        AddTask | CloseTask => &[FrontDesk, Biller, Practitioner, Nurse, Service],
        // Whoever opens the letter or hears it from the payer.
        RecordReferral | EndReferral => &[FrontDesk, Biller, Nurse, Service],
        AddRecall | NoteRecallContact | TakeBackRecallContact | CloseRecall => {
            &[FrontDesk, Practitioner, Nurse, Service]
        }
        // What goes out to every patient in the practice's name.
        SetNoticeRule => &[Owner, FrontDesk, Service],
        // Whoever a patient says it to; it takes effect at once.
        SetOptOut | ReportWrongNumber => &[Owner, FrontDesk, Biller, Practitioner, Nurse, Service],
        AnswerNotice => &[FrontDesk, Practitioner, Nurse, Service],
        RetryNotice | SettleNotice | VoidNotice => &[FrontDesk, Nurse, Service],
        // By the server that sends, and nobody's hand.
        PlanNotice | ClaimNotice | RecordNoticeOutcome => &[Service],
        // Whoever decides at all; to apply something, they must be allowed that, too.
        ResolveTrayItem => &[Owner, FrontDesk, Biller, Practitioner, Nurse, Service],
    };
    allowed.contains(&role)
}

/// Who may let something into the record that was not applied: whoever might have entered it. What a kiosk sent is let
/// in by those who review what it sends.
pub fn may_apply(role: Role, command: CommandName) -> bool {
    may_command(role, command)
        || (command == CommandName::SubmitIntake && may_command(role, CommandName::AcceptIntake))
}

/// Who may take everybody's data out as a file: the owner alone (45 CFR 164.502(b), minimum necessary).
pub fn may_export(role: Role) -> bool {
    role == Owner
}

/// Who may ask a query. Exhaustive, as above.
pub fn may_query(role: Role, query: Query) -> bool {
    const STAFF: &[Role] = &[Owner, FrontDesk, Biller, Practitioner, Nurse];
    match query {
        Query::Push | Query::PutAttachment => STAFF.contains(&role) || role == Kiosk,
        Query::Pull | Query::Poke | Query::PushReads => STAFF.contains(&role),
        Query::GetAttachment => matches!(role, FrontDesk | Biller | Practitioner | Nurse),
        Query::KioskSettings => role == Kiosk,
        Query::CreateEnrolmentCode => matches!(role, Owner),
        // Of their own calendar, or as an owner of anyone's.
        Query::CreateCalendarFeed => matches!(role, Owner | Practitioner),
        Query::ChangePassphrase => STAFF.contains(&role) || matches!(role, Stock | Auditor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kiosk_can_submit_and_nothing_else() {
        for name in CommandName::ALL {
            assert_eq!(
                may_command(Kiosk, *name),
                *name == CommandName::SubmitIntake,
                "{name:?}"
            );
        }
        assert!(Kiosk.compartments().is_empty());
        assert!(!may_query(Kiosk, Query::Pull));
        assert!(!may_query(Kiosk, Query::GetAttachment));
    }

    #[test]
    fn a_role_without_rows_holds_nothing() {
        for entity in Entity::ALL {
            assert!(!Stock.may_hold(*entity) && !Auditor.may_hold(*entity));
        }
        assert!(!FrontDesk.may_hold(Entity::HistoryItem));
        assert!(!Owner.may_hold(Entity::Coverage));
    }
}
