//! Findings about several declarations, such as the drivers of a server.

use std::collections::BTreeMap;

use driverc::{
    configuration::{Configuration, RuleLevel, RuleSetting},
    finding::Level,
    model::Name,
};

use super::{BASE, check, lines, open, text, workspace};

#[test]
fn second_missing_budget_reopens_finding_about_first() {
    let support_tiers = ["tier1", "tier2"].map(|tier| Name::new(tier).unwrap()).to_vec();
    let configuration = Configuration { support_tiers, ..Configuration::default() };
    let (base, budgets) = BASE.split_once("[budget.heavy_data]").unwrap();
    let mixed = budgets.split_once("[budget.mixed_latency]").unwrap().1;
    let other = "[budget.mixed_latency.class.stream_adapter]\nmax_p95_latency_ms = 2000\n";
    for (tier, rule) in
        [("tier1", "support-tier-without-budget"), ("tier2", "budget-missing-profile")]
    {
        let base = base.replace("tier1", tier);
        let of = |budgets: &str| vec![("a.toml".to_owned(), format!("{base}{other}{budgets}"))];
        let one = of(&format!("[budget.mixed_latency]{mixed}"));
        let before = workspace(&one, None);
        let lines = text(&lines(&before, &configuration));
        let accepted = |documents: &[_]| {
            open(&check(&workspace(documents, Some(&lines)), &configuration)).join(" ")
        };
        assert!(lines.contains(rule), "{lines}");
        assert_eq!(accepted(&one), "");
        assert_eq!(accepted(&of("")), rule);
    }
}

/// Returns three drivers like the example, named `a`, `b` and `c`, without budgets.
fn three_drivers() -> [String; 3] {
    let (driver, _) = BASE.split_once("[budget.heavy_data]").unwrap();
    ["a", "b", "c"].map(|name| driver.replace("example", name))
}

/// Checks that the baseline of the middle text accepts the first text, and that the last text has
/// exactly one finding that the baseline does not accept, of this rule.
fn improves_and_worsens(rule: &str, [better, accepted, worse]: [&str; 3]) {
    let level =
        RuleSetting { level: Some(RuleLevel::On(Level::Warn)), parameters: BTreeMap::new() };
    let rules = BTreeMap::from([(rule.to_owned(), level)]);
    let configuration = Configuration { rules, ..Configuration::default() };
    let of = |text: &str| vec![("a.toml".to_owned(), text.to_owned())];
    let before = workspace(&of(accepted), None);
    let lines = text(&lines(&before, &configuration));
    assert!(lines.contains(rule), "{lines}");
    let open_in =
        |text: &str| open(&check(&workspace(&of(text), Some(&lines)), &configuration)).join(" ");
    assert_eq!([open_in(better), open_in(accepted), open_in(worse)], ["", "", rule]);
}

#[test]
fn another_driver_of_oversubscribed_server_reopens_finding() {
    let [a, b, c] = three_drivers();
    let server = "[server.main]\nmax_connections = 9\n[server.main.instances]\na = 2\nb = 2\n";
    let of = |drivers: &[&String], more: &str| {
        let drivers: String = drivers.iter().map(|driver| driver.as_str()).collect();
        format!("{drivers}{server}{more}")
    };
    let one = of(&[&a, &b], "").replace("b = 2\n", "");
    let texts = [one, of(&[&a, &b], ""), of(&[&a, &b, &c], "c = 1\n")];
    improves_and_worsens("server-oversubscribed", texts.each_ref().map(String::as_str));
}

#[test]
fn only_more_connections_reopen_finding_about_server() {
    let driver = three_drivers()[0].clone();
    let of = |instances: u32, slots: u32, reserved: u32| {
        let driver = driver.replace("max_in_flight = 5", &format!("max_in_flight = {slots}"));
        format!(
            "{driver}[server.main]\nmax_connections = 9\nreserved_connections = {reserved}\n\
             [server.main.instances]\na = {instances}\n"
        )
    };
    let accepted = of(3, 6, 2);
    for better in [of(2, 6, 2), of(3, 5, 2), of(3, 6, 1), of(2, 9, 2)] {
        for worse in [of(4, 6, 2), of(3, 7, 2), of(3, 6, 3), of(2, 10, 1)] {
            improves_and_worsens("server-oversubscribed", [&better, &accepted, &worse]);
        }
    }
}

