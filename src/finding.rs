//! Rules, levels, findings and fixes.
//!
//! Findings of rules refer to declarations and fields, not to bytes. The workspace resolves them.

mod fix;
mod identity;
mod path;

use std::fmt;

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::{
    fix::{Edit, EditAction, Fix, Safety},
    identity::FindingIdentity,
    path::{ContractPath, DeclarationId},
};
use crate::{
    model::{DriverName, Field, Name, Vocabulary},
    source::Location,
};

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Informational.
    Info,
    /// Probably a mistake.
    Warn,
    /// A mistake.
    Error,
}

impl Level {
    /// Returns the word in the configuration.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// The levels, most severe first.
impl Vocabulary for Level {
    const NOUN: &'static str = "level";
    const ALL: &'static [Self] = &[Self::Error, Self::Warn, Self::Info];

    fn word(&self) -> &str {
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
    /// The name, in kebab case. It never changes and is never reused.
    pub name: &'static str,
    /// The default level of its findings.
    pub level: Level,
    /// The problem that the rule reports, in one line: lower case, no full stop.
    pub summary: &'static str,
    /// The rule page, in Markdown.
    pub docs: &'static str,
    /// The thresholds that a configuration can change.
    pub parameters: &'static [&'static Parameter],
    /// Whether the rule is enabled by default.
    pub on: bool,
    /// Whether the rule always has its default level, and cannot be suppressed or waived.
    pub is_fixed: bool,
    /// The safety of its fixes. `None` if its findings have no fixes.
    pub fixes: Option<Safety>,
    /// The sorted names of the rules whose findings this rule's findings replace.
    pub supersedes: &'static [&'static str],
}

/// A threshold of a rule.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The key in the rule's configuration table.
    pub name: &'static str,
    /// The default value.
    pub default: u64,
    /// The minimum value.
    pub min: u64,
    /// The maximum value.
    pub max: u64,
    /// The meaning of the value, with its unit, in one line.
    pub summary: &'static str,
}

/// Creates a [`Rule`] with the page `docs/rules/<name>.md`.
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

/// Rules are equal if they have the same name.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

impl Rule {
    /// Creates a rule that is enabled by default, without a page, parameters or fixes.
    pub const fn new(name: &'static str, level: Level, summary: &'static str) -> Self {
        Self {
            name,
            level,
            summary,
            docs: "",
            parameters: &[],
            on: true,
            is_fixed: false,
            fixes: None,
            supersedes: &[],
        }
    }

    /// Sets the rule page.
    #[must_use]
    pub const fn docs(self, docs: &'static str) -> Self {
        Self { docs, ..self }
    }

    /// Sets the thresholds.
    #[must_use]
    pub const fn parameters(self, parameters: &'static [&'static Parameter]) -> Self {
        Self { parameters, ..self }
    }

    /// Turns the rule off by default.
    #[must_use]
    pub const fn off(self) -> Self {
        Self { on: false, ..self }
    }

    /// Gives the rule a level that no project can change.
    #[must_use]
    pub const fn fixed(self) -> Self {
        Self { is_fixed: true, ..self }
    }

    /// Sets the safety of fixes.
    #[must_use]
    pub const fn fixes(self, safety: Safety) -> Self {
        Self { fixes: Some(safety), ..self }
    }

    /// Sets the rules whose findings this rule's findings replace.
    #[must_use]
    pub const fn supersedes(self, supersedes: &'static [&'static str]) -> Self {
        Self { supersedes, ..self }
    }

    /// The URL of the folder with the rule pages.
    const PAGES: &'static str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules/");

    /// Returns the URL of the rule page.
    pub fn url(&self) -> String {
        format!("{}{}.md", Self::PAGES, self.name)
    }

    /// Creates a finding of this rule.
    pub fn finding<P>(&'static self, place: P, message: impl Into<String>) -> Finding<P> {
        Finding {
            rule: self,
            level: self.level,
            message: message.into(),
            place,
            label: None,
            related: Vec::new(),
            concerns: Vec::new(),
            help: None,
            fix: None,
            covers: &[],
            inherited_by: None,
            owner: None,
            identity: FindingIdentity::default(),
            path: None,
            target: None,
        }
    }
}

