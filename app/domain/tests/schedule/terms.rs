//! On what terms someone is booked: the payer, new patients, and who must be there beside.

use crate::common::*;
use crate::stand::*;
use domain::access::Role;
use domain::command::Command;
use domain::coverage::{Coverage, PayerOrder, RecordCoverage};
use domain::decide::{Refusal, RefusalCode};
use domain::id::*;
use domain::patients::{IdentityStatus, Patient};
use domain::row::{Entity, Row};
use domain::schedule::book::Book;
use domain::schedule::rework::rework;
use domain::schedule::slots::{Search, open_slots};
use domain::schedule::*;
use proptest::prelude::*;

fn set(world: &mut World, change: impl FnOnce(&mut PractitionerTerms)) {
    let mut terms = PractitionerTerms::new(OKAFOR);
    change(&mut terms);
    owner(world, Command::SetPractitionerTerms(terms));
}

fn owner(world: &mut World, command: Command) {
    world.acting(Role::Owner, "Olive", |world| world.give(command));
}

fn enrolled(payer: &str) -> Enrolment {
    Enrolment {
        payer_name: payer.into(),
        payer_code: None,
        site_ids: Vec::new(),
        from_on: None,
        until_on: None,
    }
}

fn insure(world: &mut World, n: u128, patient: PatientId, change: impl FnOnce(&mut Coverage)) {
    let mut coverage = coverage(n, patient, "LKS 1");
    change(&mut coverage);
    world.give(Command::RecordCoverage(RecordCoverage {
        coverage,
        replaces_from: None,
    }));
}

/// What wants a reason before Elena is booked; nothing when she is.
fn wants(world: &mut World, asked: BookAppointment) -> Option<String> {
    let refusal = world.ask(&Command::BookAppointment(asked)).err()?;
    assert_eq!(refusal.code, RefusalCode::NeedsReason);
    Some(why(&refusal).to_owned())
}

#[test]
fn who_is_in_the_house_or_came_over_from_another_system_is_no_new_patient() {
    let (mut world, elena) = clinic();
    set(&mut world, |terms| terms.accepts_new = false);
    let asked = book(900, elena, "2026-03-12 09:00");
    let new = Some("NoNewPatients".to_owned());
    assert_eq!(wants(&mut world, asked.clone()), new);
    let mut today = book(800, elena, "2026-03-10 10:00");
    today.place.practitioner_ids = vec![FERRER];
    today.overbook_reason = Some("Came without a time".into());
    world.give(Command::BookAppointment(today));
    assert_eq!(wants(&mut world, asked.clone()), new);
    world.give(Command::SetAppointmentState(SetAppointmentState {
        appointment_id: AppointmentId(id(800)),
        patient_id: elena,
        state: AppointmentState::Arrived,
        from: None,
        note: None,
    }));
    assert_eq!(wants(&mut world, asked.clone()), None, "they are seen today");
    let (mut moved_here, elena) = clinic();
    set(&mut moved_here, |terms| terms.accepts_new = false);
    if let Some(Row::Patient(patient)) = moved_here.rows.row(Entity::Patient, elena.0).cloned() {
        moved_here.rows.put(Row::Patient(Patient {
            identity: IdentityStatus::Imported,
            ..patient
        }));
    }
    assert_eq!(wants(&mut moved_here, asked), None);
}

#[test]
fn the_payer_who_pays_first_is_one_whom_the_practitioner_may_bill_there_on_that_day() {
    let (mut world, elena) = clinic();
    let asked = book(900, elena, "2026-03-11 09:00");
    let not = Some("NotEnrolled".to_owned());
    set(&mut world, |terms| terms.enrolments = vec![enrolled("Medicare")]);
    assert_eq!(wants(&mut world, asked.clone()), None, "nobody insures her");
    insure(&mut world, 50, elena, |coverage| {
        coverage.payer_order = PayerOrder::Secondary;
        coverage.payer_name = "MEDICARE.".into();
    });
    assert_eq!(
        wants(&mut world, asked.clone()),
        None,
        "by its name, as it is read out"
    );
    insure(&mut world, 51, elena, |_| {});
    assert_eq!(
        wants(&mut world, asked.clone()),
        not,
        "Lakeside Health pays first"
    );
    let paid = BookAppointment {
        scenario: Scenario::SelfPay,
        ..asked.clone()
    };
    assert_eq!(wants(&mut world, paid), None);
    let with = |world: &mut World, change: &dyn Fn(&mut Enrolment)| {
        let mut one = enrolled(" lakeside  HEALTH");
        change(&mut one);
        set(world, |terms| terms.enrolments = vec![enrolled("Medicare"), one]);
        wants(world, asked.clone())
    };
    assert_eq!(with(&mut world, &|_| {}), None);
    assert_eq!(with(&mut world, &|one| one.site_ids = vec![SOUTH]), not);
    assert_eq!(with(&mut world, &|one| one.site_ids = vec![SOUTH, NORTH]), None);
    assert_eq!(
        with(&mut world, &|one| one.from_on = Some(day("2026-03-12"))),
        not
    );
    assert_eq!(
        with(&mut world, &|one| one.until_on = Some(day("2026-03-10"))),
        not
    );
    let only_then = |one: &mut Enrolment| {
        (one.from_on, one.until_on) = (Some(day("2026-03-11")), Some(day("2026-03-11")));
    };
    assert_eq!(with(&mut world, &only_then), None);
    set(&mut world, |_| {});
    assert_eq!(wants(&mut world, asked), None, "while nobody entered a payer");
}

