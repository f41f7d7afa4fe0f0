//! Versions of the programs that read a target's configuration.

use std::{fmt, str::FromStr};

/// A version: two or three numbers. An absent third number is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Version {
    /// Creates a version.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, patch } = self;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<_> = text.split('.').collect();
        let number = |part: &&str| Some(*part).filter(|it| is_number(it))?.parse().ok();
        let numbers: Option<Vec<u32>> = parts.iter().map(number).collect();
        match numbers.as_deref() {
            Some([major, minor]) => Ok(Self::new(*major, *minor, 0)),
            Some([major, minor, patch]) => Ok(Self::new(*major, *minor, *patch)),
            _ => Err(InvalidVersion),
        }
    }
}

/// The text is not a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidVersion;

impl fmt::Display for InvalidVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("write a version, such as `2.10` or `2.10.1`")
    }
}

impl std::error::Error for InvalidVersion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_has_two_or_three_numbers() {
        assert_eq!("2.10".parse(), Ok(Version::new(2, 10, 0)));
        assert_eq!("2.10.1".parse(), Ok(Version::new(2, 10, 1)));
        assert!(Version::new(2, 9, 9) < Version::new(2, 10, 0));
        for text in ["", "2", "2.", "2.x", "+2.1", "2.1.0.0", "2.99999999999"] {
            assert_eq!(text.parse::<Version>(), Err(InvalidVersion), "{text}");
        }
    }
}
