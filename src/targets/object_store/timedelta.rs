//! The times of obstore that contain the arguments of Python's `timedelta`.

use std::mem;

use crate::{
    source::Span,
    targets::{
        notation::Notation,
        syntax::{Entry, Parsed},
    },
};

/// The times, each with the name of the setting that it amounts to. A time of `client_options` can be
/// a text, too.
const TIMES: [(&str, &str); 6] = [
    ("client_options.connect_timeout", "client_options.connect_timeout"),
    ("client_options.timeout", "client_options.timeout"),
    ("client_options.pool_idle_timeout", "client_options.pool_idle_timeout"),
    ("retry_config.retry_timeout", "retry_config.retry_timeout.milliseconds"),
    ("retry_config.backoff.init_backoff", "retry_config.backoff.init_backoff.milliseconds"),
    ("retry_config.backoff.max_backoff", "retry_config.backoff.max_backoff.milliseconds"),
];

/// The arguments of `timedelta`, each with its microseconds.
const ARGUMENTS: [(&str, i128); 7] = [
    ("weeks", 604_800_000_000),
    ("days", 86_400_000_000),
    ("hours", 3_600_000_000),
    ("minutes", 60_000_000),
    ("seconds", 1_000_000),
    ("milliseconds", 1_000),
    ("microseconds", 1),
];

/// Adds the arguments of each time. A number that cannot be read stays as it is.
pub(super) fn summed(_text: &str, mut parsed: Parsed) -> Parsed {
    let mut entries = mem::take(&mut parsed.entries);
    for (time, setting) in TIMES {
        let (own, others) = mem::take(&mut entries)
            .into_iter()
            .partition::<Vec<_>, _>(|entry| argument(entry, time).is_some());
        entries = others;
        entries.extend(sum(own, time, setting));
    }
    entries.sort_by_key(|entry| entry.key_span);
    Parsed { entries, ..parsed }
}

/// Returns one entry with the sum of all arguments of a time, in the notation of the setting.
fn sum(entries: Vec<Entry>, time: &str, setting: &str) -> Vec<Entry> {
    let micros: Option<i128> = entries.iter().map(|entry| micros(entry, time)).sum();
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return entries };
    let Some(micros) = micros else {
        return entries.into_iter().map(|it| Entry { key: setting.to_owned(), ..it }).collect();
    };
    let is_text = time == setting;
    let value = if is_text { format!("{micros}us") } else { ((micros + 999) / 1_000).to_string() };
    let value_span = Span::new(first.value_span.start, last.value_span.end);
    vec![Entry { key: setting.to_owned(), value, value_span, ..first.clone() }]
}

/// Returns the microseconds of an argument, rounded up.
fn micros(entry: &Entry, time: &str) -> Option<i128> {
    let unit = argument(entry, time)?;
    let thousandths = Notation::Seconds.parse(&entry.value, false).filter(|number| *number >= 0)?;
    Some((thousandths.checked_mul(unit)?.checked_add(999)?) / 1_000)
}

/// Returns the microseconds of the unit if an entry is an argument of this time.
fn argument(entry: &Entry, time: &str) -> Option<i128> {
    let name = entry.key.strip_prefix(time)?.strip_prefix('.')?;
    ARGUMENTS.iter().find(|(argument, _)| *argument == name).map(|(_, unit)| *unit)
}
