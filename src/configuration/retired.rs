//! Lists the retired rules, so that configurations, comments and waivers that name a retired rule
//! still work.

use crate::finding::{Finding, Level, Rule, rule};

/// A rule that driverc no longer checks.
#[derive(Debug)]
pub struct Retired {
    /// The rule, which is always off. Its name is never used again.
    pub rule: Rule,
    /// The help text of `rule-retired`.
    pub instead: &'static str,
}

/// Reports a configuration, suppression or waiver that names a retired rule.
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
        instead: "remove it; `retry-non-idempotent-write` reports every retried write that is not \
                  idempotent",
    },
    Retired {
        rule: rule!(
            "queue-drain-exceeds-p95",
            Level::Info,
            "retired: a full queue takes many times the p95 limit to drain"
        )
        .off(),
        instead: "remove it; `queue-too-deep` and `queue-drain-exceeds-timeout` check the queue",
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

/// Finds a retired rule by name.
pub fn find_retired(name: &str) -> Option<&'static Retired> {
    RETIRED.iter().find(|retired| retired.rule.name == name)
}

impl Retired {
    /// Returns the finding for a location that names the retired rule.
    pub(crate) fn named_at<P>(&self, place: P) -> Finding<P> {
        let message = format!("the rule `{}` is retired and no longer checked", self.rule.name);
        RULE_RETIRED.finding(place, message).help(self.instead)
    }
}
