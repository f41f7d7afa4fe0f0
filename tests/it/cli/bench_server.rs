//! Tests what `driverc bench` prints about the server and about recovery from a trigger.

use serde_json::{Value, json};

use super::sandbox::Sandbox;

const STORM: &str = include_str!("../../fixtures/simulation/storm.toml");

const PAGE: &str = include_str!("../../../docs/simulation.md");

fn project(document: &str) -> Sandbox {
    Sandbox::repository(&[("contracts/orders.toml", document)])
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/bench");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn bench(document: &str, arguments: &[&str]) -> String {
    let run = project(document).run(&[&["bench"], arguments].concat());
    assert_eq!((run.code, &*run.stderr), (0, ""));
    run.stdout
}

/// The workload without a server, and a load that the driver can serve.
fn without_server() -> String {
    let keys = ["server_slots", "abandoned_work", "contention_ppm", "coherence_ppm"];
    let is_kept = |line: &&str| !keys.iter().any(|key| line.starts_with(key));
    let document = STORM.lines().filter(is_kept).map(|line| format!("{line}\n"));
    document.collect::<String>().replace("max_attempts = 10", "max_attempts = 2")
}

const TEN_ATTEMPTS: &str = "--set=driver.orders_pg.retry_policy.max_attempts=10";
const MORE_SLOTS: &str = "--set=driver.orders_pg.max_in_flight=401";

#[test]
fn bench_prints_work_of_server_and_recovery() {
    let text = bench(STORM, &[]);
    snapshot("server", &text);
    for line in text.lines().filter(|line| line.starts_with("    ") && line.contains(": ")) {
        assert!(PAGE.contains(&format!("\n{line}\n")), "{line}");
    }
    snapshot("server-markdown", &bench(STORM, &["--output-format=markdown"]));
    let once = "--set=driver.orders_pg.retry_policy.max_attempts=1";
    snapshot("server-changed", &bench(STORM, &[once]));
}

#[test]
fn bench_names_keys_that_would_simulate_effect_of_retries_and_slots() {
    let document = without_server();
    let both = [TEN_ATTEMPTS, MORE_SLOTS, "--seeds=1"];
    snapshot("not-simulated", &bench(&document, &both));
    let markdown = bench(&document, &[&both[..], &["--output-format=markdown"]].concat());
    snapshot("not-simulated-markdown", &markdown);
    let toml = bench(&document, &[&both[..], &["--output-format=toml"]].concat());
    assert_eq!(toml.matches("# not simulated for `mixed_latency`: ").count(), 2);
}

#[test]
fn described_effects_and_decreased_values_have_no_note() {
    let has_note = |document: &str, set: &str| {
        bench(document, &[set, "--seeds=1"]).contains("not simulated for")
    };
    let document = without_server();
    assert!(has_note(&document, TEN_ATTEMPTS) && has_note(&document, MORE_SLOTS));
    assert!(!has_note(&document, "--set=driver.orders_pg.retry_policy.max_attempts=1"));
    assert!(!has_note(&document, "--set=driver.orders_pg.max_in_flight=399"));
    assert!(!has_note(&document, "--set=driver.orders_pg.max_queue_depth=9"));
    let with = |key: &str| document.replace("warmup_ms", &format!("{key}\nwarmup_ms"));
    let cancelled = with("abandoned_work = \"cancelled\"");
    assert!(!has_note(&cancelled, TEN_ATTEMPTS) && has_note(&cancelled, MORE_SLOTS));
    let contended = with("contention_ppm = 1000");
    assert!(has_note(&contended, TEN_ATTEMPTS) && !has_note(&contended, MORE_SLOTS));
    let limited = with("server_slots = 400");
    assert!(!has_note(&limited, TEN_ATTEMPTS) && !has_note(&limited, MORE_SLOTS));
}

