//! Tests what `driverc bench` prints about the server and about recovery from a trigger.

use serde_json::{Value, json};

use super::sandbox::Sandbox;

const STORM: &str = include_str!("../../fixtures/simulation/storm.toml");

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
    let document = STORM.replace("server_slots = 10\n", "");
    document.replace("max_attempts = 10", "max_attempts = 2")
}

const TEN_ATTEMPTS: &str = "--set=driver.orders_pg.retry_policy.max_attempts=10";
const MORE_SLOTS: &str = "--set=driver.orders_pg.max_in_flight=401";

#[test]
fn bench_prints_work_of_server_and_recovery() {
    snapshot("server", &bench(STORM, &[]));
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
    let plain = STORM.split("[workload.mixed_latency.driver.orders_pg.trigger]").next().unwrap();
    let operation = &STORM[STORM.find("[[workload").unwrap()..];
    let plain = plain.replace("server_slots = 10\n", "") + operation;
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
    let busy = STORM.replace("rate_ops_per_ksec = 100000", "rate_ops_per_ksec = 210000");
    let busy = busy.replace("max_attempts = 10", "max_attempts = 1");
    let shown = bench(&busy, &["--seeds=1"]);
    assert!(shown.contains("trigger: overloaded without the trigger: "), "{shown}");
    assert!(!shown.contains("stays bad"), "{shown}");
}
