//! Writes the figures of each driver with their limits and headroom.

mod bar;

use super::{
    BenchmarkSection, Page, ProfileSection, mark_of,
    markup::Markup,
    note, section,
    table::{headings, scrolling, text},
};
use crate::{
    budget::{Figure, FigureVerdict},
    model::{EffectiveBudget, LatencyLimit, LatencyUnit, Limit, ScopedValue, Verdict, Vocabulary},
    report::bench::factor,
};

pub(super) fn write(page: &Page<'_>, main: &mut Markup) {
    section("budgets", "Budgets", main, |section| {
        let pairs: Vec<_> = page.pairs.iter().filter(|pair| pair.budget.is_some()).collect();
        if pairs.is_empty() {
            note("No budget is declared for these drivers.", section);
            return;
        }
        note(
            "A bar shows how much of a limit is used. A full bar is at the limit. The colour \
             changes if less than 10% is left, and again if the limit is broken. The factor is the \
             headroom: the limit divided by the figure, or the throughput divided by its limit. \
             Throughput within its limit has no bar, because no more requests can succeed than \
             arrive. Rejected requests are judged against the timeout rate limit. A [[benchmark]] \
             does not record the order of its latencies, so its p95 is judged as if the \
             latencies were independent.",
            section,
        );
        scrolling("budgets", "Figures and their limits", section, |table| {
            let figures = figures(&pairs);
            let mut columns = vec![text("driver and profile"), text("figures")];
            columns.extend(figures.iter().map(|figure| text(title(*figure))));
            columns.push(text("verdict"));
            headings(&columns, table);
            for pair in pairs {
                write_pair(pair, &figures, table);
            }
        });
    });
}

/// Returns the figures that have a column. p99 has a column only if a budget limits it.
fn figures(pairs: &[&ProfileSection<'_>]) -> Vec<Figure> {
    let limited = |pair: &&ProfileSection<'_>, figure: Figure| {
        pair.budget.as_ref().is_some_and(|budget| limit_of(budget, figure.limit()).is_some())
    };
    let is_shown = |figure: &Figure| {
        figure.is_always_shown() || pairs.iter().any(|pair| limited(pair, *figure))
    };
    Figure::ALL.into_iter().filter(is_shown).collect()
}

const fn title(figure: Figure) -> &'static str {
    match figure {
        Figure::P95Latency => "p95 latency, ms",
        Figure::P99Latency => "p99 latency, ms",
        Figure::TimeoutRate => "timeouts, bps",
        Figure::RejectRate => "rejected, bps",
        Figure::RetryRate => "retries, bps",
        Figure::Throughput => "throughput, ops/s",
    }
}

/// Writes one row per benchmark. If there are no benchmarks, writes one row with only the limits.
fn write_pair(pair: &ProfileSection<'_>, figures: &[Figure], table: &mut Markup) {
    table.element("tbody", &[], |body| {
        body.element("tr", &[], |row| {
            let rows = pair.samples.len().max(1).to_string();
            row.element("th", &[("scope", "rowgroup"), ("rowspan", &rows)], |cell| {
                cell.element("span", &[("class", "driver")], |name| name.word(&pair.contract.name));
                cell.text(" ");
                cell.element("span", &[("class", "profile")], |name| {
                    name.word(pair.profile.word());
                });
            });
            match pair.samples.first() {
                Some(sample) => write_sample(pair, sample, figures, row),
                None => write_limits(pair, figures, row),
            }
        });
        for sample in pair.samples.iter().skip(1) {
            body.element("tr", &[], |row| write_sample(pair, sample, figures, row));
        }
    });
}

