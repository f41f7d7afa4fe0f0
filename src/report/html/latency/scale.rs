//! Computes a logarithmic time scale in integers, so that charts are the same on every machine.

/// The number of fractional bits of a logarithm.
const BITS: u32 = 16;

/// A scale of whole decades, in microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct AxisScale {
    /// The shortest time on the scale, a power of ten, in microseconds.
    first_us: u64,
    /// The longest time on the scale, in microseconds.
    last_us: u64,
}

impl AxisScale {
    /// Returns the smallest scale that includes all times, with at least one decade.
    pub(super) fn over(times_us: impl IntoIterator<Item = u64>) -> Self {
        let (mut least, mut most) = (u64::MAX, 1);
        for time in times_us {
            least = least.min(time.max(1));
            most = most.max(time);
        }
        let first_us = 10_u64.pow(least.min(most).ilog10());
        let power = 10_u64.pow(most.ilog10());
        let last_us = if power == most { most } else { power.saturating_mul(10) };
        Self { first_us, last_us: last_us.max(first_us.saturating_mul(10)) }
    }

    /// Returns the position of a time on a scale of this width. Times outside the scale are
    /// clamped.
    pub(super) fn position(self, time_us: u64, width: u64) -> u64 {
        let (first, last) = (log2(self.first_us), log2(self.last_us));
        let at = log2(time_us.clamp(self.first_us, self.last_us));
        (at - first) * width / (last - first)
    }

    /// Returns the decades, including both ends.
    pub(super) fn decades(self) -> impl Iterator<Item = u64> {
        let next = |power: &u64| power.checked_mul(10);
        std::iter::successors(Some(self.first_us), next).take_while(move |it| *it <= self.last_us)
    }

    /// Returns the number of decades between the ends.
    pub(super) fn length(self) -> usize {
        self.decades().count() - 1
    }
}

/// Formats a time in the largest unit in which it is a whole number: `20 ms`.
pub(super) fn label(time_us: u64) -> String {
    match time_us {
        1_000_000.. => format!("{} s", time_us / 1_000_000),
        1000.. => format!("{} ms", time_us / 1000),
        _ => format!("{time_us} µs"),
    }
}

/// Returns the logarithm to base 2 with [`BITS`] fractional bits, rounded down. The number must not
/// be 0.
///
/// Each squaring of the mantissa gives one more bit.
fn log2(number: u64) -> u64 {
    let whole = number.ilog2();
    let mut rest = u128::from(number) << (63 - whole);
    let mut logarithm = u64::from(whole);
    for _ in 0..BITS {
        rest = (rest * rest) >> 63;
        let bit = u64::from(rest >> 64 != 0);
        rest >>= bit;
        logarithm = logarithm << 1 | bit;
    }
    logarithm
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_match_known_values() {
        assert_eq!(log2(1), 0);
        assert_eq!(log2(1 << 63), 63 << BITS);
        // log2(10) = 3.321928094887…, log2(3) = 1.584962500721…, times 65536.
        assert_eq!(log2(10), 217_705);
        assert_eq!(log2(3), 103_872);
        assert_eq!(log2(u64::MAX), (64 << BITS) - 1);
    }

    #[test]
    fn scale_covers_whole_decades() {
        let decades =
            |times: &[u64]| AxisScale::over(times.iter().copied()).decades().collect::<Vec<_>>();
        assert_eq!(decades(&[40, 900]), [10, 100, 1000]);
        assert_eq!(decades(&[10, 100]), [10, 100]);
        assert_eq!(decades(&[100]), [100, 1000]);
        assert_eq!(decades(&[0]), [1, 10]);
        assert_eq!(decades(&[]), [1, 10]);
        assert_eq!(decades(&[604_800_000_000]).last(), Some(&1_000_000_000_000));
    }

    #[test]
    fn decades_have_equal_width() {
        let scale = AxisScale::over([1000, 1_000_000]);
        let positions = [1000, 10_000, 100_000, 1_000_000].map(|time| scale.position(time, 3000));
        assert_eq!(positions, [0, 1000, 2000, 3000]);
        // log10(2) = 0.30103
        assert_eq!(scale.position(2000, 3000), 301);
        assert_eq!((scale.position(0, 3000), scale.position(u64::MAX, 3000)), (0, 3000));
    }

    #[test]
    fn labels_use_largest_whole_unit() {
        assert_eq!(
            [1, 500, 1000, 20_000, 5_000_000].map(label),
            ["1 µs", "500 µs", "1 ms", "20 ms", "5 s"]
        );
    }
}
