//! Times that one device has every week: set, changed, ended and set anew.

use crate::stand::*;
use crate::terms::of_golden;
use domain::command::{Command, CommandName};
use domain::id::*;
use domain::practice::{Device, DeviceKind};
use domain::schedule::*;

/// The rule of the golden file for a computer that is let in, after the device has given something back.
pub fn history() -> Vec<Command> {
    let rule = match of_golden(CommandName::SetLeaseRule) {
        Command::SetLeaseRule(rule) => rule,
        other => panic!("{other:?}"),
    };
    let device = Device {
        id: rule.device_id,
        kind: DeviceKind::Staff,
        label: "Desk".into(),
        site_id: Some(rule.site_id),
        enrolled_at: at("2026-03-02T14:00:00Z"),
        revoked_at: None,
    };
    let lease = SlotLease {
        id: SlotLeaseId(id(0x3d7)),
        holder_id: rule.holder_id,
        device_id: rule.device_id,
        from_at: at("2026-05-14T14:00:00Z"),
        until_at: at("2026-05-14T17:00:00Z"),
        granted: false,
        released: false,
    };
    let lease_id = lease.id;
    vec![
        Command::EnrolDevice(device),
        Command::LeaseSlots(LeaseSlots { lease }),
        Command::ReleaseLease(ReleaseLease { lease_id }),
        Command::SetLeaseRule(rule.clone()),
        Command::SetLeaseRule(LeaseRule {
            weekdays: vec![7, 2],
            until_minute: 1440,
            weeks_ahead: 26,
            ..rule.clone()
        }),
        Command::SetLeaseRule(LeaseRule {
            active: false,
            ..rule.clone()
        }),
        Command::SetLeaseRule(LeaseRule {
            weeks_ahead: 27,
            ..rule.clone()
        }),
        Command::SetLeaseRule(rule),
    ]
}
