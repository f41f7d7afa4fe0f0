//! JSON in which every character is seen.

use std::io;

use serde::Serialize;

use crate::source::visible::is_unseen;

/// A document over many lines, without a line end.
pub(super) fn pretty(value: &impl Serialize) -> io::Result<String> {
    Ok(without_unseen(serde_json::to_string_pretty(value)?))
}

/// The items of an array in a field of a document, as they are written there: over many lines, with
/// commas between them, without the brackets.
pub(super) fn pretty_items(items: &[impl Serialize]) -> io::Result<String> {
    const BEFORE: &str = "[\n  [\n";
    const AFTER: &str = "\n  ]\n]";
    // What is in an array in an array stands as deep as what is in an array in a field.
    let mut json = serde_json::to_string_pretty(&[items])?;
    json.truncate(json.len() - AFTER.len());
    json.drain(..BEFORE.len());
    Ok(without_unseen(json))
}

/// A document in one line, without a line end.
pub(super) fn compact(value: &impl Serialize) -> io::Result<String> {
    Ok(without_unseen(serde_json::to_string(value)?))
}

/// The same JSON with every invisible character as an escape.
///
/// The C0 controls are escaped already, so the line ends here are those between values, and all
/// other invisible characters stand within strings.
fn without_unseen(json: String) -> String {
    // To count them all takes less time than to look at each whether it is the first.
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
