//! A written configuration is read back unchanged, and invalid ones have findings.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use driverc::{
    configuration::read as read_configuration,
    configuration::{
        Configuration, EvidenceTerms, Glob, Owners, PerFileRules, Preset, RuleLevel, RuleSetting,
    },
    finding::{Finding, Rule},
    model::{
        AgeDays, BenchmarkProfile, DriverCapability, DriverClass, MaxFileBytes, Name, ProjectClass,
        ProjectProfile, ProjectVocabulary, Prose, Vocabulary, Word, WordDescription,
    },
    report::{self, FindingsReport, Format, Style, configuration::toml},
    rules,
    source::{Location, Source, Sources, Span},
};
use proptest::{collection, option, prelude::*, sample};

fn known() -> Vec<&'static Rule> {
    rules::all().collect()
}

fn word<V: Vocabulary>() -> impl Strategy<Value = V> {
    sample::select(V::ALL)
}

/// A text without control characters, often with ones that have a meaning in TOML.
fn text() -> impl Strategy<Value = String> {
    let meant = sample::select(&['"', '\'', '\\', '#', ']', '.', '=', ' ', '/', '\u{202e}'][..]);
    let character = prop_oneof![3 => meant, 5 => any::<char>()];
    let character =
        character.prop_filter("a control character", |character| !character.is_control());
    collection::vec(character, 1..12).prop_map(String::from_iter)
}

/// Any pattern, including characters that texts of contracts cannot contain.
fn glob() -> impl Strategy<Value = Glob> {
    let plain = "[a-z*?/.{}\\[\\]]{0,12}".prop_map(String::from);
    let texts = prop_oneof![plain, text(), any::<String>()];
    texts.prop_filter_map("no glob", |text| Glob::new(&text).ok())
}

fn rule() -> impl Strategy<Value = &'static Rule> {
    sample::select(rules::configurable().collect::<Vec<_>>())
}

fn setting() -> impl Strategy<Value = (String, RuleSetting)> {
    (rule(), option::of(word()), any::<u64>(), any::<bool>()).prop_map(
        |(rule, level, number, named)| {
            let value = |min: u64, max: u64| min + number % (max - min).saturating_add(1);
            let named = rule.parameters.iter().filter(|_| named);
            let parameters = named
                .map(|parameter| (parameter.name.to_owned(), value(parameter.min, parameter.max)));
            (rule.name.to_owned(), RuleSetting { level, parameters: parameters.collect() })
        },
    )
}

fn per_file() -> impl Strategy<Value = PerFileRules> {
    let levels = collection::btree_map(rule().prop_map(|rule| rule.name.to_owned()), word(), 0..4);
    (glob(), levels).prop_map(|(files, rules)| PerFileRules { files, rules })
}

fn terms() -> impl Strategy<Value = EvidenceTerms> {
    let profiles = sample::subsequence(BenchmarkProfile::ALL, 0..=2);
    let days = option::of(AgeDays::MIN..=AgeDays::MAX);
    (profiles, days).prop_map(|(profiles, days)| EvidenceTerms {
        profiles,
        max_age_days: days.map(|days| AgeDays::new(days).unwrap()),
    })
}

fn vocabulary() -> impl Strategy<Value = ProjectVocabulary> {
    let own = || "[a-z][a-z0-9_]{0,30}".prop_map(|word| Word::new(&word).unwrap());
    let description = || text().prop_map(|text| WordDescription::new(text).unwrap());
    let classes = collection::btree_map(own(), (description(), option::of(word())), 0..3);
    let capabilities = collection::btree_map(own(), description(), 0..3);
    let claimed_by = sample::subsequence(DriverCapability::ALL, 0..=2);
    let profiles = collection::btree_map(own(), (description(), claimed_by), 0..3);
    (classes, capabilities, profiles).prop_map(move |(classes, capabilities, profiles)| {
        let class = |(word, (description, like))| (word, ProjectClass { description, like });
        let profile = |(word, (description, claimed_by)): (Word, (_, Vec<_>))| {
            let claimed_by = claimed_by.into_iter().collect();
            (word, ProjectProfile { description, claimed_by })
        };
        ProjectVocabulary {
            classes: classes.into_iter().map(class).collect(),
            capabilities,
            profiles: profiles.into_iter().map(profile).collect(),
        }
    })
}

prop_compose! {
    fn configuration()(
        include in option::of(collection::vec(text(), 0..3)),
        exclude in collection::vec(glob(), 0..3),
        preset in word::<Preset>(),
        rules in collection::vec(setting(), 0..9),
        per_file in collection::vec(per_file(), 0..4),
        tiers in collection::btree_set(text(), 0..3),
        max_file_bytes in MaxFileBytes::MIN..=MaxFileBytes::MAX,
        own_words in vocabulary(),
        evidence in collection::btree_map(text(), terms(), 0..3),
        owned in owners(),
        required in collection::btree_map(
            word::<DriverClass>(),
            sample::subsequence(DriverCapability::ALL, 0..=9),
            0..4,
        ),
    ) -> Configuration {
        let mut globs = Vec::new();
        let mut first = |files: &PerFileRules| {
            let new = !globs.contains(&files.files);
            globs.push(files.files.clone());
            new
        };
        let per_file_rules = per_file.into_iter().filter(|files| first(files)).collect();
        Configuration {
            include: include.map(|paths| paths.iter().map(|path| Prose::new(path).unwrap()).collect()),
            exclude,
            preset,
            rules: rules.into_iter().collect(),
            per_file_rules,
            support_tiers: tiers.iter().map(|tier| Name::new(tier).unwrap()).collect(),
            max_file_bytes: MaxFileBytes::new(max_file_bytes).unwrap(),
            required_capabilities: required
                .into_iter()
                .map(|(class, words)| (class, words.into_iter().collect()))
                .collect(),
            vocabulary: own_words.into(),
            // If there are tiers, only these can have evidence requirements.
            evidence: evidence
                .into_iter()
                .filter(|(tier, _)| tiers.is_empty() || tiers.contains(tier))
                .map(|(tier, terms)| (Name::new(&tier).unwrap(), terms))
                .collect(),
            owners: readable(owned, &tiers),
            ..Configuration::default()
        }
    }
}

