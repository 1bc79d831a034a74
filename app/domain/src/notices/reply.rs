//! What somebody means who answers a text. An opt-out counts in any words that a person would understand as one (47 CFR
//! 64.1200(a)(10)); so of two readings, the one that stops wins. Nothing here is kept: texts say more than was asked.

use super::notice::Answer;
use crate::text::fold;

/// What a reply says; several of it may be so at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// To send nothing more to this number.
    pub stop: bool,
    /// To begin again.
    pub start: bool,
    /// Who this is, and how to end it.
    pub help: bool,
    /// That somebody else has this number.
    pub wrong_number: bool,
    /// About the appointment.
    pub answer: Option<Answer>,
}

impl Reading {
    /// Whether nothing was understood.
    pub fn is_nothing(&self) -> bool {
        *self == Reading::default()
    }
}

/// Replies that are one of these and nothing else. The first seven are means of opting out by law, "cancel" among them:
/// whoever cancels an appointment says so in more words, and is asked to use the link.
const STOP_ALONE: &str = "stop | quit | end | revoke | opt out | cancel | unsubscribe | optout | stopall | stop all | halt | \
    enough | no more | remove | go away | alto | para | pare | paren | parar | basta | baja | fin | \
    salir | cancelar | detener | terminar | no mas | ya no | borrar | unsub | arret";
/// What a message begins with that is to end them.
const STOP_FIRST: &str = "stop | unsubscribe | alto | basta | paren | baja | quit";
/// After "stop" this is about a visit: "stop by at nine".
const STOP_BY: &str = "by | in | at | over | for | there | on | off | and";
const STOP_WITHIN: &str = "stop text | stop messag | stop send | stop contact | stop sms | stop call | stop these | \
    stop this | stop it | stop them | stop with | stop remind | stop bother | stop please | \
    please stop | pls stop | plz stop | just stop | quit text | quit send | quit messag | quit call | \
    end these | dont text | do not text | dont messag | do not messag | dont send | do not send | \
    dont contact | do not contact | dont call | do not call | never text | no more text | \
    no more messag | no more sms | no more remind | no texts | no messages | opt out | opt me out | \
    opting out | unsubscribe | take me off | remove me | remove my | remove this number | \
    delete my number | lose my number | lose this number | leave me alone | no longer want | \
    no longer wish | dont want to receive | dont want these | dont want any | dont want text | \
    dont want your | not want to receive | revoke | withdraw my consent | no quiero mas | \
    no quiero recibir | no deseo | no mas mensaje | no mas texto | no mas aviso | no me escrib | \
    no me mand | no me envi | no me llam | no me molest | no me contact | no enviar mas | no envien | \
    no manden | dejen de | deje de | deja de | dejar de recibir | darme de baja | denme de baja | \
    deme de baja | dar de baja | quiero la baja | baja por favor | por favor paren | por favor alto | \
    quitenme | quiteme | saquenme | saqueme | borren mi | borre mi | eliminen mi | elimine mi | \
    eliminarme | ya no quiero | ya no deseo | ya no me | desuscrib | cancelar suscripcion | \
    cancelar mensajes | parar mensajes | parar los mensajes | paren los | paren de | pare de";
/// The contrary of it, in the same words.
const STOP_NOT: &str = "dont stop | do not stop | didnt say stop | no stop needed | no paren | no dejen de | no deje de | \
    no deje de recordarme | dont unsubscribe | do not unsubscribe | dont remove me | do not remove me";
const START_ALONE: &str = "start | unstop | resume | subscribe | opt in | optin | begin | comenzar | empezar | iniciar | \
    reanudar | alta | inicio | start again | text me again";
const HELP_ALONE: &str = "help | info | ayuda | informacion | who is this | quien es | who are you";
const WRONG_WITHIN: &str = "wrong number | wrong person | wrong phone | wrong num | wrong patient | have the wrong | \
    not my name | no one by that name | nobody by that name | no one here by | nobody here by | \
    no one named | nobody named | dont know this person | dont know her | dont know him | \
    dont know who that | dont know anyone | not the person | not who you think | numero equivocado | \
    equivocado | equivocada | se equivoc | no soy | no conozco | aqui no vive | no es mi nombre | \
    no es el numero";
/// Somebody who answers for the patient, at a number that is right.
const WRONG_NOT: &str = "soy su | soy la mama | soy el papa | soy la madre | soy el padre | soy la hija | soy el hijo | \
    im her | im his | i am her | i am his | this is her | this is his | its her mom | its his mom";
const OTHER_ALONE: &str = "r";
const OTHER_WITHIN: &str = "resched | another time | another day | different time | different day | other time | other day | \
    change my app | change the app | change my time | change the time | change the date | move my app | \
    move the app | new time | new date | otra hora | otro dia | otra fecha | otro horario | \
    cambiar la cita | cambiar mi cita | cambiar de | mover mi cita | mover la cita | reprogram | \
    reagend";
