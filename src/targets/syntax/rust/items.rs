//! The items of a module. Each constant is a setting.

use std::{collections::BTreeSet, ops::Range, panic::resume_unwind, str::FromStr, thread};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::{
    source::{Span, offset},
    targets::syntax::{Entry, Parsed, SyntaxFault},
};

/// The attributes that change no value.
const HARMLESS: [&str; 8] =
    ["allow", "deny", "deprecated", "doc", "expect", "forbid", "rustfmt", "warn"];
/// The words before the name of an item.
const KEYWORDS: [&str; 16] = [
    "async", "const", "crate", "enum", "extern", "fn", "impl", "mod", "mut", "static", "struct",
    "trait", "type", "union", "unsafe", "use",
];

/// Reads a text. A text that is not Rust has a fault.
pub fn read(text: &str) -> Parsed {
    // proc-macro2 holds each text until its thread ends.
    thread::scope(|scope| scope.spawn(|| parsed(text)).join())
        .unwrap_or_else(|panic| resume_unwind(panic))
}

fn parsed(text: &str) -> Parsed {
    let tokens: Vec<_> = match TokenStream::from_str(text) {
        Ok(tokens) => tokens.into_iter().collect(),
        Err(error) => {
            let fault = fault("it is not valid Rust", error.span().byte_range());
            return Parsed { faults: vec![fault], ..Parsed::default() };
        }
    };
    let mut parsed = Parsed::default();
    let (mut rest, mut is_conditional) = (&tokens[..], false);
    while !rest.is_empty() {
        let (item, after) = rest.split_at(item_length(rest));
        if is_punct(item.first(), '#') {
            is_conditional |= attribute(item, &mut parsed);
        } else {
            add(text, item, is_conditional, &mut parsed);
            is_conditional = false;
        }
        rest = after;
    }
    let mut names = BTreeSet::new();
    for entry in parsed.entries.iter().filter(|entry| !entry.value.is_empty()) {
        if !names.insert(entry.key.as_str()) {
            parsed.faults.push(fault("a name occurs twice", entry.key_span.range()));
        }
    }
    parsed
}

/// Returns the number of tokens of the first item or attribute.
fn item_length(tokens: &[TokenTree]) -> usize {
    if is_punct(tokens.first(), '#') {
        return if is_punct(tokens.get(1), '!') { 3 } else { 2 }.min(tokens.len());
    }
    let is_visibility =
        |token: &&TokenTree| is_ident(token, &["pub"]) || is_group(token, Delimiter::Parenthesis);
    let mut words = tokens.iter().skip_while(is_visibility);
    let has_block = match (words.next(), words.next()) {
        (Some(first), Some(next)) if is_ident(first, &["const"]) => {
            is_ident(next, &["async", "extern", "fn", "unsafe"])
        }
        (Some(first), _) => !is_ident(first, &["static", "type", "use"]),
        (None, _) => false,
    };
    let is_end = |token: &TokenTree| {
        is_punct(Some(token), ';') || has_block && is_group(token, Delimiter::Brace)
    };
    tokens.iter().position(is_end).map_or(tokens.len(), |end| end + 1)
}

/// Reads an attribute. Returns true if the next item depends on it. An inner attribute that changes
/// the module is an entry.
fn attribute(tokens: &[TokenTree], parsed: &mut Parsed) -> bool {
    let Some(TokenTree::Group(group)) = tokens.last() else {
        parsed.faults.push(fault("an attribute must be `#[name]`", bytes(tokens)));
        return false;
    };
    let name = group.stream().into_iter().find(|token| matches!(token, TokenTree::Ident(_)));
    let name = name.map(|name| name.to_string()).unwrap_or_default();
    let is_harmless = HARMLESS.contains(&name.as_str());
    if tokens.len() == 3 && !is_harmless {
        parsed.entries.push(unreadable(format!("#![{name}]"), bytes(&tokens[..2])));
    }
    tokens.len() == 2 && !is_harmless
}

/// Adds an item. The value of a conditional constant is unknown.
fn add(text: &str, item: &[TokenTree], is_conditional: bool, parsed: &mut Parsed) {
    let Some((name, value)) = constant(item) else {
        match other(item) {
            Some(entry) => parsed.entries.push(entry),
            None => parsed.faults.push(fault("an item must have a name", bytes(item))),
        }
        return;
    };
    let (key_span, value_span) = (span(name.span().byte_range()), span(bytes(value)));
    let value = text.get(value_span.range()).filter(|_| !is_conditional);
    let (key, value) = (name.to_string(), value.unwrap_or_default().to_owned());
    parsed.entries.push(Entry { key, value, key_span, value_span, scope: String::new() });
}

