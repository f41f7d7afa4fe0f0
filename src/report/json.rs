//! Writes findings as JSON.
//!
//! The types mirror the documented schema. Change them only together with [`SCHEMA_VERSION`].
//! Invisible characters are written as JSON escapes, so no text is lost.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    index::IndexedSources,
    json_text::{pretty, pretty_items},
    summary,
};
use crate::{finding, fix, lint, parallel, source};

/// The schema version.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// The number of findings per thread. If there are fewer findings, a single thread writes all of
/// them.
const FINDINGS_PER_CHUNK: usize = 256;
/// The empty array that serialised findings replace.
const EMPTY: &str = "[]";

/// The report without its findings. Several threads serialise the findings separately.
#[derive(Debug, Serialize)]
struct Report {
    schema_version: u32,
    findings: [(); 0],
    /// Only if there are accepted findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<[(); 0]>,
    summary: Summary,
}

/// An accepted finding.
#[derive(Debug, Serialize)]
struct Accepted<'f> {
    #[serde(rename = "accepted_by")]
    by: &'static str,
    /// `null` for an acceptance without a reason.
    reason: Option<&'f str>,
    #[serde(flatten)]
    finding: Finding<'f>,
}

/// One finding. Its schema version is set only in the JSON Lines format.
#[derive(Debug, Serialize)]
pub(super) struct Finding<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) schema_version: Option<u32>,
    rule: &'static str,
    level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'f str>,
    message: &'f str,
    help: Option<&'f str>,
    url: String,
    place: Place<'f>,
    related: Vec<Place<'f>>,
    fix: Option<Fix<'f>>,
}

#[derive(Debug, Serialize)]
struct Fix<'f> {
    safety: Safety,
    edits: Vec<Edit<'f>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Safety {
    Safe,
    Unsafe,
}

#[derive(Debug, Serialize)]
struct Edit<'f> {
    path: &'f str,
    start: Position,
    end: Position,
    replacement: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Error,
    Warn,
    Info,
}

#[derive(Debug, Serialize)]
struct Place<'f> {
    path: &'f str,
    start: Position,
    end: Position,
    label: Option<&'f str>,
}

