//! `driverc budget`.

use driverc::{document, driver_signature, parse_budget_result_signature};
use serde_json::Value;

use super::sandbox::{EXAMPLE, Run, Sandbox, driver, misspelt, stubborn};

#[path = "../formats/xml.rs"]
mod xml;

const TODAY: &str = "--today=2026-11-01";

/// A sample of a driver; it keeps the budgets of the example and shows it.
fn sample(driver: &str, profile: &str) -> String {
    format!(
        "\n[[benchmark]]\ndriver = \"{driver}\"\nprofile = \"{profile}\"\np50_latency_ms = 19\n\
         p95_latency_ms = 73\np95_upper_latency_ms = 76\ntimeout_rate_bps = 1\n\
         retry_rate_bps = 10\nthroughput_ops_per_sec = 900\nattempts = 30000\n\
         measured_on = 2026-10-31\nsource = \"pgbench 16.2, -R 450\"\n"
    )
}

fn samples(driver: &str) -> String {
    sample(driver, "heavy_data") + &sample(driver, "mixed_latency")
}

/// These samples as ones of the only contract of a text.
fn of_contract(text: &str, samples: &str) -> String {
    let contract = document::read(text).declarations.drivers.remove(0);
    let document::DriverDeclaration::Whole(contract) = contract else { unreachable!() };
    let digest = driverc::driver_digest(&contract);
    samples.replace("source", &format!("contract = \"{digest}\"\nsource"))
}

/// The driver `a` with its budgets and these samples.
fn project(samples: &str) -> Sandbox {
    Sandbox::project(&[("contracts/a.toml", &driver("a")), ("contracts/samples.toml", samples)])
}

