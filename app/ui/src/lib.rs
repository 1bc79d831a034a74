//! Widgets: what every screen is made of, at kiosk, staff and phone density.
//!
//! They are presentational. Words come in as properties, answers live in the caller's signals, and nothing here
//! knows about patients, storage or the network. Sizes and colours come from the style sheets in `style/`.

mod choice;
mod date;
mod dialog;
mod facts;
mod field;
mod icon;
mod problem;
mod segmented;
mod select;
mod status;
mod tone;

pub use choice::{CheckField, Choice, ChoiceField, ChoiceLayout, ChoicesField};
pub use date::{DateFields, DatePart, DateWords};
pub use dialog::Dialog;
pub use facts::{EmptyState, KeyValue};
pub use field::{AreaField, Field};
pub use icon::Icon;
pub use problem::{Problem, ProblemSummary, focus_on};
pub use segmented::Segmented;
pub use select::SelectField;
pub use status::{StatusRegion, SyncBadge, SyncState, Toast, Toasts};
pub use tone::{Banner, Chip, Tone};
