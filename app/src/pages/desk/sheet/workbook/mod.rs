//! An Excel workbook (.xlsx, ECMA-376): the first sheet that has rows, as text. Read by hand: what reads every format
//! and every code page there is would be larger than the rest of the page.

mod looks;
mod xml;
mod zip;

use looks::Look;
use xml::{Piece, attribute, walk};
use zip::Archive;

/// More columns than this are not looked at; the last one a workbook may name is the 16,384th.
const WIDEST: usize = 256;

/// What another file is to this one.
struct Relation {
    id: String,
    kind: String,
    path: String,
}

/// A row with its number, as the program shows it.
pub type Numbered = (usize, Vec<String>);

/// The rows of the first sheet that has any; nothing when this is no workbook, or damaged.
pub fn rows(bytes: &[u8]) -> Option<Vec<Numbered>> {
    let archive = Archive::open(bytes)?;
    let of_kind = |all: &[Relation], kind: &str| {
        let found = all.iter().find(|one| one.kind.ends_with(kind));
        found.map(|one| one.path.clone())
    };
    let book = of_kind(&relations(&archive, "")?, "/officeDocument")?;
    let parts = relations(&archive, &book)?;
    let (sheets, from_1904) = sheets(&archive.text(&book)?)?;
    let cells = Cells {
        shared: match of_kind(&parts, "/sharedStrings") {
            Some(path) => strings(&archive.text(&path)?)?,
            None => Vec::new(),
        },
        looks: match of_kind(&parts, "/styles") {
            Some(path) => looks::read(&archive.text(&path)?)?,
            None => Vec::new(),
        },
        from_1904,
    };
    for sheet in sheets {
        let found = parts.iter().find(|one| one.id == sheet)?;
        let mut rows = cells.rows(&archive.text(&found.path)?)?;
        rows.retain(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
        if !rows.is_empty() {
            return Some(rows);
        }
    }
    Some(Vec::new())
}

/// What belongs to a file, or to the archive (ECMA-376 part 2, 6.5).
fn relations(archive: &Archive<'_>, of: &str) -> Option<Vec<Relation>> {
    let (folder, name) = match of.rsplit_once('/') {
        Some((folder, name)) => (format!("{folder}/"), name),
        None => (String::new(), of),
    };
    let mut all = Vec::new();
    walk(&archive.text(&format!("{folder}_rels/{name}.rels"))?, |piece| {
        if let Piece::Open("Relationship", tag) = piece {
            let said = |name| attribute(tag, name).unwrap_or_default();
            let target = said("Target");
            let path = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("{folder}{target}"),
            };
            all.push(Relation {
                id: said("Id"),
                kind: said("Type"),
                path,
            });
        }
    })?;
    Some(all)
}

/// The sheets in the order of their tabs, and whether days are counted from 1904.
fn sheets(book: &str) -> Option<(Vec<String>, bool)> {
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    walk(book, |piece| match piece {
        Piece::Open("sheet", tag) => sheets.extend(attribute(tag, "id")),
        Piece::Open("workbookPr", tag) => {
            from_1904 = matches!(attribute(tag, "date1904").as_deref(), Some("1" | "true"));
        }
        _ => {}
    })?;
    Some((sheets, from_1904))
}

/// Texts that cells share. How Japanese is pronounced stands beside it, and is no part of it.
fn strings(xml: &str) -> Option<Vec<String>> {
    let (mut all, mut one, mut text, mut beside) = (Vec::new(), String::new(), false, false);
    walk(xml, |piece| match piece {
        Piece::Close("si") => all.push(std::mem::take(&mut one)),
        Piece::Open("t", _) => text = true,
        Piece::Close("t") => text = false,
        Piece::Open("rPh", _) => beside = true,
        Piece::Close("rPh") => beside = false,
        Piece::Text(more) if text && !beside => one.push_str(more),
        _ => {}
    })?;
    Some(all)
}

/// "AB12" is in the column with the index 27.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.fold(0_usize, |sum, letter| {
        sum.saturating_mul(26)
            .saturating_add(usize::from(letter - b'A') + 1)
    });
    number.checked_sub(1)
}

/// What the cells of a workbook refer to.
struct Cells {
    shared: Vec<String>,
    looks: Vec<Look>,
    from_1904: bool,
}

