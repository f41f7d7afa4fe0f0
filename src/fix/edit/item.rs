//! Removes an item of an array together with one comma, and preserves comments.

use toml_parser::{Source, lexer::TokenKind};

use super::Replacement;
use crate::source::{Span, offset};

/// Returns the replacement that removes an item, or `None` if the span is not an item of an array.
pub(super) fn removed(text: &str, item: Span) -> Option<Replacement> {
    let (start, end) = (item.start as usize, item.end as usize);
    let next = significant(text, end);
    match text.as_bytes().get(next)? {
        b',' => Some(with_comma_behind(text, (start, end), next)),
        b']' => with_comma_before(text, (start, end)),
        _ => None,
    }
}

/// Returns the offset of the next token of an array, after blanks, line ends and comments.
fn significant(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        at = text.len() - text[at..].trim_start_matches([' ', '\t', '\r', '\n']).len();
        if !text[at..].starts_with('#') {
            return at;
        }
        at = text[at..].find('\n').map_or(text.len(), |end| at + end);
    }
}

/// Removes an item and the comma after it. Also removes the line of the item if the line is then
/// blank.
fn with_comma_behind(text: &str, (start, end): (usize, usize), comma: usize) -> Replacement {
    let between = &text[end..comma];
    if between.contains('#') {
        // Preserves the comments and the line end after the last comment.
        let kept = between.trim_start_matches([' ', '\t']).to_owned();
        let behind = comma + 1 + blanks(&text[comma + 1..]);
        return replaced(start, behind, kept);
    }
    let behind = comma + 1 + blanks(&text[comma + 1..]);
    if !text[behind..].starts_with(['\n', '\r']) {
        return replaced(start, behind, String::new());
    }
    let before = text[..start].trim_end_matches([' ', '\t']);
    let kept = match before.strip_suffix('\n') {
        Some(above) => above.strip_suffix('\r').unwrap_or(above),
        None => before,
    };
    replaced(kept.len(), comma + 1, String::new())
}

/// Removes the last item and the comma before it, if there is one.
fn with_comma_before(text: &str, (start, end): (usize, usize)) -> Option<Replacement> {
    let Some(comma) = comma_before(text, start)? else {
        return Some(replaced(start, end, String::new()));
    };
    let between = &text[comma + 1..start];
    if !between.contains('#') {
        return Some(replaced(comma, end, String::new()));
    }
    // Preserves the blank before a comment.
    let lone = between.trim_end_matches([' ', '\t']);
    let before = lone.strip_suffix('\n').map(|above| above.strip_suffix('\r').unwrap_or(above));
    let rest = &text[end..];
    let ends = rest[blanks(rest)..].starts_with(['\n', '\r']);
    let kept = before.filter(|_| ends).unwrap_or(between);
    Some(replaced(comma, end, kept.to_owned()))
}

/// Returns the offset of the comma before an item. The inner option is `None` for the first item.
#[expect(clippy::option_option, reason = "a missing array differs from a missing comma")]
fn comma_before(text: &str, item: usize) -> Option<Option<usize>> {
    let mut end = item;
    // Finds the nearest line above that opens an array outside a comment.
    let begin = loop {
        let start = text[..end].rfind('\n').map_or(0, |end| end + 1);
        if opens_array(&text[start..end]) {
            break start;
        }
        end = start.checked_sub(1)?;
    };
    let mut last = None;
    for token in Source::new(&text[begin..]).lex() {
        let at = begin + token.span().start();
        if at >= item {
            break;
        }
        if !matches!(token.kind(), TokenKind::Whitespace | TokenKind::Newline | TokenKind::Comment)
        {
            last = Some((token.kind(), at));
        }
    }
    match last? {
        (TokenKind::Comma, comma) => Some(Some(comma)),
        (TokenKind::LeftSquareBracket, _) => Some(None),
        _ => None,
    }
}

/// Returns true if a line opens an array outside a comment.
fn opens_array(line: &str) -> bool {
    let code = line.split('#').next().unwrap_or(line);
    code.match_indices('[').any(|(at, _)| code[..at].trim_end_matches([' ', '\t']).ends_with('='))
}

/// Returns the number of leading blanks.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

fn replaced(start: usize, end: usize, text: String) -> Replacement {
    Replacement { span: Span::new(offset(start), offset(end)), text }
}
