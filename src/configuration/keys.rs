//! Describes each key of `driverc.toml` for the reader, the schema, the writer and the docs page.
//!
//! This module must never know the logic of a rule.

mod targets;
mod values;

use serde::{Serialize, Serializer};

pub(crate) use self::targets::{EMIT_KEYS, VERIFY_KEYS};
use self::values::{
    files, items, labels, owners, required_capabilities, rule_levels, texts, tiers, vocabulary,
};
use super::{
    Configuration, EvidenceTerms, Preset, TargetFiles,
    decode::{
        DecodedEntry, VOCABULARY, decode_capabilities, decode_emit, decode_evidence, decode_owners,
        decode_per_file, decode_rules, decode_verify, decode_vocabulary,
    },
};
use crate::{
    finding::Rule,
    model::{AgeDays, BenchmarkProfile, MaxFileBytes, Vocabulary},
    toml::table::MAX_KEYS,
};

/// A key of a table that sets values of `T`.
pub(crate) struct ConfigurationKey<T: 'static> {
    /// The key.
    pub(crate) name: &'static str,
    /// The description of the key, in full sentences.
    pub(crate) doc: &'static str,
    /// The type of the value.
    pub(crate) shape: ValueShape,
    /// A description of the default, or `None` if the effective value describes it.
    pub(crate) absent: Option<&'static str>,
    /// Reads the value.
    pub(super) read: fn(&mut DecodedEntry<'_, '_, '_, '_>, &mut T),
    /// Returns the effective value.
    pub(crate) effective: fn(&T, &[&'static Rule]) -> EffectiveValue,
}

/// The type of a value.
#[derive(Clone, Copy)]
pub(crate) enum ValueShape {
    /// A string, with the word for it on the docs page.
    Text(&'static str),
    /// An array of strings, with the word for its items on the docs page.
    Texts(&'static str),
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// An array of these words, with the word for its items on the docs page.
    Words(&'static str, fn() -> Vec<&'static str>),
    /// An integer, with its minimum and maximum.
    Integer(u64, u64),
    /// Tables of words, by vocabulary.
    Vocabulary,
    /// A table of capability sets, by class.
    Classes,
    /// A table of levels and thresholds, by rule.
    Rules,
    /// Tables of levels, by glob.
    Files,
    /// Tables with keys, by support tier.
    Tiers(&'static [ConfigurationKey<EvidenceTerms>]),
    /// A table of texts, by support tier or glob.
    Owners,
    /// An array of tables with these keys.
    Tables(&'static [ConfigurationKey<TargetFiles>]),
}

/// The effective value of a key.
pub(crate) enum EffectiveValue {
    /// A value that can be written to a file.
    Set(WrittenValue),
    /// A default that must not be written to a file, because it would have another meaning there.
    Implied(WrittenValue),
    /// The key has no value.
    Nothing,
}

/// A value in the form that a file contains.
#[derive(Clone, Debug)]
pub(crate) enum WrittenValue {
    /// A string.
    Text(String),
    /// An integer.
    Integer(u64),
    /// An array of strings.
    Texts(Vec<String>),
    /// A table.
    Table(Vec<(String, Self)>),
    /// An array of tables.
    Tables(Vec<Self>),
}

/// The keys of `driverc.toml`, in order.
pub(crate) static KEYS: [ConfigurationKey<Configuration>; 14] = [
    ConfigurationKey {
        name: "include",
        doc: "Folders, files and globs of documents, relative to this file. Globs are like those of `exclude`.",
        shape: ValueShape::Texts("paths and globs"),
        absent: Some("`contracts`, if that folder exists"),
        read: |entry, configuration| configuration.include = entry.optional().flatten(),
        effective: |configuration, _| match &configuration.include {
            Some(paths) => EffectiveValue::Set(texts(paths)),
            // If a file names the folder, the folder must exist.
            None => EffectiveValue::Implied(labels(["contracts"])),
        },
    },
    ConfigurationKey {
        name: "exclude",
        doc: "Globs for files to skip, relative to this file. `*` stops at `/`, and `**` does not.",
        shape: ValueShape::Texts("globs"),
        absent: None,
        read: |entry, configuration| {
            configuration.exclude = entry.optional().flatten().unwrap_or_default();
        },
        effective: |configuration, _| {
            EffectiveValue::Set(labels(configuration.exclude.iter().map(super::Glob::as_str)))
        },
    },
    ConfigurationKey {
        name: "preset",
        doc: "The levels of rules that `[rules]` does not set. `strict` raises `info` to `warn`, and `warn` to `error`.",
        shape: ValueShape::Word(items::<Preset>),
        absent: None,
        read: |entry, configuration| {
            configuration.preset = entry.optional().flatten().unwrap_or_default();
        },
        effective: |configuration, _| {
            EffectiveValue::Set(WrittenValue::Text(configuration.preset.word().to_owned()))
        },
    },
    ConfigurationKey {
        name: "support_tiers",
        doc: "The support tiers, the top tier first.",
        shape: ValueShape::Texts("words"),
        absent: None,
        read: |entry, configuration| {
            configuration.support_tiers = entry.optional().flatten().unwrap_or_default();
        },
        effective: |configuration, _| EffectiveValue::Set(texts(&configuration.support_tiers)),
    },
    ConfigurationKey {
        name: "max_file_bytes",
        doc: "The maximum size of a document, in bytes. driverc reports a larger document and does not read it. `--max-file-size` overrides this value.",
        shape: ValueShape::Integer(MaxFileBytes::MIN, MaxFileBytes::MAX),
        absent: None,
        read: |entry, configuration| {
            if let Some(limit) = entry.optional().flatten() {
                configuration.max_file_bytes = limit;
            }
        },
        effective: |configuration, _| {
            EffectiveValue::Set(WrittenValue::Integer(configuration.max_file_bytes.get()))
        },
    },
    ConfigurationKey {
        name: "baseline",
        doc: "The file with the findings that the project accepts, relative to this file. `driverc baseline` writes it.",
        shape: ValueShape::Text("path"),
        absent: Some("none"),
        read: |entry, configuration| configuration.baseline = entry.optional().flatten(),
        effective: |configuration, _| match &configuration.baseline {
            Some(file) => EffectiveValue::Set(WrittenValue::Text(file.as_str().to_owned())),
            None => EffectiveValue::Nothing,
        },
    },
    ConfigurationKey {
        name: VOCABULARY,
        doc: "The classes, capabilities and profiles that the project declares beside the built-in ones.",
        shape: ValueShape::Vocabulary,
        absent: Some("`{}`"),
        read: |entry, configuration| configuration.vocabulary = decode_vocabulary(entry).into(),
        effective: |configuration, _| vocabulary(&configuration.vocabulary),
    },
    ConfigurationKey {
        name: "required_capabilities",
        doc: "The capabilities that each driver of a class must have, instead of the default.",
        shape: ValueShape::Classes,
        absent: Some("see below"),
        read: |entry, configuration| {
            configuration.required_capabilities.extend(decode_capabilities(entry));
        },
        effective: |configuration, _| EffectiveValue::Set(required_capabilities(configuration)),
    },
    ConfigurationKey {
        name: "rules",
        doc: "Rule levels and thresholds.",
        shape: ValueShape::Rules,
        absent: Some("`{}`"),
        read: |entry, configuration| configuration.rules = decode_rules(entry),
        effective: |configuration, known| EffectiveValue::Set(rule_levels(configuration, known)),
    },
    ConfigurationKey {
        name: "per-file-rules",
        doc: "Rule levels for the files that a glob matches. The last matching glob wins.",
        shape: ValueShape::Files,
        absent: Some("`{}`"),
        read: |entry, configuration| configuration.per_file_rules = decode_per_file(entry),
        effective: |configuration, _| files(configuration),
    },
    ConfigurationKey {
        name: "evidence",
        doc: "The benchmarks that drivers must have, by support tier.",
        shape: ValueShape::Tiers(&TIER_KEYS),
        absent: Some("`{}`"),
        read: |entry, configuration| {
            configuration.evidence = decode_evidence(entry, &configuration.support_tiers);
        },
        effective: |configuration, known| tiers(configuration, known),
    },
    ConfigurationKey {
        name: "owners",
        doc: "The owners of findings. A key is a support tier of drivers or a glob of files. A glob takes precedence over a tier, and a longer glob over a shorter one.",
        shape: ValueShape::Owners,
        absent: Some("`{}`"),
        read: |entry, configuration| {
            configuration.owners = decode_owners(entry, &configuration.support_tiers);
        },
        effective: |configuration, _| owners(&configuration.owners),
    },
    ConfigurationKey {
        name: "emit",
        doc: "The configurations of clients and proxies that `driverc emit` writes.",
        shape: ValueShape::Tables(&EMIT_KEYS),
        absent: Some("none"),
        read: |entry, configuration| configuration.emit = decode_emit(entry),
        effective: |configuration, _| targets::tables(&EMIT_KEYS, &configuration.emit),
    },
    ConfigurationKey {
        name: "verify",
        doc: "The configurations of clients and proxies that `driverc verify` compares.",
        shape: ValueShape::Tables(&VERIFY_KEYS),
        absent: Some("none"),
        read: |entry, configuration| configuration.verify = decode_verify(entry),
        effective: |configuration, _| targets::tables(&VERIFY_KEYS, &configuration.verify),
    },
];

/// The keys of a table in `[evidence]`.
pub(crate) static TIER_KEYS: [ConfigurationKey<EvidenceTerms>; 2] = [
    ConfigurationKey {
        name: "profiles",
        doc: "The profiles for which a driver with a budget must have a benchmark.",
        shape: ValueShape::Words("profiles", items::<BenchmarkProfile>),
        absent: Some("every profile"),
        read: |entry, terms| {
            if let Some(profiles) = entry.optional().flatten() {
                terms.profiles = profiles;
            }
        },
        effective: |terms, _| {
            EffectiveValue::Set(labels(terms.profiles.iter().map(Vocabulary::word)))
        },
    },
    ConfigurationKey {
        name: "max_age_days",
        doc: "The maximum age of the newest benchmark per profile, in days since `measured_on`. By default, any age is allowed.",
        shape: ValueShape::Integer(AgeDays::MIN, AgeDays::MAX),
        absent: Some("any age"),
        read: |entry, terms| terms.max_age_days = entry.optional().flatten(),
        effective: |terms, _| {
            let days = terms.max_age_days.map(|days| WrittenValue::Integer(days.get()));
            days.map_or(EffectiveValue::Nothing, EffectiveValue::Set)
        },
    },
];

/// The names of the keys of `driverc.toml`.
pub(super) const NAMES: &[&str] = &names(&KEYS);
/// The names of the keys of a table in `[evidence]`.
pub(super) const TIER_NAMES: &[&str] = &names(&TIER_KEYS);

/// The names of the keys of a table of `[[emit]]`.
pub(super) const EMIT_NAMES: &[&str] = &names(&EMIT_KEYS);
/// The names of the keys of a table of `[[verify]]`.
pub(super) const VERIFY_NAMES: &[&str] = &names(&VERIFY_KEYS);

const _: () = assert!(KEYS.len() <= MAX_KEYS && TIER_KEYS.len() <= MAX_KEYS);

const fn names<const N: usize, T>(keys: &[ConfigurationKey<T>; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = keys[at].name;
        at += 1;
    }
    names
}

impl Serialize for WrittenValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_u64(*number),
            Self::Texts(texts) => serializer.collect_seq(texts),
            Self::Tables(tables) => serializer.collect_seq(tables),
            Self::Table(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}
