//! Rows in and out of their tables, a whole set at a time.
//!
//! Every statement is put together by the compiler from the names below; nothing that anyone typed is ever part of
//! one. Rows travel as JSON with the columns' names, and Postgres itself turns that into typed columns and back.

use crate::agenda;
use crate::error::{DbError, Result};
use chrono::{DateTime, SecondsFormat, SubsecRound};
use domain::id::{PatientId, PracticeId};
use domain::json::Json;
use domain::row::{Entity, Key, Row, Rows, View};
use futures::TryStreamExt;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json as Column;
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Rows that are sent on at once.
const BATCH: usize = 1000;

/// The statements of one table.
struct Table {
    /// The column of whom or what its rows are about, where one has many.
    owner: Option<&'static str>,
    lock_by_id: &'static str,
    lock_by_id_or_owner: Option<&'static str>,
    read_by_id: &'static str,
    read_by_owner: Option<&'static str>,
    read_all: &'static str,
    insert: &'static str,
    upsert: &'static str,
    #[cfg(test)]
    columns: &'static [&'static str],
}

macro_rules! read {
    ($table:literal, $($tail:expr),+) => {
        concat!("SELECT to_json(t) FROM app.", $table, " t WHERE practice_id = $1", $($tail),+)
    };
}

macro_rules! insert {
    ($table:literal, $conflict:expr, $($column:ident)*) => {
        concat!(
            "INSERT INTO app.", $table, " (practice_id, id", $(", ", stringify!($column),)*
            ") SELECT $1, r.id", $(", r.", stringify!($column),)*
            " FROM jsonb_populate_recordset(NULL::app.", $table, ", $2) r", $conflict
        )
    };
}

macro_rules! owned {
    (nobody, $sql:expr) => {
        None
    };
    ($owner:ident, $sql:expr) => {
        Some($sql)
    };
}

macro_rules! tables {
    ($($entity:ident $table:literal $about:ident: $first:ident $($column:ident)*;)*) => {
        fn table(entity: Entity) -> &'static Table {
            match entity {$(
                Entity::$entity => &Table {
                    owner: owned!($about, stringify!($about)),
                    lock_by_id: read!($table, " AND id = ANY($2) ORDER BY id FOR UPDATE"),
                    lock_by_id_or_owner: owned!($about, read!(
                        $table, " AND (id = ANY($2) OR ", stringify!($about), " = ANY($3)) ORDER BY id FOR UPDATE")),
                    read_by_id: read!($table, " AND id = ANY($2) ORDER BY id"),
                    read_by_owner: owned!($about, read!(
                        $table, " AND ", stringify!($about), " = ANY($2) ORDER BY id")),
                    read_all: read!($table, " ORDER BY id"),
                    insert: insert!($table, "", $first $($column)*),
                    upsert: insert!(
                        $table,
                        concat!(
                            " ON CONFLICT (practice_id, id) DO UPDATE SET ",
                            stringify!($first), " = excluded.", stringify!($first),
                            $(", ", stringify!($column), " = excluded.", stringify!($column),)*
                        ),
                        $first $($column)*
                    ),
                    #[cfg(test)]
                    columns: &["id", stringify!($first), $(stringify!($column),)*],
                },
            )*}
        }
    };
}

