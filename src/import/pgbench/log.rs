//! Reads the lines of `pgbench -l`.

use std::collections::BTreeMap;

use crate::{
    import::{
        Output,
        error::ImportRefusal,
        text::{LineWord, lines, utf8, words},
    },
    model::LoadLoop,
};

/// A number that is higher than the number of any client and lower than the start of any interval.
const MOST_CLIENTS: u64 = 1_000_000;
/// Eleven centuries, in microseconds. A longer time is not a measurement, and sums of shorter times
/// do not overflow.
const LONGEST_US: u64 = 1 << 55;

/// The beginnings of the lines of a report. A file can contain only some of the lines.
const REPORT: [&str; 14] = [
    "pgbench (",
    "starting vacuum",
    "transaction type:",
    "scaling factor:",
    "query mode:",
    "number of clients:",
    "number of threads:",
    "number of transactions",
    "maximum number of tries:",
    "duration:",
    "latency average",
    "latency stddev",
    "initial connection time",
    "tps = ",
];

/// All transactions of a run.
#[derive(Debug)]
pub(super) struct TransactionLog {
    pub(super) rows: Vec<LogRow>,
    pub(super) load_loop: LoadLoop,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct LogRow {
    pub(super) end: End,
    /// The end of the transaction, in microseconds since 1970.
    pub(super) completed_us: u64,
    /// The delay of the start relative to the schedule.
    pub(super) lag_us: u64,
    retries: u64,
}

/// The result of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Success {
        time_us: u64,
    },
    /// The transaction failed with an error.
    Failed,
    /// The transaction did not start, because it waited longer than the limit of `-L`.
    Skipped,
}

/// The meaning of the columns after the sixth.
#[derive(Clone, Copy)]
struct Columns {
    number: usize,
    lag: bool,
    retries: bool,
}

