//! Files in, chunks of resources out: one at a time, never a whole bulk file in memory.

use super::kinds;
use crate::error::{Result, ServerError};
use fhir::{Document, Entry, Fault, Position, Severity};
use flate2::read::MultiGzDecoder;
use indicatif::ProgressBar;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Resources in one chunk.
const CHUNK: usize = 1000;
/// Longest line of an ndjson file.
const MAX_LINE: u64 = 16 << 20;
/// Largest bundle, unzipped: it must be read whole.
const MAX_BUNDLE: u64 = 512 << 20;

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where.
    pub path: PathBuf,
    /// Size on disk.
    pub size: u64,
    lines: bool,
    gzipped: bool,
}

/// Some resources of one file.
#[derive(Default)]
pub struct Chunk {
    /// The file's name.
    pub file: Arc<str>,
    /// What was read.
    pub entries: Vec<Entry>,
    /// What could not be, and what is doubtful.
    pub faults: Vec<Fault>,
    /// Kinds that are not kept.
    pub passed_over: BTreeMap<String, u64>,
    /// In a bundle: other names of its resources.
    pub aliases: Arc<HashMap<String, String>>,
    /// Length of the text.
    pub bytes: u64,
}

/// The files under some paths, in the order in which they can be understood: organisations and practitioners first,
/// then patients, then what is about them.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    for path in paths {
        let about = path.metadata().map_err(ServerError::file(path))?;
        if about.is_dir() {
            under(path, &mut found)?;
        } else {
            let source = source(path, about.len()).ok_or_else(|| {
                ServerError::Setting(format!(
                    "{}: only .json, .ndjson, and both as .gz can be read",
                    path.display()
                ))
            })?;
            found.push(source);
        }
    }
    found.sort_by_cached_key(|source| (rank(source), source.path.clone()));
    found.dedup();
    Ok(found)
}

fn under(folder: &Path, found: &mut Vec<Source>) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(ServerError::file(folder))? {
        let path = entry.map_err(ServerError::file(folder))?.path();
        let about = path.metadata().map_err(ServerError::file(&path))?;
        if about.is_dir() {
            under(&path, found)?;
        } else {
            found.extend(source(&path, about.len()));
        }
    }
    Ok(())
}

fn source(path: &Path, size: u64) -> Option<Source> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let (name, gzipped) = name
        .strip_suffix(".gz")
        .map_or((name.as_str(), false), |plain| (plain, true));
    let lines = name.ends_with(".ndjson");
    (lines || name.ends_with(".json")).then(|| Source {
        path: path.to_owned(),
        size,
        lines,
        gzipped,
    })
}

/// By the first resource of a bulk file. A bundle that names no patient by its name comes with the directory.
fn rank(source: &Source) -> usize {
    if !source.lines {
        let name = source.path.to_string_lossy().to_lowercase();
        let directory = ["hospitalinformation", "practitionerinformation"]
            .iter()
            .any(|word| name.contains(word));
        return if directory { 0 } else { kinds::PATIENT };
    }
    let mut document = Document::new();
    if let Ok(mut reader) = open(source, &ProgressBar::hidden()) {
        let mut line = Vec::new();
        if next_line(&mut reader, &mut line).is_ok()
            && let Ok(line) = std::str::from_utf8(&line)
        {
            fhir::read_ndjson_line(line, 1, &mut document);
        }
    }
    document
        .entries
        .first()
        .map_or(usize::MAX, |entry| kinds::rank(entry.resource.resource_type()))
}

type Reader = BufReader<Box<dyn Read + Send>>;

fn open(source: &Source, progress: &ProgressBar) -> io::Result<Reader> {
    let file = progress.wrap_read(File::open(&source.path)?);
    let plain: Box<dyn Read + Send> = if source.gzipped {
        Box::new(MultiGzDecoder::new(BufReader::new(file)))
    } else {
        Box::new(file)
    };
    Ok(BufReader::with_capacity(1 << 18, plain))
}

/// Reads one line, at most [`MAX_LINE`] and a byte of it. False at the end.
fn next_line(reader: &mut Reader, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    Ok(reader.by_ref().take(MAX_LINE + 1).read_until(b'\n', line)? > 0)
}