tables! {
    Practice "practice" nobody: name demo;
    BillingEntity "billing_entity" nobody: legal_name tin npi taxonomy_code pay_to_address;
    Site "site" nobody: billing_entity_id name time_zone address place_of_service;
    Practitioner "practitioner" nobody:
        family_name given_name credentials npi taxonomy_code site_ids active;
    WorkforceMember "workforce_member" nobody:
        login display_name role site_ids practitioner_id active;
    Device "device" nobody: kind label site_id enrolled_at revoked_at;
    Questionnaire "questionnaire" nobody:
        slug version title pages published_at replaces_id scoring signature_required audience valid_days retired;
    ConsentForm "consent_form" nobody: kind version title body published_at;
    // Here a row is the patient, and `patient_id` would be its own id.
    Patient "patient" nobody:
        mrn family_name given_name middle_name suffix preferred_name previous_names payer_name birth_on
        multiple_birth sex gender_identity pronouns identifiers telecoms addresses no_fixed_address language
        interpreter_needed race_codes ethnicity_code marital_status deceased_on identity registered_at
        preferred_channel;
    Membership "membership" patient_id: patient_id site_ids practitioner_ids set_aside;
    RelatedPerson "related_person" patient_id:
        patient_id roles relationship family_name given_name birth_on phone address authority ended_on
        own_record_id;
    PatientLink "patient_link" patient_id: patient_id other_patient_id kind decided_by decided_at;
    Conflict "conflict" patient_id:
        patient_id field base theirs mine entered_by entered_at state decided_by decided_at;
    Coverage "coverage" patient_id:
        patient_id payer_order payer_name payer_code plan_name member_id group_number subscriber_relationship
        subscriber effective_on term_on replaces_id copay_amount card_front card_back eligibility source
        recorded_at;
    Intake "intake" patient_id:
        device_id site_id received_at submitted_at status patient_id reviewed_by reviewed_at rejection_reason
        history_response_id content;
    QuestionnaireResponse "questionnaire_response" patient_id:
        patient_id intake_id questionnaire_id answers authored_at appointment_id score attention authored_by
        language signature;
    Consent "consent" patient_id:
        patient_id kind form_id language text_hash decision signature device_id signed_at revoked_at;
    Encounter "encounter" patient_id:
        patient_id class_code description reason started_at ended_at source_id;
    HistoryItem "history_item" patient_id:
        patient_id kind code_system code display status onset_on ended_on criticality source_id;
    TrayItem "tray_item" patient_id:
        command_id device_id site_id patient_id kind command version args refusal entered_by member_id entered_at
        received_at state decided_by decided_at;
    VisitType "visit_type" nobody:
        name minutes grid_minutes before_minutes after_minutes capacity resource_kinds for_whom min_age max_age
        referral_needed price_amount color online lead_minutes horizon_days daily_cap instructions
        questionnaire_ids active;
    SiteClock "site_clock" nobody: zone offset_seconds changes;
    SiteTravel "site_travel" nobody: minutes;
    PractitionerTerms "practitioner_terms" nobody: accepts_new supervised_by enrolments;
    Resource "resource" nobody: site_id name kind active;
    Schedule "schedule" practitioner_id: practitioner_id site_id from_on until_on blocks active;
    ScheduleOverride "schedule_override" practitioner_id:
        practitioner_id site_id from_on until_on blocks reason withdrawn;
    Closure "closure" site_id: site_id from_on until_on from_minute until_minute name withdrawn;
    SlotLease "slot_lease" holder_id: holder_id device_id from_at until_at granted released;
    LeaseRule "lease_rule" nobody:
        holder_id site_id device_id weekdays from_minute until_minute weeks_ahead active again;
    AppointmentSeries "appointment_series" patient_id: patient_id rule booked_at;
    Appointment "appointment" patient_id:
        patient_id site_id visit_type_id practitioner_ids resource_ids start_at end_at wall mode scenario reason
        referral series_id state overbook_reason warnings cancel_reason cancelled_by cancelled_late steps;
    Busy "busy" appointment_id:
        appointment_id holder holder_id site_id visit_type_id start_at end_at from_at until_at capacity lane video
        status expires_at;
    PatientAlias "patient_alias" patient_id: patient_id moved took belonged merged_by merged_at undone_by undone_at;
    Task "task" patient_id:
        site_id patient_id appointment_id owner words urgent due_on state asked_at asked_by closed_at closed_by
        answer;
    Recall "recall" patient_id:
        patient_id site_id visit_type_id practitioner_id due_on why after_appointment_id asked_at asked_by contacts
        state closed_at closed_by;
    Referral "referral" patient_id:
        patient_id number former_numbers kind referrer_name referrer_npi coverage_id visits_allowed valid_from
        valid_until visit_type_ids note state recorded_at recorded_by ended_at ended_by;
    WaitlistEntry "waitlist_entry" patient_id:
        patient_id site_id visit_type_id practitioner_ids site_ids from_on until_on from_minute until_minute urgent
        note appointment_id state added_at added_by closed_by closed_at;
    NoticeRule "notice_rule" nobody:
        name kind offset_minutes channel audience language visit_type_ids site_ids from_minute until_minute subject
        body active;
    ContactOptOut "contact_opt_out" nobody: kind address stopped_at started_at wrong_at via noted_by;
    Notice "notice" patient_id:
        patient_id rule_id appointment_id site_id start_at day_on channel address language message_id due_at
        useless_at state attempts queued_at claimed_by sent_at delivered_at network_ref answer answered_at answered_via
        settled_at;
}

