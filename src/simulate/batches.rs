//! How far latencies that follow each other depend on each other.
//!
//! A run is cut into 20 to 64 batches of equal length. Two counts are made in each: the latencies
//! above the run's p95, and those above its median. If the counts of neighbouring batches are
//! correlated, the run is too short to bound p95. Otherwise the counts above p95 vary by some
//! factor more than those of independent latencies would, and the run is worth as many
//! independent latencies as it has, divided by that factor.

/// The fewest batches.
const FEWEST: u64 = 20;
/// The most batches.
const MOST: u64 = 64;
/// The latencies that a batch has where there are enough for more than the fewest batches.
const LENGTH: u64 = 100;
/// Parts of a correlation that are the whole.
const WHOLE: i128 = 1_000_000;
/// The share of p95 counts that vary by chance alone: 1.8 standard deviations, in thousandths.
const VARIED: i128 = 1_800;

/// How often a run may count as correlated by chance.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Test {
    /// One run by itself, of which no other one is known.
    Alone,
    /// One of so many runs that are judged together, so that together they seldom do.
    OneOf(u64),
}

impl Test {
    /// How strong the correlation must be, in thousandths of its standard deviation under
    /// independence: beyond it lie 5 % for a run by itself. Several runs share 5 % with two counts
    /// each.
    const fn deviations(self) -> i128 {
        match self {
            Self::Alone => 1_645,
            Self::OneOf(0 | 1) => 1_960,
            Self::OneOf(2) => 2_241,
            Self::OneOf(3 | 4) => 2_498,
            Self::OneOf(5) => 2_576,
            Self::OneOf(6..=10) => 2_807,
            Self::OneOf(11..=20) => 3_023,
            Self::OneOf(21..=50) => 3_291,
            Self::OneOf(_) => 3_481,
        }
    }
}

/// What the order of a run's latencies says of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dependence {
    /// They are as good as so many independent latencies, at most as many as there are.
    Worth(u64),
    /// Neighbouring batches are correlated. A run of so many times the length would do.
    Correlated { times: u64 },
}

/// The dependence of so many latencies in the order in which their requests ended. `median` and
/// `p95` are those of the run.
pub(crate) fn dependence(
    latencies: impl Iterator<Item = u64>,
    number: u64,
    [median, p95]: [u64; 2],
    test: Test,
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
        above[1][batch] += i128::from(latency > p95);
    }
    let [of_median, of_p95] = above.map(|counts| Counts::of(&counts, length.into()));
    let correlation = of_median.correlation().max(of_p95.correlation());
    if of_median.is_correlated(test) || of_p95.is_correlated(test) {
        return Dependence::Correlated { times: times_until_uncorrelated(correlation) };
    }
    Dependence::Worth(of_p95.independent(number))
}

/// The counts of all batches.
struct Counts {
    batches: i128,
    length: i128,
    total: i128,
    /// The sum of squared deviations from the mean, times the square of the number of batches.
    squares: i128,
    /// The same of products of neighbouring deviations.
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

    /// The correlation of neighbouring batches, in parts of a million.
    fn correlation(&self) -> i128 {
        (self.products * WHOLE).checked_div(self.squares).unwrap_or_default()
    }

    /// Independent batches have a correlation of −1/batches on average, with a standard deviation
    /// of 1/√batches.
    fn is_correlated(&self, test: Test) -> bool {
        let deviation = self.correlation() * self.batches + WHOLE;
        let limit = test.deviations().pow(2) * self.batches * WHOLE;
        self.squares > 0 && deviation > 0 && deviation * deviation > limit
    }

    /// How many of so many latencies would vary as much if they were independent. The correlation
    /// that is left between neighbours adds to the variance.
    fn independent(&self, number: u64) -> u64 {
        let Self { batches, length, total, squares, products } = *self;
        let binomial = (batches - 1) * total * (batches * length - total);
        let Some(factor) = (squares * length * 1_000).checked_div(binomial) else { return number };
        let more = factor - 1_000;
        if more <= 0 || more * more * (batches - 1) < 2 * VARIED * VARIED {
            return number;
        }
        let variance = (squares + 2 * products.max(0)) * length;
        let worth = i128::from(number) * binomial / variance;
        u64::try_from(worth).unwrap_or(number).min(number)
    }
}

/// The lowest number of lengths after which a correlation, in parts of a million, that falls by
/// the same factor with each length is at most a fifth.
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

    /// Numbers that do not depend on each other (`SplitMix64`), below 1000.
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
        let mut sorted = latencies.to_vec();
        sorted.sort_unstable();
        let number = latencies.len();
        let at = |percent: usize| sorted[(percent * number).div_ceil(100) - 1];
        let quantiles = [at(50), at(95)];
        dependence(latencies.iter().copied(), number as u64, quantiles, Test::Alone)
    }

    #[test]
    fn independent_latencies_are_worth_as_many_as_there_are() {
        for number in [59, 400, 3_000, 30_000] {
            assert_eq!(of(&independent(number)), Dependence::Worth(number), "{number}");
        }
    }

    #[test]
    fn latencies_that_come_in_tens_are_worth_about_a_tenth() {
        let tens: Vec<_> =
            independent(3_000).into_iter().flat_map(|us| std::iter::repeat_n(us, 10)).collect();
        let Dependence::Worth(worth) = of(&tens) else { panic!("no neighbours are correlated") };
        assert!((1_500..6_000).contains(&worth), "{worth}");
    }

    #[test]
    fn latencies_that_rise_are_correlated() {
        let rising: Vec<_> = (0..10_000).collect();
        let Dependence::Correlated { times } = of(&rising) else { panic!("they rise") };
        assert!(times > 2, "{times}");
    }

    #[test]
    fn equal_latencies_are_not_correlated() {
        assert_eq!(of(&[7; 1_000]), Dependence::Worth(1_000));
    }

    #[test]
    fn a_correlation_of_two_fifths_takes_twice_the_length() {
        assert_eq!(times_until_uncorrelated(400_000), 2);
        assert_eq!(times_until_uncorrelated(500_000), 3);
        assert_eq!(times_until_uncorrelated(900_000), 16);
    }
}
