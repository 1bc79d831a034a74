//! The route table: every path a person can open.

/// Paths of the staff shell. The kiosk has one path and no history.
pub mod path {
    /// Where a person lands: the desk, or today's list on a phone.
    pub const HOME: &str = "/";
    /// Patients: search and list.
    pub const PATIENTS: &str = "/desk";
    /// One patient's record; with an id after it.
    pub const PATIENT: &str = "/desk/patient";
    /// A new patient.
    pub const NEW_PATIENT: &str = "/desk/new";
    /// Intake to review; an id may follow.
    pub const INTAKE: &str = "/desk/intake";
    /// What needs a person.
    pub const DECISIONS: &str = "/decisions";
    /// What is unsent.
    pub const OUTBOX: &str = "/outbox";
    /// Devices and enrolment codes.
    pub const DEVICES: &str = "/devices";
    /// The doctor's day.
    pub const TODAY: &str = "/today";
    /// One patient's record on a phone; with an id after it.
    pub const TODAY_PATIENT: &str = "/today/patient";
    /// The kiosk.
    pub const KIOSK: &str = "/kiosk";
}
