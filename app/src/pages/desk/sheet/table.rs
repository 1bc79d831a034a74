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

/// Of Windows-1252, the bytes 0x80 to 0x9F (WHATWG Encoding); every other one is the character with its number, and so
/// are the five that have no meaning.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// UTF-16 where its mark says so, or UTF-8; what is neither comes from an older Windows, where a byte is a letter.
fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => bytes.iter().copied().map(windows).collect(),
        },
    }
}

fn windows(byte: u8) -> char {
    let place = byte.checked_sub(0x80).map(usize::from);
    let known = place.and_then(|place| WINDOWS.get(place)).copied();
    known.unwrap_or(char::from(byte))
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let pairs = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.first_chunk::<2>().copied());
    String::from_utf16_lossy(&pairs.map(unit).collect::<Vec<_>>())
}

/// How many lines end within a text.
fn line_ends(bytes: &[u8]) -> usize {
    let after = bytes.iter().skip(1).map(Some).chain([None]);
    let ends = |(one, next): &(&u8, Option<&u8>)| **one == b'\n' || (**one == b'\r' && *next != Some(&b'\n'));
    bytes.iter().zip(after).filter(ends).count()
}

/// A text of comma, semicolon or tab separated values, each row with the line that it begins in.
fn separated(text: &str) -> Result<Vec<Numbered>, csv::Error> {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let first = first.unwrap_or_default();
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
    let bytes = text.as_bytes();
    let (mut rows, mut line, mut at) = (Vec::new(), 1, 0);
    for record in reader.records() {
        let record = record?;
        // A record is said to be where the one before it ended: empty lines, and the end of a line, may lie between.
        let ended = record
            .position()
            .and_then(|place| usize::try_from(place.byte()).ok());
        let ended = ended.unwrap_or(at).max(at);
        let rest = bytes.get(ended..).unwrap_or_default();
        let empty = rest.iter().take_while(|one| matches!(one, b'\r' | b'\n')).count();
        let start = ended + empty;
        line += line_ends(bytes.get(at..start).unwrap_or_default());
        at = start;
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(rows)
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
    fn other_programs_write_other_bytes() {
        let windows = b"Last,Notes\nN\xfa\xf1ez,\x93O\x92Hara\x94 \x80 5 \x96 \x8a\x9e\x9f\n";
        assert_eq!(
            rows(windows),
            Ok(vec![vec!["Núñez".to_owned(), "“O’Hara” € 5 – ŠžŸ".to_owned()]])
        );
        assert_eq!(
            [0x7f, 0x81, 0x9d, 0xa0].map(super::windows),
            ['\u{7f}', '\u{81}', '\u{9d}', '\u{a0}']
        );
        let units: Vec<u16> = "\u{feff}Last\tDOB\r\nNúñez 😀\t1984-03-09\r\n"
            .encode_utf16()
            .collect();
        let one = Ok(vec![vec!["Núñez 😀".to_owned(), "1984-03-09".to_owned()]]);
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        assert_eq!((rows(&little), rows(&big)), (one.clone(), one));
    }

    #[test]
    fn a_row_is_called_by_the_line_that_it_begins_in() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "Last,Notes", "", "A,1", "\"B", "b\",2", "C,3", "", "", "D,4"].join(end);
            let rows = separated(&text).unwrap_or_default();
            let numbers: Vec<usize> = rows.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [2, 4, 5, 7, 10], "{end:?}");
        }
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
