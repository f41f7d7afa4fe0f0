//! Reports retries that multiply along a path of calls into too many attempts.

use super::{CallsView, Check, Field, Level, Lint, Parameter, Rule, RuleFindings, rule};
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
.supersedes(&["call-retries-twice"]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 27,
    min: 1,
    max: 1_000_000,
    summary: "the maximum number of attempts of a driver for one operation of its first caller",
};

/// The maximum number of declarations of a path that a message names.
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
    let callers = Callers::new(view, &products);
    for node in above {
        findings.extend(finding(view, &callers, node, limit));
    }
}

fn is_driver(view: &CallsView<'_>, node: u32) -> bool {
    matches!(view.ends[node as usize], Some(CallEnd::Driver(_)))
}

/// The caller of each node on a path with the greatest product.
struct Callers<'p> {
    products: &'p [u64],
    best: Vec<Option<u32>>,
}

impl<'p> Callers<'p> {
    /// Of several callers with the same product, takes the first one by name.
    fn new(view: &CallsView<'_>, products: &'p [u64]) -> Self {
        let mut best: Vec<Option<u32>> = vec![None; products.len()];
        let product = |node: u32| products[node as usize];
        for call in view.judged() {
            let [from, to] = call.nodes;
            let best = &mut best[to as usize];
            let is_better = |other: u32| {
                product(from) > product(other)
                    || (product(from) == product(other) && view.name(from) < view.name(other))
            };
            if best.is_none_or(is_better) {
                *best = Some(from);
            }
        }
        Self { products, best }
    }

    /// Returns the nodes from the first caller to a node.
    fn path_to(&self, node: u32) -> Vec<u32> {
        let mut path: Vec<_> =
            std::iter::successors(Some(node), |node| self.best[*node as usize]).collect();
        path.reverse();
        path
    }

    /// Returns the product before a node.
    fn before(&self, node: u32) -> u64 {
        self.best[node as usize].map_or(1, |caller| self.products[caller as usize])
    }
}

fn finding(view: &CallsView<'_>, callers: &Callers<'_>, node: u32, limit: u64) -> Option<Finding> {
    let path = callers.path_to(node);
    let ends = path.iter().filter_map(|node| view.ends[*node as usize]).collect::<Vec<_>>();
    let (first, last) = (ends.first()?, ends.last()?);
    let name = last.name();
    let product = match callers.products[node as usize] {
        u64::MAX => format!("at least {}", u64::MAX),
        product => product.to_string(),
    };
    let message = format!(
        "one operation of `{}` can become {product} attempts of `{name}`, more than {limit}",
        first.name()
    );
    let fitting = limit / callers.before(node);
    let help = match fitting {
        0 => "retry at one layer only".to_owned(),
        _ => format!(
            "set `max_attempts` of `{name}` to at most {fitting}, or retry at one layer only"
        ),
    };
    let place = DeclarationId::Driver(name.clone()).at(Field::MaxAttempts);
    let mut finding = RULE.finding(place, message).label(product_of(&ends)).help(help);
    let retrying = ends[..ends.len() - 1].iter().filter(|end| end.max_attempts() > 1);
    for end in retrying.take(MOST_SHOWN) {
        let label = format!("`{}` makes up to {} attempts", end.name(), end.max_attempts());
        finding = finding.also(end.at_attempts(), label);
    }
    Some(finding)
}

/// Returns the product along a path, with the names: `` 3 (`edge`) × 4 (`orders_db`) ``.
fn product_of(ends: &[CallEnd<'_>]) -> String {
    let factor = |end: &CallEnd<'_>| format!("{} (`{}`)", end.max_attempts(), end.name());
    let (first, rest) = ends.split_at(ends.len().saturating_sub(MOST_SHOWN));
    let rest = rest.iter().map(factor).collect::<Vec<_>>().join(" × ");
    if first.is_empty() { rest } else { format!("… × {rest}") }
}
