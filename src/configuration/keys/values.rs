//! Returns the effective values of keys, as a file contains them.

use super::{EffectiveValue, TIER_KEYS, WrittenValue};
use crate::{
    configuration::{CommandLineLevel, Configuration},
    finding::Rule,
    model::{DriverCapability, DriverClass, Text, Vocabulary},
};

/// An array of strings.
pub(super) fn texts<const MIN: usize, const MAX: usize>(texts: &[Text<MIN, MAX>]) -> WrittenValue {
    labels(texts.iter().map(Text::as_str))
}

/// An array of words.
pub(super) fn labels<'w>(words: impl IntoIterator<Item = &'w str>) -> WrittenValue {
    WrittenValue::Texts(words.into_iter().map(ToOwned::to_owned).collect())
}

/// All words of a vocabulary.
pub(super) fn items<V: Vocabulary>() -> Vec<&'static str> {
    V::ALL.iter().map(|word| word.word()).collect()
}

/// The capabilities of every class.
pub(super) fn required_capabilities(configuration: &Configuration) -> WrittenValue {
    let of_class = |class: &DriverClass| {
        let required = configuration.required_capabilities(*class);
        (class.label().to_owned(), labels(required.iter().map(DriverCapability::label)))
    };
    WrittenValue::Table(DriverClass::ALL.iter().map(of_class).collect())
}

/// The level of every rule, with its thresholds if it has any.
pub(super) fn rule_levels(configuration: &Configuration, known: &[&'static Rule]) -> WrittenValue {
    let of_rule = |rule: &&'static Rule| {
        let level = configuration.effective_level(rule, &[]).level;
        let level = WrittenValue::Text(level.word().to_owned());
        if rule.parameters.is_empty() {
            return (rule.name.to_owned(), level);
        }
        let thresholds = rule.parameters.iter().map(|parameter| {
            let value = configuration.parameter(rule, parameter);
            (parameter.name.to_owned(), WrittenValue::Integer(value))
        });
        let entries = std::iter::once(("level".to_owned(), level)).chain(thresholds);
        (rule.name.to_owned(), WrittenValue::Table(entries.collect()))
    };
    WrittenValue::Table(known.iter().map(of_rule).collect())
}

/// The rule levels of `[per-file-rules]`, without the levels that the command line replaces.
pub(super) fn files(configuration: &Configuration) -> EffectiveValue {
    let is_effective = |(rule, _): &(&String, _)| {
        let level = configuration.command_line.get(rule.as_str());
        !matches!(level, Some(CommandLineLevel::Everywhere(_)))
    };
    let levels = configuration.per_file_rules.iter().map(|files| {
        let levels = files.rules.iter().filter(is_effective);
        let levels =
            levels.map(|(rule, level)| (rule.clone(), WrittenValue::Text(level.word().to_owned())));
        (files.files.as_str().to_owned(), WrittenValue::Table(levels.collect()))
    });
    tables(levels.collect())
}

/// The benchmarks that drivers must have, by support tier.
pub(super) fn tiers(configuration: &Configuration, known: &[&'static Rule]) -> EffectiveValue {
    let terms = configuration.evidence.iter().map(|(tier, terms)| {
        let entries = TIER_KEYS.iter().filter_map(|key| match (key.effective)(terms, known) {
            EffectiveValue::Set(value) => Some((key.name.to_owned(), value)),
            EffectiveValue::Implied(_) | EffectiveValue::Nothing => None,
        });
        (tier.as_str().to_owned(), WrittenValue::Table(entries.collect()))
    });
    tables(terms.collect())
}

fn tables(tables: Vec<(String, WrittenValue)>) -> EffectiveValue {
    if tables.is_empty() {
        EffectiveValue::Nothing
    } else {
        EffectiveValue::Set(WrittenValue::Table(tables))
    }
}
