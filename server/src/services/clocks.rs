//! The clocks of sites, kept as the server's table of zones has them: some years back and some ahead.

use crate::error::{Result, ServerError};
use crate::keys::OsRandomness;
use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone, Utc};
use db::{Db, ServiceCommand};
use domain::command::Command;
use domain::id::{CommandId, PracticeId, SiteId};
use domain::row::{Entity, Row};
use domain::schedule::SiteClock;

/// Years before this one that a clock knows.
const BACK: i32 = 2;
/// Years after this one.
const AHEAD: i32 = 6;

/// A site's clock, as the table has it; nothing when there is no such zone.
pub fn clock_of(site: SiteId, zone: &str, now: DateTime<Utc>) -> Option<SiteClock> {
    let known: chrono_tz::Tz = zone.parse().ok()?;
    let new_year = |years: i32| {
        let day = NaiveDate::from_ymd_opt(now.year() + years, 1, 1)?;
        Some(day.and_hms_opt(0, 0, 0)?.and_utc())
    };
    let offset = |at: DateTime<Utc>| {
        known
            .offset_from_utc_datetime(&at.naive_utc())
            .fix()
            .local_minus_utc()
    };
    Some(SiteClock::observe(
        site,
        known.name(),
        (new_year(-BACK)?, new_year(AHEAD)?),
        offset,
    ))
}

/// Sets the clocks of a practice's sites that have none or another one, as after a new year, a new law, or a site that
/// moved. The newest revision, when that changed something.
pub async fn set(db: &Db, practice: PracticeId, now: DateTime<Utc>) -> Result<Option<u64>> {
    let known = db.all_rows(practice, Entity::SiteClock).await?;
    let mut commands = Vec::new();
    for row in db.all_rows(practice, Entity::Site).await? {
        let Row::Site(site) = row else { continue };
        let Some(clock) = clock_of(site.id, &site.time_zone, now) else {
            tracing::warn!(site = %site.id, "a site's time zone is in no table, so nothing can be booked there");
            continue;
        };
        if !known.contains(&Row::SiteClock(clock.clone())) {
            let id = CommandId(sync::new_id(now, &OsRandomness));
            commands.push(ServiceCommand::new(id, Command::SetSiteClock(clock), now));
        }
    }
    if commands.is_empty() {
        return Ok(None);
    }
    let outcome = db.commit_as_service(practice, commands, "time zones").await?;
    match outcome
        .results
        .iter()
        .find_map(|receipt| receipt.refusal.as_ref())
    {
        Some(refusal) => Err(ServerError::Refused(format!("a site's clock: {refusal}"))),
        None => Ok(outcome.changed.then_some(outcome.head)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_knows_this_year_and_the_next_ones_and_no_zone_that_is_not_there() {
        let site = SiteId(uuid::Uuid::from_u128(1));
        let now: DateTime<Utc> = "2026-11-27T12:00:00Z".parse().unwrap();
        let clock = clock_of(site, "America/Chicago", now).unwrap();
        assert_eq!(clock.changes.len(), 16, "two for each of eight years");
        for at in [
            "2024-07-01T12:00:00Z",
            "2026-11-27T12:00:00Z",
            "2031-12-31T23:00:00Z",
        ] {
            let at: DateTime<Utc> = at.parse().unwrap();
            let table = at.with_timezone(&chrono_tz::America::Chicago).naive_local();
            assert_eq!(clock.local(at), table);
        }
        assert_eq!(clock_of(site, "America/Atlantis", now), None);
    }
}
