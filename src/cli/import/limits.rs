//! Finds out which latencies are limited by the budget of the measured driver.

use super::super::{
    arguments::{Import, Inputs},
    input, projects,
};
use crate::{model::EffectiveBudget, workspace::Texts};

/// Calls a function with the effective budget of the measured driver and profile.
///
/// Reads the documents of the project. Returns `None` if they cannot be read, or if they have no
/// such budget. `driverc check` reports the errors.
pub(super) fn with_budget<T>(
    command: &Import,
    of: impl FnOnce(&EffectiveBudget<'_>) -> T,
) -> Option<T> {
    let inputs = Inputs {
        quiet: command.quiet,
        ..Inputs::of(command.workspace.clone(), command.roots.clone())
    };
    let project = projects::one(&inputs).and_then(|one| projects::open(&one, &inputs)).ok()?;
    if project.invalid_configuration().is_some() {
        return None;
    }
    let loaded = input::load(&inputs, project, Texts::Kept).ok()?;
    let workspace = &loaded.workspace;
    let contract = workspace.driver(&command.driver)?;
    workspace.effective_budget(contract, command.profile).as_ref().map(of)
}
