//! Splits keys into the words of a name, a statistic, a scale and a unit.

use super::{
    Relation,
    measure::{self, Measure, OPERATIONS, Scale},
    statistic::{self, Statistic},
    unit::{Dimension, QuantityUnit, ending},
};

/// The parts of a key, interpreted as an attempt to write a contract key.
pub(super) struct Meaning {
    /// The words without the statistic and the unit.
    pub(super) name: Vec<String>,
    /// The words without the unit.
    bare: Vec<String>,
    pub(super) statistic: Statistic,
    pub(super) unit: Option<&'static QuantityUnit>,
    scale: Option<&'static Scale>,
    /// The things that a rate counts, if they are not operations.
    thing: Option<&'static str>,
    /// A unit that cannot be converted to the wanted unit.
    foreign: Option<&'static QuantityUnit>,
}

impl Meaning {
    /// Returns the meaning of a contract key.
    pub(super) fn of_own(key: &str) -> Self {
        let mut name = words(key);
        let unit = ending(&name, None).map(|(unit, count)| {
            name.truncate(name.len() - count);
            unit
        });
        let bare = name.clone();
        let statistic = take_statistic(&mut name, Statistic::Unsaid);
        let (scale, thing, foreign) = (None, None, None);
        let mut meaning = Self { name, bare, statistic, unit, scale, thing, foreign };
        meaning.leave_out(unit.map(|unit| unit.dimension), statistic);
        meaning
    }

    /// Returns the meaning of words, interpreted as an attempt to write the wanted key.
    pub(super) fn new(words: &[String], wanted: &Self) -> Self {
        let mut name = words.to_vec();
        let dimension = wanted.unit.map(|unit| unit.dimension);
        let Measure { unit, scale } = measure::take(&mut name, dimension);
        let is_rate = unit.is_some() && dimension == Some(Dimension::Rate);
        let thing = if is_rate { measure::take_thing(&mut name) } else { None };
        let foreign =
            if unit.is_none() && dimension.is_some() { take_foreign(&mut name) } else { None };
        spell_bounds(&mut name);
        let bare = name.clone();
        let statistic = if wanted.statistic == Statistic::Unsaid && dimension.is_some() {
            Statistic::Unsaid
        } else {
            take_statistic(&mut name, wanted.statistic)
        };
        let mut meaning = Self { name, bare, statistic, unit, scale, thing, foreign };
        meaning.leave_out(dimension, wanted.statistic);
        meaning
    }

    /// Removes words that add no information about a quantity.
    fn leave_out(&mut self, dimension: Option<Dimension>, statistic: Statistic) {
        self.name.retain(|word| !is_idle(word, dimension, statistic));
    }

    /// Returns the relation of this meaning to the wanted meaning. `last` is the last word of the
    /// key if it might be a misspelt unit.
    pub(super) fn relation(&self, wanted: &Self, last: Option<&String>) -> Relation {
        if let Some(thing) = self.thing {
            return Relation::Counts(thing);
        }
        if self.statistic != wanted.statistic {
            return Relation::Statistic(self.statistic);
        }
        if let Some(unit) = self.foreign {
            return Relation::OtherUnit(unit);
        }
        let measure = Measure { unit: self.unit, scale: self.scale };
        let Some(unit) = wanted.unit else {
            return match measure {
                Measure { unit: Some(_), .. } => Relation::Perhaps,
                Measure { unit: None, scale: Some(_) } => Relation::InUnit(measure),
                Measure { unit: None, scale: None } => Relation::Same,
            };
        };
        match self.unit {
            Some(written) if written == unit && self.scale.is_none() => Relation::Same,
            Some(_) => Relation::InUnit(measure),
            None if last.is_some_and(|last| is_near(last, unit)) => Relation::Perhaps,
            // The word after `per` can be an unknown unit of time.
            None if self.bare.iter().any(|word| word == "per") => Relation::Perhaps,
            None => Relation::WithoutUnit,
        }
    }

