//! Random numbers that depend on their purpose, and not on when they are drawn.
//!
//! Results therefore do not depend on the order of events, and two contracts get the same random
//! numbers.

/// The purpose of a random number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// The gap before an arrival.
    Arrival = 1,
    /// The kind of operation.
    Kind = 2,
    /// The service time of an attempt.
    Service = 3,
    /// The choice whether an attempt fails fast.
    Error = 4,
    /// The choice whether an attempt stalls.
    Stall = 5,
    /// The jitter of a backoff.
    Jitter = 6,
}

/// The sequence of random numbers of one seed for one purpose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream(u64);

impl Stream {
    pub(super) const fn new(seed: u64, purpose: Purpose) -> Self {
        Self(mix(mix(seed) ^ purpose as u64))
    }

    /// Returns the random number for an attempt of a request. Attempt 0 is the request itself.
    pub(super) const fn draw(self, request: u64, attempt: u64) -> Draw {
        Draw(mix(mix(self.0 ^ request) ^ attempt))
    }
}

/// Applies the output function of `SplitMix64` after one step of its state.
const fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

/// A random number of 64 bits. Only the upper half is used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw(u64);

impl Draw {
    /// Returns a whole number from 0 to `bound` − 1, with nearly equal probabilities.
    pub(super) const fn below(self, bound: u64) -> u64 {
        low(((self.0 >> 32) as u128 * bound as u128) >> 32)
    }

    /// Returns an exponentially distributed number with this mean, rounded down.
    pub(super) const fn exponential(self, mean: u64) -> u64 {
        let [unit] = units([self]);
        scaled(mean, unit)
    }
}

/// Returns exponentially distributed numbers with mean 1, in parts of 2^32.
///
/// Several numbers take hardly longer than one number, because their multiplications run in
/// parallel.
pub(super) const fn units<const MANY: usize>(draws: [Draw; MANY]) -> [u64; MANY] {
    let mut units = [0; MANY];
    let mut index = 0;
    while index < MANY {
        let upper = draws[index].0 >> 32;
        units[index] = if upper == 0 { 1 } else { upper };
        index += 1;
    }
    negative_logarithms(units)
}

/// Returns a mean multiplied by a number with mean 1, which is in parts of 2^32. Rounds down.
pub(super) const fn scaled(mean: u64, unit: u64) -> u64 {
    low((mean as u128 * unit as u128) >> 32)
}

/// The natural logarithm of 2 in parts of 2^32, rounded down.
const LN_2: u128 = 2_977_044_472;

/// Returns −ln(u / 2^32) in parts of 2^32, for 1 ≤ u < 2^32. Uses [`logarithms`].
const fn negative_logarithms<const MANY: usize>(numbers: [u64; MANY]) -> [u64; MANY] {
    let mut results = logarithms(numbers);
    let mut index = 0;
    while index < MANY {
        let halvings = (32 << 32) - results[index];
        results[index] = low((halvings as u128 * LN_2) >> 32);
        index += 1;
    }
    results
}

/// Returns the binary logarithm in parts of 2^32, for 1 ≤ u < 2^32. Computes it bit by bit:
/// squaring doubles the logarithm. If the square is at least two, the bit is set and the square is
/// halved.
const fn logarithms<const MANY: usize>(numbers: [u64; MANY]) -> [u64; MANY] {
    let mut mantissas = [0; MANY];
    let mut results = [0; MANY];
    let mut index = 0;
    while index < MANY {
        results[index] = numbers[index].ilog2() as u64;
        mantissas[index] = numbers[index] << (31 - results[index]);
        index += 1;
    }
    let mut bits = 0;
    while bits < 32 {
        index = 0;
        while index < MANY {
            let square = (mantissas[index] * mantissas[index]) >> 31;
            let carry = square >> 32;
            mantissas[index] = square >> carry;
            results[index] = results[index] << 1 | carry;
            index += 1;
        }
        bits += 1;
    }
    results
}

/// Returns the lower half of the bits.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is not wanted")]
const fn low(number: u128) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(purpose: Purpose, attempt: u64) -> [Draw; 5] {
        let stream = Stream::new(42, purpose);
        [0, 1, 2, 3, 4].map(|request| stream.draw(request, attempt))
    }

    #[test]
    fn bits_are_mixed_as_specified() {
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        let stream = Stream::new(42, Purpose::Arrival);
        let bits = [0, 1, 2].map(|attempt| stream.draw(0, attempt).0);
        assert_eq!(bits, [0x3e4a_12d7_0b0a_f178, 0x7181_8ad8_3cba_8f05, 0xfcee_76b4_159b_e538]);
    }

    #[test]
    fn logarithms_are_exact_to_last_bit() {
        assert_eq!(negative_logarithms([1 << 31, 1]), [2_977_044_472, 95_265_423_104]);
        assert_eq!(negative_logarithms([u64::from(u32::MAX)]), [1]);
    }

    #[test]
    fn exponentials_are_exact_to_last_bit() {
        let services = draws(Purpose::Service, 1).map(|draw| draw.exponential(10_000));
        assert_eq!(services, [10_210, 171, 9_065, 17_297, 4_161]);
        let gaps = draws(Purpose::Arrival, 0).map(|draw| draw.exponential(1_000_000));
        assert_eq!(gaps, [1_413_386, 134_083, 739_925, 1_051_037, 1_388_527]);
        let several = units(draws(Purpose::Arrival, 0)).map(|unit| scaled(1_000_000, unit));
        assert_eq!(several, gaps);
    }

    #[test]
    fn bounded_draws_are_exact_to_last_bit() {
        let errors = draws(Purpose::Error, 1).map(|draw| draw.below(10_000));
        assert_eq!(errors, [3_934, 3_320, 2_543, 7_107, 9_409]);
    }

    #[test]
    fn extreme_draws_stay_in_range() {
        for bits in [0, u64::MAX] {
            assert!(Draw(bits).below(7) < 7);
            assert_eq!(Draw(bits).below(0), 0);
        }
        assert_eq!(Draw(0).exponential(1_000_000), 22_180_709);
        assert_eq!(Draw(u64::MAX).exponential(1_000_000), 0);
    }
}
