//! Converts locations to SARIF, with a URI, lines and columns.

use std::fmt::Write;

use super::shape::{ArtifactLocation, Location, PhysicalLocation, Region, Text};
use crate::{
    report::index::IndexedSources,
    source::{self, Position},
};

/// The maximum length of a snippet, in bytes. Longer locations have no snippet.
const LONGEST_SNIPPET: usize = 1000;

/// Returns a location with its snippet and message.
pub(super) fn location(
    place: source::Location,
    message: Option<Text>,
    sources: &IndexedSources<'_>,
) -> Location {
    let source = sources.of_place(place).source;
    let snippet = source.slice(place.span);
    let quoted = !snippet.is_empty() && snippet.len() <= LONGEST_SNIPPET;
    let snippet = quoted.then(|| Text { text: snippet.to_owned() });
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: artifact(&sources.path(place.source)),
            region: Region { snippet, ..region_of(place, sources) },
        },
        message,
    }
}

/// Returns the lines and columns of a location. The end is the position after the last character.
pub(super) fn region_of(place: source::Location, sources: &IndexedSources<'_>) -> Region {
    let indexed = sources.of_place(place);
    let Position { line: start_line, column: start_column } = indexed.position(place.span.start);
    let Position { line: end_line, column: end_column } = indexed.position(place.span.end);
    Region { start_line, start_column, end_line, end_column, snippet: None }
}

/// Returns the location of a file, relative to the repository root.
pub(super) fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation { uri: uri(path), uri_base_id: "%SRCROOT%" }
}

/// Returns a path as a relative URI (RFC 3986). Colons are encoded, so they do not start a scheme.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_percent_encoded() {
        assert_eq!(uri("contracts/a b#1%.toml"), "contracts/a%20b%231%25.toml");
        assert_eq!(uri("../数.toml"), "../%E6%95%B0.toml");
        assert_eq!(uri("builtin:kafka.toml"), "builtin%3Akafka.toml");
    }
}
