//! Rules about calls: a law over random graphs, and their relation to comments, waivers, templates
//! and other rules.

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

use crate::cli::sandbox::{Sandbox, budgets};

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
fn call_that_is_too_long_alone_does_not_hide_other_calls() {
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
fn checked_file_includes_findings_about_calls_of_its_driver() {
    let driver = |name: &str| BASE.replace("example", name);
    let call = |to: &str| format!("\n[[call]]\nfrom = \"edge\"\nto = \"{to}\"\n");
    let calls: String = ["a", "b", "c", "d"].map(call).concat();
    let caller = "[caller.edge]\nattempt_ms = 100000\nmax_attempts = 1\n";
    let files =
        ["a", "b", "c", "d", "e"].map(|name| (format!("contracts/{name}.toml"), driver(name)));
    let mut all = vec![("contracts/calls.toml", format!("{caller}{calls}"))];
    all.extend(files.iter().map(|(file, text)| (file.as_str(), text.clone())));
    let texts: Vec<_> = all.iter().map(|(file, text)| (*file, text.as_str())).collect();
    let sandbox = Sandbox::project(&texts);
    for (file, _) in &all {
        let run = sandbox.run(&["check", "--show", "info", "--output-format", "concise", file]);
        let is_reported = run.stdout.contains("call-sequence-long");
        assert_eq!(is_reported, !file.ends_with("/e.toml"), "{file}\n{}", run.stdout);
    }
}

/// Returns the help of the findings of a rule.
fn helps(text: &str, rule: &str) -> Vec<String> {
    let workspace = workspace(&[("a.toml", text)]);
    let configuration = configured("");
    let located =
        workspace.findings().iter().map(|finding| (finding.rule.name, finding.help.clone()));
    let found = rules::check(&workspace, None, &configuration);
    let checked = found.iter().map(|finding| (finding.rule.name, finding.help.clone()));
    located.chain(checked).filter(|it| it.0 == rule).filter_map(|it| it.1).collect()
}

/// The base with keys that a call needs: each `key = value` replaces or follows a key of the driver.
fn with_keys(keys: &[(&str, u64)]) -> String {
    let mut lines: Vec<String> = BASE.lines().map(str::to_owned).collect();
    for (key, value) in keys {
        let line = format!("{key} = {value}");
        let known = lines.iter().position(|it| it.starts_with(&format!("{key} = ")));
        if let Some(index) = known {
            lines[index] = line;
        } else {
            let at = lines.iter().position(|it| it.starts_with("request_ms")).unwrap();
            lines.insert(at, line);
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn help_for_call_that_is_too_long_leads_to_no_other_finding() {
    type Keys<'k> = &'k [(&'k str, u64)];
    let cases: &[(Keys<'_>, u64, &str, Keys<'_>)] = &[
        // One attempt fits, and no other starts before a deadline.
        (&[], 30_000, "set `max_attempts` of `example` to 1", &[("max_attempts", 1)]),
        // Two attempts fit, and the third cannot start before a deadline.
        (
            &[("jitter_percent", 0)],
            60_200,
            "set `max_attempts` of `example` to at most 2",
            &[("max_attempts", 2)],
        ),
        (
            &[("jitter_percent", 0)],
            50_000,
            "set `deadline_ms` of `example` to at most 50000 and its `max_attempts` to at most 2, \
             or only its `max_attempts` to 1",
            &[("deadline_ms", 50_000), ("max_attempts", 2)],
        ),
        (
            &[],
            90_000,
            "set `deadline_ms` of `example` to at most 90000, or its `max_attempts` to at most 2",
            &[("deadline_ms", 90_000)],
        ),
        (
            &[],
            5_000,
            "set `request_ms` of `example` to at most 5000 and its `max_attempts` to 1",
            &[("request_ms", 5_000), ("max_attempts", 1)],
        ),
        (
            &[("max_attempts", 1)],
            3_000,
            "set `connect_ms` and `request_ms` of `example` to at most 3000",
            &[("connect_ms", 3_000), ("request_ms", 3_000)],
        ),
    ];
    for (keys, waits, expected, repair) in cases {
        let caller = IMPATIENT.replace("5000", &waits.to_string());
        let text =
            |keys: &[(&str, u64)]| format!("{}\n{caller}to = \"example\"\n", with_keys(keys));
        let found = helps(&text(keys), "call-deadline-short");
        let [help] = &found[..] else { panic!("{found:?}") };
        let (own, raise) = help.split_once(", or `attempt_ms` of `edge` to at least ").unwrap();
        assert_eq!(own, *expected);
        let mended = [*keys, *repair].concat();
        let after = reported(&text(&mended), "");
        let is_kept = |rule: &&str| {
            !["call-deadline-short", "deadline-cuts-retries", "timeout-connect-exceeds-request"]
                .contains(rule)
        };
        assert!(after[0].iter().all(is_kept), "{expected} {after:?}");
        let patient =
            text(keys).replace(&format!("attempt_ms = {waits}"), &format!("attempt_ms = {raise}"));
        assert_eq!(helps(&patient, "call-deadline-short"), [""; 0]);
    }
}

#[test]
fn help_for_caller_names_its_deadline_and_no_impossible_time() {
    let api = BASE.split("[budget").next().unwrap().replace("example", "api");
    let api = api.replace("request_ms = 30000", "request_ms = 40000\ndeadline_ms = 50000");
    let call = |from: &str| format!("\n[[call]]\nfrom = \"{from}\"\nto = \"example\"\n");
    let found = helps(&[BASE, &api, &call("api")].concat(), "call-deadline-short");
    assert!(
        found[0].ends_with("or `request_ms` and `deadline_ms` of `api` to at least 90600"),
        "{found:?}"
    );
    let endless = with_keys(&[("request_ms", 86_400_000), ("max_attempts", 3)]);
    let caller = "[caller.edge]\nattempt_ms = 20000\nmax_attempts = 1\n";
    let found = helps(&[&endless, caller, &call("edge")].concat(), "call-deadline-short");
    assert_eq!(
        found,
        ["set `request_ms` of `example` to at most 20000 and its `max_attempts` to 1"]
    );
}

#[test]
fn too_many_attempts_of_called_driver_are_one_finding() {
    let base = with_keys(&[("max_attempts", 30)]);
    let text = format!("{base}\n{}to = \"example\"\n", IMPATIENT.replace("5000", "9000000"));
    assert_eq!(reported(&text, ""), [vec!["call-amplification"], vec![]]);
    let help = "set `max_attempts` of `example` to at most 3, or retry at one layer only";
    assert_eq!(helps(&text, "call-amplification"), [help]);
    let off = "[rules]\ncall-amplification = \"off\"\n";
    assert_eq!(reported(&text, off), [vec!["retry-attempts-high"], vec![]]);
}

#[test]
fn help_for_repeated_call_counts_every_call() {
    let text = |times: &[u64]| -> String {
        let call = |times: &u64| {
            format!("\n[[call]]\nfrom = \"edge\"\nto = \"example\"\ntimes = {times}\n")
        };
        let calls: String = times.iter().map(call).collect();
        format!("{BASE}\n[caller.edge]\nattempt_ms = 86400000\nmax_attempts = 1\n{calls}")
    };
    let help = |times: &[u64]| helps(&text(times), "duplicate-item");
    let two = "remove one of the two; if both happen, write `times = 5` in the other";
    assert_eq!(help(&[2, 3]), [two]);
    let three = "remove all but one; if all 3 happen, write `times = 3` in that one";
    assert_eq!(help(&[1, 1, 1]), [three; 2]);
    assert_eq!(help(&[600, 700]), ["remove one of the two"]);
    assert_eq!(help(&[600, 400]), [two.replace('5', "1000")]);
}

#[test]
fn fingerprint_of_call_stays_when_another_call_is_mended() {
    let calls = |attempt_ms: u64| {
        let caller =
            |name: &str, ms| format!("[caller.{name}]\nattempt_ms = {ms}\nmax_attempts = 1\n");
        let call = |from: &str| format!("\n[[call]]\nfrom = \"{from}\"\nto = \"example\"\n");
        let callers = caller("edge", attempt_ms) + &caller("cron", 6_000);
        format!("{BASE}\n{callers}{}{}", call("edge"), call("cron"))
    };
    let fingerprints = |attempt_ms| -> Vec<String> {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &calls(attempt_ms))]);
        let run = sandbox.run(&["check", "--output-format", "gitlab"]);
        let issues: Vec<serde_json::Value> = serde_json::from_str(&run.stdout).unwrap();
        let short = issues.iter().filter(|it| it["check_name"] == "call-deadline-short");
        short.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let both = fingerprints(5_000);
    assert_eq!(both.len(), 2);
    assert_eq!(fingerprints(500_000), both[1..]);
}

#[test]
fn short_lifetime_closes_connection_before_server() {
    let text = |lifetime: u64| {
        let driver = with_keys(&[("idle_ms", 300_000), ("lifetime_ms", lifetime)]);
        format!("{driver}\n[server.pg]\nidle_close_ms = 200000\ninstances = {{ example = 1 }}\n")
    };
    let is_reported =
        |lifetime| reported(&text(lifetime), "")[0].contains(&"timeout-idle-beyond-server");
    assert!(is_reported(200_000));
    assert!(!is_reported(199_999));
}

#[test]
fn waiver_of_other_field_is_told_to_name_call() {
    let driver = BASE.split("[budget").next().unwrap();
    let text = format!(
        "{driver}\n{IMPATIENT}to = \"example\"\n\n[[waiver]]\nrule = \"call-deadline-short\"\n\
         field = \"times\"\nreason = \"agreed\"\nowner = \"us\"\nexpires = 2027-01-01\n"
    );
    let sandbox = Sandbox::project(&[("contracts/a.toml", &text)]);
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    let help = "remove the waiver, or write `field = \"call\"`";
    assert!(run.stdout.contains(help), "{}", run.stdout);
}

#[test]
fn path_of_call_is_told_to_name_driver() {
    let text = format!("{BASE}\n{IMPATIENT}to = \"example\"\n");
    let sandbox = Sandbox::project(&[("contracts/a.toml", &text)]);
    for path in ["caller.edge", "call.edge.example"] {
        let run = sandbox.run(&["explain", path]);
        assert!(run.stderr.contains("name the driver that is called"), "{}", run.stderr);
    }
}

#[test]
fn changed_template_of_called_drivers_is_one_entry() {
    let text = |attempts: u64| {
        let call = |to: &str| format!("\n[[call]]\nfrom = \"edge\"\nto = \"{to}\"\n");
        let driver = |name: &str| {
            let driver = BASE.split("[budget").next().unwrap().replace("example", name);
            driver.replacen("max_attempts = 3\n", "", 1).replacen("]\n", "]\nlike = \"t\"\n", 1)
        };
        let template = format!("\n[template.t.retry_policy]\nmax_attempts = {attempts}\n");
        let caller = "\n[caller.edge]\nattempt_ms = 40000\nmax_attempts = 1\n".to_owned();
        [driver("a"), driver("b"), template, caller, call("a"), call("b")].concat()
    };
    let sandbox = Sandbox::project(&[("contracts/a.toml", &text(3))]);
    sandbox.write("base/a.toml", text(1));
    sandbox.write("base/budgets.toml", budgets());
    let run = sandbox.run(&["diff", "--against-path", "base"]);
    assert_eq!(run.stdout.matches("breaking[").count(), 1, "{}{}", run.stdout, run.stderr);
    for name in ["a", "b"] {
        let note = format!("`edge` waits 40000 ms, but `{name}` can take 90600 ms");
        assert!(run.stdout.contains(&note), "{}", run.stdout);
    }
}

#[test]
fn layers_count_only_for_driver_that_nothing_calls() {
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
fn call_with_end_that_was_not_read_raises_nothing_more() {
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
fn text_that_is_not_valid_toml_can_declare_ends_of_calls() {
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

    /// Whether a driver is on a cycle or behind one.
    fn is_behind_cycle(&self, node: usize) -> bool {
        (0..self.drivers.len()).any(|start| {
            let reached = self.reachable(start);
            reached.contains(&start) && (start == node || reached.contains(&node))
        })
    }

    /// The products along all paths that end at a node.
    fn products(&self, node: usize) -> Vec<u64> {
        let callers = self.calls.iter().filter(|(_, to, ..)| *to == node);
        let before: Vec<u64> = callers.flat_map(|(from, ..)| self.products(*from)).collect();
        let before = if before.is_empty() { vec![1] } else { before };
        before.into_iter().map(|product| product * self.attempts(node)).collect()
    }

    /// The findings that the definitions of the rules require: the rule, and its declaration.
    fn expected(&self) -> BTreeSet<(&'static str, String)> {
        let judged = || self.calls.iter().filter(|(_, to, ..)| !self.is_behind_cycle(*to));
        let mut expected = BTreeSet::new();
        for (number, call) in self.calls.iter().enumerate() {
            if !self.is_behind_cycle(call.1) && self.worst(call) > self.waits(call.0) {
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
            let is_in = |other: &usize| {
                self.reachable(node).contains(other) && self.reachable(*other).contains(&node)
            };
            (0..self.drivers.len()).filter(is_in).collect()
        };
        let all: BTreeSet<_> = (0..self.drivers.len()).map(component).collect();
        all.into_iter().filter(|nodes| !nodes.is_empty()).count()
    }

    /// The findings of the rules about calls, and the number of cycles.
    fn found(&self) -> (BTreeSet<(&'static str, String)>, usize) {
        let workspace = workspace(&[("a.toml", &self.text())]);
        assert_eq!(workspace.findings(), [], "{}", self.text());
        let all = rules::check(&workspace, None, &Configuration::default());
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
        prop_assert_eq!(graph.found(), (graph.expected(), 0), "{}", graph.text());
    }

    #[test]
    fn calls_on_and_behind_cycles_raise_only_cycles(graph in graphs(false)) {
        prop_assert_eq!(graph.found(), (graph.expected(), graph.cycles()), "{}", graph.text());
    }
}

#[test]
fn order_of_documents_does_not_matter() {
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
