//! What reading yields: entries, faults, and a count of what was passed over.

use std::collections::{BTreeMap, HashMap};

use crate::{
    AllergyIntolerance, Appointment, Claim, Condition, Coverage, Encounter, Fault, Immunization, Location,
    MedicationRequest, Organization, Patient, Position, Practitioner, PractitionerRole,
};

macro_rules! resources {
    ($($kind:ident),+ $(,)?) => {
        /// A resource of one of the kinds that are kept (FHIR R4, "Resource Index").
        #[derive(Debug, Clone, PartialEq)]
        pub enum Resource {
            $($kind(Box<$kind>)),+
        }

        impl Resource {
            /// The FHIR resource type, e.g. `Patient`.
            pub fn resource_type(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => stringify!($kind)),+
                }
            }

            /// The logical id, never empty.
            pub fn id(&self) -> &str {
                match self {
                    $(Self::$kind(resource) => &resource.id),+
                }
            }
        }

        $(impl From<$kind> for Resource {
            fn from(resource: $kind) -> Self {
                Self::$kind(Box::new(resource))
            }
        })+
    };
}

resources!(
    Patient,
    Coverage,
    Claim,
    Practitioner,
    PractitionerRole,
    Organization,
    Location,
    Encounter,
    Condition,
    MedicationRequest,
    Immunization,
    AllergyIntolerance,
    Appointment,
);

/// One resource that was read, and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub at: Position,
    /// The id in `Bundle.entry.fullUrl` where it differs from the resource's own: a `urn:uuid:` reference
    /// inside the bundle then means this one (FHIR R4, "Resolving references in Bundles").
    pub also_known_as: Option<String>,
    pub resource: Resource,
}

/// Everything read so far. Several files may be read into one document; ids are unique across it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// In the order of the input. A caller that works in batches may drain this between lines.
    pub entries: Vec<Entry>,
    pub faults: Vec<Fault>,
    /// Well-formed resources of kinds that are not kept: resource type to count.
    pub skipped: BTreeMap<String, u64>,
    /// Where each kept id first stood, so that a second one is refused even after `entries` was drained.
    seen: HashMap<(&'static str, String), Position>,
}

impl Document {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `entry` and is true; adds a fault and is false when a resource of its kind and id came before.
    pub(crate) fn add(&mut self, entry: Entry) -> bool {
        let kind = entry.resource.resource_type();
        let key = (kind, entry.resource.id().to_owned());
        if let Some(first) = self.seen.get(&key) {
            let problem = format!(
                "A {kind} with the same id was already read ({first}); only that one is kept. Give the \
                 resources different ids, or remove the copy that is out of date."
            );
            self.faults
                .push(Fault::refused(entry.at, Some(kind), problem).on(format!("{kind}.id")));
            return false;
        }
        self.seen.insert(key, entry.at);
        self.entries.push(entry);
        true
    }
}