#[test]
fn two_electronic_ids_are_compared_and_a_name_only_where_one_is_missing() {
    let known = |code: Option<&str>| Coverage {
        payer_code: code.map(str::to_owned),
        ..coverage(50, PatientId(id(10)), "LKS 1")
    };
    let own = |name: &str, code: Option<&str>| Enrolment {
        payer_code: code.map(str::to_owned),
        ..enrolled(name)
    };
    assert!(own("Something else", Some("lks01")).is_with(&known(Some("LKS01 "))));
    assert!(!own("Lakeside Health", Some("LKS02")).is_with(&known(Some("LKS01"))));
    assert!(own("Lakeside Health", Some("LKS02")).is_with(&known(None)));
    assert!(!own("Lakeshore Health", None).is_with(&known(Some("LKS01"))));
}

#[test]
fn a_reason_books_it_all_the_same_and_is_kept_and_old_pages_are_spared_it() {
    let (mut world, elena) = clinic();
    insure(&mut world, 50, elena, |_| {});
    set(&mut world, |terms| terms.enrolments = vec![enrolled("Medicare")]);
    let mut asked = book(900, elena, "2026-03-11 09:00");
    asked.overbook_reason = Some("The contract is signed".into());
    world.give(Command::BookAppointment(asked.clone()));
    let made = appointment(&world, 900);
    assert_eq!(made.warnings, [Finding::NotEnrolled]);
    assert_eq!(made.steps[0].note.as_deref(), Some("The contract is signed"));
    assert_eq!(Row::Appointment(made).edition(), 5);
    asked.appointment_id = AppointmentId(id(901));
    asked.scenario = Scenario::SelfPay;
    asked.place.start_at = wall("2026-03-12 09:00");
    world.give(Command::BookAppointment(asked));
    assert_eq!(Row::Appointment(appointment(&world, 901)).edition(), 2);
    // It is found again wherever the visit goes.
    let moved = Command::MoveAppointment(MoveAppointment {
        appointment_id: AppointmentId(id(900)),
        patient_id: elena,
        visit_type_id: VISIT,
        from_at: wall("2026-03-11 09:00"),
        place: place("2026-03-13 09:00"),
        overbook_reason: None,
    });
    assert_eq!(why(&world.refused(moved)), "NotEnrolled");
}

#[test]
fn who_takes_no_new_patients_sees_those_who_came_within_three_years() {
    let (mut world, elena) = clinic();
    world.give(Command::BookAppointment(book(900, elena, "2026-03-10 11:00")));
    set(&mut world, |terms| terms.accepts_new = false);
    let none = Some("NoNewPatients".to_owned());
    let next = book(901, elena, "2026-03-12 09:00");
    assert_eq!(
        wants(&mut world, next.clone()),
        none,
        "she was booked, and not seen yet"
    );
    let mut with_ferrer = next.clone();
    with_ferrer.place.practitioner_ids = vec![FERRER];
    assert_eq!(wants(&mut world, with_ferrer), None, "others go on taking them");
    let Some(Row::Appointment(mut seen)) = world.rows.row(Entity::Appointment, id(900)).cloned() else {
        panic!("it was booked")
    };
    seen.state = AppointmentState::CheckedOut;
    world.rows.put(Row::Appointment(seen.clone()));
    assert_eq!(wants(&mut world, next.clone()), None);
    seen.start_at -= chrono::Duration::days(3 * 366);
    world.rows.put(Row::Appointment(seen));
    assert_eq!(wants(&mut world, next), none);
}

