//! The spellings of times and decimal numbers, read and written exactly.

/// The number of microseconds in a second.
const SECOND: u64 = 1_000_000;

/// The longest time, in microseconds: ten thousand years.
pub const LONGEST: u64 = 315_576_000_000 * SECOND;

/// The number of hundredths in a whole.
pub const WHOLE: u64 = 100;

/// The spelling of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationForm {
    /// A number of seconds with up to nine decimals, followed by `s`, as in JSON of Protocol Buffers.
    Proto,
    /// Numbers with units, such as `3s 100ms`, as Rust's crate `humantime` reads them.
    Human,
    /// Numbers with units, such as `1m30s`, as Go reads them, in whole milliseconds.
    Go,
}

impl DurationForm {
    /// Returns the text of a time in microseconds.
    pub fn spelled(self, micros: u64) -> String {
        let (seconds, rest) = (micros / SECOND, micros % SECOND);
        if rest == 0 {
            return format!("{seconds}s");
        }
        let is_whole = rest % 1_000 == 0;
        match self {
            Self::Proto if is_whole => format!("{seconds}.{:03}s", rest / 1_000),
            Self::Proto => format!("{seconds}.{rest:06}s"),
            Self::Human | Self::Go if is_whole => format!("{}ms", micros / 1_000),
            Self::Human | Self::Go => format!("{micros}us"),
        }
    }

    /// Returns the microseconds of a text, rounded up. Returns `None` for a text that the program
    /// refuses.
    pub fn read(self, text: &str) -> Option<u64> {
        match self {
            Self::Proto => {
                let number = text.strip_suffix('s')?;
                let decimals = number.split_once('.').map_or(1, |(_, decimals)| decimals.len());
                scaled(number, SECOND).filter(|_| (1..=9).contains(&decimals))
            }
            Self::Human => human(text),
            Self::Go => {
                let is_unit = |unit| matches!(unit, "ns" | "us" | "µs" | "ms" | "s" | "m" | "h");
                let is_number = |character: char| character.is_ascii_digit() || character == '.';
                let are_units = text.split(is_number).filter(|it| !it.is_empty()).all(is_unit);
                human(text).filter(|micros| are_units && micros % 1_000 == 0)
            }
        }
    }

    /// Returns the expected form, as a message.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Proto => "a number of seconds with `s`, such as `0.250s`",
            Self::Human => "a number with a unit, such as `250ms`",
            Self::Go => "whole milliseconds with a unit, such as `250ms` or `1m30s`",
        }
    }
}

/// The units of `humantime`, each with its microseconds. Nanoseconds are rounded up.
const UNITS: &[(&[&str], u64)] = &[
    (&["us", "usec", "µs"], 1),
    (&["ms", "msec", "millis"], 1_000),
    (&["s", "sec", "secs", "second", "seconds"], SECOND),
    (&["m", "min", "mins", "minute", "minutes"], 60 * SECOND),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600 * SECOND),
    (&["d", "day", "days"], 86_400 * SECOND),
    (&["w", "wk", "wks", "week", "weeks"], 604_800 * SECOND),
    (&["M", "month", "months"], 2_630_016 * SECOND),
    (&["y", "yr", "yrs", "year", "years"], 31_557_600 * SECOND),
];

fn human(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    let mut total: Option<u64> = (rest == "0").then_some(0);
    while !rest.is_empty() && rest != "0" {
        let is_number = |character: char| character.is_ascii_digit() || character == '.';
        let end = rest.find(|character| !is_number(character))?;
        let (number, after) = rest.split_at(end);
        let after = after.trim_start();
        let end = after.find(|it: char| !it.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let micros = match UNITS.iter().find(|(names, _)| names.contains(&unit)) {
            Some((_, micros)) => scaled(number, *micros)?,
            None if matches!(unit, "ns" | "nsec" | "nanos") => scaled(number, 1)?.div_ceil(1_000),
            None => return None,
        };
        total = Some(total.unwrap_or_default().saturating_add(micros));
        rest = after.trim_start();
    }
    total
}

/// Returns the text of a number of hundredths.
pub fn decimal(hundredths: u64) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}

/// The largest power of ten that moves the point of a number. Larger powers change nothing more.
const MOST_PLACES: i32 = 40;

/// Returns the hundredths of a decimal number, such as `1.5` or `15e-1`, rounded up.
pub fn hundredths(text: &str) -> Option<u64> {
    scaled(&without_exponent(text)?, 100)
}

/// Returns the digits of a decimal number that is whole, such as `5.0` or `50e-1`.
pub fn whole(text: &str) -> Option<String> {
    let number = without_exponent(text)?;
    let (whole, decimals) = number.split_once('.').unwrap_or((&number, ""));
    decimals.bytes().all(|digit| digit == b'0').then(|| whole.to_owned())
}

/// Returns a decimal number without an exponent.
fn without_exponent(text: &str) -> Option<String> {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let places = digits.parse::<i32>().unwrap_or(MOST_PLACES).min(MOST_PLACES);
    let places = if exponent.starts_with('-') { -places } else { places };
    Some(moved(number, places))
}

