//! What was said at the kiosk: its checks, and its comparison with what is recorded.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::intake::diff::{self, FieldDiff};
use domain::intake::*;
use domain::patients::*;
use domain::text::Lang;
use domain::validate::{FaultCode, Validate, date_from_parts};

/// The faults of Elena's submission after one change, as path and code.
fn faults(change: impl FnOnce(&mut Submission)) -> Vec<(String, FaultCode)> {
    let mut said = elenas_submission();
    change(&mut said);
    said.faults(day("2026-03-10"))
        .0
        .into_iter()
        .map(|fault| (fault.field, fault.code))
        .collect()
}

fn one(field: &str, code: FaultCode) -> Vec<(String, FaultCode)> {
    vec![(field.to_owned(), code)]
}

#[test]
fn every_fault_names_its_field_by_path() {
    use FaultCode::*;
    assert_eq!(faults(|_| {}), []);
    assert_eq!(
        faults(|s| s.identity.phone = "12".into()),
        one("identity.phone", PhoneWrong)
    );
    assert_eq!(faults(|s| s.reason = " ".into()), one("reason", ReasonMissing));
    let address = |s: &mut Submission| s.contact.as_mut().unwrap().address.clone().unwrap();
    let with = |s: &mut Submission, address| s.contact.as_mut().unwrap().address = Some(address);
    let state = |s: &mut Submission| {
        let address = SubmittedAddress {
            state: "Wisconsin".into(),
            ..address(s)
        };
        with(s, address);
    };
    assert_eq!(faults(state), one("contact.address.state", StateWrong));
    let zip = |s: &mut Submission| {
        let address = SubmittedAddress {
            postal_code: "5300".into(),
            ..address(s)
        };
        with(s, address);
    };
    assert_eq!(faults(zip), one("contact.address.postal_code", ZipWrong));
    let email = |s: &mut Submission| s.contact.as_mut().unwrap().email = Some("elena@".into());
    assert_eq!(faults(email), one("contact.email", EmailWrong));
    let coverage = |s: &mut Submission| {
        let new = SubmittedCoverage {
            member_id: "".into(),
            ..submitted_coverage("X")
        };
        s.insurance = InsuranceAnswer::Coverages { coverages: vec![new] };
    };
    assert_eq!(
        faults(coverage),
        one("insurance.coverages[0].member_id", MemberIdMissing)
    );
}

#[test]
fn words_about_oneself_are_not_endless() {
    let long = |s: &mut Submission| s.details.as_mut().unwrap().pronouns = Some("x".repeat(201));
    assert_eq!(faults(long), one("details.pronouns", FaultCode::TooLong));
    let codes = |s: &mut Submission| s.details.as_mut().unwrap().race_codes = vec!["x".repeat(201)];
    assert_eq!(faults(codes), one("details.race_codes", FaultCode::TooLong));
}

#[test]
fn phones_are_written_in_many_ways() {
    for good in [
        "4145550134",
        "(414) 555-0134",
        "1 414 555 0134",
        "+1 414.555.0134",
        "+52 55 5555 0147",
        "414 555 0134 x22",
    ] {
        assert_eq!(faults(|s| s.identity.phone = good.into()), [], "{good}");
    }
    for bad in [
        "555 0134",
        "2 414 555 0134",
        "414 555 013O",
        "+1 234 56",
        "414 555 0134 x123456789",
    ] {
        assert_eq!(
            faults(|s| s.identity.phone = bad.into()),
            one("identity.phone", FaultCode::PhoneWrong),
            "{bad}"
        );
    }
    assert_eq!(
        faults(|s| s.identity.phone = " ".into()),
        one("identity.phone", FaultCode::PhoneMissing)
    );
}

#[test]
fn a_date_in_three_parts_says_which_part_is_missing() {
    use FaultCode::*;
    assert_eq!(date_from_parts("3", "09", " 1984 "), Ok(day("1984-03-09")));
    for (parts, fault) in [
        (["", "9", "1984"], MonthMissing),
        (["3", "", "1984"], DayMissing),
        (["3", "9", ""], YearMissing),
        (["3", "9", "84"], YearMissing),
        (["2", "30", "1984"], NotADate),
        (["-1", "9", "1984"], NotADate),
        (["March", "9", "1984"], NotADate),
    ] {
        assert_eq!(
            date_from_parts(parts[0], parts[1], parts[2]),
            Err(fault),
            "{parts:?}"
        );
    }
}

fn diff_of(recorded: &Patient, change: impl FnOnce(&mut Submission)) -> Vec<FieldDiff> {
    let mut said = elenas_submission();
    change(&mut said);
    diff::against(&said, Some(recorded))
}

fn same(diffs: &[FieldDiff], field: PatientField) -> Option<bool> {
    diffs.iter().find(|d| d.field == field).map(|d| d.same)
}

