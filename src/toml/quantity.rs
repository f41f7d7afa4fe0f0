//! Compares the quantities that keys name.
//!
//! A key with a different unit or statistic is not a misspelling, because a number under this key
//! has a different meaning.

mod meaning;
mod measure;
mod number;
mod statistic;
mod unit;

use self::{
    meaning::{Meaning, is_misspelt, is_respelt, words},
    unit::ending,
};
pub(crate) use self::{measure::Measure, number::Exact, statistic::Statistic, unit::QuantityUnit};
use crate::toml::{spelling::nearest, tree::ValueKind};

/// Pairs of words that give a key the opposite meaning.
const OPPOSITES: [(&str, &str); 8] = [
    ("min", "max"),
    ("lower", "upper"),
    ("on", "off"),
    ("read", "write"),
    ("include", "exclude"),
    ("success", "error"),
    ("success", "timeout"),
    ("success", "retry"),
];

/// Words with similar meanings. The second word of each pair is used in contract keys.
const SIMILAR: [(&str, &str); 4] =
    [("min", "base"), ("initial", "base"), ("start", "base"), ("first", "base")];

/// Keys for the number of retries. The number of attempts is one higher.
const RETRIES: [&str; 12] = [
    "max_retries",
    "retries",
    "max_retry",
    "retry_count",
    "max_retry_count",
    "num_retries",
    "number_of_retries",
    "retry_limit",
    "retries_max",
    "retry_max",
    "max_number_of_retries",
    "max_num_retries",
];

/// Keys for the number of attempts, including the first.
const ATTEMPTS: [&str; 6] =
    ["attempts", "tries", "max_tries", "max_attempt", "num_attempts", "total_attempts"];

const MAX_ATTEMPTS: &str = "max_attempts";

/// The relation of an unknown key to the intended key, in order from the most similar to the least
/// similar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The same meaning.
    Same,
    /// Possibly the same meaning.
    Perhaps,
    /// A number in this unit or scale.
    InUnit(Measure),
    /// A number in a unit that cannot be converted to the key's unit.
    OtherUnit(&'static QuantityUnit),
    /// A rate of things that are not operations.
    Counts(&'static str),
    /// A number whose key does not specify the unit.
    WithoutUnit,
    /// A number of retries, which is one less than the number of attempts.
    Retries,
    /// A different statistic, or a statistic that the key does not specify.
    Statistic(Statistic),
    /// The opposite meaning.
    Opposite,
}

/// The keys of a table, parsed once for comparison with any number of unknown keys.
pub(crate) struct Wanted<'k>(Vec<Own<'k>>);

/// A contract key and its parts.
struct Own<'k> {
    key: &'k str,
    words: Vec<String>,
    meaning: Meaning,
}

impl<'k> Wanted<'k> {
    pub(crate) fn new(keys: impl Iterator<Item = &'k str>) -> Self {
        let own = |key| Own { key, words: words(key), meaning: Meaning::of_own(key) };
        Self(keys.map(own).collect())
    }

    /// Returns the key that an unknown key means, even if the letters of the two keys differ.
    ///
    /// If several keys are equally similar, prefers absent keys, then the key with the nearest
    /// percentile, then the key with the nearest spelling.
    pub(crate) fn intended(
        &self,
        key: &str,
        is_free: impl Fn(&str) -> bool,
    ) -> Option<(&'k str, Relation)> {
        let words = words(key);
        let related = self.0.iter().filter_map(|own| Some((own.key, by_name(&words, own)?)));
        let related: Vec<_> = related.collect();
        let best = related.iter().map(|(_, relation)| relation.rank()).min()?;
        let alike = || related.iter().filter(|(_, relation)| relation.rank() == best);
        let by_letters = nearest(key, alike().map(|(intended, _)| *intended));
        let order = |(intended, relation): &&(&str, Relation)| {
            (!is_free(intended), relation.distance(intended), Some(*intended) != by_letters)
        };
        alike().min_by_key(order).copied()
    }
}

