//! The contract digest of a benchmark, its age, and the benchmarks that a project requires.

use driverc::{document, driver_signature};

use super::{TODAY, benchmark, benchmarks, judged, of_contract, project};
use crate::cli::sandbox::driver;

/// A change that cannot affect performance does not make a benchmark stale, if the old signatures
/// are given.
#[test]
fn old_signature_document_explains_contract_changes() {
    let sandbox = project("");
    let signatures = sandbox.run(&["compile"]).stdout;
    sandbox.write("then.txt", &signatures);
    let contract = document::read(&driver("a")).declarations.drivers.remove(0);
    let document::DriverDeclaration::Complete(contract) = contract else { unreachable!() };
    assert!(signatures.starts_with(&driver_signature(&contract)));
    sandbox.write("contracts/samples.toml", of_contract(&driver("a"), &benchmarks("a")));
    assert_eq!(judged(&sandbox, &["--fail-on=warn"]).code, 0);

    let renamed = driver("a").replace("a_client_timeouts_total", "a_timeouts_total");
    sandbox.write("contracts/a.toml", &renamed);
    let run = judged(&sandbox, &["--fail-on=warn"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("the contract of `a` has changed since"), "{}", run.stdout);
    assert!(run.stdout.contains("run `driverc budget --signatures FILE`"), "{}", run.stdout);
    sandbox.write("now.txt", sandbox.run(&["compile"]).stdout);
    let run = judged(&sandbox, &["--signatures=now.txt"]);
    assert!(run.stdout.contains("none of the given documents contains it"), "{}", run.stdout);
    let then = &["--fail-on=warn", "--signatures=then.txt"][..];
    assert_eq!(judged(&sandbox, then).code, 0);

    let changed = renamed.replace("max_in_flight = 20", "max_in_flight = 10");
    sandbox.write("contracts/a.toml", changed.replace("max_attempts = 3", "max_attempts = 2"));
    let run = judged(&sandbox, then);
    let message = "warn[sample-stale]: since this benchmark, `max_in_flight` changed from `20` to \
                   `10`;";
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains(message), "{}", run.stdout);
    assert!(run.stdout.contains("`retry_policy.max_attempts` changed from"), "{}", run.stdout);
    assert!(!run.stdout.contains("timeout_metric"), "{}", run.stdout);
}