#[test]
fn capitals_and_punctuation_mean_the_same_and_accents_do_not() {
    let mut recorded = elena();
    recorded.family_name = "O'Neill-Peña".into();
    for (typed, expected) in [
        ("o'neill-peña", true),
        ("ONEILL PEÑA", true),
        ("O’Neill-Pen\u{303}a", true),
        ("O'Neill-Pena", false),
        ("O'Neill", false),
    ] {
        let diffs = diff_of(&recorded, |s| s.identity.family_name = typed.into());
        assert_eq!(same(&diffs, PatientField::FamilyName), Some(expected), "{typed}");
    }
}

#[test]
fn a_street_written_with_other_capitals_and_points_is_the_same_street() {
    let mut recorded = elena();
    recorded.addresses[0].line1 = "402 mill st".into();
    let typed = |line1: &str| SubmittedAddress {
        line1: line1.into(),
        line2: Some(" ".into()),
        city: "BROOKFIELD".into(),
        state: "wi".into(),
        postal_code: "53005".into(),
    };
    for (line1, expected) in [("402 Mill St.", true), ("404 Mill St.", false)] {
        let diffs = diff_of(&recorded, |s| {
            s.contact.as_mut().unwrap().address = Some(typed(line1))
        });
        assert_eq!(same(&diffs, PatientField::HomeAddress), Some(expected));
    }
}

#[test]
fn an_emails_points_matter_and_its_capitals_do_not() {
    let mut recorded = elena();
    recorded.telecoms.push(ContactPoint {
        system: TelecomSystem::Email,
        usage: TelecomUse::Home,
        value: "elena.d@example.org".into(),
        may_text: false,
    });
    for (typed, expected) in [("Elena.D@example.org", true), ("elenad@example.org", false)] {
        let diffs = diff_of(&recorded, |s| {
            s.contact.as_mut().unwrap().email = Some(typed.into())
        });
        assert_eq!(same(&diffs, PatientField::Email), Some(expected), "{typed}");
    }
}

#[test]
fn a_phone_is_the_same_with_or_without_its_one_but_not_when_texting_is_taken_back() {
    let typed = |phone: &str, may_text| {
        diff_of(&elena(), |s| {
            s.identity.phone = phone.into();
            s.contact.as_mut().unwrap().may_text = may_text;
        })
    };
    assert_eq!(
        same(&typed("+1 (414) 555-0134", true), PatientField::MobilePhone),
        Some(true)
    );
    assert_eq!(
        same(&typed("414 555 0134", false), PatientField::MobilePhone),
        Some(false)
    );
    assert_eq!(
        same(&typed("414 555 0135", true), PatientField::MobilePhone),
        Some(false)
    );
}

#[test]
fn a_kiosk_never_removes_what_was_left_empty() {
    let mut recorded = elena();
    recorded.middle_name = Some("M".into());
    recorded.gender_identity = Some("woman".into());
    recorded.race_codes = vec!["2106-3".into()];
    let diffs = diff_of(&recorded, |s| {
        s.details.as_mut().unwrap().sex = domain::patients::Sex::Unknown;
        s.identity.preferred_name = Some(" ".into());
        s.contact.as_mut().unwrap().address = None;
        s.contact.as_mut().unwrap().email = None;
    });
    use PatientField::*;
    for field in [
        MiddleName,
        GenderIdentity,
        RaceCodes,
        Sex,
        PreferredName,
        HomeAddress,
        Email,
    ] {
        assert_eq!(same(&diffs, field), None, "{field:?}");
    }
    assert!(diffs.iter().all(|d| !d.submitted.is_null()));
}

#[test]
fn a_section_left_unchanged_proposes_nothing_and_keeps_the_choice_about_texting() {
    let diffs = diff_of(&elena(), |s| {
        s.details = None;
        s.contact = None;
        s.identity.phone = "414 555 0134".into();
    });
    assert_eq!(same(&diffs, PatientField::MobilePhone), Some(true));
}

#[test]
fn the_recorded_dialect_stays_when_the_screen_speaks_its_language() {
    let with = |language: &str| Patient {
        language: language.into(),
        ..elena()
    };
    for (recorded, proposed) in [
        ("es-MX", None),
        ("es", None),
        ("en", Some(false)),
        ("est", Some(false)),
    ] {
        let diffs = diff_of(&with(recorded), |s| s.language = Lang::Es);
        assert_eq!(same(&diffs, PatientField::Language), proposed, "{recorded}");
    }
    let diffs = diff_of(&with("vi"), |s| s.language = Lang::En);
    assert_eq!(
        same(&diffs, PatientField::Language),
        None,
        "who reads English here may still speak Vietnamese"
    );
}

#[test]
fn fields_are_compared_in_the_order_in_which_they_are_shown() {
    let diffs = diff_of(&elena(), |_| {});
    assert!(diffs.windows(2).all(|pair| pair[0].field < pair[1].field));
}

#[test]
fn nothing_that_was_said_reaches_a_log_by_way_of_debug() {
    let said = elenas_submission();
    let logged = format!(
        "{said:?} {:?} {:?} {:?} {:?}",
        said.identity,
        said.insurance,
        history().answers,
        submit(N, said.clone())
    );
    for secret in ["Elena", "Delgado", "414 555", "LKS-900", "oído", "never", "1984"] {
        assert!(!logged.contains(secret), "{logged}");
    }
}
