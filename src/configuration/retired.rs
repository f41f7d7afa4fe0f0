//! Rules that driverc no longer checks. Their names stay known and are never used again, so that a
//! configuration, a comment or a waiver that names one still works.

use crate::finding::{Finding, Level, Rule};

/// A rule that driverc no longer checks.
#[derive(Debug)]
pub struct Retired {
    /// The rule; it is off, and nothing turns it on.
    pub rule: Rule,
    /// What to do instead, as the help of `rule-retired`.
    pub instead: &'static str,
}

/// A retired rule is named where rules are configured or accepted.
pub(crate) static RULE_RETIRED: Rule = Rule {
    name: "rule-retired",
    level: Level::Info,
    summary: "a configuration, a comment or a waiver names a retired rule",
    docs: include_str!("../rules/docs/rule_retired.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// Every retired rule, by name.
pub static RETIRED: &[Retired] = &[
    retired(
        "concurrency-kafka-reordering",
        "retired: a retried write can land after a later write",
        include_str!("../rules/docs/concurrency_kafka_reordering.md"),
        "remove it; `retry-non-idempotent-write` reports every write that is retried and not \
         idempotent",
    ),
    retired(
        "queue-drain-exceeds-p95",
        "retired: a full queue takes many times the p95 limit to drain",
        include_str!("../rules/docs/queue_drain_exceeds_p95.md"),
        "remove it; `queue-too-deep` and `queue-drain-exceeds-timeout` judge the queue",
    ),
    retired(
        "retry-total-exceeds-idle",
        "retired: an operation and its retries can outlast `idle_ms`",
        include_str!("../rules/docs/retry_total_exceeds_idle.md"),
        INSTEAD_OF_IDLE,
    ),
    retired(
        "timeout-request-exceeds-idle",
        "retired: `request_ms` is above `idle_ms`",
        include_str!("../rules/docs/timeout_request_exceeds_idle.md"),
        INSTEAD_OF_IDLE,
    ),
];

const INSTEAD_OF_IDLE: &str = "remove it; `timeout-idle-beyond-server` compares `idle_ms` with the \
                               server's idle timeout";

const fn retired(
    name: &'static str,
    summary: &'static str,
    docs: &'static str,
    instead: &'static str,
) -> Retired {
    let rule =
        Rule { name, level: Level::Info, summary, docs, parameters: &[], on: false, fixes: None };
    Retired { rule, instead }
}

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
