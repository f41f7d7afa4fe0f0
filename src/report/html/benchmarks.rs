//! Writes the recorded benchmarks with their sources.

use super::{
    BenchmarkSection, Page, mark_of,
    markup::Markup,
    note, section,
    table::{
        driver_heading, headings, number, number_cell, optional_cell, scrolling, shown_cell, text,
        text_cell,
    },
};
use crate::{
    model::{Benchmark, BenchmarkLatency, LatencyUnit, LoadLoop, Vocabulary},
    signature::driver_digest,
};

pub(super) fn write(page: &Page<'_>, main: &mut Markup) {
    section("benchmarks", "Recorded benchmarks", main, |section| {
        if page.recorded.is_empty() {
            note("No benchmark is recorded.", section);
            return;
        }
        note(
            "Figures are marked simulated if their source is a driverc simulation. For all other \
             figures, the source column says how they were obtained, if the document records it.",
            section,
        );
        let has_p99 = page.recorded.iter().any(|it| it.benchmark.p99_latency.is_some());
        scrolling("benchmarks", "Figures recorded in documents", section, |table| {
            let p99: &[_] = &[number("p99, ms"), number("p99 upper bound, ms")];
            headings(
                &[
                    &[
                        text("driver"),
                        text("profile"),
                        text("figures"),
                        text("source"),
                        text("date"),
                        text("contract"),
                        text("loop"),
                        number("requests"),
                        number("p50, ms"),
                        number("p95, ms"),
                        number("p95 upper bound, ms"),
                    ][..],
                    if has_p99 { p99 } else { &[] },
                    &[
                        number("timeouts, bps"),
                        number("rejected, bps"),
                        number("retries, bps"),
                        number("ops/s"),
                        text("verdict"),
                    ],
                ]
                .concat(),
                table,
            );
            table.element("tbody", &[], |body| {
                page.recorded.iter().for_each(|sample| write_row(page, sample, has_p99, body));
            });
        });
    });
}

fn write_row(page: &Page<'_>, sample: &BenchmarkSection<'_>, has_p99: bool, body: &mut Markup) {
    let benchmark = sample.benchmark;
    body.element("tr", &[], |row| {
        driver_heading(&benchmark.driver, row);
        row.leaf("td", &[], benchmark.profile.word());
        row.element("td", &[], |cell| mark_of(sample.is_simulated(), cell));
        text_cell(benchmark.source.as_ref().map_or("", |source| source.as_str()), row);
        let day = benchmark.measured_on.map(|day| day.to_string()).unwrap_or_default();
        text_cell(&day, row);
        text_cell(contract(page, benchmark), row);
        text_cell(benchmark.load_loop.map_or("", LoadLoop::label), row);
        optional_cell(benchmark.requests.map(u64::from), row);
        let unit = unit_of(sample);
        let shown = |latency: Option<BenchmarkLatency>, row: &mut Markup| {
            let shown = latency.map(|latency| unit.in_ms(unit.of_us(latency.us())));
            shown_cell(shown.as_deref(), row);
        };
        shown(Some(benchmark.p50_latency), row);
        shown(Some(benchmark.p95_latency), row);
        shown(benchmark.p95_upper_latency, row);
        if has_p99 {
            shown(benchmark.p99_latency, row);
            shown(benchmark.p99_upper_latency, row);
        }
        number_cell(benchmark.timeout_rate_bps.get(), row);
        optional_cell(benchmark.reject_rate_bps.map(u64::from), row);
        number_cell(benchmark.retry_rate_bps.get(), row);
        number_cell(benchmark.throughput_ops_per_sec.get(), row);
        let verdict = sample.judgement.verdict;
        let words = verdict.map_or(sample.judgement.reason.as_str(), |verdict| verdict.label());
        text_cell(words, row);
    });
}

/// Returns the unit in which the latencies are judged. It is milliseconds if there is no budget.
fn unit_of(sample: &BenchmarkSection<'_>) -> LatencyUnit {
    let units = sample.judgement.figures.iter().map(|judged| judged.comparison.latency_unit);
    units.max().unwrap_or_default()
}

/// Returns a text that says whether the measured contract is the current contract.
fn contract(page: &Page<'_>, benchmark: &Benchmark) -> &'static str {
    let Some(measured) = benchmark.contract else { return "not recorded" };
    let current = page.drivers.iter().find(|driver| driver.name == benchmark.driver);
    match current.map(|contract| driver_digest(contract) == measured) {
        Some(true) => "current",
        Some(false) => "different",
        None => "not found",
    }
}
