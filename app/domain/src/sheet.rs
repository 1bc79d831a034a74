//! Sheets of other systems, whatever they hold: which column is what. Headings are guessed, and a person corrects the
//! guess.

use crate::validate::FaultCode;

/// The columns that one kind of sheet may have.
pub trait Columns: Copy + PartialEq + 'static {
    /// All of them, in order.
    fn all() -> &'static [Self];
    /// What it is called.
    fn label(self) -> &'static str;
    /// What else it is called elsewhere, in small letters and figures alone.
    fn known(self) -> &'static [&'static str];
}

macro_rules! columns {
    ($($name:ident $word:literal [$($known:literal),*];)*) => {
        /// What a column holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column { $(#[doc = $word] $name,)* }

        impl Column {
            /// All of them, in order.
            pub const ALL: &'static [Column] = &[$(Column::$name,)*];
            /// What it is called.
            pub fn label(self) -> &'static str { match self { $(Column::$name => $word,)* } }
        }

        impl $crate::sheet::Columns for Column {
            fn all() -> &'static [Column] { Column::ALL }
            fn label(self) -> &'static str { Column::label(self) }
            fn known(self) -> &'static [&'static str] { match self { $(Column::$name => &[$($known),*],)* } }
        }
    };
}
pub(crate) use columns;

/// What is wrong with one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellFault<C> {
    /// Where.
    pub column: C,
    /// What.
    pub code: FaultCode,
}

fn plain(heading: &str) -> String {
    heading
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase()
}

/// What the headings of a sheet are; each column once.
pub fn guess<C: Columns>(headings: &[String]) -> Vec<Option<C>> {
    let mut taken: Vec<C> = Vec::new();
    headings
        .iter()
        .map(|heading| {
            let heading = plain(heading);
            let is =
                |column: &&C| plain(column.label()) == heading || column.known().contains(&heading.as_str());
            let found = C::all()
                .iter()
                .find(is)
                .copied()
                .filter(|column| !taken.contains(column))?;
            taken.push(found);
            Some(found)
        })
        .collect()
}

/// What a row says under a column; empty when nothing.
pub fn cell<'a, C: Columns>(columns: &[Option<C>], cells: &'a [String], wanted: C) -> &'a str {
    let at = columns.iter().position(|column| *column == Some(wanted));
    at.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim())
}