fn write_sample(
    pair: &ProfileSection<'_>,
    sample: &BenchmarkSection<'_>,
    figures: &[Figure],
    row: &mut Markup,
) {
    row.element("td", &[], |cell| mark_of(sample.is_simulated(), cell));
    for figure in figures.iter().copied() {
        let mut figures = sample.judgement.figures.iter();
        let judged = figures.find(|judged| judged.comparison.figure == figure);
        row.element("td", &[("class", "figure")], |cell| {
            let unit = unit_of(pair);
            match (judged, figure.of(sample.benchmark, unit)) {
                (Some(judged), _) => write_judged(*judged, cell),
                (None, Some(value)) => {
                    cell.text(&figure.shown(value, unit));
                    write_limit(pair, figure, cell);
                }
                (None, None) => cell.text("–"),
            }
        });
    }
    let judgement = &sample.judgement;
    row.element("td", &[("class", "words")], |cell| {
        if let Some(verdict) = judgement.verdict {
            cell.leaf("strong", &[("class", verdict.label())], verdict.label());
            cell.text(" ");
        }
        cell.leaf("span", &[("class", "reason")], &judgement.reason);
    });
}

fn write_limits(pair: &ProfileSection<'_>, figures: &[Figure], row: &mut Markup) {
    row.leaf("td", &[("class", "reason")], "none");
    for figure in figures.iter().copied() {
        row.element("td", &[("class", "figure")], |cell| write_limit(pair, figure, cell));
    }
    row.leaf("td", &[("class", "reason")], "nothing to judge");
}

fn write_limit(pair: &ProfileSection<'_>, figure: Figure, cell: &mut Markup) {
    let limit = pair.budget.as_ref().and_then(|budget| limit_of(budget, figure.limit()));
    if let Some(limit) = limit {
        limit_text(figure, (limit, unit_of(pair)), cell);
    }
}

/// Returns the unit in which the latencies of a driver and profile are shown.
pub(super) fn unit_of(pair: &ProfileSection<'_>) -> LatencyUnit {
    pair.budget.as_ref().map(EffectiveBudget::latency_unit).unwrap_or_default()
}

fn limit_text(figure: Figure, (limit, unit): (u64, LatencyUnit), cell: &mut Markup) {
    let limit = figure.limited_short(limit, unit);
    cell.leaf("span", &[("class", "limit")], &format!(" {limit}"));
}

/// Returns a limit in the unit of its figure, if a scope sets it. A latency is in the unit of the
/// budget.
pub(super) fn limit_of(budget: &EffectiveBudget<'_>, limit: Limit) -> Option<u64> {
    let unit = budget.latency_unit();
    let latency = |set: ScopedValue<'_, LatencyLimit>| unit.of_us(set.value.us());
    match limit {
        Limit::P95Latency => budget.max_p95_latency.map(latency),
        Limit::TimeoutRate => budget.max_timeout_rate_bps.map(|set| set.value.get()),
        Limit::RetryRate => budget.max_retry_rate_bps.map(|set| set.value.get()),
        Limit::Throughput => budget.min_throughput_ops_per_sec.map(|set| set.value.get()),
        Limit::P99Latency => budget.max_p99_latency.map(latency),
    }
}

fn write_judged(judged: FigureVerdict, cell: &mut Markup) {
    let FigureVerdict { comparison, verdict, .. } = judged;
    cell.leaf("strong", &[], &comparison.shown(comparison.value));
    limit_text(comparison.figure, (comparison.limit, comparison.latency_unit), cell);
    // Arrivals do not wait for responses, so a minimum close to the arrival rate is harmless.
    if !(comparison.figure.is_floor() && comparison.holds()) {
        bar::write(comparison, cell);
    }
    let headroom = comparison.headroom_percent().map(factor);
    let (class, words) = match verdict {
        Verdict::Pass => ("room", headroom.unwrap_or_else(|| "unused".to_owned())),
        Verdict::Fail | Verdict::Inconclusive => {
            let headroom = headroom.map(|headroom| headroom + ", ").unwrap_or_default();
            (verdict.label(), headroom + verdict.label())
        }
    };
    cell.leaf("span", &[("class", class)], &words);
}
