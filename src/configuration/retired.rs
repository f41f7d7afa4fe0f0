//! Rules that driverc no longer checks. Their names stay known and are never used again, so that a
//! configuration, a comment or a waiver that names one still works.

use crate::finding::{Finding, Level, Rule, rule};

/// A rule that driverc no longer checks.
#[derive(Debug)]
pub struct Retired {
    /// The rule; it is off, and nothing turns it on.
    pub rule: Rule,
    /// What to do instead, as the help of `rule-retired`.
    pub instead: &'static str,
}

/// A retired rule is named where rules are configured or accepted.
pub(crate) static RULE_RETIRED: Rule = rule!(
    "rule-retired",
    Level::Info,
    "a configuration, a comment or a waiver names a retired rule"
);

/// Every retired rule, by name.
pub static RETIRED: &[Retired] = &[
    Retired {
        rule: rule!(
            "concurrency-kafka-reordering",
            Level::Info,
            "retired: a retried write can land after a later write"
        )
        .off(),
        instead: "remove it; `retry-non-idempotent-write` reports every write that is retried and \
                  not idempotent",
    },
    Retired {
        rule: rule!(
            "queue-drain-exceeds-p95",
            Level::Info,
            "retired: a full queue takes many times the p95 limit to drain"
        )
        .off(),
        instead: "remove it; `queue-too-deep` and `queue-drain-exceeds-timeout` judge the queue",
    },
    Retired {
        rule: rule!(
            "retry-total-exceeds-idle",
            Level::Info,
            "retired: an operation and its retries can outlast `idle_ms`"
        )
        .off(),
        instead: INSTEAD_OF_IDLE,
    },
    Retired {
        rule: rule!(
            "timeout-request-exceeds-idle",
            Level::Info,
            "retired: `request_ms` is above `idle_ms`"
        )
        .off(),
        instead: INSTEAD_OF_IDLE,
    },
];

const INSTEAD_OF_IDLE: &str = "remove it; `timeout-idle-beyond-server` compares `idle_ms` with the \
                               server's idle timeout";

/// The retired rule with this name.
pub fn find_retired(name: &str) -> Option<&'static Retired> {
    RETIRED.iter().find(|retired| retired.rule.name == name)
}

impl Retired {
    /// Says that the rule is named at this place.
    pub(crate) fn named_at<P>(&self, place: P) -> Finding<P> {
        let message = format!("the rule `{}` is retired and checks nothing", self.rule.name);
        RULE_RETIRED.finding(place, message).help(self.instead)
    }
}
