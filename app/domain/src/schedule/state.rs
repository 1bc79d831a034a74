//! Where an appointment stands, and where it may go from there.

use serde::{Deserialize, Serialize};

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident $stored:literal $fhir:literal;)*) => {
        /// Where an appointment stands (FHIR AppointmentStatus, with the steps of a visit within "checked-in").
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AppointmentState { $($(#[$doc])* $name,)* }

        impl AppointmentState {
            /// All of them, in the order of a visit.
            pub const ALL: &'static [AppointmentState] = &[$(AppointmentState::$name,)*];
            /// As stored and on the wire.
            pub fn name(self) -> &'static str { match self { $(AppointmentState::$name => $stored,)* } }
            /// FHIR R5 AppointmentStatus.
            pub fn fhir(self) -> &'static str { match self { $(AppointmentState::$name => $fhir,)* } }
        }
    };
}

states! {
    /// Asked for where nobody could know whether the time is free; the server confirms or refuses.
    Requested "requested" "pending";
    /// Kept while someone decides.
    Held "held" "pending";
    /// Agreed.
    Booked "booked" "booked";
    /// The patient said that they will come.
    Confirmed "confirmed" "booked";
    /// The patient said that they come later.
    Late "late" "booked";
    /// In the house.
    Arrived "arrived" "arrived";
    /// Checked in; may be called.
    Ready "ready" "checked-in";
    /// With an assistant: vitals and history.
    Intake "intake" "checked-in";
    /// A visit that a nurse does alone.
    NurseOnly "nurse_only" "checked-in";
    /// Waits in a room.
    ReadyForPractitioner "ready_for_practitioner" "checked-in";
    /// With the practitioner.
    WithPractitioner "with_practitioner" "checked-in";
    /// Waits for the laboratory or a picture.
    WaitingForResults "waiting_for_results" "checked-in";
    /// Done in the room.
    Discharged "discharged" "checked-in";
    /// Done at the desk.
    CheckedOut "checked_out" "fulfilled";
    /// Over, and nothing is left to do.
    Completed "completed" "fulfilled";
    /// Left after being roomed, before the end.
    WalkedOut "walked_out" "fulfilled";
    /// Left before being seen.
    LeftWithoutSeen "left_without_seen" "noshow";
    /// Did not come.
    NoShow "no_show" "noshow";
    /// Called off.
    Cancelled "cancelled" "cancelled";
    /// Should never have been there.
    EnteredInError "entered_in_error" "entered-in-error";
}

impl AppointmentState {
    /// Whether someone at the desk or in the rooms may say so next. Calling off and booking again have commands of
    /// their own. A step said by mistake may be taken back by the step before it.
    pub fn may_become(self, next: AppointmentState) -> bool {
        use AppointmentState::*;
        let may: &[AppointmentState] = match self {
            Requested | Booked => &[Confirmed, Late, Arrived, NoShow, EnteredInError],
            Confirmed => &[Booked, Late, Arrived, NoShow, EnteredInError],
            Late => &[Confirmed, Arrived, NoShow, EnteredInError],
            Held => &[EnteredInError],
            Arrived => &[
                Booked,
                Ready,
                Intake,
                NurseOnly,
                ReadyForPractitioner,
                WithPractitioner,
                LeftWithoutSeen,
                EnteredInError,
            ],
            Ready => &[
                Arrived,
                Intake,
                NurseOnly,
                ReadyForPractitioner,
                WithPractitioner,
                LeftWithoutSeen,
            ],
            Intake => &[
                Ready,
                NurseOnly,
                ReadyForPractitioner,
                WithPractitioner,
                WaitingForResults,
                WalkedOut,
            ],
            NurseOnly => &[
                Intake,
                ReadyForPractitioner,
                WaitingForResults,
                Discharged,
                WalkedOut,
            ],
            ReadyForPractitioner => &[Intake, WithPractitioner, WaitingForResults, WalkedOut],
            WithPractitioner => &[ReadyForPractitioner, WaitingForResults, Discharged, WalkedOut],
            WaitingForResults => &[
                NurseOnly,
                ReadyForPractitioner,
                WithPractitioner,
                Discharged,
                WalkedOut,
            ],
            Discharged => &[WithPractitioner, CheckedOut, Completed],
            CheckedOut => &[Discharged, Completed],
            Completed => &[CheckedOut, EnteredInError],
            // They came, or came back, after all.
            NoShow | LeftWithoutSeen => &[Booked, Arrived, EnteredInError],
            WalkedOut => &[Ready, EnteredInError],
            Cancelled => &[EnteredInError],
            EnteredInError => &[],
        };
        may.contains(&next)
    }

    /// Whether the patient is still to come.
    pub fn is_expected(self) -> bool {
        use AppointmentState::*;
        matches!(self, Requested | Booked | Confirmed | Late)
    }

    /// Whether the patient came, and was not gone again before anybody saw them.
    pub fn has_come(self) -> bool {
        self.takes_time() && !self.is_expected() && self != AppointmentState::Held
    }

    /// Whether it may be called off: not once the patient is in the house, where it is left or done.
    pub fn may_cancel(self) -> bool {
        use AppointmentState::*;
        matches!(self, Requested | Held | Booked | Confirmed | Late)
    }

    /// Whether it may be moved to another time.
    pub fn may_move(self) -> bool {
        self.may_cancel() || matches!(self, AppointmentState::NoShow)
    }

    /// Whether a booking under the same identity may take the time: a hold that becomes a booking, or one that was
    /// called off and is wanted again.
    pub fn may_book(self) -> bool {
        use AppointmentState::*;
        matches!(self, Requested | Held | Cancelled)
    }

    /// Whether the time is taken.
    pub fn takes_time(self) -> bool {
        use AppointmentState::*;
        !matches!(self, Cancelled | NoShow | LeftWithoutSeen | EnteredInError)
    }

    /// Whether something is still to happen with it.
    pub fn is_open(self) -> bool {
        use AppointmentState::*;
        self.takes_time() && !matches!(self, Completed | WalkedOut | CheckedOut)
    }
}
