//! Compares what keys measure: a key in another unit or of another statistic is not a misspelling,
//! since its number means something else.

mod number;
mod unit;

use self::unit::{Dimension, ending};
pub(crate) use self::{number::Exact, unit::Unit};
use crate::document::{spelling::nearest, tree::Kind};

/// Pairs of words that turn the meaning of a key around.
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

/// Words that mean about the same, the word of a contract's key last.
const SIMILAR: [(&str, &str); 4] =
    [("min", "base"), ("initial", "base"), ("start", "base"), ("first", "base")];

/// Keys that count retries, which is one less than the attempts.
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

/// Keys that count attempts, the first included.
const ATTEMPTS: [&str; 6] =
    ["attempts", "tries", "max_tries", "max_attempt", "num_attempts", "total_attempts"];

const MAX_ATTEMPTS: &str = "max_attempts";

/// What a number under an unknown key means for the key that was probably intended, the most
/// alike first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The same.
    Same,
    /// Perhaps the same.
    Perhaps,
    /// A number in this unit.
    InUnit(&'static Unit),
    /// A number whose unit the key does not say.
    WithoutUnit,
    /// One less than the number of attempts.
    Retries,
    /// Another statistic, or one that the key does not say.
    Statistic(Statistic),
    /// The opposite.
    Opposite,
}

/// A statistic of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statistic {
    /// A percentile: its digits, as in `p999`.
    Percentile(u32),
    Mean,
    Deviation,
    /// None, or one that is not known.
    Unsaid,
}

/// A key in its parts, read as one that may intend a key of a contract.
struct Meaning {
    /// The words without statistic and unit.
    name: Vec<String>,
    statistic: Statistic,
    unit: Option<&'static Unit>,
}

/// The keys that a table has, taken apart once: any number of unknown keys is compared with them.
pub(crate) struct Wanted<'k>(Vec<Own<'k>>);

/// A key of a contract in its parts.
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

    /// The key that another key means, though it may not resemble it.
    ///
    /// Of several that are as much alike, it is one that is free, of the nearest percentile, and
    /// nearest by its letters.
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

/// What the number under a key means for a key that it resembles by its letters.
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
    if turned { Relation::Opposite } else { written.relation(&wanted, words.last()) }
}

/// The unit that a key of a contract says.
pub(crate) fn unit_of(key: &str) -> Option<&'static Unit> {
    Meaning::of_own(key).unit
}

/// The number that a value of another type says for a key, in the unit of that key.
pub(crate) fn exact(key: &str, value: &Kind<'_>) -> Option<Exact> {
    match (unit_of(key), value) {
        (Some(unit), _) => unit.convert(value, Some(unit)),
        (None, Kind::Float(text) | Kind::String(text)) => Exact::parse(text.trim()),
        (None, _) => None,
    }
}

/// The relation of two keys that name the same thing, by their words; none of others.
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
        // A plain number has no unit, so the value may be of another kind.
        let name = words.strip_prefix(own.words.as_slice())?;
        let (_, count) = ending(words, None)?;
        return (name.len() == count).then_some(Relation::Perhaps);
    }
    let written = Meaning::new(words, wanted);
    let differing = differing(&written.name, &wanted.name)?;
    let relation = written.relation(wanted, None);
    match differing {
        None => Some(relation),
        Some((own, other)) if SIMILAR.contains(&(own, other)) => {
            Some(if relation == Relation::Same { Relation::Perhaps } else { relation })
        }
        Some((own, other)) => {
            let is_turned = OPPOSITES.contains(&(own, other)) || OPPOSITES.contains(&(other, own));
            is_turned.then_some(Relation::Opposite)
        }
    }
}

/// The only word in which two names differ, if there is one; none if they differ in more.
#[expect(clippy::option_option, reason = "names may differ in nothing, in a word or in more")]
fn differing<'w>(left: &'w [String], right: &'w [String]) -> Option<Option<(&'w str, &'w str)>> {
    if left.len() != right.len() {
        return None;
    }
    let mut differing = left.iter().zip(right).filter(|(left, right)| left != right);
    let first = differing.next().map(|(left, right)| (left.as_str(), right.as_str()));
    differing.next().is_none().then_some(first)
}

