//! What is wrong with an input, where, and what to do about it.

use std::fmt;

/// Where in the input an entry or a fault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// The text as a whole: a single resource, or a bundle that could not be opened.
    Document,
    /// `Bundle.entry[n]`, counted from 0 as FHIRPath counts.
    Entry(u64),
    /// Line `n` of an ndjson file, as numbered by the caller.
    Line(u64),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => f.write_str("document"),
            Self::Entry(index) => write!(f, "Bundle.entry[{index}]"),
            Self::Line(number) => write!(f, "line {number}"),
        }
    }
}

/// What became of the resource that has the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The resource is among the entries; look at the field named.
    Warning,
    /// Nothing of the resource is among the entries.
    Refused,
}

/// One thing that is wrong. `Display` puts place, field and sentence on one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}, {}: {problem}", .field.as_deref().or(.resource_type.as_deref()).unwrap_or("resource"))]
pub struct Fault {
    pub at: Position,
    pub severity: Severity,
    pub resource_type: Option<String>,
    /// FHIR path from the resource down, e.g. `Patient.name[0].given`.
    pub field: Option<String>,
    /// A sentence that says what is wrong and what to do. Never quotes a value of the input.
    pub problem: String,
}

impl Fault {
    pub(crate) fn refused(at: Position, resource_type: Option<&str>, problem: impl Into<String>) -> Self {
        Self {
            at,
            severity: Severity::Refused,
            resource_type: resource_type.map(str::to_owned),
            field: None,
            problem: problem.into(),
        }
    }

    pub(crate) fn warning(at: Position, resource_type: Option<&str>, problem: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::refused(at, resource_type, problem)
        }
    }

    pub(crate) fn on(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_reads_as_one_line() {
        let fault = Fault::warning(Position::Entry(3), Some("Patient"), "The day is missing.")
            .on("Patient.birthDate");
        assert_eq!(
            fault.to_string(),
            "Bundle.entry[3], Patient.birthDate: The day is missing."
        );
        let bare = Fault::refused(Position::Line(7), None, "Not JSON.");
        assert_eq!(bare.to_string(), "line 7, resource: Not JSON.");
    }
}
