//! The choice of a target's dialect, role and version.

use super::{
    Version,
    table::{Dialect, Gap, Setting, TargetTable},
};

/// A target with the dialect, role and version to write or read.
#[derive(Clone, Copy, Debug)]
pub struct TargetOptions {
    /// The target.
    pub target: &'static TargetTable,
    /// The dialect.
    pub dialect: &'static Dialect,
    /// The role. `None` if the target has no roles.
    pub role: Option<&'static str>,
    /// The version of the program.
    pub version: Version,
}

impl TargetOptions {
    /// Creates the options of a target with its default dialect, role and version.
    pub fn of(target: &'static TargetTable) -> Self {
        Self::with(target, &target.dialects[0])
    }

    /// Creates the options of a dialect with the default role and version.
    pub fn with(target: &'static TargetTable, dialect: &'static Dialect) -> Self {
        let role = target.roles.first().copied();
        Self { target, dialect, role, version: dialect.measured }
    }

    /// Returns the settings of this role and version.
    pub fn settings(self) -> impl Iterator<Item = &'static Setting> {
        self.dialect.settings.iter().filter(move |setting| self.has(setting))
    }

    /// Returns true if this role and version have the setting.
    pub fn has(self, setting: &Setting) -> bool {
        self.has_role(setting.role) && self.is_within(setting.since, setting.until)
    }

    /// Returns the gaps of this role and version.
    pub fn gaps(self) -> impl Iterator<Item = &'static Gap> {
        let applies =
            move |gap: &&Gap| self.has_role(gap.role) && self.is_within(gap.since, gap.until);
        self.dialect.gaps.iter().filter(applies)
    }

    /// Returns the setting of this role and version with this name or alias.
    pub fn setting(self, name: &str) -> Option<&'static Setting> {
        self.settings().find(|setting| setting.is_named(name))
    }

    /// Returns true if something that is limited to a role applies to this role.
    pub fn has_role(self, role: Option<&str>) -> bool {
        role.is_none() || role == self.role
    }

    /// Returns true if the version is at least the first version and before the second.
    pub fn is_within(self, since: Option<Version>, until: Option<Version>) -> bool {
        since.is_none_or(|since| self.version >= since)
            && until.is_none_or(|until| self.version < until)
    }

    /// Returns the program with its version, such as `librdkafka 2.16.0`.
    pub fn program(self) -> String {
        format!("{} {}", self.dialect.product, self.version)
    }
}
