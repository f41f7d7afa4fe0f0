//! Reports a driver that resumes from checkpoints but cannot repeat writes safely.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, rule};
use crate::model::DriverCapability;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "capability-resume-without-idempotence",
    Level::Warn,
    "work goes on from a checkpoint, and what it writes again counts twice"
);

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let has = |capability| view.contract.capabilities.contains(capability);
    if has(DriverCapability::CheckpointResume)
        && has(DriverCapability::BatchWrite)
        && !has(DriverCapability::IdempotentWrite)
    {
        let message = "`checkpoint_resume` with `batch_write`, but without `idempotent_write`, \
                       writes the tail twice";
        let finding = RULE.finding(view.at(Field::Capabilities), message).help(
            "make the writes idempotent and declare `idempotent_write`, or promise no \
             `checkpoint_resume`",
        );
        findings.push(finding);
    }
}
