//! What budgets say of benchmarks: for people and for machines.
//!
//! A benchmark that was simulated is marked so in every format; none is called measured.

mod json;
mod junit;
mod markdown;
mod table;

use std::io::{self, Write};

use super::{Run, Style, markdown::write_capped};
use crate::{
    budget::{Comparison, Confidence, Fold, Pair, Sample},
    model::{Benchmark, Name, Seeds, Verdict, Vocabulary},
    signature::budget_result_signature,
    workspace::Workspace,
};

/// The shapes in which judgements are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A table for a terminal, then the findings.
    #[default]
    Text,
    /// One JSON document, of a documented shape.
    Json,
    /// Markdown tables.
    Markdown,
    /// `JUnit` XML, for viewers of test results.
    Junit,
    /// The signature of each result; findings have no place in it.
    Signature,
}

/// In the order in which they are documented.
impl Vocabulary for Format {
    const NOUN: &'static str = "format";
    const ALL: &'static [Self] =
        &[Self::Text, Self::Json, Self::Markdown, Self::Junit, Self::Signature];

    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Junit => "junit",
            Self::Signature => "signature",
        }
    }
}

/// What there is to show.
#[derive(Clone, Copy, Debug)]
pub struct Results<'r> {
    /// The judged pairs, by driver and profile.
    pub pairs: &'r [Pair],
    /// How sure a verdict had to be.
    pub confidence: Confidence,
    /// Which of several benchmarks decides.
    pub fold: Fold,
    /// The documents that the benchmarks or workloads stand in.
    pub workspace: &'r Workspace,
    /// What is to be said of the benchmarks besides.
    pub run: Run<'r>,
}

/// Writes results; fails only where `out` fails.
pub fn write(
    format: Format,
    results: &Results<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => table::write(results, style, out),
        Format::Json => json::write(results, out),
        Format::Markdown => {
            write_capped("driverc budget", out, |out| markdown::write(results, out))
        }
        Format::Junit => junit::write(results, out),
        Format::Signature => write_signatures(results, out),
    }
}

/// The result of every benchmark, also of those that do not decide.
fn write_signatures(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut all = results.pairs.iter().flat_map(Pair::results);
    all.try_for_each(|result| writeln!(out, "{}", budget_result_signature(&result)))
}

/// How many pairs pass, fail and are inconclusive.
fn counts(pairs: &[Pair]) -> [usize; 3] {
    [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive]
        .map(|verdict| pairs.iter().filter(|pair| pair.verdict() == verdict).count())
}

/// The number of pairs per verdict: `2 passed, 1 failed, 1 inconclusive`.
pub fn summary(pairs: &[Pair]) -> String {
    let [pass, fail, inconclusive] = counts(pairs);
    let counts = [(pass, "passed"), (fail, "failed"), (inconclusive, "inconclusive")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts.map(|(count, verdict)| format!("{count} {verdict}")).collect();
    if counts.is_empty() { "nothing was judged".to_owned() } else { counts.join(", ") }
}

/// `simulated`, or `recorded` where nothing says so: who measured is not known.
fn origin(sample: &Sample) -> &'static str {
    if is_simulated(sample) { "simulated" } else { "recorded" }
}

/// Whether a sample was simulated. Only a simulation can have served nothing.
fn is_simulated(sample: &Sample) -> bool {
    sample.benchmark.as_ref().map_or(true, Benchmark::is_simulated)
}

/// Where a benchmark comes from, in a phrase: its origin, day and source. The source of one that
/// was simulated says so by itself.
fn provenance(sample: &Sample) -> String {
    let day = sample.measured_on().map(|date| format!(" on {date}")).unwrap_or_default();
    match source(sample) {
        Some(source) if is_simulated(sample) => format!("{source}{day}"),
        Some(source) => format!("{}{day}: {source}", origin(sample)),
        None => format!("{}{day}", origin(sample)),
    }
}

/// What produced the figures; of what was simulated here all seeds, as each figure is that of its
/// worst one.
fn source(sample: &Sample) -> Option<String> {
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

/// Whether p95 rests on latencies that are assumed to be independent of each other, since their
/// order is not known, or whether that was tested; none where there is no figure.
fn independence(sample: &Sample) -> Option<&'static str> {
    let benchmark = sample.benchmark.as_ref().ok()?;
    let tested = !sample.runs.is_empty() || benchmark.longer_run().is_some();
    Some(if tested { "tested" } else { "assumed" })
}

/// What is assumed of some of the benchmarks, if something is.
fn assumption(pairs: &[Pair]) -> Option<&'static str> {
    let mut all = pairs.iter().flat_map(|pair| &pair.assessed);
    let assumed = all.any(|assessed| independence(&assessed.sample) == Some("assumed"));
    assumed.then_some(
        "a `[[benchmark]]` does not have the order of its latencies, so they are taken as \
         independent of each other",
    )
}

/// Which of several benchmarks this is, in a phrase; empty of a single one.
fn rank(pair: &Pair, number: usize, fold: Fold) -> String {
    match pair.assessed.len() {
        ..=1 => String::new(),
        count if number == pair.decisive => format!("decides, the {} of {count}", fold.word()),
        count => format!("{} of {count}", number + 1),
    }
}

/// `1.62x`; empty where there is no such number.
fn headroom(comparison: Comparison) -> String {
    comparison.headroom_percent().map(super::bench::factor).unwrap_or_default()
}
