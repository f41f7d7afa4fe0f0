//! The retry budget of a driver.

use crate::model::{RetryBudgetMin, RetryPolicy};

/// The maximum number of requests that can retry at the same time, and their current number.
pub(super) struct RetryBudget {
    percent: u64,
    min: u64,
    retrying: u64,
}

impl RetryBudget {
    pub(super) fn new(policy: RetryPolicy) -> Option<Self> {
        let percent = policy.retry_budget_percent?.get();
        let min = policy.retry_budget_min.map(RetryBudgetMin::get);
        let min = min.unwrap_or(RetryPolicy::DEFAULT_RETRY_BUDGET_MIN);
        Some(Self { percent, min, retrying: 0 })
    }

    /// Returns true if a request can retry, and then counts the request as retrying. `alive` is the
    /// number of requests that have not ended.
    pub(super) fn allows(&mut self, already_retrying: bool, alive: u64) -> bool {
        let retrying = self.retrying + u64::from(!already_retrying);
        let allows = retrying <= self.min || 100 * retrying <= self.percent * alive;
        if allows {
            self.retrying = retrying;
        }
        allows
    }

    /// Counts the end of a request.
    pub(super) fn end(&mut self, was_retrying: bool) {
        self.retrying -= u64::from(was_retrying);
    }
}
