//! The number of operations that arrive in a workload.

use crate::model::{Arrival, Trigger, Workload};

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

    /// Returns the arrival rate, per 1000 s and rounded down, within or outside bursts and during
    /// or outside the trigger.
    pub fn rate(&self, in_burst: bool, triggered: bool) -> u128 {
        let rate = if in_burst { self.burst_rate() } else { self.rate_ops_per_ksec.get().into() };
        let percent = self.trigger.filter(|_| triggered).map_or(100, Trigger::rate_percent);
        rate * u128::from(percent) / 100
    }

    /// Returns the expected number of arrivals in a run, rounded up. Returns `None` if arrivals can
    /// be less than a nanosecond apart.
    pub fn expected_arrivals(&self) -> Option<u128> {
        let whole = self.warmup_ms.get() + self.duration_ms.get();
        let phases = self.phases(0, whole);
        let [_, highest] = self.extreme_rates();
        let arrivals = phases.iter().map(|phase| phase.ms * phase.rate).sum::<u128>();
        (highest <= KSEC_NS).then(|| (arrivals * MS_NS).div_ceil(KSEC_NS))
    }

    /// Returns the highest expected number of arrivals between two times, which are in
    /// milliseconds. With equal gaps, there are never more arrivals.
    ///
    /// Gaps are whole nanoseconds. The gap that is in progress at the start adds one arrival, as
    /// does each gap that spans a change of the rate.
    pub fn most_arrivals(&self, start_ms: u64, end_ms: u64) -> u128 {
        let phases = self.phases(start_ms, end_ms);
        let arrivals = phases.iter().map(|phase| arrivals(phase.ms, phase.rate, self.arrival));
        arrivals.sum::<u128>() + 1 + self.rate_changes(start_ms, end_ms)
    }

    /// Returns the lowest expected number of arrivals between two times, which are in milliseconds.
    /// With equal gaps, there are never fewer arrivals. A gap at the lowest rate that spans a change
    /// to the highest rate removes as many arrivals as the highest rate has in this gap.
    pub fn fewest_arrivals(&self, start_ms: u64, end_ms: u64) -> u128 {
        let phases = self.phases(start_ms, end_ms);
        let expected = phases.iter().map(|phase| phase.ms * phase.rate).sum::<u128>();
        let expected = expected * MS_NS / KSEC_NS;
        let [lowest, highest] = self.extreme_rates();
        let removed = 1 + highest.div_ceil(lowest.max(1));
        expected.saturating_sub(removed * (1 + self.rate_changes(start_ms, end_ms)))
    }

    /// Returns the lowest and the highest arrival rate.
    fn extreme_rates(&self) -> [u128; 2] {
        let rates = [(false, false), (false, true), (true, false), (true, true)]
            .map(|(in_burst, triggered)| self.rate(in_burst, triggered));
        rates
            .into_iter()
            .fold([u128::MAX, 0], |[lowest, highest], rate| [lowest.min(rate), highest.max(rate)])
    }

    /// Returns the maximum number of bursts and of starts and ends of triggers between two times.
    fn rate_changes(&self, start_ms: u64, end_ms: u64) -> u128 {
        let periods =
            self.burst.map_or(0, |burst| (end_ms - start_ms) / burst.period_ms().get() + 1);
        u128::from(periods) + u128::from(self.trigger.is_some()) * 2
    }

    /// Returns the duration of each combination of burst and trigger between two times, and its
    /// rate.
    fn phases(&self, start_ms: u64, end_ms: u64) -> [Phase; 4] {
        let of = |from: u64, to: u64, triggered: bool| {
            let on = self.burst_ms_before(to) - self.burst_ms_before(from);
            let off = u128::from(to - from) - on;
            [(on, true), (off, false)]
                .map(|(ms, in_burst)| Phase { ms, rate: self.rate(in_burst, triggered) })
        };
        let (from, to) = self.trigger.map_or((end_ms, end_ms), |trigger| {
            let inside = |ms: u64| ms.clamp(start_ms, end_ms);
            (inside(trigger.start_ms.get()), inside(trigger.end_ms()))
        });
        let [before, after] = [of(start_ms, from, false), of(to, end_ms, false)];
        let [triggered_on, triggered_off] = of(from, to, true);
        let both = |index: usize| Phase {
            ms: before[index].ms + after[index].ms,
            rate: before[index].rate,
        };
        [both(0), both(1), triggered_on, triggered_off]
    }

    /// Returns the total duration of bursts before a time, in milliseconds.
    fn burst_ms_before(&self, end_ms: u64) -> u128 {
        let Some(burst) = self.burst else { return 0 };
        let (period, on) = (burst.period_ms().get(), burst.on_ms().get());
        (end_ms / period * on + (end_ms % period).min(on)).into()
    }
}

/// A part of a run with the same arrival rate.
#[derive(Clone, Copy)]
struct Phase {
    ms: u128,
    /// The arrival rate per 1000 s.
    rate: u128,
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
