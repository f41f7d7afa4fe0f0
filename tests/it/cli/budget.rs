//! Tests `driverc budget`.

mod evidence;
mod simulated;

use driverc::{document, parse_budget_result_signature};
use serde_json::Value;

use super::sandbox::{Run, Sandbox, driver, misspelt, stubborn};
use crate::formats::xml;

const TODAY: &str = "--today=2026-11-01";

/// A benchmark of a driver that clearly meets the budgets of the example.
fn benchmark(driver: &str, profile: &str) -> String {
    format!(
        "\n[[benchmark]]\ndriver = \"{driver}\"\nprofile = \"{profile}\"\np50_latency_ms = 19\n\
         p95_latency_ms = 73\np95_upper_latency_ms = 76\ntimeout_rate_bps = 1\n\
         retry_rate_bps = 10\nthroughput_ops_per_sec = 900\nattempts = 30000\n\
         measured_on = 2026-10-31\nsource = \"pgbench 16.2, -R 450\"\n"
    )
}

fn benchmarks(driver: &str) -> String {
    benchmark(driver, "heavy_data") + &benchmark(driver, "mixed_latency")
}

/// Adds the digest of the only contract in `text` to these benchmarks.
fn of_contract(text: &str, benchmarks: &str) -> String {
    let contract = document::read(text).declarations.drivers.remove(0);
    let document::DriverDeclaration::Complete(contract) = contract else { unreachable!() };
    let digest = driverc::driver_digest(&contract);
    benchmarks.replace("source", &format!("contract = \"{digest}\"\nsource"))
}

/// The driver `a` with its budgets and these benchmarks.
fn project(benchmarks: &str) -> Sandbox {
    Sandbox::project(&[("contracts/a.toml", &driver("a")), ("contracts/samples.toml", benchmarks)])
}

/// Benchmarks with every verdict, one of them for another contract, and a budget without a
/// benchmark.
fn mixed() -> Sandbox {
    let few = benchmark("a", "heavy_data").replace("attempts = 30000", "attempts = 1000");
    let old = benchmark("a", "heavy_data").replace("p95_latency_ms = 73", "p95_latency_ms = 130");
    let digest = format!("contract = \"sha256:{}\"\n", "0".repeat(64));
    let slow = benchmark("b", "mixed_latency").replace("_ops_per_sec = 900", "_ops_per_sec = 700");
    let bare = benchmark("b", "heavy_data").replace("attempts = 30000\n", "");
    let bare = bare.replace("p95_upper_latency_ms = 76\n", "");
    let benchmarks = [few, old, digest, slow, bare].concat();
    let sandbox = project(&benchmarks);
    sandbox.write("contracts/b.toml", driver("b"));
    sandbox
}

