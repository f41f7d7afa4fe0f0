//! Reads the percentile rows in each of their layouts.

mod row;

use rust_decimal::{Decimal, prelude::ToPrimitive};

pub(super) use self::row::HistogramRow;
use self::row::{Columns, Inverse};
use crate::import::{error::ImportRefusal, given::TimeUnit, number::decimal, text::lines};

/// The line before wrk2's header.
const WRK: &str = "Detailed Percentile spectrum:";
/// The line before the histogram that wrk2 prints with `--u_latency`. That histogram omits the
/// waiting time of requests that started late.
const UNCORRECTED: &str = "Uncorrected Latency";
/// The start of a binary log with one histogram per interval.
const INTERVALS: &str = "Interval_Compressed_Histogram";
/// A text that wrk and wrk2 always print.
const SUMMARY: &str = "Thread Stats";
const REQUESTS: &str = "Requests/sec:";
/// The inverse that vegeta prints in its last row.
const VEGETA_LAST: Decimal = Decimal::from_parts(10_000_000, 0, 0, false, 0);

/// All rows of one histogram.
#[derive(Debug)]
pub(super) struct HistogramTable {
    pub(super) layout: Layout,
    /// The unit of the values, if the header names it.
    pub(super) unit: Option<TimeUnit>,
    /// At least one row. Shares, values and counts never fall, and the last share is 1.
    pub(super) rows: Vec<HistogramRow>,
    /// The number of values.
    pub(super) total: u64,
}

/// The program that wrote the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A library of `HdrHistogram`.
    Own,
    Vegeta,
    Wrk,
}

impl HistogramTable {
    /// Returns the first row that matches, or the last row.
    pub(super) fn first(&self, holds: impl Fn(&HistogramRow) -> bool) -> &HistogramRow {
        self.rows.iter().find(|row| holds(row)).unwrap_or(&self.rows[self.rows.len() - 1])
    }
}

pub(super) fn read(text: &str) -> Result<HistogramTable, ImportRefusal> {
    let (start, header) = header(text)?;
    let columns = Columns::of(header);
    let (rows, footer) = body(text, start, columns)?;
    let layout = layout(text, columns, footer, rows.last());
    if layout == Layout::Wrk && text.contains(UNCORRECTED) {
        return Err(uncorrected(start));
    }
    let total = finish(&rows, footer, layout, text.ends_with('\n'))?;
    Ok(HistogramTable { layout, unit: columns.unit, rows, total })
}

/// Returns the only header, with its line number.
fn header(text: &str) -> Result<(usize, &str), ImportRefusal> {
    let headers: Vec<_> = lines(text).filter(|(_, line)| row::is_header(line)).collect();
    match headers[..] {
        [header] => Ok(header),
        [] if text.contains(INTERVALS) => {
            let message = "this is a log with one histogram per interval";
            let help = "run `HistogramLogProcessor -i FILE` of HdrHistogram, and import its output";
            Err(ImportRefusal::new(message).help(help).file(0))
        }
        [] if text.contains(SUMMARY) && text.contains(REQUESTS) => {
            let message = "there is no histogram: wrk2 prints it only with `--latency`, and wrk \
                           never prints it";
            Err(ImportRefusal::new(message).help("run wrk2 with `--latency`").file(0))
        }
        [] => Err(ImportRefusal::shape(format!("there is no header with `{}`", row::HEADERS[0]))),
        [_, (line, _), ..] if text.contains(UNCORRECTED) => Err(uncorrected(line)),
        [_, (line, _), ..] => {
            let message = "there is more than one histogram";
            Err(ImportRefusal::new(message).help("keep one of them").file(0).at(line, 1))
        }
    }
}

fn uncorrected(line: usize) -> ImportRefusal {
    let message = "the histogram of `Uncorrected Latency` omits the waiting time of late requests";
    let help = "keep only the histogram of `Recorded Latency`";
    ImportRefusal::new(message).help(help).file(0).at(line, 1)
}

