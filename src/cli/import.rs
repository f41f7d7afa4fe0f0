//! `driverc import`: turns a tool's results into a benchmark or a workload.

pub(super) mod append;
mod limits;
mod repeated;

use std::{
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Failure, Outcome,
    arguments::{Color, Import, ImportAs, Inputs, MeasuredContract},
    failure::{note, say},
    input::{self, STDIN, STDIN_NAME, load_without_errors, read_named, whole},
    output,
};
use crate::{
    import::{self, ImportError, ImportOptions, Imported, MeasuredDriver, Output, Tool},
    model::{BenchmarkProfile, ContractDigest, MaxFileBytes, ProjectVocabulary, Vocabulary},
    report::declare::{benchmark_table, workload_table},
    signature::driver_digest,
    simulate::LatencyDetail,
    workspace::Content,
};

pub(super) fn run(command: &Import, color: Color) -> Result<Outcome, Failure> {
    if let Some(file) = &command.append {
        append::refuse_no_document(file)?;
    }
    if command.files.iter().filter(|path| path.as_os_str() == STDIN).count() > 1 {
        return Err(Failure::new("standard input can be read only once; name `-` only once"));
    }
    if command.tool == Tool::Pgbench {
        refuse_missing_threads(&command.files)?;
    }
    let vocabulary = vocabulary(command, color)?;
    Failure::refuse_unknown_profile(command.profile, &vocabulary)?;
    let limit = command.max_file_size;
    let files =
        command.files.iter().map(|path| read(path, limit)).collect::<Result<Vec<_>, _>>()?;
    let contract = match contract(command, color)? {
        Measured::Contract(contract) => contract,
        Measured::HasErrors(outcome) => return Ok(outcome),
    };
    let outputs: Vec<_> = files.iter().map(|(name, bytes)| Output { name, bytes }).collect();
    let text =
        text(command, &outputs, contract).map_err(|error| Failure::new(error.to_string()))?;
    match &command.append {
        None => output::to_stdout(text.as_bytes()),
        Some(file) => {
            let is_of_same_files = repeated::refuse_repeated(file, &text, limit, &vocabulary)?;
            append::to_document(file, &text, limit)?;
            let what = match command.output {
                ImportAs::Benchmark => "benchmark",
                ImportAs::Workload => "workload",
            };
            let (driver, name) = (&command.driver, file.display());
            note(command.quiet, format_args!("added a {what} of `{driver}` to `{name}`"));
            if is_of_same_files {
                let message = "has another benchmark from the same file; remove one of the two";
                say(format_args!("warning: `{}` {message}", file.display()));
            }
            repeated::warn_of_undeclared(command, file, color);
            Ok(Outcome::Clean)
        }
    }
}

/// Returns a failure if the log of a pgbench thread is missing. The threads of a run write `log`,
/// `log.1`, `log.2` and so on.
fn refuse_missing_threads(files: &[PathBuf]) -> Result<(), Failure> {
    for first in files {
        let thread = |number: usize| {
            let mut name = first.clone().into_os_string();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        };
        let missing = (1..=files.len()).map(thread).find(|path| !files.contains(path));
        if let Some(path) = missing.filter(|path| path.exists()) {
            let message = "belongs to the same run; name the files of all threads";
            return Err(Failure::new(format!("`{}` {message}", path.display())));
        }
    }
    Ok(())
}

/// Returns the words of the project that contains the documents on the command line. Without
/// `--append` and `--workspace`, returns the words of the project around the working directory.
fn vocabulary(command: &Import, color: Color) -> Result<Arc<ProjectVocabulary>, Failure> {
    if BenchmarkProfile::ALL.contains(&command.profile) {
        return Ok(Arc::default());
    }
    let named: Vec<_> = command.append.iter().chain(&command.workspace).cloned().collect();
    let inputs = Inputs { quiet: command.quiet, ..Inputs::of(named, command.roots.clone()) };
    let project = input::open(&inputs, color)?;
    Ok(project.configuration.vocabulary)
}

