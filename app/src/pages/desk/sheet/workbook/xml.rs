//! XML of a workbook, piece by piece.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion, escape::resolve_predefined_entity};

/// What comes next.
pub enum Piece<'a> {
    /// An element begins.
    Open(&'a str, &'a BytesStart<'a>),
    /// It ends.
    Close(&'a str),
    /// Text, possibly only a part of it.
    Text(&'a str),
}

/// Reads all of it; nothing when it is not XML. A document type is refused: workbooks have none, attacks do.
pub fn walk(xml: &str, mut take: impl FnMut(Piece<'_>)) -> Option<()> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => take(Piece::Open(tag.local_name().as_ref(), &tag)),
            Event::Empty(tag) => {
                take(Piece::Open(tag.local_name().as_ref(), &tag));
                take(Piece::Close(tag.local_name().as_ref()));
            }
            Event::End(tag) => take(Piece::Close(tag.local_name().as_ref())),
            Event::Text(text) => take(Piece::Text(&text.xml10_content())),
            Event::CData(text) => take(Piece::Text(&text.xml10_content())),
            Event::GeneralRef(name) => match name.resolve_char_ref().ok()? {
                Some(one) => take(Piece::Text(one.encode_utf8(&mut [0; 4]))),
                None => take(Piece::Text(resolve_predefined_entity(&name)?)),
            },
            Event::DocType(_) => return None,
            Event::Eof => return Some(()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

/// An attribute, whatever namespace it is in.
pub fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .flatten()
        .find(|one| one.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}
