//! Reports a driver that lacks a capability that its class requires.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{
    finding::Finding,
    model::{Capabilities, DriverCapability},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "capability-required-missing",
    Level::Error,
    "a driver lacks a capability that its class requires"
)
.supersedes(&["concurrency-unbounded"]);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let missing = missing(view);
    if !missing.is_empty() {
        findings.push(required_missing(view, &missing));
    }
}

fn missing(view: &DriverView<'_>) -> Capabilities {
    view.configuration
        .required_capabilities(view.contract.class)
        .without(&view.contract.capabilities)
}

fn required_missing(view: &DriverView<'_>, missing: &Capabilities) -> Finding {
    let words: Vec<_> =
        missing.iter().map(|capability| format!("`{}`", capability.label())).collect();
    let it = if words.len() == 1 { "it" } else { "them" };
    let words = words.join(" and ");
    let class = view.contract.class;
    let article = if class.label().starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let class = format!("{article} `{}`", class.label());
    // Without this capability, a `max_in_flight` that is too high is the same fault.
    let is_unbounded = missing.contains(DriverCapability::BoundedConcurrency);
    let covered: &[Field] = if is_unbounded { &[Field::MaxInFlight] } else { &[] };
    RULE.finding(view.at(Field::Capabilities), format!("{class} must have {words}"))
        .covering(covered)
        .label(format!("lacks {words}"))
        .also(view.at(Field::Class), "required by this class")
        .help(format!(
            "add {words} if the driver has {it}, or change the requirements for {class} under \
             `[required_capabilities]` in `driverc.toml`"
        ))
}
