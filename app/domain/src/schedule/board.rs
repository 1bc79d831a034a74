//! The flow board: where today's visits stand, for how long, and how long each step usually takes.

use super::appointment::{Appointment, Step};
use super::state::AppointmentState;
use crate::id::AppointmentId;
use chrono::{DateTime, Utc};

/// One column of the board, in the order of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// In the house.
    Arrived,
    /// Checked in.
    Ready,
    /// With an assistant, or with a nurse alone.
    Intake,
    /// Waits in a room.
    ReadyForPractitioner,
    /// With the practitioner, or waiting for results.
    WithPractitioner,
    /// Done in the room.
    Discharged,
}

impl Lane {
    /// All of them.
    pub const ALL: [Lane; 6] = [
        Lane::Arrived,
        Lane::Ready,
        Lane::Intake,
        Lane::ReadyForPractitioner,
        Lane::WithPractitioner,
        Lane::Discharged,
    ];

    /// Where a state is shown; nothing for who is not in the house.
    pub fn of(state: AppointmentState) -> Option<Lane> {
        use AppointmentState::*;
        match state {
            Arrived => Some(Lane::Arrived),
            Ready => Some(Lane::Ready),
            Intake | NurseOnly => Some(Lane::Intake),
            ReadyForPractitioner => Some(Lane::ReadyForPractitioner),
            WithPractitioner | WaitingForResults => Some(Lane::WithPractitioner),
            Discharged => Some(Lane::Discharged),
            Requested | Held | Booked | Confirmed | Late | CheckedOut | Completed | WalkedOut
            | LeftWithoutSeen | NoShow | Cancelled | EnteredInError => None,
        }
    }

    /// The state that moving a card there means.
    pub fn state(self) -> AppointmentState {
        match self {
            Lane::Arrived => AppointmentState::Arrived,
            Lane::Ready => AppointmentState::Ready,
            Lane::Intake => AppointmentState::Intake,
            Lane::ReadyForPractitioner => AppointmentState::ReadyForPractitioner,
            Lane::WithPractitioner => AppointmentState::WithPractitioner,
            Lane::Discharged => AppointmentState::Discharged,
        }
    }

    /// After how many minutes someone should look; nothing where time is the practitioner's.
    pub fn alert_minutes(self) -> Option<i64> {
        match self {
            Lane::Arrived => Some(10),
            Lane::Ready | Lane::Intake => Some(15),
            Lane::ReadyForPractitioner => Some(20),
            Lane::WithPractitioner | Lane::Discharged => None,
        }
    }
}

/// What a visit is called where everybody looks on: it says nothing of who it is, and whoever has it knows it by the
/// initials beside. Two of a day are alike once in some thousands, and seldom with the same initials.
pub fn token(id: AppointmentId) -> String {
    /// None that is read for another, or for a digit.
    const LETTERS: &[u8] = b"ACEFHJKLMNPRTUVWXY";
    let bytes = id.0.as_bytes();
    let number = u32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]);
    let letter = LETTERS[(number / 90) as usize % LETTERS.len()] as char;
    format!("{letter}{}", 10 + number % 90)
}

/// The step that usually comes next, and the one that takes the last one back.
pub fn next(state: AppointmentState) -> Option<AppointmentState> {
    use AppointmentState::*;
    let next = match state {
        Requested | Booked | Confirmed | Late => Arrived,
        Arrived => Ready,
        Ready => Intake,
        Intake | NurseOnly | WaitingForResults => ReadyForPractitioner,
        ReadyForPractitioner => WithPractitioner,
        WithPractitioner => Discharged,
        Discharged => CheckedOut,
        CheckedOut => Completed,
        Held | Completed | WalkedOut | LeftWithoutSeen | NoShow | Cancelled | EnteredInError => return None,
    };
    state.may_become(next).then_some(next)
}

/// See [`next`].
pub fn back(state: AppointmentState) -> Option<AppointmentState> {
    use AppointmentState::*;
    let before = match state {
        Arrived => Booked,
        Ready => Arrived,
        Intake => Ready,
        NurseOnly | ReadyForPractitioner => Intake,
        WithPractitioner | WaitingForResults => ReadyForPractitioner,
        Discharged => WithPractitioner,
        CheckedOut => Discharged,
        Completed => CheckedOut,
        _ => return None,
    };
    state.may_become(before).then_some(before)
}

/// Since when it stands where it stands.
pub fn since(appointment: &Appointment) -> Option<DateTime<Utc>> {
    let last = appointment.steps.last()?;
    (last.state == appointment.state).then_some(last.entered_at)
}

/// Whole minutes in the state; none before it began, whatever a clock says.
pub fn minutes_in(appointment: &Appointment, now: DateTime<Utc>) -> i64 {
    since(appointment).map_or(0, |since| (now - since).num_minutes().max(0))
}

/// One stretch of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// From the door to an assistant.
    ArrivedToIntake,
    /// With the assistant.
    IntakeToReady,
    /// In the room, alone.
    Waiting,
    /// With the practitioner.
    WithPractitioner,
    /// From door to door.
    Whole,
}

impl Stretch {
    /// All of them, in order.
    pub const ALL: [Stretch; 5] = [
        Stretch::ArrivedToIntake,
        Stretch::IntakeToReady,
        Stretch::Waiting,
        Stretch::WithPractitioner,
        Stretch::Whole,
    ];

