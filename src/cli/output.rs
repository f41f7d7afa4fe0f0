//! Standard output and files: written whole or not at all.

use std::{
    env,
    ffi::OsStr,
    io::{self, IsTerminal, Write},
    path::Path,
};

use similar::TextDiff;

use super::{Failure, Outcome, arguments::Color};
use crate::report::{Style, escaped};

/// The width of text that goes to a file or a pipe.
const WIDTH: usize = 100;
/// The narrowest terminal that frames are drawn for.
const NARROWEST: usize = 40;

/// Writes to a file, replaced as a whole, or else to standard output.
pub(super) fn write(file: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match file {
        Some(path) => replace(path, bytes).map_err(|error| Failure::write(path, &error)),
        None => to_stdout(bytes).map(|_| ()),
    }
}

/// Writes to standard output. If nobody reads it any more, that is no failure.
pub(super) fn to_stdout(bytes: &[u8]) -> Result<Outcome, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Outcome::Clean),
        Err(error) => Err(Failure::io("cannot write to standard output", error)),
        Ok(()) => Ok(Outcome::Clean),
    }
}

/// Puts new content into a file: the old content or the new is there, never a part.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: what it points to is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".driverc-");
    let existing = std::fs::metadata(&target).ok();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(metadata) = existing {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target)?;
    Ok(())
}

/// A unified difference of two texts, each with its name, safe to show.
pub(super) fn difference(old: (&str, &str), new: (&str, &str)) -> String {
    let difference = TextDiff::from_lines(old.1, new.1);
    let mut unified = difference.unified_diff();
    let unified = unified.header(old.0, new.0).to_string();
    unified
        .split_inclusive('\n')
        .map(|line| escaped(line.trim_end_matches(['\r', '\n'])) + "\n")
        .collect()
}

/// What the place of output can show.
pub(super) fn style(color: Color, file: Option<&Path>) -> Style {
    let terminal = file.is_none() && io::stdout().is_terminal();
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => wants_color(terminal),
    };
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = if terminal { columns.unwrap_or(WIDTH).max(NARROWEST) } else { WIDTH };
    Style { color, links: color && terminal, width, unicode: true }
}

/// The conventions of `NO_COLOR` and `CLICOLOR_FORCE`.
fn wants_color(terminal: bool) -> bool {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != OsStr::new("0")) {
        return true;
    }
    terminal && env::var_os("TERM").is_none_or(|term| term != OsStr::new("dumb"))
}
