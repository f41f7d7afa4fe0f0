//! Writes breaking and risky changes as GitHub Actions workflow commands.

use std::io::{self, Write};

use super::{
    view::{ChangeView, View},
    wording::details,
};
use crate::{
    diff::{Accept, Severity},
    report::{
        escape::escaped,
        github::{data, property},
        repository::path_in_repository,
    },
};

/// Writes one command per open change, the most severe first.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let open = view.entries.iter().filter(|entry| entry.change.accepted.is_none());
    open.into_iter().try_for_each(|entry| write_command(entry, view.directory, out))
}

fn write_command(entry: &ChangeView<'_>, directory: &str, out: &mut dyn Write) -> io::Result<()> {
    let change = &*entry.change;
    let (Some(rule), command) = (change.severity.rule(), command(change.severity)) else {
        return Ok(());
    };
    write!(out, "::{command} ")?;
    // A removed item has no line in the current files.
    if let Some(new) = &entry.new {
        let path = path_in_repository(directory, &new.path);
        write!(out, "file={},line={},", property(&escaped(&path)), new.start.line)?;
        if new.start.line == new.end.line {
            write!(out, "col={},endColumn={},", new.start.column, new.end.column)?;
        }
    }
    let message = format!("{}; {}", entry.message, change.meaning);
    write!(out, "title={}::{}", rule.name, data(&escaped(&message)))?;
    for line in details(change) {
        write!(out, "%0A{}", data(&escaped(&line)))?;
    }
    if let Some(old) = &entry.old {
        let path = path_in_repository(directory, &old.path);
        write!(out, "%0Ain the base: {}", data(&old.shown_as(&path)))?;
    }
    let accept = Accept::of(change).map(|accept| accept.to_string());
    if let Some(accept) = accept {
        write!(out, "%0Ato accept it: --accept {}", data(&escaped(&accept)))?;
    }
    writeln!(out)
}

const fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "error",
        Severity::Risky => "warning",
        Severity::Compatible => "notice",
    }
}
