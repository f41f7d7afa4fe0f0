//! The latencies of a run, and what is reported of them.

use super::confidence::{nearest_rank, upper_rank};

/// What is known of the latencies of successful requests, in microseconds.
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
    /// The upper 95 % confidence bound of the 95th percentile, by order statistics; none where
    /// there are too few requests for one, less than 59.
    pub p95_upper_us: Option<u64>,
    /// How they are distributed: 101 percentiles by nearest rank, from the shortest latency, the
    /// 0th, to the longest, the 100th.
    pub percentiles_us: Vec<u64>,
}

/// All latencies, in little memory: those above an hour are rare.
#[derive(Default)]
pub(super) struct Latencies {
    short: Vec<u32>,
    long: Vec<u64>,
    sum_us: u128,
}

impl Latencies {
    pub(super) fn record(&mut self, us: u64) {
        self.sum_us += u128::from(us);
        match u32::try_from(us) {
            Ok(us) => self.short.push(us),
            Err(_) => self.long.push(us),
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.short.len() as u64 + self.long.len() as u64
    }

    /// What is reported; none where there is no latency.
    pub(super) fn figures(mut self) -> Option<Latency> {
        let number = self.len();
        let mean = self.sum_us.checked_div(number.into())?;
        self.short.sort_unstable();
        self.long.sort_unstable();
        let nearest = |percent: u64| self.ranked(nearest_rank(percent, 100, number));
        Some(Latency {
            p50_us: nearest(50)?,
            p95_us: nearest(95)?,
            p99_us: nearest(99)?,
            mean_us: u64::try_from(mean).ok()?,
            p95_upper_us: upper_rank(number).and_then(|rank| self.ranked(rank)),
            percentiles_us: (0..=100).map(nearest).collect::<Option<_>>()?,
        })
    }

    /// The latency of a rank from 1, once they are sorted.
    fn ranked(&self, rank: u64) -> Option<u64> {
        let index = usize::try_from(rank.checked_sub(1)?).ok()?;
        let short = self.short.get(index).copied().map(u64::from);
        short.or_else(|| self.long.get(index - self.short.len()).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(latencies: impl IntoIterator<Item = u64>) -> Option<Latency> {
        let mut recorded = Latencies::default();
        latencies.into_iter().for_each(|us| recorded.record(us));
        recorded.figures()
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let one = figures([7]).unwrap();
        assert_eq!((one.p50_us, one.p95_us, one.p99_us, one.mean_us), (7, 7, 7, 7));
        let hundred = figures((1..=100).rev()).unwrap();
        assert_eq!((hundred.p50_us, hundred.p95_us, hundred.p99_us), (50, 95, 99));
        assert_eq!((hundred.mean_us, hundred.p95_upper_us), (50, Some(99)));
        assert!(hundred.percentiles_us.into_iter().eq([1].into_iter().chain(1..=100)));
        assert_eq!(figures(1..=101).unwrap().p50_us, 51);
        assert_eq!(figures([5, 9]).unwrap().percentiles_us[50..=51], [5, 9]);
        assert_eq!(figures([]), None);
    }

    #[test]
    fn latencies_above_an_hour_come_last() {
        let hour = 1 << 32;
        let mixed = figures([hour + 9, 3, hour, 1]).unwrap();
        assert_eq!((mixed.p50_us, mixed.p95_us), (3, hour + 9));
        assert_eq!(mixed.mean_us, (2 * hour + 13) / 4);
    }
}
