//! The demo practice's forms: a health questionnaire and the five consents, in both languages.

use chrono::{DateTime, Utc};
use domain::id::{ConsentFormId, QuestionnaireId};
use domain::intake::questionnaire::{Audience, Choice, ShowIf};
use domain::intake::{AnswerKind, ConsentForm, ConsentKind, Page, Questionnaire};
use domain::text::Wording;
use uuid::Uuid;

pub(super) fn page(link_id: &str, en: &str, es: &str, answer: AnswerKind) -> Page {
    Page {
        link_id: link_id.to_owned(),
        question: Wording::new(en, es),
        why: None,
        answer,
        show_if: None,
        required: true,
    }
}

pub(super) fn after(mut page: Page, link_id: &str, is: &str) -> Page {
    page.show_if = Some(ShowIf {
        link_id: link_id.to_owned(),
        is: is.into(),
    });
    page
}

pub(super) fn optional(mut page: Page) -> Page {
    page.required = false;
    page
}

pub(super) fn options(list: &[(&str, &str, &str)]) -> Vec<Choice> {
    list.iter()
        .map(|(code, en, es)| Choice {
            code: (*code).to_owned(),
            label: Wording::new(*en, *es),
            ..Choice::default()
        })
        .collect()
}

/// Health history, version 1. Pages that depend on an answer are asked only then.
pub fn health_history(id: Uuid, at: DateTime<Utc>) -> Questionnaire {
    let conditions = options(&[
        ("diabetes", "Diabetes", "Diabetes"),
        ("hypertension", "High blood pressure", "Presión alta"),
        ("asthma", "Asthma", "Asma"),
        ("heart", "Heart disease", "Enfermedad del corazón"),
        ("none", "None of these", "Ninguna de estas"),
    ]);
    let smoking = options(&[
        ("never", "Never", "Nunca"),
        ("former", "I used to", "Antes sí"),
        ("current", "Yes, now", "Sí, ahora"),
    ]);
    Questionnaire {
        id: QuestionnaireId(id),
        slug: "health-history".to_owned(),
        version: 1,
        replaces_id: None,
        title: Wording::new("Your health", "Su salud"),
        pages: vec![
            page(
                "allergies",
                "Are you allergic to any medicine, food or other thing?",
                "¿Tiene alergia a alguna medicina, comida u otra cosa?",
                AnswerKind::YesNo,
            ),
            after(
                page(
                    "allergies-what",
                    "What are you allergic to, and what happens?",
                    "¿A qué tiene alergia y qué reacción le da?",
                    AnswerKind::Text,
                ),
                "allergies",
                "yes",
            ),
            page(
                "medicines",
                "Do you take any medicine now?",
                "¿Toma o usa alguna medicina actualmente?",
                AnswerKind::YesNo,
            ),
            after(
                page(
                    "medicines-which",
                    "Which medicines do you take?",
                    "¿Qué medicinas toma o usa?",
                    AnswerKind::Text,
                ),
                "medicines",
                "yes",
            ),
            page(
                "conditions",
                "Do you have any of these?",
                "¿Tiene alguna de estas enfermedades?",
                AnswerKind::Choices { options: conditions },
            ),
            page(
                "smoking",
                "Do you smoke?",
                "¿Fuma usted?",
                AnswerKind::Choice { options: smoking },
            ),
            after(
                optional(page(
                    "smoking-help",
                    "Would you like help to stop?",
                    "¿Quiere ayuda para dejar de fumar?",
                    AnswerKind::YesNo,
                )),
                "smoking",
                "current",
            ),
        ],
        scoring: None,
        signature_required: false,
        audience: Audience::Everyone,
        valid_days: None,
        retired: false,
        published_at: at,
    }
}

