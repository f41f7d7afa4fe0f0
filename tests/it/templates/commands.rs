//! Every command with drivers that name a template.

use crate::{
    cli::sandbox::{EXAMPLE, Sandbox, budgets, driver},
    diff_cli::{commit, git},
};

/// The contract of the example as a template.
fn template() -> String {
    driver("{driver}").replace("[driver.{driver}", "[template.base")
}

/// Two drivers of the template.
const LIKE: &str = "[driver.a]\nlike = \"base\"\n\n[driver.example]\nlike = \"base\"\n";

/// The budgets and workloads of the example.
fn load() -> &'static str {
    &EXAMPLE[EXAMPLE.find("# The limits for every driver").unwrap()..]
}

fn project() -> Sandbox {
    Sandbox::repository(&[
        ("driverc.toml", "[rules]\nprovider-module-shared = \"off\"\n"),
        ("contracts/drivers.toml", LIKE),
        ("contracts/load.toml", load()),
        ("contracts/templates.toml", &template()),
    ])
}

/// The same drivers without a template.
fn expanded() -> Sandbox {
    let sandbox = project();
    sandbox.write("contracts/templates.toml", "");
    sandbox.write("contracts/drivers.toml", ["a", "example"].map(driver).concat());
    sandbox
}

#[test]
fn templates_with_placeholders_cause_no_findings() {
    project().run(&["check"]).assert_clean();
}

#[test]
fn templates_do_not_change_output_of_commands() {
    let (with, without) = (project(), expanded());
    for arguments in [
        &["compile"][..],
        &["compile", "--emit", "json"],
        &["bench", "--seeds=1"],
        &["bench", "--seeds=1", "--set", "driver.example.max_in_flight=14"],
        &["matrix"],
        &["check", "--feasibility"],
    ] {
        let expected = without.run(arguments);
        assert_eq!(with.run(arguments), expected, "{arguments:?}");
        assert!(!expected.stdout.is_empty(), "{expected:?}");
    }
}

#[test]
fn report_replaces_placeholders_of_templates() {
    let sandbox = project();
    assert_eq!(sandbox.run(&["report", "-o", "report.html"]).code, 0);
    let html = sandbox.read("report.html");
    assert!(
        html.contains("example_client_retries_total") && html.contains("a_client_retries_total")
    );
    assert!(!html.contains("{driver}"));
}

#[test]
fn import_appends_to_document_with_templates() {
    let sandbox = project();
    sandbox.write("wrk2.txt", include_str!("../../import/hgrm/wrk2.txt"));
    let run = sandbox.run(&[
        "import",
        "hgrm",
        "wrk2.txt",
        "--driver",
        "example",
        "--profile",
        "heavy_data",
        "--retries",
        "0",
        "--append",
        "contracts/drivers.toml",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = sandbox.read("contracts/drivers.toml");
    assert!(text.starts_with(LIKE) && text.contains("[[benchmark]]"), "{text}");
    assert_eq!(sandbox.run(&["check"]).code, 0);
}

#[test]
fn fix_changes_driver_instead_of_template() {
    let sandbox = project();
    let slow = template().replace("connect_ms = 3100", "connect_ms = 900");
    sandbox.write("contracts/templates.toml", &slow);
    let run = sandbox.run(&["check", "--fix", "--unsafe-fixes"]);
    assert!(run.stderr.ends_with("fixed 2 findings in 1 file\n"), "{run:?}");
    assert_eq!(sandbox.read("contracts/templates.toml"), slow);
    let fixed = "like = \"base\"\ntimeout_policy.connect_ms = 1100\n";
    assert_eq!(sandbox.read("contracts/drivers.toml"), LIKE.replace("like = \"base\"\n", fixed));
}

#[test]
fn template_in_other_file_is_found_if_one_file_is_named() {
    let sandbox = project();
    let run = sandbox.run(&["compile", "contracts/drivers.toml"]);
    assert_eq!((run.code, run.stdout.matches("driver|v1|").count()), (0, 2), "{run:?}");
    let many = template().replace("max_attempts = 3", "max_attempts = 12");
    sandbox.write("contracts/templates.toml", many);
    for file in ["contracts/drivers.toml", "contracts/templates.toml"] {
        let run = sandbox.run(&["check", file, "--output-format", "concise"]);
        assert_eq!(run.stdout.matches("retry-attempts-high").count(), 2, "{file}: {run:?}");
    }
}

#[test]
fn per_file_level_for_template_applies_to_its_values() {
    let sandbox = project();
    let many = template().replace("max_attempts = 3", "max_attempts = 12");
    sandbox.write("contracts/templates.toml", many);
    let levels = |file: &str| {
        let rule = format!(
            "[rules]\nprovider-module-shared = \"off\"\nretry-amplification = \"off\"\n\n[per-file-rules.\"contracts/{file}.toml\"]\nretry-attempts-high = \"off\"\n"
        );
        sandbox.write("driverc.toml", rule);
        let run = sandbox.run(&["check", "--output-format", "concise"]);
        run.stdout.matches("retry-attempts-high").count()
    };
    assert_eq!((levels("drivers"), levels("templates")), (2, 0));
}

#[test]
fn excluded_template_does_not_hide_change() {
    let sandbox = Sandbox::new();
    for (path, text) in [
        ("driverc.toml", ""),
        ("contracts/budgets.toml", budgets()),
        ("contracts/drivers.toml", LIKE),
        ("contracts/templates.toml", &template()),
    ] {
        sandbox.write(path, text);
    }
    git(&sandbox, &["init", "-q", "-b", "main"]);
    commit(&sandbox);
    let weaker = template().replace("  \"batch_read\",\n", "");
    sandbox.write("contracts/templates.toml", weaker);
    sandbox.write("driverc.toml", "exclude = [\"contracts/templates.toml\"]\n");
    let run = sandbox.run(&["diff", "--output-format", "concise"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("breaking[a.capabilities.batch_read]"), "{run:?}");
}

#[test]
fn five_line_services_with_template_pass_check() {
    let service = |number: usize| {
        format!(
            "[driver.service_{number}]\nlike = \"base\"\nmax_in_flight = {}\n\
             support_tier = \"tier2\"\n\n",
            20 + number % 20
        )
    };
    assert_eq!(service(1).lines().count(), 5);
    let drivers: String = (0..500).map(service).collect();
    let sandbox = Sandbox::repository(&[
        ("driverc.toml", ""),
        ("contracts/drivers.toml", &drivers),
        ("contracts/budgets.toml", budgets()),
        ("contracts/templates.toml", &template()),
    ]);
    sandbox.run(&["check"]).assert_clean();
    let run = sandbox.run(&["compile"]);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("driver|")).count(), 500);
}
