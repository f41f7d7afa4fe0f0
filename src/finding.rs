//! What driverc has to say of a contract: rules, levels, findings.
//!
//! A finding names its places by what they mean, never by bytes; `document` knows bytes.

use std::fmt;

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    BenchmarkProfile, DeclaredBudget, DeclaredWorkload, DriverName, Field, Scope, Vocabulary,
};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Probably a mistake.
    Warn,
    /// A mistake.
    Error,
}

impl Level {
    /// The word as it is written in a configuration.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// The gravest first.
impl Vocabulary for Level {
    const NOUN: &'static str = "level";
    const ALL: &'static [Self] = &[Self::Error, Self::Warn, Self::Info];

    fn word(self) -> &'static str {
        self.label()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.label())
    }
}

/// A named check, with its page.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The fault, in kebab case. Never changes and is never used again.
    pub name: &'static str,
    /// The level of its findings, unless the configuration gives another one.
    pub level: Level,
    /// The fault in one line: lower case, no final stop.
    pub summary: &'static str,
    /// The page, in Markdown.
    pub docs: &'static str,
    /// The thresholds that a configuration may change.
    pub parameters: &'static [&'static Parameter],
    /// Whether the rule is on unless the configuration names it.
    pub on: bool,
    /// The safety of the fixes that its findings may bring; none where they bring no fix.
    pub fixes: Option<Safety>,
    /// The names of the rules whose findings this rule's findings replace, by name.
    pub supersedes: &'static [&'static str],
}

/// A threshold of a rule.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The key in the rule's table of the configuration.
    pub name: &'static str,
    /// The value without a configuration.
    pub default: u64,
    /// The smallest value allowed.
    pub min: u64,
    /// The largest value allowed.
    pub max: u64,
    /// What the value means, with its unit, in one line.
    pub summary: &'static str,
}

/// Makes a [`Rule`] with the page `docs/rules/<name>.md`.
macro_rules! rule {
    ($name:literal, $level:expr, $summary:literal $(,)?) => {
        $crate::finding::Rule::new($name, $level, $summary).docs(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/docs/rules/",
            $name,
            ".md"
        )))
    };
}
pub(crate) use rule;

/// Rules are equal when they have the same name.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

impl Rule {
    /// A rule that is on, without a page, parameters or fixes.
    pub const fn new(name: &'static str, level: Level, summary: &'static str) -> Self {
        Self {
            name,
            level,
            summary,
            docs: "",
            parameters: &[],
            on: true,
            fixes: None,
            supersedes: &[],
        }
    }

    /// The rule with this page.
    #[must_use]
    pub const fn docs(self, docs: &'static str) -> Self {
        Self { docs, ..self }
    }

    /// The rule with these thresholds.
    #[must_use]
    pub const fn parameters(self, parameters: &'static [&'static Parameter]) -> Self {
        Self { parameters, ..self }
    }

    /// The rule, off unless the configuration names it.
    #[must_use]
    pub const fn off(self) -> Self {
        Self { on: false, ..self }
    }

    /// The rule, with findings that may bring fixes of this safety.
    #[must_use]
    pub const fn fixes(self, safety: Safety) -> Self {
        Self { fixes: Some(safety), ..self }
    }

    /// The rule, with findings that replace those of these rules.
    #[must_use]
    pub const fn supersedes(self, supersedes: &'static [&'static str]) -> Self {
        Self { supersedes, ..self }
    }

    /// The folder in which every rule has its page, `<name>.md`.
    const PAGES: &'static str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules/");

    /// The address of the rule's page.
    pub fn url(&self) -> String {
        format!("{}{}.md", Self::PAGES, self.name)
    }

    /// A finding of this rule at one place.
    pub fn finding<P>(&'static self, place: P, message: impl Into<String>) -> Finding<P> {
        Finding {
            rule: self,
            level: self.level,
            message: message.into(),
            place,
            label: None,
            related: Vec::new(),
            help: None,
            fix: None,
            covers: &[],
        }
    }
}

/// One thing that driverc says, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding<P = ContractPath> {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// How grave it is here.
    pub level: Level,
    /// What is wrong: one line, lower case, no final stop, names in backticks.
    pub message: String,
    /// Where it is.
    pub place: P,
    /// What the place shows, where the message alone leaves that open.
    pub label: Option<String>,
    /// Other places that have to do with it.
    pub related: Vec<Related<P>>,
    /// How to repair it: one imperative sentence.
    pub help: Option<String>,
    /// The repair itself, where it can be applied.
    pub fix: Option<Fix<P>>,
    /// Other fields of the declaration that it speaks for, so that it replaces findings there.
    pub covers: &'static [Field],
}