const CANCEL_ALONE: &str = "x";
const CANCEL_WITHIN: &str = "cancel my | cancel the | cancel this app | cancel app | cancel our | cancel it | cancel that | \
    need to cancel | want to cancel | have to cancel | like to cancel | cant make | can not make | \
    cannot make | cant come | cannot come | cant go | wont be there | wont be able | will not be able | \
    wont make | not coming | not going to make | im not going | unable to | cancelar la | cancelar mi | \
    cancelo | cancele la | cancele mi | no puedo ir | no puedo asistir | no puedo llegar | no podre | \
    no voy a | no ire";
/// The contrary of it, a question about it, or one that cannot be told from it. A person reads those.
const CANCEL_NOT: &str = "dont cancel | do not cancel | please dont | not cancel | never cancel | didnt cancel | \
    did not cancel | did you cancel | was it cancel | is it cancel | have you cancel | who cancel | why cancel | \
    no cancele | no cancelen | no cancelo | no la cancele | no quiero cancelar | no deseo cancelar | \
    no voy a faltar | no voy a cancelar | no voy a llegar tarde";
const CONFIRM_ALONE: &str = "c | y | yes | yep | yeah | yup | ok | okay | k | sure | confirm | confirmed | si | confirmo | \
    confirmar | confirmado | confirmada | 1 | vale | claro | de acuerdo | yes please | yes thanks | \
    yes thank you | si gracias | ok thanks | ok gracias | will do | perfect | perfecto";
const CONFIRM_WITHIN: &str = "i confirm | yes confirm | confirming | ill be there | i will be there | well be there | \
    we will be there | see you | im coming | i am coming | ahi estare | alli estare | si confirmo | \
    confirmo mi | confirmo la | si voy | nos vemos | yes i will | yes ill";
const CONFIRM_NOT: &str = "cant confirm | cannot confirm | not confirm | no confirm | dont confirm";

/// Reads a reply.
pub fn read(text: &str) -> Reading {
    let said = fold(text);
    let alone = |list: &str| phrases(list).any(|phrase| phrase == said || phrase == polite(&said));
    let within = |list: &str| phrases(list).any(|phrase| starts_a_word(&said, phrase));
    let mut words = said.split(' ');
    let (first, second) = (words.next().unwrap_or(""), words.next());
    let begins = is_one(STOP_FIRST, first) && second.is_none_or(|next| !is_one(STOP_BY, next));
    // One word that is nearly the word.
    let nearly = second.is_none() && is_nearly(first, "stop");
    let stop = (alone(STOP_ALONE) || begins || nearly || within(STOP_WITHIN)) && !within(STOP_NOT);
    let answer = if within(OTHER_WITHIN) || alone(OTHER_ALONE) {
        Some(Answer::OtherTime)
    } else if within(CANCEL_NOT) {
        None
    } else if within(CANCEL_WITHIN) || alone(CANCEL_ALONE) {
        Some(Answer::Cancelled)
    } else if !within(CONFIRM_NOT) && (within(CONFIRM_WITHIN) || alone(CONFIRM_ALONE) || text.contains('👍'))
    {
        Some(Answer::Confirmed)
    } else {
        None
    };
    Reading {
        stop,
        start: !stop && alone(START_ALONE),
        help: !stop && (alone(HELP_ALONE) || text.trim() == "?"),
        wrong_number: within(WRONG_WITHIN) && !within(WRONG_NOT),
        answer,
    }
}

/// The phrases of a list.
fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.split('|').map(str::trim)
}

fn is_one(list: &str, word: &str) -> bool {
    phrases(list).any(|phrase| phrase == word)
}

/// Without "please" and "thanks" around it.
fn polite(said: &str) -> &str {
    let mut said = said;
    for courtesy in [
        "please",
        "pls",
        "plz",
        "thanks",
        "thank you",
        "por favor",
        "gracias",
        "ya",
    ] {
        said = said.strip_prefix(courtesy).unwrap_or(said).trim();
        said = said.strip_suffix(courtesy).unwrap_or(said).trim();
    }
    said
}

/// Whether a phrase begins at a word; it may end within one, as "stop text" does in "stop texting".
fn starts_a_word(said: &str, phrase: &str) -> bool {
    said.match_indices(phrase)
        .any(|(at, _)| at == 0 || said.as_bytes().get(at - 1) == Some(&b' '))
}

