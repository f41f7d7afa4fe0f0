//! The rows of percentiles, in any of their layouts.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::import::{
    error::Refusal,
    number::decimal,
    text::{Word, lines, words},
};

/// The last column of a header.
const HEADER: &str = "1/(1-Percentile)";
/// The line before wrk2's header.
const WRK: &str = "Detailed Percentile spectrum:";

/// All rows of one histogram.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) layout: Layout,
    /// At least one; shares, values and counts never fall, and the last share is 1.
    pub(super) rows: Vec<Row>,
    /// How many values there are.
    pub(super) total: u64,
}

/// Who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A library of `HdrHistogram`.
    Own,
    Vegeta,
    Wrk,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) value: Decimal,
    /// From 0 to 1.
    pub(super) share: Decimal,
    /// How many values are no larger.
    pub(super) count: u64,
    pub(super) line: usize,
}

impl Table {
    /// The first row for which this holds, or else the last one.
    pub(super) fn first(&self, holds: impl Fn(&Row) -> bool) -> &Row {
        self.rows.iter().find(|row| holds(row)).unwrap_or(&self.rows[self.rows.len() - 1])
    }
}

pub(super) fn read(text: &str) -> Result<Table, Refusal> {
    let headers: Vec<_> = lines(text).filter(|(_, line)| line.contains(HEADER)).collect();
    let (start, header) = match headers[..] {
        [header] => header,
        [] => return Err(Refusal::shape(format!("there is no header with `{HEADER}`"))),
        [_, (line, _), ..] => {
            let message = "there is more than one histogram";
            return Err(Refusal::new(message).help("keep one of them").file(0).at(line, 1));
        }
    };
    let layout = layout(text, header);
    let is_csv = header.contains(',');
    let mut rows: Vec<Row> = Vec::new();
    let mut footer = None;
    for (number, line) in lines(text).skip(start) {
        if line.trim().is_empty() && rows.is_empty() {
            continue;
        }
        let ended = rows.last().is_some_and(|row| row.share == Decimal::ONE);
        if line.trim_start().starts_with("#[") {
            footer = footer.or(total_of(line));
            continue;
        }
        if ended {
            break;
        }
        let row = read_row(number, line, is_csv)?;
        if let Some(before) = rows.last() {
            in_order(before, &row)?;
        }
        rows.push(row);
    }
    let total = finish(&rows, footer, layout == Layout::Vegeta || is_csv)?;
    Ok(Table { layout, rows, total })
}

fn layout(text: &str, header: &str) -> Layout {
    if header.contains("Value(ms)") {
        Layout::Vegeta
    } else if text.contains(WRK) {
        Layout::Wrk
    } else {
        Layout::Own
    }
}

fn read_row(number: usize, line: &str, is_csv: bool) -> Result<Row, Refusal> {
    let row: Vec<_> = words(number, line, is_csv).collect();
    let [value, share, count, rest @ ..] = &row[..] else {
        let message = "expected a value, a percentile and a count";
        return Err(Refusal::shape(message).at(number, 1));
    };
    if rest.len() > 1 {
        return Err(rest[1].refused("expected the end of the line"));
    }
    let row = Row {
        value: figure(*value)?,
        share: figure(*share)?,
        count: count.whole("how many values there are")?,
        line: number,
    };
    if row.share > Decimal::ONE {
        return Err(share.refused("a percentile is a share from 0 to 1"));
    }
    Ok(row)
}

fn figure(word: Word<'_>) -> Result<Decimal, Refusal> {
    decimal(word.text)
        .ok_or_else(|| word.refused(format!("expected a number, found `{}`", word.text)))
}

fn in_order(before: &Row, row: &Row) -> Result<(), Refusal> {
    let falls = if row.value < before.value {
        "the value falls"
    } else if row.share < before.share {
        "the percentile falls"
    } else if row.count < before.count {
        "the count falls"
    } else {
        return Ok(());
    };
    Err(Refusal::shape(falls).at(row.line, 1))
}

/// The number of values in a line of the footer, which Python's library writes with a fraction.
fn total_of(line: &str) -> Option<u64> {
    let mut labels = ["Total count", "TotalCount"].into_iter();
    let (_, after) = labels.find_map(|label| line.split_once(label))?;
    let total = decimal(after.trim_matches([' ', '=', ']', '\t']))?;
    total.to_u64().filter(|whole| Decimal::from(*whole) == total)
}

/// Checks that nothing is missing at the end, and tells how many values there are.
fn finish(rows: &[Row], footer: Option<u64>, without_footer: bool) -> Result<u64, Refusal> {
    let Some((first, last)) = rows.first().zip(rows.last()) else {
        return Err(Refusal::shape("there is no row"));
    };
    if last.share != Decimal::ONE {
        let message = "the last row is not that of all values: the file was cut off";
        return Err(Refusal::shape(message).at(last.line, 1));
    }
    if !first.share.is_zero() {
        let message = "the first row is not that of the smallest value";
        return Err(Refusal::shape(message).at(first.line, 1));
    }
    if last.count == 0 {
        return Err(Refusal::new("the histogram has no values").file(0));
    }
    match footer {
        Some(total) if total != last.count => {
            let message = format!("the footer counts {total} values, the last row {}", last.count);
            Err(Refusal::shape(message).at(last.line, 1))
        }
        None if !without_footer => {
            let message = "there is no footer with `Total count`: the file was cut off";
            Err(Refusal::shape(message).at(last.line, 1))
        }
        _ => Ok(last.count),
    }
}
