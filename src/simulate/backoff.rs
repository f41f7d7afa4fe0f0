//! The backoff of a request before its next attempt.

use super::random::{Purpose, Stream};
use crate::model::RetryPolicy;

/// The backoffs of a policy under one seed.
pub(super) struct Backoff {
    /// The nominal backoff after each attempt, except the last attempt.
    nominal_us: Vec<u64>,
    jitter_percent: u64,
    jitter: Stream,
}

impl Backoff {
    pub(super) fn new(policy: RetryPolicy, seed: u64) -> Self {
        Self {
            nominal_us: policy.backoffs_ms().map(|ms| ms * 1000).collect(),
            jitter_percent: policy.jitter_percent.get(),
            jitter: Stream::new(seed, Purpose::Jitter),
        }
    }

    /// Returns the backoff after an attempt of a request, in microseconds, or `None` after the last
    /// attempt.
    pub(super) fn backoff_us(&self, request: u64, attempt: u16) -> Option<u64> {
        let nominal = *self.nominal_us.get(usize::from(attempt).checked_sub(1)?)?;
        let random = nominal * self.jitter_percent / 100;
        let draw = self.jitter.draw(request, attempt.into());
        Some(nominal - random + draw.below(random + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Attempts, BackoffMs, Percent};

    fn backoffs(jitter: u64) -> Vec<u64> {
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
    fn backoffs_are_exact_to_last_bit() {
        assert_eq!(backoffs(100), [61_830, 151_305, 36_913, 546_738, 362_822]);
        assert_eq!(backoffs(20), [92_366, 190_261, 327_382, 749_348, 872_564]);
        assert_eq!(backoffs(0), [100_000, 200_000, 400_000, 800_000, 1_000_000]);
    }
}
