//! Reads the figures that wrk2 prints before and after its histogram.
//!
//! The histogram starts after ten seconds of calibration, so it has fewer values than there are
//! requests. wrk2 prints an error line only if there are errors. wrk2 counts a request several
//! times if the request waits for a long time, so the number of timeouts can be too high, but not
//! too low.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::import::{
    error::ImportRefusal,
    number::{bounded, decimal, part, throughput},
    run::ToolRun,
    text::lines,
};

/// The percentage by which the rate can exceed the number of requests divided by the time. The time
/// has only three digits.
const ROUNDED_PERCENT: u64 = 5;

/// The figures after the histogram.
struct Summary {
    requests: u64,
    ms: u64,
    per_second: Decimal,
    /// Responses that are not successful.
    refused: u64,
    /// Errors while connecting, reading or writing.
    errors: u64,
    timeouts: u64,
}

/// Adds the figures after a histogram with this number of values, if there are any.
pub(super) fn add(text: &str, values: u64, run: &mut ToolRun) -> Result<(), ImportRefusal> {
    let Some(summary) = read(text, values)? else { return Ok(()) };
    let operations = summary.requests.saturating_add(summary.errors);
    let operations = operations.saturating_add(summary.timeouts);
    let succeeded = summary.requests - summary.refused;
    run.operations = Some(operations);
    run.failures = Some(operations - succeeded);
    run.timeouts = Some(summary.timeouts);
    // A failed response can come from a gateway that timed out, and a connection can time out.
    run.more_timeouts = summary.refused > 0 || summary.errors > 0;
    run.certain_timeouts = (summary.timeouts > 0)
        .then(|| (summary.timeouts, format!("it counts {} timeouts", summary.timeouts)));
    run.throughput = Some(throughput(part(summary.per_second, succeeded, summary.requests))?);
    run.duration_ms = Some(bounded(Some(summary.ms), "the duration of the run in milliseconds")?);
    if summary.refused > 0 {
        let refused = summary.refused;
        run.notes.push(format!(
            "The percentiles cover all responses, including {refused} failed responses."
        ));
    }
    Ok(())
}

/// Returns the requests per 1000 seconds, rounded up, and the duration in milliseconds.
pub(super) fn load(text: &str, values: u64) -> Result<Option<(u64, u64)>, ImportRefusal> {
    let Some(summary) = read(text, values)? else { return Ok(None) };
    let rate = summary.per_second.checked_mul(Decimal::from(1000));
    let rate = rate.and_then(|rate| rate.ceil().to_u64());
    let rate = rate.ok_or_else(|| ImportRefusal::new("the rate is not a valid number").file(0))?;
    Ok(Some((rate, summary.ms)))
}

fn read(text: &str, values: u64) -> Result<Option<Summary>, ImportRefusal> {
    let found = lines(text).find(|(_, line)| line.contains(" requests in "));
    let Some((number, line)) = found else { return Ok(None) };
    let wrong = |message: &str| ImportRefusal::shape(message).at(number, 1);
    let mut words = line.split_whitespace();
    let requests = words.next().and_then(|word| word.parse().ok());
    let requests = requests.filter(|requests: &u64| *requests > 0);
    let requests = requests.ok_or_else(|| wrong("expected a number of requests"))?;
    if requests < values {
        let message = format!("{requests} requests cannot have {values} latencies");
        return Err(contradictory(message, number));
    }
    let ms = words.nth(2).and_then(millis);
    let ms = ms.ok_or_else(|| wrong("expected a time such as `30.01s`"))?;
    let per_second = after(text, "Requests/sec:").and_then(decimal);
    let per_second =
        per_second.ok_or_else(|| wrong("there is no `Requests/sec:`: the file was cut off"))?;
    if is_faster(per_second, requests, ms) {
        let message = format!(
            "{per_second} requests per second is more than {requests} requests in this time"
        );
        return Err(contradictory(message, number));
    }
    let count = |label| after(text, label).map_or(Some(0), |word| word.parse().ok());
    let refused = count("Non-2xx or 3xx responses:");
    let refused = refused.filter(|refused| *refused < requests);
    let refused = refused.ok_or_else(|| wrong("no request succeeded"))?;
    let (errors, timeouts) = errors(text).ok_or_else(|| wrong("expected numbers of errors"))?;
    Ok(Some(Summary { requests, ms, per_second, refused, errors, timeouts }))
}

fn contradictory(message: String, line: usize) -> ImportRefusal {
    let help = "import the complete output of one run, unchanged";
    ImportRefusal::new(message).help(help).file(0).at(line, 1)
}

/// Returns true if the rate exceeds the number of requests divided by the time by more than
/// rounding explains.
fn is_faster(per_second: Decimal, requests: u64, ms: u64) -> bool {
    let most = Decimal::from(requests).checked_add(Decimal::ONE);
    let most = most.and_then(|most| most.checked_mul(Decimal::from(1000 + 10 * ROUNDED_PERCENT)));
    let counted = per_second.checked_mul(Decimal::from(ms));
    counted.zip(most).is_none_or(|(counted, most)| counted > most)
}

/// Returns the number of all errors except timeouts, and the number of timeouts, from
/// `connect 0, read 0, write 0, timeout 12`.
fn errors(text: &str) -> Option<(u64, u64)> {
    let Some((_, line)) = lines(text).find(|(_, line)| line.contains("Socket errors:")) else {
        return Some((0, 0));
    };
    let (_, list) = line.split_once("errors:")?;
    let mut errors = 0_u64;
    let mut timeouts = 0;
    for entry in list.split(',') {
        let (name, number) = entry.trim().split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        match name {
            "timeout" => timeouts = number,
            _ => errors = errors.saturating_add(number),
        }
    }
    Some((errors, timeouts))
}

/// Returns the first word after a label.
fn after<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let (_, line) = lines(text).find(|(_, line)| line.trim_start().starts_with(label))?;
    line.split_once(label)?.1.split_whitespace().next()
}

/// Converts `30.01s`, `1.50m` or `500.00ms,` to milliseconds, rounded up.
fn millis(word: &str) -> Option<u64> {
    let word = word.trim_end_matches(',');
    let unit =
        word.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    let ms = match unit {
        "us" => Decimal::new(1, 3),
        "ms" => Decimal::ONE,
        "s" => Decimal::from(1000),
        "m" => Decimal::from(60_000),
        "h" => Decimal::from(3_600_000),
        _ => return None,
    };
    let number = decimal(word.strip_suffix(unit)?)?;
    number.checked_mul(ms)?.ceil().to_u64().filter(|ms| *ms > 0)
}
