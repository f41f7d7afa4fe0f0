//! Combines a run and the options into a benchmark.

use sha2::{Digest, Sha256};

use super::{
    ImportOptions, Imported, MeasuredDriver, Output, Tool, contradiction,
    error::ImportRefusal,
    given::{at_most_one, exactly_one},
    number::bounded,
    run::{Percentiles, ToolRun},
};
use crate::model::{
    BasisPoints, Benchmark, BenchmarkLatency, ContractDigest, DurationMs, Name, OpsPerSec,
};

/// The number of digits of a file's hash that are recorded.
const HASH_DIGITS: usize = 16;

/// The comment for a benchmark that lacks p99 although the budget limits p99.
const WITHOUT_P99: &str =
    "The file has no 99th percentile, so `driverc budget` judges the p99 limit inconclusive.";

/// Returns the comment for a benchmark in which a percentile has no upper bound.
fn correlated_note(percent: u64) -> String {
    format!(
        "Neighbouring batches of latencies are correlated, so p{percent} has no upper bound, and \
         `driverc budget` judges it inconclusive. `source` says how long a run must be."
    )
}

/// Returns p99 and its upper bound, if they are needed and the file has them.
fn p99(run: &ToolRun, needed: bool) -> Result<[Option<BenchmarkLatency>; 2], ImportRefusal> {
    let Percentiles { p95, p99, p99_upper, .. } = run.percentiles;
    let Some(p99) = p99.filter(|_| needed) else { return Ok([None, None]) };
    if p99 < p95 {
        let message = format!("the 95th percentile, {p95}, is above the 99th percentile, {p99}");
        return Err(ImportRefusal::new(message).file(0));
    }
    Ok([Some(p99), p99_upper])
}

