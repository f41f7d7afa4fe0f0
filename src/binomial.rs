//! Computes the lower tail of the binomial distribution: the numbers of events that are too low to
//! be chance.
//!
//! Each term is an integer relative to the largest term, with a lower bound that is rounded down
//! and an upper bound that is rounded up. A number of events is rare only if the bounds prove it.

/// The value of the largest term. With this value, the product of a term, a number of trials below
/// 2^32 and a number of hits or misses fits into 128 bits.
const PEAK: u128 = 1 << 80;

/// The probability of an event in one trial: `hits / (hits + misses)`. Both are at least 1, and
/// their sum is at most 10,000.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Odds {
    hits: u128,
    misses: u128,
}

impl Odds {
    /// Creates odds of hits to misses. Returns `None` if an event is impossible or certain.
    pub(crate) fn new(hits: u64, misses: u64) -> Option<Self> {
        let possible = hits > 0 && misses > 0;
        possible.then(|| Self { hits: hits.into(), misses: misses.into() })
    }
}

/// Returns the largest `k` such that the probability of at most `k` events is below a fraction.
///
/// The fraction must be at most one half, and its numerator and denominator at most 10,000. Returns
/// `None` if even the probability of 0 events is not below the fraction, or if there are 2^32
/// trials or more.
pub(crate) fn most_rare(trials: u64, odds: Odds, (share, of): (u64, u64)) -> Option<u64> {
    let trials = u128::from(u32::try_from(trials).ok()?);
    let mode = (trials + 1) * odds.hits / (odds.hits + odds.misses);
    let below = terms_below(trials, mode, odds);
    let listed = below.iter().map(|term| term.low).sum::<u128>();
    let whole = PEAK + sum_above(trials, mode, odds) + listed;
    // No earlier term is larger than the last listed term.
    let unlisted = mode - below.len() as u128;
    let mut sum = below.last().map_or(0, |term| term.high * unlisted);
    // The largest term is next to the median, so fractions up to one half need no more terms.
    let rare = below.iter().rev().map(|term| term.high).chain([PEAK]).take_while(|term| {
        sum += term;
        sum * u128::from(of) < whole * u128::from(share)
    });
    let most = (unlisted + rare.count() as u128).checked_sub(1)?;
    u64::try_from(most).ok()
}

/// The bounds of a term.
#[derive(Clone, Copy)]
struct Term {
    low: u128,
    high: u128,
}

/// Returns the terms before the largest term, in descending order, until the lower bound is 0.
fn terms_below(trials: u128, mode: u128, odds: Odds) -> Vec<Term> {
    let mut term = Term { low: PEAK, high: PEAK };
    let mut terms = Vec::new();
    for count in (1..=mode).rev() {
        if term.low == 0 {
            break;
        }
        let (factor, divisor) = (odds.misses * count, odds.hits * (trials - count + 1));
        term =
            Term { low: term.low * factor / divisor, high: (term.high * factor).div_ceil(divisor) };
        terms.push(term);
    }
    terms
}

/// Returns the sum of the terms after the largest term, rounded down.
fn sum_above(trials: u128, mode: u128, odds: Odds) -> u128 {
    let (mut term, mut sum) = (PEAK, 0);
    for count in mode..trials {
        term = term * (odds.hits * (trials - count)) / (odds.misses * (count + 1));
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

    fn most(trials: u64, hits: u64, misses: u64, share: (u64, u64)) -> Option<u64> {
        most_rare(trials, Odds::new(hits, misses).unwrap(), share)
    }

    /// With even odds and n trials, P(X ≤ k) is Σ C(n, i) / 2^n. For n = 10, the sums are 1/1024,
    /// 11/1024, 56/1024 and so on.
    #[test]
    fn coin_tosses_match_known_probabilities() {
        assert_eq!(most(10, 1, 1, (2, 1024)), Some(0));
        assert_eq!(most(10, 1, 1, (10, 1024)), Some(0));
        assert_eq!(most(10, 1, 1, (12, 1024)), Some(1));
        assert_eq!(most(10, 1, 1, (55, 1024)), Some(1));
        assert_eq!(most(10, 1, 1, (57, 1024)), Some(2));
        assert_eq!(most(9, 1, 1, (1, 1024)), None);
    }

    #[test]
    fn probability_equal_to_fraction_is_not_rare() {
        assert_eq!(most(10, 1, 1, (1, 1024)), None);
        assert_eq!(most(10, 1, 1, (11, 1024)), Some(0));
        assert_eq!(most(10, 1, 1, (56, 1024)), Some(1));
        assert_eq!(most(1, 1, 1, (1, 2)), None);
        assert_eq!(most(1, 9500, 500, (5, 100)), None);
    }

    #[test]
    fn odds_of_impossible_and_certain_events_are_none() {
        assert!(Odds::new(0, 10_000).is_none());
        assert!(Odds::new(10_000, 0).is_none());
    }

    #[test]
    fn too_many_trials_return_none() {
        assert_eq!(most(1 << 32, 1, 9999, (1, 20)), None);
        assert!(most((1 << 32) - 1, 1, 9999, (1, 20)).is_some());
    }
}
