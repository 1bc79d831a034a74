//! Two forms that are summed up: the PHQ-9, and one about pain; and who answered them already.
//!
//! The PHQ-9 is by Drs. Spitzer, Williams, Kroenke and colleagues, with a grant from Pfizer Inc.; no permission is
//! required to reproduce, translate, display or distribute it.

use super::forms::{after, optional, options, page};
use chrono::{DateTime, Duration, Utc};
use domain::command::Command;
use domain::id::{PatientId, QuestionnaireResponseId};
use domain::intake::questionnaire::{Answers, Audience, Choice};
use domain::intake::{
    Answer, AnswerKind, AnswerQuestionnaire, Band, Page, Questionnaire, Scoring, ShowIf, Wanted,
};
use domain::text::{Lang, Wording};

const PHQ_9: [(&str, &str, &str); 9] = [
    (
        "interest",
        "Over the last 2 weeks, how often have you been bothered by little interest or pleasure in doing things?",
        "En las últimas 2 semanas, ¿con qué frecuencia ha tenido poco interés o placer en hacer cosas?",
    ),
    (
        "down",
        "Feeling down, depressed, or hopeless",
        "Se ha sentido decaído(a), deprimido(a) o sin esperanzas",
    ),
    (
        "sleep",
        "Trouble falling or staying asleep, or sleeping too much",
        "Ha tenido dificultad para quedarse o permanecer dormido(a), o ha dormido demasiado",
    ),
    (
        "tired",
        "Feeling tired or having little energy",
        "Se ha sentido cansado(a) o con poca energía",
    ),
    (
        "appetite",
        "Poor appetite or overeating",
        "Sin apetito o ha comido en exceso",
    ),
    (
        "failure",
        "Feeling bad about yourself, or that you are a failure or have let yourself or your family down",
        "Se ha sentido mal con usted mismo(a), o que es un fracaso o que ha quedado mal con usted mismo(a) o con su familia",
    ),
    (
        "concentration",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        "Ha tenido dificultad para concentrarse en ciertas actividades, tales como leer el periódico o ver la televisión",
    ),
    (
        "movement",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite, being so fidgety or restless that you have been moving around a lot more than usual",
        "¿Se ha movido o hablado tan lento que otras personas podrían haberlo notado? O lo contrario, muy inquieto(a) o agitado(a), moviéndose mucho más de lo normal",
    ),
    (
        "self-harm",
        "Thoughts that you would be better off dead or of hurting yourself in some way",
        "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna manera",
    ),
];

/// How often, with what each counts.
fn often(attention: bool) -> Vec<Choice> {
    let words = options(&[
        ("not-at-all", "Not at all", "Ningún día"),
        ("several-days", "Several days", "Varios días"),
        (
            "more-than-half",
            "More than half the days",
            "Más de la mitad de los días",
        ),
        ("nearly-every-day", "Nearly every day", "Casi todos los días"),
    ]);
    let scored = (0..).zip(words).map(|(score, choice)| Choice {
        score: Some(score),
        attention: attention && score > 0,
        ..choice
    });
    scored.collect()
}

fn band(from: i32, to: i32, en: &str, es: &str, attention: bool) -> Band {
    Band {
        from,
        to,
        label: Wording::new(en, es),
        attention,
    }
}

fn form(slug: &str, title: Wording, pages: Vec<Page>, bands: Vec<Band>, at: DateTime<Utc>) -> Questionnaire {
    Questionnaire {
        id: Questionnaire::id_of(slug, 1),
        slug: slug.to_owned(),
        version: 1,
        replaces_id: None,
        title,
        pages,
        scoring: Some(Scoring { bands }),
        signature_required: false,
        audience: Audience::Visit,
        valid_days: None,
        retired: false,
        published_at: at,
    }
}

