//! Documents, projects, names and limits that a new driver must respect.

use super::*;

#[test]
fn document_that_project_does_not_read_is_refused() {
    let sandbox = project();
    sandbox.write("driverc.toml", "exclude = [\"contracts/z*\"]\n");
    sandbox.write("contracts/nested/driverc.toml", "");
    let class = ["--class", "stream_adapter"];
    let help = "name another document with `--document`";
    for (name, document, message) in [
        ("z", None, "the project does not read `contracts/z.toml`, because of `exclude`"),
        ("driverc", None, "`contracts/driverc.toml` is a configuration, not a document"),
        ("c", Some("c.toml"), "the project does not read `c.toml`, because of `include`"),
        ("c", Some("contracts/c"), "the project does not read `contracts/c`, because of `include`"),
        (
            "c",
            Some("contracts/nested/contracts/c.toml"),
            "`contracts/nested/contracts/c.toml` belongs to the project of \
             `contracts/nested/driverc.toml`",
        ),
    ] {
        let document = document.map(|it| ["--document", it]);
        let arguments = [&["init", name][..], &class, document.as_ref().map_or(&[], |it| it)];
        sandbox.run(&arguments.concat()).assert_refused(&format!("{message}; {help}"));
    }
    assert_eq!(sandbox.names("contracts"), ["a.toml", "budgets.toml", "nested"]);
    init(&sandbox, &["driverc", "--document", "contracts/self.toml", class[0], class[1]]);
    init(&sandbox, &["c", "--document", "contracts/self.toml", class[0], class[1]]);
    let text = sandbox.read("contracts/self.toml");
    assert!(text.contains("[driver.driverc]\n") && text.contains("[driver.c]\n"), "{text}");
    sandbox.run(&["check", ".", "--fail-on", "warn"]).assert_clean();
}

#[test]
fn document_option_creates_document_that_include_glob_matches() {
    let sandbox = Sandbox::repository(&[("driverc.toml", "include = [\"svc/*/c\"]\n")]);
    sandbox.write("svc/orders/c/a.toml", driver("a") + budgets());
    sandbox.write("svc/orders/c/b.toml", driver("b"));
    let class = ["--class", "relational_adapter"];
    sandbox.run(&["init", "z", class[0], class[1]]).assert_refused(
        "`include` in `driverc.toml` names no folder for `z.toml`; name the document with \
         `--document`",
    );
    let said = init(&sandbox, &["z", class[0], class[1], "--document", "svc/billing/c/z.toml"]);
    assert!(said.starts_with("wrote `svc/billing/c/z.toml`\n"), "{said}");
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
    assert!(sandbox.run(&["compile"]).stdout.contains("z_client_timeouts_total"));
}

#[test]
fn config_option_chooses_project_of_new_driver() {
    let sandbox = Sandbox::repository(&[("a/driverc.toml", ""), ("b/driverc.toml", "")]);
    sandbox.write("a/contracts/a.toml", driver("a"));
    let class = ["--class", "relational_adapter"];
    let said = init(&sandbox, &["z", class[0], class[1], "--config", "b/driverc.toml"]);
    assert!(said.starts_with("wrote `b/contracts/z.toml`\n"), "{said}");
    sandbox.run(&["check", "b", "--fail-on", "warn"]).assert_clean();
}

#[test]
fn driver_name_similar_to_existing_name_is_refused() {
    let sandbox = project();
    let caller = "[caller.z]\nattempt_ms = 1\nmax_attempts = 1\n";
    sandbox.write("contracts/a.toml", format!("{}\n{caller}", driver("a_a")));
    for (name, message) in [
        ("z", "cannot add driver `z`: `z` is both a driver and a caller"),
        ("aa", "cannot add driver `aa`: `aa` and `a_a` differ only in underscores"),
    ] {
        let run = sandbox.run(&["init", name, "--class", "relational_adapter"]);
        run.assert_refused(message);
    }
    assert_eq!(sandbox.names("contracts"), ["a.toml", "budgets.toml"]);
}

#[test]
fn init_chooses_values_within_limits_of_project() {
    let rules = "[rules]\ntimeout-idle-beyond-server = { limit = 350000 }\n\
                 retry-attempts-high = { limit = 2, stream_limit = 4 }\n";
    let sandbox = Sandbox::repository(&[("driverc.toml", rules)]);
    for class in CLASSES {
        init(&sandbox, &[&format!("my_{class}"), "--class", class]);
    }
    sandbox.run(&ALL).assert_clean();
    let text = sandbox.read("contracts/my_relational_adapter.toml");
    assert!(text.contains("\nmax_attempts = 2\n"), "{text}");
}

#[test]
fn class_that_contradicts_template_is_refused() {
    let sandbox = project();
    sandbox.write("contracts/t.toml", "[template.t]\nclass = \"relational_adapter\"\n");
    let arguments = ["init", "z", "--from-template", "t", "--class"];
    sandbox.run(&[&arguments[..], &["stream_adapter"]].concat()).assert_refused(
        "template `t` sets class `relational_adapter`; leave out `--class stream_adapter`",
    );
    init(&sandbox, &["z", "--from-template", "t", "--class", "relational_adapter"]);
}
