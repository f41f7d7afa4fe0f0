//! Rules about calls: a law over random graphs, and their relation to comments, waivers, templates
//! and other rules.

mod help;
mod reports;

use std::{collections::BTreeSet, fmt::Write};

use driverc::{
    configuration::read as read_configuration,
    document::read_bytes,
    finding::{DeclarationId, Finding},
    lint::{self, CheckContext},
    rules,
    source::Source,
    workspace::{Configuration, Workspace},
};
use proptest::prelude::*;

const BASE: &str = include_str!("../rules/base.toml");

fn workspace(documents: &[(&str, &str)]) -> Workspace {
    let read = |(name, text): &(&str, &str)| {
        let (text, document) = read_bytes(text.as_bytes().to_vec());
        (Source::new(*name, text), document)
    };
    Workspace::new(documents.iter().map(read).collect())
}

fn configured(text: &str) -> Configuration {
    let known: Vec<_> = rules::all().collect();
    let (_, configuration, findings) = read_configuration(text.into(), &known);
    assert_eq!(findings, [], "{text}");
    configuration
}

/// Returns the names of the rules with open findings, and of those with accepted findings.
fn reported(text: &str, configuration: &str) -> [Vec<&'static str>; 2] {
    let configuration = configured(configuration);
    let today = "2026-11-01".parse().unwrap();
    let context = CheckContext { configuration: &configuration, guides: None, today };
    let found = lint::check(&workspace(&[("a.toml", text)]), &context, str::to_owned);
    let open = found.open.iter().map(|finding| finding.rule.name).collect();
    [open, found.accepted.iter().map(|accepted| accepted.finding.rule.name).collect()]
}

/// No open and no accepted findings.
const NOTHING: [Vec<&str>; 2] = [Vec::new(), Vec::new()];

/// A caller of the base driver that does not wait long enough.
const IMPATIENT: &str =
    "[caller.edge]\nattempt_ms = 5000\nmax_attempts = 1\n\n[[call]]\nfrom = \"edge\"\n";

#[test]
fn comment_at_call_suppresses_finding() {
    let text = format!(
        "{BASE}\n{IMPATIENT}to = \"example\" # driverc: ignore[call-deadline-short] a batch job\n"
    );
    assert_eq!(reported(&text, ""), [vec![], vec!["call-deadline-short"]]);
}

#[test]
fn waiver_of_called_driver_covers_call() {
    let waiver = |driver: &str| {
        format!(
            "{BASE}\n{IMPATIENT}to = \"example\"\n\n[[waiver]]\nrule = \"call-deadline-short\"\n\
             {driver}reason = \"agreed\"\nowner = \"us\"\nexpires = 2027-01-01\n"
        )
    };
    for driver in ["", "driver = \"example\"\n", "field = \"call\"\n"] {
        assert_eq!(reported(&waiver(driver), ""), [vec![], vec!["call-deadline-short"]]);
    }
}

#[test]
fn level_of_rule_about_calls_can_change() {
    let text = format!("{BASE}\n{IMPATIENT}to = \"example\"\n");
    assert_eq!(reported(&text, ""), [vec!["call-deadline-short"], vec![]]);
    assert_eq!(reported(&text, "[rules]\ncall-deadline-short = \"off\"\n"), NOTHING);
    let calls = "[rules.call-amplification]\nlimit = 2\n[rules]\ncall-deadline-short = \"off\"\n";
    assert_eq!(reported(&text, calls), [vec!["call-amplification"], vec![]]);
}

#[test]
fn overlong_call_does_not_hide_findings_of_other_calls() {
    let driver = |name: &str, attempts: u64| {
        BASE.replace("example", name)
            .replace("max_attempts = 3", &format!("max_attempts = {attempts}"))
    };
    let text = |last: &str| {
        let drivers = [driver("a", 3), driver("b", 1), driver("c", 1)].concat();
        let call = |to: &str| format!("\n[[call]]\nfrom = \"edge\"\nto = \"{to}\"\n");
        let caller = "\n[caller.edge]\nattempt_ms = 40000\nmax_attempts = 1\n";
        [drivers, caller.into(), call("a"), call("b"), last.into()].concat()
    };
    let rules = |text: &str, configuration: &str| -> Vec<_> {
        let [open, _] = reported(text, configuration);
        open.into_iter().filter(|rule| rule.starts_with("call-")).collect()
    };
    let (off, two) = ("[rules]\ncall-deadline-short = \"off\"\n", text(""));
    assert_eq!(rules(&two, ""), ["call-deadline-short"]);
    assert_eq!(rules(&two, off), ["call-sequence-long"]);
    let three = text("\n[[call]]\nfrom = \"edge\"\nto = \"c\"\n");
    let waiver = "\n[[waiver]]\nrule = \"call-deadline-short\"\ndriver = \"a\"\n\
                  reason = \"agreed\"\nowner = \"us\"\nexpires = 2027-01-01\n";
    assert_eq!(rules(&format!("{three}{waiver}"), ""), ["call-sequence-long"]);
    let messages = |configuration: &str| -> Vec<String> {
        let configuration = configured(configuration);
        let findings = rules::check(&workspace(&[("a.toml", &three)]), None, &configuration);
        let long = findings.into_iter().filter(|it| it.rule.name == "call-sequence-long");
        long.map(|finding| finding.message).collect()
    };
    let waits = "one after another, longer than `attempt_ms` (40000)";
    assert_eq!(
        messages(""),
        [format!("the calls of `edge` that fit alone can take 60000 ms {waits}")]
    );

    assert_eq!(messages(off), [format!("the calls of `edge` can take 150600 ms {waits}")]);
}