    /// Returns the relation that follows from words that are not in the wanted key, if there are
    /// any.
    pub(super) fn added(&self, wanted: &Self) -> Option<Relation> {
        let mut own: Vec<&String> = wanted.bare.iter().collect();
        let mut take = |word: &String, is_it: fn(&str, &str) -> bool| {
            let found = own.iter().position(|own| is_it(own, word));
            found.map(|place| own.remove(place)).is_some()
        };
        let mut added: Vec<&String> = self.bare.iter().collect();
        added.retain(|word| !take(word, |own, word| own == word));
        let has_statistic = wanted.statistic != Statistic::Unsaid;
        let said = |word: &&&String| {
            statistic::added(word) != Statistic::Unsaid
                && (has_statistic || !wanted.bare.contains(word))
        };
        if let Some(word) = added.iter().find(said) {
            return Some(Relation::Statistic(statistic::added(word)));
        }
        let dimension = wanted.unit?.dimension;
        added.retain(|word| {
            !take(word, is_misspelt) && !is_idle(word, Some(dimension), wanted.statistic)
        });
        (!added.is_empty()).then_some(Relation::Perhaps)
    }
}

/// Replaces words for bounds with the words that contracts use.
fn spell_bounds(words: &mut [String]) {
    for word in words {
        match word.as_str() {
            "minimum" => "min".clone_into(word),
            "maximum" => "max".clone_into(word),
            _ => {}
        }
    }
}

/// Returns true if a word adds no information about a quantity.
fn is_idle(word: &str, dimension: Option<Dimension>, statistic: Statistic) -> bool {
    match dimension {
        Some(Dimension::Time) if statistic == Statistic::Unsaid => word == "timeout",
        Some(Dimension::Time) => matches!(word, "latency" | "percentile"),
        Some(Dimension::Share) => word == "rate",
        Some(Dimension::Rate) => {
            matches!(word, "rate" | "throughput") || OPERATIONS.contains(&word)
        }
        Some(Dimension::Size) => word == "size",
        None => false,
    }
}

/// Returns true if a word might be a misspelling of another word.
pub(super) fn is_misspelt(own: &str, word: &str) -> bool {
    strsim::osa_distance(own, word) <= (own.len() / 3).max(1)
}

/// Returns true if a word might be a misspelling of a unit.
fn is_near(word: &str, unit: &QuantityUnit) -> bool {
    unit.endings.iter().any(|ending| strsim::osa_distance(word, ending) <= 1)
}

/// Removes a unit of any dimension from the end of words and returns it.
fn take_foreign(words: &mut Vec<String>) -> Option<&'static QuantityUnit> {
    let (unit, count) = ending(words, None)?;
    // `min` means a minimum here, not minutes.
    if words.last()? == "min" || words.len() == count {
        return None;
    }
    words.truncate(words.len() - count);
    Some(unit)
}

/// Removes all statistics from words. Returns the first statistic that differs from the wanted
/// statistic. If none differs, returns the first statistic.
fn take_statistic(words: &mut Vec<String>, wanted: Statistic) -> Statistic {
    let (mut first, mut other) = (None, None);
    words.retain(|word| {
        let found = statistic::statistic(word);
        if found == Statistic::Unsaid {
            return true;
        }
        first = first.or(Some(found));
        other = other.or(Some(found).filter(|found| *found != wanted));
        false
    });
    other.or(first).unwrap_or(Statistic::Unsaid)
}

/// Returns true if words are the words of a key, regardless of separators.
pub(super) fn is_respelt(words: &[String], key: &str) -> bool {
    words.concat() == key.replace(['_', '-'], "")
}

/// Returns the words of a key in lower case. The key can have any spelling, such as
/// `requestTimeoutMs` or `request-timeout-ms`.
pub(super) fn words(key: &str) -> Vec<String> {
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
