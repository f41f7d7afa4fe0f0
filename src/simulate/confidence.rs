//! How far up the true 95th percentile may be.
//!
//! Let ξ be the true 95th percentile and n the number of latencies, taken as independent. Each is
//! at or above ξ with a probability of at least 1/20. The latency with j others above it, of rank
//! n − j, is below ξ only where no more than j latencies are at or above ξ. With Y binomial of n
//! and 1/20 this has a probability of at most P(Y ≤ j). So where P(Y ≤ j) ≤ 1/20 it is an upper
//! bound of ξ with a confidence of 95 % or more, and the smallest one has the largest such j.
//!
//! The terms of the distribution are ratios to its largest one, kept between two bounds of which
//! one is always rounded down and the other one up. A j counts only where it does so for certain;
//! should the bounds ever leave it open, the next larger latency is taken.

/// The largest term.
const PEAK: u128 = 1 << 96;

/// The rank, from 1 for the smallest, of the latency that bounds the 95th percentile from above
/// with a confidence of 95 %; none where even the largest does not, or where there are 2^32.
pub(crate) fn upper_rank(number: u64) -> Option<u64> {
    // No product of a term and a number of latencies leaves 128 bits.
    let latencies = u128::from(u32::try_from(number).ok()?);
    let mode = (latencies + 1) / 20;
    let below = terms_below(latencies, mode);
    let whole = PEAK + sum_above(latencies, mode) + below.iter().map(|term| term.low).sum::<u128>();
    // The terms before those that are listed are no larger than the last of them.
    let unlisted = mode - below.len() as u128;
    let mut sum = below.last().map_or(0, |term| term.high * unlisted);
    let rare = below.iter().rev().take_while(|term| {
        sum += term.high;
        sum <= whole / 20
    });
    let above = (unlisted + rare.count() as u128).checked_sub(1)?;
    Some(number - u64::try_from(above).ok()?)
}

/// A term is between these two.
#[derive(Clone, Copy)]
struct Term {
    low: u128,
    high: u128,
}

/// The terms below the largest one, downwards, until the lower bound vanishes.
fn terms_below(latencies: u128, mode: u128) -> Vec<Term> {
    let mut term = Term { low: PEAK, high: PEAK };
    let mut terms = Vec::new();
    for count in (1..=mode).rev() {
        if term.low == 0 {
            break;
        }
        let (factor, divisor) = (19 * count, latencies - count + 1);
        term =
            Term { low: term.low * factor / divisor, high: (term.high * factor).div_ceil(divisor) };
        terms.push(term);
    }
    terms
}

/// The sum of the terms above the largest one, rounded down.
fn sum_above(latencies: u128, mode: u128) -> u128 {
    let (mut term, mut sum) = (PEAK, 0);
    for count in mode..latencies {
        term = term * (latencies - count) / (19 * (count + 1));
        sum += term;
        if term == 0 {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of so few latencies for the first time the largest, the second largest, … is a bound: the
    /// sample sizes of Wilks for 95 % of a population with a confidence of 95 %.
    const WILKS: [u64; 10] = [59, 93, 124, 153, 181, 208, 234, 260, 286, 311];

    #[test]
    fn the_bound_is_the_one_of_wilks() {
        for (above, number) in (0..).zip(WILKS) {
            assert_eq!(upper_rank(number), Some(number - above), "{number}");
            let before = number - 1;
            assert_eq!(upper_rank(before), above.checked_sub(1).map(|above| before - above));
        }
        assert_eq!(upper_rank(0), None);
        assert_eq!(upper_rank(1), None);
    }

    /// P(Y ≤ j) ≤ 1/20 in whole numbers of 20^−n, as long as they fit.
    #[test]
    fn few_latencies_have_no_bound_by_exact_counting_too() {
        for number in 1..=25_u32 {
            assert!(20 * 19_u128.pow(number) > 20_u128.pow(number), "{number}");
            assert_eq!(upper_rank(number.into()), None);
        }
    }

    /// The normal distribution with a correction of continuity is near for large numbers: 1.64485
    /// standard deviations of √(n · 19) / 20.
    #[test]
    fn the_bound_of_many_is_near_that_of_the_normal_distribution() {
        for number in [10_000, 1_000_000, 100_000_000_u64] {
            let deviations = (number * 19).isqrt() * 164_485 / 2_000_000;
            let expected = number - number / 20 + deviations;
            let rank = upper_rank(number).unwrap();
            assert!(rank.abs_diff(expected) <= 2, "{number}: {rank}, not about {expected}");
        }
    }
}
