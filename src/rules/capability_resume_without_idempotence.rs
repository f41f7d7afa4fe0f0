//! Reports a driver that resumes from checkpoints but cannot repeat writes safely.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::model::DriverCapability;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "capability-resume-without-idempotence",
    Level::Warn,
    "a driver resumes from checkpoints but cannot repeat writes safely"
);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let has = |capability| view.contract.capabilities.contains(capability);
    if has(DriverCapability::CheckpointResume)
        && has(DriverCapability::BatchWrite)
        && !has(DriverCapability::IdempotentWrite)
    {
        let message = "`checkpoint_resume` repeats the writes since the last checkpoint, but \
                       `idempotent_write` is missing";
        let finding = RULE.finding(view.at(Field::Capabilities), message).help(
            "make the writes idempotent and add `idempotent_write`, or remove \
             `checkpoint_resume`",
        );
        findings.push(finding);
    }
}
