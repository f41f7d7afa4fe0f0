//! Measures the dependence between consecutive latencies.
//!
//! A run is split into 20 to 64 batches of equal length. Each batch has two counts: the number of
//! latencies above the percentile to be bounded, and the number of latencies above the median. Both
//! thresholds are percentiles of the run. If the counts of consecutive batches are correlated, the
//! run is too short for a bound. Otherwise, the variance of the counts exceeds the variance of
//! independent latencies by some factor, for single batches or for groups of two or four. The
//! number of latencies divided by the largest factor is the number of independent latencies that
//! the run is worth. Groups are needed because a dependence that lasts longer than a batch is
//! visible only over several batches.

/// The minimum number of batches.
const FEWEST: u64 = 20;
/// The maximum number of batches.
const MOST: u64 = 64;
/// The length of a batch, if there are enough latencies for more batches than the minimum.
const LENGTH: u64 = 100;
/// A correlation of 1, in parts per million.
const WHOLE: i128 = 1_000_000;
/// The excess variance of counts that chance can explain: 1.8 standard deviations, in thousandths.
const VARIED: i128 = 1_800;
/// The numbers of consecutive batches in a group.
const SCALES: [u64; 3] = [1, 2, 4];

/// Returns the threshold for a correlation. Its unit is a thousandth of the standard deviation that
/// the correlation has for independent latencies. With this threshold, 5% of sets of `runs`
/// independent runs, with two counts each, look correlated.
const fn deviations(runs: u64) -> i128 {
    match runs {
        0 | 1 => 1_960,
        2 => 2_241,
        3 | 4 => 2_498,
        5 => 2_576,
        6..=10 => 2_807,
        11..=20 => 3_023,
        21..=50 => 3_291,
        _ => 3_481,
    }
}

/// The dependence of a run's latencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dependence {
    /// The latencies are worth this many independent latencies, which is at most their number.
    Worth(u64),
    /// Consecutive batches are correlated. A run that is `times` as long is long enough.
    Correlated { times: u64 },
}

/// Returns the dependence of latencies, which must be in the order in which their requests ended.
/// `runs` runs are judged together. `median` and `tail` are percentiles of this run.
pub(crate) fn dependence(
    latencies: impl Iterator<Item = u64>,
    number: u64,
    [median, tail]: [u64; 2],
    runs: u64,
) -> Dependence {
    let batches = (number / LENGTH).clamp(FEWEST, MOST);
    let length = number / batches;
    if length == 0 {
        return Dependence::Worth(number);
    }
    let mut above = [vec![0_i128; usize_of(batches)], vec![0_i128; usize_of(batches)]];
    for (index, latency) in (0..batches * length).zip(latencies) {
        let batch = usize_of(index / length);
        above[0][batch] += i128::from(latency > median);
        above[1][batch] += i128::from(latency > tail);
    }
    let counts = above.each_ref().map(|above| Counts::of(above, length.into()));
    if counts.iter().any(|counts| counts.are_correlated(runs)) {
        let correlation = counts.iter().map(Counts::correlation).max().unwrap_or_default();
        return Dependence::Correlated { times: times_until_uncorrelated(correlation) };
    }
    let mut worth = number;
    for (above, scale) in above.iter().flat_map(|above| SCALES.map(|scale| (above, scale))) {
        let together: Vec<i128> =
            above.chunks_exact(usize_of(scale)).map(|counts| counts.iter().sum()).collect();
        let counts = Counts::of(&together, (length * scale).into());
        worth = worth.min(counts.independent(number, batches.into()));
    }
    Dependence::Worth(worth)
}

/// The counts of all batches.
struct Counts {
    batches: i128,
    length: i128,
    total: i128,
    /// The sum of squared deviations from the mean, multiplied by the square of the number of
    /// batches.
    squares: i128,
    /// The sum of the products of consecutive deviations, multiplied by the square of the number of
    /// batches.
    products: i128,
}

impl Counts {
    fn of(counts: &[i128], length: i128) -> Self {
        let batches = counts.len() as i128;
        let total: i128 = counts.iter().sum();
        let deviations: Vec<_> = counts.iter().map(|count| count * batches - total).collect();
        let squares = deviations.iter().map(|deviation| deviation * deviation).sum();
        let products = deviations.windows(2).map(|pair| pair[0] * pair[1]).sum();
        Self { batches, length, total, squares, products }
    }