pub(super) fn of(
    tool: Tool,
    outputs: &[Output<'_>],
    subject: &MeasuredDriver,
    run: ToolRun,
    mut given: ImportOptions,
) -> Result<Imported<Benchmark>, ImportRefusal> {
    let flag = given.duration_ms.take();
    let duration_ms = at_most_one(run.duration_ms, flag, "the duration", "--duration")?;
    let throughput = throughput(tool, &run, (duration_ms, flag), &mut given)?;
    let (attempts, timeouts, retries) = attempts(&run, &mut given)?;
    contradiction::of_retries(&run, attempts, retries)?;
    contradiction::of_timeouts(tool.counts_every_failure(), &run, timeouts, retries)?;
    let failure_rate_bps = failure_rate(&run)?;
    let load_loop = given.load_loop.take();
    let load_loop = at_most_one(run.load_loop, load_loop, "the kind of load", "--loop")?;
    let unit = given.latency_unit;
    let stated = |latency: BenchmarkLatency| latency.stated_in(unit);
    let [p99, p99_upper] = p99(&run, given.p99)?.map(|latency| latency.map(stated));
    let version = given.tool_version.take();
    let version = at_most_one(run.version, version, "the tool's version", "--tool-version")?;
    given.finish(tool.label())?;
    let p99_times = run.p99_times_needed.filter(|_| p99.is_some());
    let correlated = [(95, run.times_needed), (99, p99_times)];
    let correlated = correlated.into_iter().filter_map(|(percent, times)| Some((percent, times?)));
    let mut notes = run.notes;
    notes.extend(correlated.clone().map(|(percent, _)| correlated_note(percent)));
    if given.p99 && p99.is_none() {
        notes.push(WITHOUT_P99.to_owned());
    }
    let correlated =
        correlated.map(|(percent, times)| Benchmark::correlated(percent, times)).collect();
    let value = Benchmark {
        driver: subject.driver.clone(),
        profile: subject.profile,
        p50_latency: stated(run.percentiles.p50),
        p95_latency: stated(run.percentiles.p95),
        timeout_rate_bps: rate((timeouts, "timeouts"), (attempts, "attempts"))?,
        retry_rate_bps: rate((retries, "retries"), (attempts, "attempts"))?,
        throughput_ops_per_sec: throughput,
        attempts: Some(bounded(Some(attempts), "the number of attempts")?),
        requests: run.requests.map(|number| bounded(Some(number), "requests")).transpose()?,
        p95_upper_latency: run.percentiles.p95_upper.map(stated),
        p99_latency: p99,
        p99_upper_latency: p99_upper,
        reject_rate_bps: None,
        failure_rate_bps,
        duration_ms,
        load_loop,
        source: Some(source(
            run.author.unwrap_or(tool.label()),
            outputs,
            (version, correlated),
            &given,
        )?),
        measured_on: given.measured_on,
        contract: given.contract,
    };
    Ok(Imported { value, notes })
}

/// Returns the throughput from the file or the option, or computes it from the operations and the
/// duration.
fn throughput(
    tool: Tool,
    run: &ToolRun,
    (duration_ms, flag): (Option<DurationMs>, Option<DurationMs>),
    given: &mut ImportOptions,
) -> Result<OpsPerSec, ImportRefusal> {
    let what = "the throughput of successful operations";
    let given = given.throughput.take();
    if let Some(throughput) = at_most_one(run.throughput, given, what, "--throughput")? {
        let most = run.requests.or(run.operations);
        let counted = most.map(|most| (run.requests.unwrap_or(0), most));
        if let Some((counted, flag)) = counted.zip(flag).filter(|_| tool.counts_elapsed_time()) {
            let which = if given.is_some() { "--throughput" } else { "--duration" };
            contradiction::of_rate(counted, flag, throughput, which)?;
        }
        return Ok(throughput);
    }
    let Some((requests, duration)) = run.requests.zip(duration_ms) else {
        let help = match run.requests {
            Some(_) => "give `--duration`, or `--throughput`",
            None => "give `--throughput`",
        };
        return Err(ImportRefusal::new(format!("the file does not record {what}"))
            .help(help)
            .file(0));
    };
    let rate = u128::from(requests) * 1000 / u128::from(duration.get());
    bounded(u64::try_from(rate).ok(), "the throughput")
}

/// Returns the number of attempts, the number of timeouts and the number of retries.
fn attempts(run: &ToolRun, given: &mut ImportOptions) -> Result<(u64, u64, u64), ImportRefusal> {
    let timeouts = timeouts(run, given.timeouts.take())?;
    let flag = given.retries.take();
    let retries = exactly_one(run.retries, flag, "the number of retries", "--retries")?;
    let told = given.attempts.take();
    if run.operations.is_some() && told.is_some() {
        return Err(ImportRefusal::new("the file already records the number of operations")
            .help("leave out `--attempts`")
            .file(0));
    }
    let begun = run.operations.or(run.requests);
    let least = begun.map(|begun| begun.saturating_add(retries));
    let attempts = match (told, least) {
        (Some(told), Some(least)) if told < least => {
            return Err(ImportRefusal::new(format!(
                "`--attempts {told}` is less than the {least} requests and retries"
            )));
        }
        (Some(attempts), _) | (None, Some(attempts)) => attempts,
        (None, None) => {
            return Err(ImportRefusal::new("the file does not record the number of attempts")
                .help("give `--attempts`")
                .file(0));
        }
    };
    Ok((attempts, timeouts, retries))
}

/// Returns the number of timeouts from the file, or the given number, which must not be below the
/// number that the file shows.
fn timeouts(run: &ToolRun, flag: Option<u64>) -> Result<u64, ImportRefusal> {
    let reported = run.timeouts.filter(|_| !run.more_timeouts || flag.is_none());
    let timeouts = exactly_one(reported, flag, "the number of timeouts", "--timeouts")?;
    match &run.certain_timeouts {
        Some((certain, reason)) if timeouts < *certain => {
            let message = format!("`--timeouts {timeouts}` contradicts the file: {reason}");
            let help = format!("set `--timeouts` to at least {certain}");
            Err(ImportRefusal::new(message).help(help).file(0))
        }
        _ => Ok(timeouts),
    }
}

/// Returns the share of failed operations, if it is known.
fn failure_rate(run: &ToolRun) -> Result<Option<BasisPoints>, ImportRefusal> {
    let Some((failures, operations)) = run.failures.zip(run.operations) else { return Ok(None) };
    rate((failures, "failures"), (operations, "operations")).map(Some)
}

/// Returns a share in basis points, rounded up.
fn rate(
    (number, what): (u64, &str),
    (whole, of): (u64, &str),
) -> Result<BasisPoints, ImportRefusal> {
    if number > whole {
        return Err(ImportRefusal::new(format!("{number} {what} are more than the {whole} {of}")));
    }
    let bps = (u128::from(number) * 10_000).div_ceil(u128::from(whole.max(1)));
    bounded(u64::try_from(bps).ok(), what)
}

/// Returns the tool with its version, the text of `--source`, and the start of the files' hash.
fn source(
    author: &str,
    outputs: &[Output<'_>],
    (version, correlated): (Option<String>, Vec<String>),
    given: &ImportOptions,
) -> Result<Name, ImportRefusal> {
    let tool = version.map_or(author.to_owned(), |version| format!("{author} {version}"));
    let mut parts = vec![tool];
    parts.extend(given.source.as_ref().map(Name::to_string));
    parts.push(hash(outputs));
    parts.extend(correlated);
    let text = parts.join(", ");
    Name::new(&text).map_err(|error| {
        ImportRefusal::new(format!("the source `{text}` {error}")).help("shorten `--source`")
    })
}

/// Returns the start of the SHA-256 digest of all files, concatenated.
pub(super) fn hash(outputs: &[Output<'_>]) -> String {
    let mut digest = Sha256::new();
    for output in outputs {
        digest.update(output.bytes);
    }
    let mut text = ContractDigest(digest.finalize().into()).to_string();
    text.truncate(text.find(':').map_or(0, |colon| colon + 1) + HASH_DIGITS);
    text
}
