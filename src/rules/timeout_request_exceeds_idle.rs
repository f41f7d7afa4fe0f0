//! An attempt does not outlast the connections that the pool keeps.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Rule, Safety, timeout_idle_beyond_server,
};
use crate::{
    finding::{Change, Finding},
    model::{IdleMs, TimeoutPolicy},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "timeout-request-exceeds-idle",
    level: Level::Warn,
    summary: "an attempt may outlast the time that an unused connection is kept",
    docs: include_str!("docs/timeout_request_exceeds_idle.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let policy = &view.contract.timeout_policy;
    if policy.request_ms.get() > policy.idle_ms.get() {
        findings.push(request_exceeds_idle(view, policy));
    }
}

fn request_exceeds_idle(view: &DriverView<'_>, policy: &TimeoutPolicy) -> Finding {
    let (request, idle) = (policy.request_ms, policy.idle_ms);
    let finding = RULE
        .finding(
            view.at(Field::RequestMs),
            format!("an attempt may take {request}, an unused connection is kept only {idle}"),
        )
        .label("longer than the connection is kept")
        .also(view.at(Field::IdleMs), "an unused connection is closed here");
    match fitting_idle(view) {
        Some(fitting) => finding
            .help(format!("set `idle_ms` to {fitting}, which holds all attempts of an operation"))
            .suggest(view.at(Field::IdleMs), Change::Integer(fitting)),
        None => finding.help(format!("set `request_ms` to {} or less", idle.get())),
    }
}

/// The time that holds all attempts of an operation, where the server does not close before.
pub(super) fn fitting_idle(view: &DriverView<'_>) -> Option<u64> {
    let worst = view.contract.worst_case_ms();
    let limit = timeout_idle_beyond_server::limit(view).unwrap_or(IdleMs::MAX + 1);
    (worst < limit).then_some(worst)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Attempts, BackoffMs, DriverContract, RequestMs, RetryPolicy},
        settings::Settings,
    };

    /// The time that is proposed for the connections of a driver with such attempts.
    fn fitting(of: DriverContract, attempts: u64, request_ms: u64, backoff_ms: u64) -> Option<u64> {
        let backoff = BackoffMs::new(backoff_ms).unwrap();
        let max_attempts = Attempts::new(attempts).unwrap();
        let request_ms = RequestMs::new(request_ms).unwrap();
        let contract = DriverContract {
            timeout_policy: TimeoutPolicy { request_ms, ..of.timeout_policy },
            retry_policy: RetryPolicy {
                max_attempts,
                base_backoff_ms: backoff,
                max_backoff_ms: backoff,
                ..of.retry_policy
            },
            ..of
        };
        let settings = Settings::default();
        fitting_idle(&DriverView::new(&contract, &settings))
    }

    /// Seven attempts of a day are the week that `idle_ms` may have.
    #[test]
    fn connections_are_kept_for_all_attempts_where_a_contract_can_say_so() {
        let driver = crate::postgres_async_driver;
        assert_eq!(fitting(driver(), 2, 1_000, 500), Some(2_500));
        assert_eq!(fitting(driver(), 7, 86_400_000, 0), Some(604_800_000));
        assert_eq!(fitting(driver(), 7, 86_400_000, 1), None);
    }

    /// By default the server of a stream closes a connection after ten minutes.
    #[test]
    fn connections_are_not_kept_until_the_server_closes_them() {
        let driver = crate::kafka_async_driver;
        assert_eq!(fitting(driver(), 1, 599_999, 0), Some(599_999));
        assert_eq!(fitting(driver(), 1, 600_000, 0), None);
    }
}
