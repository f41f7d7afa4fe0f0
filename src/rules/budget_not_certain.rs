//! Reports a budget whose other limits do not guarantee its throughput.

use super::{
    Check, DeclarationId, DriverView, Field, Level, Lint, Rule, RuleFindings, limit_at, rule,
};
use crate::{
    feasibility::{Certain, Feasibility},
    finding::Finding,
    model::{EffectiveBudget, EffectiveWorkload, Limit, MaxInFlight, RequestMs},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "budget-not-certain",
    Level::Warn,
    "a budget's other limits do not guarantee its throughput"
)
.off();

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    for budget in view.budgets {
        let Some(limits) = budget.complete() else { continue };
        let workload = view.workloads.iter().find(|load| load.profile == budget.profile);
        let workload = workload.and_then(EffectiveWorkload::complete);
        let feasibility = Feasibility::of(view.contract, &limits, workload.as_ref());
        // `budget-impossible` reports an impossible throughput.
        let mut conflicts = feasibility.conflicts.iter();
        let impossible = conflicts.any(|conflict| conflict.limit() == Limit::Throughput);
        if !impossible && feasibility.certain.ops_per_sec < feasibility.required.get() {
            let finding = not_certain(view, budget, &feasibility.certain);
            if let Some(finding) = finding {
                findings.push(finding);
            }
        }
    }
}

fn not_certain(
    view: &DriverView<'_>,
    budget: &EffectiveBudget<'_>,
    certain: &Certain,
) -> Option<Finding> {
    let (required, p95) = budget.min_throughput_ops_per_sec.zip(budget.max_p95_latency)?;
    let (driver, profile) = (&view.contract.name, budget.profile.label());
    let message = format!(
        "the slots of `{driver}` are only guaranteed to sustain {} ops/s under `{profile}`, below \
         the required {}",
        certain.ops_per_sec, required.value
    );
    let needed = u128::from(required.value.get()) * certain.hold_us;
    let finding = RULE
        .finding(limit_at(&required, Field::MinThroughputOpsPerSec), message)
        .about(DeclarationId::Driver(driver.clone()))
        .also(
            view.at(Field::MaxInFlight),
            format!("an operation uses a slot for up to {} µs on average", certain.hold_us),
        )
        .also(limit_at(&p95, Field::MaxP95LatencyMs), "95% of operations can take this long")
        .also(view.at(Field::RequestMs), "any attempt can take this long");
    let request = view.contract.timeout_policy.request_ms;
    Some(finding.help(repair(needed.div_ceil(1_000_000), request)))
}

/// Returns the help line. It suggests a sufficient number of slots and a lower `request_ms`, if the
/// ranges of the keys allow these values.
fn repair(slots: u128, request: RequestMs) -> String {
    let can_fall = request.get() > RequestMs::MIN;
    match (slots <= MaxInFlight::MAX.into(), can_fall) {
        (true, true) => format!("set `max_in_flight` to at least {slots}, or lower `request_ms`"),
        (true, false) => format!("set `max_in_flight` to at least {slots}"),
        (false, true) => "lower `request_ms` or `min_throughput_ops_per_sec`".to_owned(),
        (false, false) => "lower `min_throughput_ops_per_sec`".to_owned(),
    }
}
