//! Tests `driverc bench`.

use driverc::{BenchmarkProfile, builtin, document, simulate};
use serde_json::{Value, json};

use super::sandbox::{EXAMPLE, Sandbox, driver};

const SET: [&str; 4] = ["bench", "--set", "driver.example.max_in_flight=14", "--seeds=1"];

fn project() -> Sandbox {
    Sandbox::repository(&[("contracts/example.toml", EXAMPLE)])
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/bench");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn bench_prints_built_in_set_in_each_format() {
    let sandbox = Sandbox::new();
    for (name, arguments) in [
        ("table", &["bench", "--contracts", "builtin:"][..]),
        (
            "markdown",
            &["bench", "--contracts", "builtin:", "--seeds=1", "--output-format=markdown"],
        ),
        ("toml", &["bench", "--contracts", "builtin:", "--seeds=1", "--output-format=toml"]),
    ] {
        let run = sandbox.run(arguments);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{name}");
        snapshot(name, &run.stdout);
    }
}

#[test]
fn bench_shows_change_side_by_side() {
    for (name, format) in
        [("changed", "text"), ("changed-markdown", "markdown"), ("changed-toml", "toml")]
    {
        let run = project().run(&[&SET[..], &["--output-format", format]].concat());
        assert_eq!((run.code, &*run.stderr), (0, ""), "{name}");
        snapshot(name, &run.stdout);
    }
}

#[test]
fn json_contains_both_sides_and_every_seed() {
    let run = project().run(&[&SET[..3], &["--output-format", "json"]].concat());
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["schema_version"], 2);
    assert_eq!(report["simulated"], true);
    let path = "driver.example.max_in_flight";
    assert_eq!(report["changes"], json!([{ "path": path, "before": "20", "after": "14" }]));
    let results = report["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for result in results {
        for side in ["before", "result"] {
            let runs = result[side]["runs"].as_array().unwrap();
            let seeds: Vec<_> = runs.iter().map(|run| run["seed"].as_u64().unwrap()).collect();
            assert_eq!(seeds, [1, 2, 3, 4, 5]);
            let worst = runs.iter().map(|run| run["p95_us"].as_u64().unwrap().div_ceil(1000)).max();
            assert_eq!(result[side]["figures"][0]["value"].as_u64(), worst);
            let benchmark = &result[side]["benchmark"];
            let shown = runs.iter().any(|run| {
                ["attempts", "timeout_rate_bps", "retry_rate_bps"]
                    .iter()
                    .all(|key| run[key] == benchmark[key])
                    && run["succeeded"] == benchmark["requests"]
                    && run["p95_us"].as_u64().map(|us| us.div_ceil(1000))
                        == benchmark["p95_latency_ms"].as_u64()
            });
            assert!(shown, "no seed shows {benchmark}");
            assert_eq!(
                result[side]["figures"][0]["at_most"],
                result["budget"]["max_p95_latency_ms"]
            );
        }
        assert_ne!(result["contract"], result["before"]["benchmark"]["contract"]);
        assert_eq!(result["contract"], result["result"]["benchmark"]["contract"]);
    }
}

/// Both sides have the same arrivals and service times, so only the change differs.
#[test]
fn set_option_gives_same_result_as_edited_document() {
    let run = project().run(&[&SET[..], &["--output-format", "toml"]].concat());
    let sandbox = Sandbox::repository(&[(
        "contracts/example.toml",
        &EXAMPLE.replace("max_in_flight = 20", "max_in_flight = 14"),
    )]);
    let edited = sandbox.run(&["bench", "--seeds=1", "--output-format", "toml"]);
    assert_eq!(run.stdout.split_once("\n\n").unwrap().1, edited.stdout);
}

