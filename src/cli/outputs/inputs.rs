//! Refuses outputs that would replace a document, the configuration or the baseline of the run.

use std::{
    cell::LazyCell,
    collections::HashSet,
    fs,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    path::Path,
};

use super::Output;
use crate::{
    cli::Failure,
    project::{Loaded, Project},
    source::{Source, regular},
};

/// The extension of the documents that driverc finds in folders.
const EXTENSION: &str = "toml";

/// Returns a failure if an output would replace a document or the configuration.
pub(in crate::cli) fn refuse_inputs<F>(
    outputs: &[Output<'_, F>],
    input: &Loaded,
) -> Result<(), Failure> {
    refuse_inputs_in(outputs.iter().filter_map(|it| it.file), input)
}

/// Returns a failure if one of these files is a document or the configuration.
pub(in crate::cli) fn refuse_inputs_in<'p>(
    files: impl Iterator<Item = &'p Path>,
    input: &Loaded,
) -> Result<(), Failure> {
    let configuration = input.project.configuration_source().map(Source::name);
    let baseline = input.project.baseline().map(Source::name);
    let names = input.workspace.sources().iter().map(|(_, source)| source.name());
    let documents = names.map(|name| input.path_of(name));
    let unread = input.errors.iter().map(|error| &*error.path);
    let inputs = documents.chain(unread);
    let inputs = inputs.chain(configuration.into_iter().chain(baseline).map(Path::new));
    let inputs: Vec<_> = inputs.collect();
    let names: HashSet<_> = inputs.iter().filter_map(|input| input.file_name()).collect();
    // There can be many outputs and many inputs, so the inputs are looked up only once.
    let identities =
        LazyCell::new(|| inputs.iter().filter_map(|input| identity(input)).collect::<HashSet<_>>());
    let mut files = files.filter(|file| is_regular(file));
    let replaced = files.find(|file| {
        let is_possible =
            is_document(file) || file.file_name().is_some_and(|it| names.contains(it));
        is_possible && identity(file).is_some_and(|identity| identities.contains(&identity))
    });
    replaced.map_or(Ok(()), |file| Err(refusal(file)))
}

/// Returns a failure if an output would replace the configuration of the project.
pub(in crate::cli) fn refuse_configuration<F>(
    outputs: &[Output<'_, F>],
    project: &Project,
) -> Result<(), Failure> {
    let Some(configuration) = project.configuration_source() else { return Ok(()) };
    let mut files = outputs.iter().filter_map(|it| it.file).filter(|file| is_regular(file));
    match files.find(|file| is_same(file, Path::new(configuration.name()))) {
        Some(file) => Err(refusal(file)),
        None => Ok(()),
    }
}

fn refusal(file: &Path) -> Failure {
    Failure::new(format!(
        "the output would replace `{}`, which this command reads; name another file",
        file.display()
    ))
}

/// Returns true if the output would replace an existing regular file. Devices and pipes are never
/// replaced.
fn is_regular(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|existing| existing.is_file())
}

/// Returns true if a path has the extension of the documents that driverc finds in folders.
fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(EXTENSION))
}

/// Returns true if both paths lead to the same file. Does not read the file system if the file
/// names differ and the output does not end in `.toml`.
fn is_same(output: &Path, input: &Path) -> bool {
    let is_possible = output.file_name() == input.file_name() || is_document(output);
    let identities = || Some((identity(output)?, identity(input)?));
    is_possible && identities().is_some_and(|(output, input)| output == input)
}

/// Returns a hash of the identity of the file at a path. All names of a file have the same hash.
fn identity(path: &Path) -> Option<u64> {
    regular::identity(path)
        .ok()
        .map(|identity| BuildHasherDefault::<DefaultHasher>::default().hash_one(&identity))
}
