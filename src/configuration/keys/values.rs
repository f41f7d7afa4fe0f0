//! Returns the effective values of keys, in the form that a file contains.

use super::{EffectiveValue, TIER_KEYS, WrittenValue};
use crate::{
    configuration::{
        CommandLineLevel, Configuration, Owners,
        decode::{CLAIMED_BY, DESCRIPTION, LIKE, Like},
    },
    finding::Rule,
    model::{
        DriverCapability, DriverClass, Name, OpenVocabulary, ProjectClass, ProjectProfile,
        ProjectVocabulary, Text, Vocabulary, Word, WordDescription,
    },
};

/// Returns an array of strings.
pub(super) fn texts<const MIN: usize, const MAX: usize>(texts: &[Text<MIN, MAX>]) -> WrittenValue {
    labels(texts.iter().map(Text::as_str))
}

/// Returns an array of words.
pub(super) fn labels<'w>(words: impl IntoIterator<Item = &'w str>) -> WrittenValue {
    WrittenValue::Texts(words.into_iter().map(ToOwned::to_owned).collect())
}

/// Returns all words of a vocabulary.
pub(super) fn items<V: Vocabulary>() -> Vec<&'static str> {
    V::ALL.iter().map(Vocabulary::word).collect()
}

/// Returns the capabilities of every class.
pub(super) fn required_capabilities(configuration: &Configuration) -> WrittenValue {
    let of_class = |class: DriverClass| {
        let required: Vec<_> = configuration.required_capabilities(class).iter().collect();
        (class.label().to_owned(), labels(required.iter().map(DriverCapability::label)))
    };
    let classes = configuration.vocabulary.all::<DriverClass>();
    WrittenValue::Table(classes.into_iter().map(of_class).collect())
}

/// Returns the words that the project declares, grouped by vocabulary.
pub(super) fn vocabulary(vocabulary: &ProjectVocabulary) -> EffectiveValue {
    let described = |description: &WordDescription, rest: Option<(&str, WrittenValue)>| {
        let description = (DESCRIPTION, WrittenValue::Text(description.as_str().to_owned()));
        let entries = std::iter::once(description).chain(rest);
        WrittenValue::Table(entries.map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let class = |(word, class): (&Word, &ProjectClass)| {
        let like = class.like.map_or(Like::None, Like::Class).word().to_owned();
        let like = Some((LIKE, WrittenValue::Text(like)));
        (word.to_string(), described(&class.description, like))
    };
    let capability = |(word, description): (&Word, &WordDescription)| {
        (word.to_string(), described(description, None))
    };
    let profile = |(word, profile): (&Word, &ProjectProfile)| {
        let claimed_by: Vec<_> = profile.claimed_by.iter().collect();
        let claimed_by = Some((CLAIMED_BY, labels(claimed_by.iter().map(Vocabulary::word))));
        (word.to_string(), described(&profile.description, claimed_by))
    };
    let words = [
        (OpenVocabulary::Class, vocabulary.classes.iter().map(class).collect::<Vec<_>>()),
        (OpenVocabulary::Capability, vocabulary.capabilities.iter().map(capability).collect()),
        (OpenVocabulary::Profile, vocabulary.profiles.iter().map(profile).collect()),
    ];
    let words = words.into_iter().filter(|(_, words)| !words.is_empty());
    tables(words.map(|(kind, words)| (kind.key().to_owned(), WrittenValue::Table(words))).collect())
}

/// Returns the level of every rule, with the thresholds of rules that have thresholds.
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

/// Returns the rule levels of `[per-file-rules]`, without the levels that the command line
/// replaces.
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

/// Returns the benchmarks that drivers must have, by support tier.
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

/// Returns the owners by support tier, then by glob.
pub(super) fn owners(owners: &Owners) -> EffectiveValue {
    let tiers = owners.tiers.iter().map(|(tier, owner)| (tier.as_str(), owner));
    let files = owners.files.iter().map(|(glob, owner)| (glob.as_str(), owner));
    let text = |(key, owner): (&str, &Name)| {
        (key.to_owned(), WrittenValue::Text(owner.as_str().to_owned()))
    };
    tables(tiers.chain(files).map(text).collect())
}

fn tables(tables: Vec<(String, WrittenValue)>) -> EffectiveValue {
    if tables.is_empty() {
        EffectiveValue::Nothing
    } else {
        EffectiveValue::Set(WrittenValue::Table(tables))
    }
}
