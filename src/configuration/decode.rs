//! Reads `driverc.toml`.

mod evidence;
mod owners;
mod targets;
mod vocabulary;

pub(crate) use self::vocabulary::{
    CLAIMED_BY, DESCRIPTION, LIKE, Like, VOCABULARY, VOCABULARY_SHADOWED, place_of_word,
};
pub(super) use self::{
    evidence::decode_evidence,
    owners::decode_owners,
    targets::{decode_emit, decode_verify},
    vocabulary::decode_vocabulary,
};
use std::collections::BTreeMap;

use crate::{
    configuration::{
        Configuration, Glob, InvalidGlob, PerFileRules, RuleLevel, RuleSetting,
        keys::{ConfigurationKey, KEYS, NAMES},
        retired::find_retired,
    },
    finding::{Finding, Parameter, Rule},
    model::{Capabilities, DriverClass},
    source::Span,
    toml::{
        findings::DocumentFindings,
        quantity::{self, Exact, Relation},
        rules::{INVALID_TEXT, UNKNOWN_KEY, WRONG_TYPE},
        spelling::{nearest, truncated},
        syntax,
        table::{Table, expect_table},
        tree::{NodeId, Tree, ValueKind},
        value::{Read, TomlValue, report_range, report_unknown_word},
    },
};

/// The key of the level in the table of a rule.
pub(crate) const LEVEL: &str = "level";