#[test]
fn another_call_of_cycle_reopens_finding() {
    let drivers = three_drivers().concat();
    let call = |from: &str, to: &str| format!("[[call]]\nfrom = \"{from}\"\nto = \"{to}\"\n");
    let two = call("a", "b") + &call("b", "a");
    let three = call("a", "b") + &call("b", "c") + &call("c", "a");
    let texts = [drivers.clone(), drivers.clone() + &two, drivers.clone() + &three];
    improves_and_worsens("call-cycle", texts.each_ref().map(String::as_str));
    let other = call("a", "c") + &call("c", "a");
    let worse = drivers.clone() + &two + &other + &call("b", "c") + &call("c", "b");
    let texts = [drivers.clone() + &other, drivers + &two + &other, worse];
    improves_and_worsens("call-cycle", texts.each_ref().map(String::as_str));
}

#[test]
fn accepted_cycle_hides_no_later_fault_of_its_calls() {
    let drivers = three_drivers().concat();
    let call = |from: &str, to: &str, times: u32| {
        format!("[[call]]\nfrom = \"{from}\"\nto = \"{to}\"\ntimes = {times}\n")
    };
    let of = |calls: &[String]| vec![("a.toml".to_owned(), drivers.clone() + &calls.concat())];
    let cycle = || [call("a", "b", 1), call("b", "a", 1)];
    let configuration = Configuration::default();
    let before = workspace(&of(&cycle()), None);
    assert_eq!(open(&check(&before, &configuration)), ["call-cycle"]);
    let lines = lines(&before, &configuration);
    // The calls of the cycle are too long for their callers.
    let rules = lines.iter().map(|line| line.split('|').nth(2).unwrap());
    let of_calls = ["rule=call-cycle", "rule=call-deadline-short"].map(|rule| [rule; 2]);
    assert_eq!(rules.collect::<Vec<_>>(), of_calls.concat());
    let lines = text(&lines);
    let open_in =
        |documents: &[_]| open(&check(&workspace(documents, Some(&lines)), &configuration));
    assert_eq!(open_in(&of(&cycle())), [""; 0]);
    let [to_b, to_a] = cycle();
    assert_eq!(open_in(&of(&[call("a", "b", 2), to_a.clone()])), ["call-cycle"]);
    let behind = of(&[to_b, to_a, call("b", "c", 1)]);
    assert_eq!(open_in(&behind), ["call-deadline-short"]);
    let (first, c) = behind[0].1.split_once("[driver.c]").unwrap();
    let c = c.replace("connect_ms = 3100", "connect_ms = 3000");
    let fast = format!("{first}[driver.c]{}", c.replace("request_ms = 30000", "request_ms = 3000"));
    assert_eq!(open_in(&[("a.toml".to_owned(), fast)]), [""; 0]);
}

/// The new name is before the name of the accepted finding, and is like no other name.
#[test]
fn another_similar_name_reopens_finding() {
    let [a, b, c] = three_drivers();
    let named = |text: &str, from: &str, to: &str| {
        text.replace(&format!("[driver.{from}"), &format!("[driver.{to}"))
    };
    let first = named(&a, "a", "ledgera");
    let last = named(&b, "b", "ledgerz");
    let between = named(&c, "c", "ledgeryz");
    let texts = [first.clone(), first.clone() + &last, first + &last + &between];
    improves_and_worsens("name-near-duplicate", texts.each_ref().map(String::as_str));
}

