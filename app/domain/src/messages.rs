//! The catalogue: every code as a sentence that says what to do, in both languages. No interface code, so that
//! mail and printed papers use it too.

use crate::decide::{Refusal, RefusalCode};
use crate::notices::NoticeState;
use crate::patients::PatientField;
use crate::referrals::ReferralField;
use crate::schedule::{AppointmentState, Finding};
use crate::text::{Lang, Text};
use crate::validate::FaultCode;

const fn t(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}

impl FaultCode {
    /// What is wrong and what to do, for a patient.
    pub fn sentence(self) -> Text {
        use FaultCode::*;
        match self {
            NameMissing => t(
                "Enter a name. One name is enough.",
                "Escriba un nombre. Basta con uno.",
            ),
            TooLong => t(
                "This is too long. Use fewer words.",
                "Es demasiado largo. Use menos palabras.",
            ),
            BadCharacters => t(
                "This has characters that cannot be used. Type it again.",
                "Tiene caracteres que no se pueden usar. Escríbalo de nuevo.",
            ),
            MonthMissing => t(
                "Date of birth must include a month",
                "La fecha de nacimiento debe incluir el mes",
            ),
            DayMissing => t(
                "Date of birth must include a day",
                "La fecha de nacimiento debe incluir el día",
            ),
            YearMissing => t(
                "Date of birth must include a year with four digits",
                "La fecha de nacimiento debe incluir el año con cuatro dígitos",
            ),
            NotADate => t(
                "This day is not in the calendar. Check month, day and year.",
                "Ese día no existe. Revise el mes, el día y el año.",
            ),
            BirthInFuture => t(
                "Date of birth must be in the past",
                "La fecha de nacimiento debe estar en el pasado",
            ),
            BirthTooLongAgo => t(
                "Date of birth is too long ago. Check the year.",
                "La fecha de nacimiento es demasiado antigua. Revise el año.",
            ),
            PhoneMissing => t("Enter a phone number", "Escriba un número de teléfono"),
            PhoneWrong => t(
                "Phone number must have 10 digits, like 555 013 4471",
                "El teléfono debe tener 10 dígitos, como 555 013 4471",
            ),
            EmailWrong => t(
                "Email must look like name@example.org",
                "El correo electrónico debe ser como nombre@example.org",
            ),
            StreetMissing => t("Enter a street and number", "Escriba la calle y el número"),
            CityMissing => t("Enter a city", "Escriba la ciudad"),
            StateWrong => t("Choose a state", "Elija un estado"),
            ZipWrong => t(
                "ZIP code must have 5 digits",
                "El código postal debe tener 5 dígitos",
            ),
            PayerMissing => t(
                "Enter the name of the insurance company",
                "Escriba el nombre de la compañía de seguros",
            ),
            MemberIdMissing => t(
                "Enter the member ID. It is on the front of the card.",
                "Escriba el número de miembro. Está en el frente de la tarjeta.",
            ),
            MemberIdWrong => t(
                "Member ID must have only letters and numbers",
                "El número de miembro debe tener solo letras y números",
            ),
            SubscriberMissing => t(
                "Tell us who holds the insurance",
                "Díganos quién es el titular del seguro",
            ),
            DatesReversed => t(
                "The last day is before the first",
                "El último día es anterior al primero",
            ),
            RelationshipMissing => t(
                "Tell us how you know this person, like mother or friend",
                "Díganos qué relación tiene esta persona con el paciente, como madre o amigo",
            ),
            ReasonMissing => t("Tell us why you are here today", "Díganos por qué viene hoy"),
            GuarantorMissing => t(
                "The patient is under 18. Tell us who pays the bill.",
                "El paciente es menor de 18 años. Díganos quién paga la cuenta.",
            ),
            AnswerMissing => t("Choose an answer", "Elija una respuesta"),
            AnswerUnknown => t(
                "Choose one of the answers of this question",
                "Elija una de las respuestas de esta pregunta",
            ),
            NumberWrong => t("Enter a number, like 37.5", "Escriba un número, como 37.5"),
            NumberOutOfRange => t(
                "This number cannot be right. Check it.",
                "Ese número no puede ser correcto. Revíselo.",
            ),
            ConsentUndecided => t("Choose to agree or decline", "Elija si acepta o no acepta"),
            SignatureMissing => t("Sign in the box", "Firme en el recuadro"),
            TypedNameMissing => t("Type your full name", "Escriba su nombre completo"),
            PhotoUnreadable => t(
                "This photo cannot be read. Take it again.",
                "No se puede leer la foto. Tómela de nuevo.",
            ),
            Other => t("Check this answer", "Revise esta respuesta"),
        }
    }
}

