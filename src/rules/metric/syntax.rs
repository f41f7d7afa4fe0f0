//! The syntax of metric names, and the nearest valid name.

use super::Dialect;

/// An error in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Fault {
    /// A character that is not allowed in a name.
    Character(char),
    /// A character that is not allowed at the start of a name.
    Start(char),
}

/// Returns the error in a name, or `None` if Prometheus or OpenTelemetry allows the name.
///
/// Prometheus allows `^[a-zA-Z_][a-zA-Z0-9_]*$`, and reserves colons for recording rules.
/// OpenTelemetry's instruments allow `^[A-Za-z][A-Za-z0-9_./-]*$`.
pub(in crate::rules) fn fault(name: &str) -> Option<Fault> {
    // Fast path: every metric rule calls this, and most names are valid, so no character is
    // decoded.
    let common = name.bytes().fold(u8::MAX, |common, byte| common & ALLOWED[usize::from(byte)]);
    let first = name.chars().next()?;
    if common & OPENTELEMETRY == 0 {
        let is_foreign = |character: &char| {
            u8::try_from(*character).map_or(true, |byte| allowed(byte) & OPENTELEMETRY == 0)
        };
        return name.chars().find(is_foreign).map(Fault::Character);
    }
    let starts = first.is_ascii_alphabetic() || (first == '_' && common & PROMETHEUS != 0);
    (!starts).then_some(Fault::Start(first))
}

/// The flag for bytes that are allowed in Prometheus names.
const PROMETHEUS: u8 = 1;
/// The flag for bytes that are allowed in OpenTelemetry names. Every byte that is allowed in
/// Prometheus names also has this flag.
const OPENTELEMETRY: u8 = 1 << 1;

/// The kinds of names in which each byte is allowed. Bytes outside ASCII are not allowed.
const ALLOWED: [u8; 256] = {
    let mut all = [0; 256];
    let mut byte: u8 = 0;
    while byte < u8::MAX {
        all[byte as usize] = allowed(byte);
        byte += 1;
    }
    all
};

const fn allowed(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => PROMETHEUS | OPENTELEMETRY,
        b'.' | b'-' | b'/' => OPENTELEMETRY,
        _ => 0,
    }
}

/// Returns the nearest well-formed name of the same dialect. A name that contains `-`, but no `.`
/// or `/`, is treated as a Prometheus name. Returns `None` for a name with letters or digits
/// outside ASCII, because the result would lose them.
pub(in crate::rules) fn translated(name: &str) -> Option<String> {
    let would_lose = |character: char| !character.is_ascii() && character.is_alphanumeric();
    if name.contains(would_lose) {
        return None;
    }
    let dialect =
        if name.contains(['.', '/']) { Dialect::OpenTelemetry } else { Dialect::Prometheus };
    let candidate = match dialect {
        Dialect::Prometheus => prometheus(name),
        Dialect::OpenTelemetry => opentelemetry(name),
    };
    let same = Dialect::of(&candidate) == dialect;
    (same && !candidate.is_empty() && fault(&candidate).is_none()).then_some(candidate)
}

fn prometheus(name: &str) -> String {
    let joined = joined(name);
    let trimmed = joined.trim_matches('_');
    if trimmed.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("_{trimmed}");
    }
    trimmed.to_owned()
}

/// Returns the name from its first letter on, with one `_` for each run of characters that are not
/// allowed.
fn opentelemetry(name: &str) -> String {
    let mut translated = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_alphanumeric() || ".-/".contains(character) {
            translated.push(character);
        } else if !translated.ends_with('_') {
            translated.push('_');
        }
    }
    let name = translated.trim_end_matches('_');
    name.trim_start_matches(|first: char| !first.is_ascii_alphabetic()).to_owned()
}

/// Returns the name with one `_` for each run of characters that are neither letters nor digits.
pub(super) fn joined(name: &str) -> String {
    let mut joined = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            joined.push(character);
        } else if !joined.ends_with('_') {
            joined.push('_');
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_errors_are_described() {
        for name in [
            "x",
            "_",
            "_x",
            "Up_2",
            "x__y",
            "a.b",
            "a1.b",
            "a-b",
            "a.B",
            "a.b.",
            "a..b",
            "storage.googleapis.com/client/timeouts",
            "kafka.producer.record-retry",
        ] {
            assert_eq!(fault(name), None, "{name}");
        }
        for (name, expected) in [
            ("a:b", Fault::Character(':')),
            ("a-b c", Fault::Character(' ')),
            (" ", Fault::Character(' ')),
            ("é", Fault::Character('é')),
            ("a.é", Fault::Character('é')),
            ("2x", Fault::Start('2')),
            ("2a.b", Fault::Start('2')),
            ("_a.b", Fault::Start('_')),
            (".a", Fault::Start('.')),
            ("-", Fault::Start('-')),
        ] {
            assert_eq!(fault(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn malformed_name_becomes_nearest_valid_name() {
        for (name, expected) in [
            ("http-client timeouts", Some("http_client_timeouts")),
            ("level:x:rate5m", Some("level_x_rate5m")),
            ("2x", Some("_2x")),
            ("Http.Client Retries", Some("Http.Client_Retries")),
            (".a.b_", Some("a.b")),
            ("9.a.b", Some("a.b")),
            ("9.a", None),
            ("über.timeouts", None),
            ("x_größe_total", None),
            ("x…y", Some("x_y")),
            ("…", None),
            (".", None),
        ] {
            assert_eq!(translated(name).as_deref(), expected, "{name}");
        }
    }
}
