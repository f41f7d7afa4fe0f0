//! Tests the fix that adds the missing keys of a driver, for every form of its tables.

use driverc::{
    document,
    finding::{Finding, Safety},
    fix,
    source::{Location, Source},
    workspace::Workspace,
};

/// A complete contract, with everything in one section.
const CONTRACT: &str = "[driver.a]
class = \"relational_adapter\"
provider_module = \"sqlx::postgres\"
max_in_flight = 20
max_queue_depth = 200
capabilities = [\"non_blocking_execute\", \"bounded_concurrency\"]
support_tier = \"tier2\"
tuning_guide = \"\"
timeout_policy = { connect_ms = 3100, request_ms = 5000, idle_ms = 600000 }
retry_policy = { max_attempts = 3, base_backoff_ms = 50, max_backoff_ms = 1000, jitter_percent = 100 }
telemetry = { timeout_metric = \"a_client_timeouts_total\", retry_metric = \"a_client_retries_total\", \
latency_metric = \"a_client_operation_duration_seconds\", in_flight_metric = \"a_client_in_flight_requests\" }
";

fn workspace(text: &str) -> Workspace {
    Workspace::new(vec![(Source::new("a.toml", text), document::read(text))])
}

fn findings(workspace: &Workspace) -> Vec<Finding<Location>> {
    workspace.findings().to_vec()
}

/// The text after all fixes, which must leave no finding.
#[track_caller]
fn completed(text: &str) -> String {
    let fixed = fix::fix(workspace(text), Safety::Unsafe, findings, |_| true);
    let (_, source) = fixed.workspace.sources().iter().next().unwrap();
    let text = source.text().unwrap().to_owned();
    assert_eq!(fixed.findings, [], "{text}");
    // The same contract, whatever the form.
    let contract = workspace(CONTRACT).driver("a").cloned();
    assert_eq!(fixed.workspace.driver("a").cloned(), contract, "{text}");
    text
}

#[test]
fn missing_keys_go_below_last_key_of_section() {
    let keys = "max_in_flight = 20\nmax_queue_depth = 200\n";
    for (before, after) in [
        // A comment and a blank line follow.
        (" # the last key\n\n# Text.\n", " # the last key\nMORE\n\n# Text.\n"),
        // The document ends without a line end.
        ("", "\nMORE"),
    ] {
        let without = CONTRACT.replace(keys, "");
        let (own, tables) = without.split_at(without.find("timeout_policy").unwrap());
        let text = format!("{own}{}{before}", tables.trim_end());
        let more = "max_in_flight = 20 # an integer from 1 to 1000000\n\
                    max_queue_depth = 200 # an integer from 0 to 10000000";
        let expected = format!("{own}{}{}", tables.trim_end(), after.replace("MORE", more));
        assert_eq!(completed(&text), expected);
    }
}

#[test]
fn added_keys_keep_indentation_and_line_ends_of_document() {
    let indented = CONTRACT.replace('\n', "\n  ");
    let text = indented.trim_end().replace("  support_tier = \"tier2\"\n", "") + "\n";
    assert!(completed(&text).ends_with("\n  support_tier = \"tier2\"\n"));
    let text = CONTRACT.replace("support_tier = \"tier2\"\n", "").replace('\n', "\r\n");
    let fixed = completed(&text);
    assert!(fixed.ends_with("\r\nsupport_tier = \"tier2\"\r\n"), "{fixed}");
    assert_eq!(fixed.matches('\n').count(), fixed.matches("\r\n").count());
}

#[test]
fn missing_table_becomes_section_after_driver() {
    let own = CONTRACT.split("telemetry").next().unwrap();
    let next = "\n[budget.heavy_data]\nmax_p95_latency_ms = 120\nmax_timeout_rate_bps = 10\n\
                max_retry_rate_bps = 50\nmin_throughput_ops_per_sec = 400\n";
    let fixed = completed(&format!("{own}{next}"));
    let section = fixed.strip_prefix(own).unwrap().strip_suffix(next).unwrap();
    assert!(section.starts_with("\n[driver.a.telemetry]\ntimeout_metric = "), "{section}");
    // The section of another table is in between.
    let retries = "\n[driver.a.retry_policy]\nmax_attempts = 3\nbase_backoff_ms = 50\n\
                   max_backoff_ms = 1000\njitter_percent = 100\n";
    let own = own.split("retry_policy").next().unwrap();
    let fixed = completed(&format!("{own}{retries}"));
    assert!(fixed.starts_with(&format!("{own}{retries}\n[driver.a.telemetry]\n")), "{fixed}");
}

#[test]
fn inline_and_dotted_tables_keep_their_form() {
    let text = CONTRACT.replace("request_ms = 5000, ", "");
    let fixed = completed(&text);
    assert!(
        fixed.contains("{ connect_ms = 3100, idle_ms = 600000, request_ms = 5000 }"),
        "{fixed}"
    );
    let empty = CONTRACT.replace("connect_ms = 3100, request_ms = 5000, idle_ms = 600000", "");
    let fixed = completed(&empty);
    assert!(fixed.contains("connect_ms = 3100, request_ms = 5000, idle_ms = 600000"), "{fixed}");
    let dotted = CONTRACT.replace(
        "timeout_policy = { connect_ms = 3100, request_ms = 5000, idle_ms = 600000 }",
        "timeout_policy.idle_ms = 600000",
    );
    let fixed = completed(&dotted);
    let line = "timeout_policy.idle_ms = 600000\ntimeout_policy.connect_ms = 3100 # an integer";
    assert!(fixed.contains(line), "{fixed}");
    let whole = CONTRACT.replace("[driver.a]\n", "").replace('\n', ", ");
    let whole = whole.trim_end_matches(", ").replace("support_tier = \"tier2\", ", "");
    let fixed = completed(&format!("driver.a = {{ {whole} }}\n"));
    assert!(fixed.ends_with(" }, support_tier = \"tier2\" }\n"), "{fixed}");
}

#[test]
fn fix_adds_section_to_driver_without_section() {
    let section =
        "[driver.a.timeout_policy]\nconnect_ms = 3100\nrequest_ms = 5000\nidle_ms = 600000\n";
    let fixed = completed(section);
    assert!(fixed.starts_with(section), "{fixed}");
    assert!(fixed.contains("\n[driver.a]\nclass = "), "{fixed}");
    let fixed = completed("driver.a.max_in_flight = 20\n");
    assert!(fixed.contains("\ndriver.a.telemetry.timeout_metric = "), "{fixed}");
    completed("[driver.a]\n");
    completed("[driver]\na = {}\n");
}

#[test]
fn fix_adds_keys_that_driver_and_template_lack() {
    let template =
        CONTRACT.split("timeout_policy").next().unwrap().replace("driver.a", "template.t");
    let text = format!(
        "{template}timeout_policy.connect_ms = 3100\n\n[driver.a]\nlike = \"t\"\n\n\
         [driver.a.retry_policy]\nmax_attempts = 3\n"
    );
    let fixed = completed(&text);
    let (before, driver) = fixed.split_at(text.find("[driver.a]").unwrap());
    assert_eq!(before, &text[..before.len()], "the template is unchanged");
    assert!(driver.contains("\n[driver.a.timeout_policy]\nrequest_ms = 5000 #"), "{driver}");
    assert!(driver.contains("\nmax_attempts = 3\nbase_backoff_ms = 50 #"), "{driver}");
}

/// Examples of measurements and of decisions would be lies.
#[test]
fn fix_adds_missing_keys_only_to_drivers() {
    for text in ["[[benchmark]]\n", "[[waiver]]\nrule = \"queue-zero\"\n", "[template]\na = 1\n"] {
        let found = findings(&workspace(text));
        let fixes = found.iter().filter(|finding| finding.rule.name == "missing-key");
        assert!(fixes.clone().count() <= 1 && fixes.clone().all(|it| it.fix.is_none()), "{text}");
    }
}
