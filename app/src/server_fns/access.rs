//! Who may come in.

use super::codec::Json;
use crate::error::AppError;
use crate::ports::server::{ChangePassphrase, EnrolmentCode, KioskSettings, NewCode, SignIn, SignedIn};
use domain::id::PractitionerId;
use leptos::prelude::*;

/// Begins a session.
#[server(name = BeginSession, prefix = "/api", endpoint = "sign_in", input = Json, output = Json)]
pub async fn sign_in(who: SignIn) -> Result<SignedIn, AppError> {
    crate::ports::server::server()?.sign_in(who).await
}

/// Changes the passphrase of whoever is signed in.
#[server(name = ChangeOwnPassphrase, prefix = "/api", endpoint = "change_passphrase", input = Json, output = Json)]
pub async fn change_passphrase(wanted: ChangePassphrase) -> Result<SignedIn, AppError> {
    crate::ports::server::server()?.change_passphrase(wanted).await
}

/// Ends it.
#[server(name = EndSession, prefix = "/api", endpoint = "sign_out", input = Json, output = Json)]
pub async fn sign_out() -> Result<(), AppError> {
    crate::ports::server::server()?.sign_out().await
}

/// Makes a one-time code for a new kiosk.
#[server(name = CreateCode, prefix = "/api", endpoint = "create_enrolment_code", input = Json, output = Json)]
pub async fn create_enrolment_code(wanted: NewCode) -> Result<EnrolmentCode, AppError> {
    crate::ports::server::server()?
        .create_enrolment_code(wanted)
        .await
}

/// Lets a kiosk in.
#[server(name = EnrolKiosk, prefix = "/api", endpoint = "enrol_kiosk", input = Json, output = Json)]
pub async fn enrol_kiosk(code: String) -> Result<KioskSettings, AppError> {
    crate::ports::server::server()?.enrol_kiosk(code).await
}

/// Gives a kiosk its newest settings.
#[server(name = FetchKioskSettings, prefix = "/api", endpoint = "kiosk_settings", input = Json, output = Json)]
pub async fn kiosk_settings() -> Result<KioskSettings, AppError> {
    crate::ports::server::server()?.kiosk_settings().await
}

/// Makes a new address of a practitioner's calendar.
#[server(name = CreateFeed, prefix = "/api", endpoint = "create_calendar_feed", input = Json, output = Json)]
pub async fn create_calendar_feed(practitioner: PractitionerId) -> Result<String, AppError> {
    crate::ports::server::server()?
        .create_calendar_feed(practitioner)
        .await
}

/// Gives a device its cookie back. It opens nothing: a device may only send.
#[server(name = RenewDevice, prefix = "/api", endpoint = "renew_device", input = Json, output = Json)]
pub async fn renew_device(renewal: String) -> Result<(), AppError> {
    crate::ports::server::server()?.renew_device(renewal).await
}