/// Returns the rows after the header, and the number of values from the footer.
///
/// Several rows can have the share 1.000000, because six digits do not distinguish 0.9999996 from
/// 1. The rows end at the first line that is not a row.
fn body(
    text: &str,
    start: usize,
    columns: Columns,
) -> Result<(Vec<HistogramRow>, Option<u64>), ImportRefusal> {
    let mut rows: Vec<HistogramRow> = Vec::new();
    let mut footer = None;
    let mut ended = false;
    for (number, line) in lines(text).skip(start) {
        if line.trim().is_empty() && rows.is_empty() {
            continue;
        }
        if line.trim_start().starts_with("#[") {
            ended = true;
            footer = footer.or(total_of(line));
            continue;
        }
        if ended {
            break;
        }
        let row = match (HistogramRow::read(number, line, columns), rows.last()) {
            (Ok(row), _) => row,
            (Err(_), Some(last)) if last.share == Decimal::ONE => {
                ended = true;
                continue;
            }
            (Err(refusal), _) => return Err(refusal),
        };
        if let Some(before) = rows.last() {
            in_order(before, &row)?;
        }
        rows.push(row);
    }
    Ok((rows, footer))
}

/// Returns the layout. vegeta prints neither a footer nor an infinite inverse.
fn layout(
    text: &str,
    columns: Columns,
    footer: Option<u64>,
    last: Option<&HistogramRow>,
) -> Layout {
    let is_own = footer.is_some() || last.is_some_and(|row| row.inverse == Inverse::Infinite);
    if columns.unit == Some(TimeUnit::Milliseconds) && !is_own {
        Layout::Vegeta
    } else if text.contains(WRK) {
        Layout::Wrk
    } else {
        Layout::Own
    }
}

fn in_order(before: &HistogramRow, row: &HistogramRow) -> Result<(), ImportRefusal> {
    let falls = if row.value < before.value {
        "the value falls"
    } else if row.share < before.share {
        "the percentile falls"
    } else if row.count < before.count {
        "the count falls"
    } else {
        return Ok(());
    };
    Err(ImportRefusal::shape(falls).at(row.line, 1))
}

/// Returns the number of values from a line of the footer. Python's library writes the number with
/// a fraction.
fn total_of(line: &str) -> Option<u64> {
    let mut labels = ["Total count", "TotalCount"].into_iter();
    let (_, after) = labels.find_map(|label| line.split_once(label))?;
    let total = decimal(after.trim_matches([' ', '=', ']', '\t']))?;
    total.to_u64().filter(|whole| Decimal::from(*whole) == total)
}

/// Checks that the end of the table is complete, and returns the number of values.
fn finish(
    rows: &[HistogramRow],
    footer: Option<u64>,
    layout: Layout,
    has_end: bool,
) -> Result<u64, ImportRefusal> {
    let Some((first, last)) = rows.first().zip(rows.last()) else {
        return Err(ImportRefusal::shape("there is no row"));
    };
    if last.share != Decimal::ONE {
        let message = "the last row does not cover all values: the file was cut off";
        return Err(ImportRefusal::shape(message).at(last.line, 1));
    }
    if !first.share.is_zero() {
        let message = "the first row does not have the smallest value";
        return Err(ImportRefusal::shape(message).at(first.line, 1));
    }
    if last.count == 0 {
        return Err(ImportRefusal::new("the histogram has no values").file(0));
    }
    match footer {
        Some(total) if total != last.count => {
            let message =
                format!("the footer counts {total} values, but the last row counts {}", last.count);
            Err(ImportRefusal::shape(message).at(last.line, 1))
        }
        None if !is_last(last, layout, has_end) => {
            let message = format!(
                "the last row has no `{}` of `inf`, and there is no footer with `Total count`: the \
                 file was cut off",
                row::HEADERS[0]
            );
            Err(ImportRefusal::shape(message).at(last.line, 1))
        }
        _ => Ok(last.count),
    }
}

/// Returns true if a row with the share 1 certainly covers all values.
///
/// An earlier row covers fewer values, so its share is below 1. This share is printed as 1 only if
/// there are too many values for the printed digits. `has_end` is true if the last line of the text
/// is complete.
fn is_last(row: &HistogramRow, layout: Layout, has_end: bool) -> bool {
    match row.inverse {
        Inverse::Infinite => true,
        Inverse::Figure(inverse) => layout == Layout::Vegeta && inverse >= VEGETA_LAST,
        Inverse::Missing => {
            let digits = 10_u64.checked_pow(row.share_digits).unwrap_or(u64::MAX);
            has_end && row.count < digits
        }
    }
}