/// Reads a file and hands each chunk on, until `give` is false. What goes wrong becomes a fault of a chunk.
pub fn read(source: &Source, progress: &ProgressBar, give: &mut dyn FnMut(Chunk) -> bool) -> bool {
    let file: Arc<str> = source.path.display().to_string().into();
    let done = if source.lines {
        read_lines(source, &file, progress, give)
    } else {
        read_whole(source, &file, progress, give)
    };
    done.unwrap_or_else(|error| {
        let problem = format!(
            "The file cannot be read to its end ({}). Check it and run again.",
            error.kind()
        );
        give(Chunk {
            file,
            faults: vec![fault(Position::Document, &problem)],
            ..Chunk::default()
        })
    })
}

fn fault(at: Position, problem: &str) -> Fault {
    let problem = problem.to_owned();
    Fault {
        at,
        severity: Severity::Refused,
        resource_type: None,
        field: None,
        problem,
    }
}

fn read_lines(
    source: &Source,
    file: &Arc<str>,
    progress: &ProgressBar,
    give: &mut dyn FnMut(Chunk) -> bool,
) -> io::Result<bool> {
    let mut reader = open(source, progress)?;
    let mut line = Vec::new();
    let (mut number, mut bytes, mut document) = (0, 0, Document::new());
    loop {
        // A file cut short keeps what stood before the cut.
        let (more, cut) = match next_line(&mut reader, &mut line) {
            Ok(more) => (more, None),
            Err(error) => (false, Some(error)),
        };
        number += 1;
        bytes += line.len() as u64;
        if line.len() as u64 > MAX_LINE {
            document.faults.push(fault(
                Position::Line(number),
                "The line is longer than 16 MB; it was not read.",
            ));
            reader.skip_until(b'\n')?;
        } else if more {
            match std::str::from_utf8(&line) {
                Ok(text) => fhir::read_ndjson_line(text, number, &mut document),
                Err(_) => document
                    .faults
                    .push(fault(Position::Line(number), "The line is not UTF-8 text.")),
            }
        }
        let full = document.entries.len() + document.faults.len() >= CHUNK;
        if full || (!more && bytes > 0) {
            // Ids are compared within a chunk; across chunks the records themselves tell.
            let read = std::mem::take(&mut document);
            let chunk = Chunk {
                file: file.clone(),
                entries: sorted(read.entries),
                faults: read.faults,
                passed_over: read.skipped,
                aliases: Arc::default(),
                bytes: std::mem::take(&mut bytes),
            };
            if !give(chunk) {
                return Ok(false);
            }
        }
        match (cut, more) {
            (Some(error), _) => return Err(error),
            (None, false) => return Ok(true),
            (None, true) => {}
        }
    }
}

fn read_whole(
    source: &Source,
    file: &Arc<str>,
    progress: &ProgressBar,
    give: &mut dyn FnMut(Chunk) -> bool,
) -> io::Result<bool> {
    let mut text = Vec::new();
    open(source, progress)?
        .take(MAX_BUNDLE + 1)
        .read_to_end(&mut text)?;
    let bytes = text.len() as u64;
    let read = if bytes > MAX_BUNDLE {
        Err(fault(
            Position::Document,
            "The bundle is larger than 512 MB. Export it as ndjson.",
        ))
    } else {
        fhir::read_bundle(&text)
    };
    drop(text);
    let chunks = match read {
        Ok(document) => chunks(document, file, bytes),
        Err(fault) => vec![Chunk {
            file: file.clone(),
            faults: vec![fault],
            bytes,
            ..Chunk::default()
        }],
    };
    Ok(chunks.into_iter().all(give))
}

/// A document in chunks; what others refer to comes first.
pub fn chunks(document: Document, file: &Arc<str>, bytes: u64) -> Vec<Chunk> {
    let aliases = document.entries.iter().filter_map(|entry| {
        let alias = entry.also_known_as.clone()?;
        Some((alias, entry.resource.id().to_owned()))
    });
    let aliases = Arc::new(aliases.collect::<HashMap<_, _>>());
    let first = Chunk {
        file: file.clone(),
        faults: document.faults,
        passed_over: document.skipped,
        bytes,
        ..Chunk::default()
    };
    let mut all = vec![first];
    let mut rest = sorted(document.entries).into_iter();
    loop {
        let entries: Vec<Entry> = rest.by_ref().take(CHUNK).collect();
        if entries.is_empty() {
            return all;
        }
        all.push(Chunk {
            file: file.clone(),
            entries,
            aliases: aliases.clone(),
            ..Chunk::default()
        });
    }
}

fn sorted(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_key(|entry| kinds::rank(entry.resource.resource_type()));
    entries
}
