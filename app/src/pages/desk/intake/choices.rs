//! What the reviewer has chosen so far, line by line.

use super::lines::{About, Line, field_key};
use chrono::NaiveDate;
use domain::id::{IntakeId, PatientId};
use domain::intake::{AcceptIntake, AcceptedCoverage};
use domain::patients::{FieldChange, PatientField};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// "accept", "keep", or empty while undecided, by a line's name; and from which day a coverage counts.
#[derive(Clone, Copy)]
pub struct Choices {
    by: StoredValue<BTreeMap<String, RwSignal<String>>>,
    from: StoredValue<BTreeMap<String, RwSignal<String>>>,
}

impl Choices {
    /// The first proposal: contact is taken, identity stays, coverage is undecided. Into a new record everything
    /// about the person goes.
    pub fn new(lines: &[Line], new_patient: bool, today: NaiveDate) -> Choices {
        let mut by = BTreeMap::new();
        for field in PatientField::ALL {
            by.insert(field_key(*field), RwSignal::new("keep".to_owned()));
        }
        let mut from = BTreeMap::new();
        for line in lines {
            let first = match &line.about {
                _ if line.same => "keep",
                About::Coverage(_) => "",
                About::Field(_) if new_patient || line.safe => "accept",
                About::Field(_) => "keep",
                About::EmergencyContact | About::Guarantor => "accept",
            };
            by.insert(line.key.clone(), RwSignal::new(first.to_owned()));
            if matches!(line.about, About::Coverage(_)) {
                from.insert(line.key.clone(), RwSignal::new(today.to_string()));
            }
        }
        Choices {
            by: StoredValue::new(by),
            from: StoredValue::new(from),
        }
    }

    /// A line's choice.
    pub fn of(self, key: &str) -> Option<RwSignal<String>> {
        self.by.with_value(|by| by.get(key).copied())
    }

    /// The day from which a coverage counts.
    pub fn from(self, key: &str) -> Option<RwSignal<String>> {
        self.from.with_value(|from| from.get(key).copied())
    }

    fn is(self, key: &str, wanted: &str) -> bool {
        self.of(key)
            .is_some_and(|choice| choice.with(|choice| choice == wanted))
    }

    /// Takes everything that cannot do harm: never identity, never coverage.
    pub fn accept_all(self, lines: &[Line]) {
        for line in lines.iter().filter(|line| line.safe && !line.same) {
            if let Some(choice) = self.of(&line.key) {
                choice.set("accept".to_owned());
            }
        }
    }

    /// How many lines are taken, kept and undecided.
    pub fn counts(self, lines: &[Line]) -> (usize, usize, usize) {
        let open = lines.iter().filter(|line| !line.same);
        open.fold((0, 0, 0), |(taken, kept, left), line| {
            if self.is(&line.key, "accept") {
                (taken + 1, kept, left)
            } else if self.is(&line.key, "keep") {
                (taken, kept + 1, left)
            } else {
                (taken, kept, left + 1)
            }
        })
    }

    /// The first line without a choice, or with a day that is none.
    pub fn first_undecided(self, lines: &[Line]) -> Option<Line> {
        let undecided = |line: &&Line| {
            let open = !line.same
                && self
                    .of(&line.key)
                    .is_some_and(|choice| choice.with(String::is_empty));
            let no_day = self.is(&line.key, "accept")
                && self
                    .from(&line.key)
                    .is_some_and(|from| from.with(|from| from.parse::<NaiveDate>().is_err()));
            open || no_day
        };
        lines.iter().find(undecided).cloned()
    }

    /// The command that follows.
    pub fn command(
        self,
        intake: IntakeId,
        patient: PatientId,
        new_patient: bool,
        lines: &[Line],
    ) -> AcceptIntake {
        let mut command = AcceptIntake {
            intake_id: intake,
            patient_id: patient,
            new_patient,
            accepted: Vec::new(),
            coverages: Vec::new(),
            emergency_contact: false,
            guarantor: false,
        };
        for line in lines.iter().filter(|line| self.is(&line.key, "accept")) {
            match &line.about {
                About::Field(diff) => command.accepted.push(FieldChange {
                    field: diff.field,
                    from: diff.recorded.clone(),
                    to: diff.submitted.clone(),
                }),
                About::Coverage(index) => {
                    let day = self
                        .from(&line.key)
                        .and_then(|from| from.with(|from| from.parse().ok()));
                    if let (Some(replaces_from), Ok(index)) = (day, u32::try_from(*index)) {
                        command.coverages.push(AcceptedCoverage { index, replaces_from });
                    }
                }
                About::EmergencyContact => command.emergency_contact = true,
                About::Guarantor => command.guarantor = true,
            }
        }
        command
    }
}
