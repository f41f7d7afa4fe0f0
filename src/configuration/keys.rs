//! Describes each key of `driverc.toml` once, for the reader, the schema, the writer and the page.
//!
//! Must never know the logic of a rule.

mod values;

use serde::{Serialize, Serializer};

use self::values::{files, items, labels, required_capabilities, rule_levels, texts, tiers};
use super::{
    Configuration, EvidenceTerms, Preset,
    decode::{Entry, decode_capabilities, decode_evidence, decode_per_file, decode_rules},
};
use crate::{
    finding::Rule,
    model::{AgeDays, BenchmarkProfile, MaxFileBytes, Vocabulary},
    toml::table::MOST_KEYS,
};

/// A key of a table that sets values of `T`.
pub(crate) struct Key<T: 'static> {
    /// The text of the key.
    pub(crate) name: &'static str,
    /// The description of the key, in sentences.
    pub(crate) doc: &'static str,
    /// The type of the value.
    pub(crate) shape: Shape,
    /// The value without the key, in words; `None` if the effective value is enough.
    pub(crate) absent: Option<&'static str>,
    /// Reads the value.
    pub(super) read: fn(&mut Entry<'_, '_, '_, '_>, &mut T),
    /// Returns the effective value.
    pub(crate) effective: fn(&T, &[&'static Rule]) -> Effective,
}

/// The type of a value.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// An array of texts, which the page calls by this name.
    Texts(&'static str),
    /// A word.
    Word(fn() -> Vec<&'static str>),
    /// An array of words, which the page calls by this name.
    Words(&'static str, fn() -> Vec<&'static str>),
    /// An integer, with the least and the greatest value.
    Integer(u64, u64),
    /// A table of sets of capabilities, by class.
    Classes,
    /// A table of levels and thresholds, by rule.
    Rules,
    /// Tables of levels, by glob.
    Files,
    /// Tables with keys, by support tier.
    Tiers(&'static [Key<EvidenceTerms>]),
}

/// The effective value of a key.
pub(crate) enum Effective {
    /// A value to write.
    Set(Written),
    /// A default that has another meaning if it is written.
    Implied(Written),
    /// No value.
    Nothing,
}

/// A value as a file has it.
#[derive(Clone, Debug)]
pub(crate) enum Written {
    /// A text or a word.
    Text(String),
    /// An integer.
    Integer(u64),
    /// An array of texts.
    Texts(Vec<String>),
    /// A table.
    Table(Vec<(String, Self)>),
}

/// The keys of the file, in its order.
pub(crate) static KEYS: [Key<Configuration>; 9] = [
    Key {
        name: "include",
        doc: "The folders and files with contracts, relative to this file.",
        shape: Shape::Texts("paths"),
        absent: Some("`contracts`, if that folder exists"),
        read: |entry, configuration| configuration.include = entry.optional().flatten(),
        effective: |configuration, _| match &configuration.include {
            Some(paths) => Effective::Set(texts(paths)),
            // To name the folder would ask for it to be there.
            None => Effective::Implied(labels(["contracts"])),
        },
    },
    Key {
        name: "exclude",
        doc: "What is left out of them, as globs relative to this file: `*` stops at `/`, `**` does not.",
        shape: Shape::Texts("globs"),
        absent: None,
        read: |entry, configuration| {
            configuration.exclude = entry.optional().flatten().unwrap_or_default();
        },
        effective: |configuration, _| {
            Effective::Set(labels(configuration.exclude.iter().map(super::Glob::as_str)))
        },
    },
    Key {
        name: "preset",
        doc: "How strict the rules are that are not named here. `strict`: every rule at least warns, and what would warn is an error.",
        shape: Shape::Word(items::<Preset>),
        absent: None,
        read: |entry, configuration| {
            configuration.preset = entry.optional().flatten().unwrap_or_default();
        },
        effective: |configuration, _| {
            Effective::Set(Written::Text(configuration.preset.word().to_owned()))
        },
    },
    Key {
        name: "support_tiers",
        doc: "The support tiers, the best supported one first.",
        shape: Shape::Texts("words"),
        absent: None,
        read: |entry, configuration| {
            configuration.support_tiers = entry.optional().flatten().unwrap_or_default();
        },
        effective: |configuration, _| Effective::Set(texts(&configuration.support_tiers)),
    },
    Key {
        name: "max_file_bytes",
        doc: "The largest document that is read, in bytes; a larger one is a finding. `--max-file-size` overrules it.",
        shape: Shape::Integer(MaxFileBytes::MIN, MaxFileBytes::MAX),
        absent: None,
        read: |entry, configuration| {
            if let Some(limit) = entry.optional().flatten() {
                configuration.max_file_bytes = limit;
            }
        },
        effective: |configuration, _| {
            Effective::Set(Written::Integer(configuration.max_file_bytes.get()))
        },
    },
    Key {
        name: "required_capabilities",
        doc: "What every driver of a class must be able to do; replaces the default of the class.",
        shape: Shape::Classes,
        absent: Some("see below"),
        read: |entry, configuration| {
            configuration.required_capabilities.extend(decode_capabilities(entry));
        },
        effective: |configuration, _| Effective::Set(required_capabilities(configuration)),
    },
    Key {
        name: "rules",
        doc: "Levels and thresholds of rules.",
        shape: Shape::Rules,
        absent: Some("`{}`"),
        read: |entry, configuration| configuration.rules = decode_rules(entry),
        effective: |configuration, known| Effective::Set(rule_levels(configuration, known)),
    },
    Key {
        name: "per-file-rules",
        doc: "Levels of rules in the files that a glob matches; the later one wins.",
        shape: Shape::Files,
        absent: Some("`{}`"),
        read: |entry, configuration| configuration.per_file_rules = decode_per_file(entry),
        effective: |configuration, _| files(configuration),
    },
    Key {
        name: "evidence",
        doc: "The samples that drivers must have, by their support tier.",
        shape: Shape::Tiers(&TIER_KEYS),
        absent: Some("`{}`"),
        read: |entry, configuration| {
            configuration.evidence = decode_evidence(entry, &configuration.support_tiers);
        },
        effective: |configuration, known| tiers(configuration, known),
    },
];

/// The keys of a table of `[evidence]`.
pub(crate) static TIER_KEYS: [Key<EvidenceTerms>; 2] = [
    Key {
        name: "profiles",
        doc: "The kinds of load for which a driver with a budget must have a sample.",
        shape: Shape::Words("profiles", items::<BenchmarkProfile>),
        absent: Some("every profile"),
        read: |entry, terms| {
            if let Some(profiles) = entry.optional().flatten() {
                terms.profiles = profiles;
            }
        },
        effective: |terms, _| {
            Effective::Set(labels(terms.profiles.iter().map(|profile| profile.label())))
        },
    },
    Key {
        name: "max_age_days",
        doc: "How many days old the newest sample of each may be, from `measured_on`; without it, any age.",
        shape: Shape::Integer(AgeDays::MIN, AgeDays::MAX),
        absent: Some("any age"),
        read: |entry, terms| terms.max_age_days = entry.optional().flatten(),
        effective: |terms, _| {
            let days = terms.max_age_days.map(|days| Written::Integer(days.get()));
            days.map_or(Effective::Nothing, Effective::Set)
        },
    },
];

/// The names of the keys of the file.
pub(super) const NAMES: &[&str] = &names(&KEYS);
/// The names of the keys of a table of `[evidence]`.
pub(super) const TIER_NAMES: &[&str] = &names(&TIER_KEYS);

const _: () = assert!(KEYS.len() <= MOST_KEYS && TIER_KEYS.len() <= MOST_KEYS);

const fn names<const N: usize, T>(keys: &[Key<T>; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = keys[at].name;
        at += 1;
    }
    names
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_u64(*number),
            Self::Texts(texts) => serializer.collect_seq(texts),
            Self::Table(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}
