//! What a sheet holds.

use super::run::Tried;
use super::table::Sheet;
use super::{appointments, patients};
use crate::shell::staff::context::Desk;
use domain::command::CommandName;
use domain::sheet::{CellFault, Columns};
use domain::text::Lang;

/// One kind of sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Who is cared for.
    Patients,
    /// When they come.
    Appointments,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Patients, Kind::Appointments];

    /// As it is chosen.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Patients => "Patients",
            Kind::Appointments => "Appointments",
        }
    }

    /// The one that is called so.
    pub fn of(words: &str) -> Kind {
        let found = Kind::ALL.into_iter().find(|kind| kind.words() == words);
        found.unwrap_or(Kind::Patients)
    }

    /// As options.
    pub fn options(kinds: &[Kind]) -> Vec<(String, String)> {
        let words = kinds.iter().map(|kind| kind.words().to_owned());
        words.map(|words| (words.clone(), words)).collect()
    }

    /// Who gives it may import such a sheet.
    pub fn command(self) -> CommandName {
        match self {
            Kind::Patients => CommandName::RegisterPatient,
            Kind::Appointments => CommandName::BookAppointment,
        }
    }

    /// What its columns are called, in order.
    pub fn labels(self) -> Vec<&'static str> {
        match self {
            Kind::Patients => labels::<patients::Column>(),
            Kind::Appointments => labels::<appointments::Column>(),
        }
    }

    /// Which of them the headings of a sheet are.
    pub fn guess(self, headings: &[String]) -> Vec<Option<usize>> {
        match self {
            Kind::Patients => places(&domain::sheet::guess::<patients::Column>(headings)),
            Kind::Appointments => places(&domain::sheet::guess::<appointments::Column>(headings)),
        }
    }

    /// The dry run: nothing is written.
    pub fn try_all(self, desk: Desk, sheet: &Sheet, columns: &[Option<usize>]) -> Tried {
        match self {
            Kind::Patients => patients::try_all(desk, sheet, &chosen(columns)),
            Kind::Appointments => appointments::try_all(desk, sheet, &chosen(columns)),
        }
    }
}

fn labels<C: Columns>() -> Vec<&'static str> {
    C::all().iter().map(|column| column.label()).collect()
}

fn places<C: Columns>(columns: &[Option<C>]) -> Vec<Option<usize>> {
    let place = |column: &C| C::all().iter().position(|known| known == column);
    columns
        .iter()
        .map(|column| column.as_ref().and_then(place))
        .collect()
}

fn chosen<C: Columns>(places: &[Option<usize>]) -> Vec<Option<C>> {
    let column = |place: &Option<usize>| place.and_then(|place| C::all().get(place).copied());
    places.iter().map(column).collect()
}

/// "ZIP: Enter a ZIP code"
pub fn words<C: Columns>(faults: Vec<CellFault<C>>) -> Vec<String> {
    let said = |fault: CellFault<C>| {
        format!(
            "{}: {}",
            fault.column.label(),
            fault.code.sentence().get(Lang::En)
        )
    };
    faults.into_iter().map(said).collect()
}
