//! The demo practice's own rows: who bills, two sites, six practitioners, and the logins.

use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::practice::{BillingEntity, Practice, Practitioner, Site, WorkforceMember};
use uuid::Uuid;

/// The passphrase of every demo login.
pub const PASSPHRASE: &str = "demo-anteroom-passphrase";
/// The kiosk's one-time code, which a demo may use again.
pub const KIOSK_CODE: &str = "DEMO-KIOSK";
/// With which staff leave a kiosk.
pub const KIOSK_PIN: &str = "2468";
/// Everything in the demo hangs on this id.
pub const PRACTICE: PracticeId = PracticeId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_de30_0001));

/// An id that every demo has in common.
pub fn id(what: &str) -> Uuid {
    Uuid::new_v5(&PRACTICE.0, what.as_bytes())
}

/// Sign-in name, name, role.
pub const LOGINS: [(&str, &str, Role); 6] = [
    ("nora.bell", "Nora Bell", Role::FrontDesk),
    ("samuel.okafor", "Samuel Okafor, MD", Role::Practitioner),
    ("bea.lund", "Bea Lund", Role::Biller),
    ("olive.hart", "Olive Hart", Role::Owner),
    ("ines.marsh", "Ines Marsh, RN", Role::Nurse),
    ("theo.price", "Theo Price", Role::FrontDesk),
];

/// Given name, family name, credentials, taxonomy, NPI (made up; the check digit is right).
const PRACTITIONERS: [(&str, &str, &str, &str, &str); 6] = [
    ("Samuel", "Okafor", "MD", "207Q00000X", "1234567893"),
    ("Lucía", "Ferrer", "MD", "207R00000X", "1245319599"),
    ("Hannah", "Weiss", "MD", "208000000X", "1003000126"),
    ("Daniel", "Cho", "DO", "207Q00000X", "1992999825"),
    ("Priya", "Raman", "NP", "363LF0000X", "1881692705"),
    ("Marcus", "Bright", "PA", "363A00000X", "1679576722"),
];

/// The two sites.
pub fn sites() -> [SiteId; 2] {
    [SiteId(id("site:maple")), SiteId(id("site:harbor"))]
}

/// The commands that make the practice, without patients.
pub fn commands() -> Vec<Command> {
    let entity = BillingEntityId(id("billing-entity"));
    let [maple, harbor] = sites();
    let site = |id, name: &str, address: &str| {
        Command::RecordSite(Site {
            id,
            billing_entity_id: entity,
            name: name.to_owned(),
            time_zone: "America/Chicago".to_owned(),
            address: address.to_owned(),
            place_of_service: "11".to_owned(),
        })
    };
    let mut commands = vec![
        Command::RecordPractice(Practice {
            id: PRACTICE,
            name: "Alder Street Family Clinic".to_owned(),
            demo: true,
        }),
        Command::RecordBillingEntity(BillingEntity {
            id: entity,
            legal_name: "Alder Street Family Clinic LLC".to_owned(),
            tin: "000000000".to_owned(),
            npi: "1467560003".to_owned(),
            taxonomy_code: "261QP2300X".to_owned(),
            pay_to_address: None,
        }),
        site(maple, "Maple Street", "18 Maple Street, Brookfield, WI 53005"),
        site(harbor, "Harbor Point", "2 Harbor Point, Milwaukee, WI 53202"),
    ];
    for (at, (given, family, credentials, taxonomy, npi)) in PRACTITIONERS.iter().enumerate() {
        commands.push(Command::RecordPractitioner(Practitioner {
            id: PractitionerId(id(&format!("practitioner:{at}"))),
            family_name: (*family).to_owned(),
            given_name: (*given).to_owned(),
            credentials: Some((*credentials).to_owned()),
            npi: Some((*npi).to_owned()),
            taxonomy_code: Some((*taxonomy).to_owned()),
            site_ids: vec![if at % 2 == 0 { maple } else { harbor }],
            active: true,
        }));
    }
    for (login, name, role) in LOGINS {
        commands.push(Command::RecordWorkforceMember(WorkforceMember {
            id: member(login),
            login: login.to_owned(),
            display_name: name.to_owned(),
            role,
            site_ids: vec![maple, harbor],
            practitioner_id: (login == "samuel.okafor").then(|| PractitionerId(id("practitioner:0"))),
            active: true,
        }));
    }
    commands
}

/// The member behind a demo login.
pub fn member(login: &str) -> WorkforceMemberId {
    WorkforceMemberId(id(&format!("member:{login}")))
}