    /// Returns the correlation of consecutive batches, in parts per million.
    fn correlation(&self) -> i128 {
        (self.products * WHOLE).checked_div(self.squares).unwrap_or_default()
    }

    /// Returns true if consecutive batches are correlated. The correlation of independent batches
    /// has a mean of −1/batches and a standard deviation of 1/√batches.
    fn are_correlated(&self, runs: u64) -> bool {
        let deviation = self.correlation() * self.batches + WHOLE;
        let limit = deviations(runs).pow(2) * self.batches * WHOLE;
        self.squares > 0 && deviation > 0 && deviation * deviation > limit
    }

    /// Returns the number of independent latencies that would have this variance. Returns `number`
    /// if chance can explain the variance, given at most `most_batches` batches.
    fn independent(&self, number: u64, most_batches: i128) -> u64 {
        let Self { batches, length, total, squares, .. } = *self;
        let binomial = (batches - 1) * total * (batches * length - total);
        let Some(factor) = (squares * length * 1_000).checked_div(binomial) else { return number };
        let more = factor - 1_000;
        if more <= 0 || more * more * (most_batches - 1) < 2 * VARIED * VARIED {
            return number;
        }
        let worth = i128::from(number) * binomial / (squares * length);
        u64::try_from(worth).unwrap_or(number).min(number)
    }
}

/// Returns the smallest factor by which a run must be longer so that the correlation is at most
/// 0.2. `correlation` is in parts per million. The correlation is assumed to fall geometrically
/// with the length of the run.
fn times_until_uncorrelated(correlation: i128) -> u64 {
    let (mut times, mut left) = (1, correlation);
    while 5 * left > WHOLE {
        left = left * correlation / WHOLE;
        times += 1;
    }
    times.max(2)
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns independent numbers below 1000 (`SplitMix64`).
    fn independent(number: u64) -> Vec<u64> {
        let mixed = |state: u64| {
            let state = state.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (state ^ (state >> 31)) % 1000
        };
        (1..=number).map(mixed).collect()
    }

    fn of(latencies: &[u64]) -> Dependence {
        dependence_of(latencies, 1)
    }

    fn dependence_of(latencies: &[u64], runs: u64) -> Dependence {
        let mut sorted = latencies.to_vec();
        sorted.sort_unstable();
        let number = latencies.len();
        let at = |percent: usize| sorted[(percent * number).div_ceil(100) - 1];
        let quantiles = [at(50), at(95)];
        dependence(latencies.iter().copied(), number as u64, quantiles, runs)
    }

    #[test]
    fn every_independent_latency_counts() {
        for number in [59, 400, 3_000, 30_000] {
            assert_eq!(of(&independent(number)), Dependence::Worth(number), "{number}");
        }
    }

    #[test]
    fn groups_of_ten_equal_latencies_count_as_about_one_latency_each() {
        let tens: Vec<_> =
            independent(3_000).into_iter().flat_map(|us| std::iter::repeat_n(us, 10)).collect();
        let Dependence::Worth(worth) = of(&tens) else { panic!("no neighbours are correlated") };
        assert!((1_500..6_000).contains(&worth), "{worth}");
    }

    /// In two of thirty batches, two fifths of the latencies are slow. The factor is 18.0 for
    /// single batches and 36.6 for pairs.
    #[test]
    fn slow_period_across_batches_is_detected() {
        let mut spell = independent(3_000);
        spell[1_200..1_400].iter_mut().filter(|us| **us < 400).for_each(|us| *us += 1_000);
        assert_eq!(dependence_of(&spell, u64::MAX), Dependence::Worth(81));
    }

    #[test]
    fn rising_latencies_are_correlated() {
        let rising: Vec<_> = (0..10_000).collect();
        let Dependence::Correlated { times } = of(&rising) else { panic!("they rise") };
        assert!(times > 2, "{times}");
    }

    #[test]
    fn equal_latencies_are_not_correlated() {
        assert_eq!(of(&[7; 1_000]), Dependence::Worth(1_000));
    }

    #[test]
    fn higher_correlation_needs_longer_run() {
        assert_eq!(times_until_uncorrelated(400_000), 2);
        assert_eq!(times_until_uncorrelated(500_000), 3);
        assert_eq!(times_until_uncorrelated(900_000), 16);
    }
}
