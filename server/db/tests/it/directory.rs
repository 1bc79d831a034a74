//! Who belongs where: logins, sessions, devices, photos.

use crate::stand::*;
use chrono::{Duration, Utc};
use db::{Actor, Attachment, Login, NewEnrolmentCode, NewSession};
use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::practice::{Device, DeviceKind};

#[tokio::test]
async fn an_enrolment_code_works_once_for_one_of_ten() {
    let stand = Stand::new().await;
    let code = |name: &[u8], hours| NewEnrolmentCode {
        code_hash: name.to_vec(),
        practice: practice(),
        site: Some(SiteId(id(3))),
        label: "Kiosk 2".into(),
        kind: DeviceKind::Kiosk,
        expires_at: Utc::now() + Duration::hours(hours),
    };
    stand.db.create_enrolment_code(&code(b"good", 1)).await.unwrap();
    stand.db.create_enrolment_code(&code(b"late", -1)).await.unwrap();
    let tries = futures::future::join_all((0..10).map(|_| {
        let db = stand.db.clone();
        tokio::spawn(async move { db.redeem_enrolment_code(b"good").await.unwrap() })
    }))
    .await;
    let won: Vec<_> = tries.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(
        (won[0].practice, won[0].label.as_str(), won[0].kind),
        (practice(), "Kiosk 2", DeviceKind::Kiosk)
    );
    for name in [b"good", b"late", b"none"] {
        assert_eq!(stand.db.redeem_enrolment_code(name).await.unwrap(), None);
    }
    stand.end().await;
}

#[tokio::test]
async fn a_session_is_found_touched_once_a_minute_and_ends() {
    let stand = Stand::new().await;
    let mut new = NewSession {
        token_hash: b"token".to_vec(),
        practice: practice(),
        member: Some(WorkforceMemberId(id(4))),
        device: DeviceId(id(5)),
        role: Role::Nurse,
        expires_at: Utc::now() + Duration::hours(1),
    };
    stand.db.create_session(&new).await.unwrap();
    let first = stand.db.find_session(b"token").await.unwrap().unwrap();
    assert_eq!((first.role, first.member), (Role::Nurse, new.member));
    let second = stand.db.find_session(b"token").await.unwrap().unwrap();
    assert_eq!(first.last_seen_at, second.last_seen_at);
    let mut admin = stand.superuser().await;
    sqlx::query("UPDATE directory.session SET last_seen_at = now() - interval '2 minutes'")
        .execute(&mut admin)
        .await
        .unwrap();
    stand.db.find_session(b"token").await.unwrap();
    let touched = stand.db.find_session(b"token").await.unwrap().unwrap();
    assert!(Utc::now() - touched.last_seen_at < Duration::minutes(1));
    assert_eq!(stand.db.find_session(b"other").await.unwrap(), None);
    stand.db.delete_session(b"token").await.unwrap();
    assert_eq!(stand.db.find_session(b"token").await.unwrap(), None);
    new.expires_at = Utc::now() - Duration::seconds(1);
    stand.db.create_session(&new).await.unwrap();
    assert_eq!(stand.db.find_session(b"token").await.unwrap(), None);
    assert_eq!(stand.db.sweep().await.unwrap(), 1);
    stand.end().await;
}

#[tokio::test]
async fn a_login_belongs_to_one_person_in_one_practice() {
    let stand = Stand::new().await;
    let elsewhere = PracticeId(id(2));
    stand.db.create_practice(elsewhere, "Elsewhere").await.unwrap();
    assert!(!stand.db.create_practice(elsewhere, "Renamed").await.unwrap());
    let login = |practice, hash: &str| Login {
        login: "Maria@Example.org ".into(),
        practice,
        member: WorkforceMemberId(id(4)),
        password_hash: hash.into(),
        active: true,
    };
    assert!(stand.db.upsert_login(&login(practice(), "one")).await.unwrap());
    assert!(stand.db.upsert_login(&login(practice(), "two")).await.unwrap());
    assert!(!stand.db.upsert_login(&login(elsewhere, "three")).await.unwrap());
    let found = stand.db.find_login(" MARIA@example.org").await.unwrap().unwrap();
    assert_eq!(
        (found.practice, found.password_hash.as_str()),
        (practice(), "two")
    );
    assert_eq!(stand.db.find_login("nobody").await.unwrap(), None);
    let names: Vec<String> = stand
        .db
        .practices()
        .await
        .unwrap()
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    assert_eq!(names, ["Elsewhere", "Harbor Point"]);
    stand.end().await;
}