#[test]
fn another_driver_with_shared_metric_reopens_finding() {
    let shared = three_drivers().map(|driver| {
        let (before, rest) = driver.split_once("latency_metric = ").unwrap();
        let (_, after) = rest.split_once('\n').unwrap();
        format!("{before}latency_metric = \"client_duration_seconds\"\n{after}")
    });
    let [a, b, c] = &shared;
    let d = c.replace("driver.c", "driver.d").replace("c_client", "d_client");
    let texts = [b.clone() + c, shared.concat(), a.clone() + b + c + &d];
    improves_and_worsens("metric-shared-across-drivers", texts.each_ref().map(String::as_str));
}

#[test]
fn each_driver_with_colliding_metric_reopens_finding() {
    let driver = |name: &str, key: &str| {
        let driver = three_drivers()[0].replace("[driver.a", &format!("[driver.{name}"));
        let driver = driver.replace("\"a_client", &format!("\"{name}_client"));
        let (before, rest) = driver.split_once(&format!("{key}_metric = ")).unwrap();
        let (_, after) = rest.split_once('\n').unwrap();
        format!("{before}{key}_metric = \"client_requests_total\"\n{after}")
    };
    // The metric of each driver, by name: timeouts or retries.
    let of = |drivers: &str| -> String {
        let drivers = drivers.split(' ').map(|it| it.split_at(1));
        drivers
            .map(|(name, role)| driver(name, if role == "T" { "timeout" } else { "retry" }))
            .collect()
    };
    for (better, accepted, worse) in [
        ("bT cR", "bT cR", "bT cR dT"),
        ("bT dR", "bT dR", "bT cT dR"),
        ("bT dR", "bT dR", "aT bT dR"),
        ("bT dR", "bT dR", "aR bT dR"),
        ("bT dR", "bT dR", "aT dR"),
        ("bT cR", "bT cR dR", "bT cR eT"),
        ("cT dR", "bT cT dR", "cT dR eR"),
        ("bR cT", "aT bR cT", "bR cT dT"),
    ] {
        improves_and_worsens("metric-role-collision", [&of(better), &of(accepted), &of(worse)]);
    }
}

#[test]
fn another_unmet_bound_reopens_only_its_finding() {
    let driver = three_drivers()[0].clone();
    let requirement = |bounds: &str| {
        let names = "consumer = \"billing\"\ndriver = \"a\"\nowner = \"payments\"\n";
        format!("{driver}[[requirement]]\n{names}reason = \"nightly\"\n{bounds}")
    };
    let (both, tighter) = ("max_attempts = 2\n", "max_attempts = 1\n");
    let texts = [requirement("max_attempts = 3\n"), requirement(both), requirement(tighter)];
    improves_and_worsens("requirement-unmet", texts.each_ref().map(String::as_str));
    let more = requirement(&format!("{both}worst_case_ms = 1\n"));
    let texts = [requirement(both), requirement(both), more];
    improves_and_worsens("requirement-unmet", texts.each_ref().map(String::as_str));
}

