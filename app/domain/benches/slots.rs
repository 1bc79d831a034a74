//! # The slot search
//!
//! Twelve practitioners at two sites with eight rooms, ninety days ahead, six in ten of their hours taken: how long it
//! takes to sort the rows of the replica for asking, to find every open slot, and to find the first twenty.
//!
//! `cargo bench -p domain --bench slots`. The figures belong to the machine.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, Days, Duration, NaiveDate, Offset, TimeZone, Utc};
use domain::id::*;
use domain::practice::Practitioner;
use domain::row::Row;
use domain::schedule::book::Book;
use domain::schedule::slots::{Search, first_available, open_slots};
use domain::schedule::*;
use std::io::Write;
use std::time::Instant;
use uuid::Uuid;

const PRACTITIONERS: u128 = 12;
const SITES: u128 = 2;
const ROOMS: u128 = 8;
const DAYS: u64 = 90;
const REPEATS: usize = 9;

fn practitioner(n: u128) -> PractitionerId {
    PractitionerId(Uuid::from_u128(0x100 + n))
}

fn site(n: u128) -> SiteId {
    SiteId(Uuid::from_u128(0x200 + n % SITES))
}

fn room(n: u128) -> ResourceId {
    ResourceId(Uuid::from_u128(0x300 + n))
}

fn kind() -> VisitType {
    VisitType {
        id: VisitTypeId(Uuid::from_u128(1)),
        name: "Visit".into(),
        minutes: 30,
        grid_minutes: 15,
        before_minutes: 0,
        after_minutes: 5,
        capacity: 1,
        resource_kinds: vec!["exam_room".into()],
        for_whom: ForWhom::Anyone,
        min_age: None,
        max_age: None,
        referral_needed: false,
        price_amount: None,
        color: ColorToken::Blue,
        online: true,
        lead_minutes: 60,
        horizon_days: 365,
        daily_cap: Some(20),
        instructions: None,
        questionnaire_ids: Vec::new(),
        active: true,
    }
}

fn busy(n: u128, holder: HolderKind, holder_id: Uuid, place: u128, start_at: DateTime<Utc>) -> Row {
    let end_at = start_at + Duration::minutes(30);
    Row::Busy(Busy {
        id: BusyId(Uuid::from_u128(0x10_0000 + n)),
        appointment_id: AppointmentId(Uuid::from_u128(0x20_0000 + n / 2)),
        holder,
        holder_id,
        site_id: site(place),
        visit_type_id: kind().id,
        start_at,
        end_at,
        from_at: start_at,
        until_at: end_at + Duration::minutes(5),
        capacity: 1,
        lane: None,
        video: false,
        status: BusyStatus::Busy,
        expires_at: None,
    })
}

/// Everything that a device of the practice would hold.
fn rows(first: NaiveDate, clock: &SiteClock) -> Vec<Row> {
    let mut rows = vec![Row::VisitType(kind())];
    for n in 0..SITES {
        rows.push(Row::SiteClock(SiteClock {
            id: site(n),
            ..clock.clone()
        }));
        rows.push(Row::SiteTravel(SiteTravel::new(site(n)).with(site(n + 1), 20)));
    }
    rows.extend((0..ROOMS).map(|n| {
        Row::Resource(Resource {
            id: room(n),
            site_id: site(n),
            name: format!("Room {n}"),
            kind: "exam_room".into(),
            active: true,
        })
    }));
    let block = |weekday, from_minute, until_minute| Block {
        weekday,
        from_minute,
        until_minute,
        visit_type_ids: Vec::new(),
        capacity: None,
        providers_percent: None,
    };
    let mut count = 0;
    for n in 0..PRACTITIONERS {
        rows.push(Row::Practitioner(Practitioner {
            id: practitioner(n),
            family_name: "Someone".into(),
            given_name: String::new(),
            credentials: None,
            npi: None,
            taxonomy_code: None,
            site_ids: (0..SITES).map(site).collect(),
            active: true,
        }));
        for at in 0..SITES {
            // Mondays, Wednesdays and Fridays at one site, the other days at the other.
            let own = |day: &u8| u128::from(day % 2) == (n + at) % 2;
            let blocks = (1..=6u8).filter(own);
            rows.push(Row::Schedule(Schedule {
                id: ScheduleId(Uuid::from_u128(0x400 + n * SITES + at)),
                practitioner_id: practitioner(n),
                site_id: site(at),
                from_on: first,
                until_on: None,
                blocks: blocks
                    .flat_map(|day| [block(day, 480, 720), block(day, 780, 1020)])
                    .collect(),
                active: true,
            }));
        }
        for day in 0..DAYS {
            for half in 0..16u16 {
                // Six in ten, spread without order.
                if (u64::from(half) * 7 + day * 5 + n as u64 * 3) % 10 >= 6 {
                    continue;
                }
                let at = clock.at_minute(first + Days::new(day), 480 + half * 35);
                rows.push(busy(
                    count,
                    HolderKind::Practitioner,
                    practitioner(n).0,
                    n + u128::from(day),
                    at,
                ));
                rows.push(busy(count + 1, HolderKind::Resource, room(n % ROOMS).0, n, at));
                count += 2;
            }
        }
    }
    rows
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn measure<T>(mut work: impl FnMut() -> T) -> (f64, T) {
    let mut out = work();
    let times = (0..REPEATS)
        .map(|_| {
            let start = Instant::now();
            out = work();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    (median(times), out)
}

fn main() {
    let now: DateTime<Utc> = "2026-03-09T12:00:00Z".parse().unwrap();
    let first = now.date_naive();
    let zone = chrono_tz::America::Chicago;
    let offset = |at: DateTime<Utc>| {
        zone.offset_from_utc_datetime(&at.naive_utc())
            .fix()
            .local_minus_utc()
    };
    let clock = SiteClock::observe(
        site(0),
        zone.name(),
        (now - Duration::days(400), now + Duration::days(800)),
        offset,
    );
    let rows = rows(first, &clock);
    let search = Search {
        visit_type_id: kind().id,
        practitioner_ids: (0..PRACTITIONERS).map(practitioner).collect(),
        site_ids: (0..SITES).map(site).collect(),
        from_on: first,
        until_on: first + Days::new(DAYS - 1),
        video: false,
        now,
        device_id: None,
        appointment_id: None,
    };
    let (sorting, book) = measure(|| Book::of(&rows, now));
    let (all, found) = measure(|| open_slots(&book, &search));
    let (few, _) = measure(|| first_available(&book, &search, 20));
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{PRACTITIONERS} practitioners × {DAYS} days at {SITES} sites, {} rows; medians of {REPEATS}\n\
         rows sorted for asking   {sorting:8.2} ms\n\
         every open slot ({:>6}) {all:8.2} ms\n\
         the first twenty         {few:8.2} ms",
        rows.len(),
        found.len(),
    )
    .unwrap();
}
