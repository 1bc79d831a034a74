//! Patients of a sheet, tried.

use super::kind::words;
use super::run::Tried;
use super::table::Sheet;
use crate::shell::staff::context::Desk;
use domain::command::Command;
use domain::id::PatientId;
use domain::patients::RegisterPatient;
use domain::patients::matching::{Probe, STRONG};
pub use domain::patients::sheet::Column;
use domain::patients::sheet::read_row;
use uuid::Uuid;

/// Rows are known again by what they say: a file that is imported twice makes nobody twice.
const ROWS: Uuid = Uuid::from_u128(0x6f1d_33a4_7c2e_4b0f_9a51_58d2_71e6_03bb);

/// The dry run.
pub fn try_all(desk: Desk, sheet: &Sheet, columns: &[Option<Column>]) -> Tried {
    let engine = desk.engine();
    let (today, now) = (desk.today(), engine.ports.clock.now());
    let site_id = engine.home_site();
    let issuer = format!("urn:anteroom:import:{}", sheet.name);
    let mut tried = Tried::default();
    for (number, row) in &sheet.rows {
        let id = PatientId(Uuid::new_v5(&ROWS, row.join("\u{1f}").as_bytes()));
        match read_row(columns, row, (id, &issuer), (today, now)) {
            Err(faults) => tried.faults.push((*number, words(faults))),
            Ok(_) if engine.patient(id).is_some() => tried.known += 1,
            Ok(patient) => {
                let alike = engine.candidates(&Probe::of(&patient));
                if alike.iter().any(|one| one.score >= STRONG) {
                    tried.likely += 1;
                } else {
                    let command = RegisterPatient { patient, site_id };
                    tried.ready.push((*number, Command::RegisterPatient(command)));
                }
            }
        }
    }
    tried
}
