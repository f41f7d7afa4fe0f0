//! What can be wrong with comments and waivers that accept findings.

use crate::finding::{Level, Rule, Safety};

/// A comment that starts like a suppression and is none.
pub(crate) static SUPPRESSION_MALFORMED: Rule = Rule {
    name: "suppression-malformed",
    level: Level::Warn,
    summary: "a comment is addressed to driverc and says nothing that it understands",
    docs: include_str!("docs/suppression_malformed.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A suppression of a rule that does not exist, or that nobody may accept.
pub(crate) static SUPPRESSION_UNKNOWN_RULE: Rule = Rule {
    name: "suppression-unknown-rule",
    level: Level::Warn,
    summary: "a comment names a rule that does not exist or cannot be accepted",
    docs: include_str!("docs/suppression_unknown_rule.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A suppression that accepts nothing.
pub(crate) static SUPPRESSION_UNUSED: Rule = Rule {
    name: "suppression-unused",
    level: Level::Warn,
    summary: "a comment accepts findings that are not there",
    docs: include_str!("docs/suppression_unused.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Safe),
};

/// A suppression without a reason.
pub(crate) static SUPPRESSION_WITHOUT_REASON: Rule = Rule {
    name: "suppression-without-reason",
    level: Level::Warn,
    summary: "a comment accepts a finding and does not say why",
    docs: include_str!("docs/suppression_without_reason.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A waiver whose last day is over.
pub(crate) static WAIVER_EXPIRED: Rule = Rule {
    name: "waiver-expired",
    level: Level::Warn,
    summary: "a waiver has expired and accepts nothing any more",
    docs: include_str!("docs/waiver_expired.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A waiver of a rule that does not exist, or that nobody may waive.
pub(crate) static WAIVER_UNKNOWN_RULE: Rule = Rule {
    name: "waiver-unknown-rule",
    level: Level::Error,
    summary: "a waiver names a rule that does not exist or cannot be waived",
    docs: include_str!("docs/waiver_unknown_rule.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A waiver that accepts nothing.
pub(crate) static WAIVER_UNUSED: Rule = Rule {
    name: "waiver-unused",
    level: Level::Warn,
    summary: "a waiver accepts findings that are not there",
    docs: include_str!("docs/waiver_unused.md"),
    parameters: &[],
    on: true,
    fixes: None,
};
