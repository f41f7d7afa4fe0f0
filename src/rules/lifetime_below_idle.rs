//! Reports a `lifetime_ms` that is below `idle_ms`.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!("lifetime-below-idle", Level::Warn, "`lifetime_ms` is below `idle_ms`");

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let policy = &view.contract.timeout_policy;
    let Some(lifetime) = policy.lifetime_ms else { return };
    let (lifetime, idle) = (lifetime.get(), policy.idle_ms.get());
    if lifetime >= idle {
        return;
    }
    let message = format!("`lifetime_ms` ({lifetime}) must be at least `idle_ms` ({idle})");
    let finding = RULE
        .finding(view.at(Field::LifetimeMs), message)
        .label("the driver closes each connection at this age")
        .also(view.at(Field::IdleMs), "this timeout never takes effect")
        .help(format!("set `lifetime_ms` to at least {idle}, or `idle_ms` to at most {lifetime}"));
    findings.push(finding);
}