/// Returns the name and the value of a constant.
fn constant(item: &[TokenTree]) -> Option<(&TokenTree, &[TokenTree])> {
    let at = item.iter().position(|token| is_ident(token, &["const"]))?;
    let is_visibility =
        |token: &TokenTree| is_ident(token, &["pub"]) || is_group(token, Delimiter::Parenthesis);
    let (name, colon, end) = (item.get(at + 1)?, item.get(at + 2), item.len() - 1);
    let equals = item.iter().position(|token| is_punct(Some(token), '='))?;
    let is_constant = item[..at].iter().all(is_visibility)
        && is_punct(colon, ':')
        && is_punct(item.last(), ';')
        && equals + 1 < end;
    is_constant.then(|| (name, &item[equals + 1..end]))
}

/// Returns an entry with the keywords and the name of an item, which are never secret.
fn other(item: &[TokenTree]) -> Option<Entry> {
    let is_named =
        |token: &&TokenTree| matches!(token, TokenTree::Ident(_)) && !is_ident(token, &["pub"]);
    let idents: Vec<_> = item.iter().filter(is_named).collect();
    let keywords = idents.iter().take_while(|token| is_ident(token, &KEYWORDS)).count();
    let named = &idents[..idents.len().min(keywords + 1)];
    let (first, last) = (named.first()?, named.last()?);
    let key: Vec<_> = named.iter().map(ToString::to_string).collect();
    let bytes = first.span().byte_range().start..last.span().byte_range().end;
    Some(unreadable(key.join(" "), bytes))
}

/// Returns an entry without a value.
fn unreadable(key: String, bytes: Range<usize>) -> Entry {
    let (key_span, value_span) = (span(bytes.clone()), span(bytes.end..bytes.end));
    Entry { key, value: String::new(), key_span, value_span, scope: String::new() }
}

fn fault(message: &'static str, bytes: Range<usize>) -> SyntaxFault {
    SyntaxFault { message, span: span(bytes) }
}

fn is_ident(token: &TokenTree, words: &[&str]) -> bool {
    matches!(token, TokenTree::Ident(ident) if words.iter().any(|word| ident == word))
}

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Returns the bytes of tokens.
fn bytes(tokens: &[TokenTree]) -> Range<usize> {
    let start = tokens.first().map_or(0, |token| token.span().byte_range().start);
    start..tokens.last().map_or(start, |token| token.span().byte_range().end)
}

fn span(bytes: Range<usize>) -> Span {
    Span::new(offset(bytes.start), offset(bytes.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Vec<(String, String)> {
        let parsed = read(text);
        assert_eq!(parsed.faults, [], "{text}");
        parsed.entries.into_iter().map(|entry| (entry.key, entry.value)).collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn constants_are_settings_with_their_places() {
        let text = "\u{feff}//! é\n#![allow(dead_code)]\n/// A.\npub const A: u64 = 5_000; \
                    pub(crate) const B: &[&str] = &[\"é\", \";\"];\nconst C: u8 = 2 * 3;";
        let expected = [pair("A", "5_000"), pair("B", "&[\"é\", \";\"]"), pair("C", "2 * 3")];
        assert_eq!(settings(text), expected);
        let places = read(text).entries;
        assert_eq!(&text[places[1].key_span.range()], "B");
        assert_eq!(&text[places[1].value_span.range()], "&[\"é\", \";\"]");
    }

    #[test]
    fn comments_and_texts_contain_no_constants() {
        let text = "// const A: u8 = 1;\n/* /* */ const A: u8 = 1; */ const B: &str = \"const A\";";
        assert_eq!(settings(text), [pair("B", "\"const A\"")]);
    }

    #[test]
    fn other_items_are_named_without_their_content() {
        for (text, name) in [
            ("use std::time::{Duration, Instant};", "use std"),
            ("pub fn f<const N: usize>(a: &str) -> u8 { 5 }", "fn f"),
            ("pub const unsafe fn g() {}", "const unsafe fn g"),
            ("pub static SECRET: &str = \"hunter2\";", "static SECRET"),
            ("struct S;", "struct S"),
            ("include!(\"a.rs\");", "include"),
            ("#![cfg(test)]", "#![cfg]"),
        ] {
            let entries = settings(&format!("{text}\nconst B: u8 = 2;"));
            assert_eq!(entries[0].0, name, "{text}");
            assert_eq!(entries[0].1, "", "{text}");
            assert_eq!(entries[1], pair("B", "2"), "{text}");
        }
        assert_eq!(settings("const A: u8 = 1"), [pair("const A", "")]);
    }

    #[test]
    fn value_of_conditional_constant_is_unknown() {
        let text = "#[cfg(test)]\nconst A: u8 = 1;\n#[rustfmt::skip]\nconst B: u8 = 2;";
        assert_eq!(settings(text), [pair("A", ""), pair("B", "2")]);
    }

    #[test]
    fn text_that_is_not_a_module_has_faults() {
        for text in ["const A: u8 = (1;", "\"a", "= 5;", "#", "const A: u8 = 1; const A: u8 = 2;"] {
            assert_eq!(read(text).faults.len(), 1, "{text}");
        }
    }
}
