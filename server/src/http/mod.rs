//! The server's face: routes, headers, and the port behind the server functions.

mod headers;
mod poke;
mod port;
mod portal;
mod public;
mod reply;
mod site;
mod snapshot;
#[cfg(test)]
mod tests;

use crate::access::throttle::Throttle;
use crate::config::Config;
use crate::error::{Result, ServerError};
use crate::keys::KeyStore;
use crate::postgres;
use crate::seed;
use crate::services::notices::{Notices, worker};
use crate::services::pokes::{self, Pokes};
use crate::services::portal::Portal;
use crate::terminal::say;
use app::ports::server::ServerPort;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::PracticeId;
use domain::row::{Entity, Row};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// Largest body: a photo, sealed and in base64, with room.
const LARGEST_BODY: usize = 12 * 1024 * 1024;

/// What every request shares. Nothing here outlives the process but keys on disk and rows in Postgres.
pub struct State {
    /// The database.
    pub db: db::Db,
    /// The keys.
    pub keys: KeyStore,
    /// Failed tries.
    pub throttle: Throttle,
    /// Who listens.
    pub pokes: Pokes,
    /// What patients are told.
    pub notices: Arc<Notices>,
    /// What patients do by themselves.
    pub portal: Portal,
    /// Made-up practice with known passphrases.
    pub demo: bool,
    /// Whether cookies are only for TLS.
    pub secure_cookies: bool,
    /// Whether patients' are.
    pub patients_by_tls: bool,
    /// Whose word is taken for who asks.
    pub proxies: Vec<IpAddr>,
    zones: Mutex<HashMap<PracticeId, chrono_tz::Tz>>,
}

impl State {
    /// A server on a database.
    pub fn new(config: &Config, db: db::Db, demo: bool) -> Result<Arc<Self>> {
        let notices = Notices::new(db.clone(), &config.notices, format!("http://{}", config.bind))?;
        Ok(Arc::new(State {
            portal: Portal::new(db.clone(), notices.clone(), demo),
            db,
            notices,
            keys: KeyStore::open(config)?,
            throttle: Throttle::default(),
            pokes: Pokes::default(),
            demo,
            secure_cookies: !config.is_loopback(),
            patients_by_tls: config.patients_by_tls(),
            proxies: config.proxy.clone(),
            zones: Mutex::default(),
        }))
    }

    /// The practice's name, and whether it is made up.
    pub async fn practice_name(&self, practice: PracticeId) -> Result<(String, bool)> {
        match self.db.row(practice, Entity::Practice, practice.0).await? {
            Some(Row::Practice(row)) => Ok((row.name, row.demo)),
            _ => Err(ServerError::Other(
                "the practice has no row of its own".to_owned(),
            )),
        }
    }

    /// The day at the practice, by its first site's zone.
    pub async fn today(&self, practice: PracticeId, now: DateTime<Utc>) -> NaiveDate {
        let known = self
            .zones
            .lock()
            .ok()
            .and_then(|zones| zones.get(&practice).copied());
        let zone = match known {
            Some(zone) => zone,
            None => {
                let sites = self.db.all_rows(practice, Entity::Site).await.unwrap_or_default();
                let zone = sites.iter().find_map(|row| match row {
                    Row::Site(site) => site.time_zone.parse().ok(),
                    _ => None,
                });
                if let (Some(zone), Ok(mut zones)) = (zone, self.zones.lock()) {
                    zones.insert(practice, zone);
                }
                zone.unwrap_or(chrono_tz::UTC)
            }
        };
        now.with_timezone(&zone).date_naive()
    }

    /// With which staff leave a kiosk: six digits that only this server can derive.
    pub fn kiosk_pin(&self, practice: PracticeId) -> String {
        if self.demo && practice == seed::people::PRACTICE {
            return seed::people::KIOSK_PIN.to_owned();
        }
        let bytes = self.keys.derived(practice, "kiosk pin");
        let number = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        format!("{:06}", number % 1_000_000)
    }

    /// Tells everyone who listens, here at once, elsewhere outside of any transaction.
    pub fn tell(self: &Arc<Self>, practice: PracticeId, head: u64) {
        self.pokes.tell(practice, head);
        let state = self.clone();
        tokio::spawn(async move {
            if let Err(error) = state.db.notify(pokes::CHANNEL).await {
                tracing::debug!(%error, "other servers were not told; they look every second");
            }
        });
    }
}

