//! Reports documents and folders that could not be read.

use super::{Outcome, failure::say};
use crate::{
    project::Loaded,
    source::{Source, Sources},
    workspace::LoadError,
};

/// Returns the read errors, one message per path.
pub(super) fn messages(loaded: &Loaded) -> Vec<String> {
    let message = |LoadError { path, error }: &LoadError| {
        format!("cannot read `{}`: {error}", loaded.project.display(path))
    };
    loaded.errors.iter().map(message).collect()
}

/// Reports read errors on standard error.
pub(super) fn report(loaded: &Loaded) -> Outcome {
    say_all(&messages(loaded)).max(report_texts(loaded.workspace.sources()))
}

/// Reports on standard error the texts that could not be read again.
pub(super) fn report_texts(sources: &Sources) -> Outcome {
    let message =
        |source: &Source| Some(format!("cannot read `{}`: {}", source.name(), source.failure()?));
    let messages: Vec<_> = sources.iter().filter_map(|(_, source)| message(source)).collect();
    say_all(&messages)
}

fn say_all(messages: &[String]) -> Outcome {
    for message in messages {
        say(format_args!("error: {message}"));
    }
    if messages.is_empty() { Outcome::Clean } else { Outcome::Incomplete }
}
