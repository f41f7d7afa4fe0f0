//! Represents numbers exactly, so conversions between units never round.

/// The maximum number of digits in a number. No key accepts a longer number.
const MOST_DIGITS: usize = 18;

/// A non-negative number as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    numerator: u128,
    /// The denominator, above 0.
    denominator: u128,
}

impl Exact {
    /// Returns a whole number.
    pub(super) fn whole_number(number: u64) -> Self {
        Self { numerator: number.into(), denominator: 1 }
    }

    /// Parses text such as `5`, `1_000`, `2.5e3` or `0.1`. Returns `None` for other text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: String = [whole, fraction].concat().chars().filter(|it| *it != '_').collect();
        let is_plain = !whole.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_plain || digits.len() > MOST_DIGITS {
            return None;
        }
        let fraction = fraction.chars().filter(char::is_ascii_digit).count();
        let exponent = exponent.parse::<i32>().ok()? - i32::try_from(fraction).ok()?;
        let power = 10_u128.checked_pow(exponent.unsigned_abs())?;
        let digits = digits.parse::<u128>().ok()?;
        if exponent >= 0 {
            Some(Self { numerator: digits.checked_mul(power)?, denominator: 1 })
        } else {
            Some(Self { numerator: digits, denominator: power })
        }
    }

    /// Multiplies the number by `numerator / denominator`. Returns `None` on overflow.
    pub(super) fn scaled(self, numerator: u128, denominator: u128) -> Option<Self> {
        let common = divisor(numerator, denominator);
        Some(Self {
            numerator: self.numerator.checked_mul(numerator / common)?,
            denominator: self.denominator.checked_mul(denominator / common)?,
        })
    }

    /// Adds two numbers. Returns `None` on overflow.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let denominator = self.denominator.checked_mul(other.denominator)?;
        Some(Self { numerator: left.checked_add(right)?, denominator })
    }

    /// Returns the number as an integer, or `None` if it is not a whole number or exceeds 64 bits.
    pub(crate) fn whole(self) -> Option<u64> {
        let is_whole = self.numerator.is_multiple_of(self.denominator);
        is_whole.then(|| u64::try_from(self.numerator / self.denominator).ok()).flatten()
    }

    /// Returns the number with at most nine decimal places, or `None` if it needs more.
    pub(crate) fn decimal(self) -> Option<String> {
        const PLACES: usize = 9;
        let billionths = self.scaled(10_u128.pow(9), 1)?;
        if !billionths.numerator.is_multiple_of(billionths.denominator) {
            return None;
        }
        let digits = format!("{:010}", billionths.numerator / billionths.denominator);
        let (whole, fraction) = digits.split_at(digits.len() - PLACES);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        Some(format!("{whole}{point}{fraction}"))
    }
}

/// Returns the greatest common divisor.
fn divisor(left: u128, right: u128) -> u128 {
    if right == 0 { left } else { divisor(right, left % right) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Option<String> {
        Exact::parse(text)?.decimal()
    }

    #[test]
    fn numbers_are_read_exactly() {
        for (text, number) in [
            ("5", "5"),
            ("1_000", "1000"),
            ("5000.0", "5000"),
            ("2.5e3", "2500"),
            ("0.1", "0.1"),
            ("25e-1", "2.5"),
            ("0.000000001", "0.000000001"),
        ] {
            assert_eq!(decimal(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn invalid_number_is_refused() {
        for text in
            ["", ".5", "-1", "+1", "1e", "1e99", "0x10", "inf", "1.2.3", "1234567890123456789"]
        {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn only_64_bit_integers_are_whole_numbers() {
        let whole = |text: &str| Exact::parse(text).and_then(Exact::whole);
        assert_eq!(whole("5000.0"), Some(5000));
        assert_eq!(whole("2.5"), None);
        assert_eq!(whole("999e17"), None, "beyond 64 bits");
    }

    #[test]
    fn scaling_does_not_round() {
        let third = Exact::whole_number(100).scaled(1000, 60).unwrap();
        assert_eq!((third.whole(), third.decimal()), (None, None));
        assert_eq!(Exact::whole_number(120).scaled(1000, 60).unwrap().whole(), Some(2000));
        let sum = Exact::parse("1.5").unwrap().plus(Exact::whole_number(2)).unwrap();
        assert_eq!(sum.decimal().as_deref(), Some("3.5"));
    }
}
