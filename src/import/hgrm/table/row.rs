//! Reads one percentile row.
//!
//! Libraries print the same columns in many ways: separated by blanks, commas or semicolons, with
//! the decimal mark of a locale, and with or without a fourth column in the last row.

use rust_decimal::Decimal;

use crate::import::{
    error::ImportRefusal,
    given::TimeUnit,
    number::decimal,
    text::{LineWord, words},
};

/// The possible last columns of a header. Rust's library writes the second form.
pub(super) const HEADERS: [&str; 2] = ["1/(1-Percentile)", "1/(1-Quantile)"];

/// The help text for ambiguous figures.
const POINT: &str = "write the histogram with a decimal point: run the tool with `LC_ALL=C`";

/// The spellings of the inverse in the last row: from C, Go, Java, Rust and .NET, and from old
/// versions of Microsoft C.
const INFINITIES: [&str; 6] = ["inf", "+inf", "infinity", "\u{221e}", "1.#inf", "1.#j"];

/// The units that a header can name.
const UNITS: [(&str, TimeUnit); 6] = [
    ("ns", TimeUnit::Nanoseconds),
    ("us", TimeUnit::Microseconds),
    ("\u{b5}s", TimeUnit::Microseconds),
    ("\u{3bc}s", TimeUnit::Microseconds),
    ("ms", TimeUnit::Milliseconds),
    ("s", TimeUnit::Seconds),
];

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct HistogramRow {
    pub(in super::super) value: Decimal,
    /// The share, from 0 to 1.
    pub(in super::super) share: Decimal,
    /// The number of values that are at most this value.
    pub(in super::super) count: u64,
    pub(in super::super) line: usize,
    /// The number of decimals of the share.
    pub(super) share_digits: u32,
    pub(super) inverse: Inverse,
}

/// The fourth column: 1 / (1 − share).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inverse {
    Figure(Decimal),
    /// The inverse of the last row.
    Infinite,
    /// There is no fourth column. Some libraries omit it in the last row.
    Missing,
}

/// The columns that the header names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    separator: Option<char>,
    /// Whether each row has two shares: first the share that its value has, then the requested
    /// share.
    two_shares: bool,
    pub(super) unit: Option<TimeUnit>,
}

impl Columns {
    pub(super) fn of(header: &str) -> Self {
        let unit = |(name, _): &&(&str, TimeUnit)| header.contains(&format!("Value({name})"));
        Self {
            separator: [';', ','].into_iter().find(|separator| header.contains(*separator)),
            two_shares: header.contains(HEADERS[1]),
            unit: UNITS.iter().find(unit).map(|(_, unit)| *unit),
        }
    }
}

pub(super) fn is_header(line: &str) -> bool {
    HEADERS.iter().any(|header| line.contains(header))
}

impl HistogramRow {
    pub(super) fn read(number: usize, line: &str, columns: Columns) -> Result<Self, ImportRefusal> {
        let mut row: Vec<_> = words(number, line, columns.separator).collect();
        if columns.two_shares && row.len() > 1 {
            row.remove(1);
        }
        let [value, share, count, rest @ ..] = &row[..] else {
            let message = "expected a value, a percentile and a count";
            return Err(ImportRefusal::shape(message).at(number, 1));
        };
        if columns.separator == Some(',') && rest.len() > 1 {
            let message = "there are more than four columns, so a comma is also the decimal mark";
            let mut refusal = rest[1].refused(message).help(POINT);
            refusal.shape = false;
            return Err(refusal);
        }
        if rest.len() > 1 {
            return Err(rest[1].refused("expected the end of the line"));
        }
        let comma = share.text.contains(',');
        let row = Self {
            value: figure(*value, comma)?,
            share: figure(*share, comma)?,
            count: count.whole("the number of values")?,
            line: number,
            share_digits: digits(share.text),
            inverse: rest.first().map_or(Ok(Inverse::Missing), |word| inverse(*word, comma))?,
        };
        if row.share > Decimal::ONE {
            return Err(share.refused("a percentile is a share from 0 to 1"));
        }
        Ok(row)
    }
}

/// Returns the number of decimals.
fn digits(share: &str) -> u32 {
    let fraction = share.split_once(['.', ',']).map_or("", |(_, fraction)| fraction);
    u32::try_from(fraction.len()).unwrap_or(u32::MAX)
}

fn inverse(word: LineWord<'_>, comma: bool) -> Result<Inverse, ImportRefusal> {
    let text = word.text.to_lowercase();
    if INFINITIES.contains(&&*text) {
        return Ok(Inverse::Infinite);
    }
    figure(word, comma).map(Inverse::Figure)
}

/// Parses a number with the decimal mark that the shares use. Refuses a mark that could be a
/// thousands separator.
fn figure(word: LineWord<'_>, comma: bool) -> Result<Decimal, ImportRefusal> {
    let text = word.text;
    let (sign, other) = if comma { ("comma", '.') } else { ("point", ',') };
    if text.contains(other) {
        let message = format!(
            "`{text}` is ambiguous: the percentiles have a decimal {sign}, so `{other}` can separate \
             thousands"
        );
        let mut refusal = word.refused(message).help(POINT);
        refusal.shape = false;
        return Err(refusal);
    }
    decimal(&text.replace(',', "."))
        .ok_or_else(|| word.refused(format!("expected a number, found `{text}`")))
}
