//! Writes the results of `driverc budget`.
//!
//! Every format labels a benchmark as simulated or recorded, never as measured.

mod json;
mod junit;
mod markdown;
mod table;

use std::io::{self, Write};

use super::{FindingsReport, Style, markdown::write_capped};
use crate::{
    budget::{Comparison, Confidence, DriverProfile, Fold, SourcedBenchmark},
    model::{Benchmark, Name, Seeds, Verdict, Vocabulary},
    signature::budget_result_signature,
    workspace::Workspace,
};

/// An output format for verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum BudgetFormat {
    /// Tables for a terminal, then the findings.
    #[default]
    Text,
    /// One JSON document with a documented schema.
    Json,
    /// Markdown tables.
    Markdown,
    /// `JUnit` XML, for test report viewers.
    Junit,
    /// The signature of each result, without findings.
    Signature,
}

/// The formats, in the order of the documentation.
impl Vocabulary for BudgetFormat {
    const NOUN: &'static str = "format";
    const ALL: &'static [Self] =
        &[Self::Text, Self::Json, Self::Markdown, Self::Junit, Self::Signature];

    fn word(&self) -> &str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Junit => "junit",
            Self::Signature => "signature",
        }
    }
}

/// The results to write.
#[derive(Clone, Copy, Debug)]
pub struct BudgetResults<'r> {
    /// The verdicts, sorted by driver and profile.
    pub pairs: &'r [DriverProfile],
    /// The required confidence.
    pub confidence: Confidence,
    /// The choice of the deciding benchmark, if a driver and profile have several benchmarks.
    pub fold: Fold,
    /// The documents that declare the benchmarks or workloads.
    pub workspace: &'r Workspace,
    /// The findings about the benchmarks.
    pub run: FindingsReport<'r>,
}

/// Writes the results. Fails only if `out` fails.
pub fn write(
    format: BudgetFormat,
    results: &BudgetResults<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        BudgetFormat::Text => table::write(results, style, out),
        BudgetFormat::Json => json::write(results, out),
        BudgetFormat::Markdown => {
            write_capped("driverc budget", out, |out| markdown::write(results, out))
        }
        BudgetFormat::Junit => junit::write(results, out),
        BudgetFormat::Signature => write_signatures(results, out),
    }
}

/// Writes the signature of every result, including the results of benchmarks that do not decide.
fn write_signatures(results: &BudgetResults<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut all = results.pairs.iter().flat_map(DriverProfile::results);
    all.try_for_each(|result| writeln!(out, "{}", budget_result_signature(&result)))
}

/// Returns the numbers of driver profiles that passed, failed and were inconclusive.
fn counts(pairs: &[DriverProfile]) -> [usize; 3] {
    [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive]
        .map(|verdict| pairs.iter().filter(|pair| pair.verdict() == verdict).count())
}

/// Returns the number of driver profiles per verdict: `2 passed, 1 failed, 1 inconclusive`.
pub fn summary(pairs: &[DriverProfile]) -> String {
    let [pass, fail, inconclusive] = counts(pairs);
    let counts = [(pass, "passed"), (fail, "failed"), (inconclusive, "inconclusive")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts.map(|(count, verdict)| format!("{count} {verdict}")).collect();
    if counts.is_empty() { "nothing was judged".to_owned() } else { counts.join(", ") }
}

/// Returns `simulated`, or `recorded` if the benchmark does not state that it was simulated.
fn origin(sample: &SourcedBenchmark) -> &'static str {
    if is_simulated(sample) { "simulated" } else { "recorded" }
}

/// Returns true if a benchmark was simulated. A benchmark without figures always comes from a
/// simulation.
fn is_simulated(sample: &SourcedBenchmark) -> bool {
    sample.benchmark.as_ref().map_or(true, Benchmark::is_simulated)
}

/// Returns the origin, date and source of a benchmark as one phrase. The source of a simulated
/// benchmark already names its origin.
fn provenance(sample: &SourcedBenchmark) -> String {
    let day = sample.measured_on().map(|date| format!(" on {date}")).unwrap_or_default();
    match source(sample) {
        Some(source) if is_simulated(sample) => format!("{source}{day}"),
        Some(source) => format!("{}{day}: {source}", origin(sample)),
        None => format!("{}{day}", origin(sample)),
    }
}

/// Returns the source of the figures. For a simulation by this command, the source lists all seeds,
/// because each figure comes from the seed that is worst for it.
fn source(sample: &SourcedBenchmark) -> Option<String> {
    let seeds = sample.runs.iter().map(|run| run.seed).collect();
    if let Ok(seeds) = Seeds::new(seeds) {
        return Some(format!(
            concat!("driverc ", env!("CARGO_PKG_VERSION"), ", simulated, {}"),
            seeds
        ));
    }
    let benchmark = sample.benchmark.as_ref().ok()?;
    benchmark.source.as_ref().map(Name::to_string)
}

/// Returns `tested` if the independence of the latencies behind p95 was tested, or `assumed` if
/// their order is not known. Returns `None` if there are no figures.
fn independence(sample: &SourcedBenchmark) -> Option<&'static str> {
    let benchmark = sample.benchmark.as_ref().ok()?;
    let tested = !sample.runs.is_empty() || benchmark.longer_run().is_some();
    Some(if tested { "tested" } else { "assumed" })
}

/// Returns a note that some latencies are assumed to be independent. Returns `None` if no benchmark
/// needs the note.
fn assumption(pairs: &[DriverProfile]) -> Option<&'static str> {
    let mut all = pairs.iter().flat_map(|pair| &pair.benchmarks);
    let assumed = all.any(|assessed| independence(&assessed.sample) == Some("assumed"));
    assumed.then_some(
        "a `[[benchmark]]` does not record the order of its latencies, so they are assumed to be \
         independent",
    )
}

/// Returns the rank of a benchmark among several benchmarks, as a phrase. Empty if there is only
/// one benchmark.
fn rank(pair: &DriverProfile, number: usize, fold: Fold) -> String {
    match pair.benchmarks.len() {
        ..=1 => String::new(),
        count if number == pair.decisive => format!("decides as the {} of {count}", fold.word()),
        count => format!("{} of {count}", number + 1),
    }
}

/// Returns the headroom as a factor, such as `1.62x`. Empty if there is no headroom.
fn headroom(comparison: Comparison) -> String {
    comparison.headroom_percent().map(super::bench::factor).unwrap_or_default()
}
