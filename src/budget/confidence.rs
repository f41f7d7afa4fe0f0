//! How sure a verdict must be, and how many attempts that takes.
//!
//! Of n independent attempts each is an event with an unknown probability p. The exact upper bound
//! of p after k events (Clopper and Pearson) is within a limit where, if p were the limit, so few
//! events as k or fewer would have a probability of at most one less the confidence. That is
//! decided in whole numbers.

use std::{fmt, str::FromStr};

use crate::binomial::{Odds, most_rare};

/// Parts of a rate that are the whole.
const WHOLE: u64 = 10_000;
/// From so many attempts on, a rate that is a basis point below its limit is shown to be within
/// it: by Hoeffding's inequality, chance brings it there with a probability of at most
/// exp(−2n / 10^8) < 10^−9. One that is at its limit is not: by the inequality of Berry and Esseen
/// chance brings it there with a probability of more than 0.49.
const MANY: u64 = 1 << 30;

/// How sure a verdict must be: 50–99 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u8);

/// A number that is no [`Confidence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidConfidence;

impl fmt::Display for InvalidConfidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("write a whole number of percent from 50 to 99")
    }
}

impl std::error::Error for InvalidConfidence {}

impl Confidence {
    /// The confidence of `p95_upper_latency_ms`, and the default: 95 %.
    pub const USUAL: Self = Self(95);

    /// So many percent, or [`InvalidConfidence`] where they are not 50–99.
    pub const fn new(percent: u8) -> Result<Self, InvalidConfidence> {
        if percent < 50 || percent > 99 { Err(InvalidConfidence) } else { Ok(Self(percent)) }
    }

    /// The number, in percent.
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// What chance may bring about, as a fraction.
    fn doubt(self) -> (u64, u64) {
        (u64::from(100 - self.0), 100)
    }

    /// Whether so many events in so many attempts show that no more than `limit_bps` of all
    /// attempts are events. `attempts` is at least 1, and `events` at most `attempts`.
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

    /// From how many attempts on a rate would be shown to be within its limit, both in bps, where
    /// so many attempts do not show it; none where the rate is not below the limit, and so never
    /// would be.
    pub fn attempts_needed(self, rate_bps: u64, limit_bps: u64, attempts: u64) -> Option<u64> {
        if limit_bps >= WHOLE {
            return Some(1);
        }
        if rate_bps >= limit_bps {
            return None;
        }
        let events = self.last_unshown(rate_bps, limit_bps, attempts);
        let first = first_attempts(events, rate_bps).max(1);
        let last = first_attempts(events + 1, rate_bps);
        Some(lowest_from(first, last, |attempts| self.shows(events, attempts, limit_bps)))
    }

    /// The most events, from those of so many attempts on, that do not show the limit where they
    /// come as early as the rate lets them.
    fn last_unshown(self, rate_bps: u64, limit_bps: u64, attempts: u64) -> u64 {
        if rate_bps == 0 {
            return 0;
        }
        let shown = |events| self.shows(events, first_attempts(events, rate_bps), limit_bps);
        lowest_from(events_among(attempts, rate_bps) + 1, u64::MAX, shown) - 1
    }
}

/// The events among so many attempts at this rate, rounded down: a rate is rounded up, so there
/// are no more.
pub(super) fn events_among(attempts: u64, rate_bps: u64) -> u64 {
    let events = u128::from(attempts) * u128::from(rate_bps) / u128::from(WHOLE);
    u64::try_from(events).unwrap_or(u64::MAX)
}

/// The fewest attempts that have so many events at this rate; no end in sight where it is 0.
fn first_attempts(events: u64, rate_bps: u64) -> u64 {
    match (events, rate_bps) {
        (0, _) => 0,
        (_, 0) => MANY,
        _ => (events * WHOLE).div_ceil(rate_bps),
    }
}

/// The same as [`lowest`], for ranges whose first numbers are looked at with the least effort.
fn lowest_from(first: u64, last: u64, passes: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high, mut step) = (first, first, 1);
    while high < last && !passes(high) {
        low = high + 1;
        high = last.min(high.saturating_add(step));
        step = step.saturating_mul(2);
    }
    lowest(low, high, passes)
}

/// The lowest number of a range that passes, where all above one that passes pass, too; the last
/// one does.
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

/// The number with its unit: `95 %`.
impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} %", self.0)
    }
}

impl FromStr for Confidence {
    type Err = InvalidConfidence;

    fn from_str(text: &str) -> Result<Self, InvalidConfidence> {
        text.parse().map_err(|_| InvalidConfidence).and_then(Self::new)
    }
}