/// Returns the displayed name of a file, and its content.
fn read(path: &Path, limit: MaxFileBytes) -> Result<(String, Vec<u8>), Failure> {
    if path.as_os_str() != STDIN {
        return Ok((path.display().to_string(), read_named(path, limit)?));
    }
    let content = Content::of_stream(io::stdin().lock(), 0, limit)
        .map_err(|error| Failure::io("cannot read standard input", &error))?;
    Ok((STDIN_NAME.to_owned(), whole(content, STDIN_NAME, limit)?))
}

/// Returns the TOML table, preceded by its notes as comments.
fn text(
    command: &Import,
    outputs: &[Output<'_>],
    contract: Option<ContractDigest>,
) -> Result<String, ImportError> {
    let subject = MeasuredDriver { driver: command.driver.clone(), profile: command.profile };
    let unit = command.latency_unit.unit();
    let detail = limits::with_budget(command, |budget| LatencyDetail::of(Some(budget), unit));
    let detail = detail.unwrap_or_else(|| LatencyDetail::of(None, unit));
    let given = given(command, contract, detail);
    match command.output {
        ImportAs::Benchmark => {
            let Imported { value, notes } =
                import::benchmark(command.tool, outputs, &subject, given)?;
            Ok(comments(&notes) + &benchmark_table(&value))
        }
        ImportAs::Workload => {
            let Imported { value, notes } =
                import::workload(command.tool, outputs, &subject, given)?;
            Ok(comments(&notes) + &workload_table(&value))
        }
    }
}

fn comments(notes: &[String]) -> String {
    notes.iter().flat_map(|note| ["# ", note, "\n"]).collect()
}

fn given(
    command: &Import,
    contract: Option<ContractDigest>,
    detail: LatencyDetail,
) -> ImportOptions {
    ImportOptions {
        timeouts: command.timeouts,
        retries: command.retries,
        attempts: command.attempts,
        throughput: command.throughput,
        duration_ms: command.duration,
        unit: command.unit,
        concurrency: command.concurrency,
        records_per_request: command.records_per_request,
        operation: command.operation.clone(),
        load_loop: command.load_loop,
        tool_version: command.tool_version.clone(),
        source: command.source.clone(),
        measured_on: command.measured_on,
        contract,
        p99: detail.p99,
        latency_unit: detail.unit,
    }
}

enum Measured {
    Contract(Option<ContractDigest>),
    /// The documents have errors, which have been reported.
    HasErrors(Outcome),
}

/// Returns the digest from the command line, or else the digest of the driver's current contract in
/// the workspace.
fn contract(command: &Import, color: Color) -> Result<Measured, Failure> {
    let requested = match command.contract {
        None => return Ok(Measured::Contract(None)),
        Some(MeasuredContract::Digest(digest)) if command.workspace.is_empty() => {
            return Ok(Measured::Contract(Some(digest)));
        }
        Some(requested) => requested,
    };
    if requested != MeasuredContract::Current {
        return Err(Failure::new("`--workspace` is for `--contract current`; leave it out"));
    }
    let inputs = Inputs {
        quiet: command.quiet,
        ..Inputs::of(command.workspace.clone(), command.roots.clone())
    };
    let input = match load_without_errors(&inputs, color)? {
        ControlFlow::Continue(input) => input,
        ControlFlow::Break(outcome) => return Ok(Measured::HasErrors(outcome)),
    };
    let drivers = input.drivers();
    let driver = drivers.iter().find(|driver| driver.name == command.driver);
    match driver {
        Some(driver) => Ok(Measured::Contract(Some(driver_digest(driver)))),
        None => Err(Failure::new(format!(
            "the workspace has no contract of `{}`; name its documents with `--workspace`",
            command.driver
        ))),
    }
}