    /// From the first of these states to the first of those that comes after.
    fn ends(self) -> (&'static [AppointmentState], &'static [AppointmentState]) {
        use AppointmentState::*;
        match self {
            Stretch::ArrivedToIntake => (&[Arrived], &[Intake, NurseOnly]),
            Stretch::IntakeToReady => (&[Intake, NurseOnly], &[ReadyForPractitioner]),
            Stretch::Waiting => (&[ReadyForPractitioner], &[WithPractitioner]),
            Stretch::WithPractitioner => (&[WithPractitioner], &[Discharged]),
            Stretch::Whole => (&[Arrived], &[Discharged, CheckedOut, Completed]),
        }
    }

    /// How long it took, in minutes; nothing while it is not over, or when clocks make it negative.
    pub fn minutes(self, steps: &[Step]) -> Option<i64> {
        let (from, to) = self.ends();
        let began = steps.iter().position(|step| from.contains(&step.state))?;
        let ended = steps.iter().skip(began).find(|step| to.contains(&step.state))?;
        let minutes = (ended.entered_at - steps.get(began)?.entered_at).num_minutes();
        (minutes >= 0).then_some(minutes)
    }

    /// The median over visits, in minutes; nothing when none had it.
    pub fn median<'a>(self, visits: impl IntoIterator<Item = &'a Appointment>) -> Option<i64> {
        let taken = visits.into_iter().filter_map(|visit| self.minutes(&visit.steps));
        let mut all: Vec<i64> = taken.collect();
        all.sort_unstable();
        all.get(all.len().checked_sub(1)? / 2).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::*;
    use crate::schedule::{Mode, Scenario};

    fn visit(steps: &[(AppointmentState, i64)]) -> Appointment {
        let at = |minute: i64| DateTime::<Utc>::UNIX_EPOCH + chrono::Duration::minutes(minute);
        let id = uuid::Uuid::nil();
        Appointment {
            id: AppointmentId(id),
            patient_id: PatientId(id),
            site_id: SiteId(id),
            visit_type_id: VisitTypeId(id),
            practitioner_ids: Vec::new(),
            resource_ids: Vec::new(),
            start_at: at(0),
            end_at: at(30),
            wall: at(0).naive_utc(),
            mode: Mode::InPerson,
            scenario: Scenario::Insurance,
            reason: None,
            referral: None,
            series_id: None,
            state: steps.last().map_or(AppointmentState::Booked, |step| step.0),
            overbook_reason: None,
            warnings: Vec::new(),
            cancel_reason: None,
            cancelled_by: None,
            cancelled_late: false,
            steps: (steps.iter())
                .map(|(state, minute)| Step {
                    state: *state,
                    entered_at: at(*minute),
                    recorded_at: at(*minute),
                    by: String::new(),
                    device_id: DeviceId(id),
                    moved_from_at: None,
                    moved_site_id: None,
                    note: None,
                })
                .collect(),
        }
    }

    #[test]
    fn a_card_goes_on_and_back_by_steps_that_are_legal_and_ends_where_it_began() {
        for lane in Lane::ALL {
            assert_eq!(Lane::of(lane.state()), Some(lane));
        }
        for state in AppointmentState::ALL.iter().copied() {
            for other in [next(state), back(state)].into_iter().flatten() {
                assert!(state.may_become(other), "{state:?} to {other:?}");
            }
            if Lane::of(state).is_some() {
                assert!(
                    next(state).is_some() && back(state).is_some(),
                    "{state:?} is stuck"
                );
            }
        }
        let mut state = AppointmentState::Booked;
        let mut lanes = Vec::new();
        while let Some(on) = next(state) {
            state = on;
            lanes.extend(Lane::of(state));
        }
        assert_eq!(lanes, Lane::ALL);
        assert_eq!(state, AppointmentState::Completed);
    }

    #[test]
    fn minutes_count_from_the_last_step_and_never_backwards() {
        use AppointmentState::*;
        let visit = visit(&[(Booked, 0), (Arrived, 10), (Ready, 15), (Arrived, 18)]);
        let at = |minute: i64| DateTime::<Utc>::UNIX_EPOCH + chrono::Duration::minutes(minute);
        assert_eq!(minutes_in(&visit, at(30)), 12);
        assert_eq!(minutes_in(&visit, at(1)), 0, "a clock that is behind");
    }

    #[test]
    fn a_stretch_is_from_the_first_to_the_next_and_the_median_leaves_out_who_had_none() {
        use AppointmentState::*;
        let whole = visit(&[
            (Arrived, 0),
            (Ready, 4),
            (Intake, 9),
            (ReadyForPractitioner, 20),
            (WithPractitioner, 33),
            (WaitingForResults, 40),
            (WithPractitioner, 50),
            (Discharged, 56),
        ]);
        let minutes = Stretch::ALL.map(|stretch| stretch.minutes(&whole.steps));
        assert_eq!(minutes, [Some(9), Some(11), Some(13), Some(23), Some(56)]);
        let turned = visit(&[(Arrived, 30), (Intake, 10)]);
        let short = visit(&[(Arrived, 0), (NurseOnly, 3)]);
        let long = visit(&[(Arrived, 0), (Intake, 30)]);
        let all = [&whole, &turned, &short, &long];
        assert_eq!(Stretch::ArrivedToIntake.median(all), Some(9));
        assert_eq!(Stretch::Waiting.median([&short, &turned]), None);
    }
}
