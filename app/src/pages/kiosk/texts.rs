//! Everything the kiosk says, in both languages, at the reading level of a sixth grade.

mod frame;
mod questions;
mod reply;

pub use frame::*;
pub use questions::*;
pub use reply::*;

/// One constant per sentence: `NAME "English" "Spanish";`
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $en:literal $es:literal;)*) => {$(
        $(#[$doc])*
        #[allow(missing_docs)]
        pub const $name: domain::text::Text = domain::text::Text { en: $en, es: $es };
    )*};
}
pub(crate) use texts;

/// January to December.
pub const MONTHS: [domain::text::Text; 12] = [
    JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER,
];

texts! {
    JANUARY "January" "enero";
    FEBRUARY "February" "febrero";
    MARCH "March" "marzo";
    APRIL "April" "abril";
    MAY "May" "mayo";
    JUNE "June" "junio";
    JULY "July" "julio";
    AUGUST "August" "agosto";
    SEPTEMBER "September" "septiembre";
    OCTOBER "October" "octubre";
    NOVEMBER "November" "noviembre";
    DECEMBER "December" "diciembre";
}
