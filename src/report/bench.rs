//! Writes the results of `driverc bench`.
//!
//! Each figure in a table comes from the seed that is worst for it, while a `[[benchmark]]` comes
//! from one seed. Every format labels the results as simulated.

mod changed;
mod json;
mod markdown;
mod server;
mod table;

pub(super) use self::server::recovery;

use std::io::{self, Write};

use super::{Style, declare, markdown::write_capped};
use crate::{
    budget::{Comparison, Confidence, Figure, worst_run},
    model::{Benchmark, Budget, Vocabulary},
    simulate::{LatencyDetail, NoBenchmark, Run, Simulated, Simulation, detailed},
};

/// An output format for simulation results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum BenchFormat {
    /// A table for a terminal.
    #[default]
    Text,
    /// One JSON document with a documented schema.
    Json,
    /// `[[benchmark]]` tables to append to a document.
    Toml,
    /// A Markdown table.
    Markdown,
}

/// The formats, in the order of the documentation.
impl Vocabulary for BenchFormat {
    const NOUN: &'static str = "format";
    const ALL: &'static [Self] = &[Self::Text, Self::Json, Self::Toml, Self::Markdown];

    fn word(&self) -> &str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Toml => "toml",
            Self::Markdown => "markdown",
        }
    }
}

/// The result of a simulation, or the reason why it has no result.
pub type Outcome = Result<Simulated, NoBenchmark>;

/// The results for one driver and profile.
#[derive(Clone, Copy, Debug)]
pub struct BenchEntry<'a> {
    /// The simulation with the changed contract. If no workload applies to the changed contract,
    /// this is the simulation with the unchanged contract.
    pub simulation: &'a Simulation,
    /// The result.
    pub result: BenchSide<'a>,
    /// The result with the unchanged contract, if the contract was changed.
    pub before: Option<BenchSide<'a>>,
    /// The budget, if all its required limits are set.
    pub budget: Option<Budget>,
    /// The latencies to show, and their unit. The effective budget determines both, even if the
    /// budget lacks a limit.
    pub detail: LatencyDetail,
}

/// The result for one driver and profile, before or after a change.
#[derive(Clone, Copy, Debug)]
pub enum BenchSide<'a> {
    /// The outcome of the simulation.
    Simulated(&'a Outcome),
    /// There was no simulation, because no workload applies to the contract.
    NoWorkload,
}

impl<'a> BenchSide<'a> {
    fn simulated(self) -> Option<&'a Simulated> {
        match self {
            Self::Simulated(outcome) => outcome.as_ref().ok(),
            Self::NoWorkload => None,
        }
    }

    /// Returns the completed runs, even if there is no result.
    fn runs(self) -> &'a [Run] {
        match self {
            Self::Simulated(Ok(simulated)) => &simulated.runs,
            Self::Simulated(Err(without)) => &without.runs,
            Self::NoWorkload => &[],
        }
    }

    /// Returns the reason why there is no result. Returns `None` if there is a result.
    fn error(self) -> Option<String> {
        match self {
            Self::Simulated(outcome) => outcome.as_ref().err().map(ToString::to_string),
            Self::NoWorkload => Some("no workload applies".to_owned()),
        }
    }
}

/// A contract value that was changed for the simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The path of the value, such as `driver.postgres_async.max_in_flight`.
    pub path: String,
    /// The value in the document, as TOML.
    pub before: String,
    /// The simulated value, as TOML.
    pub after: String,
}

/// The results to write.
#[derive(Clone, Copy, Debug)]
pub struct BenchResults<'a> {
    /// One entry per driver and profile, sorted by name and profile.
    pub entries: &'a [BenchEntry<'a>],
    /// The changes to the contracts. If there are any, each entry has a `before`.
    pub changes: &'a [Override],
}

/// Writes the results. Fails only if `out` fails.
pub fn write(
    format: BenchFormat,
    results: &BenchResults<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        BenchFormat::Text if results.changes.is_empty() => table::write(results, style, out),
        BenchFormat::Text => changed::write(results, style, out),
        BenchFormat::Json => json::write(results, out),
        BenchFormat::Toml => write_tables(results, out),
        BenchFormat::Markdown => {
            write_capped("driverc bench", out, |out| markdown::write(results, out))
        }
    }
}

/// Writes `[[benchmark]]` tables, with the changes in comments.
fn write_tables(results: &BenchResults<'_>, out: &mut dyn Write) -> io::Result<()> {
    for Override { path, before, after } in results.changes {
        writeln!(out, "# Simulated with {path} = {after} instead of {before}.")?;
    }
    for sentence in one_sided(results).chain(server::not_simulated(results)) {
        writeln!(out, "# {sentence}.")?;
    }
    let benchmarks = results.entries.iter().filter_map(|entry| entry.benchmark(entry.result));
    for (number, benchmark) in benchmarks.enumerate() {
        let gap = if number == 0 && results.changes.is_empty() { "" } else { "\n" };
        write!(out, "{gap}{}", declare::benchmark_table(&benchmark))?;
    }
    Ok(())
}

