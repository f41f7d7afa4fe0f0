//! Checks the table that `import` appends to a document against the document and its workspace.

use std::path::{Path, PathBuf};

use super::{
    super::{
        arguments::{Color, Import, Inputs},
        failure::say,
        input,
    },
    Failure, append,
};
use crate::{
    document::{self, BenchmarkDeclaration},
    model::{Benchmark, MaxFileBytes, ProjectVocabulary},
    toml::spelling::nearest,
    workspace::{Content, Texts},
};

/// Returns a failure if the document already contains this benchmark. Returns true if the document
/// contains a different benchmark of the same driver and profile that was imported from the same
/// files.
pub(super) fn refuse_repeated(
    path: &Path,
    table: &str,
    limit: MaxFileBytes,
    vocabulary: &ProjectVocabulary,
) -> Result<bool, Failure> {
    // If the document is unreadable, appending the table fails.
    let Ok(Content::Whole(current)) = append::read(path, limit) else { return Ok(false) };
    let recorded = benchmarks(current, vocabulary);
    let Some(new) = benchmarks(table.as_bytes().to_vec(), vocabulary).pop() else {
        return Ok(false);
    };
    if recorded.contains(&new) {
        return Err(Failure::new(format!(
            "`{}` already has this benchmark of `{}`, with the same figures and the same source; \
             nothing was added",
            path.display(),
            new.driver
        )));
    }
    let is_of_same_files = |other: &Benchmark| {
        (&other.driver, other.profile, hash(other)) == (&new.driver, new.profile, hash(&new))
    };
    Ok(recorded.iter().any(is_of_same_files))
}

/// Returns the hash of the imported files, which is at the end of `source`.
fn hash(benchmark: &Benchmark) -> Option<&str> {
    benchmark.source.as_ref()?.as_str().rsplit(", ").next()
}

fn benchmarks(bytes: Vec<u8>, vocabulary: &ProjectVocabulary) -> Vec<Benchmark> {
    let (_, document) = document::read_bytes_with(bytes, vocabulary);
    let others = document.declarations.into_others().unwrap_or_default();
    let benchmarks = others.benchmarks.into_iter();
    benchmarks
        .filter_map(|benchmark| match benchmark {
            BenchmarkDeclaration::Complete(benchmark) => Some(benchmark),
            BenchmarkDeclaration::Invalid { .. } => None,
        })
        .collect()
}

/// Warns if no document in the workspace of the extended document declares the driver.
///
/// Gives no warning if the workspace cannot be read. `driverc check` reports the errors.
pub(super) fn warn_of_undeclared(command: &Import, path: &Path, color: Color) {
    let driver = &command.driver;
    let inputs = Inputs::of(vec![PathBuf::from(path)], command.roots.clone());
    let Ok(project) = input::open(&inputs, color) else { return };
    let Ok(input) = input::load(&inputs, project, Texts::Kept) else { return };
    let workspace = &input.workspace;
    if workspace.source_of(driver).is_some() || workspace.may_have_lost(driver) {
        return;
    }
    let names = workspace.drivers().map(|driver| driver.name.as_str());
    let help = match nearest(driver, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("add `[driver.{driver}]`"),
    };
    say(format_args!(
        "warning: no document of the workspace declares the driver `{driver}`; {help}"
    ));
}
