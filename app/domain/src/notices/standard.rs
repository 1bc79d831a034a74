//! The rules that a practice begins with. Their words say where and when, and nothing else.

use super::rule::{Audience, Channel, NoticeKind, NoticeRule};
use crate::id::NoticeRuleId;
use crate::text::Wording;
use uuid::Uuid;

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

/// Words for a kind of notice by a way: heading and body.
pub fn words(kind: NoticeKind, channel: Channel) -> (Wording, Wording) {
    let subject = match kind {
        NoticeKind::Reminder => Wording::new("Your appointment on {date}", "Su cita del {date}"),
        NoticeKind::Forms => Wording::new(
            "Forms before you come on {date}",
            "Formularios antes de venir el {date}",
        ),
        NoticeKind::FollowUp => Wording::new("After your visit", "Después de su visita"),
        NoticeKind::Missed => Wording::new("We missed you", "Le echamos de menos"),
        NoticeKind::Recall => Wording::new("Time to book again", "Es hora de pedir otra cita"),
    };
    let body = match (kind, channel) {
        (NoticeKind::Reminder, Channel::Sms) => Wording::new(
            "{practice}: appointment for {first_name} on {date} at {time}, {site}. Confirm or change it: {link}",
            "{practice}: cita para {first_name} el {date} a las {time}, {site}. Confirme o cambie: {link}",
        ),
        (NoticeKind::Reminder, Channel::Voice) => Wording::new(
            "This is {practice}, calling for {first_name}: the appointment is on {date} at {time} at {site}. Will you come?",
            "Llamamos de {practice} para {first_name}: la cita es el {date} a las {time} en {site}. ¿Va a venir?",
        ),
        (NoticeKind::Reminder, Channel::Letter) => Wording::new(
            "Dear {first_name},\n\nyour appointment at {site} is on {date} at {time}.\n\nPlease call us if you cannot come.\n\n{practice}",
            "Estimado/a {first_name}:\n\nsu cita en {site} es el {date} a las {time}.\n\nLlámenos si no puede venir.\n\n{practice}",
        ),
        (NoticeKind::Reminder, Channel::Email) => Wording::new(
            "Hello {first_name},\n\nyour appointment at {site} is on {date} at {time}.\n\nConfirm it, cancel it or ask for another time here:\n{link}\n\n{practice}",
            "Hola, {first_name}:\n\nsu cita en {site} es el {date} a las {time}.\n\nConfírmela, cancélela o pida otra hora aquí:\n{link}\n\n{practice}",
        ),
        (NoticeKind::Forms, Channel::Sms) => Wording::new(
            "{practice}: there are forms to fill in before {first_name} comes on {date}. Here, in a few minutes: {link}",
            "{practice}: hay formularios que llenar antes de que {first_name} venga el {date}. Aquí, en pocos minutos: {link}",
        ),
        (NoticeKind::Forms, Channel::Voice) => Wording::new(
            "This is {practice}, calling for {first_name}: there are forms to fill in before {date}. Please come fifteen minutes early, or ask us for the link.",
            "Llamamos de {practice} para {first_name}: hay formularios que llenar antes del {date}. Venga quince minutos antes, o pídanos el enlace.",
        ),
        (NoticeKind::Forms, Channel::Letter) => Wording::new(
            "Dear {first_name},\n\nthere are forms to fill in before you come to {site} on {date} at {time}.\n\nPlease come fifteen minutes early, or call us and ask for the link to fill them in at home.\n\n{practice}",
            "Estimado/a {first_name}:\n\nhay formularios que llenar antes de venir a {site} el {date} a las {time}.\n\nVenga quince minutos antes, o llámenos y pida el enlace para llenarlos en casa.\n\n{practice}",
        ),
        (NoticeKind::Forms, Channel::Email) => Wording::new(
            "Hello {first_name},\n\nthere are forms to fill in before you come to {site} on {date} at {time}. It takes a few minutes, and you wait less when you are here:\n{link}\n\n{practice}",
            "Hola, {first_name}:\n\nhay formularios que llenar antes de venir a {site} el {date} a las {time}. Son pocos minutos, y al llegar esperará menos:\n{link}\n\n{practice}",
        ),
        (NoticeKind::FollowUp, _) => Wording::new(
            "Hello {first_name}, thank you for coming to {site}. If you have a question after your visit, please call us. {practice}",
            "Hola, {first_name}: gracias por venir a {site}. Si tiene una pregunta después de su visita, llámenos. {practice}",
        ),
        (NoticeKind::Missed, _) => Wording::new(
            "Hello {first_name}, we did not see you at {site} on {date}. Please call us to find another time. {practice}",
            "Hola, {first_name}: no le vimos en {site} el {date}. Llámenos para buscar otra hora. {practice}",
        ),
        (NoticeKind::Recall, Channel::Letter) => Wording::new(
            "Dear {first_name},\n\nit is time to book your next visit at {site}. Please call us.\n\n{practice}",
            "Estimado/a {first_name}:\n\nes hora de pedir su próxima visita en {site}. Llámenos, por favor.\n\n{practice}",
        ),
        (NoticeKind::Recall, _) => Wording::new(
            "Hello {first_name}, it is time to book your next visit at {site}. Please call us. {practice}",
            "Hola, {first_name}: es hora de pedir su próxima visita en {site}. Llámenos. {practice}",
        ),
    };
    (subject, body)
}

