//! Reports text that is not valid TOML, and data that is not text.

mod cause;
mod encoding;
mod wording;

use std::{collections::BTreeSet, ops::Range};

use toml_parser::ParseError;

pub(crate) use self::encoding::{decode_wide, may_be_wide};
use self::wording::{LONE_RETURN, Wording, word};
use crate::{
    finding::Finding,
    source::{Span, offset},
    toml::{
        findings::DocumentFindings,
        key::{Hints, TableKey},
        rules::{DUPLICATE_DECLARATION, INVALID_UTF8, SYNTAX, WRONG_TYPE},
        tree::{Errors, NodeId, Repeat, Tree},
    },
};

/// The merge conflict markers. The first marker opens a conflict.
const CONFLICT: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// The parser's descriptions of errors that syntax from another language can cause.
const HABITS: [&str; 12] = [
    "invalid unquoted key",
    "unexpected key or value",
    "string values must be quoted",
    "invalid boolean",
    "invalid float",
    "invalid date-time",
    "invalid integer number",
    "key with no value",
    "invalid key-value pair",
    "unquoted keys cannot be empty",
    "missing key for inline table element",
    "missing assignment between key-value pairs",
];

/// The start of a Git LFS pointer.
const LFS: &str = "version https://git-lfs.github.com/spec/";

/// Returns true if a text is a Git LFS pointer, whose content is stored elsewhere.
pub(crate) fn is_lfs_pointer(text: impl AsRef<[u8]>) -> bool {
    text.as_ref().starts_with(LFS.as_bytes())
}

/// Reports each syntax error only once.
#[cold]
pub(crate) fn report_errors<K: TableKey>(text: &str, findings: &mut DocumentFindings) {
    if is_lfs_pointer(text) {
        let place = span(0..LFS.len());
        let finding = SYNTAX.finding(place, "the file is a Git LFS pointer");
        findings.push(finding.help("get its content with `git lfs pull`"));
        return;
    }
    if let Some(language) = cause::language(text) {
        let start = text.len() - text.trim_start_matches('\u{feff}').trim_start().len();
        let place = span(start..text.ceil_char_boundary(start + 1));
        let help = "write `[driver.example]`, and below it lines such as `max_in_flight = 20`";
        findings
            .push(SYNTAX.finding(place, format!("the file is {language}, not TOML")).help(help));
        return;
    }
    let errors = Errors::new(text);
    // The parser treats everything after an unclosed bracket as part of its value, up to the end of
    // the text. The first unclosed bracket therefore contains the others, although the parser
    // reports it after them.
    let mut first: Option<Range<usize>> = None;
    errors.each(|error| {
        if let Some(inside) = unclosed(&error)
            && first.as_ref().is_none_or(|first| inside.start < first.start)
        {
            first = Some(inside);
        }
    });
    let mut report = Report::new(text, first, K::HINTS, findings);
    errors.each(|error| report.consider(&error));
}

/// The report on one text, which contains each error once.
struct Report<'f> {
    text: &'f str,
    hints: Hints,
    /// The text after the first unclosed bracket.
    unclosed: Option<Range<usize>>,
    /// The last reported error.
    before: Option<Wording>,
    /// The last searched part of a line, with the end of the line.
    line: Range<usize>,
    /// Whether a carriage return without a line feed was already reported.
    returns: bool,
    /// Whether a conflict marker was already reported.
    in_conflict: bool,
    said: BTreeSet<(Span, String)>,
    findings: &'f mut DocumentFindings,
}

impl<'f> Report<'f> {
    fn new(
        text: &'f str,
        unclosed: Option<Range<usize>>,
        hints: Hints,
        findings: &'f mut DocumentFindings,
    ) -> Self {
        Self {
            text,
            hints,
            unclosed,
            before: None,
            line: 0..0,
            returns: false,
            in_conflict: false,
            said: BTreeSet::new(),
            findings,
        }
    }

    /// Reports an error unless another error caused it or the report is full.
    fn consider(&mut self, error: &ParseError) {
        if self.findings.is_too_many() {
            return;
        }
        let wording = habit(error, self.text, self.hints).unwrap_or_else(|| word(error, self.text));
        let offset = wording.place.start as usize;
        if self.unclosed.as_ref().is_some_and(|inside| inside.contains(&offset)) {
            return;
        }
        if let Some((line, opens)) = conflict(self.text, offset) {
            self.add(Wording::conflict(line), opens || !self.in_conflict);
            self.in_conflict = true;
            return;
        }
        // One finding is enough to report wrong line ends.
        let is_return = error.description() == LONE_RETURN;
        self.add(wording, !(is_return && self.returns));
        self.returns |= is_return;
    }

    /// Reports an error unless the previous error caused it. If `is_worth_it` is false, only
    /// records the error as a possible cause of later errors.
    fn add(&mut self, wording: Wording, is_worth_it: bool) {
        if self.follows(&wording) {
            return;
        }
        let finding = wording.finding();
        if is_worth_it && self.said.insert((finding.place, finding.message.clone())) {
            self.findings.push(finding);
        }
        self.before = Some(wording);
    }

