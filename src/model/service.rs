//! Service times, and their exact shares and means.
//!
//! Shares are in parts of [`WHOLE`], and means are in femtoseconds. Both are rounded down, so
//! proofs that use them stay valid. No product exceeds 128 bits.

use std::{fmt, ops::Deref};

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Quantiles, ServiceUs, Weight};

/// The whole of a share: 10^18 parts.
pub const WHOLE: u128 = 1_000_000_000_000_000_000;
/// Femtoseconds in a microsecond.
pub(super) const FEMTOS: u128 = 1_000_000_000;
const MILLION: u128 = 1_000_000;

/// One kind of operation in a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The relative frequency of this kind of operation.
    #[cfg_attr(feature = "schema", schemars(example = 90))]
    pub weight: Weight,
    /// The time to serve one attempt.
    pub service: ServiceTime,
}

/// The kinds of operation in a workload, at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Operation>", into = "Vec<Operation>")]
pub struct Operations(Vec<Operation>);

/// The error for an empty list of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoOperations;

impl fmt::Display for NoOperations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("there is no operation")
    }
}

impl std::error::Error for NoOperations {}

impl TryFrom<Vec<Operation>> for Operations {
    type Error = NoOperations;

    fn try_from(operations: Vec<Operation>) -> Result<Self, NoOperations> {
        if operations.is_empty() { Err(NoOperations) } else { Ok(Self(operations)) }
    }
}

impl From<Operation> for Operations {
    fn from(operation: Operation) -> Self {
        Self(vec![operation])
    }
}

impl From<Operations> for Vec<Operation> {
    fn from(operations: Operations) -> Self {
        operations.0
    }
}

impl Deref for Operations {
    type Target = [Operation];

    fn deref(&self) -> &[Operation] {
        &self.0
    }
}

/// The time to serve one attempt, without waiting, in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub enum ServiceTime {
    /// Quantiles as points `[ppm, µs]` with straight lines between them. The shares rise from 0 to
    /// 1,000,000 ppm, and the times never fall.
    #[serde(rename = "quantiles_us")]
    Quantiles(Quantiles),
    /// An exponential distribution with this mean.
    #[serde(rename = "exponential_us")]
    Exponential(ServiceUs),
    /// A constant time.
    #[serde(rename = "constant_us")]
    Constant(ServiceUs),
}

impl ServiceTime {
    /// Returns the share of services longer than `us`, in parts of [`WHOLE`], rounded down.
    pub fn share_above(&self, us: u64) -> u128 {
        match self {
            Self::Quantiles(quantiles) => {
                let above = segments(quantiles).map(|segment| segment.ppm - segment.up_to(us));
                above.sum::<u128>() * (WHOLE / MILLION)
            }
            // Times are whole microseconds, at least one, so longer than `us` means at least `us +
            // 1`.
            Self::Exponential(_) if us == 0 => WHOLE,
            Self::Exponential(mean) => exp_floor(u128::from(us) + 1, mean.get().into()),
            Self::Constant(time) => {
                if time.get() > us {
                    WHOLE
                } else {
                    0
                }
            }
        }
    }

    /// Returns a time, in microseconds, that no service time exceeds. Random numbers have 32 bits,
    /// so an exponential service time is below 23 times its mean.
    pub fn longest_us(&self) -> u64 {
        match self {
            Self::Quantiles(quantiles) => {
                quantiles.points().last().map_or(0, |(_, time)| time.get())
            }
            Self::Exponential(mean) => mean.get().saturating_mul(23),
            Self::Constant(time) => time.get(),
        }
    }

    /// Returns the mean service time with all longer times capped at `cap_us`, in femtoseconds,
    /// rounded down. For an exponential distribution, the result can be a microsecond too low.
    pub fn capped_mean(&self, cap_us: u64) -> u128 {
        match self {
            Self::Quantiles(quantiles) => {
                let sums = segments(quantiles).map(|segment| segment.capped_sum(cap_us));
                sums.sum::<u128>() * (FEMTOS / MILLION)
            }
            Self::Exponential(mean) => capped_exponential(mean.get().into(), cap_us.into()),
            Self::Constant(time) => u128::from(time.get().min(cap_us)) * FEMTOS,
        }
    }
}

/// A straight line between two quantiles, with one service per part per million.
struct Segment {
    ppm: u128,
    from: u128,
    rise: u128,
}

fn segments(quantiles: &Quantiles) -> impl Iterator<Item = Segment> {
    quantiles.points().windows(2).map(|pair| {
        let [(start, from), (end, to)] = [pair[0], pair[1]];
        Segment {
            ppm: (end.get() - start.get()).into(),
            from: from.get().into(),
            rise: (to.get() - from.get()).into(),
        }
    })
}

impl Segment {
    /// Returns the number of services, in the order of their time, that take at most this long.
    fn up_to(&self, us: u64) -> u128 {
        let Some(over) = u128::from(us).checked_sub(self.from) else { return 0 };
        if over >= self.rise {
            return self.ppm;
        }
        // Service number k takes `from + ⌊rise·k / ppm⌋`.
        ((over + 1) * self.ppm).div_ceil(self.rise).min(self.ppm)
    }

    fn capped_sum(&self, cap_us: u64) -> u128 {
        let below = self.up_to(cap_us);
        let sum = self.from * below + floor_sum(below, self.ppm, self.rise);
        sum + (self.ppm - below) * u128::from(cap_us)
    }
}