/// All routes.
pub fn router(state: Arc<State>, config: &Config) -> Result<Router> {
    let build = site::read_build(&config.site)?;
    let policy = HeaderValue::from_str(&headers::content_policy(&build.csp_hashes))
        .map_err(|_| ServerError::Setting("the page build's style hashes are not sound".to_owned()))?;
    Ok(Router::new()
        .route("/api/poke", get(poke::poke))
        .route("/api/snapshot/{id}/{index}", get(snapshot::chunk))
        // What is fetched often, and repeats itself. Nothing else: an answer with secrets in it is not to tell by its length.
        .route("/api/push", post(server_function).layer(CompressionLayer::new()))
        .route("/api/pull", post(server_function).layer(CompressionLayer::new()))
        .route("/api/{*function}", post(server_function))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .merge(public::routes())
        .merge(portal::routes())
        .with_state(state)
        .layer(from_fn(to_the_end))
        .merge(site::routes(&config.site))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(from_fn(headers::same_origin))
        .layer(from_fn_with_state(
            policy,
            |axum::extract::State(policy): axum::extract::State<HeaderValue>,
             request: Request,
             next: Next| { headers::secure(policy, request, next) },
        ))
        .layer(CatchPanicLayer::new()))
}

/// Answers go on to their end when whoever asked is gone. One that was dropped half-way would leave its transaction
/// open on a connection that the next request is given.
async fn to_the_end(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Answers a server function, with a port that knows who is asking.
async fn server_function(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    request: Request<Body>,
) -> Response {
    let headers = request.headers().clone();
    handle_server_fns_with_context(
        move || {
            let port: Arc<dyn ServerPort> = Arc::new(port::RequestPort::new(state.clone(), headers.clone()));
            provide_context(port);
        },
        request,
    )
    .await
    .into_response()
}

/// Whether this server can serve: the database answers.
async fn ready(axum::extract::State(state): axum::extract::State<Arc<State>>) -> Response {
    match state.db.ping().await {
        Ok(()) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response(),
    }
}

/// Starts everything and serves until told to stop.
pub async fn serve(config: &Config, demo: bool) -> Result<()> {
    if demo && !config.is_loopback() {
        return Err(ServerError::Setting(format!(
            "a demo has public passphrases, so it serves only this machine: not {}. Use 127.0.0.1, or `anteroom serve`.",
            config.bind
        )));
    }
    let database = postgres::ready(config).await?;
    database.migrate().await?;
    let db = database.connect().await?;
    if demo {
        seed::run(config, &db).await?;
    } else if !config.is_loopback() && seed::is_there(&db).await? {
        return Err(ServerError::Setting(
            "this database holds the demo practice, whose passphrases are public: it is served on loopback only".to_owned(),
        ));
    }
    let demo = demo || seed::is_there(&db).await?;
    let state = State::new(config, db, demo)?;
    let app = router(state.clone(), config)?;
    let listener = tokio::net::TcpListener::bind(config.bind)
        .await
        .map_err(|error| {
            ServerError::Setting(format!(
                "{} cannot be used ({error}); set ANTEROOM_BIND",
                config.bind
            ))
        })?;
    tokio::spawn(pokes::watch_others(state.clone(), database.url.clone()));
    let desk = worker::Desk::new(state.notices.clone(), Some(state.clone()));
    tokio::spawn(worker::run(desk, database.url.clone()));
    tokio::spawn(crate::services::nightly::run(state, database.admin_url.clone()));
    if config.is_loopback() && config.patients_by_tls() && config.proxy.is_empty() {
        tracing::warn!("behind a proxy all patients seem to be one, who soon must wait: set ANTEROOM_PROXY");
    }
    announce(config, demo);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop_signal())
        .await
        .map_err(|error| ServerError::Other(error.to_string()))?;
    database.stop().await;
    Ok(())
}

fn announce(config: &Config, demo: bool) {
    say(&format!("Anteroom is ready on http://{}", config.bind));
    if demo {
        let words = seed::people::PASSPHRASE;
        say("");
        say("  DEMO DATA: everyone here is made up.");
        say(&format!(
            "  Front desk  nora.bell      {words}    http://{}/desk",
            config.bind
        ));
        say(&format!(
            "  Doctor      samuel.okafor  {words}    http://{}/today",
            config.bind
        ));
        say(&format!("  Biller      bea.lund       {words}"));
        say(&format!("  Owner       olive.hart     {words}"));
        say(&format!(
            "  Kiosk       code {}, staff PIN {}                http://{}/kiosk",
            seed::people::KIOSK_CODE,
            seed::people::KIOSK_PIN,
            config.bind
        ));
        say("");
    }
}

/// Stops taking requests at Ctrl-C or SIGTERM; those under way get five seconds.
async fn stop_signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
    tokio::spawn(async {
        // Lines on which devices listen do not end by themselves.
        tokio::time::sleep(Duration::from_secs(5)).await;
        std::process::exit(0);
    });
}