/// A row's JSON as its text, read once and straight into the row.
pub(crate) type Text = Column<Json>;

/// Whether rows are to be kept from others until the transaction ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Yes, in the order of kinds and ids, which is everyone's order.
    ForUpdate,
    /// No.
    No,
}

/// The rows under some keys.
pub(crate) async fn load(
    connection: &mut PgConnection,
    practice: PracticeId,
    keys: &BTreeSet<Key>,
    lock: Lock,
) -> Result<Rows> {
    let mut wanted: BTreeMap<Entity, (Vec<Uuid>, Vec<Uuid>)> = BTreeMap::new();
    for key in keys {
        match key {
            Key::Row(entity, id) => wanted.entry(*entity).or_default().0.push(*id),
            // A patient is one row, found by its id.
            Key::OfPatient(Entity::Patient, patient) => {
                wanted.entry(Entity::Patient).or_default().0.push(patient.0);
            }
            // Not every kind is about patients, whoever asks for all of theirs.
            Key::OfPatient(entity, _) if table(*entity).owner != Some("patient_id") => {}
            Key::OfPatient(entity, PatientId(owner)) | Key::Of(entity, owner) => {
                wanted.entry(*entity).or_default().1.push(*owner);
            }
            Key::Agenda(..) => {}
        }
    }
    let mut rows = Rows::default();
    for (entity, (ids, owners)) in wanted {
        let table = table(entity);
        let statements = match lock {
            Lock::ForUpdate if owners.is_empty() => vec![(table.lock_by_id, vec![ids])],
            Lock::ForUpdate => match table.lock_by_id_or_owner {
                Some(sql) => vec![(sql, vec![ids, owners])],
                None => vec![(table.lock_by_id, vec![ids])],
            },
            Lock::No => (!ids.is_empty())
                .then_some((table.read_by_id, vec![ids]))
                .into_iter()
                .chain(
                    table
                        .read_by_owner
                        .filter(|_| !owners.is_empty())
                        .map(|sql| (sql, vec![owners])),
                )
                .collect(),
        };
        for (sql, lists) in statements {
            let mut query = sqlx::query_scalar::<_, Text>(sql).bind(practice.0);
            for list in lists {
                query = query.bind(list);
            }
            for body in query.fetch_all(&mut *connection).await? {
                rows.put(read_row(entity, &body)?);
            }
        }
    }
    agenda::load(connection, practice, keys, &mut rows).await?;
    Ok(rows)
}

/// Every row of a kind, in the order of their ids.
pub(crate) async fn all(
    connection: &mut PgConnection,
    practice: PracticeId,
    entity: Entity,
) -> Result<Vec<Row>> {
    let mut bodies = sqlx::query_scalar::<_, Text>(table(entity).read_all)
        .bind(practice.0)
        .fetch(connection);
    // Each is read while the database prepares the next ones.
    let mut rows = Vec::new();
    while let Some(body) = bodies.try_next().await? {
        rows.push(read_row(entity, &body)?);
    }
    Ok(rows)
}

/// The same, those that are wanted, sent on in batches while the database prepares the next ones. It ends early when
/// nobody takes them.
pub(crate) async fn send_all(
    connection: &mut PgConnection,
    practice: PracticeId,
    entity: Entity,
    wanted: impl Fn(&Row) -> bool,
    to: &mpsc::Sender<Vec<Row>>,
) -> Result<()> {
    let mut bodies = sqlx::query_scalar::<_, Text>(table(entity).read_all)
        .bind(practice.0)
        .fetch(connection);
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let body = bodies.try_next().await?;
        let ends = body.is_none();
        if let Some(body) = body {
            let row = read_row(entity, &body)?;
            batch.extend(wanted(&row).then_some(row));
        }
        let full = ends || batch.len() == BATCH;
        let unheard = full && to.send(std::mem::take(&mut batch)).await.is_err();
        if unheard || ends {
            return Ok(());
        }
    }
}