#[test]
fn json_contains_figures_of_server_and_verdict_of_each_seed() {
    let report: Value = serde_json::from_str(&bench(STORM, &["--output-format=json"])).unwrap();
    let runs = report["results"][0]["result"]["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 5);
    for run in runs {
        let number = |key: &str| run[key].as_u64().unwrap_or_else(|| panic!("{key} in {run}"));
        assert_eq!((&run["recovers"], &run["healthy_before"]), (&json!(false), &json!(true)));
        assert!(number("server_wasted") > number("server_done") / 2);
        assert!(number("quarter_good") * 100 < number("quarter_offered"));
        assert!(number("before_good") * 100 >= number("before_offered") * 95);
        assert!(number("timeouts_server") <= number("timeouts") - number("timeouts_queue"));
        assert!((900_000..=1_000_000).contains(&number("server_utilisation_ppm")));
        assert!((9000..=10_000).contains(&number("server_running_milli")));
        assert!(number("server_max_queue") * 1000 > number("server_mean_queue_milli"));
        assert!(number("server_abandoned_ppm") > 500_000);
        assert_eq!(
            number("goodput_bps"),
            10_000 * number("succeeded_in_window") / number("offered")
        );
    }
    let document = without_server();
    let (before, after) =
        document.split_once("[workload.mixed_latency.driver.orders_pg.trigger]").unwrap();
    let plain = before.to_owned() + &after[after.find("[[workload").unwrap()..];
    let report = bench(&plain, &["--output-format=json", "--seeds=1"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    let run = &report["results"][0]["result"]["runs"][0];
    for key in
        ["recovers", "healthy_before", "before_offered", "before_good", "server_utilisation_ppm"]
    {
        assert_eq!(run.get(key), Some(&Value::Null), "{key}");
    }
    assert_eq!((&run["server_wasted"], &run["server_max_queue"]), (&json!(0), &json!(0)));
}

/// A load above the capacity before the trigger is not the fault of the trigger.
#[test]
fn bench_reports_overload_without_trigger() {
    let busy = STORM.replace("rate_ops_per_ksec = 100000", "rate_ops_per_ksec = 165000");
    let busy = busy.replace("max_attempts = 10", "max_attempts = 1");
    let shown = bench(&busy, &["--seeds=1"]);
    assert!(shown.contains("trigger: overloaded without the trigger: "), "{shown}");
    assert!(!shown.contains("stays bad"), "{shown}");
}

/// The workload on the page is the workload whose output the page shows.
#[test]
fn page_shows_keys_of_simulated_workload() {
    let keys = PAGE.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let lines = keys.lines().map(|line| line.split('#').next().unwrap().trim_end());
    let mut shown = 0;
    for line in lines.filter(|line| !line.is_empty()) {
        assert!(STORM.lines().any(|own| own == line), "{line}");
        shown += 1;
    }
    assert_eq!(shown, 9);
}

#[test]
fn report_describes_server_and_states_recovery() {
    let run = project(STORM).run(&["report", "--exit-zero"]);
    assert_eq!(run.code, 0);
    let load = "; 10 server slots; contention of 20000 ppm; coherence of 500 ppm; abandoned work \
                continues; 400% of the rate for 5 s from 15 s; 60 s counted";
    assert!(run.stdout.contains(load), "{}", run.stdout);
    let verdict = "Trigger: stays bad: 0 of 1574 requests succeed in the last quarter.";
    assert!(run.stdout.contains(verdict), "{}", run.stdout);
}

/// `explain` prints the default of abandoned work, which depends on the server slots.
#[test]
fn explain_prints_server_keys_and_their_defaults() {
    let explained = |document: &str, key: &str| {
        let path = format!("workload.mixed_latency.{key}");
        let run = project(document).run(&["explain", &path, "--driver=orders_pg"]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{path}");
        run.stdout.lines().next().unwrap().replace(&format!("{path} = "), "")
    };
    assert_eq!(explained(STORM, "server_slots"), "10");
    let trigger = "{ start_ms = 15000, duration_ms = 5000, rate_percent = 400 }";
    assert_eq!(explained(STORM, "trigger"), trigger);
    let implied = STORM.replace("abandoned_work = \"continues\"\n", "");
    assert_eq!(explained(&implied, "abandoned_work"), "\"continues\"");
    let document = without_server();
    assert_eq!(explained(&document, "abandoned_work"), "\"cancelled\"");
    assert_eq!(explained(&document, "contention_ppm"), "0");
}

/// The throughput rises, and the line below the table says why that can be wrong.
#[test]
fn throughput_that_rises_with_attempts_has_note() {
    let document = include_str!("../../fixtures/simulation/bursts.toml");
    let shown = bench(document, &[TEN_ATTEMPTS]);
    let figures = shown.lines().find(|line| line.contains("throughput")).unwrap();
    let rates: Vec<u64> = figures
        .split(" ops/s")
        .map(|it| it.rsplit(' ').next().unwrap().parse().unwrap_or(0))
        .collect();
    assert!(rates[1] < rates[2], "{figures}");
    let note = "not simulated for `mixed_latency`: `max_attempts` of `orders_pg` increases, but the \
                server has no limit and stops work on attempts that time out; set `server_slots`";
    assert!(shown.contains(note), "{shown}");
}
