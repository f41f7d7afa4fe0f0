//! The text of a configuration for reports. Everything in it that can be secret is hidden.

use std::{borrow::Cow, ops::Range};

use super::intended;
use crate::{
    source::{LineIndex, Span, offset},
    targets::{
        Dialect,
        instances::named,
        options::TargetOptions,
        read::{Meaning, ReadConfiguration, ReadEntry, is_valid, read},
        syntax::{BYTE_ORDER_MARK, Entry, Syntax, redacted},
    },
    toml::spelling::truncated,
};

/// The maximum length of a name that driverc shows although the target does not know it.
const MAX_NAME: usize = 64;

/// Returns a text in which everything is hidden that can be secret: all values that concern no
/// contract or cannot be read, and all names that the target does not know.
pub fn public_text(text: &str, options: TargetOptions) -> String {
    public(text, options, &read(text, &options, ""))
}

pub(super) fn public(
    text: &str,
    options: TargetOptions,
    parts: &[ReadConfiguration<'_>],
) -> String {
    let has_faults = parts.iter().any(|part| !part.faults.is_empty());
    let entries = || parts.iter().flat_map(|part| &part.entries);
    let mut shown: Vec<_> = entries().flat_map(|read| shown(text, read, options)).collect();
    if !has_faults && matches!(options.dialect.syntax, Syntax::Json { .. }) {
        let spans = entries().flat_map(|read| [read.entry.key_span, read.entry.value_span]);
        shown.extend(between(text, options, spans.collect()));
    }
    redacted(text, &shown)
}

/// Returns the bytes of an entry that cannot be secret.
fn shown(text: &str, read: &ReadEntry, options: TargetOptions) -> Vec<Span> {
    if !is_name_public(read, options) {
        return Vec::new();
    }
    let Entry { key_span, value_span, .. } = read.entry;
    let separator = Span::new(key_span.end, value_span.start);
    // A comment can be between the name and the value.
    let is_separator = |part: &str| !part.contains(['#', '/']);
    let is_shown = text.get(separator.range()).is_some_and(is_separator);
    let separator = is_shown.then_some(separator);
    let value = is_value_public(read).then_some(value_span);
    [Some(key_span), separator, value].into_iter().flatten().collect()
}

/// Returns true if the target knows the name of an entry, or if the entry is a setting whose name
/// resembles a known name. Any other line can be a misplaced secret.
fn is_name_public(read: &ReadEntry, options: TargetOptions) -> bool {
    let Entry { key, key_span, value_span, .. } = &read.entry;
    let is_known = |it: &Dialect| {
        it.settings.iter().any(|setting| setting.is_named(key))
            || it.others.contains(&key.as_str())
            || it.ignored.iter().any(|(name, _)| name == key)
    };
    if options.target.dialects.iter().any(is_known) {
        return true;
    }
    let is_of_name =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'[' | b']');
    let name = key.trim_start_matches(BYTE_ORDER_MARK);
    let has_form = name.len() <= MAX_NAME && named(name, "").bytes().all(is_of_name);
    let is_near = || !matches!(read.meaning, Meaning::Unknown) || intended(key, options).is_some();
    has_form && key_span.end < value_span.start && is_near()
}

/// Returns true if a value is a number or a word that the setting can have.
fn is_value_public(read: &ReadEntry) -> bool {
    match &read.meaning {
        Meaning::Value(setting, _)
        | Meaning::Lowered(setting, _)
        | Meaning::Dead(setting, _)
        | Meaning::Overridden(setting, _)
        | Meaning::OfOtherRole(setting)
        | Meaning::OfOtherVersion(setting) => is_valid(setting, &read.entry.value),
        Meaning::Texts(..) => true,
        Meaning::Placeholder
        | Meaning::Expression(_)
        | Meaning::Invalid(..)
        | Meaning::Ignored(_)
        | Meaning::OfOtherDialect(_)
        | Meaning::Irrelevant
        | Meaning::Unknown => false,
    }
}

/// Returns the name of an entry for a message, or its line if the name can be secret.
pub(super) fn displayed(
    read: &ReadEntry,
    options: TargetOptions,
    lines: &LineIndex<'_>,
) -> Cow<'static, str> {
    if is_name_public(read, options) {
        let name = read.entry.key.trim_start_matches(BYTE_ORDER_MARK);
        return format!("`{}`", truncated(name)).into();
    }
    format!("line {}", lines.position(read.entry.key_span.start).line).into()
}

/// Returns the bytes of valid JSON between these spans. They are punctuation and the names of
/// objects, which are left out unless the target knows them.
fn between(text: &str, options: TargetOptions, mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let (mut open, mut start) = (Vec::new(), 0);
    for span in spans.into_iter().chain([Span::new(offset(text.len()), offset(text.len()))]) {
        open.extend(punctuation(text, start..span.start as usize, options));
        start = start.max(span.end as usize);
    }
    open
}

/// Returns the bytes of a part of JSON without the names that the target does not know.
fn punctuation(text: &str, part: Range<usize>, options: TargetOptions) -> Vec<Span> {
    let (mut open, mut start) = (Vec::new(), part.start);
    while let Some(name) = text.get(start..part.end).and_then(string) {
        let (name, end) = (start + name.start..start + name.end, start + name.end);
        let content = text[name.clone()].trim_matches('"');
        let shown = if is_object_known(content, options) { end } else { name.start };
        open.push(Span::new(offset(start), offset(shown)));
        start = end;
    }
    open.push(Span::new(offset(start), offset(part.end)));
    open
}

/// Returns the bytes of the first string of JSON, with its quotation marks.
fn string(text: &str) -> Option<Range<usize>> {
    let start = text.find('"')?;
    let mut is_escaped = false;
    let end = text[start + 1..].bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    Some(start..end.map_or(text.len(), |end| start + 1 + end + 1))
}

/// Returns true if a part of the name of a setting is this name, or the list of settings.
fn is_object_known(name: &str, options: TargetOptions) -> bool {
    let is_list =
        matches!(options.dialect.syntax, Syntax::Json { list: Some(list), .. } if list == name);
    let settings = options.dialect.settings.iter().map(|setting| setting.name);
    let mut names = settings.chain(options.dialect.others.iter().copied());
    is_list || names.any(|known| known.split('.').any(|part| part == name))
}