#[derive(Debug, Serialize)]
struct Position {
    line: usize,
    column: usize,
    offset: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Summary {
    errors: usize,
    warnings: usize,
    infos: usize,
}

/// Writes one indented document with a final newline. The summary includes all open findings.
pub(super) fn write(
    findings: &[finding::Finding<source::Location>],
    accepted: &[lint::Accepted],
    all: summary::Summary,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = pretty(&Report {
        schema_version: SCHEMA_VERSION,
        findings: [],
        accepted: (!accepted.is_empty()).then_some([]),
        summary: Summary::from(all),
    })?;
    let mut parts = report.split(EMPTY);
    write!(out, "{}", parts.next().unwrap_or_default())?;
    write_items(findings, |finding| Finding::of(finding, sources), out)?;
    if !accepted.is_empty() {
        write!(out, "{}", parts.next().unwrap_or_default())?;
        write_items(accepted, |accepted| Accepted::of(accepted, sources), out)?;
    }
    writeln!(out, "{}", parts.next().unwrap_or_default())
}

/// Writes an array of the report.
fn write_items<'i, T: Sync, I: Serialize>(
    items: &'i [T],
    of: impl Fn(&'i T) -> I + Sync,
    out: &mut dyn Write,
) -> io::Result<()> {
    let tasks: Vec<_> = items.chunks(FINDINGS_PER_CHUNK).collect();
    if tasks.is_empty() {
        return write!(out, "{EMPTY}");
    }
    let written = parallel::all(&tasks, |items| {
        let items: Vec<_> = items.iter().map(&of).collect();
        pretty_items(&items)
    });
    let mut separator = "[\n";
    for items in written {
        write!(out, "{separator}{}", items?)?;
        separator = ",\n";
    }
    write!(out, "\n  ]")
}

impl<'f> Accepted<'f> {
    fn of(accepted: &'f lint::Accepted, sources: &'f IndexedSources<'_>) -> Self {
        let reason = Some(&*accepted.reason).filter(|reason| !reason.is_empty());
        let finding = Finding::of(&accepted.finding, sources);
        Self { by: accepted.by.label(), reason, finding }
    }
}

impl<'f> Finding<'f> {
    /// Converts a finding.
    pub(super) fn of(
        finding: &'f finding::Finding<source::Location>,
        sources: &'f IndexedSources<'_>,
    ) -> Self {
        let related = finding.related.iter();
        Self {
            schema_version: None,
            rule: finding.rule.name,
            level: Level::from(finding.level),
            owner: finding.owner.as_deref(),
            message: &finding.message,
            help: finding.help.as_deref(),
            url: finding.rule.url(),
            place: Place::of(finding.place, finding.label.as_deref(), sources),
            related: related
                .map(|related| Place::of(related.place, Some(&related.label), sources))
                .collect(),
            fix: finding.fix.as_ref().and_then(|fix| Fix::of(fix, sources)),
        }
    }
}

impl<'f> Fix<'f> {
    /// Converts a fix, or returns `None` if its sources have changed.
    fn of(fix: &finding::Fix<source::Location>, sources: &'f IndexedSources<'_>) -> Option<Self> {
        let edit = |(source, replacement): (_, fix::Replacement)| {
            let place = source::Location { source, span: replacement.span };
            let Place { path, start, end, .. } = Place::of(place, None, sources);
            Edit { path, start, end, replacement: replacement.text }
        };
        let replacements = fix::replacements(sources.sources(), fix)?;
        let edits = replacements.into_iter().map(edit).collect();
        Some(Self { safety: Safety::from(fix.safety), edits })
    }
}

impl From<finding::Safety> for Safety {
    fn from(safety: finding::Safety) -> Self {
        match safety {
            finding::Safety::Safe => Self::Safe,
            finding::Safety::Unsafe => Self::Unsafe,
        }
    }
}

impl From<finding::Level> for Level {
    fn from(level: finding::Level) -> Self {
        match level {
            finding::Level::Error => Self::Error,
            finding::Level::Warn => Self::Warn,
            finding::Level::Info => Self::Info,
        }
    }
}

impl<'f> Place<'f> {
    fn of(
        place: source::Location,
        label: Option<&'f str>,
        sources: &'f IndexedSources<'_>,
    ) -> Self {
        let indexed = sources.of_place(place);
        let position = |offset| {
            let source::Position { line, column } = indexed.position(offset);
            Position { line, column, offset }
        };
        Self {
            path: indexed.source.name(),
            start: position(place.span.start),
            end: position(place.span.end),
            label,
        }
    }
}

impl From<summary::Summary> for Summary {
    fn from(summary: summary::Summary) -> Self {
        let summary::Summary { errors, warnings, infos, files: _ } = summary;
        Self { errors, warnings, infos }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::FINDINGS_PER_CHUNK;
    use crate::report::{
        Format,
        samples::{ExampleReport, RETRY_ATTEMPTS_HIGH, SUPPORT_TIER_UNUSUAL, UNKNOWN_KEY},
    };

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn locations_have_lines_columns_and_offsets() {
        let mut sample = ExampleReport::new();
        let text = "\u{feff}[driver.a]\r\nname = \"数🦀\" # y\n";
        let id = sample.file("a.toml", text);
        let findings = [
            UNKNOWN_KEY
                .finding(sample.find(id, "# y"), "one line")
                .also(sample.find(id, "a]"), "b"),
            SUPPORT_TIER_UNUSUAL.finding(sample.place(id, 3, text.len()), "all").label("c"),
        ];
        let report = parsed(&sample.written(Format::Json, &findings));
        let place = |start: [usize; 3], end: [usize; 3], label: Value| {
            let position = |[line, column, offset]: [usize; 3]| json!({ "line": line, "column": column, "offset": offset });
            json!({
                "path": "a.toml", "start": position(start), "end": position(end), "label": label
            })
        };
        let [first, second] = [0, 1].map(|number| &report["findings"][number]);
        assert_eq!(first["place"], place([2, 13, 32], [2, 16, 35], Value::Null));
        assert_eq!(first["related"], json!([place([1, 9, 11], [1, 11, 13], json!("b"))]));
        assert_eq!(second["place"], place([1, 1, 3], [3, 1, 36], json!("c")));
    }

    #[test]
    fn control_characters_are_escaped_and_read_back() {
        let text = "a\n\t\u{1b}\u{7f}\u{9b}\u{202e}\u{e0041}\"数\\";
        let mut sample = ExampleReport::new();
        let id = sample.file(text, "x");
        let findings = [RETRY_ATTEMPTS_HIGH
            .finding(sample.find(id, "x"), text)
            .label(text)
            .also(sample.find(id, "x"), text)
            .help(text)];
        let written = sample.written(Format::Json, &findings);
        let escaped = r#""a\n\t\u001b\u007f\u009b\u202e\udb40\udc41\"数\\""#;
        assert_eq!(written.matches(escaped).count(), 6);
        let finding = &parsed(&written)["findings"][0];
        let [place, related] = [&finding["place"], &finding["related"][0]];
        for value in [&finding["message"], &finding["help"], &place["path"], &place["label"]] {
            assert_eq!(value, text);
        }
        assert_eq!([&related["path"], &related["label"]], [text, text]);
    }

    /// Checks that a document written by several threads has the layout of a single writer.
    #[test]
    fn findings_of_several_threads_form_one_document() {
        let mut sample = ExampleReport::new();
        let id = sample.file("a.toml", "[driver.a]\n");
        for count in [1, FINDINGS_PER_CHUNK, FINDINGS_PER_CHUNK + 1, 3 * FINDINGS_PER_CHUNK] {
            let finding = |number: usize| {
                UNKNOWN_KEY.finding(sample.find(id, "a]"), format!("\u{202e} {number}"))
            };
            let findings: Vec<_> = (0..count).map(finding).collect();
            let written = sample.written(Format::Json, &findings);
            let report = parsed(&written);
            let layout = serde_json::to_string_pretty(&report).unwrap() + "\n";
            assert_eq!(written, layout.replace('\u{202e}', "\\u202e"), "{count}");
            let messages = report["findings"].as_array().unwrap().iter();
            let messages: Vec<_> = messages.map(|finding| &finding["message"]).collect();
            let expected = (0..count).map(|number| Value::from(format!("\u{202e} {number}")));
            assert!(messages.into_iter().eq(&expected.collect::<Vec<_>>()), "{count}");
        }
    }

    #[test]
    fn report_without_findings_is_complete() {
        let expected = json!({
            "schema_version": 1,
            "findings": [],
            "summary": { "errors": 0, "warnings": 0, "infos": 0 }
        });
        assert_eq!(parsed(&ExampleReport::new().written(Format::Json, &[])), expected);
    }
}
