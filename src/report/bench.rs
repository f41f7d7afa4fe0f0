//! What simulations came to, beside the budgets: for people and for machines.
//!
//! Each figure of a table is that of its worst seed; a `[[benchmark]]` is of one seed. That it is
//! simulated is said in every format.

mod changed;
mod json;
mod markdown;
mod table;

use std::io::{self, Write};

use super::{Style, declare, markdown::write_capped};
use crate::{
    budget::{Comparison, Confidence, Figure, worst_run},
    model::{Benchmark, Budget, Vocabulary},
    simulate::{NoBenchmark, Run, Simulated, Simulation},
};

/// The shapes in which results of simulations are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A table for a terminal.
    #[default]
    Text,
    /// One JSON document, of a documented shape.
    Json,
    /// `[[benchmark]]` tables, to append to a document.
    Toml,
    /// A Markdown table.
    Markdown,
}

/// In the order in which they are documented.
impl Vocabulary for Format {
    const NOUN: &'static str = "format";
    const ALL: &'static [Self] = &[Self::Text, Self::Json, Self::Toml, Self::Markdown];

    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Toml => "toml",
            Self::Markdown => "markdown",
        }
    }
}

/// What a simulation came to, if it came to something.
pub type Outcome = Result<Simulated, NoBenchmark>;

/// One driver under one profile.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// What was simulated: as changed, unless only what was before has a workload.
    pub simulation: &'a Simulation,
    /// What came out.
    pub result: Side<'a>,
    /// What came out before the contract was changed, if it was.
    pub before: Option<Side<'a>>,
    /// What the driver must achieve, if all limits are set.
    pub budget: Option<Budget>,
}

/// What there is of a driver under a profile, before a change or after it.
#[derive(Clone, Copy, Debug)]
pub enum Side<'a> {
    /// What its simulation came to.
    Simulated(&'a Outcome),
    /// Nothing: the contract as it is then has no workload.
    NoWorkload,
}

impl<'a> Side<'a> {
    fn simulated(self) -> Option<&'a Simulated> {
        match self {
            Self::Simulated(outcome) => outcome.as_ref().ok(),
            Self::NoWorkload => None,
        }
    }

    /// The runs that came to an end, also where there is no result.
    fn runs(self) -> &'a [Run] {
        match self {
            Self::Simulated(Ok(simulated)) => &simulated.runs,
            Self::Simulated(Err(without)) => &without.runs,
            Self::NoWorkload => &[],
        }
    }

    /// Why there is no result, if there is none.
    fn error(self) -> Option<String> {
        match self {
            Self::Simulated(outcome) => outcome.as_ref().err().map(ToString::to_string),
            Self::NoWorkload => Some("no workload applies".to_owned()),
        }
    }
}

/// A value of a contract that was changed for the simulation, both as TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The path of the value, such as `driver.postgres_async.max_in_flight`.
    pub path: String,
    /// What the document says.
    pub before: String,
    /// What was simulated.
    pub after: String,
}

/// What there is to show.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// A driver under a profile each, by name and profile.
    pub entries: &'a [Entry<'a>],
    /// What was changed in the contracts; each entry then has a `before`.
    pub changes: &'a [Change],
}

/// Writes results; fails only where `out` fails.
pub fn write(
    format: Format,
    results: &Results<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text if results.changes.is_empty() => table::write(results, style, out),
        Format::Text => changed::write(results, style, out),
        Format::Json => json::write(results, out),
        Format::Toml => write_tables(results, out),
        Format::Markdown => write_capped("driverc bench", out, |out| markdown::write(results, out)),
    }
}

/// The benchmarks as documents declare them, with what changed in a comment.
fn write_tables(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    for Change { path, before, after } in results.changes {
        writeln!(out, "# Simulated with {path} = {after} instead of {before}.")?;
    }
    for sentence in one_sided(results) {
        writeln!(out, "# {sentence}.")?;
    }
    let benchmarks = results.entries.iter().filter_map(|entry| entry.benchmark(entry.result));
    for (number, benchmark) in benchmarks.enumerate() {
        let gap = if number == 0 && results.changes.is_empty() { "" } else { "\n" };
        write!(out, "{gap}{}", declare::benchmark_table(benchmark))?;
    }
    Ok(())
}

impl Entry<'_> {
    /// The benchmark of the seed that decides what the budget says; without a budget, that of the
    /// seed with the longest p95.
    fn benchmark<'s>(&self, side: Side<'s>) -> Option<&'s Benchmark> {
        let simulated = side.simulated()?;
        let contract = &self.simulation.contract;
        let worst = |budget| worst_run(&simulated.runs, budget, contract, Confidence::USUAL);
        let worst = self.budget.as_ref().map(worst);
        Some(worst.map_or(&simulated.benchmark, |worst| &simulated.benchmarks[worst]))
    }

    /// A figure of its worst seed beside its limit, if there is a budget.
    fn comparison(&self, simulated: &Simulated, figure: Figure) -> Option<Comparison> {
        let limit = figure.allowed_by(self.budget.as_ref()?);
        Some(Comparison { figure, value: figure.worst_of(&simulated.runs)?, limit })
    }

    /// The headrooms of p95, of the rate that has the least, and of the throughput.
    fn headrooms(&self, simulated: &Simulated) -> [Option<Headroom>; 3] {
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
        [of(&[Figure::P95Latency]), of(&rates), of(&[Figure::Throughput])]
    }
}

/// The longest median of all seeds, in ms, rounded up.
fn median_ms(simulated: &Simulated) -> u64 {
    let medians = simulated.runs.iter().filter_map(|run| run.latency.as_ref());
    medians.map(|latency| latency.p50_us.div_ceil(1000)).max().unwrap_or_default()
}

/// How far a figure is from its limit, in percent as a [`Comparison`] gives it.
#[derive(Clone, Copy)]
struct Headroom {
    percent: u64,
    holds: bool,
}

/// `1.62x`: a headroom in percent as a factor, which is a rate of 100 to 1.
pub(super) fn factor(percent: u64) -> String {
    format!("{}.{:02}x", percent / 100, percent % 100)
}

/// What lost or gained its workload by the change, a sentence each without its end.
fn one_sided<'r>(results: &'r Results<'_>) -> impl Iterator<Item = String> + 'r {
    results.entries.iter().filter_map(|entry| {
        let sides = [("before", entry.before), ("after", Some(entry.result))];
        let mut sides = sides.into_iter();
        let (when, _) = sides.find(|(_, side)| matches!(side, Some(Side::NoWorkload)))?;
        let Simulation { contract, workload } = entry.simulation;
        let profile = workload.profile.label();
        Some(format!("`{}` has no workload for `{profile}` {when} the change", contract.name))
    })
}

/// What is simulated, in a sentence: the seeds, where they are the same for all.
fn heading(results: &Results<'_>) -> String {
    let mut seeds = results.entries.iter().map(|entry| entry.simulation.workload.seeds.to_string());
    let first = seeds.next().unwrap_or_default();
    let seeds =
        if seeds.all(|seeds| seeds == first) { format!(" ({first})") } else { String::new() };
    format!("simulated, not measured: each figure is that of its worst seed{seeds}")
}
