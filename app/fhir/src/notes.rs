//! How a resource, once parsed, becomes the structure that is kept: checks that more than one kind shares.

use serde::Deserialize;

use crate::date::{Moment, PartialDate, Period};
use crate::{Fault, Identifier, NPI_SYSTEM, Position, Reference};
use domain::practice::npi_check_digit_ok;

/// A resource as it stands in the JSON. Types are checked by serde; sense is checked by `keep`.
pub(crate) trait Wire<'a>: Deserialize<'a> {
    type Kept;

    /// The structure to keep, or `None` after a fault was noted that refuses the resource.
    fn keep(self, notes: &mut Notes<'_>) -> Option<Self::Kept>;
}

/// The faults of one resource, with the place they belong to.
pub(crate) struct Notes<'a> {
    pub at: Position,
    pub resource_type: &'static str,
    /// The id of `Bundle.entry.fullUrl`, for a resource that has none of its own yet.
    pub other_id: Option<&'a str>,
    pub faults: &'a mut Vec<Fault>,
}

/// A period as written.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct PeriodWire {
    start: Option<String>,
    end: Option<String>,
}

impl Notes<'_> {
    /// Notes that `field` (a path below the resource) is doubtful; the resource is kept.
    pub fn warn(&mut self, field: &str, problem: impl Into<String>) {
        let fault = Fault::warning(self.at, Some(self.resource_type), problem);
        self.faults
            .push(fault.on(format!("{}.{field}", self.resource_type)));
    }

    fn refuse(&mut self, field: &str, problem: impl Into<String>) {
        let fault = Fault::refused(self.at, Some(self.resource_type), problem);
        self.faults
            .push(fault.on(format!("{}.{field}", self.resource_type)));
    }

    /// The id of the resource, else of its bundle entry; refuses the resource when there is neither.
    pub fn id(&mut self, own: Option<String>) -> Option<String> {
        let id = own
            .filter(|id| !id.is_empty())
            .or_else(|| self.other_id.map(str::to_owned));
        if id.is_none() {
            self.refuse(
                "id",
                "The resource has no id, so nothing can refer to it. Export it again with its id.",
            );
        }
        id
    }

    /// A reference without which the resource means nothing; refuses the resource when it leads nowhere.
    pub fn required(&mut self, field: &str, reference: Option<Reference>) -> Option<Reference> {
        let found = reference.filter(Reference::can_be_followed);
        if found.is_none() {
            let problem =
                "The resource does not say whom it belongs to. Export it again with this reference.";
            self.refuse(field, problem);
        }
        found
    }

    /// A `dateTime`, or `None` and a warning. A time without a zone gives its date alone.
    pub fn moment(&mut self, field: &str, text: Option<String>) -> Option<Moment> {
        let text = text?;
        if let Some(moment) = Moment::parse(&text) {
            return Some(moment);
        }
        // The day is certain even where the hour is not.
        let date = text
            .get(..11)
            .filter(|head| head.ends_with('T'))
            .and_then(|head| PartialDate::parse(&head[..10]));
        match date {
            Some(date) => {
                self.warn(
                    field,
                    "The time of day has no time zone or is not a time; only the date was kept.",
                );
                Some(Moment { date, instant: None })
            }
            None => {
                self.warn(
                    field,
                    "This is not a FHIR date or date-time; it was left out. Enter it by hand.",
                );
                None
            }
        }
    }

    /// A period, with a warning when it ends before it starts (R4 invariant per-1); both ends are kept.
    pub fn period(&mut self, field: &str, wire: Option<PeriodWire>) -> Option<Period> {
        let wire = wire?;
        let start = self.moment(&format!("{field}.start"), wire.start);
        let end = self.moment(&format!("{field}.end"), wire.end);
        if let (Some(start), Some(end)) = (&start, &end)
            && start.is_after(end)
        {
            self.warn(
                field,
                "The period ends before it starts. Check both dates with the sender.",
            );
        }
        Some(Period { start, end })
    }

    /// The NPI among `identifiers`. One that fails its check digit is reported and kept.
    pub fn npi(&mut self, identifiers: &[Identifier]) -> Option<String> {
        let (index, found) = identifiers.iter().enumerate().find(|(_, identifier)| {
            identifier.system.as_deref() == Some(NPI_SYSTEM) && identifier.value.is_some()
        })?;
        let npi = found.value.clone()?;
        if !npi_check_digit_ok(&npi) {
            let problem =
                "The NPI fails its check digit: mistyped or made up. Look it up in NPPES before billing.";
            self.warn(&format!("identifier[{index}].value"), problem);
        }
        Some(npi)
    }
}