#[test]
fn invalid_signature_document_is_refused() {
    let sandbox = project(&benchmarks("a"));
    sandbox.write("then.txt", "budget|v1|profile=heavy_data\ndriver|v1|name=a\n");
    let run = judged(&sandbox, &["--signatures=then.txt"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.starts_with("error: `then.txt` line 2 is not a driver signature: "));
    sandbox.write("then.txt", "");
    judged(&sandbox, &["--signatures=then.txt"]).assert_refused(
        "`then.txt` contains no driver signature; name a file from `driverc compile`",
    );
    sandbox.write("then.txt", b"driver|v1|name=\xff");
    judged(&sandbox, &["--signatures=then.txt"]).assert_refused("`then.txt` is not UTF-8");
    sandbox.write("then.txt", " ".repeat(100_000));
    judged(&sandbox, &["--signatures=then.txt", "--max-file-size=50000"])
        .assert_refused("`then.txt` is larger than 50000 bytes; allow more with `--max-file-size`");
    let run = judged(&sandbox, &["--signatures=gone.txt"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: cannot read `gone.txt`: "), "{}", run.stderr);
}

#[test]
fn required_benchmarks_are_checked_by_every_command() {
    let measured = of_contract(&driver("a"), &benchmark("a", "heavy_data"));
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
    // The benchmark is one day old.
    ask("[evidence.tier2]\nprofiles = [\"heavy_data\"]\nmax_age_days = 1\n");
    assert_eq!(check(), found(0, ""));
    let run = sandbox.run(&["check", "--today=2026-11-02", "--fail-on=warn"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("the newest benchmark is 2 days old"), "{}", run.stdout);
    // A simulated benchmark does not meet the requirement. This is reported alone, without its age,
    // its contract or its missing budget.
    let simulated = benchmark("a", "heavy_data").replace("pgbench 16.2", "driverc, simulated");
    let simulated = simulated.replace("measured_on = 2026-10-31", "measured_on = 2020-01-01");
    sandbox.write("contracts/samples.toml", &simulated);
    ask("[evidence.tier2]\nprofiles = [\"heavy_data\"]\nmax_age_days = 1\n");
    assert_eq!(check(), found(1, "sample-missing"));
    sandbox.write("contracts/budgets.toml", "");
    assert_eq!(check(), found(0, ""));

    // The example claims both profiles. If there is no budget at all, no other rule asks for one.
    sandbox.write("contracts/samples.toml", &measured);
    assert_eq!(check(), found(0, "sample-without-budget"));
    ask("");
    assert_eq!(check(), found(0, ""));
}

#[test]
fn missing_budget_is_reported_once() {
    let sandbox = project(&of_contract(&driver("a"), &benchmarks("a")));
    sandbox.write("driverc.toml", "[evidence.tier2]\n");
    let only = "[budget.mixed_latency]\nmax_p95_latency_ms = 130\nmax_timeout_rate_bps = 20\n\
                max_retry_rate_bps = 100\nmin_throughput_ops_per_sec = 400\n";
    sandbox.write("contracts/budgets.toml", only);
    let count = |rule: &str| {
        let run = sandbox.run(&["check", TODAY, "--output-format=concise"]);
        run.stdout.matches(&format!("[{rule}]")).count()
    };
    assert_eq!(["budget-missing-profile", "sample-without-budget"].map(count), [1, 0]);
    sandbox.write("driverc.toml", "[evidence.tier2]\n[rules]\nbudget-missing-profile = \"off\"\n");
    assert_eq!(["budget-missing-profile", "sample-without-budget"].map(count), [0, 1]);
    // The misspelt driver of a budget could be this driver.
    let orphan = only.replace("[budget.mixed_latency]", "[budget.heavy_data.driver.as]");
    sandbox.write("contracts/budgets.toml", [only, &orphan].concat());
    assert_eq!(["unknown-driver", "sample-without-budget"].map(count), [1, 0]);
}

/// Without a digest, the reader would have to guess which contract the benchmark is for.
#[test]
fn required_benchmark_without_contract_digest_is_reported() {
    let sandbox = project(&benchmarks("a"));
    sandbox.write("driverc.toml", "[evidence.tier2]\nprofiles = [\"heavy_data\"]\n");
    for command in ["check", "budget"] {
        let run = sandbox.run(&[command, TODAY]);
        let message = "warn[sample-stale]: this benchmark of `a` has no `contract`";
        assert_eq!(run.stdout.matches(message).count(), 1, "{}", run.stdout);
        assert!(run.stdout.contains("help: add `contract` with the digest"), "{}", run.stdout);
    }
    sandbox.write("driverc.toml", "");
    assert!(!judged(&sandbox, &[]).stdout.contains("sample-stale"));
}

#[test]
fn benchmark_with_future_date_is_not_recent() {
    let tomorrow = benchmark("a", "heavy_data").replace("2026-10-31", "2026-11-02");
    let slow = benchmark("a", "heavy_data").replace("p95_latency_ms = 73", "p95_latency_ms = 125");
    let slow = slow.replace("2026-10-31", "2026-08-01");
    let both = of_contract(&driver("a"), &[tomorrow, slow].concat());
    let sandbox = project(&both);
    let budget = |today: &str| sandbox.run(&["budget", "--fold=latest", today]);
    let run = budget(TODAY);
    assert_eq!(run.code, 1);
    let fails = "fail: a heavy_data (decides as the latest of 2)";
    assert!(run.stdout.contains(fails), "{}", run.stdout);
    let message =
        "warn[sample-stale]: `measured_on` (2026-11-02) must not be after today (2026-11-01)";
    assert!(run.stdout.contains(message), "{}", run.stdout);
    let run = budget("--today=2026-11-02");
    let passes = "pass: a heavy_data (decides as the latest of 2)";
    assert!(run.stdout.contains(passes), "{}", run.stdout);
    assert!(!run.stdout.contains("sample-stale"), "{}", run.stdout);

    sandbox.write(
        "driverc.toml",
        "[evidence.tier2]\nprofiles = [\"heavy_data\"]\nmax_age_days = 30\n",
    );
    let run = sandbox.run(&["check", TODAY]);
    assert!(run.stdout.contains(message), "{}", run.stdout);
    assert!(run.stdout.contains("the newest benchmark is 92 days old"), "{}", run.stdout);
}
