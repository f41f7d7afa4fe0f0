//! Rule names on the command line.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};

use super::one_of;
use crate::{
    configuration::RuleLevel, finding::Rule, model::Vocabulary, rules, toml::spelling::nearest,
};

/// A rule, or the rules with a common prefix.
#[derive(Clone, Debug)]
pub(in crate::cli) enum RuleQuery {
    One(&'static Rule),
    Several(Vec<&'static Rule>),
}

/// Parses the name of a rule, or a prefix of rule names.
pub(super) fn parse_rules(name: &str) -> Result<RuleQuery, String> {
    let rule = parse_rule(name);
    let prefix = format!("{}-", name.trim_end_matches('-'));
    let all = rules::ALL.iter().map(|lint| lint.rule);
    let alike: Vec<_> = all.filter(|rule| rule.name.starts_with(&prefix)).collect();
    match rule {
        Err(_) if !alike.is_empty() => Ok(RuleQuery::Several(alike)),
        rule => rule.map(RuleQuery::One),
    }
}

/// Parses rule names, and completes them in shells.
#[derive(Clone)]
pub(super) struct RuleName<T: 'static>(fn(&str) -> Result<T, String>);

impl<T> RuleName<T> {
    pub(super) const fn new(parse: fn(&str) -> Result<T, String>) -> Self {
        Self(parse)
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for RuleName<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        TypedValueParser::parse_ref(&self.0, command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(rules::ALL.iter().map(|lint| PossibleValue::new(lint.rule.name))))
    }
}

pub(super) fn parse_rule(name: &str) -> Result<&'static Rule, String> {
    let names = rules::ALL.iter().map(|lint| lint.rule.name);
    let retired = || rules::find_retired(name).map(|retired| &retired.rule);
    rules::find(name).or_else(retired).ok_or_else(|| match nearest(name, names) {
        Some(intended) => format!("did you mean `{intended}`?"),
        None => "unknown rule; run `driverc rule` to list all rules".to_owned(),
    })
}

/// Parses the name of a rule that can be turned off.
pub(super) fn parse_configurable(name: &str) -> Result<&'static Rule, String> {
    let rule = parse_rule(name)?;
    let is_retired = rules::find_retired(name).is_some();
    if is_retired || rules::configurable().any(|configurable| configurable == rule) {
        return Ok(rule);
    }
    if rules::is_of_reader(rule) {
        return Err("a read error is always an error".to_owned());
    }
    Err("a rule of `diff` always has the same level".to_owned())
}

pub(super) fn parse_rule_level(setting: &str) -> Result<(&'static Rule, RuleLevel), String> {
    let (rule, level) = setting.split_once('=').ok_or("write `rule-name=level`")?;
    let words = RuleLevel::ALL.iter().map(Vocabulary::word);
    let level = RuleLevel::from_word(level).ok_or_else(|| one_of(words))?;
    Ok((parse_configurable(rule)?, level))
}
