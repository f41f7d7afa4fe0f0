//! What can be wrong with comments and waivers that accept findings.

use crate::finding::{Level, Rule, Safety, rule};

/// A comment that starts like a suppression but is not one.
pub(crate) static SUPPRESSION_MALFORMED: Rule = rule!(
    "suppression-malformed",
    Level::Warn,
    "a comment is addressed to driverc and says nothing that it understands"
);

/// A suppression of a rule that does not exist or cannot be suppressed.
pub(crate) static SUPPRESSION_UNKNOWN_RULE: Rule = rule!(
    "suppression-unknown-rule",
    Level::Warn,
    "a comment names a rule that does not exist or cannot be accepted"
);

/// A suppression that accepts nothing.
pub(crate) static SUPPRESSION_UNUSED: Rule =
    rule!("suppression-unused", Level::Warn, "a comment accepts findings that are not there")
        .fixes(Safety::Safe);

/// A suppression without a reason.
pub(crate) static SUPPRESSION_WITHOUT_REASON: Rule = rule!(
    "suppression-without-reason",
    Level::Warn,
    "a comment accepts a finding and does not say why"
);

/// A waiver whose last day is over.
pub(crate) static WAIVER_EXPIRED: Rule =
    rule!("waiver-expired", Level::Warn, "a waiver has expired and accepts nothing any more");

/// A waiver of a rule that does not exist or cannot be waived.
pub(crate) static WAIVER_UNKNOWN_RULE: Rule = rule!(
    "waiver-unknown-rule",
    Level::Error,
    "a waiver names a rule that does not exist or cannot be waived"
);

/// A waiver that accepts nothing.
pub(crate) static WAIVER_UNUSED: Rule =
    rule!("waiver-unused", Level::Warn, "a waiver accepts findings that are not there");
