//! app/fhir
