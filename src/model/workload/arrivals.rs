//! How many operations of a workload arrive.

use crate::model::{Arrival, Workload};

/// Nanoseconds in a thousand seconds.
const KSEC_NS: u128 = 1_000_000_000_000;
/// Nanoseconds in a millisecond.
const MS_NS: u128 = 1_000_000;

impl Workload {
    /// The operations that arrive in 1000 seconds of burst; 0 where they come to nothing. Without
    /// a burst the rate itself.
    pub fn burst_rate(&self) -> u128 {
        let rate = u128::from(self.rate_ops_per_ksec.get());
        self.burst.map_or(rate, |burst| rate * u128::from(burst.percent().get()) / 100)
    }

    /// The arrivals that a run is expected to have, rounded up; none where bursts leave less
    /// than a nanosecond between two of them.
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

    /// The most arrivals from one time of the run to another that can be expected, times in
    /// milliseconds; at equal gaps never more.
    ///
    /// Gaps are whole nanoseconds. The gap under way at the start counts one arrival, and so does
    /// each gap that runs on over a change of the rate.
    pub fn most_arrivals(&self, start_ms: u64, end_ms: u64) -> u128 {
        let on = self.burst_ms_before(end_ms) - self.burst_ms_before(start_ms);
        let off = u128::from(end_ms - start_ms) - on;
        let steady = arrivals(off, self.rate_ops_per_ksec.get().into(), self.arrival);
        let periods =
            self.burst.map_or(0, |burst| (end_ms - start_ms) / burst.period_ms().get() + 1);
        steady + arrivals(on, self.burst_rate(), self.arrival) + 1 + u128::from(periods)
    }

    /// The arrivals from one time of the run to another that can be expected at least, times in
    /// milliseconds; at equal gaps never fewer. Each change of the rate may cost one.
    pub fn fewest_arrivals(&self, start_ms: u64, end_ms: u64) -> u128 {
        let on = self.burst_ms_before(end_ms) - self.burst_ms_before(start_ms);
        let off = u128::from(end_ms - start_ms) - on;
        let rate = u128::from(self.rate_ops_per_ksec.get());
        let periods =
            self.burst.map_or(0, |burst| (end_ms - start_ms) / burst.period_ms().get() + 1);
        let expected = (off * rate + on * self.burst_rate()) * MS_NS / KSEC_NS;
        expected.saturating_sub(2 * (1 + u128::from(periods)))
    }

    /// How much of the run before this time is burst, in milliseconds.
    fn burst_ms_before(&self, end_ms: u64) -> u128 {
        let Some(burst) = self.burst else { return 0 };
        let (period, on) = (burst.period_ms().get(), burst.on_ms().get());
        (end_ms / period * on + (end_ms % period).min(on)).into()
    }
}

/// Arrivals in so many milliseconds at a rate in 1000 s, rounded up. The mean of whole
/// nanoseconds of an exponential gap is up to half a nanosecond shorter.
fn arrivals(ms: u128, rate: u128, arrival: Arrival) -> u128 {
    let gap_ns = KSEC_NS / rate.max(1);
    let half_ns = match arrival {
        Arrival::Poisson => 2 * gap_ns - gap_ns.min(1),
        Arrival::Constant => 2 * gap_ns,
    };
    (2 * ms * MS_NS).div_ceil(half_ns.max(1))
}
