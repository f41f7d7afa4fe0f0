//! The texts that explain the numbers of contracts, as far as they are files of the project.

use std::collections::BTreeSet;

use crate::{cli::project::Project, parallel, workspace::Workspace};

/// Of how many contracts a thread gathers the guides at once. For fewer, no thread is started.
const CONTRACTS_A_TASK: usize = 4096;

/// The relative tuning guides that exist under the project's root.
pub(super) fn existing(workspace: &Workspace, project: &Project) -> BTreeSet<String> {
    let contracts: Vec<_> = workspace.drivers_as_read().collect();
    let parts: Vec<_> = contracts.chunks(CONTRACTS_A_TASK).collect();
    let distinct = parallel::all(&parts, |part| {
        part.iter().filter_map(|contract| contract.guide_path()).collect::<BTreeSet<_>>()
    });
    let distinct: BTreeSet<&str> = distinct.into_iter().flatten().collect();
    let existing = distinct.into_iter().filter(|guide| project.root.join(guide).is_file());
    existing.map(str::to_owned).collect()
}
