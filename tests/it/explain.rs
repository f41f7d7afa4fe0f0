//! `driverc explain` names the place of each effective value.

mod callers;

use driverc::{
    Workspace,
    document::read_with,
    explain::{Explanation, OriginRole, contract_field},
    model::Field,
    source::Source,
};
use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::Value;
use toml::Table;

use crate::{
    agreement::documents,
    cli::sandbox::{Sandbox, driver},
    common::strategies::vocabulary,
};

const TEMPLATES: &str = "\
[template.sqlx_pg]
class = \"relational_adapter\"
max_in_flight = 20
tuning_guide = \"docs/tuning/{driver}.md\"

[template.sqlx_pg.timeout_policy]
idle_ms = 300000
";

const CONFIGURATION: &str = "\
preset = \"strict\"
support_tiers = [\"tier1\", \"tier2\"]

[rules]
retry-no-jitter = \"error\"
retry-attempts-high = { level = \"warn\", limit = 4 }

[per-file-rules.\"contracts/legacy/**\"]
retry-no-jitter = \"off\"
";

const BUDGETS: &str = "
[budget.heavy_data]
max_p95_latency_ms = 500
max_timeout_rate_bps = 10
max_retry_rate_bps = 50
min_throughput_ops_per_sec = 10

[budget.heavy_data.class.relational_adapter]
max_p95_latency_ms = 300

[budget.heavy_data.driver.orders_db]
max_p95_latency_ms = 200

[workload.heavy_data]
duration_ms = 2000
rate_ops_per_ksec = 100_000
operation = [{ weight = 1, service.constant_us = 900 }]

[workload.heavy_data.driver.orders_db]
rate_ops_per_ksec = 50_000
";

fn project() -> Sandbox {
    let orders = driver("orders_db")
        .replace("[driver.orders_db]\n", "[driver.orders_db]\nlike = \"sqlx_pg\"\n")
        .replace("class = \"relational_adapter\"\n", "")
        .replace("max_in_flight = 20\n", "max_in_flight = 30\n");
    let orders: String = orders
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.to_owned() + "\n")
        .collect();
    let orders = orders.replace("tuning_guide = \"\"\n", "");
    Sandbox::repository(&[
        ("driverc.toml", CONFIGURATION),
        ("contracts/orders.toml", &orders),
        ("contracts/templates.toml", TEMPLATES),
        ("contracts/budgets.toml", BUDGETS),
    ])
}

#[track_caller]
fn explained(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let run = sandbox.run(&[&["explain"], arguments].concat());
    assert_eq!((run.code, &*run.stderr), (0, ""), "{arguments:?}");
    run.stdout
}

/// The words of a text, whatever spaces are between them.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// The line and column of a text in a file, with the file.
fn place(sandbox: &Sandbox, file: &str, text: &str, value: &str) -> String {
    let content = sandbox.read(file);
    let (number, line) =
        content.lines().enumerate().find(|(_, line)| line.starts_with(text)).unwrap();
    format!("{file}:{}:{}", number + 1, line.find(value).unwrap() + 1)
}

#[test]
fn driver_value_overrides_template_value() {
    let sandbox = project();
    let own = place(&sandbox, "contracts/orders.toml", "max_in_flight", "30");
    let template = place(&sandbox, "contracts/templates.toml", "max_in_flight", "20");
    let text = format!(
        "orders_db.max_in_flight = 30\n  \
           set in     {own}\n  \
           overrides  {template}   20   template `sqlx_pg`\n"
    );
    assert_eq!(explained(&sandbox, &["driver.orders_db.max_in_flight"]), text);
    assert_eq!(explained(&sandbox, &["orders_db.max_in_flight"]), text);
}

#[test]
fn explain_shows_template_and_like_key_of_inherited_value() {
    let sandbox = project();
    let like = place(&sandbox, "contracts/orders.toml", "like", "\"sqlx_pg\"");
    let text = explained(&sandbox, &["orders_db.tuning_guide"]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "orders_db.tuning_guide = \"docs/tuning/orders_db.md\"");
    let guide = place(&sandbox, "contracts/templates.toml", "tuning_guide", "\"docs");
    assert!(lines[1].starts_with(&format!("  set in   {guide} ")), "{text}");
    assert!(lines[1].ends_with("   template `sqlx_pg`"), "{text}");
    assert!(lines[2].starts_with(&format!("  through  {like} ")), "{text}");
    assert!(lines[2].contains("\"sqlx_pg\"   `like` of the driver"), "{text}");
    assert_eq!(lines.len(), 3, "{text}");
}

#[test]
fn unset_key_has_default_or_no_value() {
    let sandbox = project();
    assert_eq!(
        explained(&sandbox, &["orders_db.deadline_ms"]),
        "orders_db.timeout_policy.deadline_ms is not set\n"
    );
    let text = explained(&sandbox, &["orders_db.retry_policy.multiplier_percent"]);
    assert_eq!(
        text.split_whitespace().collect::<Vec<_>>().join(" "),
        "orders_db.retry_policy.multiplier_percent = 200 default no declaration sets it"
    );
}

#[test]
fn explain_accepts_name_of_driver_rule_or_key() {
    let sandbox = project();
    let driver = explained(&sandbox, &["orders_db"]);
    assert!(driver.starts_with("orders_db.class = \"relational_adapter\"\n"), "{driver}");
    assert!(driver.contains("\norders_db.telemetry.in_flight_metric = "), "{driver}");
    let rule = explained(&sandbox, &["retry-no-jitter"]);
    assert_eq!(rule, sandbox.run(&["rule", "retry-no-jitter"]).stdout);
    let key = explained(&sandbox, &["support_tiers"]);
    let tiers = place(&sandbox, "driverc.toml", "support_tiers", "[");
    assert_eq!(key, format!("support_tiers = [\"tier1\", \"tier2\"]\n  set in  {tiers}\n"));
}

#[test]
fn explain_lists_budget_scopes_from_narrowest_to_widest() {
    let sandbox = project();
    let path = "budget.heavy_data.max_p95_latency_ms";
    let text = explained(&sandbox, &[path, "--driver", "orders_db"]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], format!("{path} = 200"));
    let cells = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(cells(lines[1])[..2], ["set", "in"]);
    assert!(lines[1].ends_with("for driver `orders_db`"), "{text}");
    assert_eq!(cells(lines[2])[2..], ["300", "for", "class", "`relational_adapter`"]);
    assert_eq!(cells(lines[3])[2..], ["500", "for", "all", "drivers"]);
    sandbox
        .run(&["explain", path])
        .assert_refused("budgets and workloads depend on the driver; add `--driver NAME`");
}

#[test]
fn workload_value_comes_from_scope_or_default() {
    let sandbox = project();
    let rate = ["workload.heavy_data.rate_ops_per_ksec", "--driver", "orders_db"];
    assert!(
        explained(&sandbox, &rate).starts_with("workload.heavy_data.rate_ops_per_ksec = 50000\n")
    );
    let warmup = explained(&sandbox, &["workload.heavy_data.warmup_ms", "--driver", "orders_db"]);
    assert!(warmup.starts_with("workload.heavy_data.warmup_ms = 0\n  default"), "{warmup}");
}

#[test]
fn rule_level_depends_on_file() {
    let sandbox = project();
    let everywhere = explained(&sandbox, &["rules.retry-no-jitter"]);
    let rules = place(&sandbox, "driverc.toml", "retry-no-jitter = \"error\"", "\"error\"");
    assert!(everywhere.contains(&format!("set in     {rules}")), "{everywhere}");
    assert!(everywhere.starts_with("rules.retry-no-jitter = \"error\"\n"), "{everywhere}");
    assert!(everywhere.contains("the preset `strict`"), "{everywhere}");
    let file = ["rules.retry-no-jitter", "--file", "contracts/legacy/old.toml"];
    let legacy = explained(&sandbox, &file);
    assert!(legacy.starts_with("rules.retry-no-jitter = \"off\"\n"), "{legacy}");
    assert!(legacy.contains("`[per-file-rules]` for \"contracts/legacy/**\""), "{legacy}");
    let limit = explained(&sandbox, &["rules.retry-attempts-high.limit"]);
    assert!(limit.starts_with("rules.retry-attempts-high.limit = 4\n  set in"), "{limit}");
}

#[test]
fn explain_without_path_shows_effective_configuration() {
    let sandbox = project();
    let shown = sandbox.run(&["check", "--show-settings"]).stdout;
    assert_eq!(explained(&sandbox, &[]), shown);
}

#[test]
fn unknown_names_are_refused_with_nearest_name() {
    let sandbox = project();
    for (path, message) in [
        ("order_db.max_in_flight", "no driver `order_db` is declared; did you mean `orders_db`?"),
        (
            "orders_db.max_inflight",
            "a contract has no value `max_inflight`; did you mean `max_in_flight`?",
        ),
        (
            "rules.retry-no-jiter",
            "no level can be set for `retry-no-jiter`; did you mean `retry-no-jitter`?",
        ),
        (
            "budget.heavy_date.max_p95_latency_ms",
            "unknown profile `heavy_date`; did you mean `heavy_data`?",
        ),
        ("evidence.tier9", "`driverc.toml` has no key `evidence.tier9`"),
    ] {
        sandbox.run(&["explain", path]).assert_refused(message);
    }
}

#[test]
fn explain_shows_microsecond_limit_under_microsecond_key() {
    let sandbox = project();
    let limit = "
[budget.mixed_latency]
max_p95_latency_ms = 3

[budget.mixed_latency.driver.orders_db]
max_p95_latency_us = 900
";
    sandbox.write("contracts/mixed.toml", limit);
    let narrow = place(&sandbox, "contracts/mixed.toml", "max_p95_latency_us", "900");
    let wide = place(&sandbox, "contracts/mixed.toml", "max_p95_latency_ms", "3");
    let text = format!(
        "budget.mixed_latency.max_p95_latency_us = 900\n  \
           set in     {narrow}                            for driver `orders_db`\n  \
           overrides  {wide}   max_p95_latency_ms = 3   for all drivers\n"
    );
    for key in ["max_p95_latency_ms", "max_p95_latency_us"] {
        let path = format!("budget.mixed_latency.{key}");
        let shown = explained(&sandbox, &[&path, "--driver", "orders_db"]);
        assert_eq!(words(&shown), words(&text));
    }
    let json = ["budget.mixed_latency.max_p95_latency_ms", "--output-format", "json"];
    let json = explained(&sandbox, &[&json[..], &["--driver", "orders_db"]].concat());
    let report: Value = serde_json::from_str(&json).unwrap();
    let value = &report["values"][0];
    assert_eq!(value["path"], "budget.mixed_latency.max_p95_latency_us");
    assert_eq!(
        (&value["origins"][0]["value"], &value["origins"][0]["key"]),
        (&"900".into(), &Value::Null)
    );
    assert_eq!(value["origins"][1]["key"], "max_p95_latency_ms");
}

#[test]
fn explain_finds_driver_named_like_configuration_key() {
    let sandbox = project();
    for name in ["preset", "driver", "budget", "rules"] {
        sandbox.write(&format!("contracts/{name}.toml"), driver(name));
        let value = format!("{name}.max_in_flight = 20\n");
        let shown = explained(&sandbox, &[&format!("{name}.max_in_flight")]);
        assert!(shown.starts_with(&value), "{shown}");
        let shown = explained(&sandbox, &[&format!("driver.{name}.max_in_flight")]);
        assert!(shown.starts_with(&value), "{shown}");
    }
    sandbox.run(&["explain", "preset"]).assert_refused(
        "`preset` can be a key of `driverc.toml` or the driver `preset`; write `driver.preset`, or \
         run `driverc explain`",
    );
    sandbox.run(&["explain", "rules.retry-no-jiter"]).assert_refused(
        "no level can be set for `retry-no-jiter`; did you mean `retry-no-jitter`?",
    );
}

#[test]
fn explain_names_preset_that_sets_rule_level() {
    let sandbox = project();
    let preset = place(&sandbox, "driverc.toml", "preset", "\"strict\"");
    let text = format!(
        "rules.budget-retry-dead = \"warn\"\n  \
           set in                               the preset `strict`\n  \
           through  {preset}  \"strict\"   `preset`\n"
    );
    let shown = explained(&sandbox, &["rules.budget-retry-dead"]);
    assert_eq!(words(&shown), words(&text));
    let own = explained(&sandbox, &["rules.retry-no-jitter"]);
    assert!(!own.contains("through"), "{own}");
}

#[test]
fn quoted_part_of_path_is_read_as_one_key() {
    let sandbox = project();
    let path = "per-file-rules.\"contracts/legacy/**\".retry-no-jitter";
    let level = place(&sandbox, "driverc.toml", "retry-no-jitter = \"off\"", "\"off\"");
    assert_eq!(explained(&sandbox, &[path]), format!("{path} = \"off\"\n  set in  {level}\n"));
    let table = explained(&sandbox, &["per-file-rules"]);
    let value = "{ \"contracts/legacy/**\" = { retry-no-jitter = \"off\" } }";
    assert_eq!(table.lines().next(), Some(&*format!("per-file-rules = {value}")));
    assert!(parsed(value).is_table());
}

#[test]
fn name_shared_by_rule_and_driver_is_refused() {
    let sandbox = project();
    let template = "\n[driver.accuracy]\nlike = \"sqlx_pg\"\n";
    sandbox.write("contracts/accuracy.toml", template);
    assert_eq!(sandbox.run(&["explain", "syntax"]).code, 0);
    sandbox.write("contracts/syntax.toml", driver("syntax"));
    sandbox.run(&["explain", "syntax"]).assert_refused(
        "`syntax` can be the rule `syntax` or the driver `syntax`; write `driver.syntax`, or run \
         `driverc rule syntax`",
    );
}

#[test]
fn json_contains_value_and_locations() {
    let sandbox = project();
    let json = explained(&sandbox, &["orders_db.max_in_flight", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    let value = &report["values"][0];
    assert_eq!(
        (&value["path"], &value["value"]),
        (&"orders_db.max_in_flight".into(), &"30".into())
    );
    assert_eq!(value["origins"][0]["role"], "set");
    assert_eq!(value["origins"][1]["role"], "overridden");
    let place = &value["origins"][0]["place"];
    let text = sandbox.read(place["path"].as_str().unwrap());
    let offset = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
    assert_eq!(&text[offset("start_offset")..offset("end_offset")], "30");
}

/// Parses a value of TOML.
fn parsed(value: &str) -> toml::Value {
    let table: Table =
        format!("value = {value}").parse().unwrap_or_else(|error| panic!("{value}: {error}"));
    table["value"].clone()
}

/// The text at each place that sets a value parses to that value.
fn places_parse(
    workspace: &Workspace,
    name: &str,
    explanation: &Explanation,
) -> Result<(), TestCaseError> {
    for origin in &explanation.origins {
        let Some(place) = &origin.place else { continue };
        let (_, source) =
            workspace.sources().iter().find(|(_, source)| source.name() == place.file).unwrap();
        let written = source.slice(place.span).replace("{driver}", name);
        let is_effective = origin.role == OriginRole::Set;
        let value =
            if is_effective { explanation.value.clone().unwrap() } else { origin.value.clone() };
        prop_assert_eq!(
            parsed(&written),
            parsed(&value.replace("{driver}", name)),
            "{}",
            explanation.path
        );
    }
    Ok(())
}

proptest! {
    // Each case locates every value of a document, so a few documents are enough.
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn source_text_at_each_location_parses_to_explained_value(document in documents::valid()) {
        let text = document.to_string();
        let read = read_with(&text, &vocabulary());
        let documents = vec![(Source::new("a.toml", text.as_str()), read)];
        let workspace = Workspace::with_vocabulary(documents, vocabulary().into());
        let fields = [Field::TEMPLATE, Field::TIMEOUT_POLICY, Field::RETRY_POLICY, Field::TELEMETRY];
        for contract in workspace.drivers() {
            for field in fields.into_iter().flatten() {
                let explanation = contract_field(&workspace, contract, *field);
                places_parse(&workspace, &contract.name, &explanation)?;
            }
        }
    }
}
