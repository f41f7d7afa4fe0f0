//! A full queue drains in a time that bears a relation to the budget of latency.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, limit_at,
    queue_drain_exceeds_timeout,
};
use crate::{
    finding::Finding,
    model::{EffectiveBudget, MaxP95LatencyMs, OpsPerSec, Setting},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "queue-drain-exceeds-p95",
    level: Level::Info,
    summary: "a full queue alone breaks the budget of latency many times over",
    docs: include_str!("docs/queue_drain_exceeds_p95.md"),
    parameters: &[&FACTOR],
    on: true,
    fixes: None,
};

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 10,
    min: 1,
    max: 1_000,
    summary: "how many times the limit of p95 latency a full queue may take to drain",
};

/// What one budget says of a queue.
struct Bound<'w> {
    floor: Setting<'w, OpsPerSec>,
    latency: Setting<'w, MaxP95LatencyMs>,
    /// The most requests, whole ones, that drain in time.
    deepest: u128,
}

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if queue_drain_exceeds_timeout::raised(view) {
        return;
    }
    let waiting = u128::from(view.contract.max_queue_depth.get());
    let bounds = view.budgets.iter().filter_map(|budget| bound(view, budget));
    let mut broken: Vec<_> = bounds.filter(|bound| waiting > bound.deepest).collect();
    broken.sort_by_key(|bound| bound.deepest);
    if let [tightest, ..] = &*broken {
        findings.push(drain_exceeds_p95(view, tightest, &broken));
    }
}

fn bound<'w>(view: &DriverView<'w>, budget: &EffectiveBudget<'w>) -> Option<Bound<'w>> {
    let floor = queue_drain_exceeds_timeout::floor(view, budget)?;
    let latency = budget.max_p95_latency_ms?;
    let factor = view.settings.parameter(&RULE, &FACTOR);
    let milliseconds = u128::from(factor) * u128::from(latency.value.get());
    Some(Bound { floor, latency, deepest: milliseconds * u128::from(floor.value.get()) / 1_000 })
}

fn drain_exceeds_p95(view: &DriverView<'_>, tightest: &Bound<'_>, broken: &[Bound<'_>]) -> Finding {
    let depth = view.contract.max_queue_depth;
    let factor = view.settings.parameter(&RULE, &FACTOR);
    let (floor, latency) = (tightest.floor.value, tightest.latency.value);
    let drain_ms = (depth.get() * 1_000).div_ceil(floor.get());
    let message = format!(
        "at {floor}, which a budget allows, {depth} waiting requests take {drain_ms} ms, over \
         {factor} times the p95 latency of {latency}"
    );
    let mut finding = RULE.finding(view.at(Field::MaxQueueDepth), message);
    for bound in broken {
        let (floor, latency) = (bound.floor, bound.latency);
        let throughput = limit_at(&floor, Field::MinThroughputOpsPerSec);
        let p95 = limit_at(&latency, Field::MaxP95LatencyMs);
        finding = finding
            .also(throughput, "the rate at which the queue drains")
            .also(p95, format!("{} requests drain in {factor} times this", bound.deepest));
    }
    match tightest.deepest {
        0 => finding.help("raise the latency or the throughput that the budget asks for"),
        deepest => finding.help(format!("set `max_queue_depth` to {deepest} or less")),
    }
}