/// Reads a configuration. Returns its text, values and findings. `rules` contains all rules.
///
/// A value that cannot be read gets a finding and is replaced with its default. In the text, `?`
/// replaces each byte that is not UTF-8.
pub fn read(
    bytes: Vec<u8>,
    rules: &[&'static Rule],
) -> (String, Configuration, Vec<Finding<Span>>) {
    let mut findings = DocumentFindings::default();
    let text = syntax::decode_wide(&bytes, &mut findings).unwrap_or_else(|| {
        String::from_utf8(bytes)
            .unwrap_or_else(|error| syntax::repair_utf8(error.as_bytes(), &mut findings))
    });
    let mut configuration = Configuration::default();
    if findings.reported() == 0 {
        let tree = Tree::parse(&text);
        let words = vocabulary::declared_words(&tree);
        let tree = tree.with_vocabulary(&words);
        if tree.is_broken {
            syntax::report_errors::<&str>(&text, &mut findings);
        } else {
            decode(&tree, rules, &mut configuration, &mut findings);
            syntax::report_repeats::<&str>(&tree, &mut findings);
        }
    }
    (text, configuration, findings.in_order())
}

/// Returns the span of the value at a path of keys in the text of `driverc.toml`. For a table,
/// returns the span of its header.
pub(crate) fn span_of(text: &str, path: &[&str]) -> Option<Span> {
    let tree = Tree::parse(text);
    let found = path.iter().try_fold(tree.root(), |table, key| tree.child(table, key))?;
    Some(tree.node(found).span)
}

fn decode(
    tree: &Tree<'_>,
    rules: &[&'static Rule],
    configuration: &mut Configuration,
    findings: &mut DocumentFindings,
) {
    let mut table = Table::open(tree, tree.root(), NAMES, findings);
    read_keys(&mut table, &KEYS, rules, configuration);
}

/// Reads the keys of a table.
fn read_keys<T>(
    table: &mut ConfigurationTable<'_, '_, '_>,
    keys: &'static [ConfigurationKey<T>],
    rules: &[&'static Rule],
    values: &mut T,
) {
    for key in keys {
        if let Some(id) = table.entry(key.name) {
            (key.read)(&mut DecodedEntry { table, name: key.name, id, rules }, values);
        }
    }
}

/// A table of `driverc.toml`.
type ConfigurationTable<'r, 't, 's> = Table<'r, 't, 's, &'static str>;

/// A key of the table, and the rules that the value of the key can name.
pub(super) struct DecodedEntry<'e, 'r, 't, 's> {
    table: &'e mut ConfigurationTable<'r, 't, 's>,
    name: &'static str,
    id: NodeId,
    rules: &'e [&'static Rule],
}

impl DecodedEntry<'_, '_, '_, '_> {
    /// Reads the value. Returns `Some(None)` if the key is absent and `None` if its value is
    /// invalid.
    #[expect(clippy::option_option, reason = "absent and wrong are two different things")]
    pub(super) fn optional<T: Read>(&mut self) -> Option<Option<T>> {
        self.table.optional(self.name)
    }
}

/// Returns the capabilities that `[required_capabilities]` sets, by class.
pub(super) fn decode_capabilities(
    entry: &mut DecodedEntry<'_, '_, '_, '_>,
) -> BTreeMap<DriverClass, Capabilities> {
    let (tree, findings) = (entry.table.tree, &mut *entry.table.findings);
    let mut required = BTreeMap::new();
    for child in entries(tree, entry.id, findings) {
        let key = &tree.node(child).key;
        let Some(class) = tree.vocabulary.find::<DriverClass>(key) else {
            report_unknown_word::<DriverClass>(tree, child, findings);
            continue;
        };
        let value = TomlValue { tree, id: child, name: key };
        required.extend(Capabilities::read(value, findings).map(|words| (class, words)));
    }
    required
}

/// Returns the entries of a table whose keys are names. Reports a value that is not a table.
fn entries(tree: &Tree<'_>, id: NodeId, findings: &mut DocumentFindings) -> Vec<NodeId> {
    let header = || match tree.parent(id) {
        Some(parent) if parent != tree.root() => format!("{}.\"…\"", tree.path(parent)),
        _ => tree.path(id),
    };
    if !expect_table::<&str>(tree, id, header, findings) {
        return Vec::new();
    }
    tree.children(id).filter(|child| !tree.node(*child).repeated).collect()
}

/// Reports a rule whose level `[rules]` cannot set.
#[cold]
fn report_rule_that_is_not_set(
    tree: &Tree<'_>,
    id: NodeId,
    rules: &[&'static Rule],
    findings: &mut DocumentFindings,
) {
    let node = tree.node(id);
    if let Some(retired) = find_retired(&node.key) {
        findings.push(retired.named_at(node.key_span));
    } else if let Some(rule) = rules.iter().find(|rule| rule.name == node.key) {
        report_fixed_rule(tree, id, rule, findings);
    } else {
        report_unknown_rule(tree, id, rules, findings);
    }
}

/// Reports a rule that does not exist.
#[cold]
fn report_unknown_rule(
    tree: &Tree<'_>,
    id: NodeId,
    rules: &[&'static Rule],
    findings: &mut DocumentFindings,
) {
    let node = tree.node(id);
    let configurable = rules.iter().filter(|rule| !rule.is_fixed);
    let help = match nearest(&node.key, configurable.map(|rule| rule.name)) {
        Some(intended) => format!("did you mean `{intended}`?"),
        None => "run `driverc rule` to list all rules".to_owned(),
    };
    let message = format!("unknown rule `{}`", truncated(&node.key));
    findings.push(UNKNOWN_KEY.finding(node.key_span, message).help(help));
}

/// Reports a threshold that a rule does not have.
#[cold]
fn report_unknown_parameter(
    tree: &Tree<'_>,
    id: NodeId,
    rule: &Rule,
    findings: &mut DocumentFindings,
) {
    let node = tree.node(id);
    let parameters = rule.parameters.iter().map(|parameter| parameter.name);
    let keys: Vec<_> = std::iter::once(LEVEL).chain(parameters).collect();
    let intended = nearest(&node.key, keys.iter().copied());
    let summary = intended.filter(|it| quantity::relation(&node.key, it) != Relation::Same);
    let parameter = rule.parameters.iter().find(|it| Some(it.name) == summary);
    let help = match (parameter, intended) {
        (Some(Parameter { name, summary, .. }), _) => format!("write `{name}`: {summary}"),
        (None, Some(intended)) => format!("did you mean `{intended}`?"),
        (None, None) if rule.parameters.is_empty() => format!("remove it, or write `{LEVEL}`"),
        (None, None) => format!("remove it, or write one of `{}`", keys.join("`, `")),
    };
    let message = format!("unknown key `{}` in `rules.{}`", truncated(&node.key), rule.name);
    findings.push(UNKNOWN_KEY.finding(node.key_span, message).help(help));
}

/// Reports a level for a rule that is always an error.
#[cold]
fn report_fixed_rule(tree: &Tree<'_>, id: NodeId, rule: &Rule, findings: &mut DocumentFindings) {
    let node = tree.node(id);
    let message = format!("the level of `{}` cannot be changed", node.key);
    let help = format!("remove it; its findings always have the level `{}`", rule.level.label());
    findings.push(UNKNOWN_KEY.finding(node.key_span, message).help(help));
}

/// Returns the entries whose keys are rule names, with the rules.
fn rule_entries(
    tree: &Tree<'_>,
    id: NodeId,
    rules: &[&'static Rule],
    findings: &mut DocumentFindings,
) -> Vec<(NodeId, &'static Rule)> {
    let mut found = Vec::new();
    for child in entries(tree, id, findings) {
        let key = &tree.node(child).key;
        match rules.iter().find(|rule| rule.name == key && !rule.is_fixed) {
            Some(rule) => found.push((child, *rule)),
            None => report_rule_that_is_not_set(tree, child, rules, findings),
        }
    }
    found
}

/// Returns the levels and thresholds of `[rules]`.
pub(super) fn decode_rules(
    entry: &mut DecodedEntry<'_, '_, '_, '_>,
) -> BTreeMap<String, RuleSetting> {
    let (tree, findings) = (entry.table.tree, &mut *entry.table.findings);
    let entries = rule_entries(tree, entry.id, entry.rules, findings);
    let setting = |(child, rule): (NodeId, &'static Rule)| {
        (rule.name.to_owned(), decode_rule(tree, child, rule, findings))
    };
    entries.into_iter().map(setting).collect()
}

/// Decodes a level, or a table with a level and thresholds.
fn decode_rule(
    tree: &Tree<'_>,
    id: NodeId,
    rule: &'static Rule,
    findings: &mut DocumentFindings,
) -> RuleSetting {
    let mut setting = RuleSetting::default();
    if !matches!(tree.node(id).kind, ValueKind::Table(..)) {
        setting.level = decode_level(tree, id, LevelPlace::Rule(rule), findings);
        return setting;
    }
    for child in tree.children(id).filter(|child| !tree.node(*child).repeated) {
        let key = &tree.node(child).key;
        if key == LEVEL {
            setting.level = decode_level(tree, child, LevelPlace::Key, findings);
            continue;
        }
        match rule.parameters.iter().find(|parameter| parameter.name == key) {
            Some(parameter) => {
                let value = decode_parameter(tree, child, parameter, findings);
                setting.parameters.extend(value.map(|value| (parameter.name.to_owned(), value)));
            }
            None => report_unknown_parameter(tree, child, rule, findings),
        }
    }
    setting
}

/// The location of a level.
#[derive(Clone, Copy)]
enum LevelPlace {
    /// The value of a rule in `[rules]`. This value can also be a table.
    Rule(&'static Rule),
    /// The `level` key in the table of a rule.
    Key,
    /// The value of a rule in `[per-file-rules]`.
    File(&'static Rule),
}

fn decode_level(
    tree: &Tree<'_>,
    id: NodeId,
    place: LevelPlace,
    findings: &mut DocumentFindings,
) -> Option<RuleLevel> {
    let node = tree.node(id);
    if matches!(node.kind, ValueKind::String(_)) {
        return RuleLevel::read(TomlValue { tree, id, name: LEVEL }, findings);
    }
    let (name, or_table) = match place {
        LevelPlace::Rule(rule) => (rule.name, " or a table"),
        LevelPlace::Key => (LEVEL, ""),
        LevelPlace::File(rule) => (rule.name, ""),
    };
    let message = format!("`{name}` must be a level{or_table}, not {}", node.kind.noun());
    let help = match (place, &node.kind) {
        (LevelPlace::File(_), ValueKind::Table(..)) => {
            "write only the level; thresholds apply to all files".to_owned()
        }
        _ => format!("write {}", RuleLevel::expected()),
    };
    findings.push(WRONG_TYPE.finding(node.span, message).help(help));
    None
}

fn decode_parameter(
    tree: &Tree<'_>,
    id: NodeId,
    parameter: &Parameter,
    findings: &mut DocumentFindings,
) -> Option<u64> {
    let Parameter { name, min, max, .. } = *parameter;
    let allowed = |number: &u64| (min..=max).contains(number);
    let node = tree.node(id);
    let ValueKind::Integer(number) = node.kind else {
        let plain = unquoted(&node.kind).filter(|text| text.parse().is_ok_and(|it| allowed(&it)));
        let exact = quantity::exact(name, &node.kind).and_then(Exact::whole).filter(allowed);
        let help = match (plain, exact) {
            (Some(text), _) => format!("remove the quotes: `{text}`"),
            (None, Some(number)) => format!("write `{name} = {number}`"),
            (None, None) => format!("write an integer from {min} to {max}"),
        };
        let message = format!("`{name}` must be an integer, not {}", node.kind.noun());
        findings.push(WRONG_TYPE.finding(node.span, message).help(help));
        return None;
    };
    let natural = number.and_then(|number| u64::try_from(number).ok()).filter(allowed);
    if natural.is_none() {
        report_range(TomlValue { tree, id, name }, number, (min, max, ""), findings);
    }
    natural
}

fn unquoted<'t>(kind: &'t ValueKind<'_>) -> Option<&'t str> {
    if let ValueKind::String(text) = kind { Some(text) } else { None }
}

/// Returns the levels of `[per-file-rules]`.
pub(super) fn decode_per_file(entry: &mut DecodedEntry<'_, '_, '_, '_>) -> Vec<PerFileRules> {
    let (tree, findings) = (entry.table.tree, &mut *entry.table.findings);
    let rules = entry.rules;
    let mut per_file = Vec::new();
    for child in entries(tree, entry.id, findings) {
        let mut levels = BTreeMap::new();
        for (entry, rule) in rule_entries(tree, child, rules, findings) {
            let level = decode_level(tree, entry, LevelPlace::File(rule), findings);
            levels.extend(level.map(|level| (rule.name.to_owned(), level)));
        }
        per_file.extend(
            glob_of_key(tree, child, findings).map(|files| PerFileRules { files, rules: levels }),
        );
    }
    per_file
}

fn glob_of_key(tree: &Tree<'_>, id: NodeId, findings: &mut DocumentFindings) -> Option<Glob> {
    let node = tree.node(id);
    let report = |reason: &InvalidGlob| {
        let message = format!("`{}` {reason}", node.key);
        let help = format!("write {}", Glob::expected());
        findings.push(INVALID_TEXT.finding(node.key_span, message).help(help));
    };
    Glob::new(&node.key).inspect_err(report).ok()
}

impl Read for Glob {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        "a glob, such as `contracts/legacy/**`".to_owned()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let text = value.string::<Self>(findings)?;
        let report = |reason: &InvalidGlob| {
            value.invalid_text(reason, format!("write {}", Self::expected()), findings);
        };
        Self::new(text).inspect_err(report).ok()
    }
}
