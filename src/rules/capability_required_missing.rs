//! Reports a driver that lacks a capability that its class requires.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, rule};
use crate::{
    finding::Finding,
    model::{Capabilities, DriverCapability, DriverClass},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "capability-required-missing",
    Level::Error,
    "a driver lacks a capability that its class requires"
);

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let missing = missing(view);
    if !missing.is_empty() {
        findings.push(required_missing(view, missing));
    }
}

/// Whether this rule reports that the driver lacks one of these capabilities.
pub(super) fn reports_any(view: &DriverView<'_>, capabilities: &[DriverCapability]) -> bool {
    let missing = missing(view);
    view.configuration.level(&RULE).is_some()
        && capabilities.iter().any(|capability| missing.contains(*capability))
}

fn missing(view: &DriverView<'_>) -> Capabilities {
    view.configuration
        .required_capabilities(view.contract.class)
        .without(view.contract.capabilities)
}

fn required_missing(view: &DriverView<'_>, missing: Capabilities) -> Finding {
    let words: Vec<_> =
        missing.iter().map(|capability| format!("`{}`", capability.label())).collect();
    let it = if words.len() == 1 { "it" } else { "them" };
    let words = words.join(" and ");
    let class = view.contract.class;
    let article = if class == DriverClass::ObjectStoreAdapter { "an" } else { "a" };
    let class = format!("{article} `{}`", class.label());
    RULE.finding(view.at(Field::Capabilities), format!("{class} must have {words}"))
        .label(format!("lacks {words}"))
        .also(view.at(Field::Class), "the class requires it")
        .help(format!(
            "add {words} if the driver has {it}, or list what {class} must have under \
             `[required_capabilities]` in `driverc.toml`"
        ))
}