/// Returns the relation of an unknown key to an intended key with similar letters.
pub(crate) fn relation(key: &str, intended: &str) -> Relation {
    let words = words(key);
    if is_respelt(&words, intended) {
        return Relation::Same;
    }
    let wanted = Meaning::of_own(intended);
    let written = Meaning::new(&words, &wanted);
    let turned = OPPOSITES.iter().any(|(left, right)| {
        let has = |words: &[String], word: &str| words.iter().any(|own| own == word);
        let crossed = |one, other| {
            has(&written.name, one) && has(&wanted.name, other) && !has(&wanted.name, one)
        };
        crossed(left, right) || crossed(right, left)
    });
    if turned {
        return Relation::Opposite;
    }
    let relation = written.relation(&wanted, words.last());
    match written.added(&wanted) {
        Some(statistic @ Relation::Statistic(_)) if relation.rank() < statistic.rank() => statistic,
        Some(added) if relation == Relation::Same => added,
        _ => relation,
    }
}

/// The contract key that an unknown key means or resembles. Includes a description of the
/// difference between the keys, and the number that replaces a text value.
pub(crate) struct Meant<'k> {
    pub(crate) key: &'k str,
    pub(crate) difference: Option<String>,
    pub(crate) number: Option<u64>,
}

/// Returns the key among `keys` that an unknown key and its value mean, for example in a
/// command-line argument.
pub(crate) fn meant<'k>(key: &str, value: &str, keys: &[&'k str]) -> Option<Meant<'k>> {
    let by_letters = || {
        let intended = nearest(key, keys.iter().copied())?;
        Some((intended, relation(key, intended)))
    };
    let intended = Wanted::new(keys.iter().copied()).intended(key, |_| true);
    let (key, relation) = intended.or_else(by_letters)?;
    let value = match value.parse() {
        Ok(number) => ValueKind::Integer(Some(number)),
        Err(_) => ValueKind::String(value.into()),
    };
    let number = relation.number(key, &value).and_then(Exact::whole);
    Some(Meant { key, difference: relation.difference(key), number })
}

/// Returns the unit of a contract key.
pub(crate) fn unit_of(key: &str) -> Option<&'static QuantityUnit> {
    Meaning::of_own(key).unit
}

/// Converts a value of another type to a number in the unit of a key.
pub(crate) fn exact(key: &str, value: &ValueKind<'_>) -> Option<Exact> {
    match (unit_of(key), value) {
        (Some(unit), _) => unit.convert(value, Some(unit)),
        (None, ValueKind::Float(text) | ValueKind::String(text)) => Exact::parse(text.trim()),
        (None, _) => None,
    }
}

/// Returns the relation of two keys that name the same thing, or `None` if the keys name different
/// things.
fn by_name(words: &[String], own: &Own<'_>) -> Option<Relation> {
    let wanted = &own.meaning;
    if is_respelt(words, own.key) {
        return Some(Relation::Same);
    }
    if own.key == MAX_ATTEMPTS {
        let key = words.join("_");
        if RETRIES.contains(&key.as_str()) {
            return Some(Relation::Retries);
        }
        if ATTEMPTS.contains(&key.as_str()) {
            return Some(Relation::Same);
        }
    }
    if wanted.unit.is_none() {
        // The contract key has no unit, so the other key can measure something else.
        let name = words.strip_prefix(own.words.as_slice())?;
        if ending(words, None).is_some_and(|(_, count)| name.len() == count) {
            return Some(Relation::Perhaps);
        }
        let relation = Meaning::new(words, wanted).relation(wanted, None);
        return matches!(relation, Relation::InUnit(_)).then_some(relation);
    }
    let written = Meaning::new(words, wanted);
    let differing = differing(&written.name, &wanted.name)?;
    let relation = written.relation(wanted, None);
    match differing {
        None => Some(relation),
        Some((own, other)) if SIMILAR.contains(&(own, other)) => {
            Some(if relation == Relation::Same { Relation::Perhaps } else { relation })
        }
        Some((own, other))
            if OPPOSITES.contains(&(own, other)) || OPPOSITES.contains(&(other, own)) =>
        {
            Some(Relation::Opposite)
        }
        // Only the spelling distinguishes keys that measure the same quantity.
        Some((own, other)) => {
            let is_misspelt = own.len() > 3 && is_misspelt(other, own);
            (is_misspelt && relation != Relation::Same).then_some(relation)
        }
    }
}

