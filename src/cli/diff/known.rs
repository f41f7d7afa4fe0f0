//! Finds the findings that the base has, for `driverc check --new-from`.
//!
//! The base is checked with the configuration of the change, but with its own tuning guides.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{
    base::Base,
    extras::FileNames,
    plan::{self, BaseProject, Comparison},
};
use crate::{
    cli::{
        Failure,
        arguments::{BUILTIN, Check, Diff, Inputs},
        failure::say,
        git::{Found, Git},
        input::{self, STDIN},
        projects,
    },
    diff::Severity,
    finding::Level,
    project::{CONFIGURATION, Loaded, Project, normalized},
    report::counted,
    workspace::Workspace,
};

/// Excludes the base's open findings from all later checks of the projects.
pub(in crate::cli) fn leave_out_known(
    command: &Check,
    projects: &mut [Loaded],
) -> Result<(), Failure> {
    let Some(name) = &command.new_from else { return Ok(()) };
    let roots = projects.iter().map(|loaded| loaded.project.root().to_owned()).collect();
    let known = Known::of(command, name, &roots);
    let known = known.map_err(|failure| failure.without("--against"))?;
    for loaded in projects {
        let identities = known.by_root.get(loaded.project.root()).cloned();
        loaded.leave_out(identities.unwrap_or_default());
    }
    Ok(())
}

/// The identities of the open findings of the base, by the root of the project.
#[derive(Default)]
struct Known {
    by_root: BTreeMap<PathBuf, BTreeSet<String>>,
}

impl Known {
    fn of(command: &Check, name: &str, roots: &BTreeSet<PathBuf>) -> Result<Self, Failure> {
        if command.inputs.paths.iter().any(|path| path.as_os_str() == BUILTIN) {
            return Err(Failure::new(format!("`{BUILTIN}` has no revisions")));
        }
        let mut known = Self::default();
        for comparison in plan::plan(&comparison_of(command, name))? {
            if roots.contains(&comparison.selection.root) {
                known.add(&comparison, command)?;
            }
        }
        Ok(known)
    }

    fn add(&mut self, comparison: &Comparison, command: &Check) -> Result<(), Failure> {
        let reporting = &command.reporting;
        let inputs = Inputs { paths: Vec::new(), ..command.inputs.clone() };
        let mut project = projects::open(&comparison.selection, &inputs)?;
        if project.invalid_configuration().is_some() {
            return Ok(());
        }
        input::configure(&mut project, reporting);
        let comparison = comparison.of(&project);
        let comparison = moved(&comparison, &project)?.unwrap_or(comparison);
        let mut base = Base::load(&comparison, &project)?;
        let workspace = workspace_of(&mut base);
        warn(&base, &workspace);
        let guides = guides(&workspace, &project, &comparison)?;
        let root = project.root().to_owned();
        let loaded = Loaded::detached(workspace, guides, project);
        let today = reporting.today.unwrap_or_else(input::today);
        self.by_root.entry(root).or_default().extend(loaded.open_identities(Level::Info, today));
        Ok(())
    }
}

/// Returns the comparison with the project's folder in the base, if the change moved the project.
fn moved(comparison: &Comparison, project: &Project) -> Result<Option<Comparison>, Failure> {
    let root = project.root();
    let git = Git::of(project)?;
    let Comparison { command, revision, .. } = comparison;
    let revision = revision.as_ref().map(|planned| planned.revision.clone());
    let revision = revision.map_or_else(|| command.revision(git), Ok)?;
    let configuration = root.join(CONFIGURATION);
    let is_known = |path: &Path| path.strip_prefix(git.root()).map(|it| git.find(&revision, it));
    let Ok(found) = is_known(&configuration) else { return Ok(None) };
    if !configuration.is_file() || found? != Found::Nothing {
        return Ok(None);
    }
    let configured = git.configured_folders(&revision)?;
    let is_gone = |folder: &&PathBuf| !folder.join(CONFIGURATION).exists();
    let gone: Vec<_> = configured.iter().filter(is_gone).collect();
    let from = git.moved_from(&revision, root, &gone)?;
    Ok(from.map(|from| Comparison {
        command: Diff { paths: Vec::new(), ..command.clone() },
        base: BaseProject { moved_to: Some(root.to_owned()), ..BaseProject::at(&from) },
        ..comparison.clone()
    }))
}

/// Returns the comparison of `driverc diff` that has the same base.
fn comparison_of(command: &Check, name: &str) -> Diff {
    let Inputs { paths, stdin_filename, max_file_size, roots, .. } = command.inputs.clone();
    let stdin = |path: PathBuf| {
        if path == Path::new(STDIN) { stdin_filename.clone() } else { Some(path) }
    };
    Diff {
        paths: paths.into_iter().filter_map(stdin).collect(),
        against: None,
        against_path: None,
        roots,
        output_format: Vec::new(),
        fail_on: Severity::Breaking,
        accept: Vec::new(),
        today: command.reporting.today,
        max_file_size,
        exit_zero: false,
        quiet: true,
        output_file: None,
        new_from: Some(name.to_owned()),
    }
}

/// Joins the documents that the base's configuration includes, and the declarations that only the
/// change's configuration includes.
fn workspace_of(base: &mut Base) -> Workspace {
    let mut documents = std::mem::take(&mut base.own).0;
    let others = std::mem::take(&mut base.others);
    let (there, all) = (FileNames::of(&documents), FileNames::of(&others.0));
    documents.extend(others.missing_from(&there, &all));
    Workspace::with_vocabulary(documents, base.vocabulary.clone())
}

/// Warns about documents of the base that cannot be read, because their findings are not known.
fn warn(base: &Base, workspace: &Workspace) {
    if let errors @ 1.. = workspace.findings().len() {
        let (label, errors) = (&base.label, counted(errors, "read error"));
        say(format_args!(
            "warning: the base, {label}, has {errors}; findings that depend on them count as new"
        ));
    }
}

/// Returns the tuning guides that exist in the base.
fn guides(
    workspace: &Workspace,
    project: &Project,
    comparison: &Comparison,
) -> Result<BTreeSet<String>, Failure> {
    let partial = workspace.partial_drivers().map(|partial| &partial.contract);
    let contracts = workspace.drivers_as_read().chain(partial);
    let named: BTreeSet<_> = contracts.filter_map(|contract| contract.guide_path()).collect();
    if named.is_empty() {
        return Ok(BTreeSet::new());
    }
    let git = Git::of(project)?;
    let files = git.files(&comparison.command.revision(git)?)?;
    let BaseProject { root, moved_to, .. } = &comparison.base;
    let root = root.as_deref().filter(|_| moved_to.is_some()).unwrap_or_else(|| project.root());
    let exists = |guide: &&str| {
        let path = normalized(&root.join(guide));
        path.strip_prefix(git.root()).is_ok_and(|path| files.contains(path))
    };
    Ok(named.into_iter().filter(exists).map(ToOwned::to_owned).collect())
}
