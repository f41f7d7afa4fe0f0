//! Reports a benchmark whose contract or date is missing, wrong or outdated.
//!
//! What was simulated has no age, and where the project asks for measurements it is none.

use std::cmp::Reverse;

use super::{Check, EvidenceView, Field, Findings, Level, Lint, Rule, Subject, rule};
use crate::{
    finding::Finding,
    model::{Benchmark, DriverContract},
    signature::{ChangedField, changed_fields},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = rule!(
    "sample-stale",
    Level::Warn,
    "a sample is of another contract than the one that stands, or not of a recent day"
);

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
    let mut found = Vec::new();
    for (subject, benchmark) in view.counted_samples() {
        found.extend(changed_since(view, subject, benchmark));
    }
    if found.is_empty() {
        found.extend(too_old(view));
    }
    for (subject, benchmark) in view.counted_samples() {
        found.extend(without_contract(view, subject, benchmark));
        found.extend(in_the_future(view, subject, benchmark));
    }
    for finding in found {
        findings.push(finding);
    }
}

/// A sample that is asked for, and may be of any contract.
fn without_contract(
    view: &EvidenceView<'_>,
    subject: &Subject,
    benchmark: &Benchmark,
) -> Option<Finding> {
    let is_evidence = view.terms.is_some() && view.is_limited() && !benchmark.is_simulated();
    if !is_evidence || benchmark.contract.is_some() {
        return None;
    }
    let (name, tier) = (&view.contract.name, view.contract.support_tier.as_str());
    let message = format!(
        "the sample does not say which contract of `{name}` was measured; of tier `{tier}` it must"
    );
    Some(RULE.finding(subject.clone().whole(), message).help(
        "add `contract`, the digest of the contract that was measured, as `driverc compile --emit \
         json` shows it",
    ))
}

/// A sample of a day that has not come yet.
fn in_the_future(
    view: &EvidenceView<'_>,
    subject: &Subject,
    benchmark: &Benchmark,
) -> Option<Finding> {
    let today = view.evidence.today;
    let date = benchmark.measured_on.filter(|date| *date > today)?;
    let message = format!("the sample is said to be of {date}, and today is {today}");
    Some(
        RULE.finding(subject.clone().at(Field::MeasuredOn), message)
            .help("enter the day of the measurement, in UTC"),
    )
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
                .help(how_to_learn(view)),
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

/// How the fields that have changed can be known: a digest alone does not say.
fn how_to_learn(view: &EvidenceView<'_>) -> &'static str {
    if view.evidence.known.is_empty() {
        "measure again, or see what has changed with `driverc budget --signatures FILE`, a \
         signature document of that time"
    } else {
        "measure again, or name the signature document that has this digest with `--signatures`: \
         none of those that are named has it"
    }
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
    let most = view.terms?.max_age_days.filter(|_| view.is_limited())?;
    let today = view.evidence.today;
    let newest = view
        .counted_samples()
        .filter(|(_, sample)| !sample.is_simulated())
        .filter(|(_, sample)| sample.measured_on.is_none_or(|date| date <= today))
        .min_by_key(|(_, sample)| Reverse(sample.measured_on));
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
    let age = today.day_number() - date.day_number();
    let too_old = age > i64::try_from(most.get()).unwrap_or(i64::MAX);
    too_old.then(|| {
        RULE.finding(
            subject.clone().at(Field::MeasuredOn),
            format!("the newest sample is {age} days old; of tier `{tier}` it may be {most} old"),
        )
        .help("measure again")
    })
}
