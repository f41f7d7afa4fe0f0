//! The contract fields that a program has no setting for.

use crate::{model::Field, targets::Version};

/// A contract field for which a dialect has no setting.
#[derive(Debug)]
pub struct Gap {
    /// The field.
    pub field: Field,
    /// What the program does instead.
    pub behaviour: Behaviour,
    /// The first version with this behaviour. `None` for all versions.
    pub since: Option<Version>,
    /// The first version without this behaviour. `None` for all versions.
    pub until: Option<Version>,
    /// The only role that lacks the setting. `None` for all roles.
    pub role: Option<&'static str>,
    /// What the program does instead, in Markdown.
    pub meaning: &'static str,
    /// The source of the facts.
    pub source: &'static str,
}

/// What a program does without a setting for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Nothing corresponds to the field.
    Nothing,
    /// The program makes one attempt.
    OneAttempt,
    /// Backoffs grow by this percentage.
    Multiplier(u64),
    /// Backoffs have this jitter, in percent of the longest backoff, rounded up.
    Jitter(u64),
    /// Backoffs are random between the first backoff and their longest length.
    DecorrelatedJitter,
    /// The setting with this name limits all attempts together, and nothing limits a single attempt.
    OnlyTotal(&'static str),
    /// Without retries, only the setting with this name limits the attempt.
    OnlyTotalOfOneAttempt(&'static str),
    /// The longest backoff is this number of times the first.
    TimesFirst(u64),
}

impl Gap {
    /// Creates a gap that exists in all versions and roles.
    pub const fn new(
        field: Field,
        behaviour: Behaviour,
        meaning: &'static str,
        source: &'static str,
    ) -> Self {
        Self { field, behaviour, since: None, until: None, role: None, meaning, source }
    }

    /// Limits the gap to this version and later versions.
    #[must_use]
    pub const fn since(self, version: Version) -> Self {
        Self { since: Some(version), ..self }
    }

    /// Limits the gap to versions before this one.
    #[must_use]
    pub const fn until(self, version: Version) -> Self {
        Self { until: Some(version), ..self }
    }

    /// Limits the gap to a role.
    #[must_use]
    pub const fn role(self, role: &'static str) -> Self {
        Self { role: Some(role), ..self }
    }
}
