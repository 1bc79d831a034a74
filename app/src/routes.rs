//! The route table: every path a person can open.

/// Paths of the staff shell. The kiosk has one path and no history.
pub mod path {
    use domain::id::{AppointmentId, IntakeId, PatientId, PractitionerId, SiteId, VisitTypeId};

    /// Where a person lands: the desk, or today's list on a phone.
    pub const HOME: &str = "/";
    /// Patients: search and list.
    pub const PATIENTS: &str = "/desk";
    /// One patient's record; with an id after it.
    pub const PATIENT: &str = "/desk/patient";
    /// A new patient.
    pub const NEW_PATIENT: &str = "/desk/new";
    /// Records that may be one person.
    pub const DUPLICATES: &str = "/desk/duplicates";
    /// Patients from a sheet, and into one.
    pub const SHEET: &str = "/desk/sheet";
    /// Intake to review; an id may follow.
    pub const INTAKE: &str = "/desk/intake";
    /// Who is in the house, and where they stand.
    pub const BOARD: &str = "/board";
    /// Who is seen when.
    pub const CALENDAR: &str = "/calendar";
    /// What a practice says about its time.
    pub const HOURS: &str = "/hours";
    /// What a practice is made of.
    pub const PRACTICE: &str = "/practice";
    /// What patients are asked.
    pub const FORMS: &str = "/forms";
    /// What patients are told.
    pub const REMINDERS: &str = "/reminders";
    /// What colleagues ask of each other.
    pub const TASKS: &str = "/tasks";
    /// Who is to come again.
    pub const RECALLS: &str = "/recalls";
    /// What needs a person.
    pub const DECISIONS: &str = "/decisions";
    /// What is unsent.
    pub const OUTBOX: &str = "/outbox";
    /// Devices and enrolment codes.
    pub const DEVICES: &str = "/devices";
    /// A new passphrase.
    pub const PASSPHRASE: &str = "/passphrase";
    /// The doctor's day.
    pub const TODAY: &str = "/today";
    /// One patient's record on a phone; with an id after it.
    pub const TODAY_PATIENT: &str = "/today/patient";
    /// Search on a phone.
    pub const TODAY_PATIENTS: &str = "/today/patients";
    /// The kiosk.
    pub const KIOSK: &str = "/kiosk";

    /// One patient's record at the desk.
    pub fn patient(id: PatientId) -> String {
        format!("{PATIENT}/{id}")
    }

    /// The calendar, with a new appointment of a patient begun.
    pub fn book_for(id: PatientId) -> String {
        format!("{CALENDAR}?patient={id}")
    }

    /// The same, at a site, and for a kind of visit and with somebody, where that is known.
    pub fn book(
        id: PatientId,
        site: SiteId,
        kind: Option<VisitTypeId>,
        with: Option<PractitionerId>,
    ) -> String {
        let mut path = format!("{}&site={site}", book_for(id));
        if let Some(kind) = kind {
            path.push_str(&format!("&kind={kind}"));
        }
        if let Some(with) = with {
            path.push_str(&format!("&with={with}"));
        }
        path
    }

    /// The calendar at one appointment.
    pub fn appointment(id: AppointmentId) -> String {
        format!("{CALENDAR}?appointment={id}")
    }

    /// One patient's record on a phone.
    pub fn today_patient(id: PatientId) -> String {
        format!("{TODAY_PATIENT}/{id}")
    }

    /// One submission to review.
    pub fn intake(id: IntakeId) -> String {
        format!("{INTAKE}/{id}")
    }

    /// The same place without saying whose: what may be kept in the open.
    pub fn without_ids(path: &str) -> &str {
        let known = [
            NEW_PATIENT,
            DUPLICATES,
            SHEET,
            INTAKE,
            BOARD,
            CALENDAR,
            HOURS,
            PRACTICE,
            FORMS,
            REMINDERS,
            TASKS,
            RECALLS,
            DECISIONS,
            OUTBOX,
            DEVICES,
            TODAY_PATIENTS,
        ];
        match known.iter().find(|known| path.starts_with(**known)) {
            Some(known) => known,
            None if path.starts_with(TODAY) => TODAY,
            None => PATIENTS,
        }
    }
}