#[test]
fn one_of_those_who_supervise_works_there_at_that_time() {
    let (mut world, elena) = clinic();
    let ken = PractitionerId(id(0x77));
    set(&mut world, |terms| terms.supervised_by = vec![FERRER]);
    let away = Some("SupervisorAway".to_owned());
    let at_nine = book(900, elena, "2026-03-11 09:00");
    assert_eq!(wants(&mut world, at_nine.clone()), None);
    let mut south = at_nine.clone();
    south.place.site_id = SOUTH;
    assert_eq!(wants(&mut world, south), away, "Dr. Ferrer is never there");
    let gone = ScheduleOverride {
        id: ScheduleOverrideId(id(0x91)),
        practitioner_id: FERRER,
        site_id: Some(NORTH),
        from_on: day("2026-03-11"),
        until_on: day("2026-03-11"),
        blocks: vec![hours(3, 12 * 60, 17 * 60)],
        reason: "Surgery".into(),
        withdrawn: false,
    };
    world.give(Command::BookAppointment(book(901, elena, "2026-03-11 10:00")));
    owner(&mut world, Command::SetOverride(gone));
    assert_eq!(wants(&mut world, at_nine.clone()), away);
    let booked = appointment(&world, 901);
    let listed = |world: &World| {
        let book = Book::of(world.rows.iter(), world.now);
        let all = rework(&book, [&booked], world.now);
        all.iter().flat_map(|one| one.why.clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&world), [Finding::SupervisorAway]);
    // Half of it with one of them, half with the other: somebody is there all the time.
    let mut other = match world.rows.row(Entity::Practitioner, FERRER.0) {
        Some(Row::Practitioner(row)) => row.clone(),
        _ => panic!("it was recorded"),
    };
    other.id = ken;
    owner(&mut world, Command::RecordPractitioner(other.clone()));
    let mut mornings = schedule(0x69, ken, NORTH);
    mornings.blocks = vec![hours(3, 9 * 60, 12 * 60)];
    owner(&mut world, Command::SetSchedule(mornings));
    set(&mut world, |terms| terms.supervised_by = vec![FERRER, ken]);
    assert_eq!(listed(&world), []);
    let mut over_noon = at_nine.clone();
    over_noon.place.start_at = wall("2026-03-11 11:45");
    assert_eq!(wants(&mut world, over_noon), None);
    other.active = false;
    owner(&mut world, Command::RecordPractitioner(other));
    assert_eq!(wants(&mut world, at_nine), away, "who left supervises nobody");
}

#[test]
fn patients_take_no_time_that_terms_speak_against() {
    let (mut world, elena) = clinic();
    insure(&mut world, 50, elena, |_| {});
    let alone = |world: &mut World| -> Option<Refusal> {
        let asked = Command::BookAppointment(book(900, elena, "2026-03-11 09:00"));
        world.acting(Role::Patient, "Elena", |world| world.ask(&asked).err())
    };
    for (change, found) in [
        (
            (|terms| terms.enrolments = vec![enrolled("Medicare")]) as fn(&mut PractitionerTerms),
            "NotEnrolled",
        ),
        (|terms| terms.accepts_new = false, "NoNewPatients"),
        (|terms| terms.supervised_by = vec![GONE], "SupervisorAway"),
    ] {
        let gone = Command::RecordPractitioner(domain::practice::Practitioner {
            id: GONE,
            family_name: "Gone".into(),
            given_name: "A".into(),
            credentials: None,
            npi: None,
            taxonomy_code: None,
            site_ids: Vec::new(),
            active: true,
        });
        owner(&mut world, gone);
        set(&mut world, change);
        let refusal = alone(&mut world).unwrap();
        assert_eq!((refusal.code, why(&refusal)), (RefusalCode::CannotBook, found));
    }
    set(&mut world, |_| {});
    assert!(alone(&mut world).is_none());
}

const GONE: PractitionerId = PractitionerId(uuid::Uuid::from_u128(0xb9));

