//! The latencies of a run, and the figures that are computed from them.

use super::{
    batches::{Dependence, dependence},
    confidence::{Tail, UpperBound, nearest_rank, upper_bound},
};

/// The latencies of successful requests, in microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latency {
    /// The median, by nearest rank.
    pub p50_us: u64,
    /// The 95th percentile, by nearest rank.
    pub p95_us: u64,
    /// The 99th percentile, by nearest rank.
    pub p99_us: u64,
    /// The mean, rounded down.
    pub mean_us: u64,
    /// The upper 95% confidence bound of the 95th percentile. `None` for fewer than 59 requests, or
    /// if the run is too short for a bound.
    pub p95_upper_us: Option<u64>,
    /// The factor by which a run must be longer to bound the 95th percentile, if this run is too
    /// short because consecutive batches of latencies are correlated.
    pub longer_run: Option<u64>,
    /// The upper 95% confidence bound of the 99th percentile. `None` for fewer than 299 requests,
    /// or if the run is too short for a bound.
    pub p99_upper_us: Option<u64>,
    /// The factor by which a run must be longer to bound the 99th percentile, if this run is too
    /// short because consecutive batches of latencies are correlated.
    pub p99_longer_run: Option<u64>,
    /// The distribution: 101 percentiles by nearest rank, from the shortest latency (the 0th) to
    /// the longest (the 100th).
    pub percentiles_us: Vec<u64>,
}

/// The mark of a latency that is stored separately.
const LONG: u32 = u32::MAX;

/// All latencies, in the order in which their requests ended. The storage is compact, because
/// latencies above an hour are rare.
#[derive(Default)]
pub(super) struct Latencies {
    short: Vec<u32>,
    long: Vec<u64>,
    sum_us: u128,
}