/// The rules of a new practice; ids follow from `seed`, the practice's own id.
pub fn rules(seed: Uuid) -> Vec<NoticeRule> {
    use Channel::*;
    use NoticeKind::*;
    [
        (
            "Text two days before",
            Reminder,
            Sms,
            Audience::Unconfirmed,
            2 * DAY,
        ),
        (
            "Email three days before",
            Reminder,
            Email,
            Audience::Everyone,
            3 * DAY,
        ),
        (
            "Email about forms four days before",
            Forms,
            Email,
            Audience::Everyone,
            4 * DAY,
        ),
        ("Call the day before", Reminder, Voice, Audience::Unconfirmed, DAY),
        (
            "Email after a missed appointment",
            Missed,
            Email,
            Audience::Everyone,
            4 * HOUR,
        ),
        (
            "Email a year after the last visit",
            Recall,
            Email,
            Audience::Everyone,
            365 * DAY,
        ),
    ]
    .into_iter()
    .map(|(name, kind, channel, audience, offset_minutes)| {
        let (subject, body) = words(kind, channel);
        NoticeRule {
            id: NoticeRuleId(Uuid::new_v5(&seed, name.as_bytes())),
            name: name.to_owned(),
            kind,
            offset_minutes,
            channel,
            audience,
            language: None,
            visit_type_ids: Vec::new(),
            site_ids: Vec::new(),
            from_minute: 9 * 60,
            until_minute: 20 * 60,
            subject,
            body,
            // Calls are work for the desk: a practice says when it wants that.
            active: channel != Voice,
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::message::{Spoken, compose};
    use crate::text::{Lang, fold};

    #[test]
    fn every_standard_text_is_sound_and_says_nothing_about_health() {
        for kind in NoticeKind::ALL {
            for channel in Channel::ALL {
                let rule = NoticeRule {
                    kind,
                    channel,
                    ..rules(Uuid::nil()).remove(0)
                };
                let (subject, body) = words(kind, channel);
                let rule = NoticeRule {
                    subject,
                    body,
                    ..rule
                };
                assert_eq!(rule.fault(), None, "{kind:?} {channel:?}");
                for lang in [Lang::En, Lang::Es] {
                    let about = [Spoken {
                        first_name: "Ana".into(),
                        site: "Harbor Point".into(),
                        wall: "2026-12-01T09:00:00".parse().unwrap(),
                    }];
                    let words = compose(
                        &rule,
                        "Lakeside",
                        &about,
                        channel,
                        lang,
                        "https://x.example/n/abc",
                    );
                    let said = fold(&[words.subject, words.body].concat());
                    for health in [
                        "doctor",
                        "clinic",
                        "health",
                        "salud",
                        "medic",
                        "test",
                        "result",
                        "treatment",
                        "tratamiento",
                        "therapy",
                        "diagnos",
                        "surgery",
                        "vaccin",
                        "vacuna",
                        "balance",
                        "bill",
                        "insurance",
                        "seguro",
                    ] {
                        assert!(!said.contains(health), "{kind:?} {channel:?}: {health}");
                    }
                }
            }
        }
        assert!(rules(Uuid::nil()).iter().all(|rule| rule.fault().is_none()));
    }
}