impl Cells {
    fn rows(&self, sheet: &str) -> Option<Vec<Numbered>> {
        let (mut rows, mut row, mut number) = (Vec::new(), Vec::<String>::new(), 0_usize);
        let (mut at, mut kind, mut look) = (0_usize, String::new(), Look::Plain);
        let (mut value, mut is_value, mut beside) = (String::new(), false, false);
        walk(sheet, |piece| match piece {
            Piece::Open("row", tag) => {
                at = 0;
                let said = attribute(tag, "r").and_then(|row| row.parse().ok());
                number = said.unwrap_or_else(|| number.saturating_add(1));
            }
            Piece::Open("c", tag) => {
                at = attribute(tag, "r").and_then(|place| column(&place)).unwrap_or(at);
                kind = attribute(tag, "t").unwrap_or_default();
                let style = attribute(tag, "s").and_then(|style| style.parse::<usize>().ok());
                look = style
                    .and_then(|style| self.looks.get(style))
                    .copied()
                    .unwrap_or(Look::Plain);
                value.clear();
            }
            Piece::Open("v" | "t", _) => is_value = true,
            Piece::Close("v" | "t") => is_value = false,
            Piece::Open("rPh", _) => beside = true,
            Piece::Close("rPh") => beside = false,
            Piece::Text(more) if is_value && !beside => value.push_str(more),
            Piece::Close("c") => {
                if at < WIDEST && !value.is_empty() {
                    row.resize(row.len().max(at + 1), String::new());
                    if let Some(cell) = row.get_mut(at) {
                        *cell = self.say(&kind, look, &value);
                    }
                }
                at = at.saturating_add(1);
            }
            Piece::Close("row") => rows.push((number, std::mem::take(&mut row))),
            _ => {}
        })?;
        Some(rows)
    }

    /// A cell by its kind (18.18.11).
    fn say(&self, kind: &str, look: Look, value: &str) -> String {
        match kind {
            "s" => {
                let shared = value.trim().parse::<usize>().ok();
                shared
                    .and_then(|at| self.shared.get(at))
                    .cloned()
                    .unwrap_or_default()
            }
            "b" => if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "" | "n" => match value.trim().parse::<f64>() {
                Ok(number) => look.say(number, self.from_1904),
                Err(_) => value.to_owned(),
            },
            _ => value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by XlsxWriter 3.2: an empty sheet first, then days, numbers, shared and rich texts, gaps.
    const WRITTEN: &[u8] = include_bytes!("../../../../../tests/data/patients.xlsx");
    /// The same by openpyxl 3.1, which keeps texts in their cells.
    const INLINE: &[u8] = include_bytes!("../../../../../tests/data/inline.xlsx");

    #[test]
    fn the_first_sheet_with_rows_is_read_as_people_see_it() {
        let expected: [(usize, &[&str]); 4] = [
            (
                1,
                &[
                    "Chart",
                    "Last Name",
                    "First Name",
                    "DOB",
                    "Gender",
                    "Cell Phone",
                    "ZIP",
                    "Notes",
                ],
            ),
            (
                2,
                &[
                    "1001",
                    "Zinnober",
                    "Ottilie",
                    "1951-03-09",
                    "F",
                    "4145550161",
                    "00716",
                    "likes tea & cake",
                ],
            ),
            (
                4,
                &["1002", "Yarrow", "Leopold", "1990-12-01", "M", "414 555 0162"],
            ),
            (
                5,
                &["1003", "Núñez", "Ismay", "31/31/1990", "F", "", "53005", "0.5"],
            ),
        ];
        let strings = |row: &[&str]| row.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let expected = expected.map(|(number, row)| (number, strings(row)));
        for written in [WRITTEN, INLINE] {
            assert_eq!(rows(written).unwrap_or_default(), expected);
        }
    }

    #[test]
    fn what_is_damaged_anywhere_is_no_workbook_or_reads_the_same() {
        let whole = rows(WRITTEN);
        assert!(whole.is_some());
        for cut in (0..WRITTEN.len()).step_by(97) {
            assert_eq!(rows(&WRITTEN[..cut]), None, "cut after {cut}");
        }
        for at in (0..WRITTEN.len()).step_by(3) {
            let mut bytes = WRITTEN.to_vec();
            bytes[at] ^= 0x10;
            let read = rows(&bytes);
            assert!(
                read.is_none() || read == whole,
                "a bit of byte {at} fell over unnoticed"
            );
        }
    }

    #[test]
    fn columns_are_letters() {
        let found = ["A1", "Z9", "AA1", "AB12", "XFD1", "7"].map(column);
        assert_eq!(found, [Some(0), Some(25), Some(26), Some(27), Some(16_383), None]);
    }
}
