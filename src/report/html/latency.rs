//! Writes the latency distribution of each simulated driver, with its limit and recorded
//! benchmarks.

mod chart;
mod scale;

use self::chart::Chart;
use super::{
    BenchmarkSection, Origin, Page, ProfileSection,
    budgets::{limit_of, unit_of},
    mark_of,
    markup::Markup,
    note, section,
    table::{headings, named, number, shown_cell, text},
};
use crate::{
    model::{
        Benchmark, BenchmarkLatency, LatencyUnit, Limit, PartsPerMillion, TriggerEffect,
        Vocabulary, Workload,
    },
    report::bench::{Outcome, recovery},
    simulate::{Run, Simulated, Simulation},
};

/// The percentiles in the tables.
const PERCENTILES: [usize; 5] = [0, 50, 95, 99, 100];

pub(super) fn write(page: &Page<'_>, main: &mut Markup) {
    section("latency", "Latency", main, |section| {
        let mut simulated =
            page.pairs.iter().filter_map(|pair| Some((pair, pair.simulation?))).peekable();
        if simulated.peek().is_none() {
            note("Nothing was simulated.", section);
            return;
        }
        note(
            "Each curve shows the share of simulated requests that were answered within a given \
             time, including all waits and retries. At each share, the line shows the slowest \
             seed, and the band extends to the fastest. A p95 limit is met if the curve reaches \
             95% to the left of the limit.",
            section,
        );
        section.element("div", &[("class", "charts")], |charts| {
            for (number, (pair, (simulation, outcome))) in (1..).zip(simulated) {
                write_pair(number, pair, simulation, outcome, charts);
            }
        });
    });
}

fn write_pair(
    number: usize,
    pair: &ProfileSection<'_>,
    simulation: &Simulation,
    outcome: &Outcome,
    charts: &mut Markup,
) {
    let id = format!("latency-{number}");
    charts.element("article", &[("class", "chart"), ("aria-labelledby", &id)], |article| {
        article.element("h3", &[("id", &id)], |heading| {
            heading.word(&pair.contract.name);
            heading.text(" ");
            heading.leaf("span", &[("class", "profile")], pair.profile.word());
        });
        article.element("p", &[("class", "load")], |line| {
            mark_of(true, line);
            line.text(" ");
            line.text(&load(&simulation.workload));
        });
        match outcome {
            Ok(simulated) => {
                if let Some(verdict) = recovery(&simulated.runs) {
                    article.leaf("p", &[("class", "load")], &format!("Trigger: {verdict}."));
                }
                write_result(&id, pair, simulated, article);
            }
            Err(error) => {
                article.leaf("p", &[("class", "fail")], &format!("No result: {error}."));
            }
        }
    });
}

/// Describes the workload in one line.
fn load(workload: &Workload) -> String {
    let rate = workload.rate_ops_per_ksec.get();
    let part = format!("{:03}", rate % 1000);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    let burst = workload.burst.map_or_else(String::new, |burst| {
        let [on, period] = [burst.on_ms().get(), burst.period_ms().get()].map(time);
        format!(", {} for {on} of every {period}", burst.percent())
    });
    let server = server(workload);
    let warmup = Some(workload.warmup_ms.get()).filter(|warmup| *warmup > 0);
    let warmup = warmup.map(|warmup| format!(" after {} of warm-up", time(warmup)));
    let warmup = warmup.unwrap_or_default();
    format!(
        "{}{point}{part} ops/s, {}{burst}{server}; {} counted{warmup}; {}",
        rate / 1000,
        workload.arrival.label(),
        time(workload.duration_ms.get()),
        workload.seeds
    )
}

/// Describes the server and the trigger of a workload.
fn server(workload: &Workload) -> String {
    let slots = workload.server_slots.map(|slots| match slots.get() {
        1 => "; 1 server slot".to_owned(),
        slots => format!("; {slots} server slots"),
    });
    let slowdown = |name, ppm: PartsPerMillion| {
        (ppm > PartsPerMillion::LEAST).then(|| format!("; {name} of {ppm}"))
    };
    let abandoned =
        workload.continues_abandoned_work().then(|| "; abandoned work continues".to_owned());
    let trigger = workload.trigger.map(|trigger| {
        let (percent, changed) = match trigger.effect {
            TriggerEffect::Service(percent) => (percent, "service time"),
            TriggerEffect::Rate(percent) => (percent, "rate"),
        };
        let [duration, start] = [trigger.duration_ms.get(), trigger.start_ms.get()].map(time);
        format!("; {percent} of the {changed} for {duration} from {start}")
    });
    let contention = slowdown("contention", workload.contention_ppm);
    let coherence = slowdown("coherence", workload.coherence_ppm);
    [slots, contention, coherence, abandoned, trigger].into_iter().flatten().collect()
}

/// Formats a time in milliseconds, or in seconds if it is a whole number of seconds.
fn time(ms: u64) -> String {
    if ms.is_multiple_of(1000) { format!("{} s", ms / 1000) } else { format!("{ms} ms") }
}