/// A repair that can be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix<P = ContractPath> {
    /// Whether it may be applied without being asked for by name.
    pub safety: Safety,
    /// What is changed, all of it or nothing.
    pub edits: Vec<Edit<P>>,
}

/// Whether a fix changes what is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// Every signature stays as it is.
    Safe,
    /// A signature changes.
    Unsafe,
}

impl Safety {
    /// The word as it is written for machines.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// One change of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<P = ContractPath> {
    /// What is changed.
    pub place: P,
    /// How.
    pub change: EditAction,
}

/// How a place is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditAction {
    /// The value becomes this integer.
    Integer(u64),
    /// The value becomes this string.
    Text(String),
    /// The array gets one more item, this string.
    AddItem(String),
    /// The item of an array goes away, with its comma.
    RemoveItem,
    /// The key is written like this.
    RenameKey(String),
    /// The text of the place goes away.
    Remove,
}

/// A place that has to do with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related<P = ContractPath> {
    /// Where it is.
    pub place: P,
    /// What it has to do with the finding.
    pub label: String,
}

impl<P> Finding<P> {
    /// Says what the place shows.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn also(mut self, place: P, label: impl Into<String>) -> Self {
        self.related.push(Related { place, label: label.into() });
        self
    }

    /// Says how to repair it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a repair that changes what is promised: a field becomes this value.
    #[must_use]
    pub fn suggest(self, place: P, change: EditAction) -> Self {
        self.fix(Safety::Unsafe, vec![Edit { place, change }])
    }

    /// Adds a repair.
    #[must_use]
    pub fn fix(mut self, safety: Safety, edits: Vec<Edit<P>>) -> Self {
        self.fix = Some(Fix { safety, edits });
        self
    }

    /// Speaks for other fields of the declaration too.
    #[must_use]
    pub fn covering(mut self, fields: &'static [Field]) -> Self {
        self.covers = fields;
        self
    }

    /// The same finding with its places in other terms.
    pub fn map_places<Q>(self, mut map: impl FnMut(P) -> Q) -> Finding<Q> {
        Finding {
            rule: self.rule,
            level: self.level,
            message: self.message,
            place: map(self.place),
            label: self.label,
            related: self
                .related
                .into_iter()
                .map(|related| Related { place: map(related.place), label: related.label })
                .collect(),
            help: self.help,
            fix: self.fix.map(|fix| Fix {
                safety: fix.safety,
                edits: fix
                    .edits
                    .into_iter()
                    .map(|edit| Edit { place: map(edit.place), change: edit.change })
                    .collect(),
            }),
            covers: self.covers,
        }
    }
}

impl Finding {
    /// Returns true if this finding replaces the other one: its rule supersedes the other's, and
    /// both name the same declaration and, where both name one, the same field.
    pub fn supersedes(&self, other: &Self) -> bool {
        let is_same_field = || match (self.place.field, other.place.field) {
            (Some(own), Some(field)) => own == field || self.covers.contains(&field),
            (None, _) | (_, None) => true,
        };
        self.rule.supersedes.contains(&other.rule.name)
            && self.place.subject == other.place.subject
            && is_same_field()
    }
}

/// A declaration that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeclarationId {
    /// `[driver.<name>]`.
    Driver(DriverName),
    /// A scope of `[budget.<profile>]`.
    Budget(BenchmarkProfile, Scope),
    /// A scope of `[workload.<profile>]`.
    Workload(BenchmarkProfile, Scope),
    /// The `[[benchmark]]` with this number, from 0, over the whole workspace.
    Benchmark(usize),
    /// The `[[waiver]]` with this number, from 0, over the whole workspace.
    Waiver(usize),
}

/// A declaration, or one of its fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContractPath {
    /// The declaration.
    pub subject: DeclarationId,
    /// The field; none means the declaration as a whole.
    pub field: Option<Field>,
}

impl DeclarationId {
    /// The scope that a budget declares.
    pub fn budget(declared: &DeclaredBudget) -> Self {
        Self::Budget(declared.profile, declared.scope.clone())
    }

    /// The scope that a workload declares.
    pub fn workload(declared: &DeclaredWorkload) -> Self {
        Self::Workload(declared.profile, declared.scope.clone())
    }

    /// The declaration as a whole.
    pub const fn whole(self) -> ContractPath {
        ContractPath { subject: self, field: None }
    }

    /// One field of the declaration.
    pub const fn at(self, field: Field) -> ContractPath {
        ContractPath { subject: self, field: Some(field) }
    }
}