fn judged(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.run(&[&["budget", TODAY][..], arguments].concat())
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap()
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/budget");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_format_contains_all_results() {
    let sandbox = mixed();
    for format in ["text", "json", "markdown", "junit", "signature"] {
        let run = judged(&sandbox, &["--show=info", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}");
        let message = run.stdout.clone() + &run.stderr;
        for rule in ["sample-missing", "sample-stale", "sample-without-bound"] {
            assert!(message.contains(rule), "{format} lacks {rule}:\n{message}");
        }
        snapshot(format, &run.stdout);
        let counts = "1 passed, 2 failed\nfound 1 error, 1 warning and 1 info in 2 files\n";
        match format {
            "text" => assert_eq!(run.stderr, counts),
            "signature" => snapshot("signature-findings", &run.stderr),
            _ => assert_eq!(run.stderr, ""),
        }
        if format == "junit" {
            let suites = xml::valid(&run.stdout).children;
            let names: Vec<_> = suites.iter().map(|suite| suite.attribute("name")).collect();
            assert_eq!(names, ["budgets", "contracts/a.toml", "contracts/samples.toml"]);
        }
    }
}

#[test]
fn level_of_worst_verdict_determines_exit_code() {
    let code = |old: &str, new: &str, arguments: &[&str]| {
        let run = judged(&project(&benchmarks("a").replace(old, new)), arguments);
        (run.code, run.stderr)
    };
    let fail_on_warn = &["--fail-on=warn"][..];
    assert_eq!(code("", "", fail_on_warn), (0, "2 passed\n".to_owned()));
    let few = ("attempts = 30000", "attempts = 2994");
    let doubt = |code| (code, "2 inconclusive\n".to_owned());
    assert_eq!(code(few.0, few.1, &[]), doubt(0));
    assert_eq!(code(few.0, few.1, fail_on_warn), doubt(1));
    assert_eq!(code(few.0, "attempts = 2995", fail_on_warn).0, 0);
    let figures = |p95: u64| format!("p95_latency_ms = {p95}\np95_upper_latency_ms = {}", p95 + 3);
    let slow = (&*figures(73), &*figures(125));
    let failed = |code| (code, "1 passed, 1 failed\n".to_owned());
    // The example allows 120 ms for one profile and 130 ms for the other.
    assert_eq!(code(slow.0, slow.1, &[]), failed(1));
    assert_eq!(code(slow.0, slow.1, &["--exit-zero"]), failed(0));
}

#[test]
fn higher_confidence_needs_more_attempts() {
    let few = benchmarks("a").replace("attempts = 30000", "attempts = 2995");
    let few = few.replace("p95_upper_latency_ms = 76\n", "");
    let sandbox = project(&few);
    let code = |percent: &str| judged(&sandbox, &["--fail-on=warn", "--confidence", percent]).code;
    assert_eq!(["50", "95", "96", "99"].map(code), [0, 0, 1, 1]);
    let run = judged(&sandbox, &["--confidence", "99"]);
    assert!(run.stdout.contains("at this rate, 4603 attempts are needed"), "{}", run.stdout);
    for percent in ["49", "100", "99.9", "many"] {
        let run = judged(&sandbox, &["--confidence", percent]);
        assert_eq!((run.code, &*run.stdout), (2, ""));
        assert!(run.stderr.contains("whole number from 50 to 99"), "{}", run.stderr);
    }
}

#[test]
fn fold_option_chooses_deciding_benchmark() {
    let slow = benchmark("a", "heavy_data").replace("p95_latency_ms = 73", "p95_latency_ms = 125");
    let slow = slow.replace("2026-10-31", "2026-10-30");
    let sandbox = project(&[benchmarks("a"), slow, benchmark("a", "heavy_data")].concat());
    let decided = |fold: &str| {
        let run = judged(&sandbox, &["--output-format=json", "--fold", fold]);
        let report = json(&run);
        let pair = &report["pairs"][0];
        assert_eq!((&report["fold"], &pair["profile"]), (&fold.into(), &"heavy_data".into()));
        assert_eq!(pair["samples"].as_array().unwrap().len(), 3);
        (run.code, pair["verdict"].clone(), pair["decisive"].clone())
    };
    assert_eq!(decided("worst"), (1, "fail".into(), 1.into()));
    assert_eq!(decided("median"), (0, "pass".into(), 0.into()));
    assert_eq!(decided("latest"), (0, "pass".into(), 0.into()));
    let run = judged(&sandbox, &["--fold=wurst"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("[possible values: worst, median, latest]"), "{}", run.stderr);
}

#[test]
fn narrowest_scope_applies() {
    let sandbox = project(&benchmarks("a"));
    sandbox.write("contracts/own.toml", "[budget.heavy_data.driver.a]\nmax_p95_latency_ms = 72\n");
    let run = judged(&sandbox, &["--output-format=json"]);
    assert_eq!(run.code, 1);
    let report = json(&run);
    assert_eq!(report["pairs"][0]["scope"], "driver:a");
    assert_eq!(report["pairs"][0]["samples"][0]["figures"][0]["at_most"], 72);
    assert_eq!(report["pairs"][1]["scope"], "all");
}

#[test]
fn budget_without_benchmark_and_benchmark_without_budget_are_reported() {
    let sandbox = project(&benchmark("a", "heavy_data"));
    let run = judged(&sandbox, &[]);
    assert_eq!((run.code, &*run.stderr), (1, "1 passed\nfound 1 error in 1 file\n"));
    assert!(run.stdout.contains("error[sample-missing]: `a` has a budget for `mixed_latency`"));
    let run = judged(&sandbox, &["--simulate", "--output-format=signature"]);
    assert_eq!((run.code, &*run.stdout), (1, ""));
    assert!(run.stderr.contains("for `mixed_latency` but no workload to simulate"));
    sandbox.run(&["check"]).assert_clean();

    sandbox.write("contracts/budgets.toml", "");
    let run = judged(&sandbox, &["--fail-on=warn"]);
    assert_eq!((run.code, &*run.stderr), (1, "nothing was judged\nfound 1 warning in 1 file\n"));
    assert!(run.stdout.contains("warn[sample-without-budget]: `a` has no budget"));
}

#[test]
fn project_without_budgets_and_benchmarks_is_refused() {
    let sandbox = Sandbox::repository(&[("contracts/a.toml", &driver("a"))]);
    let message = "there is no budget and no benchmark to judge";
    judged(&sandbox, &[]).assert_refused(message);
    let of_file = judged(&sandbox, &["contracts/a.toml"]);
    assert_eq!((of_file.code, &*of_file.stderr), (0, "nothing was judged\n"));
}

#[test]
fn upper_bound_below_percentile_is_inconclusive() {
    let inverted =
        benchmarks("a").replace("p95_upper_latency_ms = 76", "p95_upper_latency_ms = 72");
    let sandbox = project(&inverted);
    let run = judged(&sandbox, &[]);
    assert_eq!((run.code, &*run.stderr), (0, "2 inconclusive\n"));
    let message =
        "p95 latency of 73 ms is above its own upper bound of 72 ms, so the bound shows nothing";
    assert_eq!(run.stdout.matches(message).count(), 2, "{}", run.stdout);
    let run = sandbox.run(&["check", TODAY]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stdout.matches("error[sample-percentile-inverted]").count(), 2);
}

#[test]
fn other_commands_do_not_report_waiver_of_budget_finding_as_unused() {
    let sandbox = project(&benchmark("a", "heavy_data"));
    assert_eq!(judged(&sandbox, &[]).code, 1);
    let waiver = "[[waiver]]\nrule = \"sample-missing\"\ndriver = \"a\"\nreason = \"new\"\n\
                  owner = \"team\"\nexpires = 2027-03-31\n";
    sandbox.write("contracts/waivers.toml", waiver);
    let run = judged(&sandbox, &["--output-format=json"]);
    assert_eq!((run.code, &json(&run)["findings"]), (0, &Value::Array(vec![])));
    sandbox.run(&["check", TODAY]).assert_clean();
    sandbox.write("contracts/waivers.toml", "");
    let commented =
        driver("a").replace("[driver.a]", "[driver.a]  # driverc: ignore[sample-missing] new");
    sandbox.write("contracts/a.toml", commented);
    assert_eq!(judged(&sandbox, &[]).code, 0);
    sandbox.run(&["check", TODAY]).assert_clean();
    sandbox.write("driverc.toml", "[rules]\nsample-missing = \"off\"\n");
    sandbox.write("contracts/a.toml", driver("a"));
    assert_eq!(judged(&sandbox, &[]).code, 0);
}

#[test]
fn named_file_is_judged_within_workspace() {
    let sandbox = mixed();
    let drivers = |path: &str| {
        let report = json(&judged(&sandbox, &["--output-format=json", path]));
        let pairs = report["pairs"].as_array().unwrap().iter();
        pairs.map(|pair| pair["driver"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(drivers("contracts/a.toml"), ["a"]);
    assert_eq!(drivers("contracts/b.toml"), ["b", "b"]);
    assert_eq!(drivers("contracts/samples.toml"), ["a", "b", "b"]);
    assert_eq!(drivers("contracts/budgets.toml"), ["a", "b", "b"]);
}

#[test]
fn read_errors_stop_budget_and_lints_do_not() {
    let sandbox = project(&benchmarks("a"));
    sandbox.write("contracts/a.toml", stubborn("a"));
    assert_eq!(judged(&sandbox, &[]).code, 0);
    sandbox.write("contracts/a.toml", misspelt("a"));
    for path in ["contracts", "contracts/samples.toml"] {
        let run = judged(&sandbox, &[path, "-o", "budget.txt"]);
        assert_eq!(run.code, 1);
        assert!(run.stdout.starts_with("error[unknown-key]"), "{}", run.stdout);
        assert!(!sandbox.exists("budget.txt"));
    }
}

#[test]
fn output_option_writes_results_to_file() {
    let sandbox = mixed();
    for format in ["text", "json", "markdown", "junit", "signature"] {
        let shown = judged(&sandbox, &["--output-format", format]);
        let run = judged(&sandbox, &["--output-format", format, "-o", "results"]);
        assert_eq!((run.code, &*run.stdout), (1, ""), "{format}");
        assert_eq!(run.stderr, shown.stderr, "{format}");
        assert_eq!(sandbox.read("results"), shown.stdout, "{format}");
    }
}

#[test]
fn signature_format_prints_result_signatures() {
    let run = judged(&mixed(), &["--output-format=signature"]);
    let results = run.stdout.lines().map(|line| parse_budget_result_signature(line).unwrap());
    let verdicts: Vec<_> = results.map(|result| result.verdict.label()).collect();
    assert_eq!(verdicts, ["inconclusive", "fail", "pass", "fail"]);
}