#[test]
fn terms_that_make_no_sense_are_refused_by_their_field() {
    let (mut world, _) = clinic();
    let mut refused = |change: &dyn Fn(&mut PractitionerTerms)| {
        let mut terms = PractitionerTerms::new(OKAFOR);
        change(&mut terms);
        let command = Command::SetPractitionerTerms(terms);
        let refusal = world.acting(Role::Owner, "Olive", |world| world.refused(command));
        let said = refusal.params.get("field").or(refusal.params.get("what"));
        said.cloned().unwrap_or_default()
    };
    let one = |change: fn(&mut Enrolment)| {
        move |terms: &mut PractitionerTerms| {
            let mut one = enrolled("Medicare");
            change(&mut one);
            terms.enrolments = vec![one];
        }
    };
    assert_eq!(
        refused(&|terms| terms.supervised_by = vec![OKAFOR]),
        "supervised_by"
    );
    assert_eq!(refused(&|terms| terms.supervised_by = vec![GONE]), "practitioner");
    assert_eq!(refused(&|terms| terms.id = GONE), "practitioner");
    assert_eq!(refused(&one(|one| one.payer_name = "  ".into())), "payer_name");
    assert_eq!(
        refused(&one(|one| one.payer_code = Some("\n".into()))),
        "payer_code"
    );
    assert_eq!(refused(&one(|one| one.site_ids = vec![SiteId(id(0x59))])), "site");
    let backwards = |one: &mut Enrolment| {
        (one.from_on, one.until_on) = (Some(day("2026-02-02")), Some(day("2026-02-01")));
    };
    assert_eq!(refused(&one(backwards)), "until_on");
    let many = |terms: &mut PractitionerTerms| terms.enrolments = vec![enrolled("Medicare"); 201];
    assert_eq!(refused(&many), "enrolments");
    for role in [Role::FrontDesk, Role::Biller, Role::Practitioner, Role::Patient] {
        let command = Command::SetPractitionerTerms(PractitionerTerms::new(OKAFOR));
        let refusal = world.acting(role, "Somebody", |world| world.refused(command));
        assert_eq!(refusal.code, RefusalCode::NotAllowed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_time_is_offered_when_it_would_be_without_supervision_and_somebody_supervises(
        shifts in proptest::collection::vec((any::<bool>(), 30u16..70, 1u16..20), 0..5),
        away in any::<bool>(),
    ) {
        let (mut world, elena) = clinic();
        let ken = PractitionerId(id(0x77));
        let other = domain::practice::Practitioner {
            id: ken,
            family_name: "Moss".into(),
            given_name: "Ken".into(),
            credentials: None,
            npi: None,
            taxonomy_code: None,
            site_ids: vec![NORTH],
            active: true,
        };
        owner(&mut world, Command::RecordPractitioner(other));
        for (n, who) in [(0x63, FERRER), (0x69, ken)] {
            let own = shifts.iter().filter(|(of_ken, ..)| *of_ken == (who == ken));
            let blocks = own.map(|(_, from, long)| hours(3, from * 15, (from + long) * 15)).collect();
            owner(&mut world, Command::SetSchedule(Schedule { blocks, ..schedule(n, who, NORTH) }));
        }
        if away {
            owner(&mut world, Command::SetOverride(ScheduleOverride {
                id: ScheduleOverrideId(id(0x91)),
                practitioner_id: ken,
                site_id: None,
                from_on: day("2026-03-11"),
                until_on: day("2026-03-11"),
                blocks: Vec::new(),
                reason: "Away".into(),
                withdrawn: false,
            }));
        }
        let offered = |world: &World| {
            let search = Search {
                visit_type_id: VISIT,
                practitioner_ids: vec![OKAFOR],
                site_ids: vec![NORTH],
                from_on: day("2026-03-11"),
                until_on: day("2026-03-11"),
                video: false,
                now: world.now,
                device_id: None,
                appointment_id: None,
            };
            let slots = open_slots(&Book::of(world.rows.iter(), world.now), &search);
            slots.into_iter().map(|slot| slot.start_at).collect::<Vec<_>>()
        };
        let alone = offered(&world);
        set(&mut world, |terms| terms.supervised_by = vec![FERRER, ken]);
        let beside = offered(&world);
        for start in alone {
            // Each quarter of an hour of the visit lies within a shift of one who is not away.
            let midnight = wall("2026-03-11 00:00");
            let quarter = (start - midnight).num_minutes() / 15;
            let there = |quarter: i64| shifts.iter().any(|(of_ken, from, long)| {
                !(away && *of_ken) && (i64::from(*from)..i64::from(from + long)).contains(&quarter)
            });
            let expected = there(quarter) && there(quarter + 1);
            prop_assert_eq!(beside.contains(&start), expected, "{}", start);
            let mut asked = book(990, elena, "2026-03-11 09:00");
            asked.place.start_at = start;
            prop_assert_eq!(wants(&mut world, asked).is_none(), expected);
        }
    }
}
