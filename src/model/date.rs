//! A day of the Gregorian calendar.

use std::{borrow::Cow, fmt, str::FromStr};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A day, written `YYYY-MM-DD`, from 0000-01-01 to 9999-12-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Returns the date, or [`InvalidDate`] if it does not exist.
    pub const fn new(year: u16, month: u8, day: u8) -> Result<Self, InvalidDate> {
        if year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) {
            return Err(InvalidDate);
        }
        Ok(Self { year, month, day })
    }

    /// Returns the day that is this many days after 1970-01-01, at most 9999-12-31.
    pub const fn from_unix_days(days: u64) -> Self {
        const LAST: u64 = 2_932_896;
        // Years start in March, so that the leap day is the last day of its year. There are 719,468
        // days between 0000-03-01 and 1970-01-01.
        let days = (if days > LAST { LAST } else { days }) + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a year of four digits, a month, a day"
        )]
        Self { year: year as u16, month: month as u8, day: day as u8 }
    }

    /// Returns the number of days since 0000-03-01, to compute differences.
    ///
    /// Years start in March, so that the leap day is the last day of its year.
    pub const fn day_number(self) -> i64 {
        let shifted_month = (self.month as i64 + 9) % 12;
        let year = self.year as i64 - if self.month <= 2 { 1 } else { 0 };
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        year * 365 + leap_days + (shifted_month * 306 + 5) / 10 + self.day as i64 - 1
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A text that is not a day written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("is not a day of the calendar, written `YYYY-MM-DD`")
    }
}

impl std::error::Error for InvalidDate {}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let bytes = text.as_bytes();
        let separated = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        if !separated {
            return Err(InvalidDate);
        }
        let number = |range| digits(&bytes[range]).ok_or(InvalidDate);
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let small = |value: u16| u8::try_from(value).map_err(|_| InvalidDate);
        Self::new(year, small(month)?, small(day)?)
    }
}

fn digits(bytes: &[u8]) -> Option<u16> {
    bytes.iter().try_fold(0, |number: u16, byte| {
        byte.is_ascii_digit().then(|| number * 10 + u16::from(byte - b'0'))
    })
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl TryFrom<String> for Date {
    type Error = InvalidDate;

    fn try_from(text: String) -> Result<Self, InvalidDate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn difference_of_day_numbers_is_days_between_dates() {
        let days = |from, to| date(to).day_number() - date(from).day_number();
        assert_eq!(days("2026-10-31", "2026-11-01"), 1);
        assert_eq!(days("2024-02-28", "2024-03-01"), 2);
        assert_eq!(days("2023-02-28", "2023-03-01"), 1);
        assert_eq!(days("1970-01-01", "2000-01-01"), 10_957);
        assert_eq!(days("1999-12-31", "2000-12-31"), 366);
    }

    #[test]
    fn unix_days_convert_to_dates_and_back() {
        assert_eq!(Date::from_unix_days(0), date("1970-01-01"));
        assert_eq!(Date::from_unix_days(u64::MAX), date("9999-12-31"));
        let epoch = date("1970-01-01").day_number();
        for days in (0..200_000).chain([2_932_896]) {
            let day = Date::from_unix_days(days);
            assert_eq!(day.day_number() - epoch, i64::try_from(days).unwrap());
            assert_eq!(date(&day.to_string()), day);
        }
    }

    #[test]
    fn only_calendar_days_are_parsed() {
        for text in
            ["2023-02-29", "2024-13-01", "2024-00-10", "24-01-01", "2024-1-01", "2024/01/01"]
        {
            assert_eq!(text.parse::<Date>(), Err(InvalidDate), "{text}");
        }
        assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
    }
}
