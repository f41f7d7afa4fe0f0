//! The ranks of percentiles, and the upper bound of the true 95th or 99th percentile.
//!
//! Let ξ be the true 95th percentile and n the number of independent latencies. Each latency is at
//! or above ξ with a probability of at least 1/20. The latency of rank n − j has j other latencies
//! above it. It is below ξ only if at most j latencies are at or above ξ. Let Y be binomial with n
//! and 1/20. The probability that the latency of rank n − j is below ξ is then at most P(Y ≤ j). So
//! if P(Y ≤ j) < 1/20, this latency is an upper bound of ξ with a confidence of at least 95%. The
//! largest such j gives the smallest bound. For the 99th percentile, Y is binomial with n and
//! 1/100.
//!
//! Latencies of a queue depend on each other. If their order is known, the bound is computed for
//! the number of independent latencies that they are worth. If this number is lower than n, the
//! confidence is 99%, because a run that has few slow latencies by chance looks more independent
//! than it is.

use super::batches::Dependence;
use crate::binomial::{Odds, most_rare};

/// Returns the rank of the quantile at `share / whole`, by nearest rank. Rank 1 is the smallest of
/// `number` values.
pub(crate) const fn nearest_rank(share: u64, whole: u64, number: u64) -> u64 {
    let rank = (share as u128 * number as u128).div_ceil(whole as u128);
    #[expect(clippy::cast_possible_truncation, reason = "at most the number")]
    let rank = rank as u64;
    if rank == 0 { 1 } else { rank }
}

/// A percentile of latency that has an upper bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    P95,
    P99,
}

impl Tail {
    /// Returns the share of latencies that are at most the percentile, in percent.
    pub(crate) const fn percent(self) -> u64 {
        match self {
            Self::P95 => 95,
            Self::P99 => 99,
        }
    }

    /// Returns the odds that a latency is above the percentile.
    fn odds(self) -> Option<Odds> {
        Odds::new(100 - self.percent(), self.percent())
    }

    /// Returns the minimum number of independent latencies of which the largest is an upper bound
    /// with a confidence of 99%.
    const fn fewest_99(self) -> u64 {
        match self {
            Self::P95 => 90,
            Self::P99 => 459,
        }
    }
}

/// Returns the rank of the latency that is an upper bound of a percentile with a confidence of 95%.
/// Rank 1 is the smallest. Returns `None` if even the largest latency is not such a bound, or if
/// there are 2^32 latencies or more.
pub(crate) fn upper_rank(tail: Tail, number: u64) -> Option<u64> {
    Some(number - most_rare(number, tail.odds()?, (1, 20))?)
}

/// The upper bound of a percentile of latencies whose order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UpperBound {
    /// The latency of this rank. Rank 1 is the smallest.
    Rank(u64),
    /// There is no bound, because the latencies depend on each other. A run that is `times` as long
    /// would have a bound.
    Longer {
        /// The factor, at least 2.
        times: u64,
    },
    /// There is no bound, because there are too few latencies.
    TooFew,
}