#[test]
fn retry_layers_apply_only_to_driver_without_callers() {
    let layers = "[rules.retry-amplification]\nlayers = 4\n";
    let patient = IMPATIENT.replace("5000", "100000");
    assert_eq!(reported(BASE, layers), [vec!["retry-amplification"], vec![]]);
    let called = format!("{BASE}\n{patient}to = \"example\"\n");
    assert_eq!(reported(&called, layers), NOTHING);
    let other = format!("{BASE}\n{patient}to = \"exampel\"\n");
    assert_eq!(reported(&other, layers)[0], ["retry-amplification", "unknown-driver"]);
    // The driver of a call with an error is unknown, and can be any driver.
    let unread = format!("{BASE}\n{patient}to = 1\n");
    assert_eq!(reported(&unread, layers)[0], ["wrong-type"]);
}

#[test]
fn invalid_caller_or_driver_causes_no_finding_about_its_call() {
    let driver = BASE.replace("max_queue_depth = 50", "max_queue_depth = -1");
    let caller = IMPATIENT.replace("max_attempts = 1", "max_attempts = 0");
    for (base, calls) in [(&*driver, IMPATIENT), (BASE, &*caller)] {
        let text = format!("{base}\n{calls}to = \"example\"\n");
        assert_eq!(reported(&text, "")[0], ["out-of-range"]);
    }
    let text = format!("{BASE}\n{}to = \"example\"\n", IMPATIENT.replace("max_attempts = 1\n", ""));
    assert_eq!(reported(&text, "")[0], ["missing-key"]);
}

#[test]
fn drivers_in_invalid_toml_are_not_reported_as_unknown_in_calls() {
    let calls = format!("{BASE}\n[[call]]\nfrom = \"edge\"\nto = \"orders\"\n");
    let broken = "[caller.edge]\nattempt_ms =\n[driver.orders]\n";
    let findings = |documents: &[(&str, &str)]| -> Vec<&str> {
        workspace(documents).findings().iter().map(|finding| finding.rule.name).collect()
    };
    assert_eq!(findings(&[("a.toml", &calls)]), ["unknown-driver"; 2]);
    assert_eq!(findings(&[("a.toml", &calls), ("b.toml", broken)]), ["syntax"]);
}

/// The numbers of a driver: request, attempts, base backoff and deadline (0 for none).
type Numbers = (u64, u64, u64, u64);

/// A call: caller, callee, times and parallel.
type Call = (usize, usize, u64, bool);

#[derive(Clone, Debug)]
struct Graph {
    drivers: Vec<Numbers>,
    /// The time and the attempts of each caller. Callers follow the drivers.
    callers: Vec<(u64, u64)>,
    calls: Vec<Call>,
}

fn graphs(acyclic: bool) -> impl Strategy<Value = Graph> {
    let drivers = prop::collection::vec((1..60_u64, 1..5_u64, 0..4_u64, 0..80_u64), 1..=6);
    let callers = prop::collection::vec((1..300_u64, 1..5_u64), 0..=2);
    (drivers, callers).prop_flat_map(move |(drivers, callers)| {
        let (all, count) = (drivers.len() + callers.len(), drivers.len());
        let call = (0..all, 0..count, 1..4_u64, any::<bool>());
        let calls = prop::collection::vec(call, 0..10);
        (Just(drivers), Just(callers), calls).prop_map(move |(drivers, callers, mut calls)| {
            let is_caller = |node: usize| node >= drivers.len();
            calls.retain(|(from, to, ..)| !acyclic || is_caller(*from) || from < to);
            let mut seen = BTreeSet::new();
            calls.retain(|(from, to, _, parallel)| seen.insert((*from, *to, *parallel)));
            Graph { drivers, callers, calls }
        })
    })
}

