//! How many events are too few for chance: the lower tail of the binomial distribution.
//!
//! The terms of the distribution are ratios to its largest one, in whole numbers, kept between two
//! bounds of which one is always rounded down and the other one up. A number of events counts as
//! rare only where it is so for certain; should the bounds ever leave it open, it does not.

/// The largest term. With it no product of a term, a number of trials below 2^32 and a ratio of
/// two odds leaves 128 bits.
const PEAK: u128 = 1 << 80;

/// The chance of an event in one trial: `hits` of `hits + misses`, both at least 1 and together
/// at most 10 000.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Odds {
    hits: u128,
    misses: u128,
}

impl Odds {
    /// The odds of so many hits to so many misses; none where an event is impossible or certain.
    pub(crate) fn new(hits: u64, misses: u64) -> Option<Self> {
        let possible = hits > 0 && misses > 0;
        possible.then(|| Self { hits: hits.into(), misses: misses.into() })
    }
}

/// The most events of which so few or fewer have less than this chance, given as a fraction of
/// numbers up to 10 000 and at most one half, in so many trials; none where even no event has as
/// great a one, or there are 2^32 trials. A chance that is equal to the fraction is not less, for
/// the bounds are rounded apart.
pub(crate) fn most_rare(trials: u64, odds: Odds, (share, of): (u64, u64)) -> Option<u64> {
    let trials = u128::from(u32::try_from(trials).ok()?);
    let mode = (trials + 1) * odds.hits / (odds.hits + odds.misses);
    let below = terms_below(trials, mode, odds);
    let listed = below.iter().map(|term| term.low).sum::<u128>();
    let whole = PEAK + sum_above(trials, mode, odds) + listed;
    // The terms before those that are listed are no larger than the last of them.
    let unlisted = mode - below.len() as u128;
    let mut sum = below.last().map_or(0, |term| term.high * unlisted);
    // The largest term is beside the median, so that of no share up to one half more is asked.
    let rare = below.iter().rev().map(|term| term.high).chain([PEAK]).take_while(|term| {
        sum += term;
        sum * u128::from(of) < whole * u128::from(share)
    });
    let most = (unlisted + rare.count() as u128).checked_sub(1)?;
    u64::try_from(most).ok()
}

/// A term is between these two.
#[derive(Clone, Copy)]
struct Term {
    low: u128,
    high: u128,
}

/// The terms below the largest one, downwards, until the lower bound vanishes.
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

/// The sum of the terms above the largest one, rounded down.
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

    /// With odds of one to one and n trials, P(X ≤ k) is Σ C(n, i) / 2^n: for 10 trials 1, 11, 56
    /// of 1024.
    #[test]
    fn tossed_coins() {
        assert_eq!(most(10, 1, 1, (2, 1024)), Some(0));
        assert_eq!(most(10, 1, 1, (10, 1024)), Some(0));
        assert_eq!(most(10, 1, 1, (12, 1024)), Some(1));
        assert_eq!(most(10, 1, 1, (55, 1024)), Some(1));
        assert_eq!(most(10, 1, 1, (57, 1024)), Some(2));
        assert_eq!(most(9, 1, 1, (1, 1024)), None);
    }

    #[test]
    fn equal_chance_is_not_less() {
        assert_eq!(most(10, 1, 1, (1, 1024)), None);
        assert_eq!(most(10, 1, 1, (11, 1024)), Some(0));
        assert_eq!(most(10, 1, 1, (56, 1024)), Some(1));
        assert_eq!(most(1, 1, 1, (1, 2)), None);
        assert_eq!(most(1, 9500, 500, (5, 100)), None);
    }

    #[test]
    fn what_is_impossible_or_certain_has_no_odds() {
        assert!(Odds::new(0, 10_000).is_none());
        assert!(Odds::new(10_000, 0).is_none());
    }

    #[test]
    fn trials_that_cannot_be_counted_through_are_refused() {
        assert_eq!(most(1 << 32, 1, 9999, (1, 20)), None);
        assert!(most((1 << 32) - 1, 1, 9999, (1, 20)).is_some());
    }
}
