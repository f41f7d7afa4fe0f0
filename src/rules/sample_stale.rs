//! Reports a benchmark whose contract or date is missing, wrong or outdated.

use std::cmp::Reverse;

use super::{Check, DeclarationId, EvidenceView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{
    finding::Finding,
    model::{Benchmark, DriverContract},
    signature::{ChangedField, benchmark_signature, changed_fields},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = rule!(
    "sample-stale",
    Level::Warn,
    "a benchmark's contract or date is missing, wrong or outdated"
);

/// Fields that do not affect how a driver behaves under load.
const WITHOUT_EFFECT: [Field; 7] = [
    Field::Name,
    Field::TimeoutMetric,
    Field::RetryMetric,
    Field::LatencyMetric,
    Field::InFlightMetric,
    Field::SupportTier,
    Field::TuningGuide,
];

fn check(view: &EvidenceView<'_>, findings: &mut RuleFindings) {
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

/// Reports a required benchmark that does not name its contract.
fn without_contract(
    view: &EvidenceView<'_>,
    subject: &DeclarationId,
    benchmark: &Benchmark,
) -> Option<Finding> {
    let is_evidence = view.terms.is_some() && view.is_limited() && !benchmark.is_simulated();
    if !is_evidence || benchmark.contract.is_some() {
        return None;
    }
    let (name, tier) = (&view.contract.name, view.contract.support_tier.as_str());
    let message = format!(
        "this benchmark of `{name}` has no `contract`, which `[evidence]` requires for tier \
         `{tier}`"
    );
    Some(RULE.finding(subject.clone().whole(), message).help(
        "add `contract` with the digest of the measured contract; `driverc compile --emit json` \
         prints it",
    ))
}

/// Reports a benchmark that is dated in the future.
fn in_the_future(
    view: &EvidenceView<'_>,
    subject: &DeclarationId,
    benchmark: &Benchmark,
) -> Option<Finding> {
    let today = view.evidence.today;
    let date = benchmark.measured_on.filter(|date| *date > today)?;
    let message = format!("`measured_on` ({date}) must not be after today ({today})");
    Some(
        RULE.finding(subject.clone().at(Field::MeasuredOn), message)
            .help("set `measured_on` to the date of the measurement, in UTC"),
    )
}

/// Reports a benchmark whose contract has changed since the benchmark was made.
fn changed_since(
    view: &EvidenceView<'_>,
    subject: &DeclarationId,
    benchmark: &Benchmark,
) -> Option<Finding> {
    let digest = benchmark.contract?;
    if digest == view.digest() {
        return None;
    }
    let place = subject.clone().at(Field::Contract);
    let name = &view.contract.name;
    let Some(old) = view.evidence.known.get(&digest) else {
        let message = format!("the contract of `{name}` has changed since this benchmark");
        return Some(
            RULE.finding(place, message)
                .label("the digest of the measured contract")
                .also(view.driver(), format!("the digest is now `{}`", view.digest()))
                .help(how_to_learn(view)),
        );
    };
    let changed = changes_with_effect(old, view.contract);
    (!changed.is_empty()).then(|| {
        RULE.finding(place, format!("since this benchmark, {}", field_list(&changed)))
            .label("the measured contract")
            .also(view.driver(), "the current contract")
            .help("measure again")
    })
}

/// Returns the help text for a digest that none of the given signature documents contains.
fn how_to_learn(view: &EvidenceView<'_>) -> &'static str {
    if view.evidence.known.is_empty() {
        "measure again; to see what has changed, run `driverc budget --signatures FILE` with a \
         signature document from that time"
    } else {
        "measure again; to see what has changed, pass `--signatures` a signature document that \
         contains this digest, because none of the given documents contains it"
    }
}

fn changes_with_effect(old: &DriverContract, new: &DriverContract) -> Vec<ChangedField> {
    let mut changed = changed_fields(old, new);
    changed.retain(|field| WITHOUT_EFFECT.iter().all(|without| without.path() != field.path));
    changed
}

fn field_list(changed: &[ChangedField]) -> String {
    let fields = changed
        .iter()
        .map(|ChangedField { path, old, new }| format!("`{path}` changed from `{old}` to `{new}`"));
    fields.collect::<Vec<_>>().join("; ")
}

/// Reports the newest benchmark if it is too old or undated.
fn too_old(view: &EvidenceView<'_>) -> Option<Finding> {
    let most = view.terms?.max_age_days.filter(|_| view.is_limited())?;
    let today = view.evidence.today;
    let dated = || {
        let measured = view.counted_samples().filter(|(_, sample)| !sample.is_simulated());
        measured.filter(|(_, sample)| sample.measured_on.is_none_or(|date| date <= today))
    };
    let (subject, sample) = dated().min_by_key(|(_, sample)| Reverse(sample.measured_on))?;
    // Of several newest benchmarks, the location is the one that was read first.
    let newest = dated().filter(|(_, other)| other.measured_on == sample.measured_on);
    let (identity, _) = newest.min_by_key(|(_, sample)| benchmark_signature(sample))?;
    let tier = view.contract.support_tier.as_str();
    let Some(date) = sample.measured_on else {
        let message = format!(
            "for tier `{tier}`, a benchmark must be at most {most} old, but this one is undated"
        );
        return Some(
            RULE.finding(subject.clone().whole(), message)
                .identified_by([identity.clone()])
                .help("add `measured_on` with the date of the measurement"),
        );
    };
    let age = today.day_number() - date.day_number();
    let too_old = age > i64::try_from(most.get()).unwrap_or(i64::MAX);
    too_old.then(|| {
        RULE.finding(
            subject.clone().at(Field::MeasuredOn),
            format!(
                "the newest benchmark is {age} days old, but must be at most {most} old for tier \
                 `{tier}`"
            ),
        )
        .identified_by([identity.clone()])
        .help("measure again")
    })
}