/// Returns the bound of a percentile for this number of latencies with this dependence.
pub(crate) fn upper_bound(tail: Tail, number: u64, dependence: Dependence) -> UpperBound {
    match dependence {
        _ if upper_rank(tail, number).is_none() => UpperBound::TooFew,
        Dependence::Correlated { times } => UpperBound::Longer { times },
        Dependence::Worth(worth) if worth >= number => {
            upper_rank(tail, number).map_or(UpperBound::TooFew, UpperBound::Rank)
        }
        Dependence::Worth(worth) => {
            let above = tail.odds().and_then(|odds| most_rare(worth, odds, (1, 100)));
            let times = tail.fewest_99().div_ceil(worth.max(1)).max(2);
            above.map_or(UpperBound::Longer { times }, |above| {
                let above = u128::from(above) * u128::from(number) / u128::from(worth);
                UpperBound::Rank(number - u64::try_from(above).unwrap_or(number - 1))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest numbers of latencies at which the largest latency, the second largest latency
    /// and so on are upper bounds. These are the sample sizes of Wilks for 95% of a population and
    /// a confidence of 95%.
    const WILKS: [u64; 10] = [59, 93, 124, 153, 181, 208, 234, 260, 286, 311];

    /// The sample sizes of Wilks for 99% of a population and a confidence of 95%.
    const WILKS_99: [u64; 4] = [299, 473, 628, 773];

    #[test]
    fn bound_requires_sample_sizes_of_wilks() {
        let p95 = (0..).zip(WILKS).map(|(above, number)| (Tail::P95, above, number));
        let p99 = (0..).zip(WILKS_99).map(|(above, number)| (Tail::P99, above, number));
        for (tail, above, number) in p95.chain(p99) {
            assert_eq!(upper_rank(tail, number), Some(number - above), "{number}");
            let before = number - 1;
            assert_eq!(upper_rank(tail, before), above.checked_sub(1).map(|above| before - above));
        }
        for tail in [Tail::P95, Tail::P99] {
            assert_eq!(upper_rank(tail, 0), None);
            assert_eq!(upper_rank(tail, 1), None);
        }
    }

    #[test]
    fn minimum_sample_size_for_99_percent_bound_matches_exact_probabilities() {
        for tail in [Tail::P95, Tail::P99] {
            let largest_is_rare =
                |number| most_rare(number, tail.odds().unwrap(), (1, 100)).is_some();
            assert!(largest_is_rare(tail.fewest_99()), "{tail:?}");
            assert!(!largest_is_rare(tail.fewest_99() - 1), "{tail:?}");
        }
    }

    /// Computes P(Y ≤ j) < 1/20 in integers that are multiplied by 20^n, as long as they fit into
    /// 128 bits.
    #[test]
    fn too_few_latencies_have_no_bound_in_exact_arithmetic() {
        for number in 1..=25_u32 {
            assert!(20 * 19_u128.pow(number) > 20_u128.pow(number), "{number}");
            assert_eq!(upper_rank(Tail::P95, number.into()), None);
        }
    }

    /// For many latencies, the rank of the bound is close to the normal approximation with a
    /// continuity correction: 1.64485 standard deviations above the rank of the percentile. One
    /// standard deviation is √(n · 19) / 20.
    #[test]
    fn bound_of_many_latencies_matches_normal_approximation() {
        for number in [10_000, 1_000_000, 100_000_000_u64] {
            let deviations = (number * 19).isqrt() * 164_485 / 2_000_000;
            let expected = number - number / 20 + deviations;
            let rank = upper_rank(Tail::P95, number).unwrap();
            assert!(rank.abs_diff(expected) <= 2, "{number}: {rank}, not about {expected}");
        }
    }

    #[test]
    fn fewer_independent_latencies_raise_bound() {
        let rank = |worth| upper_bound(Tail::P95, 30_000, Dependence::Worth(worth));
        assert_eq!(Some(rank(30_000)), upper_rank(Tail::P95, 30_000).map(UpperBound::Rank));
        // With 90 latencies, none can be above a bound at 99%, so the bound is the largest of all.
        assert_eq!(rank(90), UpperBound::Rank(30_000));
        assert_eq!(rank(89), UpperBound::Longer { times: 2 });
        assert_eq!(rank(30), UpperBound::Longer { times: 3 });
        // With 130 latencies, one can be above it. This is 230 of 30 000.
        assert_eq!(rank(130), UpperBound::Rank(30_000 - 230));
        let few = upper_bound(Tail::P95, 58, Dependence::Correlated { times: 4 });
        assert_eq!(few, UpperBound::TooFew);
    }

    #[test]
    fn p99_needs_more_independent_latencies_than_p95() {
        let rank = |worth| upper_bound(Tail::P99, 30_000, Dependence::Worth(worth));
        assert_eq!(Some(rank(30_000)), upper_rank(Tail::P99, 30_000).map(UpperBound::Rank));
        assert_eq!(rank(459), UpperBound::Rank(30_000));
        assert_eq!(rank(458), UpperBound::Longer { times: 2 });
        assert_eq!(rank(90), UpperBound::Longer { times: 6 });
        let few = upper_bound(Tail::P99, 298, Dependence::Correlated { times: 4 });
        assert_eq!(few, UpperBound::TooFew);
    }
}
