//! The catalogue's part about notices: what states, reasons, ways and answers are called.

use super::contact::Via;
use super::notice::{Answer, FailReason, NoticeState, VoidReason};
use super::rule::{Audience, Channel, NoticeKind};
use super::template::{Placeholder, TemplateFault};
use crate::text::{Lang, Text};

/// Kept with an appointment that was called off by a link or a text. Staff read it beside what they write themselves.
pub(super) const CANCELLED_BY_NOTICE: &str = "Cancelled by the patient in answer to a reminder";

const fn t(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}

impl Channel {
    /// What it is called.
    pub fn label(self) -> Text {
        match self {
            Channel::Email => t("Email", "Correo electrónico"),
            Channel::Sms => t("Text message", "Mensaje de texto"),
            Channel::Letter => t("Letter", "Carta"),
            Channel::Voice => t("Phone call", "Llamada"),
        }
    }
}

impl NoticeKind {
    /// What it is called.
    pub fn label(self) -> Text {
        match self {
            NoticeKind::Reminder => t("Reminder before an appointment", "Recordatorio antes de una cita"),
            NoticeKind::Forms => t("Forms still to be filled in", "Formularios sin llenar"),
            NoticeKind::FollowUp => t("Follow-up after a visit", "Seguimiento después de una visita"),
            NoticeKind::Missed => t("After a missed appointment", "Después de una cita perdida"),
            NoticeKind::Recall => t(
                "Recall when another visit is due",
                "Aviso cuando toca otra visita",
            ),
        }
    }
}

impl Audience {
    /// What it is called.
    pub fn label(self) -> Text {
        match self {
            Audience::Everyone => t("Everyone", "Todos"),
            Audience::Unconfirmed => t("Who has not confirmed yet", "Quien no ha confirmado"),
        }
    }
}

impl NoticeState {
    /// What it is called, with why.
    pub fn label(self) -> Text {
        match self {
            NoticeState::Planned => t("Waits for its time", "Espera su hora"),
            NoticeState::Queued => t("In hand", "En curso"),
            NoticeState::Sent => t("Sent", "Enviado"),
            NoticeState::Delivered => t("Delivered", "Entregado"),
            NoticeState::Failed(why) => why.label(),
            NoticeState::Void(why) => why.label(),
        }
    }
}

impl FailReason {
    /// What happened and what to do.
    pub fn label(self) -> Text {
        match self {
            FailReason::NoContact => t(
                "No number or address. Add one and try again.",
                "Sin número ni dirección. Agregue uno e intente de nuevo.",
            ),
            FailReason::Rejected => t(
                "The address does not exist. Correct it and try again.",
                "La dirección no existe. Corríjala e intente de nuevo.",
            ),
            FailReason::GaveUp => t(
                "Could not be sent after several tries.",
                "No se pudo enviar tras varios intentos.",
            ),
            FailReason::Undelivered => t(
                "Sent, but the network could not deliver it.",
                "Enviado, pero la red no pudo entregarlo.",
            ),
            FailReason::Interrupted => t(
                "Interrupted while it was sent. It may have arrived, so it is not sent again by itself.",
                "Interrumpido durante el envío. Quizás llegó; por eso no se repite solo.",
            ),
            FailReason::NotReached => t("The patient was not reached.", "No se localizó al paciente."),
            FailReason::NotSetUp => t(
                "This server is not set up to send such notices.",
                "Este servidor no está configurado para enviar estos avisos.",
            ),
        }
    }
}

impl VoidReason {
    /// Why it is not sent.
    pub fn label(self) -> Text {
        match self {
            VoidReason::Moved => t("Not sent: the appointment moved", "No enviado: la cita cambió"),
            VoidReason::NotWanted => t(
                "Not sent: the appointment is no longer open",
                "No enviado: la cita ya no está vigente",
            ),
            VoidReason::RuleChanged => t("Not sent: the rule changed", "No enviado: la regla cambió"),
            VoidReason::Deceased => t("Not sent: the patient died", "No enviado: el paciente falleció"),
            VoidReason::OptedOut => t("Not sent: opted out", "No enviado: pidió no recibir más"),
            VoidReason::WrongNumber => t("Not sent: wrong number", "No enviado: número equivocado"),
            VoidReason::NoConsent => t(
                "Not sent: no consent to texts",
                "No enviado: sin consentimiento para mensajes",
            ),
            VoidReason::TooLate => t("Not sent: too late to be of use", "No enviado: ya era tarde"),
            VoidReason::Withdrawn => t("Called off by staff", "Anulado por el personal"),
        }
    }
}

impl Answer {
    /// What it is called.
    pub fn label(self) -> Text {
        match self {
            Answer::Confirmed => t("Confirmed", "Confirmada"),
            Answer::Cancelled => t("Cancelled", "Cancelada"),
            Answer::OtherTime => t("Wants another time", "Quiere otra hora"),
        }
    }
}

impl Via {
    /// What it is called.
    pub fn label(self) -> Text {
        match self {
            Via::Text => t("by text", "por mensaje"),
            Via::Link => t("by the link", "por el enlace"),
            Via::Voice => t("by phone or in person", "por teléfono o en persona"),
            Via::Writing => t("in writing", "por escrito"),
            Via::Network => t("by the network", "por la red"),
        }
    }
}

impl Placeholder {
    /// What it fills in.
    pub fn label(self) -> Text {
        match self {
            Placeholder::Practice => t("the practice's name", "el nombre de la clínica"),
            Placeholder::Site => t("the site", "la sede"),
            Placeholder::Date => t("the day", "el día"),
            Placeholder::Time => t("the time", "la hora"),
            Placeholder::FirstName => t("the patient's first name", "el nombre del paciente"),
            Placeholder::Link => t("the link to answer", "el enlace para responder"),
        }
    }
}

impl TemplateFault {
    /// What is wrong and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            TemplateFault::Unknown(name) => t(
                "{name} cannot be filled in. Use only the words on the list: nothing about health may be in a notice.",
                "No se puede completar {name}. Use solo las palabras de la lista: un aviso no debe decir nada de salud.",
            )
            .get(lang)
            .replace("{name}", &["{", name, "}"].concat()),
            TemplateFault::Brace => t(
                "A brace { or } has no partner.",
                "Una llave { o } no tiene pareja.",
            )
            .get(lang)
            .to_owned(),
            TemplateFault::Empty(missing) => match missing {
                Lang::En => t("Write the English text.", "Escriba el texto en inglés."),
                Lang::Es => t("Write the Spanish text.", "Escriba el texto en español."),
            }
            .get(lang)
            .to_owned(),
            TemplateFault::TooLong => t("The text is too long.", "El texto es demasiado largo.")
                .get(lang)
                .to_owned(),
        }
    }
}