impl Graph {
    fn name(&self, node: usize) -> String {
        match node.checked_sub(self.drivers.len()) {
            Some(caller) => format!("caller{caller}"),
            None => format!("driver{node}"),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (node, (request, attempts, backoff, deadline)) in self.drivers.iter().enumerate() {
            let (start, _) = BASE.split_once("[budget.").unwrap();
            let contract = start
                .replace("example", &self.name(node))
                .replace("request_ms = 30000", &format!("request_ms = {request}"))
                .replace("max_attempts = 3", &format!("max_attempts = {attempts}"))
                .replace("base_backoff_ms = 200", &format!("base_backoff_ms = {backoff}"));
            let deadline = match deadline {
                0 => String::new(),
                deadline => format!("\ndeadline_ms = {deadline}"),
            };
            let idle = format!("idle_ms = 300000{deadline}");
            text += &contract.replace("idle_ms = 300000", &idle);
        }
        for (caller, (waits, attempts)) in self.callers.iter().enumerate() {
            let name = self.name(self.drivers.len() + caller);
            writeln!(text, "[caller.{name}]\nattempt_ms = {waits}\nmax_attempts = {attempts}")
                .unwrap();
        }
        for (from, to, times, parallel) in &self.calls {
            let (from, to) = (self.name(*from), self.name(*to));
            writeln!(text, "[[call]]\nfrom = \"{from}\"\nto = \"{to}\"\ntimes = {times}").unwrap();
            writeln!(text, "parallel = {parallel}").unwrap();
        }
        text
    }

    /// The worst case of a call, from the definition.
    fn worst(&self, (_, to, times, parallel): &Call) -> u64 {
        let (request, attempts, base, deadline) = self.drivers[*to];
        let mut worst = 0;
        let mut backoff = base;
        for attempt in 0..attempts {
            worst += request + if attempt > 0 { backoff } else { 0 };
            backoff = if attempt > 0 { (2 * backoff).min(1_000) } else { backoff };
        }
        if deadline > 0 {
            worst = worst.min(deadline);
        }
        if *parallel { worst } else { worst * times }
    }

    fn waits(&self, node: usize) -> u64 {
        match node.checked_sub(self.drivers.len()) {
            Some(caller) => self.callers[caller].0,
            None => self.drivers[node].0,
        }
    }

    fn attempts(&self, node: usize) -> u64 {
        match node.checked_sub(self.drivers.len()) {
            Some(caller) => self.callers[caller].1,
            None => self.drivers[node].1,
        }
    }

    /// The nodes on all walks of up to as many calls as there are nodes.
    fn reachable(&self, start: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        for _ in 0..=self.drivers.len() {
            for (from, to, ..) in &self.calls {
                if *from == start || reached.contains(from) {
                    reached.insert(*to);
                }
            }
        }
        reached
    }

    /// Whether two drivers are on one cycle.
    fn is_on_cycle(&self, one: usize, other: usize) -> bool {
        self.reachable(one).contains(&other) && self.reachable(other).contains(&one)
    }

    /// Whether a driver is on a cycle or behind one.
    fn is_behind_cycle(&self, node: usize) -> bool {
        (0..self.drivers.len()).any(|start| {
            let reached = self.reachable(start);
            reached.contains(&start) && (start == node || reached.contains(&node))
        })
    }

    /// The products along all paths that end at a node. A path has no call of a cycle.
    fn products(&self, node: usize) -> Vec<u64> {
        let is_on_path = |call: &&Call| call.1 == node && !self.is_on_cycle(call.0, node);
        let callers = self.calls.iter().filter(is_on_path);
        let before: Vec<u64> = callers.flat_map(|(from, ..)| self.products(*from)).collect();
        let before = if before.is_empty() { vec![1] } else { before };
        before.into_iter().map(|product| product * self.attempts(node)).collect()
    }

    /// The findings that the definitions of the rules require: the rule, and its declaration. Drivers
    /// on cycles and behind cycles have none if `call-cycle` is on.
    fn expected(&self, cycles: bool) -> BTreeSet<(&'static str, String)> {
        let is_judged = |call: &Call| !cycles || !self.is_behind_cycle(call.1);
        let judged = || self.calls.iter().filter(|call| is_judged(call));
        let mut expected = BTreeSet::new();
        for (number, call) in self.calls.iter().enumerate() {
            if is_judged(call) && self.worst(call) > self.waits(call.0) {
                expected.insert(("call-deadline-short", format!("call {number}")));
            }
        }
        for node in 0..self.drivers.len() + self.callers.len() {
            let fits = |call: &&Call| self.worst(call) <= self.waits(node);
            let own: Vec<_> = judged().filter(|it| it.0 == node).filter(fits).collect();
            let worst = |is_parallel| {
                own.iter().filter(move |it| it.3 == is_parallel).map(|call| self.worst(call))
            };
            let total = worst(false).sum::<u64>() + worst(true).max().unwrap_or(0);
            if total > self.waits(node) {
                expected.insert(("call-sequence-long", self.name(node)));
            }
        }
        for node in 0..self.drivers.len() {
            let own: Vec<_> = judged().filter(|(_, to, ..)| *to == node).collect();
            if own.is_empty() {
                continue;
            }
            if self.products(node).into_iter().max() > Some(27) {
                expected.insert(("call-amplification", self.name(node)));
            } else if self.attempts(node) > 1 && own.iter().any(|it| self.attempts(it.0) > 1) {
                expected.insert(("call-retries-twice", self.name(node)));
            }
        }
        expected
    }

    /// The drivers of each set that call each other, by their first name.
    fn cycles(&self) -> usize {
        let component = |node: usize| -> BTreeSet<usize> {
            (0..self.drivers.len()).filter(|other| self.is_on_cycle(node, *other)).collect()
        };
        let all: BTreeSet<_> = (0..self.drivers.len()).map(component).collect();
        all.into_iter().filter(|nodes| !nodes.is_empty()).count()
    }

    /// The findings of the rules about calls, and the number of cycles.
    fn found(&self, configuration: &str) -> (BTreeSet<(&'static str, String)>, usize) {
        let workspace = workspace(&[("a.toml", &self.text())]);
        assert_eq!(workspace.findings(), [], "{}", self.text());
        let all = rules::check(&workspace, None, &configured(configuration));
        let own = all.iter().filter(|finding| finding.rule.name.starts_with("call-"));
        let (cycles, others): (Vec<_>, Vec<_>) =
            own.partition(|finding| finding.rule.name == "call-cycle");
        let key = |finding: &&Finding| {
            let subject = &finding.place.subject;
            let name = if let DeclarationId::Call(number) = subject {
                format!("call {number}")
            } else if let DeclarationId::Driver(name) | DeclarationId::Caller(name) = subject {
                name.to_string()
            } else {
                panic!("{subject:?}")
            };
            (finding.rule.name, name)
        };
        (others.iter().map(key).collect(), cycles.len())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn findings_about_acyclic_calls_equal_brute_force(graph in graphs(true)) {
        prop_assert_eq!(graph.found(""), (graph.expected(true), 0), "{}", graph.text());
    }

    #[test]
    fn findings_about_cyclic_calls_equal_brute_force(graph in graphs(false)) {
        let expected = (graph.expected(true), graph.cycles());
        prop_assert_eq!(graph.found(""), expected, "{}", graph.text());
    }

    #[test]
    fn cycles_hide_no_finding_if_their_rule_is_off(graph in graphs(false)) {
        let off = "[rules]\ncall-cycle = \"off\"\n";
        prop_assert_eq!(graph.found(off), (graph.expected(false), 0), "{}", graph.text());
    }
}

#[test]
fn order_of_documents_does_not_change_findings_about_calls() {
    let two = BASE.replace("[driver.example", "[driver.orders").replace("example", "orders");
    let (two, _) = two.split_once("[budget.").unwrap();
    let edge = "[caller.edge]\nattempt_ms = 100000\nmax_attempts = 9\n";
    let calls = "[[call]]\nfrom = \"edge\"\nto = \"orders\"\n\n[[call]]\nfrom = \"orders\"\n\
                 to = \"example\"\n";
    let messages = |names: [&str; 4]| -> BTreeSet<(&str, String)> {
        let texts = [BASE, two, edge, calls];
        let documents: Vec<_> = names.into_iter().zip(texts).collect();
        let found = rules::check(&workspace(&documents), None, &Configuration::default());
        found.into_iter().map(|finding| (finding.rule.name, finding.message)).collect()
    };
    let first = messages(["a.toml", "b.toml", "c.toml", "d.toml"]);
    assert_eq!(first, messages(["d.toml", "c.toml", "b.toml", "a.toml"]));
    let rules = first.iter().map(|(rule, _)| *rule).filter(|rule| rule.starts_with("call-"));
    let expected = ["call-amplification", "call-deadline-short", "call-retries-twice"];
    assert_eq!(rules.collect::<Vec<_>>(), expected);
}
