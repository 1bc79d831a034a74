//! The catalogue's part about appointments: what speaks against a time, and where an appointment stands.

use super::findings::Finding;
use super::state::AppointmentState;
use crate::text::Text;

const fn t(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}

impl Finding {
    /// What it is, for whoever books.
    pub fn sentence(self) -> Text {
        use Finding::*;
        match self {
            NotOffered => t("This is not offered there.", "Esto no se ofrece allí."),
            Deceased => t("This patient has died.", "Este paciente falleció."),
            WrongAge => t(
                "The patient's age does not fit this visit.",
                "La edad del paciente no corresponde a esta visita.",
            ),
            ResourceTaken => t(
                "The room or device is taken then.",
                "La sala o el equipo está ocupado a esa hora.",
            ),
            LeasedElsewhere => t(
                "This time is kept for another device while it is offline.",
                "Esta hora está reservada para otro dispositivo sin conexión.",
            ),
            PractitionerTaken => t(
                "The practitioner is taken then.",
                "El profesional está ocupado a esa hora.",
            ),
            NoTimeToTravel => t(
                "The practitioner cannot get from one site to the other in time.",
                "El profesional no alcanza a ir de una sede a la otra.",
            ),
            Closed => t(
                "The site is closed or the practitioner is away.",
                "La sede está cerrada o el profesional no está.",
            ),
            OutsideHours => t(
                "This is outside of the practitioner's hours.",
                "Está fuera del horario del profesional.",
            ),
            OtherVisitsThen => t(
                "These hours are kept for other visits.",
                "Estas horas son para otro tipo de visita.",
            ),
            DayFull => t(
                "The practitioner sees no more of these that day.",
                "El profesional no atiende más visitas de este tipo ese día.",
            ),
            HourFull => t(
                "No more visits begin within this hour.",
                "En esta hora no empiezan más visitas.",
            ),
            ResourceMissing => t(
                "The visit needs a room or device that was not chosen.",
                "La visita necesita una sala o un equipo que no se eligió.",
            ),
            NotEnrolled => t(
                "The practitioner is not enrolled there with the patient's insurance on that day.",
                "El profesional no está inscrito allí con el seguro del paciente ese día.",
            ),
            NoNewPatients => t(
                "The practitioner takes no new patients.",
                "El profesional no acepta pacientes nuevos.",
            ),
            SupervisorAway => t(
                "Nobody who supervises the practitioner is at the site then.",
                "Nadie que supervise al profesional está en la sede a esa hora.",
            ),
            ReferralUsedUp => t(
                "The referral has no visits left.",
                "A la remisión no le quedan visitas.",
            ),
            ReferralNotValid => t(
                "The referral is not valid on that day.",
                "La remisión no es válida ese día.",
            ),
            ReferralOtherVisit => t(
                "The referral is not for this kind of visit.",
                "La remisión no es para este tipo de visita.",
            ),
            PatientTaken => t(
                "The patient has another appointment then.",
                "El paciente tiene otra cita a esa hora.",
            ),
            TooSoon => t(
                "Such visits are booked earlier.",
                "Estas visitas se piden con más anticipación.",
            ),
            TooLate => t(
                "Such visits are not booked so far ahead.",
                "Estas visitas no se piden con tanta anticipación.",
            ),
            ReferralMissing => t(
                "The visit needs a referral, and its number is missing.",
                "La visita necesita una remisión y falta su número.",
            ),
            SeenBefore => t(
                "Check whether this patient is new or established: the visit is for the other.",
                "Revise si el paciente es nuevo o ya conocido: la visita es para el otro caso.",
            ),
        }
    }
}

impl AppointmentState {
    /// What it is called.
    pub fn label(self) -> Text {
        use AppointmentState::*;
        match self {
            Requested => t("Requested", "Solicitada"),
            Held => t("Held", "Apartada"),
            Booked => t("Booked", "Reservada"),
            Confirmed => t("Confirmed", "Confirmada"),
            Late => t("Running late", "Llega tarde"),
            Arrived => t("Arrived", "Llegó"),
            Ready => t("Ready", "Listo"),
            Intake => t("Intake", "En preparación"),
            NurseOnly => t("With nurse only", "Solo con enfermería"),
            ReadyForPractitioner => t("Ready for practitioner", "Listo para el profesional"),
            WithPractitioner => t("With practitioner", "Con el profesional"),
            WaitingForResults => t("Waiting for results", "Espera resultados"),
            Discharged => t("Discharged", "Dado de alta"),
            CheckedOut => t("Checked out", "Salida registrada"),
            Completed => t("Completed", "Completada"),
            WalkedOut => t("Walked out", "Se fue antes de terminar"),
            LeftWithoutSeen => t("Left without being seen", "Se fue sin ser atendido"),
            NoShow => t("Did not come", "No vino"),
            Cancelled => t("Cancelled", "Cancelada"),
            EnteredInError => t("Entered in error", "Registrada por error"),
        }
    }
}
