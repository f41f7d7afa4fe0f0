//! Reports a path of calls along which retries multiply into too many attempts.

use super::{
    CallsView, Check, Field, Level, Lint, Parameter, Rule, RuleFindings, policy::attempts_limit_of,
    rule,
};
use crate::{
    finding::{DeclarationId, Finding},
    workspace::CallEnd,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Calls(check) };

static RULE: Rule = rule!(
    "call-amplification",
    Level::Warn,
    "retries along a path of calls multiply into too many attempts"
)
.parameters(&[&LIMIT])
.supersedes(&["call-retries-twice", "retry-attempts-high"]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 27,
    min: 1,
    max: 1_000_000,
    summary: "the maximum number of attempts of a driver for one operation at the start of a path",
};

/// The maximum number of declarations on a path that a finding names.
const MOST_SHOWN: usize = 8;

fn check(view: &CallsView<'_>, findings: &mut RuleFindings) {
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let attempts: Vec<u64> =
        view.ends.iter().map(|end| end.map_or(1, CallEnd::max_attempts)).collect();
    let products = view.graph.products(&attempts);
    let above: Vec<_> = (0..)
        .zip(&products)
        .filter(|(node, product)| **product > limit && is_driver(view, *node))
        .map(|(node, _)| node)
        .collect();
    if above.is_empty() {
        return;
    }
    let paths = Paths::new(view, &products);
    for node in above {
        findings.extend(finding(view, &paths, node, limit));
    }
}

fn is_driver(view: &CallsView<'_>, node: u32) -> bool {
    matches!(view.ends[node as usize], Some(CallEnd::Driver(_)))
}

/// For each node, the path to the node with the greatest product of attempts.
struct Paths<'p> {
    products: &'p [u64],
    /// For each node, the caller that precedes the node on its path.
    callers: Vec<Option<u32>>,
    /// For each node, the first node of its path.
    first: Vec<u32>,
}

impl<'p> Paths<'p> {
    /// Finds the paths. If several callers have the same product, takes the first caller by name.
    fn new(view: &CallsView<'_>, products: &'p [u64]) -> Self {
        let mut callers: Vec<Option<u32>> = vec![None; products.len()];
        let product = |node: u32| products[node as usize];
        for call in view.on_paths() {
            let [from, to] = call.nodes;
            let best = &mut callers[to as usize];
            let is_better = |other: u32| {
                product(from) > product(other)
                    || (product(from) == product(other) && view.name(from) < view.name(other))
            };
            if best.is_none_or(is_better) {
                *best = Some(from);
            }
        }
        let mut first = vec![0; products.len()];
        for node in view.graph.order() {
            let caller = callers[*node as usize];
            first[*node as usize] = caller.map_or(*node, |caller| first[caller as usize]);
        }
        Self { products, callers, first }
    }

    /// Returns the last nodes of the path to a node, in the order of the path, ending with the
    /// node.
    fn end_of_path(&self, node: u32) -> Vec<u32> {
        let path = std::iter::successors(Some(node), |node| self.callers[*node as usize]);
        let mut path: Vec<_> = path.take(MOST_SHOWN).collect();
        path.reverse();
        path
    }

    /// Returns the product of the attempts on the path to a node, without the node itself. Returns
    /// `None` if the node has no caller.
    fn before(&self, node: u32) -> Option<u64> {
        self.callers[node as usize].map(|caller| self.products[caller as usize])
    }
}

/// Returns the finding about a driver, if the driver has a caller.
fn finding(view: &CallsView<'_>, paths: &Paths<'_>, node: u32, limit: u64) -> Option<Finding> {
    let before = paths.before(node)?;
    let first = view.name(paths.first[node as usize]);
    let path = paths.end_of_path(node);
    let ends: Vec<_> = path.iter().filter_map(|node| view.ends[*node as usize]).collect();
    let (last, callers) = ends.split_last()?;
    let name = last.name();
    let product = match paths.products[node as usize] {
        u64::MAX => format!("at least {}", u64::MAX),
        product => product.to_string(),
    };
    let message = format!(
        "one operation of `{first}` can become {product} attempts of `{name}`, more than {limit}"
    );
    let help = match limit / before {
        0 => "retry at one layer only".to_owned(),
        fitting => {
            let most = fitting.min(attempts_limit(view, *last));
            format!("set `max_attempts` of `{name}` to at most {most}, or retry at one layer only")
        }
    };
    let is_whole = path.first() == Some(&paths.first[node as usize]);
    let place = DeclarationId::Driver(name.clone()).at(Field::MaxAttempts);
    let mut finding = RULE.finding(place, message).label(factors(&ends, is_whole)).help(help);
    finding = finding.at_most(paths.products[node as usize]);
    if let Some(start) = view.ends[paths.first[node as usize] as usize] {
        finding = finding.about(start.id());
    }
    for end in callers.iter().filter(|end| end.max_attempts() > 1) {
        let label = format!("`{}` makes up to {} attempts", end.name(), end.max_attempts());
        finding = finding.also(end.at_attempts(), label);
    }
    Some(finding)
}

/// Returns the greatest `max_attempts` that `retry-attempts-high` does not report for a driver.
fn attempts_limit(view: &CallsView<'_>, end: CallEnd<'_>) -> u64 {
    match end {
        CallEnd::Driver(contract) => attempts_limit_of(contract, view.configuration),
        CallEnd::Caller(_) => u64::MAX,
    }
}

/// Returns the product along a path, with the names: `` 3 (`edge`) × 4 (`orders_db`) ``.
fn factors(ends: &[CallEnd<'_>], is_whole: bool) -> String {
    let factor = |end: &CallEnd<'_>| format!("{} (`{}`)", end.max_attempts(), end.name());
    let factors = ends.iter().map(factor).collect::<Vec<_>>().join(" × ");
    if is_whole { factors } else { format!("… × {factors}") }
}
