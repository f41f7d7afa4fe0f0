//! The number of operations that arrive in a workload.

use crate::model::{Arrival, Workload};

/// Nanoseconds in a thousand seconds.
const KSEC_NS: u128 = 1_000_000_000_000;
/// Nanoseconds in a millisecond.
const MS_NS: u128 = 1_000_000;

impl Workload {
    /// Returns the arrival rate during a burst, per 1000 s. If there is no burst, returns the plain
    /// rate.
    pub fn burst_rate(&self) -> u128 {
        let rate = u128::from(self.rate_ops_per_ksec.get());
        self.burst.map_or(rate, |burst| rate * u128::from(burst.percent().get()) / 100)
    }

    /// Returns the expected number of arrivals in a run, rounded up. Returns `None` if arrivals in
    /// a burst are less than a nanosecond apart.
    pub fn expected_arrivals(&self) -> Option<u128> {
        if self.burst_rate() > KSEC_NS {
            return None;
        }
        let whole = self.warmup_ms.get() + self.duration_ms.get();
        let on = self.burst_ms_before(whole);
        let off = u128::from(whole) - on;
        let rate = u128::from(self.rate_ops_per_ksec.get());
        Some(((off * rate + on * self.burst_rate()) * MS_NS).div_ceil(KSEC_NS))
    }

    /// Returns the highest expected number of arrivals between two times, which are in
    /// milliseconds. With equal gaps, there are never more arrivals.
    ///
    /// Gaps are whole nanoseconds. The gap that is in progress at the start adds one arrival, as
    /// does each gap that spans a change of the rate.
    pub fn most_arrivals(&self, start_ms: u64, end_ms: u64) -> u128 {
        let on = self.burst_ms_before(end_ms) - self.burst_ms_before(start_ms);
        let off = u128::from(end_ms - start_ms) - on;
        let steady = arrivals(off, self.rate_ops_per_ksec.get().into(), self.arrival);
        let periods =
            self.burst.map_or(0, |burst| (end_ms - start_ms) / burst.period_ms().get() + 1);
        steady + arrivals(on, self.burst_rate(), self.arrival) + 1 + u128::from(periods)
    }

    /// Returns the lowest expected number of arrivals between two times, which are in milliseconds.
    /// With equal gaps, there are never fewer arrivals. Each change of the rate can remove one
    /// arrival.
    pub fn fewest_arrivals(&self, start_ms: u64, end_ms: u64) -> u128 {
        let on = self.burst_ms_before(end_ms) - self.burst_ms_before(start_ms);
        let off = u128::from(end_ms - start_ms) - on;
        let rate = u128::from(self.rate_ops_per_ksec.get());
        let periods =
            self.burst.map_or(0, |burst| (end_ms - start_ms) / burst.period_ms().get() + 1);
        let expected = (off * rate + on * self.burst_rate()) * MS_NS / KSEC_NS;
        expected.saturating_sub(2 * (1 + u128::from(periods)))
    }

    /// Returns the total duration of bursts before a time, in milliseconds.
    fn burst_ms_before(&self, end_ms: u64) -> u128 {
        let Some(burst) = self.burst else { return 0 };
        let (period, on) = (burst.period_ms().get(), burst.on_ms().get());
        (end_ms / period * on + (end_ms % period).min(on)).into()
    }
}

/// Returns the arrivals in a number of milliseconds, rounded up. An exponential gap in whole
/// nanoseconds is shorter than the exact gap, by up to half a nanosecond on average.
fn arrivals(ms: u128, rate: u128, arrival: Arrival) -> u128 {
    let gap_ns = KSEC_NS / rate.max(1);
    let half_ns = match arrival {
        Arrival::Poisson => 2 * gap_ns - gap_ns.min(1),
        Arrival::Constant => 2 * gap_ns,
    };
    (2 * ms * MS_NS).div_ceil(half_ns.max(1))
}
