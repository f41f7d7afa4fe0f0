//! What `kafka-producer-perf-test` prints.
//!
//! The last line of records has the percentiles; with `--warmup-records` a line of the steady state
//! follows it, which is taken. The numbers have the separator of the locale. Records that could not
//! be sent are not counted, only their stack traces are there. `--print-metrics` has the retries.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{
    Given,
    error::Refusal,
    given::TimeUnit,
    number::{decimal, throughput},
    run::{Percentiles, Run},
    text::{Word, lines, utf8, words},
};

const RETRIES: &str = "producer-metrics:record-retry-total:";
const VERSION: &str = "app-info:version:";
/// The start of the line that announces a line of the steady state.
const WARM_UP: &str = "Warmup first ";

/// One line with percentiles.
struct Total {
    steady: bool,
    records: u64,
    records_per_second: Decimal,
    percentiles: Percentiles,
}

pub(super) fn run(bytes: &[u8], given: &mut Given) -> Result<Run, Refusal> {
    let text = utf8(bytes)?;
    let total = total(text)?;
    let Some(batch) = given.records_per_request.take().filter(|batch| *batch > 0) else {
        return Err(Refusal::new("the file counts records, a contract counts operations")
            .help("give `--records-per-request N`, 1 where an operation sends one record")
            .file(0));
    };
    let mut run = Run::new(total.percentiles);
    // Fewer requests than there may have been, so that the rates come out no lower.
    run.requests = Some(total.records / batch);
    run.throughput = Some(throughput(total.records_per_second.checked_div(Decimal::from(batch)))?);
    run.retries = metric(text, RETRIES)?.map(|records| records.div_ceil(batch));
    run.version = version(text);
    run.load_loop = given.load_loop.take();
    let timeouts = text.matches("TimeoutException").count();
    if timeouts > 0 {
        let reason = "there is a `TimeoutException` in it".to_owned();
        run.certain_timeouts = Some((1, reason));
    }
    if total.steady {
        run.notes.push("The records of the warm-up are left out.".to_owned());
    }
    Ok(run)
}

/// The last line with percentiles, of which there is one for all records and perhaps one for the
/// steady state.
fn total(text: &str) -> Result<Total, Refusal> {
    let sent = |line: &str| line.contains(" records sent, ");
    let mut totals = Vec::new();
    let mut interval = None;
    for (number, line) in lines(text).filter(|(_, line)| sent(line)) {
        if line.contains("ms 95th") {
            totals.push((number, read_total(number, line)?));
        } else {
            interval = Some(number);
        }
    }
    let steady = totals.iter().filter(|(_, total)| total.steady).count();
    let several = totals.len() > 2 || totals.len() == 2 && steady != 1;
    let missing = text.contains(WARM_UP) && steady == 0;
    match (totals.pop(), interval) {
        (Some((line, _)), interval) if several || interval.is_some_and(|other| other > line) => {
            let refusal = Refusal::new("there is the output of several runs");
            Err(refusal.help("keep that of one run").file(0).at(line, 1))
        }
        (Some((line, _)), _) if missing => {
            let message = "the line of the steady state is missing: the output was cut off";
            Err(Refusal::shape(message).at(line, 1))
        }
        (Some((_, total)), _) => Ok(total),
        (None, Some(line)) => {
            let message =
                "the lines of intervals have no percentiles, and the last line is missing";
            Err(Refusal::shape(message).at(line, 1))
        }
        (None, None) => Err(Refusal::shape("there is no line with `records sent`")),
    }
}

fn read_total(number: usize, line: &str) -> Result<Total, Refusal> {
    let words: Vec<_> = words(number, line, false).collect();
    let place = |label: &[&str]| {
        words.windows(label.len()).position(|window| {
            window.iter().zip(label).all(|(word, label)| word.text.trim_end_matches(',') == *label)
        })
    };
    let before = |label: &[&str]| {
        let word = place(label).and_then(|place| place.checked_sub(1)).map(|place| words[place]);
        let missing = || Refusal::shape(format!("expected a number before `{}`", label.join(" ")));
        word.ok_or_else(|| missing().at(number, 1))
    };
    let steady = place(&["steady", "state", "records", "sent"]);
    let records = match steady {
        Some(_) => before(&["steady", "state", "records", "sent"])?,
        None => before(&["records", "sent"])?,
    };
    let ms = |label: &str| {
        let word = before(&["ms", label])?;
        word.whole("milliseconds").map(Decimal::from)
    };
    if !line.trim_end().ends_with("99.9th.") {
        return Err(Refusal::shape("the line ends before `99.9th.`").at(number, line.len() + 1));
    }
    let percentiles = Percentiles::of(ms("50th")?, ms("95th")?, TimeUnit::Milliseconds)?;
    Ok(Total {
        steady: steady.is_some(),
        records: records.whole("a number of records")?,
        records_per_second: fraction(before(&["records/sec"])?)?,
        percentiles,
    })
}

/// A number with a fraction behind a point, or behind a comma.
fn fraction(word: Word<'_>) -> Result<Decimal, Refusal> {
    decimal(&word.text.replace(',', "."))
        .ok_or_else(|| word.refused(format!("expected a number, found `{}`", word.text)))
}

/// A metric of the producer that counts, if it is printed.
fn metric(text: &str, name: &str) -> Result<Option<u64>, Refusal> {
    let found = lines(text).find(|(_, line)| line.trim_start().starts_with(name));
    let Some((number, line)) = found else { return Ok(None) };
    let Some(value) = words(number, line, false).last() else { return Ok(None) };
    let count = fraction(value)?.ceil().to_u64();
    count.map(Some).ok_or_else(|| value.refused("this is no number of records"))
}

fn version(text: &str) -> Option<String> {
    let (_, line) = lines(text).find(|(_, line)| line.trim_start().starts_with(VERSION))?;
    line.split_whitespace().last().map(str::to_owned)
}
