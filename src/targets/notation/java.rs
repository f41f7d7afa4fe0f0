//! The spellings of times and factors in configurations of Java programs.

/// The units of HikariCP, each with its milliseconds.
const SUFFIXES: [(&str, i128); 5] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// The nanoseconds of a millisecond.
const NANOS: i128 = 1_000_000;

/// The units of Spring Boot that are shorter than a millisecond, each with its nanoseconds.
const SHORT: [(&str, i128); 2] = [("ns", 1), ("us", 1_000)];

/// Parses milliseconds, or digits with a unit of HikariCP.
pub(super) fn suffixed(text: &str) -> Option<i128> {
    let (digits, unit) = split(text);
    if unit.is_empty() {
        return super::integer(text, false, false);
    }
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let (_, factor) = SUFFIXES.iter().find(|(name, _)| *name == unit)?;
    Some(super::integer(digits, false, false).filter(|_| is_plain)?.saturating_mul(*factor))
}

/// Parses a time of Spring Boot: milliseconds, an integer with a unit, or a duration of ISO 8601. Less
/// than a millisecond is rounded up.
pub(super) fn spring(text: &str) -> Option<i128> {
    if text.trim_start_matches(['+', '-']).starts_with(['P', 'p']) {
        return iso(text);
    }
    let (digits, unit) = split(text);
    let number = super::integer(digits, false, false)?;
    if let Some((_, nanos)) = SHORT.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) {
        return Some(millis(number.saturating_mul(*nanos)));
    }
    let unit = SUFFIXES.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
    let (_, factor) = unit.filter(|_| !digits.is_empty()).or_else(|| plain(digits, text))?;
    Some(number.saturating_mul(*factor))
}

/// Returns the unit of an integer without one.
fn plain(digits: &str, text: &str) -> Option<&'static (&'static str, i128)> {
    (digits == text).then_some(&SUFFIXES[0])
}

/// Splits a text at its unit.
fn split(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| character.is_ascii_alphabetic());
    text.split_at(end.unwrap_or(text.len()))
}

/// Returns milliseconds, rounded up.
fn millis(nanos: i128) -> i128 {
    nanos.div_euclid(NANOS) + i128::from(nanos.rem_euclid(NANOS) > 0)
}

/// Parses a duration of ISO 8601 with days, hours, minutes and seconds, such as `PT1M30.5S`.
fn iso(text: &str) -> Option<i128> {
    let upper = text.to_ascii_uppercase();
    let (sign, rest) = upper.split_once('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let mut parts = vec![];
    for (part, units) in
        [(days, &[('D', 86_400)][..]), (time, &[('H', 3_600), ('M', 60), ('S', 1)])]
    {
        let mut units = units.iter();
        let mut part = part;
        while !part.is_empty() {
            let end = part.find(|character: char| character.is_ascii_alphabetic())?;
            let (number, unit) = (&part[..end], part[end..].chars().next()?);
            let (_, seconds) = units.find(|(name, _)| *name == unit)?;
            parts.push(
                super::seconds(number).filter(|_| !number.is_empty())?.saturating_mul(*seconds),
            );
            part = &part[end + 1..];
        }
    }
    let total = parts.iter().fold(0_i128, |total, part| total.saturating_add(*part));
    let has_empty_time = rest.contains('T') && time.is_empty();
    let is_valid = !parts.is_empty() && !has_empty_time;
    match sign {
        "" | "+" if is_valid => Some(total),
        "-" if is_valid => Some(-total),
        _ => None,
    }
}

/// Parses a decimal number as millionths, rounded up.
pub(super) fn millionths(text: &str) -> Option<i128> {
    // `seconds` reads thousandths.
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent = exponent.parse::<i32>().ok()?.checked_add(3)?;
    super::seconds(&format!("{mantissa}e{exponent}"))
}

/// Returns the text of a number of millionths.
pub(super) fn decimal(millionths: u64) -> String {
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_of_hikari_is_milliseconds_or_has_a_unit() {
        for (text, value) in [
            ("5000", Some(5_000)),
            ("5s", Some(5_000)),
            ("250ms", Some(250)),
            ("2m", Some(120_000)),
            ("1h", Some(3_600_000)),
            ("1d", Some(86_400_000)),
            ("-1", Some(-1)),
            ("-1s", None),
            ("5S", None),
            ("5 s", None),
            ("1.5s", None),
            ("s", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(suffixed(text), value, "{text}");
        }
    }

    #[test]
    fn time_of_spring_has_a_unit_or_is_iso_8601() {
        for (text, value) in [
            ("500", Some(500)),
            ("500ms", Some(500)),
            ("5s", Some(5_000)),
            ("5S", Some(5_000)),
            ("1m", Some(60_000)),
            ("1500us", Some(2)),
            ("1ns", Some(1)),
            ("-5s", Some(-5_000)),
            ("PT0.5S", Some(500)),
            ("pt1m30s", Some(90_000)),
            ("P1DT1H", Some(90_000_000)),
            ("-PT1S", Some(-1_000)),
            ("1.5s", None),
            ("5 s", None),
            ("5x", None),
            ("PT", None),
            ("P", None),
            ("PT5", None),
            ("PT1S1M", None),
            ("P1T1S", None),
            ("xPT1S", None),
            ("s", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(spring(text), value, "{text}");
        }
    }

    #[test]
    fn factor_is_read_and_written_in_millionths() {
        for (text, value) in [
            ("0.111111", Some(111_111)),
            ("0.5", Some(500_000)),
            (".5", Some(500_000)),
            ("1", Some(1_000_000)),
            ("5e-1", Some(500_000)),
            ("0.1111111", Some(111_112)),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(millionths(text), value, "{text}");
        }
        let texts = [0, 111_111, 500_000, 999_999].map(decimal);
        assert_eq!(texts, ["0", "0.111111", "0.5", "0.999999"]);
    }
}
