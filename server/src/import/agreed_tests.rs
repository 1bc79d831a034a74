//! Appointments of another system, beside a practice with two sites.

use super::ids::Ids;
use super::mapping::AGREED;
use super::places::Places;
use super::plan::{Planned, Planner};
use super::report::{Counts, Report};
use super::tests::{PERSON, lines};
use chrono::NaiveDate;
use domain::command::Command;
use domain::id::*;
use domain::money::Money;
use domain::practice::{Practitioner, Site};
use domain::row::{Row, Rows};
use domain::schedule::{BookAppointment, ColorToken, ForWhom, VisitType};
use uuid::Uuid;

const NORTH: SiteId = SiteId(Uuid::from_u128(0x21));
const OKAFOR: PractitionerId = PractitionerId(Uuid::from_u128(0x31));

fn places() -> Places {
    let site = |id, name: &str| {
        Row::Site(Site {
            id,
            billing_entity_id: BillingEntityId(Uuid::from_u128(1)),
            name: name.into(),
            time_zone: "America/Chicago".into(),
            address: String::new(),
            place_of_service: "11".into(),
        })
    };
    Places::of([
        site(NORTH, "North Clinic"),
        site(SiteId(Uuid::from_u128(0x22)), "South Clinic"),
        Row::Practitioner(Practitioner {
            id: OKAFOR,
            family_name: "Okafor".into(),
            given_name: "Ada".into(),
            credentials: Some("MD".into()),
            npi: Some("1234567893".into()),
            taxonomy_code: None,
            site_ids: vec![NORTH],
            active: true,
        }),
        Row::VisitType(VisitType {
            id: VisitTypeId(Uuid::from_u128(0x41)),
            name: "Follow-up".into(),
            minutes: 15,
            grid_minutes: 15,
            before_minutes: 0,
            after_minutes: 0,
            capacity: 1,
            resource_kinds: Vec::new(),
            for_whom: ForWhom::Anyone,
            min_age: None,
            max_age: None,
            referral_needed: false,
            price_amount: None::<Money>,
            color: ColorToken::Slate,
            online: false,
            lead_minutes: 0,
            horizon_days: 365,
            daily_cap: None,
            instructions: None,
            questionnaire_ids: Vec::new(),
            active: true,
        }),
    ])
}

fn taken(appointments: &[String]) -> (Vec<BookAppointment>, Report) {
    let text = [
        r#"{"resourceType":"Location","id":"l","name":"NORTH CLINIC"}"#.to_owned(),
        r#"{"resourceType":"Practitioner","id":"p","name":[{"family":"Okafor"}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}]}"#.to_owned(),
        format!(r#"{{{PERSON},"id":"1","birthDate":"1980-02-03"}}"#),
    ];
    let text = [&text[..], appointments].concat().join("\n");
    let ids = Ids::new(PracticeId(Uuid::from_u128(7)), "test");
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let (mut planner, mut report) = (Planner::new(ids, today, places()), Report::new(50));
    let mut all: Vec<Planned> = Vec::new();
    for chunk in lines(&text) {
        all.extend(planner.plan(chunk, &Rows::default(), &mut report));
    }
    all.iter().for_each(|one| one.taken(&mut report));
    let bookings = all.into_iter().filter_map(|one| match one.command {
        Command::BookAppointment(args) => Some(args),
        _ => None,
    });
    (bookings.collect(), report)
}

/// One, with whom, where and what for as FHIR says it.
fn appointment(id: &str, status: &str, start: &str, kind: &str, with: &str, at: &str) -> String {
    format!(
        r#"{{"resourceType":"Appointment","id":"{id}","status":"{status}","start":"{start}","minutesDuration":20,"serviceType":[{{"text":"{kind}"}}],"reasonCode":[{{"text":"Blood pressure"}}],"participant":[{{"actor":{{"reference":"Patient/1"}}}},{{"actor":{with}}},{{"actor":{at}}}]}}"#
    )
}

const BY_ID: &str = r#"{"reference":"Practitioner/p"}"#;
const BY_NAME: &str = r#"{"type":"Practitioner","display":"Dr. Ada Okafor, MD"}"#;
const BY_NUMBER: &str = r#"{"type":"Practitioner","identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}}"#;
const NORTH_BY_ID: &str = r#"{"reference":"Location/l"}"#;
const NORTH_BY_NAME: &str = r#"{"type":"Location","display":"North clinic"}"#;
const AT: &str = "2026-12-01T09:00:00-06:00";

#[test]
fn what_was_agreed_on_is_booked_with_the_same_people_and_places() {
    let (bookings, report) = taken(&[
        appointment("a", "booked", AT, "follow-up", BY_ID, NORTH_BY_ID),
        appointment("b", "arrived", AT, "Follow-up", BY_NAME, NORTH_BY_NAME),
        appointment("c", "booked", AT, "Follow-up", BY_NUMBER, NORTH_BY_NAME),
    ]);
    assert_eq!(bookings.len(), 3, "{:?}", report.kinds["Appointment"]);
    for booking in &bookings {
        let place = &booking.place;
        assert_eq!((place.site_id, place.minutes), (NORTH, 20));
        assert_eq!(place.practitioner_ids, [OKAFOR]);
        assert_eq!(place.start_at.to_rfc3339(), "2026-12-01T15:00:00+00:00");
        assert_eq!(booking.reason.as_deref(), Some("Blood pressure"));
        assert_eq!(booking.overbook_reason.as_deref(), Some(AGREED));
    }
    // Who is here by their number is not taken in a second time.
    assert_eq!(report.kinds["Practitioner"].here, 1);
}

#[test]
fn what_is_over_or_not_set_up_here_is_not_booked_and_says_why() {
    let south = r#"{"type":"Location","display":"South Clinic"}"#;
    let (bookings, report) = taken(&[
        appointment(
            "a",
            "booked",
            "2026-11-01T09:00:00-06:00",
            "Follow-up",
            BY_ID,
            NORTH_BY_ID,
        ),
        appointment("b", "cancelled", AT, "Follow-up", BY_ID, NORTH_BY_ID),
        appointment("c", "proposed", AT, "Follow-up", BY_ID, NORTH_BY_ID),
        appointment("d", "booked", "2026-12-01", "Follow-up", BY_ID, NORTH_BY_ID),
        appointment("e", "booked", AT, "Surgery", BY_ID, NORTH_BY_ID),
        appointment("f", "booked", AT, "Follow-up", BY_ID, r#"{"display":"?"}"#),
        appointment("g", "booked", AT, "Follow-up", BY_ID, south),
    ]);
    assert!(bookings.is_empty());
    assert_eq!(
        report.kinds["Appointment"],
        Counts {
            read: 7,
            skipped: 3,
            refused: 4,
            ..Counts::default()
        }
    );
}
