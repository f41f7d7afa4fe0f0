//! Converts the output of load generators to benchmarks and workloads.
//!
//! The functions are pure: they convert bytes and options to values of the model. They require each
//! value that the tool does not record, and never assume zero. They refuse an option for a value
//! that the tool records. Latencies and rates are rounded up, and throughput is rounded down.

mod clickhouse;
mod contradiction;
mod criterion;
mod error;
mod ghz;
mod given;
mod hgrm;
mod http;
mod json;
mod k6;
mod kafka;
mod number;
mod oha;
mod pgbench;
mod recognise;
mod run;
mod sample;
mod text;
mod timeout;
mod tool;
mod vegeta;
mod warp;
mod workload;

pub use self::{
    error::ImportError,
    given::{ImportOptions, TimeUnit},
    tool::Tool,
};
use self::{error::ImportRefusal, run::Distribution};
use crate::model::{Benchmark, BenchmarkProfile, DeclaredWorkload, DriverName};

/// One file that a tool wrote.
#[derive(Clone, Copy, Debug)]
pub struct Output<'o> {
    /// The name that messages show, such as a path.
    pub name: &'o str,
    /// The content.
    pub bytes: &'o [u8],
}

/// The measured driver and profile.
#[derive(Clone, Debug)]
pub struct MeasuredDriver {
    /// The driver.
    pub driver: DriverName,
    /// The kind of load.
    pub profile: BenchmarkProfile,
}

/// A value from the output of a tool, with notes for its readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported<T> {
    /// The value.
    pub value: T,
    /// Notes for readers. Each note is on one line.
    pub notes: Vec<String>,
}

/// Returns the benchmark of a driver from the output of one run.
///
/// Fails if another tool wrote the output, or if the output lacks a required value or has invalid
/// figures.
pub fn benchmark(
    tool: Tool,
    outputs: &[Output<'_>],
    subject: &MeasuredDriver,
    given: ImportOptions,
) -> Result<Imported<Benchmark>, ImportError> {
    let mut rest = given;
    one_file(tool, outputs)
        .and_then(|()| tool.run(outputs, &mut rest))
        .and_then(|run| sample::of(tool, outputs, subject, run, rest))
        .map_err(|refusal| recognise::explained(tool, outputs, refusal))
}

/// Returns a workload from the output of one run, with the measured latencies as service times.
///
/// Fails as [`benchmark()`] does, and for tools that do not record the latency distribution.
pub fn workload(
    tool: Tool,
    outputs: &[Output<'_>],
    subject: &MeasuredDriver,
    given: ImportOptions,
) -> Result<Imported<DeclaredWorkload>, ImportError> {
    let mut rest = given;
    one_file(tool, outputs)
        .and_then(|()| tool.distribution(outputs, &mut rest))
        .and_then(|distribution| workload::of(tool, outputs, subject, &distribution, &rest))
        .map_err(|refusal| recognise::explained(tool, outputs, refusal))
}

fn one_file(tool: Tool, outputs: &[Output<'_>]) -> Result<(), ImportRefusal> {
    if outputs.len() == 1 || tool == Tool::Pgbench && !outputs.is_empty() {
        return Ok(());
    }
    let number = outputs.len();
    Err(ImportRefusal::new(format!(
        "{} writes one file per run, but {number} were given",
        tool.label()
    ))
    .help("name one file"))
}
