//! The ranks of percentiles, and the upper bound of the true 95th percentile.
//!
//! Let ξ be the true 95th percentile and n the number of independent latencies. Each latency is at
//! or above ξ with a probability of at least 1/20. The latency with j others above it, of rank n −
//! j, is below ξ only if at most j latencies are at or above ξ. With Y binomial with n and 1/20,
//! the probability of this is at most P(Y ≤ j). So if P(Y ≤ j) < 1/20, this latency is an upper
//! bound of ξ with a confidence of at least 95%. The largest such j gives the smallest bound.
//!
//! Latencies of a queue depend on each other. If their order is known, the bound is computed for
//! the number of independent latencies that they are worth. If this number is lower than n, the
//! confidence is 99%, because a run that has few slow latencies by chance looks more independent
//! than it is.

use super::batches::Dependence;
use crate::binomial::{Odds, most_rare};

/// Returns the rank, from 1 for the smallest of `number` values, of the quantile at `share /
/// whole`, by nearest rank.
pub(crate) const fn nearest_rank(share: u64, whole: u64, number: u64) -> u64 {
    let rank = (share as u128 * number as u128).div_ceil(whole as u128);
    #[expect(clippy::cast_possible_truncation, reason = "at most the number")]
    let rank = rank as u64;
    if rank == 0 { 1 } else { rank }
}

/// Returns the rank, from 1 for the smallest, of the latency that bounds the 95th percentile from
/// above with a confidence of 95%. Returns `None` if even the largest latency is not a bound, or
/// for 2^32 or more latencies.
pub(crate) fn upper_rank(number: u64) -> Option<u64> {
    Some(number - most_rare(number, Odds::new(1, 19)?, (1, 20))?)
}

/// The upper bound of the 95th percentile of latencies whose order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum P95Upper {
    /// The latency of this rank, from 1 for the smallest.
    Rank(u64),
    /// There is no bound, because the latencies depend on each other. A run that is `times` as long
    /// would have one.
    Longer {
        /// The factor, at least 2.
        times: u64,
    },
    /// There is no bound, because there are too few latencies.
    TooFew,
}

/// The minimum number of independent latencies for a bound with a confidence of 99%.
const FEWEST_99: u64 = 90;

/// Returns the bound for this number of latencies with this dependence.
pub(crate) fn p95_upper(number: u64, dependence: Dependence) -> P95Upper {
    match dependence {
        _ if upper_rank(number).is_none() => P95Upper::TooFew,
        Dependence::Correlated { times } => P95Upper::Longer { times },
        Dependence::Worth(worth) if worth >= number => {
            upper_rank(number).map_or(P95Upper::TooFew, P95Upper::Rank)
        }
        Dependence::Worth(worth) => {
            let above = Odds::new(1, 19).and_then(|odds| most_rare(worth, odds, (1, 100)));
            let times = FEWEST_99.div_ceil(worth.max(1)).max(2);
            above.map_or(P95Upper::Longer { times }, |above| {
                let above = u128::from(above) * u128::from(number) / u128::from(worth);
                P95Upper::Rank(number - u64::try_from(above).unwrap_or(number - 1))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest numbers of latencies for which the largest, the second largest, … is a bound.
    /// These are the sample sizes of Wilks for 95% of a population and a confidence of 95%.
    const WILKS: [u64; 10] = [59, 93, 124, 153, 181, 208, 234, 260, 286, 311];

    #[test]
    fn bound_needs_sample_sizes_of_wilks() {
        for (above, number) in (0..).zip(WILKS) {
            assert_eq!(upper_rank(number), Some(number - above), "{number}");
            let before = number - 1;
            assert_eq!(upper_rank(before), above.checked_sub(1).map(|above| before - above));
        }
        assert_eq!(upper_rank(0), None);
        assert_eq!(upper_rank(1), None);
    }

    /// P(Y ≤ j) < 1/20 in integers, multiplied by 20^n, for as long as they fit into 128 bits.
    #[test]
    fn exact_counting_gives_few_latencies_no_bound() {
        for number in 1..=25_u32 {
            assert!(20 * 19_u128.pow(number) > 20_u128.pow(number), "{number}");
            assert_eq!(upper_rank(number.into()), None);
        }
    }

    /// For large numbers, the rank is close to the normal approximation with a continuity
    /// correction: 1.64485 standard deviations of √(n · 19) / 20.
    #[test]
    fn bound_of_many_latencies_matches_normal_approximation() {
        for number in [10_000, 1_000_000, 100_000_000_u64] {
            let deviations = (number * 19).isqrt() * 164_485 / 2_000_000;
            let expected = number - number / 20 + deviations;
            let rank = upper_rank(number).unwrap();
            assert!(rank.abs_diff(expected) <= 2, "{number}: {rank}, not about {expected}");
        }
    }

    #[test]
    fn fewer_independent_latencies_raise_bound() {
        let rank = |worth| p95_upper(30_000, Dependence::Worth(worth));
        assert_eq!(Some(rank(30_000)), upper_rank(30_000).map(P95Upper::Rank));
        // With 90 latencies, none can be above a bound at 99%, so the bound is the largest of all.
        assert_eq!(rank(90), P95Upper::Rank(30_000));
        assert_eq!(rank(89), P95Upper::Longer { times: 2 });
        assert_eq!(rank(30), P95Upper::Longer { times: 3 });
        // With 130 latencies, one can be above it. This is 230 of 30 000.
        assert_eq!(rank(130), P95Upper::Rank(30_000 - 230));
        assert_eq!(p95_upper(58, Dependence::Correlated { times: 4 }), P95Upper::TooFew);
    }
}
