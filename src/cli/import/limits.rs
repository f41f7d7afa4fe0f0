//! Finds out which latencies are limited by the budget of the measured driver.

use std::env;

use super::super::{
    arguments::{Import, Inputs},
    input,
};
use crate::{
    model::EffectiveBudget,
    project::{Options, Project},
    workspace::Texts,
};

/// Calls a function with the effective budget of the measured driver and profile.
///
/// Reads the documents of the project. Returns `None` if they cannot be read, or if they have no
/// such budget. `driverc check` reports the errors.
pub(super) fn with_budget<T>(
    command: &Import,
    of: impl FnOnce(&EffectiveBudget<'_>) -> T,
) -> Option<T> {
    let inputs = Inputs::of(command.workspace.clone(), command.roots.clone());
    let options = Options {
        roots: inputs.roots.folders.clone(),
        max_file_bytes: inputs.max_file_size,
        detached: inputs.is_builtin(),
    };
    let project = Project::open_with(env::current_dir().ok()?, &options).ok()?;
    if project.invalid_configuration().is_some() {
        return None;
    }
    let loaded = input::load(&inputs, project, Texts::Kept).ok()?;
    let workspace = &loaded.workspace;
    let contract = workspace.driver(&command.driver)?;
    workspace.effective_budget(contract, command.profile).as_ref().map(of)
}