/// Returns the sum of `⌊slope·k / divisor⌋` over k from 0 to `count − 1`, in logarithmic time.
fn floor_sum(mut count: u128, mut divisor: u128, mut slope: u128) -> u128 {
    let (mut sum, mut offset) = (0, 0);
    while count > 0 {
        let pairs = count * (count - 1) / 2;
        sum += pairs * (slope / divisor) + count * (offset / divisor);
        (slope, offset) = (slope % divisor, offset % divisor);
        let top = slope * count + offset;
        count = top / divisor;
        offset = top % divisor;
        (divisor, slope) = (slope, divisor);
    }
    sum
}

/// Returns a lower bound of the capped mean. The mean of whole microseconds is the sum of the
/// shares of services that take at least 1, 2, … µs. This sum is at least the integral from 1.
fn capped_exponential(mean: u128, cap: u128) -> u128 {
    let kept = exp_floor(1, mean).saturating_sub(exp_ceil(cap + 1, mean));
    mean * kept / (WHOLE / FEMTOS)
}

/// The number of fractional bits in [`exp_floor`].
const BITS: u32 = 60;
/// The number of times that the argument is halved before the series is evaluated.
const HALVINGS: u32 = 16;
/// e^−42 is less than one part of [`WHOLE`].
const VANISHED: u128 = 42;

/// Returns e^(−`numerator`/`denominator`) in parts of [`WHOLE`]. The result is too low by a
/// relative error below 10^−9, plus at most four parts of [`WHOLE`].
///
/// The series up to the third power is below the function, and squaring reverses each halving.
fn exp_floor(numerator: u128, denominator: u128) -> u128 {
    if numerator >= VANISHED * denominator {
        return 0;
    }
    let exponent = (numerator << (BITS - HALVINGS)).div_ceil(denominator);
    let square = exponent * exponent;
    let cube = (square >> BITS) * exponent;
    let series = (1 << BITS) - exponent + (square >> (BITS + 1));
    let mut power = series - (cube >> BITS) / 6 - 2;
    for _ in 0..HALVINGS {
        power = (power * power) >> BITS;
    }
    (power * WHOLE) >> BITS
}

/// Returns an upper bound of e^(−`numerator`/`denominator`), in parts of [`WHOLE`]. [`exp_floor`]
/// returns the lower bound.
fn exp_ceil(numerator: u128, denominator: u128) -> u128 {
    let floor = exp_floor(numerator, denominator);
    floor + floor / 1_000_000_000 + 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PartsPerMillion;

    fn quantiles(points: &[(u64, u64)]) -> ServiceTime {
        let point = |(ppm, us): &(u64, u64)| {
            (PartsPerMillion::new(*ppm).unwrap(), ServiceUs::new(*us).unwrap())
        };
        ServiceTime::Quantiles(Quantiles::new(points.iter().map(point).collect()).unwrap())
    }

    /// Returns a million service times in the way in which the simulator draws them.
    fn drawn(points: &[(u64, u64)]) -> impl Iterator<Item = u64> {
        points.windows(2).flat_map(|pair| {
            let [(start, from), (end, to)] = [pair[0], pair[1]];
            (start..end).map(move |ppm| from + (to - from) * (ppm - start) / (end - start))
        })
    }

    #[test]
    fn quantile_table_matches_one_million_service_times() {
        let points = [(0, 7), (100_003, 7), (500_000, 1_009), (999_983, 5_000), (1_000_000, 5_040)];
        let table = quantiles(&points);
        for us in [0, 6, 7, 8, 500, 1_008, 1_009, 4_999, 5_000, 5_037, 5_038, 5_039, 5_040, 9_999] {
            let above = drawn(&points).filter(|time| *time > us).count() as u128;
            assert_eq!(table.share_above(us), above * (WHOLE / MILLION), "{us}");
            let sum: u128 = drawn(&points).map(|time| u128::from(time.min(us))).sum();
            assert_eq!(table.capped_mean(us), sum * (FEMTOS / MILLION), "{us}");
        }
    }

    #[test]
    fn empty_list_of_operations_is_refused() {
        let error = serde_json::from_str::<Operations>("[]").unwrap_err().to_string();
        assert_eq!(error, NoOperations.to_string());
    }

    #[test]
    fn exp_bounds_enclose_exact_values() {
        let table = [
            (1, 10, 904_837_418_035_959_573),
            (1, 1, 367_879_441_171_442_322),
            (3, 1, 49_787_068_367_863_943),
            (20, 1, 2_061_153_622),
            (41, 1, 1),
            (42, 1, 0),
        ];
        for (numerator, denominator, exact) in table {
            let floor = exp_floor(numerator, denominator);
            assert!(floor <= exact && exact <= exp_ceil(numerator, denominator), "{numerator}");
        }
        assert_eq!(exp_floor(u64::MAX.into(), 1), 0);
    }

    #[test]
    fn exponential_mean_is_at_most_one_microsecond_too_low() {
        for mean in [1, 10, 60_000, ServiceUs::MAX] {
            let service = ServiceTime::Exponential(ServiceUs::new(mean).unwrap());
            let found = service.capped_mean(u64::MAX / 2);
            let exact = u128::from(mean) * FEMTOS;
            assert!(found <= exact && exact - found <= exact / 100_000_000 + FEMTOS, "{mean}");
        }
    }
}
