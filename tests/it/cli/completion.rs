//! The fix that completes a driver fits the class, the project and the keys of the driver.

use super::sandbox::Sandbox;

/// The findings of a driver `x` with these keys, after driverc has completed it.
fn completed(configuration: &str, keys: &str) -> (String, String) {
    let sandbox = Sandbox::repository(&[("driverc.toml", configuration)]);
    sandbox.write("contracts/x.toml", keys);
    let before = sandbox.run(&["check"]).stdout;
    sandbox.run(&["check", "--fix", "--unsafe-fixes"]);
    let findings = sandbox.run(&["check", "--output-format", "concise"]).stdout;
    let text = sandbox.read("contracts/x.toml");
    assert!(!before.is_empty() && text.len() > keys.len(), "{text}");
    (findings, text)
}

#[track_caller]
fn assert_completes(configuration: &str, keys: &str, lines: &[&str]) {
    let (findings, text) = completed(configuration, keys);
    assert_eq!(findings, "", "{text}");
    for line in lines {
        let starts = |text: &str| text.split(" #").next() == Some(*line);
        assert!(text.lines().any(starts), "{line}: {text}");
    }
}

#[test]
fn completed_driver_of_every_class_has_no_findings() {
    assert_completes("", "[driver.x]\n", &["class = \"relational_adapter\""]);
    for (class, module, slots) in [
        ("relational_adapter", "sqlx::postgres", "20"),
        ("columnar_adapter", "clickhouse", "10"),
        ("stream_adapter", "rdkafka::producer", "5"),
        ("object_store_adapter", "object_store::aws", "32"),
    ] {
        let keys = format!("[driver.x]\nclass = \"{class}\"\n");
        let module = format!("provider_module = \"{module}\"");
        assert_completes("", &keys, &[&module, &format!("max_in_flight = {slots}")]);
    }
}

#[test]
fn fix_derives_missing_values_from_existing_keys() {
    let with = |keys: &str| format!("[driver.x]\nclass = \"relational_adapter\"\n{keys}\n");
    for (keys, line) in [
        ("max_in_flight = 3", "max_queue_depth = 30"),
        ("max_queue_depth = 2000", "max_in_flight = 200"),
        ("[driver.x.retry_policy]\nbase_backoff_ms = 5000", "max_backoff_ms = 5000"),
        ("[driver.x.retry_policy]\nmax_backoff_ms = 20", "base_backoff_ms = 20"),
        ("[driver.x.timeout_policy]\nrequest_ms = 1000", "connect_ms = 1000"),
        ("[driver.x.timeout_policy]\nconnect_ms = 9000", "request_ms = 9000"),
        ("[driver.x.timeout_policy]\nlifetime_ms = 60000", "idle_ms = 60000"),
    ] {
        let (findings, text) = completed("", &with(keys));
        let wrong = findings.lines().filter(|line| line.contains("error["));
        assert_eq!(wrong.collect::<Vec<_>>(), [""; 0], "{keys}: {text}");
        assert!(!findings.contains("queue-too-deep"), "{keys}: {findings}");
        let starts = |text: &str| text.split(" #").next() == Some(line);
        assert!(text.lines().any(starts), "{line}: {text}");
    }
    // The template sets a key.
    let template = "[template.t.retry_policy]\nbase_backoff_ms = 2000\n\n[driver.x]\nlike = \"t\"\n\
                    class = \"relational_adapter\"\n";
    assert_completes("", template, &["max_backoff_ms = 2000"]);
}

#[test]
fn fix_derives_missing_values_from_project() {
    let configuration = "support_tiers = [\"gold\", \"silver\"]\n\n[required_capabilities]\n\
                         relational_adapter = [\"batch_read\", \"timeout_telemetry\"]\n";
    let lines = [
        "support_tier = \"silver\"",
        "capabilities = [\"timeout_telemetry\", \"batch_read\"]",
        "provider_module = \"sqlx::postgres\"",
    ];
    let keys = "[driver.x]\nclass = \"relational_adapter\"\n";
    let (findings, text) = completed(configuration, keys);
    for line in lines {
        assert!(text.lines().any(|it| it == line), "{line}: {text}\n{findings}");
    }
    assert!(!findings.contains("error["), "{findings}");
    // The help shows the same lines.
    let sandbox = Sandbox::repository(&[("driverc.toml", configuration)]);
    sandbox.write("contracts/x.toml", keys);
    let shown = sandbox.run(&["check"]).stdout;
    assert!(shown.contains(lines[0]) && shown.contains(lines[1]), "{shown}");
}
