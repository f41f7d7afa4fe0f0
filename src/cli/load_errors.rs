//! Reports documents and folders that could not be read.

use super::{Outcome, failure::say};
use crate::{project::Loaded, workspace::LoadError};

/// Returns the read errors, one message per path.
pub(super) fn messages(loaded: &Loaded) -> Vec<String> {
    let message = |LoadError { path, error }: &LoadError| {
        format!("cannot read `{}`: {error}", loaded.project.display(path))
    };
    loaded.errors.iter().map(message).collect()
}

/// Reports read errors on standard error.
pub(super) fn report(loaded: &Loaded) -> Outcome {
    let mut messages = messages(loaded);
    let sources = loaded.workspace.sources().iter();
    messages.extend(sources.filter_map(|(_, source)| {
        Some(format!("cannot read `{}`: {}", source.name(), source.failure()?))
    }));
    for message in &messages {
        say(format_args!("error: {message}"));
    }
    if messages.is_empty() { Outcome::Clean } else { Outcome::Incomplete }
}
