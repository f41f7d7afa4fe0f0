//! Reads exact figures from text, and rounds them only once, to the safe side.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{error::ImportRefusal, given::TimeUnit};
use crate::model::{BenchmarkLatency, Bounded, DurationMs, OpsPerSec, Unit};

/// Parses a decimal number that is not negative. Returns `None` for other text, and for more than
/// 28 digits before the point.
///
/// Rounds the fraction to 28 digits, far below any unit here.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, ""));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let number = if exponent.is_empty() && !text.contains(['e', 'E']) {
        text.parse().ok()
    } else {
        Decimal::from_scientific(text).ok()
    };
    number.filter(|number| !number.is_sign_negative())
}

/// Parses a time with units, such as `1.5s`, `1m2s` or `250µs`, in nanoseconds. Returns `None` for
/// other text.
pub(super) fn span_ns(text: &str) -> Option<Decimal> {
    let mut rest = text;
    let mut total = Decimal::ZERO;
    while !rest.is_empty() {
        let is_figure = |character: char| character.is_ascii_digit() || character == '.';
        let (number, after) = rest.split_at(rest.find(|character| !is_figure(character))?);
        let (unit, after) = after.split_at(after.find(is_figure).unwrap_or(after.len()));
        let ns = decimal(number)?.checked_mul(Decimal::from(unit_ns(unit)?))?;
        total = total.checked_add(ns)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

fn unit_ns(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        // The micro sign and the Greek letter are both in use.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// Converts a time in this unit to microseconds, rounded up.
pub(super) fn latency(time: Decimal, unit: TimeUnit) -> Result<BenchmarkLatency, ImportRefusal> {
    let us = time
        .checked_mul(Decimal::from(1_000_000))
        .and_then(|time| time.checked_div(Decimal::from(unit.per_second())))
        .and_then(|us| us.ceil().to_u64());
    let latency = us.and_then(|us| BenchmarkLatency::from_us(us).ok());
    latency.ok_or_else(|| beyond(us.map(|us| us.div_ceil(1_000))))
}

/// Returns the error for a latency in milliseconds that is out of range.
fn beyond(ms: Option<u64>) -> ImportRefusal {
    let what = "a latency in milliseconds";
    let message = if let Some(Err(error)) = ms.map(BenchmarkLatency::from_ms) {
        format!("{what}: {error}")
    } else {
        format!("{what} is far beyond {}", BenchmarkLatency::MOST.ms())
    };
    ImportRefusal::new(message).file(0)
}

/// Converts the duration of a run from nanoseconds to milliseconds, rounded up.
pub(super) fn duration(ns: Option<Decimal>) -> Result<DurationMs, ImportRefusal> {
    let ms = ns.and_then(|ns| ms_of(ns).ceil().to_u64());
    bounded(ms, "the duration of the run in milliseconds")
}

fn ms_of(ns: Decimal) -> Decimal {
    ns.checked_mul(Decimal::new(1, 6)).unwrap_or(ns)
}

/// Returns operations per second, rounded down.
pub(super) fn throughput(rate: Option<Decimal>) -> Result<OpsPerSec, ImportRefusal> {
    bounded(rate.and_then(|rate| rate.floor().to_u64()), "a throughput in operations per second")
}

/// Returns a number if it is in the range of its type. Treats `None` as a number above every range.
pub(super) fn bounded<U: Unit, const MIN: u64, const MAX: u64>(
    number: Option<u64>,
    what: &str,
) -> Result<Bounded<U, MIN, MAX>, ImportRefusal> {
    let Some(number) = number else {
        return Err(ImportRefusal::new(format!("{what} is far above {MAX}")).file(0));
    };
    let checked = Bounded::new(number);
    checked.map_err(|error| ImportRefusal::new(format!("{what}: {error}")).file(0))
}

/// Returns the success rate that the file states. If the rate computed from the counts is more than
/// 1% lower, returns the computed rate, because some versions include failed operations in the
/// stated rate.
pub(super) fn capped(
    rate: Option<Decimal>,
    successes: u64,
    ns: Option<Decimal>,
) -> Option<Decimal> {
    let counted = ns.filter(|ns| !ns.is_zero()).and_then(|ns| {
        Decimal::from(successes).checked_mul(Decimal::from(1_000_000_000))?.checked_div(ns)
    });
    let Some((rate, counted)) = rate.zip(counted) else { return rate };
    let is_near = counted.checked_mul(Decimal::new(101, 2)).is_none_or(|most| rate <= most);
    Some(if is_near { rate } else { counted })
}

/// Returns `rate · share / whole`. The result is exact if it has a finite number of decimals.
pub(super) fn part(rate: Decimal, share: u64, whole: u64) -> Option<Decimal> {
    rate.checked_mul(Decimal::from(share))?.checked_div(Decimal::from(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimals_are_parsed() {
        for text in ["", "-1", "+1", "NaN", "inf", "1e", "1.", ".5", "1,5", "1_0", " 1", "0x1"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(decimal("1e3"), decimal("1000"));
        assert_eq!(decimal("12.5e-1"), decimal("1.25"));
        assert_eq!(decimal("1e300"), None);
        assert_eq!(decimal("79228162514264337593543950336"), None, "2^96");
    }

    #[test]
    fn rounding_is_exact() {
        let ms = |text, unit| latency(decimal(text).unwrap(), unit).unwrap().ms();
        // In binary fractions this is 29.000000000000004.
        assert_eq!(ms("0.029", TimeUnit::Seconds), 29);
        assert_eq!(ms("0.0290000001", TimeUnit::Seconds), 30);
        assert_eq!(ms("29000000", TimeUnit::Nanoseconds), 29);
        assert_eq!(ms("29000001", TimeUnit::Nanoseconds), 30);
        assert_eq!(ms("29000", TimeUnit::Microseconds), 29);
        assert_eq!(ms("0", TimeUnit::Milliseconds), 0);
        assert_eq!(ms("0.0000001", TimeUnit::Milliseconds), 1);
        assert_eq!(throughput(decimal("101.9999")).unwrap().get(), 101);
        assert_eq!(throughput(part(decimal("0.1").unwrap(), 30, 3)).unwrap().get(), 1);
        assert!(latency(decimal("604800.0001").unwrap(), TimeUnit::Seconds).is_err());
    }

    #[test]
    fn rate_is_capped_by_counts() {
        let ten_s = decimal("1e10");
        let rate =
            |rate, successes, ns| capped(decimal(rate), successes, ns).map(|rate| rate.normalize());
        assert_eq!(rate("100", 1000, ten_s), decimal("100"));
        assert_eq!(rate("101", 1000, ten_s), decimal("101"), "rounding of the time");
        assert_eq!(rate("101.1", 1000, ten_s), decimal("100"));
        assert_eq!(rate("100", 900, ten_s), decimal("90"), "failures are in the rate");
        assert_eq!(rate("80", 900, ten_s), decimal("80"));
        assert_eq!(rate("100", 900, None), decimal("100"));
        assert_eq!(rate("100", 900, decimal("0")), decimal("100"));
    }
}
