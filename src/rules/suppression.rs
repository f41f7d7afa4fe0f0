//! Reports invalid and unused suppressions, waivers and lines of the baseline.

use crate::finding::{Level, Rule, Safety, rule};

/// A line of the baseline that is not the identity of a finding.
pub(crate) static BASELINE_MALFORMED: Rule =
    rule!("baseline-malformed", Level::Error, "a line of the baseline is malformed").fixed();

/// A line of the baseline that matches no finding.
pub(crate) static BASELINE_UNUSED: Rule =
    rule!("baseline-unused", Level::Info, "a line of the baseline matches no finding");

/// A comment that resembles a suppression but is not a valid suppression.
pub(crate) static SUPPRESSION_MALFORMED: Rule =
    rule!("suppression-malformed", Level::Warn, "a `# driverc:` comment is malformed");

/// A suppression of a rule that does not exist or cannot be suppressed.
pub(crate) static SUPPRESSION_UNKNOWN_RULE: Rule = rule!(
    "suppression-unknown-rule",
    Level::Warn,
    "a comment names a rule that does not exist or cannot be suppressed"
);

/// A suppression that suppresses no finding.
pub(crate) static SUPPRESSION_UNUSED: Rule =
    rule!("suppression-unused", Level::Warn, "a comment suppresses no finding").fixes(Safety::Safe);

/// A suppression without a reason.
pub(crate) static SUPPRESSION_WITHOUT_REASON: Rule = rule!(
    "suppression-without-reason",
    Level::Warn,
    "a comment suppresses a finding without giving a reason"
);

/// A waiver after its expiry date.
pub(crate) static WAIVER_EXPIRED: Rule =
    rule!("waiver-expired", Level::Warn, "a waiver has expired");

/// A waiver of a rule that does not exist or cannot be waived.
pub(crate) static WAIVER_UNKNOWN_RULE: Rule = rule!(
    "waiver-unknown-rule",
    Level::Error,
    "a waiver names a rule that does not exist or cannot be waived"
);

/// A waiver that matches no finding.
pub(crate) static WAIVER_UNUSED: Rule =
    rule!("waiver-unused", Level::Warn, "a waiver matches no finding");
