//! Letters to those who are to come again: where they go, and what is in them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::command::{Command, CommandName};
use domain::notices::{
    Audience, Channel, FailReason, NoticeKind, NoticeRule, NoticeState, VoidReason, standard,
};
use domain::patients::*;
use domain::recalls::{Letter, NoLetter, Recall};
use domain::schedule::VisitType;
use domain::text::{Lang, Wording};

const HERE: (&str, &str) = ("Lakeside", "Harbor Point");

fn recall() -> Recall {
    match golden(CommandName::AddRecall) {
        Command::AddRecall(recall) => Recall {
            why: "Ferritin again".into(),
            ..recall
        },
        _ => panic!("it is named so"),
    }
}

fn write(patient: &Patient, rules: &[NoticeRule]) -> Result<Letter, NoLetter> {
    recall().letter(patient, HERE, None, rules, day("2026-03-10"))
}

fn at_address(usage: AddressUse, line1: &str) -> Address {
    Address { usage, ..home(line1) }
}

#[test]
fn it_goes_where_mail_goes_and_in_confidence_to_no_other_place() {
    let mut patient = elena();
    let to = |patient: &Patient| write(patient, &[]).unwrap().to;
    assert_eq!(
        to(&patient),
        ["Elena Delgado", "402 Mill Street", "Brookfield, WI 53005"]
    );
    patient
        .addresses
        .push(at_address(AddressUse::Mailing, "PO Box 9"));
    assert_eq!(to(&patient)[1], "PO Box 9");
    patient.addresses[1].bad = true;
    assert_eq!(
        to(&patient)[1],
        "402 Mill Street",
        "mail came back from the other"
    );
    patient.addresses.push(Address {
        line2: Some("c/o Ng".into()),
        ..at_address(AddressUse::Confidential, "1 Elm")
    });
    assert_eq!(to(&patient)[1..3], ["1 Elm", "c/o Ng"]);
    let none = NoLetter::Notice(NoticeState::Failed(FailReason::NoContact));
    patient.addresses[2].bad = true;
    assert_eq!(write(&patient, &[]).err(), Some(none), "not to her home instead");
    patient.addresses.clear();
    assert_eq!(write(&patient, &[]).err(), Some(none));
    patient.deceased_on = Some(day("2026-01-02"));
    let died = NoLetter::Notice(NoticeState::Void(VoidReason::Deceased));
    assert_eq!(write(&patient, &[]).err(), Some(died));
}

#[test]
fn a_childs_goes_to_who_answers_for_them_unless_it_is_in_confidence() {
    let mut child = Patient {
        birth_on: day("2018-01-01"),
        language: "es-MX".into(),
        ..elena()
    };
    let letter = write(&child, &[]).unwrap();
    assert_eq!(letter.to[..2], ["Madre, padre o tutor de", "Elena Delgado"]);
    assert_eq!(letter.language, Lang::Es);
    child
        .addresses
        .push(at_address(AddressUse::Confidential, "1 Elm"));
    assert_eq!(write(&child, &[]).unwrap().to[0], "Elena Delgado");
}

#[test]
fn of_a_young_persons_visit_no_parent_is_written_to_unless_it_is_one_that_is_offered_to_everybody() {
    let mut patient = Patient {
        birth_on: day("2012-01-01"),
        ..elena()
    };
    assert_eq!(write(&patient, &[]).err(), Some(NoLetter::Theirs));
    let kind = |online| match golden(CommandName::DefineVisitType) {
        Command::DefineVisitType(kind) => VisitType { online, ..kind },
        _ => panic!("it is named so"),
    };
    let of = |patient: &Patient, online| {
        recall().letter(patient, HERE, Some(&kind(online)), &[], day("2026-03-10"))
    };
    assert_eq!(of(&patient, false).err(), Some(NoLetter::Theirs));
    assert_eq!(of(&patient, true).unwrap().to[0], "Parent or guardian of");
    patient
        .addresses
        .push(at_address(AddressUse::Confidential, "1 Elm"));
    assert_eq!(of(&patient, false).unwrap().to[0], "Elena Delgado");
}

#[test]
fn why_they_are_to_come_is_in_no_letter_in_either_language() {
    for (language, words) in [("en", "next visit"), ("es", "próxima visita")] {
        let patient = Patient {
            language: language.into(),
            preferred_name: Some("Nena".into()),
            ..elena()
        };
        let letter = write(&patient, &[]).unwrap();
        let said = [letter.words.subject.as_str(), letter.words.body.as_str()].concat();
        assert!(said.contains(words) && said.contains("Nena"), "{said}");
        assert!(
            said.contains("Lakeside") && said.contains("Harbor Point"),
            "{said}"
        );
        assert!(!said.contains("Ferritin") && !said.contains('{'), "{said}");
    }
}

#[test]
fn it_says_what_the_practices_own_rule_for_such_letters_says_if_that_needs_no_appointment() {
    let rule = NoticeRule {
        kind: NoticeKind::Recall,
        channel: Channel::Letter,
        audience: Audience::Everyone,
        active: true,
        body: Wording::new("{first_name}, come and see us.", "{first_name}, venga a vernos."),
        subject: Wording::new("From {practice}", "De {practice}"),
        ..standard::rules(id(0x9000)).remove(0)
    };
    let body = |rule: NoticeRule| write(&elena(), &[rule]).unwrap().words.body;
    assert_eq!(body(rule.clone()), "Elena, come and see us.");
    let here = recall().site_id;
    let fits = NoticeRule {
        site_ids: vec![here],
        language: Some(Lang::En),
        ..rule.clone()
    };
    assert_eq!(body(fits), "Elena, come and see us.");
    let standard = write(&elena(), &[]).unwrap().words.body;
    let dated = Wording::new("You were here on {date}.", "Estuvo aquí el {date}.");
    for other in [
        NoticeRule {
            active: false,
            ..rule.clone()
        },
        NoticeRule {
            channel: Channel::Email,
            ..rule.clone()
        },
        NoticeRule {
            kind: NoticeKind::Missed,
            ..rule.clone()
        },
        NoticeRule {
            language: Some(Lang::Es),
            ..rule.clone()
        },
        NoticeRule {
            site_ids: vec![domain::id::SiteId(id(0xfffe))],
            ..rule.clone()
        },
        NoticeRule { body: dated, ..rule },
    ] {
        assert_eq!(body(other), standard);
    }
}