#[tokio::test]
async fn a_photo_is_kept_once_shown_to_its_practice_and_audited() {
    let stand = Stand::new().await;
    let actor = Actor::in_role(
        Role::FrontDesk,
        Some(WorkforceMemberId(id(4))),
        "Maria",
        DeviceId(id(5)),
    );
    let bytes = b"a photo".to_vec();
    let photo = Attachment {
        hash: sync::sha256_hex(&bytes),
        media_type: "image/jpeg".into(),
        derivative: Some(b"smaller".to_vec()),
        bytes,
    };
    assert!(stand.db.put_attachment(practice(), &actor, &photo).await.unwrap());
    assert!(!stand.db.put_attachment(practice(), &actor, &photo).await.unwrap());
    let wrong = Attachment {
        bytes: b"other".to_vec(),
        ..photo.clone()
    };
    assert!(stand.db.put_attachment(practice(), &actor, &wrong).await.is_err());
    let patient = Some(PatientId(id(10)));
    let found = stand
        .db
        .get_attachment(practice(), &actor, &photo.hash, patient)
        .await
        .unwrap();
    assert_eq!(found, Some(photo.clone()));
    let elsewhere = PracticeId(id(2));
    stand.db.create_practice(elsewhere, "Elsewhere").await.unwrap();
    assert_eq!(
        stand
            .db
            .get_attachment(elsewhere, &actor, &photo.hash, None)
            .await
            .unwrap(),
        None
    );
    let lines = stand.db.audit_lines(practice(), patient, 10).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (lines[0].event.action.as_str(), lines[0].event.role),
        ("get_attachment", Some(Role::FrontDesk))
    );
    stand.end().await;
}

#[tokio::test]
async fn a_device_has_a_secret_until_it_is_shut_out() {
    let stand = Stand::new().await;
    let device = Device {
        id: DeviceId(id(5)),
        kind: DeviceKind::Kiosk,
        label: "Kiosk 2".into(),
        site_id: None,
        enrolled_at: at("2026-03-01T08:00:00Z"),
        revoked_at: None,
    };
    let enrol = db::ServiceCommand::new(
        CommandId(id(6)),
        Command::EnrolDevice(device.clone()),
        device.enrolled_at,
    );
    stand
        .db
        .commit_as_service(practice(), vec![enrol], "Enrolment")
        .await
        .unwrap();
    stand
        .db
        .create_device_credential(b"secret", practice(), device.id)
        .await
        .unwrap();
    let found = stand.db.find_device_credential(b"secret").await.unwrap().unwrap();
    assert_eq!((found.device, found.revoked_at), (device.id, None));
    stand
        .db
        .saw_device(practice(), device.id, Some("0.1.0"))
        .await
        .unwrap();
    let seen = stand.db.devices(practice()).await.unwrap();
    assert_eq!(
        (&seen[0].device, seen[0].build.as_deref(), seen[0].last_seq),
        (&device, Some("0.1.0"), 0)
    );
    assert_eq!(
        stand
            .db
            .revoke_device_credentials(practice(), device.id)
            .await
            .unwrap(),
        1
    );
    assert!(
        stand
            .db
            .find_device_credential(b"secret")
            .await
            .unwrap()
            .unwrap()
            .revoked_at
            .is_some()
    );
    stand.end().await;
}