#[test]
fn only_worse_figure_reopens_unmet_requirement() {
    let base = &three_drivers()[0].replace("max_attempts = 3", "max_attempts = 2");
    let requirement = "[[requirement]]\nconsumer = \"billing\"\ndriver = \"a\"\n\
                       owner = \"payments\"\nreason = \"nightly\"\n";
    let of = |changes: &[(&str, &str)], more: &str| {
        let replace = |text: String, (old, new): &(&str, &str)| {
            assert!(text.contains(old), "{old}");
            text.replace(old, new)
        };
        changes.iter().fold(base.clone(), replace) + requirement + more
    };
    // The worst case is 60 200 ms: 2 attempts of 30 s, and 200 ms of backoff.
    let bounded = |changes: &[(&str, &str)]| of(changes, "worst_case_ms = 50000\n");
    let idle = "idle_ms = 300000";
    let better = [
        bounded(&[("base_backoff_ms = 200", "base_backoff_ms = 100")]),
        // The same worst case, which another key limits.
        bounded(&[(idle, "idle_ms = 300000\ndeadline_ms = 60200")]),
        bounded(&[("request_ms = 30000", "request_ms = 29000")]),
    ];
    let worse = [
        bounded(&[("max_attempts = 2", "max_attempts = 3")]),
        bounded(&[("base_backoff_ms = 200", "base_backoff_ms = 300")]),
        bounded(&[
            ("request_ms = 30000", "request_ms = 30001"),
            (idle, "idle_ms = 300000\ndeadline_ms = 60201"),
        ]),
    ];
    for (better, worse) in better.iter().zip(&worse) {
        improves_and_worsens("requirement-unmet", [better, &bounded(&[]), worse]);
    }
    // The limit of another scope.
    let bounds = "profile = \"heavy_data\"\nmin_throughput_ops_per_sec = 100\n";
    let budgets = BASE.split_once("[budget.heavy_data]").unwrap().1;
    let own = |limit: &str| format!("[budget.heavy_data.driver.a]\n{limit}\n");
    let budget = |own: &str| of(&[], &format!("{bounds}{own}[budget.heavy_data]{budgets}"));
    let throughput = |limit: u32| budget(&own(&format!("min_throughput_ops_per_sec = {limit}")));
    let texts = [throughput(40), budget(""), throughput(39)];
    improves_and_worsens("requirement-unmet", texts.each_ref().map(String::as_str));
    let texts = [throughput(99), throughput(50), throughput(49)];
    improves_and_worsens("requirement-unmet", texts.each_ref().map(String::as_str));
}

#[test]
fn only_longer_overrun_reopens_finding_about_call() {
    let driver = three_drivers()[0].clone();
    let of = |waits: u32, request: u32| {
        let driver = driver.replace("request_ms = 30000", &format!("request_ms = {request}"));
        format!(
            "{driver}[caller.edge]\nattempt_ms = {waits}\nmax_attempts = 1\n\
             [[call]]\nfrom = \"edge\"\nto = \"a\"\n"
        )
    };
    let accepted = of(1000, 30_000);
    for (better, worse) in
        [(of(1001, 30_000), of(999, 30_000)), (of(1000, 29_999), of(1000, 30_001))]
    {
        improves_and_worsens("call-deadline-short", [&better, &accepted, &worse]);
    }
}

#[test]
fn more_attempts_of_caller_reopen_finding_about_path() {
    let [a, b, _] = three_drivers();
    let of = |attempts: u32| {
        let b = b.replace("max_attempts = 3", &format!("max_attempts = {attempts}"));
        let call = |from: &str, to: &str| format!("[[call]]\nfrom = \"{from}\"\nto = \"{to}\"\n");
        let caller = "[caller.edge]\nattempt_ms = 900000\nmax_attempts = 9\n";
        [&a, &b, caller, &call("edge", "b"), &call("b", "a")].map(str::to_owned).concat()
    };
    let configuration = Configuration::default();
    let documents = |text: String| vec![("a.toml".to_owned(), text)];
    let before = workspace(&documents(of(4)), None);
    let lines = lines(&before, &configuration);
    let of_a = lines.iter().filter(|line| line.contains("driver=a|")).cloned();
    let of_a = text(&of_a.collect::<Vec<_>>());
    let open_in = |attempts: u32| {
        let found = check(&workspace(&documents(of(attempts)), Some(&of_a)), &configuration);
        let about_a = found.open.iter().filter(|it| it.message.contains("attempts of `a`"));
        about_a.map(|finding| finding.rule.name).collect::<String>()
    };
    assert_eq!([open_in(2), open_in(4), open_in(5)], ["", "", "call-amplification"]);
}

#[test]
fn another_number_of_operations_reopens_finding_about_call() {
    let drivers = three_drivers().concat() + "[caller.edge]\nattempt_ms = 1\nmax_attempts = 1\n";
    let call =
        |times: u32| format!("{drivers}[[call]]\nfrom = \"edge\"\nto = \"a\"\ntimes = {times}\n");
    let texts = [drivers.clone(), call(2), call(1000)];
    improves_and_worsens("call-deadline-short", texts.each_ref().map(String::as_str));
}
