//! Reads the output of `kafka-producer-perf-test`.
//!
//! The last line about records contains the percentiles. With `--warmup-records`, a steady-state
//! line follows and is used instead. Numbers have the locale's decimal separator. `--print-metrics`
//! adds retries and failed sends. Before version 3.5, the lines about records count failed sends as
//! sent.

mod failures;
mod metric;

use rust_decimal::Decimal;

use self::{failures::Failures, metric::metric};
use super::{
    ImportOptions,
    error::ImportRefusal,
    given::TimeUnit,
    json::Time,
    number::{decimal, part, throughput},
    run::{Percentiles, ToolRun},
    text::{LineWord, lines, utf8, words},
};

const RETRIES: &str = "producer-metrics:record-retry-total:";
const VERSION: &str = "app-info:version:";
/// The first Apache and Confluent versions that do not count failed sends as sent.
const COUNTS_SENT: [(u64, u64); 2] = [(3, 5), (7, 5)];
/// The first version of Confluent's numbering, which corresponds to Apache 2.
const CONFLUENT: u64 = 5;
/// The start of the line that announces a steady-state line.
const WARM_UP: &str = "Warmup first ";

/// A line with percentiles.
struct Total {
    steady: bool,
    records: u64,
    records_per_second: Decimal,
    percentiles: Percentiles,
}

pub(super) fn run(bytes: &[u8], given: &mut ImportOptions) -> Result<ToolRun, ImportRefusal> {
    let text = utf8(bytes)?;
    let total = total(text)?;
    let Some(batch) = given.records_per_request.take().filter(|batch| *batch > 0) else {
        return Err(ImportRefusal::new(
            "the file counts records, but a contract counts operations",
        )
        .help("give `--records-per-request N`, which is 1 if an operation sends one record")
        .file(0));
    };
    let version = version(text);
    let failures = failures::read(text)?;
    let counts_sent = total.steady || version.as_deref().is_some_and(counts_sent);
    let records = total.sent(&failures, counts_sent)?;
    let mut run = ToolRun::new(total.percentiles);
    // At most the true number of requests, so that the rates are not too low.
    run.requests = Some(records / batch);
    let rate = part(total.records_per_second, records, total.records);
    let rate = rate.and_then(|rate| rate.checked_div(Decimal::from(batch)));
    run.throughput = Some(throughput(rate)?);
    run.retries = metric(text, RETRIES)?.map(|records| records.div_ceil(batch));
    run.version = version;
    run.load_loop = given.load_loop.take();
    if failures.records > 0 {
        let failed = failures.records.div_ceil(batch);
        run.failures = Some(failed);
        run.operations = Some((records / batch).saturating_add(failed));
    }
    run.certain_timeouts =
        failures.timeouts.map(|(records, reason)| (records.div_ceil(batch), reason));
    if records < total.records {
        let failed = failures.records;
        run.notes
            .push(format!("The percentiles cover all records, including {failed} that failed."));
    }
    if total.steady {
        run.notes.push("The figures exclude the records of the warm-up.".to_owned());
    }
    Ok(run)
}

/// Returns true if this version, such as `3.7.0`, does not count failed sends as sent.
fn counts_sent(version: &str) -> bool {
    let mut numbers = version.split(|character: char| !character.is_ascii_digit()).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => {
            (major, minor) >= COUNTS_SENT[usize::from(major >= CONFLUENT)]
        }
        _ => false,
    }
}

impl Total {
    /// Returns the number of sent records, without failed sends.
    fn sent(&self, failures: &Failures, counts_sent: bool) -> Result<u64, ImportRefusal> {
        let failed = if counts_sent { 0 } else { failures.records };
        match self.records.checked_sub(failed).filter(|sent| *sent > 0) {
            Some(sent) => Ok(sent),
            None if failed == 0 => Err(ImportRefusal::new("no record was sent").file(0)),
            None => {
                let message = format!(
                    "{failed} sends failed. Versions before 3.5 count them as sent, so none of \
                     the {} records is left",
                    self.records
                );
                Err(ImportRefusal::new(message).help("import a run with successful sends").file(0))
            }
        }
    }
}

/// Returns the last line with percentiles. The first line with percentiles covers all records. A
/// second line, which covers only the steady state, can follow.
fn total(text: &str) -> Result<Total, ImportRefusal> {
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
            let refusal = ImportRefusal::new("the file has the output of several runs");
            Err(refusal.help("keep the output of one run").file(0).at(line, 1))
        }
        (Some((line, _)), _) if missing => {
            let message = "the steady-state line is missing: the output was cut off";
            Err(ImportRefusal::shape(message).at(line, 1))
        }
        (Some((_, total)), _) => Ok(total),
        (None, Some(line)) => {
            let message = "the interval lines have no percentiles, and the summary line is missing";
            Err(ImportRefusal::shape(message).at(line, 1))
        }
        (None, None) => Err(ImportRefusal::shape("there is no line with `records sent`")),
    }
}

fn read_total(number: usize, line: &str) -> Result<Total, ImportRefusal> {
    let words: Vec<_> = words(number, line, None).collect();
    let place = |label: &[&str]| {
        words.windows(label.len()).position(|window| {
            window.iter().zip(label).all(|(word, label)| word.text.trim_end_matches(',') == *label)
        })
    };
    let before = |label: &[&str]| {
        let word = place(label).and_then(|place| place.checked_sub(1)).map(|place| words[place]);
        let missing =
            || ImportRefusal::shape(format!("expected a number before `{}`", label.join(" ")));
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
        return Err(
            ImportRefusal::shape("the line ends before `99.9th.`").at(number, line.len() + 1)
        );
    }
    let percentiles = Percentiles::of(ms("50th")?, ms("95th")?, TimeUnit::Milliseconds)?
        .with_p99(ms("99th").ok().map(Time::Figure), TimeUnit::Milliseconds);
    Ok(Total {
        steady: steady.is_some(),
        records: records.whole("a number of records")?,
        records_per_second: fraction(before(&["records/sec"])?)?,
        percentiles,
    })
}

/// Parses a number with a decimal point or comma. Refuses a comma that could be a thousands
/// separator.
fn fraction(word: LineWord<'_>) -> Result<Decimal, ImportRefusal> {
    let text = word.text;
    if let Some((_, rest)) = text.split_once(',')
        && rest.len() == 3
    {
        let message = format!(
            "`{text}` can be {} or {}, because its comma can mark decimals or thousands",
            text.replace(',', "."),
            text.replace(',', "")
        );
        let help = "run the tool with `LC_ALL=C`, which uses a decimal point";
        let mut refusal = word.refused(message).help(help);
        refusal.shape = false;
        return Err(refusal);
    }
    decimal(&text.replace(',', "."))
        .ok_or_else(|| word.refused(format!("expected a number, found `{text}`")))
}

fn version(text: &str) -> Option<String> {
    let (_, line) = lines(text).find(|(_, line)| line.trim_start().starts_with(VERSION))?;
    line.split_whitespace().last().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_before_3_5_count_failed_sends_as_sent() {
        for version in ["3.4.1", "2.2.0-cp2", "7.4.0-ccs", "6.2.1-ce", "unknown", "", "3"] {
            assert!(!counts_sent(version), "{version}");
        }
        for version in ["3.5.0", "3.10.0", "4.1.0", "7.5.0-ccs", "8.0.0-ce"] {
            assert!(counts_sent(version), "{version}");
        }
    }
}
