//! Computes how certain a verdict is, and how many attempts it needs.
//!
//! Each of n independent attempts is an event with an unknown probability p. After k events, the
//! exact upper bound of p (Clopper-Pearson) is within a limit under one condition: if p were at the
//! limit, k or fewer events would have a probability below 1 − confidence. The comparison uses
//! whole numbers. A probability equal to 1 − confidence does not show that p is within the limit.

use std::{fmt, str::FromStr};

use crate::binomial::{Odds, most_rare};

/// 100% in basis points.
const WHOLE: u64 = 10_000;
/// With at least this many attempts, a rate that is one basis point below its limit is shown to be
/// within the limit: by Hoeffding's inequality, chance produces such a rate with a probability of
/// at most exp(−2n / 10^8) < 10^−9. A rate at its limit is not shown to be within the limit: by the
/// Berry-Esseen inequality, chance produces such a rate with a probability above 0.49.
const MANY: u64 = 1 << 30;

/// The minimum number of seeds for a pass.
const FEWEST_SEEDS: u64 = 5;
/// A number of events that is higher than any effect of rounding.
const MARGIN: u64 = 4;
/// The maximum effort to find the number of attempts that a rate needs, as a sum of standard
/// deviations.
const MOST_EFFORT: u64 = 400_000;

/// The confidence that a verdict requires: 50–99%.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u8);

/// The error for a number that is not a valid [`Confidence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidConfidence;

impl fmt::Display for InvalidConfidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("write a whole number from 50 to 99")
    }
}

impl std::error::Error for InvalidConfidence {}

impl Confidence {
    /// The confidence of `p95_upper_latency_ms`, and the default: 95%.
    pub const USUAL: Self = Self(95);

    /// Returns the confidence for a percentage, or [`InvalidConfidence`] if it is not 50–99.
    pub const fn new(percent: u8) -> Result<Self, InvalidConfidence> {
        if percent < 50 || percent > 99 { Err(InvalidConfidence) } else { Ok(Self(percent)) }
    }

    /// Returns the percentage.
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// Returns the accepted probability of error, as a fraction.
    fn doubt(self) -> (u64, u64) {
        (u64::from(100 - self.0), 100)
    }

    /// Returns true if the events show that at most `limit_bps` of all attempts are events.
    /// `attempts` must be at least 1, and `events` at most `attempts`.
    pub fn shows(self, events: u64, attempts: u64, limit_bps: u64) -> bool {
        if limit_bps >= WHOLE {
            return true;
        }
        if attempts >= MANY {
            let [events, attempts, limit] = [events, attempts, limit_bps].map(u128::from);
            return limit * attempts >= events * u128::from(WHOLE) + attempts;
        }
        let odds = Odds::new(limit_bps, WHOLE - limit_bps);
        let most = odds.and_then(|odds| most_rare(attempts, odds, self.doubt()));
        most.is_some_and(|most| events <= most)
    }

    /// Returns true if the events in one of several runs show that more than `limit_bps` of all
    /// attempts are events. The runs share the accepted probability of error (Bonferroni), so this
    /// probability does not grow with the number of runs.
    pub(super) fn shows_broken(
        self,
        events: u64,
        attempts: u64,
        limit_bps: u64,
        runs: u64,
    ) -> bool {
        if limit_bps == 0 || limit_bps >= WHOLE {
            return events > 0 && limit_bps == 0;
        }
        let (share, of) = self.doubt();
        // Counts the attempts that are not events: too few of them break the limit.
        let odds = Odds::new(WHOLE - limit_bps, limit_bps);
        let most = odds.and_then(|odds| most_rare(attempts, odds, (share, of * runs)));
        most.is_some_and(|most| attempts - events <= most)
    }

    /// Returns true if the number of runs beyond a limit shows that the limit is broken. The
    /// criterion is the probability that this many runs or more are beyond the limit, if each run
    /// is beyond it with a probability of 50%. This probability must be below 1 − confidence.
    pub(super) fn shows_broken_by(self, beyond: u64, runs: u64) -> bool {
        let (share, of) = self.doubt();
        let (mut ways, mut sum) = (1_u128, 0_u128);
        // The number of ways to choose the runs within the limit. There are at most 100 runs.
        for within in 0..=runs - beyond {
            sum += ways;
            ways = ways * u128::from(runs - within) / u128::from(within + 1);
        }
        sum * u128::from(of) < u128::from(share) << runs
    }

    /// Returns the minimum number of seeds for a pass: at least 5, and enough to show that a limit
    /// is broken if all seeds are beyond the limit.
    pub fn seeds_needed(self) -> u64 {
        lowest(FEWEST_SEEDS, 64, |seeds| self.shows_broken_by(seeds, seeds))
    }