/// One letter more, less, other, or two exchanged.
fn is_nearly(word: &str, wanted: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), wanted.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (rest, other) = (&a[same..], &b[same..]);
    match (rest, other) {
        ([], []) => true,
        ([_, tail @ ..], more) if tail == more => true,
        (more, [_, tail @ ..]) if tail == more => true,
        ([_, tail @ ..], [_, more @ ..]) if tail == more => true,
        ([x, y, tail @ ..], [p, q, more @ ..]) => x == q && y == p && tail == more,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stops(text: &str) -> bool {
        read(text).stop
    }

    #[test]
    fn stop_is_understood_in_any_wording() {
        for said in [
            "STOP",
            "stop",
            " Stop. ",
            "Stop!!!",
            "sTOP",
            "please stop",
            "STOP please",
            "Stop texting me",
            "stpo",
            "sotp",
            "stopp",
            "sstop",
            "stp",
            "Quit",
            "END",
            "Cancel",
            "Unsubscribe",
            "revoke",
            "Opt out",
            "opt-out",
            "Please opt me out of this",
            "don't text me anymore",
            "Do not contact me again",
            "no more texts please",
            "Take me off your list",
            "Remove me",
            "remove my number from your system",
            "lose my number",
            "I no longer wish to receive these",
            "leave me alone",
            "Wrong number, stop texting",
            "I asked you to stop sending these!",
            "unsubscribe me",
            "stop it",
            "STOP THIS NOW",
            "Enough!",
            "I revoke my consent",
            "Alto",
            "ALTO por favor",
            "Basta",
            "pare",
            "Paren ya",
            "Baja",
            "no más",
            "No quiero recibir mensajes",
            "no me escriban más",
            "Dejen de mandarme mensajes",
            "quiero darme de baja",
            "Quítenme de la lista",
            "Ya no quiero mensajes",
            "Cancelar",
            "Borren mi número",
            "por favor no me envíen más",
            "ya no me manden nada",
        ] {
            assert!(stops(said), "{said}");
        }
    }

    #[test]
    fn what_is_about_the_visit_does_not_stop_anything() {
        for said in [
            "Can I stop by at 9?",
            "I will stop in tomorrow",
            "stop by the desk first?",
            "Please don't stop the reminders",
            "Yes",
            "Si",
            "I'm at the bus stop",
            "cancel my appointment",
            "need to cancel",
            "Is the end of March ok?",
            "When does it end",
            "I will be there",
            "",
            "?",
            "Help",
            "no",
            "No puedo ir",
            "wrong number",
            "How do I get to the weekend clinic",
            "I had to remove a bandage",
            "no paren los recordatorios",
        ] {
            assert!(!stops(said), "{said}");
        }
    }

    #[test]
    fn wrong_numbers_are_told_from_the_rest() {
        for said in [
            "Wrong number",
            "wrong number!!",
            "You have the wrong person",
            "There's nobody by that name here",
            "I don't know this person",
            "Número equivocado",
            "No soy Elena",
            "se equivocó de número",
        ] {
            assert!(read(said).wrong_number, "{said}");
        }
        for said in [
            "Is 9 the wrong time?",
            "STOP",
            "Yes",
            "I am not sure",
            "No soy Elena, soy su mamá",
            "This is not her, I'm her mother",
        ] {
            assert!(!read(said).wrong_number, "{said}");
        }
        let both = read("wrong number stop texting me");
        assert!(both.stop && both.wrong_number);
    }

    #[test]
    fn answers_are_read() {
        let answer = |said: &str| read(said).answer;
        for said in [
            "C",
            "yes",
            "Yes!",
            "Sí",
            "ok",
            "Confirm",
            "confirmo",
            "I'll be there",
            "👍",
            "Yes please",
            "nos vemos",
        ] {
            assert_eq!(answer(said), Some(Answer::Confirmed), "{said}");
        }
        for said in [
            "Cancel my appointment",
            "I can't make it",
            "no puedo ir",
            "X",
            "I need to cancel",
            "we won't be able to come",
        ] {
            assert_eq!(answer(said), Some(Answer::Cancelled), "{said}");
            assert!(!stops(said), "{said}");
        }
        for said in [
            "Can we reschedule?",
            "another day please",
            "¿Puede ser otro día?",
            "Yes but another time",
        ] {
            assert_eq!(answer(said), Some(Answer::OtherTime), "{said}");
        }
        for said in [
            "no",
            "I can't confirm yet",
            "no confirmo",
            "what?",
            "Who is this",
            "🙂",
            "running late",
        ] {
            assert_eq!(answer(said), None, "{said}");
        }
    }

    #[test]
    fn beginning_again_and_help_are_words_alone() {
        assert!(read("START").start && read("Unstop").start && read("empezar").start);
        assert!(!read("When do we start").start);
        assert!(read("help").help && read("AYUDA").help && read("?").help);
        assert!(read("The dog ate my form").is_nothing());
    }
}