/// The five consents, version 1. Each is signed for itself.
pub fn consents(id: impl Fn(ConsentKind) -> Uuid, at: DateTime<Utc>) -> Vec<ConsentForm> {
    ConsentKind::ALL
        .into_iter()
        .map(|kind| {
            let (title, body) = wording(kind);
            ConsentForm {
                id: ConsentFormId(id(kind)),
                kind,
                version: 1,
                title,
                body,
                published_at: at,
            }
        })
        .collect()
}

fn wording(kind: ConsentKind) -> (Wording, Wording) {
    match kind {
        ConsentKind::Treatment => (
            Wording::new("Consent to treatment", "Consentimiento para el tratamiento"),
            Wording::new(
                "I agree to be examined and treated by the practitioners of this clinic. They will explain what they plan to do and why.\n\nI may ask questions at any time. I may say no to any test or treatment, and I may change my mind later.\n\nNo result has been promised to me.",
                "Acepto que los profesionales de la salud de esta clínica me examinen y me den tratamiento. Me explicarán qué piensan hacer y por qué.\n\nPuedo hacer preguntas en cualquier momento. Puedo decir que no a cualquier prueba o tratamiento, y puedo cambiar de opinión después.\n\nNo se me ha prometido ningún resultado.",
            ),
        ),
        ConsentKind::PrivacyNotice => (
            Wording::new("Notice of privacy practices", "Aviso de prácticas de privacidad"),
            Wording::new(
                "The clinic keeps your health information private. It uses it to treat you, to be paid, and to run the clinic. It may share it only as the notice says, or when you allow it.\n\nYou may see your records, ask for a copy, ask for a correction, and ask who has seen them.\n\nA paper copy of the whole notice is at the front desk. By agreeing you say only that you were given this notice. If you decline, you will still be treated.",
                "La clínica mantiene en privado su información de salud. La usa para darle tratamiento, para cobrar y para administrar la clínica. Solo puede compartirla como dice el aviso, o cuando usted lo permita.\n\nUsted puede ver su expediente médico, pedir una copia, pedir una corrección y preguntar quién lo ha visto.\n\nEn la recepción hay una copia en papel del aviso completo. Al aceptar, usted solo dice que recibió este aviso. Si no acepta, de todos modos le atenderemos.",
            ),
        ),
        ConsentKind::AssignmentOfBenefits => (
            Wording::new("Insurance payments", "Pagos del seguro"),
            Wording::new(
                "I ask my insurance company to pay the clinic directly for the care I receive.\n\nI allow the clinic to give my insurance company the information it needs to pay.\n\nI pay what my insurance does not cover.",
                "Pido a mi compañía de seguros que pague directamente a la clínica por la atención que recibo.\n\nPermito que la clínica dé a mi compañía de seguros la información que la compañía necesita para pagar.\n\nYo pago lo que mi seguro no cubra.",
            ),
        ),
        ConsentKind::FinancialPolicy => (
            Wording::new("How we are paid", "Cómo se paga"),
            Wording::new(
                "Your part of the bill is due at the visit. If you cannot pay today, tell the front desk and we will find a way.\n\nIf you have no insurance, you may ask for an estimate before your visit.",
                "Usted debe pagar su parte de la cuenta en la visita. Si no puede pagar hoy, dígalo en la recepción y encontraremos una manera.\n\nSi no tiene seguro, puede pedir un estimado del costo antes de su visita.",
            ),
        ),
        ConsentKind::Texting => (
            Wording::new("Text messages", "Mensajes de texto"),
            Wording::new(
                "I agree that the clinic may send text messages about my visits to the mobile number I gave. The messages do not say why I come.\n\nI can stop them at any time by answering STOP or by telling the front desk. My care does not depend on it.",
                "Acepto que la clínica pueda enviarme mensajes de texto sobre mis visitas al número de celular que di. Los mensajes no dicen por qué vengo.\n\nPuedo detenerlos en cualquier momento respondiendo con la palabra STOP o avisando en la recepción. Mi atención no depende de esto.",
            ),
        ),
    }
}
