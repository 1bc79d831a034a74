//! Who may do what, and on which device.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::access::Role;
use domain::command::{Command, CommandName};
use domain::decide::RefusalCode;
use domain::id::*;
use domain::practice::{Device, DeviceKind};
use domain::row::Entity;

#[test]
fn a_second_enrolment_keeps_the_first_day_and_a_device_shut_out_stays_out() {
    let mut world = World::new();
    world.role = Role::Owner;
    let device = Device {
        id: DeviceId(id(40)),
        kind: DeviceKind::Kiosk,
        label: "Kiosk 2".into(),
        site_id: None,
        enrolled_at: world.now,
        revoked_at: None,
    };
    world.give(Command::EnrolDevice(device.clone()));
    let first = world.now;
    world.now = at("2026-06-01T12:00:00Z");
    world.give(Command::EnrolDevice(device.clone()));
    let known = crate::rows_of!(world.rows.all(Entity::Device).collect::<Vec<_>>(), Device)[0].clone();
    assert_eq!(known.enrolled_at, first);
    world.give(Command::EnrolDevice(Device {
        revoked_at: Some(world.now),
        ..device.clone()
    }));
    assert_eq!(
        world.refused(Command::EnrolDevice(device)).code,
        RefusalCode::Revoked
    );
}

#[test]
fn a_kiosk_is_refused_everything_but_submitting() {
    let mut world = World::new();
    world.role = Role::Kiosk;
    for name in CommandName::ALL {
        match world.ask(&golden(*name)) {
            Ok(_) => assert_eq!(*name, CommandName::SubmitIntake),
            Err(refusal) => assert_eq!(refusal.code, RefusalCode::NotAllowed, "{name:?}"),
        }
    }
}

#[test]
fn a_role_that_may_not_is_refused_before_anything_is_looked_at() {
    for role in Role::ALL {
        for name in CommandName::ALL {
            let mut world = World::new();
            world.role = role;
            let refused = matches!(world.ask(&golden(*name)), Err(r) if r.code == RefusalCode::NotAllowed);
            assert_eq!(
                refused,
                !domain::access::may_command(role, *name),
                "{role:?} {name:?}"
            );
        }
    }
}
