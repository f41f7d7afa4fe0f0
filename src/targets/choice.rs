//! Finds the target, dialect, role and version that the command line or `driverc.toml` names.

use std::fmt;

use super::{
    InvalidVersion, TARGETS, Version, find,
    options::TargetOptions,
    table::{Dialect, TargetTable},
};
use crate::toml::spelling::{nearest, truncated};

/// The words that choose a configuration to write or read.
#[derive(Clone, Copy, Debug)]
pub struct TargetChoice<'c> {
    /// The target.
    pub target: &'c str,
    /// The dialect. `None` means the target's default.
    pub dialect: Option<&'c str>,
    /// The role. `None` means the target's default.
    pub role: Option<&'c str>,
    /// The version of the program. `None` means the version of the table.
    pub version: Option<&'c str>,
}

/// A word that chooses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidChoice {
    /// The key of the word in `driverc.toml`: `target`, `dialect`, `role` or `version`.
    pub key: &'static str,
    /// The fault.
    pub message: String,
    /// The repair.
    pub help: String,
    /// The word that was probably intended.
    pub intended: Option<&'static str>,
}

impl fmt::Display for InvalidChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for InvalidChoice {}

impl TargetChoice<'_> {
    /// Returns the options, or the first word that chooses nothing.
    pub fn options(self) -> Result<TargetOptions, InvalidChoice> {
        let names = || TARGETS.iter().map(|target| target.name).collect::<Vec<_>>();
        let target =
            find(self.target).ok_or_else(|| unknown("target", self.target, None, &names()))?;
        let options = TargetOptions::with(target, self.dialect(target)?);
        let role = self.role.map(|role| role_of(target, role)).transpose()?.or(options.role);
        let version =
            self.version.map(|version| version_of(options.dialect, version)).transpose()?;
        Ok(TargetOptions { role, version: version.unwrap_or(options.version), ..options })
    }

    fn dialect(self, target: &'static TargetTable) -> Result<&'static Dialect, InvalidChoice> {
        let Some(name) = self.dialect else { return Ok(&target.dialects[0]) };
        target.dialect(name).ok_or_else(|| {
            let names: Vec<_> = target.dialects.iter().map(|dialect| dialect.name).collect();
            unknown("dialect", name, Some(target), &names)
        })
    }
}

fn role_of(target: &'static TargetTable, name: &str) -> Result<&'static str, InvalidChoice> {
    let role = target.roles.iter().copied().find(|role| *role == name);
    role.ok_or_else(|| unknown("role", name, Some(target), target.roles))
}

fn version_of(dialect: &Dialect, text: &str) -> Result<Version, InvalidChoice> {
    let version: Version = text.parse().map_err(|error: InvalidVersion| InvalidChoice {
        key: "version",
        message: format!("`{}` is not a version", truncated(text)),
        help: error.to_string(),
        intended: None,
    })?;
    if version >= dialect.oldest {
        return Ok(version);
    }
    Err(InvalidChoice {
        key: "version",
        message: format!("{} {version} is too old", dialect.product),
        help: format!("the table starts at {}", dialect.oldest),
        intended: None,
    })
}

fn unknown(
    key: &'static str,
    name: &str,
    target: Option<&TargetTable>,
    names: &[&'static str],
) -> InvalidChoice {
    let of = target.map(|target| format!(" of `{}`", target.name)).unwrap_or_default();
    let near = nearest(name, names.iter().copied());
    let intended = near.and_then(|near| names.iter().copied().find(|name| *name == near));
    let help = match (intended, target) {
        (Some(intended), _) => format!("did you mean `{intended}`?"),
        (None, Some(target)) if names.is_empty() => format!("`{}` has none", target.name),
        (None, _) => format!("use one of {}", names.join(", ")),
    };
    InvalidChoice {
        key,
        message: format!("unknown {key} `{}`{of}", truncated(name)),
        help,
        intended,
    }
}
