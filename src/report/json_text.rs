//! Serialises JSON with escapes for invisible characters.

use std::io;

use serde::Serialize;

use crate::source::visible::is_unseen;

/// Returns an indented document without a final newline.
pub(super) fn pretty(value: &impl Serialize) -> io::Result<String> {
    Ok(without_unseen(serde_json::to_string_pretty(value)?))
}

/// Returns array items in the form that they have in a field of an indented document: separated by
/// commas, without brackets.
pub(super) fn pretty_items(items: &[impl Serialize]) -> io::Result<String> {
    const BEFORE: &str = "[\n  [\n";
    const AFTER: &str = "\n  ]\n]";
    // Items of a nested array have the same indentation as items of an array in a field.
    let mut json = serde_json::to_string_pretty(&[items])?;
    json.truncate(json.len() - AFTER.len());
    json.drain(..BEFORE.len());
    Ok(without_unseen(json))
}

/// Returns a document on one line, without a final newline.
pub(super) fn compact(value: &impl Serialize) -> io::Result<String> {
    Ok(without_unseen(serde_json::to_string(value)?))
}

/// Escapes every invisible character in JSON.
///
/// C0 control characters are already escaped. Line ends therefore only separate values, and all
/// other invisible characters are inside strings.
fn without_unseen(json: String) -> String {
    // Counting all of them is faster than searching for the first.
    let others = json.bytes().filter(|byte| !matches!(byte, b' '..=b'~' | b'\n')).count();
    if others == 0 {
        return json;
    }
    let mut visible = String::with_capacity(json.len());
    let mut units = [0; 2];
    for character in json.chars() {
        if character == '\n' || !is_unseen(character) {
            visible.push(character);
            continue;
        }
        let units = character.encode_utf16(&mut units);
        visible.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
    }
    visible
}
