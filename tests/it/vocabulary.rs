//! A project's own words, through every command.

use std::collections::BTreeSet;

use driverc::{model::ProjectVocabulary, schema};
use serde_json::Value;

use crate::cli::sandbox::{Run, Sandbox, budgets, driver};

const WORDS: &str = "\
[vocabulary.class.key_value_adapter]
description = \"A key-value store, such as Redis.\"
like = \"none\"

[vocabulary.capability.pub_sub]
description = \"Subscribers receive messages as they are published.\"

[vocabulary.profile.interactive]
description = \"Single keys, one at a time.\"
claimed_by = [\"pub_sub\"]

[required_capabilities]
key_value_adapter = [\"non_blocking_execute\", \"pub_sub\"]
";

const LOAD: &str = "
[budget.interactive]
max_p95_latency_ms = 20
max_timeout_rate_bps = 10
max_retry_rate_bps = 50
min_throughput_ops_per_sec = 10

[budget.interactive.class.key_value_adapter]
min_throughput_ops_per_sec = 20

[workload.interactive]
duration_ms = 2000
rate_ops_per_ksec = 100_000

[[workload.interactive.operation]]
weight = 1
service.constant_us = 900

[[benchmark]]
driver = \"cache\"
profile = \"interactive\"
p50_latency_ms = 1
p95_latency_ms = 2
timeout_rate_bps = 0
retry_rate_bps = 0
throughput_ops_per_sec = 100
";

/// A driver of the project's class, with the project's capability.
fn cache() -> String {
    driver("cache")
        .replace("relational_adapter", "key_value_adapter")
        .replace("  \"batch_read\",\n", "  \"batch_read\",\n  \"pub_sub\",\n")
}

fn project() -> Sandbox {
    let document = cache() + LOAD;
    Sandbox::repository(&[
        ("driverc.toml", WORDS),
        ("contracts/cache.toml", &document),
        ("contracts/budgets.toml", budgets()),
        ("docs/tuning/cache.md", "# Cache\n"),
    ])
}

#[track_caller]
fn output(run: Run) -> String {
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    run.stdout
}

#[test]
fn project_that_declares_words_has_no_findings() {
    project().run(&["check", "--show", "info"]).assert_clean();
}

#[test]
fn signatures_list_words_of_project_after_built_in_words() {
    let document = output(project().run(&["compile"]));
    assert!(document.contains("|class=key_value_adapter|"), "{document}");
    assert!(document.contains(",mixed_latency_tolerance,pub_sub|"), "{document}");
    let scope = "budget|v1|profile=interactive|scope=class:key_value_adapter|";
    assert!(document.contains(scope), "{document}");
}

#[test]
fn matrix_lists_capabilities_of_project_last() {
    let matrix = output(project().run(&["matrix"]));
    assert!(matrix.ends_with("\npub_sub                  yes\n"), "{matrix}");
}

#[test]
fn bench_and_budget_accept_profile_of_project() {
    let sandbox = project();
    let table = output(sandbox.run(&["bench", "--profile", "interactive"]));
    assert!(table.contains("interactive"), "{table}");
    let run = sandbox.run(&["budget", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["pairs"][0]["profile"], "interactive");
    assert_eq!(report["pairs"][0]["scope"], "class:key_value_adapter");
}

#[test]
fn bench_refuses_undeclared_profile_with_nearest_word() {
    let sandbox = project();
    sandbox
        .run(&["bench", "--profile", "interactiv"])
        .assert_refused("unknown profile `interactiv`; did you mean `interactive`?");
    sandbox.run(&["bench", "--profile", "night"]).assert_refused(
        "unknown profile `night`; write one of `heavy_data`, `mixed_latency`, `interactive`",
    );
}

#[test]
fn import_accepts_profile_of_project_that_contains_document() {
    let sandbox = project();
    let results = r#"{"summary":{"successRate":1.0,"total":10.0,"requestsPerSec":100.0},
        "latencyPercentiles":{"p50":0.001,"p95":0.002,"p99":0.003},
        "statusCodeDistribution":{"200":1000},"errorDistribution":{}}"#;
    sandbox.write("oha.json", results);
    let import = |profile| {
        let options = ["--driver", "cache", "--retries", "0"];
        let command = ["import", "oha", "oha.json", "--profile", profile];
        sandbox.run(&[&command[..], &options[..]].concat())
    };
    let table = output(import("interactive"));
    assert!(table.contains("profile = \"interactive\""), "{table}");
    import("interactiv")
        .assert_refused("unknown profile `interactiv`; did you mean `interactive`?");
}

#[test]
fn report_shows_words_of_project() {
    let page = output(project().run(&["report"]));
    assert!(page.contains("pub_<wbr>sub") || page.contains("pub_sub"), "no capability");
    assert!(page.contains("interactive"), "no profile");
}

#[test]
fn show_settings_prints_words_that_can_be_read_back() {
    let sandbox = project();
    let shown = output(sandbox.run(&["check", "--show-settings"]));
    assert!(shown.contains("\n[vocabulary.profile.interactive]\n"), "{shown}");
    sandbox.write("driverc.toml", &shown);
    assert_eq!(output(sandbox.run(&["check", "--show-settings"])), shown);
}

#[test]
fn undeclared_word_is_error_and_help_shows_table_to_add() {
    let sandbox = project();
    let document = (cache() + LOAD).replace("\"pub_sub\"", "\"fan_out\"");
    sandbox.write("contracts/cache.toml", document);
    let run = sandbox.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("error[unknown-word]: unknown capability `fan_out`"));
    let table = "[vocabulary.capability.fan_out]\n        description = ";
    assert!(run.stdout.contains(table), "{}", run.stdout);
}

#[test]
fn misspelt_word_of_project_has_fix() {
    let sandbox = project();
    let document = (cache() + LOAD).replace("\"pub_sub\"", "\"pub_sup\"");
    sandbox.write("contracts/cache.toml", document);
    let run = sandbox.run(&["check"]);
    assert!(run.stdout.contains("did you mean `pub_sub`?"), "{}", run.stdout);
    assert_eq!(sandbox.run(&["check", "--fix", "--unsafe-fixes"]).code, 0);
    assert_eq!(sandbox.read("contracts/cache.toml"), cache() + LOAD);
}

#[test]
fn required_capability_of_project_class_is_checked() {
    let sandbox = project();
    let document = (cache() + LOAD).replace("  \"pub_sub\",\n", "");
    sandbox.write("contracts/cache.toml", document);
    let run = sandbox.run(&["check", "--show", "info", "--output-format", "concise"]);
    let rules: BTreeSet<_> =
        run.places().iter().filter_map(|place| place.rsplit_once('[')).map(|it| it.1).collect();
    let expected = ["capability-required-missing", "vocabulary-unused"];
    assert_eq!(rules, BTreeSet::from(expected), "{}", run.stdout);
}

#[test]
fn project_class_follows_rules_of_class_in_like() {
    let sandbox = project();
    let document = (cache() + LOAD).replace("idle_ms = 300000", "idle_ms = 340000");
    let document = document.replace("max_in_flight = 20", "max_in_flight = 200");
    sandbox.write("contracts/cache.toml", &document);
    let oversized = "concurrency-pool-oversized";
    let finds = |like: &str| {
        sandbox.write("driverc.toml", WORDS.replace("\"none\"", &format!("\"{like}\"")));
        sandbox.run(&["check", "--output-format", "concise"]).stdout.contains(oversized)
    };
    assert!(!finds("none"));
    assert!(finds("relational_adapter"));
    assert!(!finds("stream_adapter"));
}

#[test]
fn schema_contains_words_of_project_unless_isolated() {
    let sandbox = project();
    let own = output(sandbox.run(&["schema"]));
    let general = output(sandbox.run(&["schema", "--isolated"]));
    for word in ["key_value_adapter", "pub_sub", "interactive"] {
        assert!(own.contains(&format!("\"{word}\"")), "{word}");
        assert!(!general.contains(word), "{word}");
    }
    assert!(own.contains("Subscribers receive messages as they are published."));
    assert_eq!(general, schema::text(&schema::contracts(ProjectVocabulary::empty())));
}

#[test]
fn schema_check_reports_differing_words() {
    let sandbox = project();
    assert_eq!(sandbox.run(&["schema", "-o", "schema"]).code, 0);
    assert_eq!(sandbox.run(&["schema", "--check", "schema"]).code, 0);
    sandbox.write("driverc.toml", WORDS.replace("such as Redis", "such as Valkey"));
    let run = sandbox.run(&["schema", "--check", "schema"]);
    let fault = "has other words than `[vocabulary]` in `driverc.toml`";
    assert_eq!((run.code, run.stderr.lines().count()), (1, 1), "{}", run.stderr);
    assert!(run.stderr.contains(fault), "{}", run.stderr);
    sandbox.write("driverc.toml", WORDS.replace("pub_sub", "fan_out"));
    let run = sandbox.run(&["schema", "--check", "schema"]);
    assert_eq!(run.stderr.matches(fault).count(), 2, "{}", run.stderr);
    sandbox.write("schema/contracts.schema.json", "{}\n");
    let run = sandbox.run(&["schema", "--check", "schema"]);
    assert!(run.stderr.contains("contracts.schema.json` is not up to date"), "{}", run.stderr);
}

#[test]
fn unused_word_is_reported_in_configuration_only_for_whole_project() {
    let sandbox = project();
    let line = "\n[vocabulary.class.graph_adapter]\ndescription = \"A graph.\"\nlike = \"none\"\n";
    sandbox.write("driverc.toml", WORDS.to_owned() + line);
    let check = ["check", "--show", "info", "--output-format", "concise"];
    let run = sandbox.run(&check);
    assert_eq!(run.places(), ["driverc.toml:15:19: info[vocabulary-unused"]);
    let run = sandbox.run(&[&check[..], &["contracts/cache.toml"]].concat());
    assert_eq!(run.places(), [""; 0]);
    let run = sandbox.run(&[&check[..], &["contracts"]].concat());
    assert_eq!(run.places(), [""; 0]);
    sandbox.write("driverc.toml", WORDS.to_owned() + line + "[rules]\nvocabulary-unused = \"off\"");
    sandbox.run(&check).assert_clean();
}

#[test]
fn word_in_template_counts_as_used() {
    let sandbox = project();
    let template = "[template.graphs]\nclass = \"graph_adapter\"\n";
    let words = "\n[vocabulary.class.graph_adapter]\ndescription = \"A graph.\"\nlike = \"none\"\n";
    sandbox.write("driverc.toml", WORDS.to_owned() + words);
    sandbox.write("contracts/graphs.toml", template);
    let run = sandbox.run(&["check", "--show", "info", "--output-format", "concise"]);
    assert_eq!(run.places(), ["contracts/graphs.toml:1:1: info[template-unused"]);
}

#[test]
fn unused_declarations_are_reported_only_if_every_document_was_read() {
    let sandbox = project();
    let words = "\n[vocabulary.class.graph_adapter]\ndescription = \"A graph.\"\nlike = \"none\"\n";
    sandbox.write("driverc.toml", WORDS.to_owned() + words);
    sandbox.write("contracts/graphs.toml", "[template.graphs]\nmax_in_flight = 4\n");
    let check = ["check", "--show", "info", "--output-format", "concise"];
    let unused = |run: &Run| run.stdout.matches("-unused]").count();
    assert_eq!(unused(&sandbox.run(&check)), 2);
    // The misspelt key can be `like`, and the class can be meant by the unknown word.
    let broken = "[driver.routes]\nlikes = \"graph\"\nclass = \"graf_adapter\"\n";
    sandbox.write("contracts/routes.toml", broken);
    assert_eq!(unused(&sandbox.run(&check)), 0);
    sandbox.write("contracts/routes.toml", "");
    for part in ["contracts", "contracts/graphs.toml", "-"] {
        let graphs = sandbox.read("contracts/graphs.toml");
        let run = sandbox.pipe(graphs, &[&check[..], &[part]].concat());
        let expected = usize::from(part == "contracts/graphs.toml");
        assert_eq!(unused(&run), expected, "{part}: {}", run.stdout);
    }
}

#[test]
fn profile_named_like_scope_is_refused() {
    let sandbox = project();
    for word in ["class", "driver"] {
        let words = format!("{WORDS}\n[vocabulary.profile.{word}]\ndescription = \"A load.\"\n");
        sandbox.write("driverc.toml", words);
        let run = sandbox.run(&["check", "--output-format", "concise"]);
        let message = format!("`{word}` cannot be a profile, because it names a scope");
        assert_eq!(run.code, 2);
        assert!(run.stdout.contains(&message), "{}", run.stdout);
    }
}

#[test]
fn only_drivers_with_project_profile_are_simulated() {
    let sandbox = project();
    sandbox.write("contracts/other.toml", driver("other"));
    let simulated = |sandbox: &Sandbox| {
        let run = sandbox.run(&["bench", "--profile", "interactive", "--output-format", "json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let rows = report["results"].as_array().unwrap().iter();
        rows.map(|row| row["driver"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(simulated(&sandbox), ["cache"]);
    let own = "\n[budget.interactive.driver.other]\nmax_p95_latency_ms = 30\n";
    sandbox.write("contracts/other.toml", driver("other") + own);
    assert_eq!(simulated(&sandbox), ["cache", "other"]);
}

#[test]
fn isolated_schema_check_suggests_isolated_command() {
    let sandbox = project();
    assert_eq!(sandbox.run(&["schema", "-o", "schema"]).code, 0);
    let run = sandbox.run(&["schema", "--isolated", "--check", "schema"]);
    assert_eq!(run.code, 1);
    let line = "has the words of a project; write it with `driverc schema --isolated -o schema`";
    assert_eq!(run.stderr.matches(line).count(), 2, "{}", run.stderr);
}

#[test]
fn diff_lists_capabilities_only_of_classes_that_declare_them() {
    let (sandbox, base) = (project(), project());
    let own =
        "\n[vocabulary.class.sql_adapter]\ndescription = \"SQL.\"\nlike = \"relational_adapter\"\n";
    let words = WORDS
        .replace("[required_capabilities]\n", "[required_capabilities]\nrelational_adapter = []\n");
    sandbox.write("driverc.toml", words + own);
    base.write("driverc.toml", WORDS.to_owned() + own);
    let folder = base.path("");
    let arguments = ["diff", "--against-path", folder.to_str().unwrap(), "--output-format", "json"];
    let run = sandbox.run(&arguments);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let changes = report["changes"].as_array().unwrap().iter();
    let paths: Vec<_> = changes.map(|change| change["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["configuration.required_capabilities.relational_adapter"]);
}

#[test]
fn project_word_equal_to_built_in_word_is_configuration_error() {
    let sandbox = project();
    sandbox.write("driverc.toml", WORDS.replace("capability.pub_sub", "capability.batch_read"));
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("error[vocabulary-shadowed]"), "{}", run.stdout);
}

#[test]
fn diff_accepts_words_of_both_sides() {
    let sandbox = project();
    let base = Sandbox::repository(&[
        ("driverc.toml", &WORDS.replace("key_value_adapter", "cache_adapter")),
        ("contracts/cache.toml", &(cache() + LOAD).replace("key_value_adapter", "cache_adapter")),
        ("contracts/budgets.toml", budgets()),
    ]);
    let folder = base.path("");
    let against = ["diff", "--against-path", folder.to_str().unwrap(), "--root"];
    let arguments = [&against[..], &[folder.to_str().unwrap()], &["--output-format", "concise"]];
    let run = sandbox.run(&arguments.concat());
    assert!(!run.stderr.contains("unknown"), "{}", run.stderr);
    let change = "changed from `cache_adapter` to `key_value_adapter`";
    assert!(run.stdout.contains(change), "{}{}", run.stdout, run.stderr);
    assert!(!run.stdout.contains("risky"), "{}", run.stdout);
}

#[test]
fn diff_reports_changed_like_and_removed_claims_as_risky() {
    let sandbox = project();
    let base = project();
    let relaxed = WORDS
        .replace("like = \"none\"", "like = \"stream_adapter\"")
        .replace("claimed_by = [\"pub_sub\"]", "claimed_by = []");
    sandbox.write("driverc.toml", relaxed);
    let folder = base.path("");
    let arguments = ["diff", "--against-path", folder.to_str().unwrap(), "--output-format", "json"];
    let run = sandbox.run(&arguments);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let changes = report["changes"].as_array().unwrap();
    let paths: Vec<_> = changes
        .iter()
        .map(|change| (change["path"].as_str().unwrap(), change["severity"].as_str().unwrap()))
        .collect();
    assert_eq!(
        paths,
        [
            ("configuration.vocabulary.class.key_value_adapter.like", "risky"),
            ("configuration.vocabulary.profile.interactive.claimed_by", "risky"),
        ],
        "{}",
        run.stdout
    );
    assert_eq!(changes[0]["notes"][0], "affects 1 driver");
}