impl RefusalCode {
    /// What happened and what to do. `{name}` is replaced by a detail of the refusal.
    pub fn sentence(self) -> Text {
        use RefusalCode::*;
        match self {
            NotAllowed => t(
                "Your role may not do this. Ask the practice owner.",
                "Su función no permite esto. Pregunte a la persona dueña de la clínica.",
            ),
            NotFound => t(
                "The {what} is no longer there. Open it again from the list.",
                "Ya no existe ({what}). Ábralo de nuevo desde la lista.",
            ),
            AlreadyExists => t(
                "This {what} was entered before. Open the one that is there.",
                "Ya se había registrado ({what}). Abra el que existe.",
            ),
            AlreadyReviewed => t(
                "{by} decided this before you. Open it to see what was chosen.",
                "{by} lo decidió antes. Ábralo para ver la decisión.",
            ),
            Invalid => t("Check the field \"{field}\".", "Revise el campo \"{field}\"."),
            Revoked => t(
                "This device was shut out. Ask the practice owner to enrol it again.",
                "Este dispositivo fue bloqueado. Pida a la persona dueña de la clínica que lo registre de nuevo.",
            ),
            DifferentContent => t(
                "Something else was sent under the same number. Nothing was changed; show this to your support.",
                "Se envió otra cosa con el mismo número. No se cambió nada; muestre esto a soporte.",
            ),
            Unreadable => t(
                "The clinic's server cannot open this entry. It is kept; show this to your support.",
                "El servidor de la clínica no puede abrir esta entrada. Se conserva; muestre esto a soporte.",
            ),
            UnknownVersion => t(
                "This entry was made by a newer version than the server's. Update the server; the entry is kept.",
                "Esta entrada se hizo con una versión más nueva que el servidor. Actualice el servidor; la entrada se conserva.",
            ),
            WrongDevice => t(
                "This entry belongs to another device. Send it from there.",
                "Esta entrada es de otro dispositivo. Envíela desde allí.",
            ),
            Constraint => t(
                "The clinic's records do not allow this. Check the entry and make it again.",
                "Los registros no lo permiten. Revise la entrada y hágala de nuevo.",
            ),
            CannotBook => t(
                "This time cannot be booked. {why} Choose another time.",
                "No se puede reservar esta hora. {why} Elija otra hora.",
            ),
            NeedsReason => t(
                "{why} Choose another time, or give a reason to book it all the same.",
                "{why} Elija otra hora, o escriba por qué se reserva de todos modos.",
            ),
            AlreadyMoved => t(
                "Someone else moved this appointment first. Look at its new time before you move it again.",
                "Otra persona movió antes esta cita. Vea la nueva hora antes de moverla otra vez.",
            ),
            IllegalStep => t(
                "This appointment is \"{from}\" and cannot become \"{to}\". Someone may have changed it; open it again.",
                "Esta cita está en \"{from}\" y no puede pasar a \"{to}\". Quizás alguien la cambió; ábrala de nuevo.",
            ),
            AlreadyReplaced => t(
                "Someone else replaced this insurance first. Compare both cards and choose which one counts.",
                "Otra persona reemplazó antes este seguro. Compare las dos tarjetas y elija cuál vale.",
            ),
            OutOfScope => t(
                "This patient belongs to another site now. Someone there decides about this entry; nothing was lost.",
                "Este paciente ahora es de otra sede. Allí decidirán sobre esta entrada; no se perdió nada.",
            ),
            QueueFull => t(
                "This device holds all the unsent entries it can. Connect it to the internet before you enter more.",
                "Este dispositivo tiene todas las entradas sin enviar que puede. Conéctelo a internet antes de seguir.",
            ),
        }
    }
}

impl Refusal {
    /// The sentence with its details.
    pub fn sentence(&self, lang: Lang) -> String {
        let mut out = self.code.sentence().get(lang).to_owned();
        for (name, value) in &self.params {
            let value = match name.as_str() {
                "field" => field_label(value, lang),
                "what" => thing(value, lang),
                "why" => finding(value, lang),
                "from" | "to" => state(value, lang),
                _ => value.clone(),
            };
            out = out.replace(&format!("{{{name}}}"), &value);
        }
        let fault = self
            .params
            .get("fault")
            .and_then(|name| FaultCode::ALL.iter().find(|code| code.name() == name));
        if let Some(code) = fault {
            out = format!("{out} {}", code.sentence().get(lang));
        }
        out
    }
}