/// Whether words are those of a key, whatever parts them.
fn is_respelt(words: &[String], key: &str) -> bool {
    words.concat() == key.replace(['_', '-'], "")
}

/// The words of a key in any spelling, in lower case: `requestTimeoutMs`, `request-timeout-ms`.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in key.chars() {
        let begins = letter.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if begins || matches!(letter, '_' | '-' | '.' | ' ') {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && !matches!(letter, '_' | '-' | '.' | ' ')
        {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

impl Meaning {
    /// The meaning of a contract's own key.
    fn of_own(key: &str) -> Self {
        let mut name = words(key);
        let unit = take_unit(&mut name, None);
        let statistic = take_statistic(&mut name);
        let mut meaning = Self { name, statistic, unit };
        meaning.leave_out(meaning.unit.map(|unit| unit.dimension), statistic);
        meaning
    }

    /// The meaning of words, if they intend the wanted key.
    fn new(words: &[String], wanted: &Self) -> Self {
        let mut name = words.to_vec();
        let dimension = wanted.unit.map(|unit| unit.dimension);
        let unit = take_unit(&mut name, dimension);
        let statistic = if wanted.statistic == Statistic::Unsaid && dimension.is_some() {
            Statistic::Unsaid
        } else {
            take_statistic(&mut name)
        };
        let mut meaning = Self { name, statistic, unit };
        meaning.leave_out(dimension, wanted.statistic);
        meaning
    }

    /// Leaves out words that say nothing more about a quantity, and spells bounds alike.
    fn leave_out(&mut self, dimension: Option<Dimension>, statistic: Statistic) {
        let idle: &[&str] = match dimension {
            Some(Dimension::Time) if statistic == Statistic::Unsaid => &["timeout"],
            Some(Dimension::Time) => &["latency", "percentile"],
            Some(Dimension::Share) => &["rate"],
            Some(Dimension::Rate) => {
                &["rate", "ops", "op", "operations", "requests", "req", "reqs", "throughput"]
            }
            Some(Dimension::Size) => &["size"],
            None => &[],
        };
        self.name.retain(|word| !idle.contains(&word.as_str()));
        for word in &mut self.name {
            match word.as_str() {
                "minimum" => "min".clone_into(word),
                "maximum" => "max".clone_into(word),
                _ => {}
            }
        }
    }

    /// What a number with this meaning is for a key with the wanted one; `last` is the last word
    /// of the key where it may be a misspelt unit.
    fn relation(&self, wanted: &Self, last: Option<&String>) -> Relation {
        if self.statistic != wanted.statistic {
            return Relation::Statistic(self.statistic);
        }
        let Some(unit) = wanted.unit else {
            return if self.unit.is_some() { Relation::Perhaps } else { Relation::Same };
        };
        match self.unit {
            Some(written) if written == unit => Relation::Same,
            Some(written) => Relation::InUnit(written),
            None if last.is_some_and(|last| is_near(last, unit)) => Relation::Perhaps,
            None => Relation::WithoutUnit,
        }
    }
}

/// Whether a word may be a misspelling of a unit.
fn is_near(word: &str, unit: &Unit) -> bool {
    unit.endings.iter().any(|ending| strsim::osa_distance(word, ending) <= 1)
}

fn take_unit(words: &mut Vec<String>, of: Option<Dimension>) -> Option<&'static Unit> {
    let (unit, count) = ending(words, of)?;
    words.truncate(words.len() - count);
    Some(unit)
}

fn take_statistic(words: &mut Vec<String>) -> Statistic {
    let found = words.iter().position(|word| statistic(word) != Statistic::Unsaid);
    found.map_or(Statistic::Unsaid, |place| statistic(&words.remove(place)))
}

fn statistic(word: &str) -> Statistic {
    let digits = word.strip_prefix('p').or_else(|| word.strip_suffix("th"));
    let digits = digits.map(|digits| digits.trim_end_matches("th"));
    match (word, digits.and_then(|digits| digits.parse().ok())) {
        ("mean" | "avg" | "average", _) => Statistic::Mean,
        ("median", _) => Statistic::Percentile(50),
        ("stddev" | "stdev", _) => Statistic::Deviation,
        (_, Some(digits)) => Statistic::Percentile(digits),
        _ => Statistic::Unsaid,
    }
}

impl Relation {
    /// The more alike, the less.
    const fn rank(&self) -> u8 {
        match self {
            Self::Same => 0,
            Self::InUnit(_) | Self::WithoutUnit | Self::Retries => 1,
            Self::Perhaps => 2,
            Self::Statistic(_) => 3,
            Self::Opposite => 4,
        }
    }

    /// How far the percentile of a key is from that of the intended one; 0 of what has none.
    fn distance(&self, intended: &str) -> u32 {
        let Self::Statistic(statistic) = self else { return 0 };
        statistic.permyriad().abs_diff(Meaning::of_own(intended).statistic.permyriad())
    }

    /// Whether the number of the intended key may follow from the one that is written.
    pub(crate) const fn may_convert(&self) -> bool {
        matches!(self, Self::InUnit(_) | Self::WithoutUnit | Self::Retries)
    }

    /// How the keys differ, for a message; none where only their spelling does.
    pub(crate) fn difference(&self, intended: &str) -> Option<String> {
        let of_intended = unit_of(intended).map_or("a plain number", |unit| unit.noun);
        Some(match self {
            Self::Same | Self::Perhaps => return None,
            Self::InUnit(unit) => {
                format!("`{intended}` is in {of_intended}, not in {}", unit.noun)
            }
            Self::WithoutUnit => format!("it has no unit, `{intended}` is in {of_intended}"),
            Self::Retries => format!("`{intended}` counts the first attempt too"),
            Self::Statistic(statistic) => {
                let wanted = Meaning::of_own(intended).statistic.noun();
                match statistic {
                    Statistic::Unsaid => {
                        format!("it names no percentile, `{intended}` is {wanted}")
                    }
                    Statistic::Percentile(_) | Statistic::Mean | Statistic::Deviation => {
                        format!("`{intended}` is {wanted}, not {}", statistic.noun())
                    }
                }
            }
            Self::Opposite if intended.contains("max") => format!("`{intended}` is a maximum"),
            Self::Opposite if intended.contains("min") => format!("`{intended}` is a minimum"),
            Self::Opposite => format!("`{intended}` means the opposite"),
        })
    }

    /// The number of the intended key, exactly; none where it cannot be known.
    pub(crate) fn number(&self, intended: &str, value: &Kind<'_>) -> Option<Exact> {
        match self {
            Self::InUnit(unit) => unit_of(intended)?.convert(value, Some(*unit)),
            Self::WithoutUnit => unit_of(intended)?.convert(value, None),
            Self::Retries => {
                let Kind::Integer(Some(retries)) = value else { return None };
                Some(Exact::whole_number(u64::try_from(*retries).ok()?.checked_add(1)?))
            }
            Self::Same | Self::Perhaps | Self::Statistic(_) | Self::Opposite => None,
        }
    }
}

impl Statistic {
    /// The place in a distribution, in parts of ten thousand; of a mean, the middle.
    fn permyriad(self) -> u32 {
        match self {
            Self::Percentile(digits @ ..100) => digits * 100,
            Self::Percentile(digits @ ..1000) => digits * 10,
            Self::Percentile(digits) => digits,
            Self::Mean | Self::Deviation | Self::Unsaid => 5_000,
        }
    }

    /// The statistic with its article.
    fn noun(self) -> String {
        match self {
            Self::Percentile(digits) => format!("a p{digits}"),
            Self::Mean => "a mean".to_owned(),
            Self::Deviation => "a standard deviation".to_owned(),
            Self::Unsaid => "no statistic".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
