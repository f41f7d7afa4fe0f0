//! Failures: the reasons why a run could not be completed.

use std::{
    fmt,
    io::{self, Write},
    path::Path,
};

use crate::{
    boundary::Refusal,
    model::{BenchmarkProfile, MaxFileBytes, ProjectVocabulary},
    project::{self, ProjectError},
    report::escaped,
    toml::{
        spelling::{intended_word, nearest},
        value::Read,
    },
};

/// The reason why a run could not be completed: the text after `error: `.
#[derive(Debug)]
pub(super) struct Failure(String);

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Returns the failure without the parts between `;` that contain a text, such as an option that
    /// the command does not have. Keeps the first part.
    pub(super) fn without(&self, text: &str) -> Self {
        let parts = self.0.split("; ").enumerate();
        let kept = parts.filter(|(index, part)| *index == 0 || !part.contains(text));
        Self(kept.map(|(_, part)| part).collect::<Vec<_>>().join("; "))
    }

    pub(super) fn io(what: &str, error: &io::Error) -> Self {
        Self(format!("{what}: {error}"))
    }

    pub(super) fn json(error: &dyn fmt::Display) -> Self {
        Self(format!("cannot write JSON: {error}"))
    }

    pub(super) fn too_large(name: &str, limit: MaxFileBytes) -> Self {
        Self(project::too_large(name, limit))
    }

    pub(super) fn unknown_driver<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Self {
        let help = nearest(name, names)
            .map_or_else(String::new, |intended| format!("; did you mean `{intended}`?"));
        Self(format!("no driver `{name}` is declared{help}"))
    }

    /// Returns a failure if the command line names a profile that the project does not declare.
    pub(super) fn refuse_unknown_profile(
        profile: BenchmarkProfile,
        vocabulary: &ProjectVocabulary,
    ) -> Result<(), Self> {
        if vocabulary.contains(&profile) {
            return Ok(());
        }
        let help = match intended_word::<BenchmarkProfile>(profile.label(), vocabulary) {
            Some(intended) => format!("did you mean `{}`?", intended.label()),
            None => format!("write {}", BenchmarkProfile::expected_in(vocabulary)),
        };
        Err(Self(format!("unknown profile `{}`; {help}", profile.label())))
    }

    pub(super) fn unreadable(name: &str, refusal: Refusal) -> Self {
        Self::io(&format!("cannot read `{name}`"), &refusal.into_error())
    }

    /// Returns the failure for a configuration of a target that is not text.
    pub(super) fn not_text(name: &str) -> Self {
        Self(format!("cannot read `{name}`: it is not UTF-8 text; save it as UTF-8"))
    }

    pub(super) fn project(error: &ProjectError) -> Self {
        Self(error.to_string())
    }

    pub(super) fn write(path: &Path, error: &io::Error) -> Self {
        Self(format!("cannot write `{}`: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Writes a line to standard error, with invisible and control characters escaped. Ignores a closed
/// standard error.
pub(super) fn say(line: fmt::Arguments<'_>) {
    _ = writeln!(io::stderr().lock(), "{}", escaped(&line.to_string()));
}

/// Writes a line to standard error, unless `--quiet` is given.
pub(super) fn note(quiet: bool, line: fmt::Arguments<'_>) {
    if !quiet {
        say(line);
    }
}

/// Writes each line of a text to standard error, with invisible and control characters escaped.
pub(super) fn say_lines(text: &str) {
    text.lines().for_each(|line| say(format_args!("{line}")));
}

/// Writes rendered findings to standard error, for commands that write other output to standard
/// output.
pub(super) fn say_bytes(bytes: &[u8]) {
    _ = io::stderr().lock().write_all(bytes);
}