/// What people call the field at a path: `contact.address.postal_code` gives "ZIP code".
pub fn field_label(path: &str, lang: Lang) -> String {
    let last = path.rsplit('.').next().unwrap_or(path);
    let name = last.split('[').next().unwrap_or(last);
    let text = match name {
        "family_name" => PatientField::FamilyName.label(),
        "given_name" => PatientField::GivenName.label(),
        "middle_name" => PatientField::MiddleName.label(),
        "suffix" => PatientField::Suffix.label(),
        "preferred_name" => PatientField::PreferredName.label(),
        "birth_on" => PatientField::BirthOn.label(),
        "sex" => PatientField::Sex.label(),
        "gender_identity" => PatientField::GenderIdentity.label(),
        "pronouns" => PatientField::Pronouns.label(),
        "mobile_phone" => PatientField::MobilePhone.label(),
        "home_phone" => PatientField::HomePhone.label(),
        "work_phone" => PatientField::WorkPhone.label(),
        "email" => PatientField::Email.label(),
        "address" | "home_address" => PatientField::HomeAddress.label(),
        "mailing_address" => PatientField::MailingAddress.label(),
        "preferred_channel" => PatientField::PreferredChannel.label(),
        "language" => PatientField::Language.label(),
        "interpreter_needed" => PatientField::InterpreterNeeded.label(),
        "race_codes" => PatientField::RaceCodes.label(),
        "ethnicity_code" => PatientField::EthnicityCode.label(),
        "payer_name" => t(
            "Insurance company or name as the payer has it",
            "Compañía de seguros o nombre según el seguro",
        ),
        "phone" => t("Phone", "Teléfono"),
        "value" => t("Phone or email", "Teléfono o correo electrónico"),
        "line1" => t("Street", "Calle"),
        "line2" => t("Apartment", "Apartamento"),
        "city" => t("City", "Ciudad"),
        "state" => t("State", "Estado"),
        "postal_code" => t("ZIP code", "Código postal"),
        "deceased_on" => t("Date of death", "Fecha de defunción"),
        "plan_name" => t("Plan", "Plan de seguro"),
        "member_id" => t("Member ID", "Número de miembro"),
        "group_number" => t("Group number", "Número de grupo"),
        "subscriber" => t("Who holds the insurance", "Titular del seguro"),
        "term_on" => t("Last day", "Último día"),
        "card_front" => t("Front of the card", "Frente de la tarjeta"),
        "card_back" => t("Back of the card", "Reverso de la tarjeta"),
        "coverages" => t("Insurance", "Seguro"),
        "relationship" => t("Relationship", "Relación"),
        "consent" => t("Consent", "Consentimiento"),
        "guarantor" => t("Who pays", "Quién paga"),
        "signature" => t("Signature", "Firma"),
        "reason" => t("Reason", "Motivo"),
        "legal_name" => t("Legal name", "Nombre legal"),
        "tin" => t("Tax number", "Número fiscal"),
        "npi" => t("NPI", "NPI"),
        "taxonomy_code" => t("Specialty code", "Código de especialidad"),
        "place_of_service" => t("Kind of place", "Tipo de lugar"),
        "holder_id" => t("Whose time", "De quién es el tiempo"),
        "device_id" => t("Device", "Dispositivo"),
        "weekdays" => t("Days of the week", "Días de la semana"),
        "until_minute" => t("Until", "Hasta"),
        "weeks_ahead" => t("Weeks ahead", "Semanas por adelantado"),
        "time_zone" => t("Time zone", "Zona horaria"),
        "patient" | "patient_id" => t("Patient", "Paciente"),
        "number" => ReferralField::Number.label(),
        "referrer_name" => ReferralField::ReferrerName.label(),
        "referrer_npi" => ReferralField::ReferrerNpi.label(),
        "visits_allowed" => ReferralField::VisitsAllowed.label(),
        "valid_from" => ReferralField::ValidFrom.label(),
        "valid_until" => ReferralField::ValidUntil.label(),
        "visit_type_ids" => ReferralField::VisitTypeIds.label(),
        other => return other.replace('_', " "),
    };
    text.get(lang).to_owned()
}

/// What speaks against a time.
fn finding(name: &str, lang: Lang) -> String {
    let known = Finding::ALL.iter().find(|finding| finding.name() == name);
    known.map_or_else(String::new, |finding| finding.sentence().get(lang).to_owned())
}

/// Where an appointment stands, or a notice.
fn state(name: &str, lang: Lang) -> String {
    if let Some(Ok(notice)) = name
        .strip_prefix("notice_")
        .map(|of| NoticeState::try_from(of.to_owned()))
    {
        return notice.label().get(lang).to_owned();
    }
    let known = AppointmentState::ALL.iter().find(|state| state.name() == name);
    known.map_or_else(|| name.to_owned(), |state| state.label().get(lang).to_owned())
}

/// What a refusal speaks of, as people call it.
fn thing(what: &str, lang: Lang) -> String {
    let text = match what {
        "patient" => t("patient", "paciente"),
        "coverage" => t("coverage", "seguro"),
        "decision" => t("decision", "decisión"),
        "intake" => t("submission", "formulario del paciente"),
        "billing entity" => t("billing entity", "entidad de facturación"),
        "consent" => t("consent", "consentimiento"),
        "related person" => t("related person", "persona relacionada"),
        "appointment" => t("appointment", "cita"),
        "series" => t("series of appointments", "serie de citas"),
        "visit type" => t("kind of visit", "tipo de visita"),
        "practitioner" => t("practitioner", "profesional"),
        "site" => t("site", "sede"),
        "device" => t("device", "dispositivo"),
        "lease" => t("share of the calendar", "parte de la agenda"),
        "entry" => t("entry on the waiting list", "entrada en la lista de espera"),
        "notice" => t("notice", "aviso"),
        "rule" => t("rule", "regla"),
        "referral" => t("referral", "remisión"),
        "form" => t("form", "formulario"),
        "answers" => t("set of answers", "grupo de respuestas"),
        "form version" => t("version of the form", "versión del formulario"),
        other => return other.to_owned(),
    };
    text.get(lang).to_owned()
}
