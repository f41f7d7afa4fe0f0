//! Recognises the statistics that keys name.
//!
//! A number for one statistic, such as a percentile, cannot replace a number for another statistic.

/// A statistic of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statistic {
    /// A percentile, with its digits: 999 for `p999`.
    Percentile(u32),
    Mean,
    Deviation,
    Maximum,
    Minimum,
    UpperBound,
    LowerBound,
    /// No statistic, or an unknown statistic.
    Unsaid,
}

impl Statistic {
    /// Returns the percentile in parts per ten thousand. A mean is treated as the median.
    pub(super) fn permyriad(self) -> u32 {
        match self {
            Self::Percentile(digits @ ..100) => digits * 100,
            Self::Percentile(digits @ ..1000) => digits * 10,
            Self::Percentile(digits) => digits,
            Self::Maximum => 10_000,
            Self::Minimum => 0,
            Self::Mean | Self::Deviation | Self::UpperBound | Self::LowerBound | Self::Unsaid => {
                5_000
            }
        }
    }

    /// Returns the statistic with its article.
    pub(super) fn noun(self) -> String {
        match self {
            Self::Percentile(digits) => format!("a p{digits}"),
            Self::Mean => "a mean".to_owned(),
            Self::Deviation => "a standard deviation".to_owned(),
            Self::Maximum => "a maximum".to_owned(),
            Self::Minimum => "a minimum".to_owned(),
            Self::UpperBound => "an upper bound".to_owned(),
            Self::LowerBound => "a lower bound".to_owned(),
            Self::Unsaid => "no statistic".to_owned(),
        }
    }
}

/// Returns the statistic that a word of a key names.
pub(super) fn statistic(word: &str) -> Statistic {
    let digits = word.strip_prefix('p').or_else(|| word.strip_suffix("th"));
    let digits = digits.map(|digits| digits.trim_end_matches("th"));
    match (word, digits.and_then(|digits| digits.parse().ok())) {
        ("mean" | "avg" | "average", _) => Statistic::Mean,
        ("median", _) => Statistic::Percentile(50),
        ("stddev" | "stdev" | "std" | "deviation", _) => Statistic::Deviation,
        (_, Some(digits)) => Statistic::Percentile(digits),
        _ => Statistic::Unsaid,
    }
}

/// Returns the statistic that a word names if the word is not in the intended key. `max` and
/// similar words are statistics only here, because `max_` also starts the names of limits.
pub(super) fn added(word: &str) -> Statistic {
    match word {
        "max" | "maximum" | "peak" | "highest" | "worst" => Statistic::Maximum,
        "min" | "minimum" | "lowest" | "best" => Statistic::Minimum,
        "upper" => Statistic::UpperBound,
        "lower" => Statistic::LowerBound,
        word => statistic(word),
    }
}
