//! What a chosen file holds: a text of separated values, or a workbook.

use super::workbook::{self, Numbered};

const NO_ROWS: &str = "The file has no rows under its headings.";
const PROTECTED: &str = "This file is protected with a password, or in a format from before 2007. Open it, take the password \
                         off, and save it as an Excel workbook (.xlsx) or as CSV.";
const DAMAGED: &str =
    "This file is damaged, or no Excel workbook (.xlsx). Open it, and save it again, or save it as CSV.";
/// How an encrypted workbook begins, and one of before 2007 (MS-CFB 2.2).
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// A file that was chosen.
#[derive(Clone, PartialEq)]
pub struct Sheet {
    /// As the person knows it.
    pub name: String,
    /// The first row.
    pub headings: Vec<String>,
    /// The others, each with its number in the file.
    pub rows: Vec<Numbered>,
}

/// Reads a file by what is in it, whatever it is called.
pub fn read(name: String, bytes: &[u8]) -> Result<Sheet, String> {
    let mut rows = if bytes.starts_with(b"PK") {
        workbook::rows(bytes).ok_or(DAMAGED)?
    } else if bytes.starts_with(&COMPOUND) {
        return Err(PROTECTED.to_owned());
    } else {
        separated(&text(bytes)).map_err(|error| error.to_string())?
    };
    if rows.is_empty() {
        return Err(NO_ROWS.to_owned());
    }
    let (_, headings) = rows.remove(0);
    rows.retain(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    match headings.iter().any(|heading| !heading.trim().is_empty()) && !rows.is_empty() {
        true => Ok(Sheet { name, headings, rows }),
        false => Err(NO_ROWS.to_owned()),
    }
}

/// UTF-8; what is not comes from an older Windows, where a byte is a letter.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// A text of comma, semicolon or tab separated values.
fn separated(text: &str) -> Result<Vec<Numbered>, csv::Error> {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: char| first.matches(mark).count();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|mark| count(char::from(*mark)))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let strings = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    (1..)
        .zip(reader.records())
        .map(|(number, record)| Ok((number, strings(record?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
        let rows = read("a file".to_owned(), bytes)?.rows;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    #[test]
    fn a_file_is_read_by_what_is_in_it() {
        let one = Ok(vec![vec!["Núñez".to_owned(), "1984-03-09".to_owned()]]);
        for bytes in [
            "\u{feff}Last;DOB\n\nNúñez;1984-03-09\n".as_bytes(),
            b"Last,DOB\r\nN\xfa\xf1ez,1984-03-09\r\n,\r\n",
            "Last\tDOB\nNúñez\t1984-03-09".as_bytes(),
        ] {
            assert_eq!(rows(bytes), one);
        }
        let workbook = include_bytes!("../../../../tests/data/patients.xlsx");
        assert_eq!(rows(workbook).map(|rows| rows.len()), Ok(3));
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        let locked = [COMPOUND.as_slice(), &[0; 504]].concat();
        assert!(rows(&locked).is_err_and(|why| why.contains("password")));
        assert!(rows(b"PK\x03\x04 and then nothing").is_err_and(|why| why.contains("damaged")));
        for empty in [b"".as_slice(), b"Last,DOB\n", b"\n\n", b",,\n,,\n"] {
            assert!(rows(empty).is_err_and(|why| why.contains("no rows")));
        }
    }
}
