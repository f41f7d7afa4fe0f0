//! The spellings of numbers in configurations.

mod java;

use std::num::IntErrorKind;

use super::syntax::{rust, units};

/// The spelling of a number. Times are in milliseconds, whatever the unit of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// An integer.
    Integer,
    /// An integer as C reads it: `0x10` and `020` are 16.
    CInteger,
    /// An integer as Protocol Buffers read it from YAML: `0x5`, `5.0` and `5e0` are 5.
    Proto,
    /// Seconds, with decimals: 3100 ms are `3.1`.
    Seconds,
    /// Whole seconds, rounded up: 3100 ms are `4`.
    WholeSeconds,
    /// Milliseconds, which can also have one of the units of HikariCP, such as `5s`.
    Suffixed,
    /// A time as Spring Boot reads it, such as `5s`, `500ms` or `PT5S`.
    Spring,
    /// A decimal number in millionths.
    Millionths,
    /// An integer of Rust, such as `5_000` or `0x1388_u64`.
    Rust,
}

impl Notation {
    /// Returns the number that a text spells. A number that is too large for the result is the
    /// largest result. Less than a millisecond is rounded up.
    pub(super) fn parse(self, text: &str, ignores_rest: bool) -> Option<i128> {
        match self {
            Self::Integer => integer(text, ignores_rest, ignores_rest),
            Self::CInteger => integer(text, true, ignores_rest),
            Self::Proto => {
                integer(text, true, false).or_else(|| integer(&units::whole(text)?, false, false))
            }
            Self::Seconds => seconds(text),
            Self::WholeSeconds => Some(integer(text, false, false)?.saturating_mul(1000)),
            Self::Suffixed => java::suffixed(text),
            Self::Spring => java::spring(text),
            Self::Millionths => java::millionths(text),
            Self::Rust => rust::integer(text),
        }
    }

    /// Returns the spelling of a number.
    pub(super) fn spelled(self, value: u64) -> String {
        match self {
            Self::Integer | Self::CInteger | Self::Proto | Self::Suffixed => value.to_string(),
            Self::WholeSeconds => value.div_ceil(1000).to_string(),
            Self::Spring if value.is_multiple_of(1000) => format!("{}s", value / 1000),
            Self::Spring => format!("{value}ms"),
            Self::Millionths => java::decimal(value),
            Self::Seconds => {
                let (whole, rest) = (value / 1000, value % 1000);
                let text = format!("{whole}.{rest:03}");
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
            Self::Rust => rust::grouped(value),
        }
    }

    /// Returns the condition for a text in a message.
    pub(super) fn expected(self, min: u64, max: u64) -> String {
        match self {
            Self::Integer | Self::CInteger | Self::Proto | Self::Rust => {
                format!("must be an integer from {min} to {max}")
            }
            Self::Seconds => "must be a number of seconds, such as `3.1`".to_owned(),
            Self::WholeSeconds => "must be a whole number of seconds, such as `4`".to_owned(),
            Self::Suffixed | Self::Spring => "must be a time, such as `500ms` or `5s`".to_owned(),
            Self::Millionths => "must be a decimal number, such as `0.5`".to_owned(),
        }
    }

    /// Returns the closest value that the spelling can state.
    pub(super) const fn rounded(self, value: u64) -> u64 {
        match self {
            Self::WholeSeconds => value.div_ceil(1000).saturating_mul(1000),
            Self::Integer
            | Self::CInteger
            | Self::Proto
            | Self::Seconds
            | Self::Suffixed
            | Self::Spring
            | Self::Rust
            | Self::Millionths => value,
        }
    }
}

/// Parses an integer. `is_c` reads hexadecimal and octal numbers, as C's `strtol` does.
fn integer(text: &str, is_c: bool, ignores_rest: bool) -> Option<i128> {
    let (digits, is_negative) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") if is_c => (&digits[2..], 16),
        _ if is_c && digits.starts_with('0') => (digits, 8),
        _ => (digits, 10),
    };
    let end = digits.find(|character: char| !character.is_digit(radix)).unwrap_or(digits.len());
    if end == 0 || end < digits.len() && !ignores_rest {
        return None;
    }
    let number = match i128::from_str_radix(&digits[..end], radix) {
        Ok(number) => number,
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => i128::MAX,
        Err(_) => return None,
    };
    Some(if is_negative { -number } else { number })
}

/// The most digits and the largest power of ten that are read exactly.
const MOST_DIGITS: usize = 24;

/// Parses seconds, such as `3.1` or `1e2`, as C's `strtod` reads them. Returns milliseconds.
fn seconds(text: &str) -> Option<i128> {
    let (text, is_negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{decimals}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    let scale = i64::from(exponent) + 3 - i64::try_from(decimals.len()).ok()?;
    let kept = digits.len().min(MOST_DIGITS);
    let dropped = i64::try_from(digits.len() - kept).ok()?;
    let number = if kept == 0 { 0 } else { digits[..kept].parse().ok()? };
    let number = scaled(number, scale + dropped);
    Some(if is_negative { -number } else { number })
}

/// Returns a number times a power of ten, rounded up.
fn scaled(number: i128, power: i64) -> i128 {
    let size = u32::try_from(power.unsigned_abs()).unwrap_or(u32::MAX);
    let factor = 10_i128.checked_pow(size);
    match factor {
        _ if number == 0 => 0,
        Some(factor) if power >= 0 => number.saturating_mul(factor),
        Some(factor) => (number + factor - 1) / factor,
        None if power >= 0 => i128::MAX,
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integer_is_read_as_the_program_reads_it() {
        for (text, strict, lenient) in [
            ("4", Some(4), Some(4)),
            ("-1", Some(-1), Some(-1)),
            ("4 # x", None, Some(4)),
            ("4s", None, Some(4)),
            ("0x10", None, Some(16)),
            ("010", Some(10), Some(8)),
            ("0", Some(0), Some(0)),
            ("x", None, None),
            ("", None, None),
            ("é", None, None),
            ("-", None, None),
        ] {
            let real = (integer(text, false, false), integer(text, true, true));
            assert_eq!(real, (strict, lenient), "{text}");
        }
        assert_eq!(integer("0x10", true, false), Some(16));
        assert_eq!(integer("16 x", true, false), None);
        assert_eq!(integer(&"9".repeat(60), false, false), Some(i128::MAX));
    }

    #[test]
    fn seconds_are_read_as_milliseconds_rounded_up() {
        for (text, value) in [
            ("5", Some(5_000)),
            ("3.1", Some(3_100)),
            (".5", Some(500)),
            ("5.", Some(5_000)),
            ("0", Some(0)),
            ("0.0", Some(0)),
            ("0.0001", Some(1)),
            ("1e1", Some(10_000)),
            ("15e-1", Some(1_500)),
            ("1e-99", Some(1)),
            ("-1", Some(-1_000)),
            ("1e2147483647", Some(i128::MAX)),
            ("3100ms", None),
            ("5 ; x", None),
            (".", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(seconds(text), value, "{text}");
        }
        let long = "9".repeat(400);
        assert!([seconds(&long), seconds(&format!("0.{long}"))].iter().all(Option::is_some));
    }

    #[test]
    fn seconds_are_spelled_without_zeros_at_the_end() {
        for (value, text) in
            [(5_000, "5"), (3_100, "3.1"), (1, "0.001"), (0, "0"), (1_200_050, "1200.05")]
        {
            assert_eq!(Notation::Seconds.spelled(value), text);
            assert_eq!(seconds(text), Some(i128::from(value)));
        }
    }
}
