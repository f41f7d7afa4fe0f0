//! Writes one line per change: both locations, the severity, the message and the meaning.

use std::io::{self, Write};

use super::{
    view::{ChangeView, View},
    wording::consumers,
};
use crate::{
    configuration::FILE_NAME,
    diff::{Change, ChangedItem},
    report::escape::escaped,
};

/// Writes one line per open change.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let open = view.entries.iter().filter(|entry| entry.change.accepted.is_none());
    open.into_iter().try_for_each(|entry| write_line(entry, out))
}

/// Returns the name of the file that a change without locations belongs to.
fn file(change: &Change) -> &str {
    match &change.contract {
        ChangedItem::Configuration(key) => &key.file,
        ChangedItem::Baseline(line) => &line.file,
        ChangedItem::Driver(_)
        | ChangedItem::Budget(..)
        | ChangedItem::Workload(..)
        | ChangedItem::Benchmark(..)
        | ChangedItem::Waiver(..)
        | ChangedItem::Caller(_)
        | ChangedItem::Call(..)
        | ChangedItem::Requirement(..)
        | ChangedItem::Template(_)
        | ChangedItem::Server(_) => FILE_NAME,
    }
}

fn write_line(entry: &ChangeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (place, was) = match (&entry.new, &entry.old) {
        (Some(new), Some(old)) => (new.shown(), format!(" (was {})", old.shown())),
        (Some(new), None) => (new.shown(), String::new()),
        (None, Some(old)) => (old.shown(), " (only in the base)".to_owned()),
        (None, None) => (file(&entry.change).to_owned(), String::new()),
    };
    let change = &*entry.change;
    let mut line = format!("{}; {}", entry.message, change.meaning);
    if let Some(consumers) = consumers(&change.consumers) {
        line = format!("{line}; {consumers}");
    }
    if change.waiver_pending {
        line += "; the waiver in this change does not apply yet: merge it first";
    }
    let path = change.path();
    writeln!(out, "{place}: {}[{}]: {}{was}", change.severity, escaped(&path), escaped(&line))
}
