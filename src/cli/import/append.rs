//! Appends a table to a document and leaves every other byte unchanged.

use std::{env, fs, io, path::Path};

use super::{
    super::{input::STDIN, output},
    Failure,
};
use crate::{
    boundary::{Boundary, Refusal},
    document::{self, Document},
    finding::Rule,
    model::MaxFileBytes,
    source::LineIndex,
    toml::rules::{DUPLICATE_DECLARATION, INVALID_UTF8, SYNTAX},
    workspace::Content,
};

/// Returns a failure if the path is not a regular file: for example, a pipe or a device. Does not
/// read the file.
pub(in crate::cli) fn refuse_no_document(path: &Path) -> Result<(), Failure> {
    let name = path.display();
    if path.as_os_str() == STDIN {
        return Err(Failure::new(
            "`--append -` names no document; leave it out to write to standard output",
        ));
    }
    match fs::metadata(path) {
        Ok(existing) if existing.is_dir() => {
            Err(Failure::new(format!("cannot append to `{name}`: it is a folder; name a document")))
        }
        Ok(existing) if !existing.is_file() => {
            let message = "it is a pipe or a device; name a document";
            Err(Failure::new(format!("cannot append to `{name}`: {message}")))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::read_link(path) {
            Ok(target) => Err(Failure::new(format!(
                "cannot append to `{name}`: it is a link to `{}`, which is not there; create that \
                 first",
                target.display()
            ))),
            Err(_) => Ok(()),
        },
        // Reading the file reports any other error.
        _ => Ok(()),
    }
}

/// Appends a table to a document, and creates the document if it does not exist.
///
/// Returns a failure if the document or the table is not valid TOML, or if the table would make the
/// document invalid.
pub(in crate::cli) fn to_document(
    path: &Path,
    table: &str,
    limit: MaxFileBytes,
) -> Result<(), Failure> {
    let current = match read(path, limit) {
        Ok(Content::Whole(current)) => current,
        Ok(Content::TooLarge) => {
            return Err(Failure::too_large(&path.display().to_string(), limit));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            refuse_faults(path, &[], table.as_bytes())?;
            return output::create(path, table.as_bytes())
                .map_err(|error| Failure::write(path, &error));
        }
        Err(error) => {
            return Err(Failure::io(&format!("cannot read `{}`", path.display()), &error));
        }
    };
    let name = path.display();
    if let Some(fault) = faults(&current, &[&SYNTAX, &INVALID_UTF8]).first() {
        return Err(Failure::new(format!("`{name}` is not valid TOML: {fault}")));
    }
    let appended = appended(&current, table);
    refuse_faults(path, &current, &appended)?;
    match output::renew(path, &current, &appended)? {
        output::Writer::This => Ok(()),
        output::Writer::Other => {
            Err(Failure::new(format!("`{name}` has changed since it was read; run again")))
        }
    }
}

/// Returns a failure if a document has faults with the table that it does not have without.
fn refuse_faults(path: &Path, current: &[u8], appended: &[u8]) -> Result<(), Failure> {
    let rules = [&SYNTAX, &DUPLICATE_DECLARATION];
    let (name, before) = (path.display(), faults(current, &rules));
    match faults(appended, &rules).iter().find(|fault| !before.contains(fault)) {
        Some(fault) => Err(Failure::new(format!("the table does not fit into `{name}`: {fault}"))),
        None => Ok(()),
    }
}

/// Reads a document. Refuses a link to a file outside the project that contains the working
/// directory.
pub(super) fn read(path: &Path, limit: MaxFileBytes) -> io::Result<Content> {
    let mut boundary = Boundary::of_project(&env::current_dir()?);
    let content = boundary.add_named(path).and_then(|()| Content::inside(&boundary, path, limit));
    content.map_err(Refusal::into_error)
}

/// Returns the document followed by a blank line and the table, with the document's line endings.
fn appended(current: &[u8], table: &str) -> Vec<u8> {
    let first_line = current.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    let end = if first_line.ends_with(b"\r\n") { "\r\n" } else { "\n" };
    let mut document = current.to_vec();
    if !document.is_empty() && !document.ends_with(b"\n") {
        document.extend_from_slice(end.as_bytes());
    }
    let mut lines = document.split(|byte| *byte == b'\n').rev().skip(1);
    if lines.next().is_some_and(|last| last.iter().any(|byte| !byte.is_ascii_whitespace())) {
        document.extend_from_slice(end.as_bytes());
    }
    document.extend_from_slice(table.replace('\n', end).as_bytes());
    document
}

/// Returns the findings of these rules, with their lines.
fn faults(bytes: &[u8], rules: &[&Rule]) -> Vec<String> {
    let (text, Document { findings, .. }) = document::read_bytes(bytes.to_vec());
    let lines = LineIndex::new(&text);
    let findings = findings.iter().filter(|finding| rules.contains(&finding.rule));
    findings
        .map(|finding| {
            format!("line {}: {}", lines.position(finding.place.start).line, finding.message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_table_creates_no_document() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let limit = MaxFileBytes::new(1000).unwrap();
        let refused = to_document(&path, "[a]\nb = \n", limit).unwrap_err().to_string();
        assert!(refused.contains("the table does not fit into"), "{refused}");
        assert!(!path.exists());
    }

    fn with(current: &str) -> String {
        String::from_utf8(appended(current.as_bytes(), "[[a]]\nb = 1\n")).unwrap()
    }

    #[test]
    fn appended_table_follows_blank_line() {
        assert_eq!(with(""), "[[a]]\nb = 1\n");
        assert_eq!(with("x = 1\n"), "x = 1\n\n[[a]]\nb = 1\n");
        assert_eq!(with("x = 1"), "x = 1\n\n[[a]]\nb = 1\n");
        assert_eq!(with("x = 1\n\n"), "x = 1\n\n[[a]]\nb = 1\n");
        assert_eq!(with("# only"), "# only\n\n[[a]]\nb = 1\n");
        assert_eq!(with("\n"), "\n[[a]]\nb = 1\n");
    }

    #[test]
    fn appended_line_ends_match_document() {
        assert_eq!(with("x = 1\r\n"), "x = 1\r\n\r\n[[a]]\r\nb = 1\r\n");
        assert_eq!(with("x = 1\r\ny = 2"), "x = 1\r\ny = 2\r\n\r\n[[a]]\r\nb = 1\r\n");
        assert_eq!(with("x = 1\r\n\r\n"), "x = 1\r\n\r\n[[a]]\r\nb = 1\r\n");
    }
}