/// Returns a decimal number whose point is moved to the right by a number of places.
fn moved(number: &str, places: i32) -> String {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let zeros = "0".repeat(places.unsigned_abs() as usize);
    let (digits, point) = if places < 0 {
        (format!("{zeros}{whole}{decimals}"), whole.len())
    } else {
        (format!("{whole}{decimals}{zeros}"), whole.len() + zeros.len())
    };
    // The whole part stays empty if the number has none.
    match digits.split_at_checked(point) {
        Some((whole_part, rest)) if !whole.is_empty() => format!("{whole_part}.{rest}"),
        _ => number.to_owned(),
    }
}

/// Returns a decimal number times a scale, rounded up.
fn scaled(number: &str, scale: u64) -> Option<u64> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !are_digits(whole) || !are_digits(decimals) {
        return None;
    }
    let whole = whole.parse::<u64>().unwrap_or(u64::MAX / 2).min(u64::MAX / 2);
    let (mut fraction, mut unit, mut is_exact) = (0_u64, scale, true);
    for digit in decimals.bytes() {
        let digit = u64::from(digit - b'0');
        is_exact &= digit == 0 || unit % 10 == 0;
        // A digit below the scale's last place only rounds up.
        fraction += if unit % 10 == 0 { digit * (unit / 10) } else { 0 };
        unit = if unit % 10 == 0 { unit / 10 } else { 1 };
    }
    let total = whole.saturating_mul(scale).saturating_add(fraction);
    Some(total.saturating_add(u64::from(!is_exact)).min(u64::MAX / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_of_protocol_buffers_is_read_and_written_exactly() {
        for (text, micros) in
            [("15.150s", 15_150_000), ("0.041666s", 41_666), ("3s", 3_000_000), ("0s", 0)]
        {
            assert_eq!(DurationForm::Proto.read(text), Some(micros), "{text}");
            assert_eq!(DurationForm::Proto.spelled(micros), text);
        }
        assert_eq!(DurationForm::Proto.read("0.041666001s"), Some(41_667), "rounded up");
        for text in ["50ms", "15", "1.s", "-1s", ".5s", "1.0000000000s", "s", "1 s", "é"] {
            assert_eq!(DurationForm::Proto.read(text), None, "{text}");
        }
    }

    #[test]
    fn time_of_humantime_is_read_with_its_units() {
        for (text, micros) in [
            ("3100ms", 3_100_000),
            ("3s 100ms", 3_100_000),
            ("3.1s", 3_100_000),
            ("1m30s", 90_000_000),
            ("2 min", 120_000_000),
            ("1h", 3_600_000_000),
            ("1500ns", 2),
            ("7us", 7),
        ] {
            assert_eq!(DurationForm::Human.read(text), Some(micros), "{text}");
        }
        for text in ["", "3.1", "100", "5 x", "s", "-1s"] {
            assert_eq!(DurationForm::Human.read(text), None, "{text}");
        }
        assert_eq!(DurationForm::Human.spelled(3_100_000), "3100ms");
        assert_eq!(DurationForm::Human.spelled(20_000_000), "20s");
    }

    #[test]
    fn time_of_go_has_whole_milliseconds() {
        for (text, micros) in [
            ("250ms", 250_000),
            ("1m30s", 90_000_000),
            ("1.5s", 1_500_000),
            ("0.5h", 1_800_000_000),
            ("2000us", 2_000),
            ("0s", 0),
        ] {
            assert_eq!(DurationForm::Go.read(text), Some(micros), "{text}");
        }
        for text in ["1.5ms", "1500us", "1m 30s", "1min", "2d", "250", "ms", "", "-1s"] {
            assert_eq!(DurationForm::Go.read(text), None, "{text}");
        }
        assert_eq!(DurationForm::Go.spelled(90_750_000), "90750ms");
    }

    #[test]
    fn decimal_number_has_two_places_rounded_up() {
        for (text, value) in [("2", 200), ("1.3", 130), ("2.25", 225), ("1.0", 100)] {
            assert_eq!(hundredths(text), Some(value), "{text}");
        }
        assert_eq!(hundredths("1.333"), Some(134));
        assert_eq!(
            (decimal(200), decimal(130), decimal(225)),
            ("2".into(), "1.3".into(), "2.25".into())
        );
        for (text, value) in
            [("1e1", 1_000), ("2e-1", 20), ("1.25E+2", 12_500), ("12.5e-3", 2), ("2.0e0", 200)]
        {
            assert_eq!(hundredths(text), Some(value), "{text}");
        }
        assert_eq!((hundredths("0e400"), hundredths("1e-400")), (Some(0), Some(1)));
        assert_eq!(hundredths("1e400"), Some(u64::MAX / 2));
        for (text, digits) in [("5.0", "5"), ("5e0", "5"), ("50e-1", "05"), ("5.", "5")] {
            assert_eq!(whole(text).as_deref(), Some(digits), "{text}");
        }
        assert_eq!((whole("5.5"), whole("5e-1"), whole("5e")), (None, None, None));
        for text in ["x", "1e", "1e+", "1e1.5", "e1", ".5e1", "1e--1", "é1e1"] {
            assert_eq!(hundredths(text), None, "{text}");
        }
    }
}