    /// Returns the number of attempts that would show that a rate is within its limit, if
    /// `attempts` do not show it. Every higher number also shows this, and the next lower number
    /// does not. The rate and the limit are in bps. Returns `None` if the rate is not below the
    /// limit, because then no number of attempts shows it.
    ///
    /// If the rate is close to a high limit, the exact number can take too long to find. The result
    /// is then a higher number, which also shows this. So does every number above the result.
    pub fn attempts_needed(self, rate_bps: u64, limit_bps: u64, attempts: u64) -> Option<u64> {
        if limit_bps >= WHOLE {
            return Some(1);
        }
        if rate_bps >= limit_bps {
            return None;
        }
        let known = events_among(attempts, rate_bps);
        let shown = attempts == 0 || self.shows(known, attempts, limit_bps);
        let Some(events) = self.last_unshown(rate_bps, limit_bps, if shown { 0 } else { known })
        else {
            return Some(1);
        };
        let first = first_attempts(events, rate_bps).max(1);
        let last = first_attempts(events + 1, rate_bps);
        Some(lowest_from(first, last, |attempts| self.shows(events, attempts, limit_bps)))
    }

    /// Returns the highest number of events, at least `from`, that is insufficient: it does not
    /// show that the rate is within its limit. The events occur as early as the rate allows.
    ///
    /// Because of rounding, sufficient and insufficient numbers can alternate near the border,
    /// within one or two events. With more attempts, the number of allowed events grows faster than
    /// the number of events that occur. Once [`MARGIN`] more events are allowed than occur, every
    /// number is sufficient. Below that, a whole range is sufficient if its highest number of
    /// events is sufficient with the attempts of its lowest number. The search halves the
    /// insufficient ranges, the highest first, until a range is a single number.
    fn last_unshown(self, rate_bps: u64, limit_bps: u64, from: u64) -> Option<u64> {
        if rate_bps == 0 {
            return Some(0);
        }
        // Chernoff's bound exp(−n·(p − r)²/2p), for n attempts, limit p and rate r, is below
        // exp(−5) and so below any accepted probability of error.
        let most = (10 * WHOLE * limit_bps).div_ceil((limit_bps - rate_bps).pow(2));
        let sure = lowest(1, most, |attempts| {
            self.shows(events_among(attempts, rate_bps) + MARGIN, attempts, limit_bps)
        });
        let top = events_among(sure, rate_bps) + 1;
        let mut ranges = vec![(from, top.max(from))];
        let mut effort = 0;
        while let Some((low, high)) = ranges.pop() {
            let attempts = first_attempts(low, rate_bps).max(1);
            effort += 1 + (attempts.saturating_mul(limit_bps) / WHOLE).isqrt();
            if self.shows(high, attempts, limit_bps) {
                continue;
            }
            if low == high || effort > MOST_EFFORT {
                return Some(high);
            }
            let middle = low.midpoint(high);
            ranges.extend([(low, middle), (middle + 1, high)]);
        }
        None
    }
}

/// Returns the number of events in these attempts at this rate, rounded down. Rates are rounded up,
/// so there cannot be more events.
pub(super) fn events_among(attempts: u64, rate_bps: u64) -> u64 {
    let events = u128::from(attempts) * u128::from(rate_bps) / u128::from(WHOLE);
    u64::try_from(events).unwrap_or(u64::MAX)
}

/// Returns the minimum number of attempts that have this many events at this rate, or [`MANY`] if
/// the rate is 0.
fn first_attempts(events: u64, rate_bps: u64) -> u64 {
    match (events, rate_bps) {
        (0, _) => 0,
        (_, 0) => MANY,
        _ => (events * WHOLE).div_ceil(rate_bps),
    }
}

/// Returns the same number as [`lowest`], but is faster if the first numbers of the range are the
/// cheapest to test.
fn lowest_from(first: u64, last: u64, passes: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high, mut step) = (first, first, 1);
    while high < last && !passes(high) {
        low = high + 1;
        high = last.min(high.saturating_add(step));
        step = step.saturating_mul(2);
    }
    lowest(low, high, passes)
}

/// Returns the lowest number in a range that passes. The last number must pass, and so must every
/// number above a number that passes.
fn lowest(first: u64, last: u64, passes: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (first, last);
    while low < high {
        let middle = low.midpoint(high);
        if passes(middle) { high = middle } else { low = middle + 1 }
    }
    high
}

impl Default for Confidence {
    fn default() -> Self {
        Self::USUAL
    }
}

/// The percentage with its sign: `95%`.
impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}%", self.0)
    }
}

impl FromStr for Confidence {
    type Err = InvalidConfidence;

    fn from_str(text: &str) -> Result<Self, InvalidConfidence> {
        text.parse().map_err(|_| InvalidConfidence).and_then(Self::new)
    }
}