impl Latencies {
    pub(super) fn record(&mut self, us: u64) {
        self.sum_us += u128::from(us);
        let short = u32::try_from(us).unwrap_or(LONG);
        self.short.push(short);
        if short == LONG {
            self.long.push(us);
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.short.len() as u64
    }

    /// Returns the figures of one of `runs` runs, or `None` if there are no latencies.
    pub(super) fn figures(mut self, runs: u64) -> Option<Latency> {
        let number = self.len();
        let mean = self.sum_us.checked_div(number.into())?;
        let [p95, p99] = [Tail::P95, Tail::P99].map(|tail| self.bound(tail, runs));
        let ((p95, longer_run), (p99, p99_longer_run)) = (p95?, p99?);
        self.short.sort_unstable();
        self.long.sort_unstable();
        let nearest = |percent: u64| self.ranked(nearest_rank(percent, 100, number));
        Some(Latency {
            p50_us: nearest(50)?,
            p95_us: nearest(95)?,
            p99_us: nearest(99)?,
            mean_us: u64::try_from(mean).ok()?,
            p95_upper_us: p95.and_then(|rank| self.ranked(rank)),
            longer_run,
            p99_upper_us: p99.and_then(|rank| self.ranked(rank)),
            p99_longer_run,
            percentiles_us: (0..=100).map(nearest).collect::<Option<_>>()?,
        })
    }

    /// Returns the rank of the upper bound of a percentile, or the factor by which a run must be
    /// longer to have a bound.
    fn bound(&self, tail: Tail, runs: u64) -> Option<(Option<u64>, Option<u64>)> {
        let dependence = self.dependence(tail, runs)?;
        Some(match upper_bound(tail, self.len(), dependence) {
            UpperBound::Rank(rank) => (Some(rank), None),
            UpperBound::Longer { times } => (None, Some(times)),
            UpperBound::TooFew => (None, None),
        })
    }

    /// Returns the dependence of the latencies, which must be in their original order.
    fn dependence(&self, tail: Tail, runs: u64) -> Option<Dependence> {
        let number = self.len();
        let quantile = |percent: u64| self.selected(nearest_rank(percent, 100, number));
        let quantiles = [quantile(50)?, quantile(tail.percent())?];
        let mut long = self.long.iter().copied();
        let ordered = self.short.iter().map(|short| match *short {
            LONG => long.next().unwrap_or(u64::MAX),
            short => short.into(),
        });
        Some(dependence(ordered, number, quantiles, runs))
    }

    /// Returns the latency of a rank, counted from 1. Finds the upper half of its bits and then the
    /// lower half, because a sorted copy would double the memory.
    fn selected(&self, rank: u64) -> Option<u64> {
        let short = self.short.len() - self.long.len();
        if let Some(rank) = usize::try_from(rank).ok()?.checked_sub(short + 1) {
            let mut long = self.long.clone();
            return Some(*long.select_nth_unstable(rank).1);
        }
        let (upper, rank) = bucket(self.short.iter().map(|us| us >> 16), rank)?;
        let within = self.short.iter().filter(|us| *us >> 16 == upper);
        let (lower, _) = bucket(within.map(|us| us & 0xFFFF), rank)?;
        Some((upper << 16 | lower).into())
    }

    /// Returns the latency of a rank, counted from 1, after sorting.
    fn ranked(&self, rank: u64) -> Option<u64> {
        let index = usize::try_from(rank.checked_sub(1)?).ok()?;
        let short = self.short.len() - self.long.len();
        if index < short {
            return self.short.get(index).copied().map(u64::from);
        }
        self.long.get(index - short).copied()
    }
}

/// Returns the number below 2^16 that has a rank, counted from 1, and the rank among the numbers
/// that are equal to it.
fn bucket(numbers: impl Iterator<Item = u32>, rank: u64) -> Option<(u32, u64)> {
    let mut counts = vec![0_u64; 1 << 16];
    for number in numbers {
        counts[number as usize] += 1;
    }
    let mut left = rank;
    for (number, count) in (0..).zip(counts) {
        if left <= count {
            return Some((number, left));
        }
        left -= count;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(latencies: impl IntoIterator<Item = u64>) -> Option<Latency> {
        let mut recorded = Latencies::default();
        latencies.into_iter().for_each(|us| recorded.record(us));
        recorded.figures(5)
    }

    #[test]
    fn percentiles_use_nearest_rank() {
        let one = figures([7]).unwrap();
        assert_eq!((one.p50_us, one.p95_us, one.p99_us, one.mean_us), (7, 7, 7, 7));
        let hundred = figures((1..=100).rev()).unwrap();
        assert_eq!((hundred.p50_us, hundred.p95_us, hundred.p99_us), (50, 95, 99));
        assert_eq!(hundred.mean_us, 50);
        assert!(hundred.percentiles_us.into_iter().eq([1].into_iter().chain(1..=100)));
        assert_eq!(figures(1..=101).unwrap().p50_us, 51);
        assert_eq!(figures([5, 9]).unwrap().percentiles_us[50..=51], [5, 9]);
        assert_eq!(figures([]), None);
    }

    #[test]
    fn p95_has_upper_bound_unless_latencies_are_correlated() {
        let scattered = figures((1..=100).map(|number| number * 37 % 101)).unwrap();
        assert_eq!((scattered.p95_us, scattered.p95_upper_us), (95, Some(99)));
        let rising = figures(1..=100).unwrap();
        assert_eq!((rising.p95_us, rising.p95_upper_us), (95, None));
    }

    #[test]
    fn p99_of_299_uncorrelated_latencies_has_bound() {
        let scattered = |number: u64| figures((1..=number).map(|it| it * 37 % (number + 1)));
        let enough = scattered(299).unwrap();
        assert_eq!((enough.p99_us, enough.p99_upper_us), (297, Some(299)));
        let few = scattered(298).unwrap();
        assert_eq!((few.p99_upper_us, few.p99_longer_run), (None, None));
        assert!(few.p95_upper_us.is_some());
        let rising = figures(1..=1_000).unwrap();
        assert_eq!(rising.p99_upper_us, None);
        assert!(rising.p99_longer_run.is_some_and(|times| times >= 2));
    }

    #[test]
    fn latencies_above_one_hour_are_sorted_last() {
        let hour = 1 << 32;
        let mixed = figures([hour + 9, 3, hour, 1]).unwrap();
        assert_eq!((mixed.p50_us, mixed.p95_us), (3, hour + 9));
        assert_eq!(mixed.mean_us, (2 * hour + 13) / 4);
    }

    #[test]
    fn selected_latency_equals_sorted_latency() {
        let hour = 1 << 32;
        let mut values =
            vec![5, 70_000, hour + 1, 65_535, 65_536, 70_001, hour, u64::from(LONG), 5];
        let mut recorded = Latencies::default();
        for us in &values {
            recorded.record(*us);
        }
        values.sort_unstable();
        for (rank, us) in (1..).zip(values) {
            assert_eq!(recorded.selected(rank), Some(us), "{rank}");
        }
    }
}
