//! Which changes go where: who comes, who goes, and where an answer begins.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use domain::access::Role;
use domain::id::*;
use domain::patients::Membership;
use domain::practice::{Device, DeviceKind, WorkforceMember};
use domain::row::Row;
use domain::schedule::{Appointment, AppointmentState, Mode, Scenario, Step};
use domain::scope::Scope;
use sync::sim::made::at;
use sync::visible::*;
use sync::wire::{Change, Cursor};
use uuid::Uuid;

fn site(n: u128) -> SiteId {
    SiteId(Uuid::from_u128(n))
}

fn of(n: u128) -> Membership {
    Membership::new(PatientId(Uuid::from_u128(9))).with_site(site(n))
}

fn here() -> Scope {
    Scope {
        sites: Some([site(1)].into()),
        practitioner: None,
    }
}

fn going(before: Option<Membership>, since: &[u128], registered: bool) -> (usize, usize) {
    let moved = Moved {
        patient: PatientId(Uuid::from_u128(9)),
        before,
        since: since.iter().map(|n| of(*n)).collect(),
        registered,
    };
    let moves = moves(&here(), &[moved]);
    (moves.evict.len(), moves.gained.len())
}

#[test]
fn who_leaves_is_evicted_and_who_comes_is_sent_whole() {
    assert_eq!(going(Some(of(1)), &[2], false), (1, 0));
    assert_eq!(going(Some(of(2)), &[1], false), (0, 1));
    assert_eq!(
        going(None, &[2], false),
        (1, 0),
        "before, they were the whole practice's"
    );
    assert_eq!(going(None, &[1], false), (0, 0));
    assert_eq!(
        going(None, &[2], true),
        (0, 0),
        "a record that was made elsewhere"
    );
    assert_eq!(going(None, &[1, 2], true), (1, 0));
    assert_eq!(
        going(Some(of(1)), &[2, 1], false),
        (0, 1),
        "what it missed meanwhile"
    );
    assert_eq!(
        going(Some(of(2)), &[1, 2], false),
        (1, 0),
        "another page may have sent it"
    );
}

#[test]
fn an_answer_begins_anew_in_another_history_scope_or_age() {
    let [epoch, other] = [1, 2].map(Uuid::from_u128);
    let cursor = |epoch, scope: &str, rev| Cursor {
        epoch,
        rev,
        scope: scope.to_owned(),
    };
    let asked = |cursor: Option<Cursor>| stand(cursor.as_ref(), epoch, "all", 10);
    assert_eq!(asked(None), Stand::Beginning { reset: false });
    assert_eq!(asked(Some(cursor(epoch, "all", 10))), Stand::After(10));
    for lost in [
        cursor(epoch, "all", 9),
        cursor(other, "all", 10),
        cursor(epoch, "s1-x", 10),
        cursor(epoch, "", 10),
    ] {
        assert_eq!(asked(Some(lost)), Stand::Beginning { reset: true });
    }
}

#[test]
fn a_scope_follows_from_who_works_where() {
    let member = |role, sites: &[u128]| WorkforceMember {
        id: WorkforceMemberId(Uuid::from_u128(1)),
        login: "m".into(),
        display_name: "M".into(),
        role,
        site_ids: sites.iter().map(|n| site(*n)).collect(),
        practitioner_id: Some(PractitionerId(Uuid::from_u128(5))),
        active: true,
    };
    let device = Device {
        id: DeviceId(Uuid::from_u128(1)),
        kind: DeviceKind::Staff,
        label: "Desk".into(),
        site_id: Some(site(3)),
        enrolled_at: at("2026-03-10T15:00:00Z"),
        revoked_at: None,
    };
    let sites = |scope: &Scope| {
        scope
            .sites
            .as_ref()
            .map(|sites| sites.iter().copied().collect::<Vec<_>>())
    };
    for role in [Role::Owner, Role::Biller, Role::Auditor, Role::Service] {
        assert_eq!(Scope::of(&member(role, &[1]), Some(&device)), Scope::everything());
    }
    for role in [Role::FrontDesk, Role::Nurse] {
        assert_eq!(
            sites(&Scope::of(&member(role, &[1]), Some(&device))),
            Some(vec![site(3)])
        );
        assert_eq!(sites(&Scope::of(&member(role, &[1]), None)), Some(vec![site(1)]));
        assert_eq!(Scope::of(&member(role, &[]), None).key(), "all");
    }
    let doctor = Scope::of(&member(Role::Practitioner, &[1]), Some(&device));
    assert_eq!(
        (sites(&doctor), doctor.practitioner),
        (Some(vec![site(1)]), Some(PractitionerId(Uuid::from_u128(5))))
    );
    let mut panel = of(2);
    assert!(!doctor.holds(Some(&panel)));
    panel.practitioner_ids.push(PractitionerId(Uuid::from_u128(5)));
    assert!(doctor.holds(Some(&panel)) && doctor.holds(None));
    assert_ne!(doctor.key(), here().key());
    assert!(doctor.key().len() < 30 && doctor.key().is_ascii());
}