/// Patient Health Questionnaire 9, version 1. The bands are the authors'.
pub fn phq_9(at: DateTime<Utc>) -> Questionnaire {
    let asked = PHQ_9.iter().map(|(link_id, en, es)| {
        let options = often(*link_id == "self-harm");
        page(link_id, en, es, AnswerKind::Choice { options })
    });
    let hard = options(&[
        ("not", "Not difficult at all", "Para nada difícil"),
        ("somewhat", "Somewhat difficult", "Un poco difícil"),
        ("very", "Very difficult", "Muy difícil"),
        ("extremely", "Extremely difficult", "Extremadamente difícil"),
    ]);
    let hard = optional(page(
        "difficulty",
        "How difficult have these problems made it to do your work, take care of things at home, or get along with other people?",
        "¿Qué tan difícil le han hecho estos problemas su trabajo, las tareas del hogar o llevarse bien con otras personas?",
        AnswerKind::Choice { options: hard },
    ));
    let bands = vec![
        band(0, 4, "minimal", "mínima", false),
        band(5, 9, "mild", "leve", false),
        band(10, 14, "moderate", "moderada", true),
        band(15, 19, "moderately severe", "moderadamente grave", true),
        band(20, 27, "severe", "grave", true),
    ];
    let title = Wording::new("Mood (PHQ-9)", "Estado de ánimo (PHQ-9)");
    form("phq-9", title, asked.chain([hard]).collect(), bands, at)
}

/// About pain, version 1: a scale, a number and a day, some of them asked only then.
pub fn pain(at: DateTime<Utc>) -> Questionnaire {
    let scale = AnswerKind::Scale {
        from: 0,
        to: 10,
        low: Wording::new("no pain", "sin dolor"),
        high: Wording::new("the worst pain", "el peor dolor"),
    };
    let hurts = |page: Page| Page {
        show_if: Some(ShowIf {
            link_id: "pain".to_owned(),
            is: Wanted::Between {
                at_least: Some(1.into()),
                at_most: None,
            },
        }),
        ..page
    };
    let places = options(&[
        ("head", "Head or neck", "Cabeza o cuello"),
        ("chest", "Chest", "Pecho"),
        ("belly", "Belly", "Vientre"),
        ("back", "Back", "Espalda"),
        ("limb", "Arm or leg", "Brazo o pierna"),
    ]);
    let fever = AnswerKind::Number {
        min: Some(90.into()),
        max: Some(110.into()),
        unit: Some(Wording::new("°F", "°F")),
    };
    let pages = vec![
        page(
            "pain",
            "How much does it hurt now?",
            "¿Cuánto le duele ahora?",
            scale,
        ),
        hurts(page(
            "where",
            "Where does it hurt?",
            "¿Dónde le duele?",
            AnswerKind::Choices { options: places },
        )),
        hurts(optional(page(
            "since",
            "Since which day?",
            "¿Desde qué día?",
            AnswerKind::Date,
        ))),
        page(
            "fever",
            "Do you have a fever?",
            "¿Tiene fiebre?",
            AnswerKind::YesNo,
        ),
        after(
            optional(page("temperature", "How high was it?", "¿De cuánto fue?", fever)),
            "fever",
            "yes",
        ),
    ];
    let bands = vec![
        band(0, 3, "little or none", "poco o ninguno", false),
        band(4, 6, "moderate", "moderado", false),
        band(7, 10, "strong", "fuerte", true),
    ];
    form(
        "pain",
        Wording::new("Pain and fever", "Dolor y fiebre"),
        pages,
        bands,
        at,
    )
}

/// Answers from last week, so that there is something to see: one that is well, and one for a practitioner.
pub fn answered(
    id: impl Fn(&str) -> uuid::Uuid,
    patients: &[PatientId],
    now: DateTime<Utc>,
) -> Vec<(Command, DateTime<Utc>)> {
    let all = [("not-at-all", "several-days"), ("several-days", "more-than-half")];
    let each = (0..).zip(patients.iter().zip(all));
    each.map(|(n, (patient, (most, some)))| {
        let answer = |at: usize| if at < 3 { some } else { most };
        let answers: Answers = (0..)
            .zip(PHQ_9)
            .map(|(at, (link_id, ..))| (link_id.to_owned(), Answer::One(answer(at).to_owned())))
            .collect();
        let command = Command::AnswerQuestionnaire(AnswerQuestionnaire {
            response_id: QuestionnaireResponseId(id(&format!("response:{n}"))),
            patient_id: *patient,
            appointment_id: None,
            questionnaire_id: Questionnaire::id_of("phq-9", 1),
            answers,
            language: Lang::En,
            signature: None,
        });
        (command, now - Duration::days(7))
    })
    .collect()
}
