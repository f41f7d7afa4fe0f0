//! Findings about text that is not TOML, or not even text.

use toml_parser::{Expected, ParseError};

use crate::{
    document::{
        rules::{DUPLICATE_DECLARATION, INVALID_UTF8, SYNTAX},
        table::Findings,
        tree::{Repeat, Tree},
    },
    source::Span,
};

/// Says what the grammar forbids, each place once.
#[cold]
pub(super) fn report_errors(tree: &Tree<'_>, findings: &mut Findings) {
    for error in &tree.errors {
        let place = place(error);
        if findings.iter().any(|finding| finding.place == place) {
            continue;
        }
        let mut finding = SYNTAX.finding(place, error.description());
        if let Some(expected) = error.expected() {
            finding = finding.help(expectation(expected));
        }
        findings.push(finding);
    }
}

fn place(error: &ParseError) -> Span {
    let offset = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
    let span = error.unexpected().or(error.context()).unwrap_or_default();
    Span::new(offset(span.start()), offset(span.end()))
}

fn expectation(expected: &[Expected]) -> String {
    let words: Vec<String> = expected.iter().map(expected_word).collect();
    format!("write {} here", words.join(" or "))
}

fn expected_word(expected: &Expected) -> String {
    match expected {
        Expected::Literal("\n") => "a line end".to_owned(),
        Expected::Literal(literal) => format!("`{literal}`"),
        Expected::Description(description) if description.ends_with('s') => {
            (*description).to_owned()
        }
        Expected::Description(description) => format!("a {description}"),
        _ => "something else".to_owned(),
    }
}

/// Says what is defined a second time.
#[cold]
pub(super) fn report_repeats(tree: &Tree<'_>, findings: &mut Findings) {
    for Repeat { first, second } in &tree.repeats {
        let message = format!("`{}` is declared twice", tree.path(*first));
        let finding = DUPLICATE_DECLARATION
            .finding(*second, message)
            .also(tree.node(*first).key_span, "first declared here")
            .help("keep one of the two");
        findings.push(finding);
    }
}

/// The text of a file, with `?` for every byte that is not UTF-8.
///
/// One byte stands for one byte, so that places are the same as in the file.
#[cold]
pub(super) fn repair_utf8(bytes: &[u8], findings: &mut Findings) -> String {
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
        let start = u32::try_from(offset).unwrap_or(u32::MAX);
        let more = match count {
            1 => String::new(),
            2 => ", nor is one more place".to_owned(),
            _ => format!(", nor are {} more places", count - 1),
        };
        let message = format!("byte 0x{byte:02X} is not UTF-8{more}");
        let place = Span::new(start, start.saturating_add(1));
        findings.push(INVALID_UTF8.finding(place, message).help("save the file as UTF-8"));
    }
    text
}