    /// Returns true if the previous error in the same line or value caused this error.
    fn follows(&mut self, wording: &Wording) -> bool {
        let Some(before) = &mut self.before else { return false };
        let (start, offset) = (before.place.start as usize, wording.place.start as usize);
        // An error in a part of a value already explains an error in the value.
        if offset <= start {
            return before.place.start <= wording.place.end;
        }
        let between = before.place.range().end.min(offset)..offset;
        if before.explains_below(wording, &self.text[between]) {
            // Later errors do not scan these lines again.
            before.place.end = before.place.end.max(wording.place.end);
            return true;
        }
        if !before.explains(wording) {
            return false;
        }
        // A line can have a million errors, so the search for its end runs only once.
        if !self.line.contains(&start) {
            let end = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
            self.line = start..end + 1;
        }
        offset < self.line.end
    }
}

/// Returns the wording for an error in a line that uses syntax from another language.
fn habit(error: &ParseError, text: &str, hints: Hints) -> Option<Wording> {
    let place = error.unexpected().or(error.context())?;
    // The parser reads the bracket that closes an inline table as an empty string.
    let is_nothing = error.description() == "invalid literal string" && place.is_empty();
    let may_be = is_nothing || HABITS.contains(&error.description());
    may_be.then(|| cause::cause(text, place.start(), hints))?
}

/// Returns the line at an offset if it is a conflict marker, and whether it opens a conflict.
fn conflict(text: &str, start: usize) -> Option<(Range<usize>, bool)> {
    if start > 0 && !text[..start].ends_with('\n') {
        return None;
    }
    let mark = CONFLICT.iter().position(|mark| text[start..].starts_with(mark))?;
    let length = text[start..].find(['\r', '\n']).unwrap_or(text.len() - start);
    Some((start..start + length, mark == 0))
}

/// Returns the range after an unclosed bracket, up to the position at which the parser reported the
/// bracket.
fn unclosed(error: &ParseError) -> Option<Range<usize>> {
    if !matches!(error.description(), "unclosed array" | "unclosed inline table") {
        return None;
    }
    Some(error.context()?.end()..error.unexpected()?.end() + 1)
}

fn span(range: Range<usize>) -> Span {
    Span::new(offset(range.start), offset(range.end))
}

/// Reports repeated definitions.
#[cold]
pub(crate) fn report_repeats<K: TableKey>(tree: &Tree<'_>, findings: &mut DocumentFindings) {
    for Repeat { first, again } in &tree.repeats {
        if let Some(finding) = array_at_top::<K>(tree, *again) {
            findings.push(finding);
            continue;
        }
        let message = format!("`{}` is declared twice", tree.path(*first));
        let finding = DUPLICATE_DECLARATION
            .finding(tree.node(*again).key_span, message)
            .also(tree.node(*first).key_span, "first declared here")
            .help("keep one of the two");
        findings.push(finding);
    }
}

/// Returns the finding for a table of names that is defined a second time with double brackets.
fn array_at_top<K: TableKey>(tree: &Tree<'_>, array: NodeId) -> Option<Finding<Span>> {
    let headers = K::headers(tree, array)?;
    let key = &tree.node(array).key;
    let message = format!("`{key}` must be a table, not an array of tables");
    Some(WRONG_TYPE.finding(tree.node(array).span, message).help(format!("write {headers}")))
}

/// Returns the text of a file, with `?` for each byte that is not UTF-8, so offsets stay the same.
#[cold]
pub(crate) fn repair_utf8(bytes: &[u8], findings: &mut DocumentFindings) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut first = None;
    let mut count = 0_usize;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if let Some(byte) = chunk.invalid().first() {
            first.get_or_insert((text.len(), *byte));
            count += 1;
        }
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    if let Some((offset, byte)) = first {
        let message = match (bytes, count) {
            ([0xFF, 0xFE, ..] | [0xFE, 0xFF, ..], _) => "the file is UTF-16".to_owned(),
            (_, 1) => format!("byte 0x{byte:02X} is not UTF-8"),
            (_, 2) => format!("byte 0x{byte:02X} and 1 more byte are not UTF-8"),
            _ => format!("byte 0x{byte:02X} and {} more bytes are not UTF-8", count - 1),
        };
        let place = span(offset..offset + 1);
        findings.push(INVALID_UTF8.finding(place, message).help("save the file as UTF-8"));
    }
    text
}

/// Returns only the findings that were not caused by the replacement of invalid bytes.
///
/// A `?` in a comment or a string is harmless. Elsewhere, it makes the rest of the line invalid. A
/// file with NUL bytes uses another encoding, so none of its findings apply.
#[cold]
pub(crate) fn without_consequences(
    mut findings: Vec<Finding<Span>>,
    bytes: &[u8],
) -> Vec<Finding<Span>> {
    if bytes.contains(&0) {
        return Vec::new();
    }
    let broken = broken_lines(bytes);
    findings.retain(|finding| {
        let place = finding.place.range();
        if finding.rule != &SYNTAX {
            return str::from_utf8(&bytes[place]).is_ok();
        }
        let after = broken.partition_point(|line| line.start <= place.start);
        broken[..after].last().is_none_or(|line| place.start >= line.end)
    });
    findings
}

/// Returns the lines that are not valid UTF-8, in order.
fn broken_lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut broken = Vec::new();
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if str::from_utf8(line).is_err() {
            broken.push(start..end);
        }
        start = end;
    }
    broken
}
