//! Reads `oha --output-format json`, with times in seconds.
//!
//! The percentiles cover all responses, regardless of status. `--stats-success-breakdown` adds the
//! percentiles of successful responses. The error `aborted due to deadline` means that the end of
//! the run cut off the request. Such a request neither failed nor succeeded, and no percentile
//! includes it. Timeout errors have many messages: from oha itself, the name server, QUIC and the
//! operating system.

use serde::Deserialize;

use super::{
    ImportOptions,
    error::ImportRefusal,
    given::TimeUnit,
    http::{successes, sum},
    json::{self, JsonCounts, JsonNumber, Time},
    number::{capped, duration, part, throughput},
    run::{Percentiles, ToolRun},
    timeout::{CUT_OFF, counted, is_timeout, reason, timed_out_answers},
};

/// The error text of a request that took longer than `-t`.
const TIMEOUT: &str = "timeout";
/// The percentage of requests without a latency from which p95 is unknown, because one of these
/// requests could be the 95th percentile.
const UNKNOWN_PERCENT: u64 = 5;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    summary: Summary,
    metrics: Option<Metrics>,
    latency_percentiles: Option<Points>,
    latency_percentiles_successful: Option<Points>,
    status_code_distribution: JsonCounts,
    error_distribution: JsonCounts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    total: Time,
    requests_per_sec: JsonNumber,
}

#[derive(Deserialize)]
struct Metrics {
    latency_ms: Option<Points>,
}

#[derive(Clone, Copy, Deserialize)]
struct Points {
    // Null without a response.
    p50: Option<Time>,
    p95: Option<Time>,
    p99: Option<Time>,
}

pub(super) fn run(bytes: &[u8], given: &mut ImportOptions) -> Result<ToolRun, ImportRefusal> {
    let report: Report = json::read(bytes)?;
    let answers = sum(&report.status_code_distribution, |_| true);
    let succeeded = successes(&report.status_code_distribution);
    if succeeded == 0 {
        return Err(ImportRefusal::new("no request succeeded").path("statusCodeDistribution"));
    }
    let errors = sum(&report.error_distribution, |text| text != CUT_OFF);
    let cut_off = sum(&report.error_distribution, |text| text == CUT_OFF);
    let operations = answers.saturating_add(errors);
    let all = operations.saturating_add(cut_off);
    let (percentiles, of_successes) = percentiles(&report)?;
    let note = cut_off_note(cut_off, if of_successes { succeeded } else { answers })?;
    let mut run = ToolRun::new(percentiles);
    if note.is_some() {
        // The requests that were cut off can be among the slowest 1%.
        run.percentiles.p99 = None;
    }
    run.requests = Some(succeeded);
    run.operations = Some(operations);
    run.failures = Some(operations - succeeded);
    add_timeouts(&report, &mut run);
    if given.timeouts.is_none() {
        run.notes.extend(unclear_note(&report.error_distribution));
    }
    let ns = report.summary.total.ns(TimeUnit::Seconds);
    let rate = part(report.summary.requests_per_sec.0, succeeded, all);
    run.throughput = Some(throughput(capped(rate, succeeded, ns))?);
    run.duration_ms = Some(duration(ns)?);
    run.load_loop = given.load_loop.take();
    run.notes.extend(note);
    let unsuccessful = answers - succeeded;
    if unsuccessful > 0 && !of_successes {
        run.notes.push(format!(
            "The percentiles cover all responses, including {unsuccessful} failed responses."
        ));
    }
    Ok(run)
}

/// Returns the note about requests that were cut off by the end of the run. Refuses the run if
/// these requests might be the slowest 5%.
fn cut_off_note(cut_off: u64, measured: u64) -> Result<Option<String>, ImportRefusal> {
    if cut_off == 0 {
        return Ok(None);
    }
    let all = measured.saturating_add(cut_off);
    if u128::from(cut_off) * 100 >= u128::from(all) * u128::from(UNKNOWN_PERCENT) {
        let message = format!(
            "the end of the run cut off {cut_off} of {all} requests, {UNKNOWN_PERCENT}% or more, so \
             p95 is not known"
        );
        let help = "run oha with `--wait-ongoing-requests-after-deadline`, or longer";
        return Err(ImportRefusal::new(message).help(help).path("errorDistribution"));
    }
    Ok(Some(format!(
        "The end of the run cut off {cut_off} requests. Their latencies are not in the \
         percentiles, so p95 can be higher."
    )))
}

/// Adds the timeouts that errors and statuses report. Other errors might be timeouts too.
fn add_timeouts(report: &Report, run: &mut ToolRun) {
    let (errors, statuses) = (&report.error_distribution, &report.status_code_distribution);
    let answers = timed_out_answers(statuses);
    let timeouts = sum(errors, is_timeout).saturating_add(answers);
    let is_unclear = |text: &str| text != TIMEOUT && text != CUT_OFF;
    run.timeouts = Some(timeouts);
    run.more_timeouts = answers > 0 || sum(errors, is_unclear) > 0;
    let reason = reason((errors, "errorDistribution"), (statuses, "statusCodeDistribution"));
    run.certain_timeouts = reason.map(|reason| (timeouts, counted(timeouts, &reason)));
}

/// Returns the note about errors whose text is not a known timeout.
fn unclear_note(errors: &JsonCounts) -> Option<String> {
    let is_unclear = |text: &str| text != CUT_OFF && !is_timeout(text);
    let number = sum(errors, is_unclear);
    let (text, _) = errors.iter().find(|(text, number)| number.0 > 0 && is_unclear(text))?;
    Some(format!(
        "{number} errors, such as {text:?}, count as failures, not as timeouts. If some are \
         timeouts, give the total number of timeouts with `--timeouts`."
    ))
}

/// Returns the percentiles of successful responses and `true` if the file has them, or else the
/// percentiles of all responses and `false`.
fn percentiles(report: &Report) -> Result<(Percentiles, bool), ImportRefusal> {
    let in_ms = report.metrics.as_ref().and_then(|metrics| metrics.latency_ms);
    let all = [
        (report.latency_percentiles_successful, TimeUnit::Seconds, true),
        (in_ms, TimeUnit::Milliseconds, false),
        (report.latency_percentiles, TimeUnit::Seconds, false),
    ];
    let complete = all.iter().find_map(|(points, unit, of_successes)| {
        let Points { p50, p95, p99 } = (*points)?;
        Some((p50?, p95?, p99, *unit, *of_successes))
    });
    let Some((p50, p95, p99, unit, of_successes)) = complete else {
        return Err(
            ImportRefusal::shape("there is no `p50` or no `p95`").path("latencyPercentiles")
        );
    };
    Ok((Percentiles::of_times(p50, p95, unit)?.with_p99(p99, unit), of_successes))
}