/// Samples of every verdict, one of them of another contract, and a budget without a sample.
fn mixed() -> Sandbox {
    let few = sample("a", "heavy_data").replace("attempts = 30000", "attempts = 1000");
    let old = sample("a", "heavy_data").replace("p95_latency_ms = 73", "p95_latency_ms = 130");
    let digest = format!("contract = \"sha256:{}\"\n", "0".repeat(64));
    let slow = sample("b", "mixed_latency").replace("_ops_per_sec = 900", "_ops_per_sec = 700");
    let bare = sample("b", "heavy_data").replace("attempts = 30000\n", "");
    let bare = bare.replace("p95_upper_latency_ms = 76\n", "");
    let samples = [few, old, digest, slow, bare].concat();
    let sandbox = project(&samples);
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
    settings.set_snapshot_path("../../snapshots/budget");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_format_says_all_that_there_is() {
    let sandbox = mixed();
    for format in ["text", "json", "markdown", "junit", "signature"] {
        let run = judged(&sandbox, &["--show=info", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}");
        let said = run.stdout.clone() + &run.stderr;
        for rule in ["sample-missing", "sample-stale", "sample-without-bound"] {
            assert!(said.contains(rule), "{format} lacks {rule}:\n{said}");
        }
        snapshot(format, &run.stdout);
        let counts = "1 passes, 2 fail\nfound 1 error, 1 warning and 1 info in 2 files\n";
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
fn the_built_in_set_keeps_its_budgets_when_it_is_simulated() {
    let run = Sandbox::new().run(&["budget", "builtin:", "--simulate", "--fail-on=info"]);
    assert_eq!((run.code, &*run.stderr), (0, "8 pass\n"));
    snapshot("built-in", &run.stdout);
    let lines: Vec<_> = run.stdout.lines().filter(|line| line.starts_with("pass: ")).collect();
    assert_eq!(lines.len(), 8);
    assert!(lines.iter().all(|line| line.contains(", simulated, ")), "{}", run.stdout);
    assert!(!run.stdout.contains("measured"), "{}", run.stdout);
}

#[test]
fn a_pass_a_doubt_and_a_failure_have_their_levels() {
    let code = |old: &str, new: &str, arguments: &[&str]| {
        let run = judged(&project(&samples("a").replace(old, new)), arguments);
        (run.code, run.stderr)
    };
    let fail_on_warn = &["--fail-on=warn"][..];
    assert_eq!(code("", "", fail_on_warn), (0, "2 pass\n".to_owned()));
    let few = ("attempts = 30000", "attempts = 2994");
    let doubt = |code| (code, "2 are inconclusive\n".to_owned());
    assert_eq!(code(few.0, few.1, &[]), doubt(0));
    assert_eq!(code(few.0, few.1, fail_on_warn), doubt(1));
    assert_eq!(code(few.0, "attempts = 2995", fail_on_warn).0, 0);
    let figures = |p95: u64| format!("p95_latency_ms = {p95}\np95_upper_latency_ms = {}", p95 + 3);
    let slow = (&*figures(73), &*figures(125));
    let failed = |code| (code, "1 passes, 1 fails\n".to_owned());
    // The example allows 120 ms under one profile and 130 ms under the other.
    assert_eq!(code(slow.0, slow.1, &[]), failed(1));
    assert_eq!(code(slow.0, slow.1, &["--exit-zero"]), failed(0));
}

#[test]
fn more_confidence_asks_for_more_attempts() {
    let few = samples("a").replace("attempts = 30000", "attempts = 2995");
    let few = few.replace("p95_upper_latency_ms = 76\n", "");
    let sandbox = project(&few);
    let code = |percent: &str| judged(&sandbox, &["--fail-on=warn", "--confidence", percent]).code;
    assert_eq!(["50", "95", "96", "99"].map(code), [0, 0, 1, 1]);
    let run = judged(&sandbox, &["--confidence", "99"]);
    assert!(run.stdout.contains("at this rate it takes 4603 attempts"), "{}", run.stdout);
    for percent in ["49", "100", "99.9", "many"] {
        let run = judged(&sandbox, &["--confidence", percent]);
        assert_eq!((run.code, &*run.stdout), (2, ""));
        assert!(run.stderr.contains("whole number of percent from 50 to 99"), "{}", run.stderr);
    }
}

#[test]
fn one_of_several_samples_decides() {
    let slow = sample("a", "heavy_data").replace("p95_latency_ms = 73", "p95_latency_ms = 125");
    let slow = slow.replace("2026-10-31", "2026-10-30");
    let sandbox = project(&[samples("a"), slow, sample("a", "heavy_data")].concat());
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
fn the_narrowest_scope_decides() {
    let sandbox = project(&samples("a"));
    sandbox.write("contracts/own.toml", "[budget.heavy_data.driver.a]\nmax_p95_latency_ms = 72\n");
    let run = judged(&sandbox, &["--output-format=json"]);
    assert_eq!(run.code, 1);
    let report = json(&run);
    assert_eq!(report["pairs"][0]["scope"], "driver:a");
    assert_eq!(report["pairs"][0]["samples"][0]["figures"][0]["at_most"], 72);
    assert_eq!(report["pairs"][1]["scope"], "all");
}

#[test]
fn a_budget_without_a_sample_and_a_sample_without_a_budget_are_findings() {
    let sandbox = project(&sample("a", "heavy_data"));
    let run = judged(&sandbox, &[]);
    assert_eq!((run.code, &*run.stderr), (1, "1 passes\nfound 1 error in 1 file\n"));
    assert!(run.stdout.contains("error[sample-missing]: `a` has a budget for `mixed_latency`"));
    let run = judged(&sandbox, &["--simulate", "--output-format=signature"]);
    assert_eq!((run.code, &*run.stdout), (1, ""));
    assert!(run.stderr.contains("for `mixed_latency` and no workload to simulate"));
    sandbox.run(&["check"]).assert_clean();

    sandbox.write("contracts/budgets.toml", "");
    let run = judged(&sandbox, &["--fail-on=warn"]);
    assert_eq!((run.code, &*run.stderr), (1, "nothing was judged\nfound 1 warning in 1 file\n"));
    assert!(run.stdout.contains("warn[sample-without-budget]: `a` has no budget"));
}

#[test]
fn where_there_is_nothing_to_judge_the_gate_does_not_pass() {
    let sandbox = Sandbox::repository(&[("contracts/a.toml", &driver("a"))]);
    let message = "there is no budget and no sample, so nothing can be judged";
    judged(&sandbox, &[]).assert_refused(message);
    let of_file = judged(&sandbox, &["contracts/a.toml"]);
    assert_eq!((of_file.code, &*of_file.stderr), (0, "nothing was judged\n"));
}

/// Changes of which the load feels nothing make no sample stale, as far as they can be told.
#[test]
fn an_old_signature_document_says_what_has_changed() {
    let sandbox = project("");
    let signatures = sandbox.run(&["compile"]).stdout;
    sandbox.write("then.txt", &signatures);
    let contract = document::read(&driver("a")).declarations.drivers.remove(0);
    let document::DriverDeclaration::Whole(contract) = contract else { unreachable!() };
    assert!(signatures.starts_with(&driver_signature(&contract)));
    sandbox.write("contracts/samples.toml", of_contract(&driver("a"), &samples("a")));
    assert_eq!(judged(&sandbox, &["--fail-on=warn"]).code, 0);

    let renamed = driver("a").replace("a_client_timeouts_total", "a_timeouts_total");
    sandbox.write("contracts/a.toml", &renamed);
    let run = judged(&sandbox, &["--fail-on=warn"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("is of another contract of `a`"), "{}", run.stdout);
    assert!(run.stdout.contains("with `driverc budget --signatures FILE`"), "{}", run.stdout);
    sandbox.write("now.txt", sandbox.run(&["compile"]).stdout);
    let run = judged(&sandbox, &["--signatures=now.txt"]);
    assert!(run.stdout.contains("none of those that are named has it"), "{}", run.stdout);
    let then = &["--fail-on=warn", "--signatures=then.txt"][..];
    assert_eq!(judged(&sandbox, then).code, 0);

    let changed = renamed.replace("max_in_flight = 20", "max_in_flight = 10");
    sandbox.write("contracts/a.toml", changed.replace("max_attempts = 3", "max_attempts = 2"));
    let run = judged(&sandbox, then);
    let said = "warn[sample-stale]: since the sample was taken, `max_in_flight` has become `10`, \
                from `20`;";
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains(said), "{}", run.stdout);
    assert!(run.stdout.contains("`retry_policy.max_attempts` has become"), "{}", run.stdout);
    assert!(!run.stdout.contains("timeout_metric"), "{}", run.stdout);
}

#[test]
fn what_is_no_signature_document_is_refused() {
    let sandbox = project(&samples("a"));
    sandbox.write("then.txt", "budget|v1|profile=heavy_data\ndriver|v1|name=a\n");
    let run = judged(&sandbox, &["--signatures=then.txt"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.starts_with("error: `then.txt` line 2 is no signature of a driver: "));
    sandbox.write("then.txt", "");
    judged(&sandbox, &["--signatures=then.txt"]).assert_refused(
        "`then.txt` has no signature of a driver; name a file that `driverc compile` has written",
    );
    sandbox.write("then.txt", b"driver|v1|name=\xff");
    judged(&sandbox, &["--signatures=then.txt"]).assert_refused("`then.txt` is not UTF-8");
    sandbox.write("then.txt", " ".repeat(100_000));
    judged(&sandbox, &["--signatures=then.txt", "--max-file-size=50000"])
        .assert_refused("`then.txt` is larger than 50000 bytes");
    let run = judged(&sandbox, &["--signatures=gone.txt"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: cannot read `gone.txt`: "), "{}", run.stderr);
}

#[test]
fn what_the_project_asks_for_is_checked_everywhere() {
    let measured = of_contract(&driver("a"), &sample("a", "heavy_data"));
    let sandbox = project(&measured);
    let ask = |text: &str| sandbox.write("driverc.toml", text);
    let check = || {
        let run = sandbox.run(&["check", TODAY, "--output-format=concise"]);
        let rules = run.stdout.lines().map(|line| {
            let (_, rule) = line.split_once('[').unwrap();
            rule.split(']').next().unwrap().to_owned()
        });
        (run.code, rules.collect::<Vec<_>>().join(" "))
    };
    let found = |code, rules: &str| (code, rules.to_owned());
    assert_eq!(check(), found(0, ""));
    ask("[evidence.other]\n");
    assert_eq!(check(), found(0, ""));
    ask("[evidence.tier2]\n");
    assert_eq!(check(), found(1, "sample-missing"));
    ask("[evidence.tier2]\nprofiles = [\"heavy_data\"]\n");
    assert_eq!(check(), found(0, ""));
    // The sample is one day old.
    ask("[evidence.tier2]\nprofiles = [\"heavy_data\"]\nmax_age_days = 1\n");
    assert_eq!(check(), found(0, ""));
    let run = sandbox.run(&["check", "--today=2026-11-02", "--fail-on=warn"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("the newest sample is 2 days old"), "{}", run.stdout);
    // What was simulated is no sample, and only that is said of it: neither its age, nor its
    // contract, nor that it has no budget.
    let simulated = sample("a", "heavy_data").replace("pgbench 16.2", "driverc, simulated");
    let simulated = simulated.replace("measured_on = 2026-10-31", "measured_on = 2020-01-01");
    sandbox.write("contracts/samples.toml", &simulated);
    ask("[evidence.tier2]\nprofiles = [\"heavy_data\"]\nmax_age_days = 1\n");
    assert_eq!(check(), found(1, "sample-missing"));
    sandbox.write("contracts/budgets.toml", "");
    assert_eq!(check(), found(0, ""));

    // The example claims both loads: without any budget nothing else asks for one.
    sandbox.write("contracts/samples.toml", &measured);
    assert_eq!(check(), found(0, "sample-without-budget"));
    ask("");
    assert_eq!(check(), found(0, ""));
}

#[test]
fn a_missing_budget_is_asked_for_once() {
    let sandbox = project(&of_contract(&driver("a"), &samples("a")));
    sandbox.write("driverc.toml", "[evidence.tier2]\n");
    let only = "[budget.mixed_latency]\nmax_p95_latency_ms = 130\nmax_timeout_rate_bps = 20\n\
                max_retry_rate_bps = 100\nmin_throughput_ops_per_sec = 400\n";
    sandbox.write("contracts/budgets.toml", only);
    let said = |rule: &str| {
        let run = sandbox.run(&["check", TODAY, "--output-format=concise"]);
        run.stdout.matches(&format!("[{rule}]")).count()
    };
    assert_eq!(["budget-missing-profile", "sample-without-budget"].map(said), [1, 0]);
    sandbox.write("driverc.toml", "[evidence.tier2]\n[rules]\nbudget-missing-profile = \"off\"\n");
    assert_eq!(["budget-missing-profile", "sample-without-budget"].map(said), [0, 1]);
    // The misspelt driver of a budget may be the one.
    let orphan = only.replace("[budget.mixed_latency]", "[budget.heavy_data.driver.as]");
    sandbox.write("contracts/budgets.toml", [only, &orphan].concat());
    assert_eq!(["unknown-driver", "sample-without-budget"].map(said), [1, 0]);
}

/// The reader would have to guess: a sample that does not say is of any contract.
#[test]
fn where_samples_are_asked_for_they_name_their_contract() {
    let sandbox = project(&samples("a"));
    sandbox.write("driverc.toml", "[evidence.tier2]\nprofiles = [\"heavy_data\"]\n");
    for command in ["check", "budget"] {
        let run = sandbox.run(&[command, TODAY]);
        let said = "warn[sample-stale]: the sample does not say which contract of `a` was measured";
        assert_eq!(run.stdout.matches(said).count(), 1, "{}", run.stdout);
        assert!(run.stdout.contains("help: add `contract`, the digest"), "{}", run.stdout);
    }
    sandbox.write("driverc.toml", "");
    assert!(!judged(&sandbox, &[]).stdout.contains("sample-stale"));
}

#[test]
fn a_sample_of_tomorrow_is_no_recent_one() {
    let tomorrow = sample("a", "heavy_data").replace("2026-10-31", "2026-11-02");
    let slow = sample("a", "heavy_data").replace("p95_latency_ms = 73", "p95_latency_ms = 125");
    let slow = slow.replace("2026-10-31", "2026-08-01");
    let both = of_contract(&driver("a"), &[tomorrow, slow].concat());
    let sandbox = project(&both);
    let budget = |today: &str| sandbox.run(&["budget", "--fold=latest", today]);
    let run = budget(TODAY);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("fail: a heavy_data (decides, the latest of 2)"), "{}", run.stdout);
    let said =
        "warn[sample-stale]: the sample is said to be of 2026-11-02, and today is 2026-11-01";
    assert!(run.stdout.contains(said), "{}", run.stdout);
    let run = budget("--today=2026-11-02");
    assert!(run.stdout.contains("pass: a heavy_data (decides, the latest of 2)"), "{}", run.stdout);
    assert!(!run.stdout.contains("sample-stale"), "{}", run.stdout);

    sandbox.write(
        "driverc.toml",
        "[evidence.tier2]\nprofiles = [\"heavy_data\"]\nmax_age_days = 30\n",
    );
    let run = sandbox.run(&["check", TODAY]);
    assert!(run.stdout.contains(said), "{}", run.stdout);
    assert!(run.stdout.contains("the newest sample is 92 days old"), "{}", run.stdout);
}

#[test]
fn what_is_simulated_has_no_age() {
    let sandbox = Sandbox::repository(&[("contracts/example.toml", EXAMPLE)]);
    sandbox.write("driverc.toml", "[evidence.tier2]\nmax_age_days = 1\n");
    let run = judged(&sandbox, &["--simulate", "--fail-on=info"]);
    assert_eq!((run.code, &*run.stderr), (0, "2 pass\n"), "{}", run.stdout);
}

#[test]
fn a_bound_below_its_own_percentile_shows_nothing() {
    let inverted = samples("a").replace("p95_upper_latency_ms = 76", "p95_upper_latency_ms = 72");
    let sandbox = project(&inverted);
    let run = judged(&sandbox, &[]);
    assert_eq!((run.code, &*run.stderr), (0, "2 are inconclusive\n"));
    let said = "p95 latency 73 ms is above its own upper bound of 72 ms, which so shows nothing";
    assert_eq!(run.stdout.matches(said).count(), 2, "{}", run.stdout);
    let run = sandbox.run(&["check", TODAY]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stdout.matches("error[sample-percentile-inverted]").count(), 2);
}

#[test]
fn findings_can_be_accepted_and_the_waiver_is_not_called_unused_elsewhere() {
    let sandbox = project(&sample("a", "heavy_data"));
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
fn a_named_file_is_judged_within_its_workspace() {
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
fn lints_do_not_stop_it_but_errors_of_reading_anywhere_do() {
    let sandbox = project(&samples("a"));
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
fn results_can_go_to_a_file() {
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
fn signatures_are_those_of_results() {
    let run = judged(&mixed(), &["--output-format=signature"]);
    let results = run.stdout.lines().map(|line| parse_budget_result_signature(line).unwrap());
    let verdicts: Vec<_> = results.map(|result| result.verdict.label()).collect();
    assert_eq!(verdicts, ["inconclusive", "fail", "pass", "fail"]);
}

/// The driver `a` under a load of both profiles, in which the first serves nothing.
fn unserved(fault: &str) -> Sandbox {
    let load = |profile: &str, fault: &str| {
        format!(
            "[workload.{profile}]\nduration_ms = 60000\nrate_ops_per_ksec = 1000000\n{fault}\
             [[workload.{profile}.operation]]\nweight = 1\nservice = {{ constant_us = 1000 }}\n"
        )
    };
    project(&[load("heavy_data", fault), load("mixed_latency", "")].concat())
}

#[test]
fn a_workload_of_which_nothing_is_served_fails() {
    let sandbox = unserved("error_bps = 10000\n");
    let reason = "with seed 1 no request succeeds; a run that serves nothing has no percentiles \
                  and fails every budget";
    for format in ["text", "json", "markdown", "junit", "signature"] {
        let run = judged(&sandbox, &["--simulate", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}: {}", run.stderr);
        let text = if format == "signature" {
            parse_budget_result_signature(run.stdout.lines().next().unwrap()).unwrap().reason
        } else {
            run.stdout.clone()
        };
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(reason), "{format}: {}", run.stdout);
        if matches!(format, "text" | "signature") {
            assert_eq!(run.stderr, "1 passes, 1 fails\n");
        }
        snapshot(&format!("nothing-served-{format}"), &run.stdout);
        let run = judged(&sandbox, &["--simulate", "--exit-zero", "--output-format", format]);
        assert_eq!(run.code, 0, "{format}");
    }
    let report = json(&judged(&sandbox, &["--simulate", "--output-format=json"]));
    assert_eq!((&report["summary"]["fail"], &report["summary"]["pass"]), (&1.into(), &1.into()));
    let sample = &report["pairs"][0]["samples"][0];
    assert_eq!((&sample["simulated"], &sample["figures"]), (&true.into(), &Value::Array(vec![])));
    let run = judged(&sandbox, &["--simulate", "--output-format=junit"]);
    let suites = xml::valid(&run.stdout).children;
    let counts = ["tests", "failures"].map(|count| suites[0].attribute(count));
    assert_eq!(counts, ["2", "1"]);
}

#[test]
fn without_a_budget_to_fail_a_simulation_without_a_result_leaves_the_run_incomplete() {
    let sandbox = unserved("error_bps = 10000\n");
    let budgets = sandbox.read("contracts/budgets.toml");
    let (_, mixed) = budgets.split_once("[budget.mixed_latency]").unwrap();
    sandbox.write("contracts/budgets.toml", format!("[budget.mixed_latency]{mixed}"));
    let run = judged(&sandbox, &["--simulate", "--exit-zero"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("error: no result of `a` for `heavy_data`: "), "{}", run.stderr);
    assert!(run.stderr.contains("1 passes"), "{}", run.stderr);
}

#[test]
fn the_example_of_init_can_be_judged_when_it_is_simulated() {
    let sandbox = Sandbox::repository(&[("contracts/example.toml", EXAMPLE)]);
    let run = judged(&sandbox, &["--simulate", "--fail-on=warn"]);
    assert_eq!((run.code, &*run.stderr), (0, "2 pass\n"));
}
