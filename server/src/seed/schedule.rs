//! The demo practice's time: clocks, kinds of visit, rooms, and who works when and where.

use super::people::{id, sites};
use crate::error::{Result, ServerError};
use crate::services::clocks::clock_of;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::command::Command;
use domain::id::*;
use domain::intake::Questionnaire;
use domain::money::Money;
use domain::schedule::*;

/// The zone of both sites.
const ZONE: &str = "America/Chicago";
/// From one site to the other.
const WAY_MINUTES: u16 = 25;

/// Key, name, minutes, price, colour, for whom, what it needs.
type Kind = (
    &'static str,
    &'static str,
    u16,
    &'static str,
    ColorToken,
    ForWhom,
    &'static [&'static str],
);
const KINDS: [Kind; 7] = [
    (
        "new",
        "New patient",
        60,
        "240.00",
        ColorToken::Blue,
        ForWhom::New,
        &["exam_room"],
    ),
    (
        "follow-up",
        "Follow-up",
        15,
        "110.00",
        ColorToken::Teal,
        ForWhom::Anyone,
        &["exam_room"],
    ),
    (
        "sick",
        "Sick visit",
        30,
        "145.00",
        ColorToken::Amber,
        ForWhom::Anyone,
        &["exam_room"],
    ),
    (
        "physical",
        "Yearly physical",
        45,
        "210.00",
        ColorToken::Green,
        ForWhom::Anyone,
        &["exam_room"],
    ),
    (
        "well-child",
        "Well child",
        30,
        "180.00",
        ColorToken::Pink,
        ForWhom::Anyone,
        &["exam_room"],
    ),
    (
        "ultrasound",
        "Ultrasound",
        30,
        "260.00",
        ColorToken::Violet,
        ForWhom::Anyone,
        &["exam_room", "ultrasound"],
    ),
    (
        "video",
        "Video visit",
        15,
        "95.00",
        ColorToken::Slate,
        ForWhom::Anyone,
        &[],
    ),
];

/// Rooms at each site; the last is a device that goes from room to room.
const ROOMS: [(&str, &str); 5] = [
    ("Room 1", "exam_room"),
    ("Room 2", "exam_room"),
    ("Room 3", "exam_room"),
    ("Room 4", "exam_room"),
    ("Ultrasound cart", "ultrasound"),
];

/// A kind of visit, by its key.
pub fn kind(key: &str) -> VisitTypeId {
    VisitTypeId(id(&format!("visit-type:{key}")))
}

/// One of the six practitioners.
pub fn practitioner(n: usize) -> PractitionerId {
    PractitionerId(id(&format!("practitioner:{n}")))
}

/// The commands that say all this.
pub fn commands(at: DateTime<Utc>) -> Result<Vec<Command>> {
    let [maple, harbor] = sites();
    let mut commands = Vec::new();
    for site in [maple, harbor] {
        let clock = clock_of(site, ZONE, at)
            .ok_or_else(|| ServerError::Other(format!("the table of zones lacks {ZONE}")))?;
        commands.push(Command::SetSiteClock(clock));
    }
    commands.push(Command::SetTravel(SetTravel {
        a: maple,
        b: harbor,
        minutes: WAY_MINUTES,
    }));
    for (key, name, minutes, price, color, for_whom, needs) in KINDS {
        let price_amount: Money = price
            .parse()
            .map_err(|_| ServerError::Other(format!("{price} is no amount")))?;
        commands.push(Command::DefineVisitType(VisitType {
            id: kind(key),
            name: name.to_owned(),
            minutes,
            grid_minutes: 15,
            before_minutes: 0,
            after_minutes: 0,
            capacity: 1,
            resource_kinds: needs.iter().map(|need| (*need).to_owned()).collect(),
            for_whom,
            min_age: None,
            max_age: (key == "well-child").then_some(17),
            referral_needed: key == "ultrasound",
            price_amount: Some(price_amount),
            color,
            online: !matches!(key, "ultrasound"),
            lead_minutes: if key == "sick" { 0 } else { 60 },
            horizon_days: 365,
            daily_cap: (key == "physical").then_some(6),
            instructions: (key == "physical").then(|| "Please do not eat for eight hours before.".to_owned()),
            questionnaire_ids: match key {
                "new" => vec![QuestionnaireId(id("questionnaire:1"))],
                "physical" => vec![
                    QuestionnaireId(id("questionnaire:1")),
                    Questionnaire::id_of("phq-9", 1),
                ],
                "sick" => vec![Questionnaire::id_of("pain", 1)],
                _ => Vec::new(),
            },
            active: true,
        }));
    }
    for (at, site) in [maple, harbor].into_iter().enumerate() {
        for (n, (name, kind)) in ROOMS.iter().enumerate() {
            commands.push(Command::DefineResource(Resource {
                id: ResourceId(id(&format!("resource:{at}:{n}"))),
                site_id: site,
                name: (*name).to_owned(),
                kind: (*kind).to_owned(),
                active: true,
            }));
        }
    }
    let from_on = NaiveDate::from_ymd_opt(at.year() - 1, 1, 1).unwrap_or(at.date_naive());
    for n in 0..6 {
        commands.push(Command::SetSchedule(Schedule {
            id: ScheduleId(id(&format!("schedule:{n}"))),
            practitioner_id: practitioner(n),
            site_id: if n % 2 == 0 { maple } else { harbor },
            from_on,
            until_on: None,
            blocks: week(n),
            active: true,
        }));
    }
    Ok(commands)
}

/// Eight to five with an hour at noon, Monday to Friday; the last hour is for those who are sick today. The nurse
/// practitioner and the physician assistant work on Saturday mornings.
fn week(n: usize) -> Vec<Block> {
    let block = |weekday, from: u16, until: u16, only: Option<&str>| Block {
        weekday,
        from_minute: from * 60,
        until_minute: until * 60,
        visit_type_ids: only.map(kind).into_iter().collect(),
        capacity: None,
        providers_percent: None,
    };
    let mut blocks: Vec<Block> = (1..=5)
        .flat_map(|day| {
            [
                block(day, 8, 12, None),
                block(day, 13, 16, None),
                block(day, 16, 17, Some("sick")),
            ]
        })
        .collect();
    if n >= 4 {
        blocks.push(block(6, 9, 13, None));
    }
    blocks
}
