//! Explains keys of `driverc.toml` and the levels of rules.

use super::{Explanation, OriginRole, ValueOrigin, ValuePlace};
use crate::{
    configuration::{
        Configuration, LevelOrigin, Preset, RuleLevel,
        keys::{EffectiveValue, KEYS, WrittenValue},
        span_of,
    },
    finding::{Parameter, Rule},
    model::Vocabulary,
    report::configuration::inline,
    rules,
    source::Source,
    toml::quote::{key as key_as_toml, quoted},
};

/// Explains the level of a rule in a file or, without a file, in all files that no glob matches.
///
/// `file` is relative to the configuration. `source` is the text of the configuration, if there is
/// a configuration.
pub fn rule_level(
    configuration: &Configuration,
    source: Option<&Source>,
    rule: &Rule,
    file: Option<&str>,
) -> Explanation {
    let globs = configuration.globs(|entry| file.is_some_and(|file| entry.files.matches(file)));
    let effective = configuration.effective_level(rule, &globs);
    let text = |level: RuleLevel| quoted(level.word());
    let mut declared = Vec::new();
    if effective.origin == LevelOrigin::CommandLine {
        declared.push(origin(None, text(effective.level), "the command line"));
    }
    for glob in globs.iter().rev() {
        let entry = &configuration.per_file_rules[*glob];
        let Some(level) = entry.rules.get(rule.name) else { continue };
        let path = ["per-file-rules", entry.files.as_str(), rule.name];
        let words = format!("`[per-file-rules]` for {}", quoted(entry.files.as_str()));
        declared.push(origin(place(source, &path), text(*level), &words));
    }
    if let Some(level) = configuration.rules.get(rule.name).and_then(|setting| setting.level) {
        let path = ["rules", rule.name];
        let place = place(source, &["rules", rule.name, "level"]).or_else(|| place(source, &path));
        declared.push(origin(place, text(level), "`[rules]`"));
    }
    let mut origins = ranked(declared);
    let without_file = Configuration { preset: configuration.preset, ..Configuration::default() };
    let preset = without_file.effective_level(rule, &[]);
    if preset.origin == LevelOrigin::Preset {
        origins.extend(of_preset(source, text(preset.level), origins.is_empty()));
    }
    let default = Configuration::default().effective_level(rule, &[]).level;
    Explanation::of(format!("rules.{}", rule.name), origins, Some(text(default)))
}

/// Returns the origins of a level that the preset sets: the preset, and the key that names the
/// preset.
fn of_preset(source: Option<&Source>, level: String, is_first: bool) -> Vec<ValueOrigin> {
    let role = if is_first { OriginRole::Set } else { OriginRole::Overridden };
    let set = ValueOrigin { role, ..origin(None, level, "the preset `strict`") };
    let named = place(source, &["preset"]).filter(|_| is_first).map(|place| {
        let value = quoted(Preset::Strict.word());
        ValueOrigin { role: OriginRole::Through, ..origin(Some(place), value, "`preset`") }
    });
    std::iter::once(set).chain(named).collect()
}

/// Explains a key of `driverc.toml`, or a key of one of its tables. Returns `None` if there is no
/// such key.
pub fn configuration_key(
    configuration: &Configuration,
    source: Option<&Source>,
    path: &[&str],
) -> Option<Explanation> {
    if let ["rules", rule, parameter] = path {
        return threshold(configuration, source, (rule, parameter));
    }
    let (first, rest) = path.split_first()?;
    let key = KEYS.iter().find(|key| key.name == *first)?;
    let known: Vec<_> = rules::configurable().collect();
    let value = match (key.effective)(configuration, &known) {
        EffectiveValue::Set(value) | EffectiveValue::Implied(value) => Some(value),
        EffectiveValue::Nothing => None,
    };
    let value = rest.iter().try_fold(value, |value, key| match value {
        Some(WrittenValue::Table(entries)) => {
            entries.into_iter().find(|(own, _)| own == key).map(|(_, value)| Some(value))
        }
        _ => None,
    })?;
    let value = value.map(|value| inline(&value));
    let set = place(source, path).zip(value.clone());
    let declared = set.map(|(place, value)| origin(Some(place), value, "")).into_iter().collect();
    let path: Vec<_> = path.iter().map(|part| key_as_toml(part)).collect();
    Some(Explanation::of(path.join("."), ranked(declared), value))
}

/// Explains the threshold of a rule.
fn threshold(
    configuration: &Configuration,
    source: Option<&Source>,
    (rule, parameter): (&str, &str),
) -> Option<Explanation> {
    let rule = rules::find(rule)?;
    let parameter: &Parameter = rule.parameters.iter().find(|it| it.name == parameter)?;
    let path = ["rules", rule.name, parameter.name];
    let declared = configuration.declared_parameter(rule, parameter);
    let declared =
        declared.map(|value| origin(place(source, &path), value.to_string(), "`[rules]`"));
    let default = Some(parameter.default.to_string());
    Some(Explanation::of(path.join("."), ranked(declared.into_iter().collect()), default))
}

fn place(source: Option<&Source>, path: &[&str]) -> Option<ValuePlace> {
    let source = source?;
    let span = span_of(source.text().ok()?, path)?;
    Some(ValuePlace::new(source, span))
}

fn origin(place: Option<ValuePlace>, value: String, declaration: &str) -> ValueOrigin {
    let (role, declaration) = (OriginRole::Overridden, declaration.to_owned());
    ValueOrigin { role, place, value, other_key: None, declaration }
}

/// Marks the first declaration as the declaration that sets the value.
fn ranked(mut declared: Vec<ValueOrigin>) -> Vec<ValueOrigin> {
    if let Some(strongest) = declared.first_mut() {
        strongest.role = OriginRole::Set;
    }
    declared
}
