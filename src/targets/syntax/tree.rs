//! JSON, read with byte spans and written. The reader gives each scalar and list the path of its
//! keys, such as `retryPolicy.maxAttempts`.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, ScanError, YamlData};

use super::{Entry, Parsed, SyntaxFault};
use crate::source::{Span, offset};

/// Reads a text of JSON. Each object in the top-level list with the name `list` is a part of its own.
/// Other settings are in the first part.
pub fn read(text: &str, list: Option<&str>) -> Vec<Parsed> {
    if let Some(fault) = fault(text) {
        return vec![Parsed { faults: vec![fault], ..Parsed::default() }];
    }
    let places = Places::new(text);
    let documents = match MarkedYaml::load_from_str(&places.plain) {
        Ok(documents) => documents,
        Err(error) => {
            let fault = places.duplicate(&error);
            return vec![Parsed { faults: vec![fault], ..Parsed::default() }];
        }
    };
    let mut parts = Vec::new();
    let mut first = Parsed::default();
    if let Some(MarkedYaml { data: YamlData::Mapping(top), .. }) = documents.first() {
        for (key, value) in top {
            match (&value.data, list == scalar(key).as_deref()) {
                (YamlData::Sequence(items), true) => {
                    parts.extend(items.iter().map(|item| places.part(item)));
                }
                _ => places.entries("", key, value, &mut first),
            }
        }
    }
    match parts.first_mut() {
        Some(part) => {
            part.entries.extend(first.entries);
            part.entries.sort_by_key(|entry| entry.key_span);
        }
        None => parts.push(first),
    }
    parts
}

/// Returns the place at which a text is not JSON with an object at the top.
fn fault(text: &str) -> Option<SyntaxFault> {
    let (message, line, column) = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(_)) => return None,
        Ok(_) => ("an object must be at the top", 1, 1),
        Err(error) => ("it is not valid JSON", error.line(), error.column()),
    };
    let start =
        text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let at = text.floor_char_boundary((start + column.saturating_sub(1)).min(text.len()));
    let end = text[at..].chars().next().map_or(at, |character| at + character.len_utf8());
    Some(SyntaxFault { message, span: Span::new(offset(at), offset(end)) })
}

/// Returns the text of an object. A path of several keys makes objects in objects. The values are
/// JSON.
pub fn object(lines: &[(Vec<&str>, String)], depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    let mut members: Vec<String> = Vec::new();
    let mut rest = lines;
    while let Some(((path, value), _)) = rest.split_first() {
        let key = path.first().copied().unwrap_or_default();
        if path.len() == 1 {
            members.push(format!("{indent}\"{key}\": {value}"));
            rest = &rest[1..];
            continue;
        }
        let is_in = |(path, _): &&(Vec<&str>, String)| path.len() > 1 && path[0] == key;
        let count = rest.iter().take_while(is_in).count();
        let (own, others) = rest.split_at(count);
        let inner: Vec<_> = own.iter().map(|(path, it)| (path[1..].to_vec(), it.clone())).collect();
        members.push(format!("{indent}\"{key}\": {}", object(&inner, depth + 1)));
        rest = others;
    }
    format!("{{\n{}\n{}}}", members.join(",\n"), "  ".repeat(depth))
}

/// The number of bytes of an escape of JSON, such as `\ud83d`.
const ESCAPE: usize = 6;

/// A text of JSON as YAML, which has no escapes of two halves, with the byte offsets of its
/// characters in the text of JSON.
struct Places<'t> {
    text: &'t str,
    plain: String,
    offsets: Vec<usize>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        let mut places = Self { text, plain: String::with_capacity(text.len()), offsets: vec![] };
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            if let Some(pair) = surrogate_pair(&text[at..]) {
                places.push(pair, at);
                at += 2 * ESCAPE;
                continue;
            }
            places.push(character, at);
            at += character.len_utf8();
            // The character after `\` starts no escape.
            if character == '\\'
                && let Some(escaped) = text[at..].chars().next()
            {
                places.push(escaped, at);
                at += escaped.len_utf8();
            }
        }
        places.offsets.push(text.len());
        places
    }

    fn push(&mut self, character: char, at: usize) {
        self.plain.push(character);
        self.offsets.push(at);
    }

    /// Returns the place of a key that occurs twice in an object, which the programs refuse, too.
    fn duplicate(&self, error: &ScanError) -> SyntaxFault {
        let is_duplicate = error.info().starts_with("duplicated key");
        let message =
            if is_duplicate { "a key occurs twice in an object" } else { "it is not valid JSON" };
        let start = self.offsets.get(error.marker().index()).copied().unwrap_or(self.text.len());
        let rest = &self.text[start..];
        let end = rest.char_indices().skip(1).find(|(_, it)| *it == '"' || *it == '\n');
        let end = end.map_or(rest.len(), |(at, _)| at + 1);
        SyntaxFault { message, span: Span::new(offset(start), offset(start + end)) }
    }

    fn span(&self, node: &MarkedYaml<'_>) -> Span {
        let at = |index: usize| *self.offsets.get(index).unwrap_or(&self.text.len());
        let (start, mut end) = (at(node.span.start.index()), at(node.span.end.index()));
        // The end of a list or object is before its closing bracket.
        let is_collection = matches!(node.data, YamlData::Sequence(_) | YamlData::Mapping(_));
        if is_collection && self.text.get(end..).is_some_and(|it| it.starts_with([']', '}'])) {
            end += 1;
        }
        Span::new(offset(start), offset(end.max(start)))
    }

    fn part(&self, item: &MarkedYaml<'_>) -> Parsed {
        let start = self.span(item).start;
        let mut part = Parsed { start: Span::new(start, start), ..Parsed::default() };
        if let YamlData::Mapping(members) = &item.data {
            for (key, value) in members {
                self.entries("", key, value, &mut part);
            }
        } else {
            let message = "an element of the list must be an object";
            part.faults.push(SyntaxFault { message, span: self.span(item) });
        }
        part
    }

    fn entries(
        &self,
        parent: &str,
        key: &MarkedYaml<'_>,
        value: &MarkedYaml<'_>,
        part: &mut Parsed,
    ) {
        let Some(name) = scalar(key) else { return };
        let path = if parent.is_empty() { name } else { format!("{parent}.{name}") };
        if let YamlData::Mapping(members) = &value.data
            && !members.is_empty()
        {
            for (key, value) in members {
                self.entries(&path, key, value, part);
            }
            return;
        }
        let (key_span, value_span) = (self.span(key), self.span(value));
        let text = self.text.get(value_span.range()).unwrap_or_default();
        let value = scalar(value).unwrap_or_else(|| text.to_owned());
        let scope = String::new();
        part.entries.push(Entry { key: path, value, key_span, value_span, scope });
    }
}

/// Returns the character of two escapes at the start of a text, such as `\ud83d\ude00`.
fn surrogate_pair(text: &str) -> Option<char> {
    let half = |at: usize| {
        let digits = text.get(at..at + ESCAPE)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    char::decode_utf16([half(0)?, half(ESCAPE)?]).next()?.ok().filter(|it| it.len_utf16() == 2)
}

/// Returns the text of a string.
fn scalar(node: &MarkedYaml<'_>) -> Option<String> {
    if let YamlData::Value(Scalar::String(text)) = &node.data {
        return Some(text.to_string());
    }
    None
}
