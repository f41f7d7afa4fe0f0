//! What a name of a metric may look like, and the nearest name that may.

use super::Dialect;

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Fault {
    /// A character that no name of the dialect has.
    Character(char),
    /// A first character that only stands further on.
    Start(char),
    /// A delimiter at the end.
    End(char),
    /// A delimiter after a delimiter.
    Delimiters,
}

/// What is wrong with a name in its dialect; none where it is well formed.
///
/// Prometheus: `^[a-zA-Z_][a-zA-Z0-9_]*$`; a colon is for recording rules. OpenTelemetry, as its
/// conventions are named: `^[a-z][a-z0-9]*(?:[._][a-z0-9]+)*$`.
pub(in crate::rules) fn fault(name: &str) -> Option<Fault> {
    // Every rule about metrics asks, and nearly always all is well: no character is decoded.
    let common = name.bytes().fold(u8::MAX, |common, byte| common & ALLOWED[usize::from(byte)]);
    let first = name.chars().next()?;
    if common & PROMETHEUS != 0 {
        return first.is_ascii_digit().then_some(Fault::Start(first));
    }
    if common & OPENTELEMETRY != 0 {
        return delimiter_fault(name, first);
    }
    let allowing = match Dialect::of(name) {
        Dialect::Prometheus => PROMETHEUS,
        Dialect::OpenTelemetry => OPENTELEMETRY,
    };
    let is_foreign = |character: &char| {
        u8::try_from(*character).map_or(true, |byte| allowed(byte) & allowing == 0)
    };
    name.chars().find(is_foreign).map(Fault::Character)
}

/// Stands in the names of Prometheus.
const PROMETHEUS: u8 = 1;
/// Stands in the names of OpenTelemetry; of these bytes, only the dot not in those of Prometheus.
const OPENTELEMETRY: u8 = 1 << 1;

/// In which names each byte may stand; beyond ASCII, in none.
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
        b'a'..=b'z' | b'0'..=b'9' | b'_' => PROMETHEUS | OPENTELEMETRY,
        b'A'..=b'Z' => PROMETHEUS,
        b'.' => OPENTELEMETRY,
        _ => 0,
    }
}

const fn is_delimiter(character: char) -> bool {
    matches!(character, '.' | '_')
}

fn delimiter_fault(name: &str, first: char) -> Option<Fault> {
    if !first.is_ascii_lowercase() {
        return Some(Fault::Start(first));
    }
    if let Some(last) = name.chars().next_back().filter(|last| is_delimiter(*last)) {
        return Some(Fault::End(last));
    }
    let twice = name.split(is_delimiter).any(str::is_empty);
    twice.then_some(Fault::Delimiters)
}

/// The nearest well-formed name of the same dialect, where there is one.
pub(in crate::rules) fn translated(name: &str) -> Option<String> {
    let candidate = match Dialect::of(name) {
        Dialect::Prometheus => prometheus(name),
        Dialect::OpenTelemetry => opentelemetry(name),
    };
    let same = Dialect::of(&candidate) == Dialect::of(name);
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

fn opentelemetry(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let components = lower.split('.').map(joined);
    let components: Vec<_> = components
        .map(|component| component.trim_matches('_').to_owned())
        .filter(|component| !component.is_empty())
        .collect();
    let name = components.join(".");
    name.trim_start_matches(|first: char| !first.is_ascii_lowercase()).to_owned()
}

/// The name with one `_` for every run of characters that are neither letters nor digits.
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
    fn each_fault_is_found() {
        for name in ["x", "_", "_x", "Up_2", "x__y", "a.b", "a.b_c.d1", "a1.b"] {
            assert_eq!(fault(name), None, "{name}");
        }
        for (name, expected) in [
            ("a-b", Fault::Character('-')),
            ("a:b", Fault::Character(':')),
            (" ", Fault::Character(' ')),
            ("é", Fault::Character('é')),
            ("2x", Fault::Start('2')),
            ("a.B", Fault::Character('B')),
            ("a/b.c", Fault::Character('/')),
            ("2a.b", Fault::Start('2')),
            ("_a.b", Fault::Start('_')),
            (".a", Fault::Start('.')),
            ("a.b.", Fault::End('.')),
            ("a.b_", Fault::End('_')),
            ("a..b", Fault::Delimiters),
            ("a._b", Fault::Delimiters),
            ("a.b__c", Fault::Delimiters),
        ] {
            assert_eq!(fault(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_malformed_name_becomes_the_nearest_well_formed_one() {
        for (name, expected) in [
            ("http-client timeouts", Some("http_client_timeouts")),
            ("level:x:rate5m", Some("level_x_rate5m")),
            ("2x", Some("_2x")),
            ("Http.Client/Retries", Some("http.client_retries")),
            (".a..b_.c_", Some("a.b.c")),
            ("9.a.b", Some("a.b")),
            ("9.a", None),
            ("…", None),
            (".", None),
        ] {
            assert_eq!(translated(name).as_deref(), expected, "{name}");
        }
    }
}