/// A visit of someone who belongs to site 2.
fn visit(site_id: SiteId, state: AppointmentState, moved_site_id: Option<SiteId>) -> Change {
    let start = at("2026-03-11T15:00:00Z");
    Change {
        rev: 1,
        ord: 0,
        command_id: CommandId(Uuid::from_u128(1)),
        row: Row::Appointment(Appointment {
            id: AppointmentId(Uuid::from_u128(7)),
            patient_id: PatientId(Uuid::from_u128(9)),
            site_id,
            visit_type_id: VisitTypeId(Uuid::from_u128(7)),
            practitioner_ids: vec![PractitionerId(Uuid::from_u128(5))],
            resource_ids: Vec::new(),
            start_at: start,
            end_at: at("2026-03-11T15:30:00Z"),
            wall: start.naive_utc(),
            mode: Mode::InPerson,
            scenario: Scenario::Insurance,
            reason: None,
            referral: None,
            series_id: None,
            state,
            overbook_reason: None,
            warnings: Vec::new(),
            cancel_reason: None,
            cancelled_by: None,
            cancelled_late: false,
            steps: vec![Step {
                state,
                entered_at: start,
                recorded_at: start,
                by: "Maria".into(),
                device_id: DeviceId(Uuid::from_u128(1)),
                moved_from_at: moved_site_id.map(|_| start),
                moved_site_id,
                note: None,
            }],
        }),
    }
}

#[test]
fn a_visit_is_told_where_it_takes_place_and_goes_when_it_is_over_or_moved_away() {
    use AppointmentState::{Booked, Completed};
    let told = |change: Change| {
        let sifted = sift(&here(), |_| true, |_| Some(of(2)), |_| false, [change]);
        (sifted.changes.len(), sifted.evict_rows.len())
    };
    assert_eq!(told(visit(site(1), Booked, None)), (1, 0));
    assert_eq!(told(visit(site(1), Completed, None)), (0, 1), "it is over");
    assert_eq!(
        told(visit(site(2), Booked, Some(site(1)))),
        (0, 1),
        "it was moved away"
    );
    assert_eq!(
        told(visit(site(2), Booked, Some(site(3)))),
        (0, 0),
        "it never was here"
    );
    assert_eq!(told(visit(site(2), Completed, None)), (0, 0));
    let mine = sift(
        &here(),
        |_| true,
        |_| Some(of(1)),
        |_| false,
        [visit(site(2), Completed, None)],
    );
    assert_eq!(
        mine.changes.len(),
        1,
        "whoever has the patient has all their visits"
    );
}

#[test]
fn what_was_in_a_record_that_it_was_joined_with_leaves_who_may_not_see_it() {
    let told = |joined: bool, belongs: u128| {
        let page = [visit(site(2), AppointmentState::Booked, None)];
        let joined = |patient: PatientId| joined && patient == PatientId(Uuid::from_u128(9));
        let sifted = sift(&here(), |_| true, |_| Some(of(belongs)), joined, page);
        (sifted.changes.len(), sifted.evict_rows.len())
    };
    assert_eq!(told(true, 2), (0, 1), "it may have been in the other's record");
    assert_eq!(told(false, 2), (0, 0), "it never was here");
    assert_eq!(told(true, 1), (1, 0), "whoever may see it keeps it");
}