pub(super) fn read(
    outputs: &[Output<'_>],
    given: Option<LoadLoop>,
) -> Result<TransactionLog, ImportRefusal> {
    let mut rows = Vec::new();
    let mut columns = None;
    let mut last = BTreeMap::new();
    for (file, output) in outputs.iter().enumerate() {
        read_file(output.bytes, given, &mut columns, &mut last, &mut rows)
            .map_err(|refusal| refusal.file(file))?;
    }
    let Some(columns) = columns else {
        let message = if outputs.len() == 1 {
            "the file is empty"
        } else {
            "the logs of all threads are empty"
        };
        return Err(ImportRefusal::shape(message));
    };
    // The log of a thread is empty if its clients did nothing.
    let idle_threads = outputs.iter().any(|output| output.bytes.is_empty());
    if !idle_threads && let Some(absent) = absent(&last, columns.lag) {
        let message = format!("there is no transaction of client {absent}");
        return Err(ImportRefusal::new(message).help("name the files of all threads").file(0));
    }
    let load_loop = if columns.lag { LoadLoop::Open } else { LoadLoop::Closed };
    Ok(TransactionLog { rows, load_loop })
}

/// Returns a client whose transactions are missing, based on the last transaction of each client.
///
/// In an open loop, the clients of a thread take turns. A client without a turn therefore follows a
/// client with at most one turn.
fn absent(last: &BTreeMap<u64, u64>, open: bool) -> Option<u64> {
    let most = last.keys().next_back().copied()?;
    let had_turns = |client: &u64| match client.checked_sub(1).map(|before| last.get(&before)) {
        Some(Some(transactions)) => !open || *transactions > 1,
        Some(None) => !open,
        None => true,
    };
    (0..most).filter(|client| !last.contains_key(client)).find(had_turns)
}

fn read_file(
    bytes: &[u8],
    given: Option<LoadLoop>,
    columns: &mut Option<Columns>,
    last: &mut BTreeMap<u64, u64>,
    rows: &mut Vec<LogRow>,
) -> Result<(), ImportRefusal> {
    let text = utf8(bytes)?;
    if !text.is_empty() && !text.ends_with('\n') {
        for (number, line) in lines(text) {
            let row: Vec<_> = words(number, line, None).collect();
            refuse_other_outputs(&row, line)?;
        }
        let message = "the last line is incomplete: the log was cut off";
        return Err(ImportRefusal::shape(message).at(text.lines().count(), 1));
    }
    for (number, line) in lines(text) {
        let row: Vec<_> = words(number, line, None).collect();
        refuse_other_outputs(&row, line)?;
        let columns = match columns {
            Some(columns) => *columns,
            None => *columns.insert(Columns::of(&row, given)?),
        };
        rows.push(read_row(&row, columns, last)?);
    }
    Ok(())
}

/// Refuses other outputs of `pgbench`, which have no percentiles.
fn refuse_other_outputs(row: &[LineWord<'_>], line: &str) -> Result<(), ImportRefusal> {
    let Some(first) = row.first() else {
        return Err(ImportRefusal::shape("the log was cut off here"));
    };
    let refuse = |what: &str| {
        let message = format!("{what} of pgbench has averages but no percentiles");
        Err(first.refused(message).help("run pgbench with `-l`, and import its log"))
    };
    let begins = |start: &&str| line.trim_start().starts_with(start);
    if REPORT.iter().any(&begins) {
        return refuse("the report");
    }
    if begins(&"progress: ") {
        return refuse("the progress output");
    }
    let is_interval = first.text.parse().is_ok_and(|number: u64| number >= MOST_CLIENTS);
    if is_interval && row.len() >= 6 {
        let help = "run pgbench without `--aggregate-interval`";
        return Err(first.refused("a log of intervals has no percentiles").help(help));
    }
    Ok(())
}

impl Columns {
    fn of(row: &[LineWord<'_>], given: Option<LoadLoop>) -> Result<Self, ImportRefusal> {
        let Some(first) = row.first() else {
            return Err(ImportRefusal::shape("the line is empty"));
        };
        let (lag, retries) = match (row.len(), given) {
            (6 | 8, Some(_)) => {
                let message = "the columns already show the kind of load";
                return Err(first.refused(message).help("leave out `--loop`"));
            }
            (6, None) => (false, false),
            (7, Some(LoadLoop::Open)) => (true, false),
            (7, Some(LoadLoop::Closed)) => (false, true),
            (7, None) => {
                let message = "the seventh column is the lag of `-R` or, without `-R`, the \
                               retries of `--max-tries`";
                let help = "give `--loop open` for `-R`, `--loop closed` for `--max-tries`";
                let mut refusal = first.refused(message).help(help);
                refusal.shape = false;
                return Err(refusal);
            }
            (8, None) => (true, true),
            (number, _) => {
                let message = format!("expected 6, 7 or 8 columns, found {number}");
                return Err(first.refused(message));
            }
        };
        Ok(Self { number: row.len(), lag, retries })
    }
}

fn read_row(
    row: &[LineWord<'_>],
    columns: Columns,
    last: &mut BTreeMap<u64, u64>,
) -> Result<LogRow, ImportRefusal> {
    let [client, transaction, time, script, seconds, micros, rest @ ..] = row else {
        return Err(wrong_number(row, columns));
    };
    if row.len() != columns.number {
        return Err(wrong_number(row, columns));
    }
    in_order(*client, *transaction, last)?;
    script.whole("the number of a script")?;
    let end = read_end(*time)?;
    let seconds_since = seconds.whole("seconds since 1970")?;
    let micros_since = micros.whole("microseconds, less than a million")?;
    let completed_us =
        seconds_since.checked_mul(1_000_000).and_then(|us| us.checked_add(micros_since));
    let completed_us = completed_us.filter(|us| *us <= LONGEST_US && micros_since < 1_000_000);
    let completed_us =
        completed_us.ok_or_else(|| seconds.refused("this is not a valid end time"))?;
    let mut rest = rest.iter();
    let mut next = |there: bool, what: &str| match rest.next().filter(|_| there) {
        Some(word) => word.whole(what),
        None => Ok(0),
    };
    let lag_us = if columns.lag { next(true, "the lag in microseconds")? } else { 0 };
    let retries = next(columns.retries, "a number of retries")?;
    Ok(LogRow { end, completed_us, lag_us, retries })
}

fn wrong_number(row: &[LineWord<'_>], columns: Columns) -> ImportRefusal {
    let message = format!("expected {} columns, found {}", columns.number, row.len());
    match row.first() {
        Some(first) => first.refused(message),
        None => ImportRefusal::shape(message),
    }
}

fn read_end(time: LineWord<'_>) -> Result<End, ImportRefusal> {
    match time.text {
        "skipped" => Ok(End::Skipped),
        "failed" | "serialization" | "deadlock" | "other" => Ok(End::Failed),
        _ => {
            let time_us = time.whole("microseconds, or the kind of failure")?;
            if time_us > LONGEST_US {
                return Err(time.refused("this is not a valid transaction time"));
            }
            Ok(End::Success { time_us })
        }
    }
}

/// Checks that the transactions of each client have consecutive numbers from 1. A gap means a
/// sampled log, a lost line or two runs.
fn in_order(
    client: LineWord<'_>,
    transaction: LineWord<'_>,
    last: &mut BTreeMap<u64, u64>,
) -> Result<(), ImportRefusal> {
    let number = client.whole("the number of a client")?;
    let found = transaction.whole("the number of a transaction")?;
    let expected = last.get(&number).copied().unwrap_or(0) + 1;
    // Older versions number the first transaction 0.
    let first = expected == 1 && found == 0;
    if found != expected && !first {
        let message = format!("expected transaction {expected} of client {number}, found {found}");
        let help = "import the complete log of one run, written without `--sampling-rate`";
        return Err(transaction.refused(message).help(help));
    }
    last.insert(number, found);
    Ok(())
}

impl TransactionLog {
    pub(super) fn count(&self, end: End) -> u64 {
        self.rows.iter().filter(|row| row.end == end).count() as u64
    }

    pub(super) fn retries(&self) -> Result<u64, ImportRefusal> {
        let sum = self.rows.iter().try_fold(0_u64, |sum, row| sum.checked_add(row.retries));
        sum.ok_or_else(|| ImportRefusal::new("there are too many retries to count").file(0))
    }

    /// Returns the time from the start of the first transaction to the end of the last transaction,
    /// in microseconds. The result is at least 1.
    pub(super) fn span_us(&self) -> Result<u64, ImportRefusal> {
        let start = |row: &LogRow| match row.end {
            End::Success { time_us } => row.completed_us.saturating_sub(time_us),
            End::Failed | End::Skipped => row.completed_us,
        };
        let first = self.rows.iter().map(start).min();
        let last = self.rows.iter().map(|row| row.completed_us).max();
        match first.zip(last) {
            Some((first, last)) if last > first => Ok(last - first),
            _ => Err(ImportRefusal::new("the log has no duration").file(0)),
        }
    }
}