fn owners() -> impl Strategy<Value = Owners> {
    let tiers = collection::btree_map(text(), text(), 0..3);
    let files = collection::vec((glob(), text()), 0..3);
    let name = |text: &String| Name::new(text).unwrap();
    (tiers, files).prop_map(move |(tiers, files)| {
        let mut owners = Owners::default();
        owners.tiers.extend(tiers.iter().map(|(tier, owner)| (name(tier), name(owner))));
        owners.files.extend(files.into_iter().map(|(glob, owner)| (glob, name(&owner))));
        owners
    })
}

/// Returns the owners whose keys `driverc.toml` can contain: tiers of the project, or any word if
/// it declares none, and different globs that look like paths.
fn readable(mut owners: Owners, tiers: &BTreeSet<String>) -> Owners {
    let is_path = |key: &str| {
        key.contains(['*', '?', '[', '{', '\\', '/'])
            || Path::new(key).extension().is_some_and(|it| it == "toml")
    };
    let is_tier = |key: &str| tiers.contains(key) || tiers.is_empty() && !is_path(key);
    owners.tiers.retain(|tier, _| is_tier(tier));
    let mut globs = BTreeSet::new();
    owners.files.retain(|(glob, _)| {
        let glob = glob.as_str();
        let is_relative = is_path(glob) && !glob.starts_with('/');
        is_relative && !tiers.contains(glob) && globs.insert(glob.to_owned())
    });
    owners
}

/// Returns the same configuration with all effective values written out.
fn with_all_values(configuration: &Configuration) -> Configuration {
    let setting = |rule: &'static Rule| {
        let level = configuration.level(rule).map_or(RuleLevel::Off, RuleLevel::On);
        let parameters: BTreeMap<_, _> = rule
            .parameters
            .iter()
            .map(|parameter| (parameter.name.to_owned(), configuration.parameter(rule, parameter)))
            .collect();
        (rule.name.to_owned(), RuleSetting { level: Some(level), parameters })
    };
    let required = |class: DriverClass| (class, configuration.required_capabilities(class));
    let classes = configuration.vocabulary.all::<DriverClass>();
    Configuration {
        rules: rules::configurable().map(setting).collect(),
        required_capabilities: classes.into_iter().map(required).collect(),
        ..configuration.clone()
    }
}

proptest! {
    #[test]
    fn shown_configuration_is_read_back_unchanged(configuration in configuration()) {
        let shown = toml(&configuration);
        let (text, read, findings) = read_configuration(shown.clone().into_bytes(), &known());
        prop_assert_eq!(findings, [], "{}", text);
        prop_assert_eq!(&read, &with_all_values(&configuration), "{}", text);
        prop_assert_eq!(toml(&read), shown);
    }

    #[test]
    fn shown_configuration_has_no_invisible_characters(configuration in configuration()) {
        for line in toml(&configuration).lines() {
            prop_assert_eq!(report::escaped(line), line);
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_without_panic(bytes in any::<Vec<u8>>()) {
        read_configuration(bytes, &known());
    }
}

#[test]
fn shown_defaults_are_read_back_unchanged() {
    let (_, read, findings) = read_configuration(toml(&Configuration::default()).into(), &known());
    assert_eq!(findings, []);
    assert_eq!(read, with_all_values(&Configuration::default()));
}

#[test]
fn configuration_written_by_init_equals_defaults() {
    let text = include_str!("../../src/cli/init/driverc.toml");
    let (_, read, findings) = read_configuration(text.into(), &known());
    assert_eq!((read, findings), (Configuration::default(), vec![]));
    let is_key = |line: &&str| line.contains(" = ") || line.starts_with('[');
    let stripped = text.lines().filter_map(|line| line.strip_prefix("# "));
    let keys: Vec<_> = stripped.filter(is_key).collect();
    let (_, _, findings) = read_configuration(keys.join("\n").into(), &known());
    assert_eq!(findings, [], "the commented keys are valid");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/configuration")
}

fn rendered(name: &str, bytes: Vec<u8>) -> String {
    let (text, _, findings) = read_configuration(bytes, &known());
    assert!(!findings.is_empty(), "{name}");
    let mut sources = Sources::default();
    let source = sources.add(Source::new(name, text));
    let located = findings.into_iter();
    let located: Vec<Finding<Location>> =
        located.map(|finding| finding.map_places(|span: Span| Location { source, span })).collect();
    let mut out = Vec::new();
    let run = FindingsReport::of(&located, &sources);
    report::write(Format::Full, &run, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn findings_of_broken_configurations_match_snapshots() {
    let entries = fs::read_dir(folder()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/configuration");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in names {
            let shown = rendered("driverc.toml", fs::read(folder().join(&name)).unwrap());
            insta::assert_snapshot!(name.trim_end_matches(".toml"), shown);
        }
    });
}
