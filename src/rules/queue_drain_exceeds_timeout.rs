//! A request that waits at the end of a full queue has its turn before it times out.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Safety, limit_at};
use crate::{
    finding::{Change, Finding},
    model::{EffectiveBudget, OpsPerSec, Setting},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "queue-drain-exceeds-timeout",
    level: Level::Warn,
    summary: "the last request of a full queue times out before its turn",
    docs: include_str!("docs/queue_drain_exceeds_timeout.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

type Floor<'w> = Setting<'w, OpsPerSec>;

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let slow = slow_floors(view);
    if let [slowest, ..] = &*slow {
        findings.push(drain_exceeds_timeout(view, slowest, &slow));
    }
}

/// Whether this rule has a finding for the driver.
pub(super) fn raised(view: &DriverView<'_>) -> bool {
    view.settings.level(&RULE).is_some() && !slow_floors(view).is_empty()
}

/// The floor of throughput that a budget sets, if the driver claims the load and the floor says
/// anything: a rate of zero drains nothing, and is `budget-throughput-zero`.
pub(super) fn floor<'w>(view: &DriverView<'w>, budget: &EffectiveBudget<'w>) -> Option<Floor<'w>> {
    let claimed = view.contract.capabilities.claims(budget.profile);
    budget.min_throughput_ops_per_sec.filter(|floor| claimed && floor.value.get() > 0)
}

/// The floors at which a full queue takes longer than an attempt may, the lowest first.
fn slow_floors<'w>(view: &DriverView<'w>) -> Vec<Floor<'w>> {
    let waiting = view.contract.max_queue_depth.get();
    let floors = view.budgets.iter().filter_map(|budget| floor(view, budget));
    let mut slow: Vec<_> = floors.filter(|floor| waiting > served(view, floor)).collect();
    slow.sort_by_key(|floor| floor.value);
    slow
}

/// How many requests a rate serves, whole ones, while one attempt may last.
fn served(view: &DriverView<'_>, floor: &Floor<'_>) -> u64 {
    floor.value.get() * view.contract.timeout_policy.request_ms.get() / 1_000
}

fn drain_exceeds_timeout(
    view: &DriverView<'_>,
    slowest: &Floor<'_>,
    slow: &[Floor<'_>],
) -> Finding {
    let (depth, request) = (view.contract.max_queue_depth, view.contract.timeout_policy.request_ms);
    let drain_ms = (depth.get() * 1_000).div_ceil(slowest.value.get());
    let message = format!(
        "at {}, which a budget allows, {depth} waiting requests take {drain_ms} ms, an attempt \
         only {request}",
        slowest.value
    );
    let mut finding = RULE
        .finding(view.at(Field::MaxQueueDepth), message)
        .label("the requests that wait")
        .also(view.at(Field::RequestMs), "the last of them ends here");
    for floor in slow {
        let place = limit_at(floor, Field::MinThroughputOpsPerSec);
        let label = format!("serves {} requests in that time", served(view, floor));
        finding = finding.also(place, label);
    }
    match served(view, slowest) {
        0 => finding.help("give an attempt more time, or raise the throughput that is asked for"),
        fitting => finding
            .help(format!("set `max_queue_depth` to {fitting}"))
            .suggest(view.at(Field::MaxQueueDepth), Change::Integer(fitting)),
    }
}