/// A problem that a rule reports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding<P = ContractPath> {
    /// The rule.
    pub rule: &'static Rule,
    /// The level of this finding.
    pub level: Level,
    /// The problem: one line, lower case, no full stop, names in backticks.
    pub message: String,
    /// The location of the problem.
    pub place: P,
    /// The meaning of the location, if the message does not explain it.
    pub label: Option<String>,
    /// Related locations.
    pub related: Vec<Related<P>>,
    /// Other locations that can cause the finding. Formats leave them out.
    pub concerns: Vec<P>,
    /// The help text: one imperative sentence.
    pub help: Option<String>,
    /// The fix, if driverc can apply one.
    pub fix: Option<Fix<P>>,
    /// Other fields of the declaration whose findings this finding replaces.
    pub covers: &'static [Field],
    /// The driver that the finding is about, if it takes the value at the location from a template.
    pub inherited_by: Option<DriverName>,
    /// The owner, if the configuration names one.
    pub owner: Option<Name>,
    /// The declarations that identify the finding in a baseline.
    pub identity: FindingIdentity,
    /// The contract path of the location, after the location was resolved. `None` for findings that
    /// do not come from a contract path, or that are not resolved yet.
    pub path: Option<ContractPath>,
    /// The place in the configuration of a target, if the finding compares it with a contract.
    pub target: Option<TargetPlace>,
}

/// A place in the configuration of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetPlace {
    /// The place.
    pub place: Location,
    /// The meaning of the place.
    pub label: Option<String>,
    /// Whether the finding is one level lower than others of its rule.
    pub is_lesser: bool,
}

/// A location that is related to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related<P = ContractPath> {
    /// The location.
    pub place: P,
    /// The relation to the finding.
    pub label: String,
}

impl<P> Finding<P> {
    /// Sets the label of the location.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a related location.
    #[must_use]
    pub fn also(mut self, place: P, label: impl Into<String>) -> Self {
        self.related.push(Related { place, label: label.into() });
        self
    }

    /// Adds locations that can cause the finding, but are not printed.
    #[must_use]
    pub fn concerning(mut self, places: impl IntoIterator<Item = P>) -> Self {
        self.concerns.extend(places);
        self
    }

    /// Sets the help text.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets an unsafe fix with one edit.
    #[must_use]
    pub fn suggest(self, place: P, change: EditAction) -> Self {
        self.fix(Safety::Unsafe, vec![Edit { place, change }])
    }

    /// Sets the fix.
    #[must_use]
    pub fn fix(mut self, safety: Safety, edits: Vec<Edit<P>>) -> Self {
        self.fix = Some(Fix { safety, edits });
        self
    }

    /// Sets the other fields whose findings this finding replaces.
    #[must_use]
    pub fn covering(mut self, fields: &'static [Field]) -> Self {
        self.covers = fields;
        self
    }

    /// Returns the location of the finding, and all locations that can cause it.
    pub(crate) fn places(&self) -> impl Iterator<Item = &P> {
        let related = self.related.iter().map(|related| &related.place);
        std::iter::once(&self.place).chain(related).chain(&self.concerns)
    }

    /// Converts the locations of the finding.
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
            concerns: self.concerns.into_iter().map(&mut map).collect(),
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
            inherited_by: self.inherited_by,
            owner: self.owner,
            identity: self.identity,
            path: self.path,
            target: self.target,
        }
    }
}

impl Finding<Location> {
    /// Makes the place in the configuration of a target the place of the finding. The contract
    /// becomes a related place.
    #[must_use]
    pub(crate) fn at_target(mut self) -> Self {
        let Some(TargetPlace { place, label, is_lesser }) = self.target.take() else { return self };
        self.related.insert(0, Related { place: self.place, label: "the contract".to_owned() });
        self.level = match self.level {
            Level::Error if is_lesser => Level::Warn,
            Level::Warn if is_lesser => Level::Info,
            Level::Error | Level::Warn | Level::Info => self.level,
        };
        Self { place, label, ..self }
    }
}

impl Finding {
    /// Returns true if this finding replaces the other finding. Its rule must supersede the other
    /// rule, and both findings must be about the same declaration. If both have a field, it must be
    /// the same field.
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
