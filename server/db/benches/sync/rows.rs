//! The very rows that an outbox brought, written again by Postgres alone: as multi-row INSERTs and as COPY.
//!
//! They go into tables like the real ones (columns, defaults, checks, keys and indexes), which are empty and have
//! neither foreign keys nor row-level security, under a login that nothing is asked of.

use crate::Outcome;
use crate::figures::Figures;
use crate::push::Sent;
use crate::stand::Stand;
use db::Db;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use std::time::Instant;

/// What a push adds to beside the tables of its rows.
const LOGS: [&str; 3] = ["change", "receipt", "audit_event"];
/// The tables of the rows of [`crate::clinic::day_offline`], the patients first.
const TABLES: [&str; 3] = ["patient", "coverage", "related_person"];

/// Values of one push for one table, column by column, each as Postgres prints it.
type Columns = Vec<Vec<Option<String>>>;

/// One table's part.
struct Part {
    table: &'static str,
    /// Names and types.
    columns: Vec<(String, String)>,
    pushes: Vec<Columns>,
}

impl Part {
    fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        names.join(", ")
    }

    fn insert(&self) -> String {
        let list = |each: &dyn Fn(usize, &(String, String)) -> String| {
            let parts = self.columns.iter().enumerate();
            parts
                .map(|(n, column)| each(n, column))
                .collect::<Vec<_>>()
                .join(", ")
        };
        format!(
            "INSERT INTO bench.{} ({}) SELECT {} FROM unnest({}) AS u({})",
            self.table,
            self.names(),
            list(&|_, (name, kind)| format!("u.{name}::{kind}")),
            list(&|n, _| format!("${}::text[]", n + 1)),
            self.names(),
        )
    }

    async fn put(&self, connection: &mut PgConnection, columns: &Columns) -> Outcome<u64> {
        let insert = self.insert();
        let mut query = sqlx::query(AssertSqlSafe(insert));
        for values in columns {
            query = query.bind(values);
        }
        Ok(query.execute(connection).await?.rows_affected())
    }
}

/// What an outbox brought.
pub struct Written {
    parts: Vec<Part>,
    connection: tokio::sync::Mutex<PgConnection>,
    pushes: usize,
    rows: u64,
    commands: u64,
    /// The rows as a device is told of them, one a line.
    pub lines: Vec<String>,
}

/// Makes the tables; and from now on a commit is on the disk when it returns, for everyone alike, which the test Postgres
/// does not wait for by itself.
pub async fn prepare(stand: &mut Stand) -> Outcome<()> {
    let mut admin = stand.superuser().await;
    let durable = format!("ALTER DATABASE {} SET synchronous_commit = on", stand.name);
    admin.execute(AssertSqlSafe(durable)).await?;
    stand.db.close().await;
    stand.db = Db::connect(&stand.url, 12).await?;
    admin.execute("CREATE SCHEMA bench").await?;
    for table in TABLES.iter().chain(&LOGS) {
        let sql = format!("CREATE TABLE bench.{table} (LIKE app.{table} INCLUDING ALL)");
        admin.execute(AssertSqlSafe(sql)).await?;
    }
    admin.execute("VACUUM (ANALYZE)").await?;
    admin.close().await?;
    Ok(())
}

impl Written {
    /// Reads them back.
    pub async fn since(stand: &Stand, sent: &Sent) -> Outcome<Written> {
        let mut connection = stand.superuser().await;
        let mut parts = Vec::new();
        let pushes = (sent.upto - sent.after).div_ceil(sent.each as u64) as usize;
        let mut rows = 0;
        for table in TABLES.into_iter().chain(LOGS) {
            let columns = columns(&mut connection, table).await?;
            let mut part = Part {
                table,
                pushes: vec![vec![Vec::new(); columns.len()]; pushes],
                columns,
            };
            let texts = part.columns.iter().map(|(name, _)| format!("t.{name}::text"));
            let texts = texts.collect::<Vec<_>>().join(", ");
            let from = if LOGS.contains(&table) {
                format!("app.{table} t WHERE t.rev > $1 AND t.rev <= $2")
            } else {
                format!(
                    "app.change c JOIN app.{table} t ON t.practice_id = c.practice_id AND t.id = c.entity_id
                     WHERE c.entity = '{table}' AND c.rev > $1 AND c.rev <= $2"
                )
            };
            let rev = if LOGS.contains(&table) { "t.rev" } else { "c.rev" };
            let sql = format!("SELECT ({rev} - $1 - 1) / $3 AS push, {texts} FROM {from} ORDER BY {rev}");
            let found = sqlx::query(AssertSqlSafe(sql))
                .bind(sent.after as i64)
                .bind(sent.upto as i64)
                .bind(sent.each as i64)
                .fetch_all(&mut connection)
                .await?;
            rows += found.len() as u64;
            for row in found {
                let push: i64 = row.try_get(0)?;
                let columns = part.pushes.get_mut(push as usize).ok_or("a row of no push")?;
                for (n, column) in columns.iter_mut().enumerate() {
                    column.push(row.try_get(n + 1)?);
                }
            }
            parts.push(part);
        }
        let lines = sqlx::query_scalar(
            "SELECT json_build_object('entity', entity, 'body', body)::text FROM app.change
             WHERE rev > $1 AND rev <= $2 ORDER BY rev, ord",
        )
        .bind(sent.after as i64)
        .bind(sent.upto as i64)
        .fetch_all(&mut connection)
        .await?;
        Ok(Written {
            parts,
            connection: tokio::sync::Mutex::new(connection),
            pushes,
            rows,
            commands: sent.upto - sent.after,
            lines,
        })
    }