/// Returns the only pair of words in which two names differ. Returns `Some(None)` if the names are
/// equal, and `None` if they differ in several pairs.
#[expect(clippy::option_option, reason = "names may differ in nothing, in a word or in more")]
fn differing<'w>(left: &'w [String], right: &'w [String]) -> Option<Option<(&'w str, &'w str)>> {
    if left.len() != right.len() {
        return None;
    }
    let mut differing = left.iter().zip(right).filter(|(left, right)| left != right);
    let first = differing.next().map(|(left, right)| (left.as_str(), right.as_str()));
    differing.next().is_none().then_some(first)
}

impl Relation {
    /// Returns the rank of the relation. A lower rank is more similar.
    const fn rank(&self) -> u8 {
        match self {
            Self::Same => 0,
            Self::InUnit(_) | Self::WithoutUnit | Self::Retries => 1,
            Self::Perhaps => 2,
            Self::Statistic(_) | Self::OtherUnit(_) | Self::Counts(_) => 3,
            Self::Opposite => 4,
        }
    }

    /// Returns the distance between the percentiles of two keys, or 0 if they have no percentiles.
    fn distance(&self, intended: &str) -> u32 {
        let Self::Statistic(statistic) = self else { return 0 };
        statistic.permyriad().abs_diff(Meaning::of_own(intended).statistic.permyriad())
    }

    /// Returns true if the number can be converted for the intended key.
    pub(crate) const fn may_convert(&self) -> bool {
        matches!(self, Self::InUnit(_) | Self::WithoutUnit | Self::Retries)
    }

    /// Describes how the keys differ, for a message. Returns `None` if only their spelling differs.
    pub(crate) fn difference(&self, intended: &str) -> Option<String> {
        let of_intended = match unit_of(intended) {
            Some(unit) => format!("in {}", unit.noun),
            None => "a plain number".to_owned(),
        };
        Some(match self {
            Self::Same | Self::Perhaps => return None,
            Self::InUnit(measure) => {
                format!("`{intended}` is {of_intended}, not in {}", measure.noun())
            }
            Self::OtherUnit(unit) => {
                format!("`{intended}` is {of_intended}, not in {}", unit.noun)
            }
            Self::Counts(thing) => format!("`{intended}` counts operations, not {thing}"),
            Self::WithoutUnit => format!("its name has no unit; `{intended}` is {of_intended}"),
            Self::Retries => format!("`{intended}` counts the first attempt too"),
            Self::Statistic(statistic) => match (statistic, Meaning::of_own(intended).statistic) {
                (Statistic::Unsaid, wanted) => {
                    format!("its name has no percentile; `{intended}` is {}", wanted.noun())
                }
                (written, Statistic::Unsaid) => {
                    format!("`{intended}` is not {}", written.noun())
                }
                (written, wanted) => {
                    format!("`{intended}` is {}, not {}", wanted.noun(), written.noun())
                }
            },
            Self::Opposite if intended.contains("max") => format!("`{intended}` is a maximum"),
            Self::Opposite if intended.contains("min") => format!("`{intended}` is a minimum"),
            Self::Opposite => format!("`{intended}` means the opposite"),
        })
    }

    /// Returns the exact number for the intended key, or `None` if it cannot be determined.
    pub(crate) fn number(&self, intended: &str, value: &ValueKind<'_>) -> Option<Exact> {
        match self {
            Self::InUnit(measure) => measure.number(unit_of(intended), value),
            Self::WithoutUnit => unit_of(intended)?.convert(value, None),
            Self::Retries => {
                let ValueKind::Integer(Some(retries)) = value else { return None };
                Some(Exact::whole_number(u64::try_from(*retries).ok()?.checked_add(1)?))
            }
            Self::Same
            | Self::Perhaps
            | Self::OtherUnit(_)
            | Self::Counts(_)
            | Self::Statistic(_)
            | Self::Opposite => None,
        }
    }
}

#[cfg(test)]
mod tests;