#[test]
fn toml_output_is_valid_document_marked_as_simulated() {
    let sandbox = project();
    let run = sandbox.run(&["bench", "--output-format", "toml", "-o", "contracts/samples.toml"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
    let check = sandbox.run(&["check", "--show", "info"]);
    assert_eq!((check.code, &*check.stdout), (0, ""), "{}", check.stdout);
    let samples = document::read(&sandbox.read("contracts/samples.toml"));
    assert!(samples.findings.is_empty());
    assert_eq!(samples.declarations.others().benchmarks.len(), 2);
    assert_eq!(sandbox.read("contracts/samples.toml").matches(", simulated, ").count(), 2);
}

#[test]
fn binary_and_library_give_same_benchmark() {
    let simulation = &builtin::workspace().simulations()[2];
    assert_eq!(&*simulation.contract.name, "kafka_async");
    assert_eq!(simulation.workload.profile, BenchmarkProfile::HeavyData);
    let benchmark = simulate::benchmark(&simulation.contract, &simulation.workload).unwrap();
    let arguments = ["bench", "--contracts=builtin:", "kafka_async", "--profile=heavy_data"];
    let run = Sandbox::new().run(&[&arguments[..], &["--output-format=toml"]].concat());
    assert_eq!(run.stdout, driverc::report::declare::benchmark_table(&benchmark));
}

#[test]
fn unknown_names_and_paths_are_refused_with_help() {
    let sandbox = project();
    for (arguments, message) in [
        (&["exmaple"][..], "error: no driver `exmaple` is declared; did you mean `example`?\n"),
        (
            &["contracts"],
            "error: no driver `contracts` is declared; name documents with `--contracts contracts`\n",
        ),
        (
            &["builtin:"],
            "error: no driver `builtin:` is declared; name documents with `--contracts builtin:`\n",
        ),
        (&["--set", "max_in_flight=3"], "is not a path of a contract"),
        (&["--set", "driver.example.max_in_flight"], "has no value; write PATH=VALUE"),
        (&["--set", "driver.exmaple.max_in_flight=3"], "did you mean `example`?"),
        (
            &["--set", "driver.example.max_inflight=3"],
            "did you mean `driver.example.max_in_flight`?",
        ),
        (
            &["--set", "driver.example.timeout_policy.request_s=5"],
            "`request_ms` is in milliseconds, not in seconds; write \
             `driver.example.timeout_policy.request_ms=5000`",
        ),
        (
            &["--set", "driver.example.retry_policy.max_retries=2"],
            "`max_attempts` counts the first attempt too; write \
             `driver.example.retry_policy.max_attempts=3`",
        ),
        (
            &["--set", "driver.example.timeout_policy.request_bps=5"],
            "`request_ms` is in milliseconds, not in basis points; did you mean \
             `driver.example.timeout_policy.request_ms`?",
        ),
        (&["--set", "driver.example.name=x"], "a contract has no value `driver.example.name`"),
        (&["--seeds", "0"], "1..=100"),
        (&["--profile", "heavy"], "unknown profile `heavy`; did you mean `heavy_data`?"),
        (&["--profile", "Heavy-1"], "heavy_data, mixed_latency"),
        (&["--contracts", "builtin:", "example"], "error: no driver `example` is declared\n"),
    ] {
        let run = sandbox.run(&[&["bench"], arguments].concat());
        assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn invalid_set_value_is_reported_like_document_error() {
    let run = project().run(&["bench", "--set", "driver.example.max_in_flight=0"]);
    assert_eq!((run.code, &*run.stderr), (2, "error: `--set` cannot be applied\n"));
    snapshot("out-of-range", &run.stdout);
    let twice = ["driver.example.max_in_flight=3", "driver.example.max_in_flight=4"];
    let run = project().run(&["bench", "--set", twice[0], "--set", twice[1]]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("declared twice"), "{}", run.stdout);
}

#[test]
fn set_error_quotes_argument_unchanged() {
    for argument in ["driver.example.class=Bogus", " driver.example.class = Bogus"] {
        let run = project().run(&["bench", "--set", argument]);
        assert_eq!(run.code, 2);
        let column = argument.find("Bogus").unwrap() + 1;
        assert!(run.stdout.contains(&format!("[--set:1:{column}]")), "{}", run.stdout);
        assert!(run.stdout.contains(argument) && !run.stdout.contains('"'), "{}", run.stdout);
    }
    let path = "driver.example.retry_policy.max_attempts=";
    let run = project().run(&["bench", "--set", "driver.example.tuning_guide=", "--set", path]);
    let message = format!("error: `--set {path}` has no value; write PATH=VALUE\n");
    assert_eq!((run.code, &*run.stdout, run.stderr), (2, "", message));
}

#[test]
fn set_accepts_optional_key_that_contract_leaves_out() {
    let path = "driver.example.timeout_policy.deadline_ms";
    let run = project().run(&["bench", "--set", &format!("{path}=60000"), "--seeds=1"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    assert!(run.stdout.contains(&format!("{path} = 60000 (was not set)\n")), "{}", run.stdout);
}

#[test]
fn set_option_accepts_word_without_quotes() {
    let run =
        project().run(&["bench", "--set", "driver.example.class=stream_adapter", "--seeds=1"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let message = "driver.example.class = \"stream_adapter\" (was \"relational_adapter\")\n";
    assert!(run.stdout.contains(message), "{}", run.stdout);
}

/// The example project with its heavy workload for one class only.
fn project_of_class(class: &str, heavy: &str) -> Sandbox {
    let of_class = format!("workload.heavy_data.class.{heavy}");
    let text = EXAMPLE.replace("workload.heavy_data", &of_class);
    let text = text.replace("class = \"relational_adapter\"", &format!("class = \"{class}\""));
    assert!(text.contains(&format!("[[{of_class}.operation]]")) && text.contains(class));
    Sandbox::repository(&[("contracts/example.toml", &text)])
}

fn bench_json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let run = sandbox.run(&[&["bench", "--seeds=1", "--output-format=json"], arguments].concat());
    assert_eq!((run.code, &*run.stderr), (0, ""));
    serde_json::from_str(&run.stdout).unwrap()
}

const CLASS: [&str; 2] = ["--set", "driver.example.class=stream_adapter"];

/// Each side has the result that a project with that class alone has.
#[test]
fn change_that_removes_or_adds_workload_shows_profiles_separately() {
    let nothing = json!({
        "error": "no workload applies", "benchmark": null, "figures": [], "runs": []
    });
    for (heavy, has, [before_heavy, after_heavy]) in [
        ("relational_adapter", [2, 1], [Some(0), None]),
        ("stream_adapter", [1, 2], [None, Some(0)]),
    ] {
        let before = bench_json(&project_of_class("relational_adapter", heavy), &[]);
        let after = bench_json(&project_of_class("stream_adapter", heavy), &[]);
        let both = bench_json(&project_of_class("relational_adapter", heavy), &CLASS);
        let count = |report: &Value| report["results"].as_array().unwrap().len();
        assert_eq!([count(&before), count(&after)], has, "{heavy}");
        let side = |report: &Value, number: Option<usize>| {
            number.map_or(nothing.clone(), |number| report["results"][number]["result"].clone())
        };
        let pairs = [
            ("heavy_data", before_heavy, after_heavy),
            ("mixed_latency", Some(has[0] - 1), Some(has[1] - 1)),
        ];
        assert_eq!(count(&both), pairs.len(), "{heavy}");
        for (pair, (profile, was, is)) in both["results"].as_array().unwrap().iter().zip(pairs) {
            assert_eq!(pair["profile"], profile, "{heavy}");
            assert_eq!(pair["before"], side(&before, was), "{heavy} {profile}");
            assert_eq!(pair["result"], side(&after, is), "{heavy} {profile}");
        }
    }
}

#[test]
fn removed_or_added_workload_is_reported() {
    for (name, heavy, when) in
        [("lost", "relational_adapter", "after"), ("gained", "stream_adapter", "before")]
    {
        let sandbox = project_of_class("relational_adapter", heavy);
        let bench = [&["bench", "--seeds=1"], &CLASS[..]].concat();
        let run = sandbox.run(&bench);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{name}");
        snapshot(&format!("workload-{name}"), &run.stdout);
        for (format, start) in [("markdown", "-"), ("toml", "#")] {
            let run = sandbox.run(&[&bench[..], &["--output-format", format]].concat());
            assert_eq!((run.code, &*run.stderr), (0, ""), "{name} {format}");
            let message =
                format!("\n{start} `example` has no workload for `heavy_data` {when} the change");
            assert!(run.stdout.contains(&message), "{name} {format}: {}", run.stdout);
        }
    }
}

#[test]
fn change_that_removes_every_workload_is_refused() {
    let sandbox = project_of_class("relational_adapter", "relational_adapter");
    let run = sandbox.run(&[&["bench", "--profile=heavy_data"], &CLASS[..]].concat());
    assert_eq!((run.code, &*run.stdout), (2, ""));
    let message = "error: after the change, no workload of `example` for `heavy_data` is declared; \
                   write `[workload.<profile>]`\n";
    assert_eq!(run.stderr, message);
}

#[test]
fn bench_refuses_project_without_workloads() {
    let contracts = EXAMPLE.split_once("# The load that").unwrap().0;
    let sandbox = Sandbox::repository(&[("contracts/example.toml", contracts)]);
    let run = sandbox.run(&["bench"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    let message = "error: no workload of `example` is declared; write `[workload.<profile>]`\n";
    assert_eq!(run.stderr, message);
}

#[test]
fn run_without_successful_request_has_no_result() {
    let text = EXAMPLE.replace("exponential_us = 30000", "constant_us = 9000000");
    let sandbox = Sandbox::repository(&[("contracts/example.toml", &text)]);
    let run = sandbox.run(&["bench", "--profile", "heavy_data"]);
    assert_eq!(run.code, 2);
    snapshot("nothing-served", &run.stdout);
    assert!(run.stderr.starts_with("error: no result of `example` for `heavy_data`: no request"));
    for format in ["json", "toml", "markdown"] {
        let run = sandbox.run(&["bench", "--profile=heavy_data", "--output-format", format]);
        assert_eq!(run.code, 2, "{format}");
    }
}

/// With one request on average, some seeds have none.
#[test]
fn seed_without_requests_leaves_other_runs_in_report() {
    let load = "warmup_ms = 5000\nduration_ms = 80000\nrate_ops_per_ksec = 450000";
    let seldom = "warmup_ms = 0\nduration_ms = 1000\nrate_ops_per_ksec = 1000";
    let text = EXAMPLE.replace(load, seldom);
    assert!(text.contains(seldom));
    let sandbox = Sandbox::repository(&[("contracts/example.toml", &text)]);
    let bench = ["bench", "--profile=heavy_data", "--output-format=json", "--seeds=20"];
    let run = sandbox.run(&bench);
    assert_eq!(run.code, 2);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &report["results"][0]["result"];
    let runs = result["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 20);
    let served = |run: &&serde_json::Value| run["succeeded"].as_u64().unwrap() > 0;
    assert!(runs.iter().filter(served).count() > 5, "most seeds have a request");
    for run in runs {
        assert_eq!(run["p50_us"].is_u64(), served(&run), "{run}");
    }
    let first = runs.iter().find(|run| !served(run)).unwrap();
    let message =
        format!("no request succeeds with seed {}, so there are no percentiles", first["seed"]);
    assert_eq!(result["error"], message.as_str());
    assert_eq!(result["benchmark"], serde_json::Value::Null);
    assert_eq!(result["figures"], serde_json::json!([]));
}

#[test]
fn read_errors_stop_bench_and_lints_do_not() {
    let sandbox = project();
    sandbox
        .write("contracts/example.toml", EXAMPLE.replace("max_attempts = 3", "max_attempts = 30"));
    assert_eq!(sandbox.run(&["bench", "--seeds=1"]).code, 0);
    sandbox.write("contracts/example.toml", EXAMPLE.replace("max_in_flight", "max_inflight"));
    let run = sandbox.run(&["bench", "-o", "bench.txt"]);
    assert_eq!(run, sandbox.run(&["check"]));
    assert!(!sandbox.exists("bench.txt"));
}

/// With five seeds each, the workloads of the example have more arrivals than this.
#[test]
fn work_above_max_work_is_refused_before_simulation() {
    let sandbox = project();
    for command in [
        &["bench"][..],
        &["budget", "--simulate"],
        &["report", "-o", "page.html"],
        &["bench", "--seeds", "100"],
    ] {
        let run = sandbox.run(&[command, &["--max-work", "1000"]].concat());
        assert_eq!((run.code, &*run.stdout), (2, ""), "{command:?}");
        assert!(run.stderr.contains("the workload of `example` for `"), "{}", run.stderr);
        assert!(run.stderr.contains("above `--max-work 1000`; lower its `"), "{}", run.stderr);
        assert!(!sandbox.exists("page.html"));
    }
    let run = sandbox.run(&["bench", "--max-work", "1000"]);
    let (_, needed) = run.stderr.trim_end().rsplit_once(' ').unwrap();
    let run = sandbox.run(&["bench", "--max-work", needed]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let less = (needed.parse::<u64>().unwrap() - 1).to_string();
    assert_eq!(sandbox.run(&["bench", "--max-work", &less]).code, 2);
}

/// 10^8 arrivals in each of 100 runs make 10^10, above the default maximum of 2·10^9.
#[test]
fn huge_workload_exceeds_default_max_work() {
    let load = "[workload.heavy_data]\nseeds = [SEEDS]\nduration_ms = 100000\n\
                rate_ops_per_ksec = 1000000000\n[[workload.heavy_data.operation]]\nweight = 1\n\
                service = { constant_us = 1 }\n";
    let seeds: Vec<_> = (0..100).map(|seed| seed.to_string()).collect();
    let load = load.replace("SEEDS", &seeds.join(", "));
    let sandbox =
        Sandbox::project(&[("contracts/a.toml", &driver("a")), ("contracts/w.toml", &load)]);
    let run = sandbox.run(&["bench"]);
    assert_eq!(run.code, 2);
    let message = "the workload of `a` for `heavy_data` has 10000000000 arrivals with 100 seeds, \
                   above `--max-work 2000000000`";
    assert!(run.stderr.contains(message), "{}", run.stderr);
}
