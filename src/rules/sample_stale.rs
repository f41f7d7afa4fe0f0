//! A sample is of the contract as it stands, and not too old.

use std::cmp::Reverse;

use super::{Check, EvidenceView, Field, Findings, Level, Lint, Rule, Subject};
use crate::{
    finding::Finding,
    model::{Benchmark, Date, DriverContract},
    signature::{ChangedField, changed_fields},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = Rule {
    name: "sample-stale",
    level: Level::Warn,
    summary: "a sample is of a contract that has changed since, or older than the project allows",
    docs: include_str!("docs/sample_stale.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// What a driver does under load does not depend on these.
const WITHOUT_EFFECT: [Field; 7] = [
    Field::Name,
    Field::TimeoutMetric,
    Field::RetryMetric,
    Field::LatencyMetric,
    Field::InFlightMetric,
    Field::SupportTier,
    Field::TuningGuide,
];

fn check(view: &EvidenceView<'_>, findings: &mut Findings) {
    let mut stale = false;
    for (subject, benchmark) in view.samples {
        if let Some(finding) = changed_since(view, subject, benchmark) {
            stale = true;
            findings.push(finding);
        }
    }
    if !stale && let Some(finding) = too_old(view) {
        findings.push(finding);
    }
}

/// A sample of another contract than the one that stands.
fn changed_since(
    view: &EvidenceView<'_>,
    subject: &Subject,
    benchmark: &Benchmark,
) -> Option<Finding> {
    let digest = benchmark.contract?;
    if digest == view.digest() {
        return None;
    }
    let place = subject.clone().at(Field::Contract);
    let name = &view.contract.name;
    let Some(old) = view.evidence.known.get(&digest) else {
        let message =
            format!("the sample is of another contract of `{name}` than the one that stands");
        return Some(
            RULE.finding(place, message)
                .label("its digest")
                .also(view.driver(), format!("now `{}`", view.digest()))
                .help(
                    "measure again, or see what has changed with `driverc budget --signatures \
                     FILE`, a signature document of that time",
                ),
        );
    };
    let changed = changes_with_effect(old, view.contract);
    (!changed.is_empty()).then(|| {
        RULE.finding(place, format!("since the sample was taken, {}", said(&changed)))
            .label("the contract that was measured")
            .also(view.driver(), "the contract that stands")
            .help("measure again")
    })
}

fn changes_with_effect(old: &DriverContract, new: &DriverContract) -> Vec<ChangedField> {
    let mut changed = changed_fields(old, new);
    changed.retain(|field| WITHOUT_EFFECT.iter().all(|without| without.path() != field.path));
    changed
}

fn said(changed: &[ChangedField]) -> String {
    let fields = changed.iter().map(|ChangedField { path, old, new }| {
        format!("`{path}` has become `{new}`, from `{old}`")
    });
    fields.collect::<Vec<_>>().join("; ")
}

/// Where not even the newest sample is young enough.
fn too_old(view: &EvidenceView<'_>) -> Option<Finding> {
    let most = view.max_age_days.filter(|_| view.is_limited())?;
    let days = |date: Date| view.evidence.today.day_number() - date.day_number();
    let newest = view.samples.iter().min_by_key(|(_, sample)| Reverse(sample.measured_on));
    let (subject, sample) = newest?;
    let tier = view.contract.support_tier.as_str();
    let Some(date) = sample.measured_on else {
        let message = format!(
            "the sample does not say when it was measured; of tier `{tier}` it may be {most} old"
        );
        return Some(
            RULE.finding(subject.clone().whole(), message)
                .help("add `measured_on`, the day of the measurement"),
        );
    };
    let age = days(date);
    let too_old = age > i64::try_from(most.get()).unwrap_or(i64::MAX);
    too_old.then(|| {
        RULE.finding(
            subject.clone().at(Field::MeasuredOn),
            format!("the newest sample is {age} days old; of tier `{tier}` it may be {most} old"),
        )
        .help("measure again")
    })
}