fn write_result(id: &str, pair: &ProfileSection<'_>, simulated: &Simulated, article: &mut Markup) {
    let limit = pair.budget.as_ref().and_then(|budget| limit_of(budget, Limit::P95Latency));
    let unit = unit_of(pair);
    let recorded: Vec<_> =
        pair.samples.iter().filter(|sample| sample.origin == Origin::Recorded).collect();
    let slowest = extremes(&simulated.runs, Ord::max);
    let chart = Chart {
        slowest: &slowest,
        fastest: &extremes(&simulated.runs, Ord::min),
        limit: limit.map(|limit| (limit, unit)),
        recorded: &recorded,
    };
    let name = format!("Latency of {} under {}", pair.contract.name, pair.profile.word());
    chart.write(
        id,
        &format!("{name}, as a curve"),
        &description(&slowest, (limit, unit), &recorded),
        article,
    );
    write_legend(limit, &recorded, article);
    let p99 = pair.budget.as_ref().and_then(|budget| limit_of(budget, Limit::P99Latency));
    named("percentiles", &name, "Latency in ms, rounded up", article, |table| {
        write_table(&slowest, ([limit, p99], unit), &recorded, table);
    });
}

/// Returns the latency of the slowest or fastest run at each percentile, in microseconds.
fn extremes(runs: &[Run], of: fn(u64, u64) -> u64) -> Vec<u64> {
    let percentiles = runs.iter().filter_map(|run| run.latency.as_ref());
    let percentiles = percentiles.map(|latency| latency.percentiles_us.clone());
    let extremes = percentiles.reduce(|one, other| {
        one.into_iter().zip(other).map(|(one, other)| of(one, other)).collect()
    });
    extremes.unwrap_or_default()
}

/// Returns a percentile in milliseconds, rounded up in the same way as in benchmarks.
fn milliseconds(percentiles_us: &[u64], percent: usize, unit: LatencyUnit) -> String {
    unit.in_ms(unit.of_us(percentiles_us.get(percent).copied().unwrap_or_default()))
}

/// Returns a latency of a benchmark in milliseconds, rounded up to the unit.
fn shown(latency: BenchmarkLatency, unit: LatencyUnit) -> String {
    unit.in_ms(unit.of_us(latency.us()))
}

/// Returns a description of the chart, for screen readers.
fn description(
    slowest: &[u64],
    (limit, unit): (Option<u64>, LatencyUnit),
    recorded: &[&BenchmarkSection<'_>],
) -> String {
    let [half, most, all] = [50, 95, 100].map(|percent| milliseconds(slowest, percent, unit));
    let mut sentences = vec![format!(
        "Even with the slowest seed, half of the simulated requests were answered within {half} \
         ms, 95% within {most} ms and all within {all} ms."
    )];
    let limit = limit.map(|limit| unit.in_ms(limit));
    sentences.extend(limit.map(|limit| format!("The p95 limit is {limit} ms.")));
    sentences.extend(recorded.iter().map(|sample| {
        let kind =
            if sample.is_simulated() { "An earlier simulation" } else { "A recorded benchmark" };
        let Benchmark { p50_latency, p95_latency, .. } = sample.benchmark;
        format!("{kind} has a p50 of {p50_latency} and a p95 of {p95_latency}.")
    }));
    sentences.join(" ")
}

fn write_legend(limit: Option<u64>, recorded: &[&BenchmarkSection<'_>], article: &mut Markup) {
    article.element("ul", &[("class", "legend"), ("aria-hidden", "true")], |list| {
        list.leaf("li", &[("class", "curve")], "simulated");
        if limit.is_some() {
            list.leaf("li", &[("class", "budget")], "p95 limit");
        }
        if recorded.iter().any(|sample| !sample.is_simulated()) {
            list.leaf("li", &[("class", "recorded")], "recorded p50 and p95");
        }
        if recorded.iter().any(|sample| sample.is_simulated()) {
            list.leaf("li", &[("class", "earlier")], "earlier simulation");
        }
    });
}

fn write_table(
    slowest: &[u64],
    ([p95_limit, p99_limit], unit): ([Option<u64>; 2], LatencyUnit),
    recorded: &[&BenchmarkSection<'_>],
    table: &mut Markup,
) {
    let columns = [number("min"), number("p50"), number("p95"), number("p99"), number("max")];
    headings(&[&[text("figures")], &columns[..]].concat(), table);
    table.element("tbody", &[], |body| {
        let percentiles = PERCENTILES.map(|percent| Some(milliseconds(slowest, percent, unit)));
        write_row(|cell| mark_of(true, cell), percentiles, body);
        for sample in recorded {
            let Benchmark { p50_latency, p95_latency, p99_latency, .. } = sample.benchmark;
            let figures = [Some(*p50_latency), Some(*p95_latency), *p99_latency];
            let [p50, p95, p99] = figures.map(|latency| latency.map(|it| shown(it, unit)));
            let heading = |cell: &mut Markup| {
                mark_of(sample.is_simulated(), cell);
                if sample.is_simulated() {
                    cell.text(" earlier");
                }
            };
            write_row(heading, [None, p50, p95, p99, None], body);
        }
        if p95_limit.is_some() || p99_limit.is_some() {
            let [p95, p99] = [p95_limit, p99_limit].map(|limit| limit.map(|it| unit.in_ms(it)));
            let limits = [None, None, p95, p99, None];
            write_row(|cell| cell.text("limit"), limits, body);
        }
    });
}

fn write_row(heading: impl FnOnce(&mut Markup), figures: [Option<String>; 5], body: &mut Markup) {
    body.element("tr", &[], |row| {
        row.element("th", &[("scope", "row")], heading);
        for figure in figures {
            shown_cell(figure.as_deref(), row);
        }
    });
}
