//! Integer arithmetic between contracts and settings.
//!
//! Every function rounds in the direction that keeps the promise: `emit` never writes a value that
//! lets the program exceed the contract, and `adopt` never reads a contract that the program
//! exceeds.

/// Returns the number of retries of a number of attempts.
pub(super) const fn retries(attempts: u64) -> u64 {
    attempts.saturating_sub(1)
}

/// Returns the number of attempts of a number of retries.
pub(super) const fn attempts(retries: u64) -> u64 {
    retries.saturating_add(1)
}

/// The jitter that contains 80% to 120% of a backoff, in percent of the longest backoff: a third,
/// rounded up.
pub(super) const SYMMETRIC_20: u64 = 34;

/// Returns the nominal backoff of a program that waits for 80% to 120% of it, so that its longest
/// backoff is at most the contract's.
pub(super) const fn symmetric_20(longest: u64) -> u64 {
    longest / 6 * 5 + longest % 6 * 5 / 6
}

/// The number of millionths in a whole.
const MILLION: u64 = 1_000_000;

/// The largest factor of a random backoff, in millionths: below 1.
pub(super) const MOST_RANDOM: u64 = MILLION - 1;

/// Returns the factor, in millionths, of a program whose backoffs are random from 1 − factor to
/// 1 + factor of a nominal backoff, for a jitter in percent of the longest backoff. It is rounded
/// down.
pub(super) fn random_factor(jitter: u64) -> u64 {
    let jitter = jitter.min(100);
    (jitter * MILLION / (200 - jitter)).min(MOST_RANDOM)
}

/// Returns the nominal backoff with the random factor of a jitter, so that the longest backoff is at
/// most the contract's.
pub(super) const fn random_nominal(longest: u64, jitter: u64) -> u64 {
    longest.saturating_mul(200_u64.saturating_sub(jitter)) / 200
}

/// Returns the longest backoff with a random factor in millionths, rounded up.
pub(super) const fn longest_of_random(nominal: u64, factor: u64) -> u64 {
    nominal.saturating_add(nominal.saturating_mul(factor).div_ceil(MILLION))
}

/// Returns the jitter with a random factor in millionths, in percent of the longest backoff, rounded
/// up.
pub(super) const fn jitter_of_random(factor: u64) -> u64 {
    factor.saturating_mul(200).div_ceil(MILLION.saturating_add(factor))
}

/// The number of microseconds in a millisecond.
const MICROS: u64 = 1_000;

/// Returns a time in microseconds.
pub(super) const fn micros(milliseconds: u64) -> u64 {
    milliseconds.saturating_mul(MICROS)
}

/// Returns a time in milliseconds, rounded up. The longest time is no limit.
pub(super) const fn millis(microseconds: u64) -> u64 {
    if microseconds == u64::MAX { u64::MAX } else { microseconds.div_ceil(MICROS) }
}

/// Returns the longest backoff of a program that waits for 80% to 120% of a nominal backoff.
pub(super) const fn longest_of_symmetric_20(nominal: u64) -> u64 {
    nominal.saturating_add(nominal.div_ceil(5))
}

/// Returns the number of items that requests in flight and in the queue can hold.
pub(super) const fn items(in_flight: u64, queue: u64, batch: u64) -> u64 {
    in_flight.saturating_add(queue).saturating_mul(batch)
}

/// Returns the number of full batches that can wait beside the requests in flight, rounded up.
/// Returns `None` if the requests in flight can hold more than all items.
pub(super) const fn queue_of_items(items: u64, in_flight: u64, batch: u64) -> Option<u64> {
    if batch == 0 {
        return None;
    }
    items.div_ceil(batch).checked_sub(in_flight)
}

/// The maximum number of attempts of a contract.
const MAX_ATTEMPTS: u64 = 100;

/// Returns the longest total of all backoffs of an operation that makes all its attempts. Returns
/// `None` for more attempts than a contract can have.
pub(super) fn total_backoff(attempts: u64, base: u64, max: u64, multiplier: u64) -> Option<u64> {
    if attempts > MAX_ATTEMPTS {
        return None;
    }
    let (mut backoff, mut total) = (base.min(max), 0_u64);
    for _ in 1..attempts {
        total = total.saturating_add(backoff);
        backoff = (backoff.saturating_mul(multiplier) / 100).min(max);
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_exclude_first_attempt() {
        assert_eq!((retries(5), attempts(4)), (4, 5));
        assert_eq!((retries(1), attempts(0)), (0, 1));
    }

    #[test]
    fn symmetric_jitter_never_exceeds_contract_and_loses_less_than_one_ms() {
        for longest in 0..100_000 {
            let read = longest_of_symmetric_20(symmetric_20(longest));
            assert_eq!(symmetric_20(longest), longest * 5 / 6);
            let is_exact = longest % 6 != 1;
            assert_eq!(read, if is_exact { longest } else { longest - 1 }, "{longest}");
        }
        assert_eq!(symmetric_20(3_600_000), 3_000_000);
        assert_eq!(longest_of_symmetric_20(u64::MAX), u64::MAX);
    }

    #[test]
    fn random_factor_gives_each_jitter_back() {
        for jitter in 0..=100 {
            let factor = random_factor(jitter);
            assert!(factor <= MOST_RANDOM);
            assert_eq!(jitter_of_random(factor), jitter);
            for longest in 0..10_000 {
                let nominal = random_nominal(longest, jitter);
                let read = longest_of_random(nominal, factor);
                assert!(read <= longest && longest - read <= 2, "{longest} {jitter}: {read}");
                // The shortest backoff is at least the contract's, except for the rounding.
                let shortest = nominal * (MILLION - factor) / MILLION;
                assert!(shortest + 2 > longest * (100 - jitter) / 100, "{longest} {jitter}");
            }
        }
        assert_eq!((random_factor(20), random_nominal(1_000, 20)), (111_111, 900));
        assert_eq!((random_factor(50), random_factor(100)), (333_333, MOST_RANDOM));
        assert_eq!(jitter_of_random(500_000), 67);
    }

    #[test]
    fn queue_counts_full_batches_beside_requests_in_flight() {
        assert_eq!(items(5, 128, 10_000), 1_330_000);
        assert_eq!(queue_of_items(1_330_000, 5, 10_000), Some(128));
        assert_eq!(queue_of_items(1_330_001, 5, 10_000), Some(129));
        assert_eq!(queue_of_items(10_000, 5, 10_000), None);
        assert_eq!(queue_of_items(10_000, 5, 0), None);
    }
}