    async fn empty(&self, connection: &mut PgConnection) -> Outcome<()> {
        for part in &self.parts {
            let sql = format!("TRUNCATE bench.{}", part.table);
            connection.execute(AssertSqlSafe(sql)).await?;
        }
        Ok(())
    }

    /// As many transactions as there were pushes, and in each one INSERT for every table.
    pub async fn insert_by_push(&self, figures: &mut Figures) -> Outcome<()> {
        let mut connection = self.connection.lock().await;
        self.empty(&mut connection).await?;
        let begun = Instant::now();
        let mut rows = 0;
        for push in 0..self.pushes {
            let mut tx = connection.begin().await?;
            for part in &self.parts {
                rows += part.put(&mut tx, &part.pushes[push]).await?;
            }
            tx.commit().await?;
        }
        self.note(figures, "insert_rate", begun, rows)?;
        figures.add("rows_per_command", self.rows as f64 / self.commands as f64);
        Ok(())
    }

    /// One transaction, and in it one INSERT for every table.
    pub async fn insert_at_once(&self, figures: &mut Figures) -> Outcome<()> {
        let mut connection = self.connection.lock().await;
        self.empty(&mut connection).await?;
        let whole: Vec<Columns> = (self.parts.iter())
            .map(|part| {
                let mut all = vec![Vec::new(); part.columns.len()];
                for push in &part.pushes {
                    all.iter_mut()
                        .zip(push)
                        .for_each(|(all, some)| all.extend_from_slice(some));
                }
                all
            })
            .collect();
        let begun = Instant::now();
        let mut rows = 0;
        let mut tx = connection.begin().await?;
        for (part, columns) in self.parts.iter().zip(&whole) {
            rows += part.put(&mut tx, columns).await?;
        }
        tx.commit().await?;
        self.note(figures, "insert_once_rate", begun, rows)
    }

    /// One transaction, and in it one COPY for every table.
    pub async fn copy(&self, figures: &mut Figures) -> Outcome<()> {
        let mut connection = self.connection.lock().await;
        self.empty(&mut connection).await?;
        let texts: Vec<(String, String)> = (self.parts.iter())
            .map(|part| {
                let sql = format!("COPY bench.{} ({}) FROM STDIN", part.table, part.names());
                (sql, copy_text(part))
            })
            .collect();
        let begun = Instant::now();
        let mut rows = 0;
        connection.execute("BEGIN").await?;
        for (sql, text) in &texts {
            let mut copy = connection.copy_in_raw(sql).await?;
            copy.send(text.as_bytes()).await?;
            rows += copy.finish().await?;
        }
        connection.execute("COMMIT").await?;
        self.note(figures, "copy_rate", begun, rows)
    }

    fn note(&self, figures: &mut Figures, name: &'static str, begun: Instant, rows: u64) -> Outcome<()> {
        if rows != self.rows {
            return Err(format!("{name}: {rows} rows instead of {}", self.rows).into());
        }
        figures.add(name, self.commands as f64 / begun.elapsed().as_secs_f64());
        Ok(())
    }
}

/// What a client may give a value for: names and types.
async fn columns(connection: &mut PgConnection, table: &str) -> Outcome<Vec<(String, String)>> {
    Ok(sqlx::query_as(
        "SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute
         WHERE attrelid = ('app.' || $1)::regclass AND attnum > 0 AND NOT attisdropped
            AND attgenerated = '' AND attidentity = ''
         ORDER BY attnum",
    )
    .bind(table)
    .fetch_all(connection)
    .await?)
}

fn copy_text(part: &Part) -> String {
    let mut text = String::new();
    for columns in &part.pushes {
        for row in 0..columns.first().map_or(0, Vec::len) {
            for (n, column) in columns.iter().enumerate() {
                if n > 0 {
                    text.push('\t');
                }
                match &column[row] {
                    None => text.push_str("\\N"),
                    Some(value) => value.chars().for_each(|letter| match letter {
                        '\\' => text.push_str("\\\\"),
                        '\t' => text.push_str("\\t"),
                        '\n' => text.push_str("\\n"),
                        '\r' => text.push_str("\\r"),
                        other => text.push(other),
                    }),
                }
            }
            text.push('\n');
        }
    }
    text
}
