//! Finds the tuning guides that exist as files in the project.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::Project;
use crate::{
    boundary::{Refusal, Violation},
    parallel,
    workspace::Workspace,
};

/// The number of contracts per task. If there is only one task, no thread is started.
const CONTRACTS_PER_TASK: usize = 4096;

/// The tuning guides that are paths.
#[derive(Debug, Default)]
pub(super) struct TuningGuides {
    /// The guides that exist. Also contains the guides outside the project, because the rule
    /// `path-outside-project` reports these guides.
    pub(super) existing: BTreeSet<String>,
    /// The guides outside the project. driverc does not check whether these guides exist.
    pub(super) misplaced: BTreeMap<String, Violation>,
}

impl TuningGuides {
    /// Finds the guides of all contracts, including contracts with read errors. The paths of the
    /// guides are relative to the project's root.
    pub(super) fn of(workspace: &Workspace, project: &Project) -> Self {
        let partial = workspace.partial_drivers().map(|partial| &partial.contract);
        let contracts: Vec<_> = workspace.drivers_as_read().chain(partial).collect();
        let parts: Vec<_> = contracts.chunks(CONTRACTS_PER_TASK).collect();
        let distinct = parallel::all(&parts, |part| {
            part.iter().filter_map(|contract| contract.guide_path()).collect::<BTreeSet<_>>()
        });
        let mut guides = Self::default();
        for guide in distinct.into_iter().flatten().collect::<BTreeSet<_>>() {
            guides.add(guide, project);
        }
        guides
    }

    fn add(&mut self, guide: &str, project: &Project) {
        let exists = match find(guide, project) {
            Ok(exists) => exists,
            Err(violation) => {
                self.misplaced.insert(guide.to_owned(), violation);
                true
            }
        };
        if exists {
            self.existing.insert(guide.to_owned());
        }
    }
}

/// Returns true if a guide's path is an existing file.
fn find(guide: &str, project: &Project) -> Result<bool, Violation> {
    if Path::new(guide).has_root() {
        return Err(Violation::Outside);
    }
    match project.boundary.resolve(&project.root.join(guide)) {
        Ok(resolved) => Ok(resolved.path.is_file()),
        Err(Refusal::Violation(violation)) => Err(violation),
        Err(Refusal::Io(_)) => Ok(false),
    }
}
