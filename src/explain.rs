//! Explains where an effective value comes from, and which values it overrides.
//!
//! This module must never merge anything: the code that merges templates, scopes and rule levels
//! records the origins, and this module only reads them.

mod callers;
mod configuration;
mod consumers;
mod contracts;
mod servers;

use std::collections::BTreeMap;

pub use self::{
    callers::{CallerSlack, callers},
    configuration::{configuration_key, rule_level},
    consumers::{ConsumerNeeds, consumers},
    contracts::{budget_limit, contract_field, workload_field},
    servers::{server_of_driver, server_values},
};
use crate::{
    finding::ContractPath,
    source::{Location, Position, Source, Span},
    workspace::Workspace,
};

/// An effective value with its origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The dotted path of the value.
    pub path: String,
    /// The value as TOML. `None` if nothing sets it and it has no default.
    pub value: Option<String>,
    /// The declarations of the value. The first one decides.
    pub origins: Vec<ValueOrigin>,
}

/// A declaration of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueOrigin {
    /// The relation of the declaration to the effective value.
    pub role: OriginRole,
    /// The place of the declared value. `None` for a default and for the command line.
    pub place: Option<ValuePlace>,
    /// The declared value as TOML.
    pub value: String,
    /// The key of the declaration, if the unit of this key differs from the unit of the path.
    pub other_key: Option<&'static str>,
    /// The declaration in words, such as ``template `sqlx_pg` ``. Empty for the driver itself.
    pub declaration: String,
}

/// The relation of a declaration to the effective value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OriginRole {
    /// The declaration sets the value.
    Set,
    /// The declaration names the template that sets the value.
    Through,
    /// The declaration sets another value, which does not apply.
    Overridden,
    /// No declaration sets the value, so the default applies.
    Default,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuePlace {
    /// The display name of the file.
    pub file: String,
    /// The bytes of the value.
    pub span: Span,
    /// The line and column of the value's first character.
    pub start: Position,
}

impl OriginRole {
    /// Returns the label of the role in the text output.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Set => "set in",
            Self::Through => "through",
            Self::Overridden => "overrides",
            Self::Default => "default",
        }
    }

    /// Returns the label of the role in JSON.
    pub const fn json_label(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Through => "through",
            Self::Overridden => "overridden",
            Self::Default => "default",
        }
    }
}

impl Explanation {
    /// Creates the explanation of a value from its declarations, the strongest first. Without a
    /// declaration, the default applies.
    fn of(path: String, declared: Vec<ValueOrigin>, default: Option<String>) -> Self {
        let mut origins = declared;
        let value = match origins.first() {
            Some(strongest) => Some(strongest.value.clone()),
            None => default.clone(),
        };
        if let (true, Some(value)) = (origins.is_empty(), default) {
            let (place, declaration) = (None, String::new());
            let role = OriginRole::Default;
            origins.push(ValueOrigin { role, place, value, other_key: None, declaration });
        }
        Self { path, value, origins }
    }
}

impl ValuePlace {
    /// Returns these places. Each document is read only once for line numbers.
    fn all(workspace: &Workspace, paths: impl IntoIterator<Item = ContractPath>) -> Vec<Self> {
        let mut indices = BTreeMap::new();
        let located = workspace.locate_places(paths).into_iter();
        let place = |Location { source, span }| {
            let text = workspace.sources().source(source);
            let lines = indices.entry(source).or_insert_with(|| text.lines());
            Self { file: text.name().to_owned(), span, start: lines.position(span.start) }
        };
        located.map(place).collect()
    }

    fn new(source: &Source, span: Span) -> Self {
        let file = source.name().to_owned();
        Self { file, span, start: source.lines().position(span.start) }
    }
}