impl BenchEntry<'_> {
    /// Returns the benchmark of the seed with the worst verdict. If there is no budget, returns the
    /// benchmark of the seed with the longest p95.
    fn benchmark(&self, side: BenchSide<'_>) -> Option<Benchmark> {
        let simulated = side.simulated()?;
        let contract = &self.simulation.contract;
        let worst = |budget| worst_run(&simulated.runs, budget, contract, Confidence::USUAL);
        let worst = self.budget.as_ref().map(worst);
        let slowest = || simulated.benchmarks.iter().position(|it| *it == simulated.benchmark);
        let seed = worst.or_else(slowest)?;
        let (benchmark, run) = (simulated.benchmarks[seed].clone(), &simulated.runs[seed]);
        Some(detailed(benchmark, run, self.detail))
    }

    /// Returns true if the figure is shown for this driver and profile.
    fn shows(&self, figure: Figure) -> bool {
        figure.is_always_shown() || self.detail.p99
    }

    /// Returns the worst figure of all seeds, without its unit, if a request succeeded.
    fn shown(&self, simulated: &Simulated, figure: Figure) -> Option<String> {
        let unit = self.detail.unit;
        Some(figure.shown(figure.worst_of(&simulated.runs, unit)?, unit))
    }

    /// Returns a figure from the seed that is worst for it, with its limit, if there is a budget.
    fn comparison(&self, simulated: &Simulated, figure: Figure) -> Option<Comparison> {
        let limit = figure.allowed_by(self.budget.as_ref()?)?;
        let latency_unit = self.detail.unit;
        let value = figure.worst_of(&simulated.runs, latency_unit)?;
        Some(Comparison { figure, value, limit, latency_unit })
    }

    /// Returns the headrooms of p95, p99, the rate with the lowest headroom, and throughput.
    fn headrooms(&self, simulated: &Simulated) -> [Option<Headroom>; 4] {
        let of = |figures: &[Figure]| {
            let comparisons =
                figures.iter().filter_map(|figure| self.comparison(simulated, *figure));
            let headrooms = comparisons.filter_map(|comparison| {
                let holds = comparison.holds();
                Some(Headroom { percent: comparison.headroom_percent()?, holds })
            });
            headrooms.min_by_key(|headroom| headroom.percent)
        };
        let rates = [Figure::TimeoutRate, Figure::RejectRate, Figure::RetryRate];
        [
            of(&[Figure::P95Latency]),
            of(&[Figure::P99Latency]),
            of(&rates),
            of(&[Figure::Throughput]),
        ]
    }
}

/// Returns the figures that tables show: the figures that have a limit, and the figures that are
/// always shown.
fn figures(results: &BenchResults<'_>) -> Vec<Figure> {
    let is_shown = |figure: &Figure| results.entries.iter().any(|entry| entry.shows(*figure));
    Figure::ALL.into_iter().filter(is_shown).collect()
}

/// Returns the longest median of all seeds, in ms, rounded up.
fn median_ms(entry: &BenchEntry<'_>, simulated: &Simulated) -> String {
    let unit = entry.detail.unit;
    let medians = simulated.runs.iter().filter_map(|run| run.latency.as_ref());
    unit.in_ms(medians.map(|latency| unit.of_us(latency.p50_us)).max().unwrap_or_default())
}

/// A headroom in percent. See [`Comparison::headroom_percent`].
#[derive(Clone, Copy)]
struct Headroom {
    percent: u64,
    holds: bool,
}

/// Returns a headroom in percent as a factor: `1.62x`.
pub(super) fn factor(percent: u64) -> String {
    format!("{}.{:02}x", percent / 100, percent % 100)
}

/// Writes one sentence per line, after an empty line, if there are any.
fn write_notes(notes: &[String], out: &mut dyn Write) -> io::Result<()> {
    if !notes.is_empty() {
        writeln!(out)?;
    }
    notes.iter().try_for_each(|note| writeln!(out, "{note}"))
}

/// Returns one sentence, without a full stop, per driver and profile that has a workload only
/// before or only after the change.
fn one_sided<'r>(results: &'r BenchResults<'_>) -> impl Iterator<Item = String> + 'r {
    results.entries.iter().filter_map(|entry| {
        let sides = [("before", entry.before), ("after", Some(entry.result))];
        let mut sides = sides.into_iter();
        let (when, _) = sides.find(|(_, side)| matches!(side, Some(BenchSide::NoWorkload)))?;
        let Simulation { contract, workload } = entry.simulation;
        let profile = workload.profile.label();
        Some(format!("`{}` has no workload for `{profile}` {when} the change", contract.name))
    })
}

/// Returns the line above the results. It names the seeds if all simulations use the same seeds.
fn heading(results: &BenchResults<'_>) -> String {
    let mut seeds = results.entries.iter().map(|entry| entry.simulation.workload.seeds.to_string());
    let first = seeds.next().unwrap_or_default();
    let seeds =
        if seeds.all(|seeds| seeds == first) { format!(" ({first})") } else { String::new() };
    format!("simulated, not measured; each figure comes from its worst seed{seeds}")
}
