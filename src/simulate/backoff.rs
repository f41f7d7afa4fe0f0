//! How long a request sleeps before it is tried again.

use super::random::{Purpose, Stream};
use crate::model::RetryPolicy;

/// The sleeps of a policy under one seed.
pub(super) struct Backoff {
    policy: RetryPolicy,
    jitter: Stream,
}

impl Backoff {
    pub(super) fn new(policy: RetryPolicy, seed: u64) -> Self {
        Self { policy, jitter: Stream::new(seed, Purpose::Jitter) }
    }

    /// The sleep after an attempt of a request, in microseconds; none after the last attempt.
    pub(super) fn backoff_us(&self, request: u64, attempt: u64) -> Option<u64> {
        if attempt >= self.policy.max_attempts.get() {
            return None;
        }
        let nominal = self.policy.nominal_backoff_ms(attempt) * 1000;
        let random = nominal * self.policy.jitter_percent.get() / 100;
        let draw = self.jitter.draw(request, attempt);
        Some(nominal - random + draw.below(random + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Attempts, BackoffMs, Percent};

    fn sleeps(jitter: u64) -> Vec<u64> {
        let policy = RetryPolicy {
            max_attempts: Attempts::new(6).unwrap(),
            base_backoff_ms: BackoffMs::new(100).unwrap(),
            max_backoff_ms: BackoffMs::new(1000).unwrap(),
            jitter_percent: Percent::new(jitter).unwrap(),
            multiplier_percent: None,
            retry_budget_percent: None,
            retry_budget_min: None,
        };
        let backoff = Backoff::new(policy, 42);
        (1..=6).map_while(|attempt| backoff.backoff_us(7, attempt)).collect()
    }

    #[test]
    fn sleeps_are_exact_to_the_bit() {
        assert_eq!(sleeps(100), [61_830, 151_305, 36_913, 546_738, 362_822]);
        assert_eq!(sleeps(20), [92_366, 190_261, 327_382, 749_348, 872_564]);
        assert_eq!(sleeps(0), [100_000, 200_000, 400_000, 800_000, 1_000_000]);
    }
}
