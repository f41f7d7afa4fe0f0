//! Reports invalid names of drivers and templates, and suggests valid ones.

use crate::{
    model::DriverName,
    source::Span,
    toml::{findings::DocumentFindings, rules::INVALID_TEXT, spelling::truncated},
};

/// Reports an invalid name. `noun` is the kind of declaration, such as "driver".
#[cold]
pub(super) fn report_name(noun: &str, name: &str, place: Span, findings: &mut DocumentFindings) {
    let pattern = "write a lower-case letter, then up to 62 lower-case letters, digits and `_`";
    let help = match similar_name(name) {
        Some(similar) => format!("write `{similar}`"),
        None => pattern.to_owned(),
    };
    let message = match name {
        "" => format!("a {noun} name is empty"),
        _ => format!("{noun} name `{}` {}", truncated(name), fault_of_name(name)),
    };
    findings.push(INVALID_TEXT.finding(place, message).help(help));
}

/// Describes the error in a name.
fn fault_of_name(name: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let shown = |letter: char| letter.escape_debug().collect::<String>();
    let odd = || name.chars().filter(|letter| !is_part(*letter) && *letter != '_');
    match odd().find(|letter| !letter.is_ascii_uppercase()).or_else(|| odd().next()) {
        Some(' ') => "contains a space".to_owned(),
        Some(letter) if letter.is_ascii_uppercase() => {
            format!("contains the upper-case letter `{letter}`")
        }
        Some(letter) => format!("contains `{}`", shown(letter)),
        None if name.starts_with(|first: char| first.is_ascii_lowercase()) => {
            format!("has {} characters, more than 63", name.len())
        }
        None => format!("starts with `{}`", &name[..1]),
    }
}

/// Returns the valid name most similar to a text.
pub(crate) fn similar_name(text: &str) -> Option<DriverName> {
    let mut name = String::new();
    let mut before = '_';
    for letter in text.chars().take(64) {
        let begins = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if (begins || "-. /:".contains(letter)) && !name.ends_with('_') {
            name.push('_');
        }
        if letter.is_ascii_alphanumeric() || letter == '_' {
            name.push(letter.to_ascii_lowercase());
        } else if !"-. /:".contains(letter) {
            return None;
        }
        before = letter;
    }
    DriverName::new(name.trim_matches('_')).ok()
}
