//! JSON in which every character is seen.

use std::io;

use serde::Serialize;

use super::escape::is_unseen;

/// A document over many lines, without a line end.
pub(super) fn pretty(value: &impl Serialize) -> io::Result<String> {
    Ok(without_unseen(serde_json::to_string_pretty(value)?))
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
    if json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
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
