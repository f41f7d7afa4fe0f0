//! Chooses the configurations to write: those of the command line, or those of `[[emit]]`.

use std::path::{Path, PathBuf};

use crate::{
    cli::{
        Failure,
        arguments::EmitTarget,
        targets::{Declared, declared_files, in_project, options},
    },
    model::DriverContract,
    project::Loaded,
    targets::TargetOptions,
};

/// A configuration to write.
pub(super) struct Job<'i> {
    pub(super) contract: &'i DriverContract,
    pub(super) options: TargetOptions,
    /// The file. `None` for standard output.
    pub(super) file: Option<PathBuf>,
    /// Whether `driverc.toml` names the file. Otherwise, the command line names it.
    pub(super) is_declared: bool,
}

/// Returns the configurations to write.
pub(super) fn jobs<'i>(command: &EmitTarget, input: &'i Loaded) -> Result<Vec<Job<'i>>, Failure> {
    let Some(target) = command.target else { return declared(input) };
    let options = options(target, &command.choice)?;
    let drivers = drivers(command, input)?;
    let folder = command.output_file.as_deref().filter(|path| is_folder(path));
    if drivers.len() > 1 && folder.is_none() {
        let message = "name one with `--driver`, or a folder with `-o DIR/`";
        return Err(Failure::new(format!("there are {} drivers; {message}", drivers.len())));
    }
    if command.check && command.output_file.is_none() {
        return Err(Failure::new("`--check` compares files; name one with `-o FILE`"));
    }
    let file = |contract: &DriverContract| match folder {
        Some(folder) => Some(folder.join(format!("{}.{}", contract.name, target.extension))),
        None => command.output_file.clone(),
    };
    Ok(drivers
        .into_iter()
        .map(|contract| Job { contract, options, file: file(contract), is_declared: false })
        .collect())
}

/// Returns the drivers that the command line names, or all.
fn drivers<'i>(
    command: &EmitTarget,
    input: &'i Loaded,
) -> Result<Vec<&'i DriverContract>, Failure> {
    let all = input.drivers();
    if command.driver.is_empty() {
        let none = "the documents declare no driver";
        return if all.is_empty() { Err(Failure::new(none)) } else { Ok(all) };
    }
    let find = |name: &crate::model::DriverName| {
        let found = all.iter().copied().find(|driver| driver.name == *name);
        let names = all.iter().map(|driver| driver.name.as_str());
        found.ok_or_else(|| Failure::unknown_driver(name, names))
    };
    command.driver.iter().map(find).collect()
}

/// Returns the configurations that `[[emit]]` declares.
fn declared(input: &Loaded) -> Result<Vec<Job<'_>>, Failure> {
    let tables = &input.project.configuration.emit;
    if tables.is_empty() {
        return Err(Failure::new("name a target, or declare `[[emit]]` in `driverc.toml`"));
    }
    let job = |files| {
        let Declared { driver, options, files } = declared_files("emit", files)?;
        let names = input.workspace.drivers().map(|driver| driver.name.as_str());
        let contract = input.workspace.driver(driver);
        let contract = contract.ok_or_else(|| Failure::unknown_driver(driver, names))?;
        let file = files.first().map(|file| in_project(&input.project, file)).transpose()?;
        Ok(Job { contract, options, file, is_declared: true })
    };
    tables.iter().map(job).collect()
}

/// Returns true if a path names a folder: it ends in `/`, or the folder exists.
fn is_folder(path: &Path) -> bool {
    path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]) || path.is_dir()
}
