//! How sure a verdict must be, and how many attempts that takes.
//!
//! Of n independent attempts each is an event with an unknown probability p. The exact upper bound
//! of p after k events (Clopper and Pearson) is within a limit where, if p were the limit, so few
//! events as k or fewer would have a probability of less than one less the confidence. That is
//! decided in whole numbers; an equal probability does not show the limit.

use std::{fmt, str::FromStr};

use crate::binomial::{Odds, most_rare};

/// Parts of a rate that are the whole.
const WHOLE: u64 = 10_000;
/// From so many attempts on, a rate that is a basis point below its limit is shown to be within
/// it: by Hoeffding's inequality, chance brings it there with a probability of at most
/// exp(−2n / 10^8) < 10^−9. One that is at its limit is not: by the inequality of Berry and Esseen
/// chance brings it there with a probability of more than 0.49.
const MANY: u64 = 1 << 30;

/// The fewest seeds of a simulation that can pass.
const FEWEST_SEEDS: u64 = 5;
/// More events than rounding moves.
const MARGIN: u64 = 4;
/// How much is computed to find the attempts that a rate needs, in standard deviations that are
/// summed up.
const MOST_EFFORT: u64 = 400_000;

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

    /// Whether so many events in the attempts of one of so many runs show that more than
    /// `limit_bps` of all attempts are events. The doubt is shared by the runs (Bonferroni), so
    /// that it is no greater for any number of them.
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
        // The attempts that are no event are too few.
        let odds = Odds::new(WHOLE - limit_bps, limit_bps);
        let most = odds.and_then(|odds| most_rare(attempts, odds, (share, of * runs)));
        most.is_some_and(|most| attempts - events <= most)
    }

    /// Whether so many of these runs beyond a limit show that it is broken: if half of all runs
    /// were beyond it, so many or more would have a chance below one less the confidence.
    pub(super) fn shows_broken_by(self, beyond: u64, runs: u64) -> bool {
        let (share, of) = self.doubt();
        let (mut ways, mut sum) = (1_u128, 0_u128);
        // The ways to choose the runs that are not beyond it. There are at most 100 runs.
        for within in 0..=runs - beyond {
            sum += ways;
            ways = ways * u128::from(runs - within) / u128::from(within + 1);
        }
        sum * u128::from(of) < u128::from(share) << runs
    }

    /// The fewest seeds that a simulation needs for a pass: five, and as many as all show a broken
    /// limit by being beyond it.
    pub fn seeds_needed(self) -> u64 {
        lowest(FEWEST_SEEDS, 64, |seeds| self.shows_broken_by(seeds, seeds))
    }

    /// From how many attempts on a rate would be shown to be within its limit, both in bps, where
    /// so many attempts do not show it. Every greater number shows it, too, and one attempt less
    /// does not. None where the rate is not below the limit, and so never would be.
    ///
    /// If the rate is so near to a high limit that the last number that does not show it takes too
    /// long to find, this is a greater number from which on all show it.
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

    /// The most events, from so many on, that do not show the limit where they come as early as
    /// the rate lets them.
    ///
    /// Rounding lets shown and unshown numbers of events alternate near the border, by an event or
    /// two. The events that are allowed grow faster than those that come, so from the attempts on
    /// that allow [`MARGIN`] more than come, every number is shown. Below, if the most events of a
    /// range are shown by the attempts of the fewest, all of the range are; so ranges are halved
    /// until that is so, the highest first.
    fn last_unshown(self, rate_bps: u64, limit_bps: u64, from: u64) -> Option<u64> {
        if rate_bps == 0 {
            return Some(0);
        }
        // By Chernoff's bound exp(−n·(p − r)²/2p) for n attempts, the limit p and the rate r: less
        // than exp(−5), and so than any doubt.
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