/// Writes rows, one statement for each kind. What was `seen` is replaced; what was not must be new, so that two who
/// made the same row without seeing each other cannot overwrite one another.
pub(crate) async fn write(
    connection: &mut PgConnection,
    practice: PracticeId,
    seen: &impl View,
    rows: &Rows,
) -> Result<()> {
    let takes_time = rows.all(Entity::Busy).next().is_some();
    if takes_time {
        agenda::defer(connection).await?;
    }
    for entity in Entity::ALL {
        let (mut known, mut new) = (Vec::new(), Vec::new());
        for row in rows.all(*entity) {
            let list = if seen.one(&Key::Row(*entity, row.id())).is_some() {
                &mut known
            } else {
                &mut new
            };
            list.push(body(row)?);
        }
        let table = table(*entity);
        // New rows first: a row that is there may point at one, and the other way round it already does.
        for (sql, bodies) in [(table.insert, new), (table.upsert, known)] {
            if !bodies.is_empty() {
                sqlx::query(sql)
                    .bind(practice.0)
                    .bind(Value::Array(bodies))
                    .execute(&mut *connection)
                    .await?;
            }
        }
    }
    if takes_time {
        agenda::enforce(connection).await?;
    }
    Ok(())
}

/// A row as its table has it.
pub(crate) fn body(row: &Row) -> Result<Value> {
    let mut body = row.body().map_err(|_| DbError::Unreadable(row.entity()))?;
    if row.entity() == Entity::TrayItem {
        // Whatever was entered is kept, also what no rule would have let through.
        crate::audit::storable(&mut body);
    }
    // Postgres keeps instants to the microsecond. What devices are told must be what is kept.
    for (name, value) in body.as_object_mut().into_iter().flatten() {
        if let Value::String(text) = value
            && name.ends_with("_at")
            && text.len() > "2026-03-10T15:04:05.123456Z".len()
            && let Ok(at) = DateTime::parse_from_rfc3339(text)
        {
            *text = at
                .to_utc()
                .trunc_subsecs(6)
                .to_rfc3339_opts(SecondsFormat::AutoSi, true);
        }
    }
    Ok(body)
}

/// A row from its table's JSON.
pub(crate) fn read_row(entity: Entity, body: &Text) -> Result<Row> {
    Row::from_json(entity, &body.0).map_err(|_| DbError::Unreadable(entity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_every_table_is_in_the_statements() {
        let sql = concat!(
            include_str!("../migrations/0002_rows.sql"),
            include_str!("../migrations/0005_scope.sql"),
            include_str!("../migrations/0006_window.sql"),
            include_str!("../migrations/0007_schedule.sql"),
            include_str!("../migrations/0008_notices.sql"),
            include_str!("../migrations/0009_alias.sql"),
            include_str!("../migrations/0010_forms.sql"),
            include_str!("../migrations/0012_tasks.sql"),
            include_str!("../migrations/0013_terms.sql"),
            include_str!("../migrations/0014_recalls.sql"),
            include_str!("../migrations/0015_guarantor.sql"),
            include_str!("../migrations/0017_standing.sql"),
            include_str!("../migrations/0018_referrals.sql")
        );
        for entity in Entity::ALL {
            let start = ["create table app.", entity.name(), " ("].concat();
            let (_, rest) = sql.split_once(&start).unwrap();
            let (fields, _) = rest.split_once("\n);").unwrap();
            let added = ["alter table app.", entity.name(), " add column "].concat();
            let added = sql
                .split(&added)
                .skip(1)
                .filter_map(|rest| rest.split_whitespace().next());
            let columns: Vec<&str> = fields
                .lines()
                .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
                .filter_map(|line| line.split_whitespace().next())
                .filter(|word| !["practice_id", "primary", "foreign", "unique", "check", "--"].contains(word))
                .chain(added)
                .collect();
            assert_eq!(columns, table(*entity).columns, "{}", entity.name());
        }
    }
}
