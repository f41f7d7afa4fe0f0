//! The driver closes an unused connection before the server does.

use super::{Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, Safety};
use crate::{
    finding::{Change, Finding},
    model::{DriverClass, IdleMs},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "timeout-idle-beyond-server",
    level: Level::Warn,
    summary: "an unused connection is kept for longer than the server keeps it",
    docs: include_str!("docs/timeout_idle_beyond_server.md"),
    parameters: &[&COLUMNAR_LIMIT, &STREAM_LIMIT],
    on: true,
    fixes: Some(Safety::Unsafe),
};

static COLUMNAR_LIMIT: Parameter = Parameter {
    name: "columnar_limit",
    default: 3_600_000,
    min: 1,
    max: IdleMs::MAX,
    summary: "when the server of a `columnar_adapter` closes an unused connection, in ms",
};

static STREAM_LIMIT: Parameter = Parameter {
    name: "stream_limit",
    default: 600_000,
    min: 1,
    max: IdleMs::MAX,
    summary: "when the broker of a `stream_adapter` closes an unused connection, in ms",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let idle = view.contract.timeout_policy.idle_ms.get();
    if let Some(limit) = limit(view)
        && idle >= limit
    {
        findings.push(idle_beyond_server(view, limit));
    }
}

/// When the server closes an unused connection, in milliseconds, where the class tells.
pub(super) fn limit(view: &DriverView<'_>) -> Option<u64> {
    let parameter = match view.contract.class {
        DriverClass::RelationalAdapter | DriverClass::ObjectStoreAdapter => return None,
        DriverClass::ColumnarAdapter => &COLUMNAR_LIMIT,
        DriverClass::StreamAdapter => &STREAM_LIMIT,
    };
    Some(view.settings.parameter(&RULE, parameter))
}

fn idle_beyond_server(view: &DriverView<'_>, limit: u64) -> Finding {
    let idle = view.contract.timeout_policy.idle_ms;
    let finding = RULE.finding(
        view.at(Field::IdleMs),
        format!("an unused connection is kept for {idle}, the server closes it after {limit} ms"),
    );
    // A tenth below the limit, but not so low that an operation outlasts its connection.
    let fitting = (limit - limit.div_ceil(10)).max(view.contract.worst_case_ms());
    if fitting >= limit {
        return finding.help(format!("set `idle_ms` below {limit}"));
    }
    finding
        .help(format!("set `idle_ms` to {fitting}"))
        .suggest(view.at(Field::IdleMs), Change::Integer(fitting))
}
