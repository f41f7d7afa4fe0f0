//! Tests `driverc init NAME`: the driver that it adds, where it writes it, and what it refuses.

mod places;

use super::sandbox::{EXAMPLE, Sandbox, budgets, driver};
use crate::starter_sets::starter_sets;

const CLASSES: [&str; 4] =
    ["relational_adapter", "columnar_adapter", "stream_adapter", "object_store_adapter"];
const ALL: [&str; 5] = ["check", "--show", "info", "--fail-on", "info"];

/// An existing project with two documents.
fn project() -> Sandbox {
    Sandbox::project(&[("contracts/a.toml", &driver("a"))])
}

#[track_caller]
fn init(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let run = sandbox.run(&[&["init"], arguments].concat());
    assert_eq!((run.code, &*run.stdout), (0, ""), "{}", run.stderr);
    run.stderr
}

#[test]
fn driver_of_every_class_has_no_findings() {
    // Without other documents: every rule passes.
    for class in CLASSES {
        let sandbox = Sandbox::repository(&[("driverc.toml", "")]);
        init(&sandbox, &["orders_db", "--class", class]);
        sandbox.run(&ALL).assert_clean();
        let text = sandbox.read("contracts/orders_db.toml");
        assert!(text.contains(&format!("\nclass = \"{class}\"\n")), "{text}");
    }
    // Beside the drivers and budgets of a project.
    let sandbox = project();
    for class in CLASSES {
        init(&sandbox, &[&format!("my_{class}"), "--class", class]);
    }
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
    assert_eq!(sandbox.names("contracts").len(), 2 + CLASSES.len());
}

#[test]
fn driver_of_every_starter_set_has_no_findings() {
    for (heading, words, path, document) in starter_sets() {
        let class = document.split("\nclass = \"").nth(1).unwrap().split('"').next().unwrap();
        let sandbox = Sandbox::repository(&[("driverc.toml", &words)]);
        init(&sandbox, &["mine", "--class", class]);
        let run = sandbox.run(&ALL);
        // An unused profile is not the driver's fault.
        let others =
            run.stdout.lines().filter(|line| line.starts_with("error") || line.starts_with("warn"));
        assert_eq!(others.collect::<Vec<_>>(), [""; 0], "{heading}");
        // Its numbers are those of the page, and so are its optional keys.
        let text = sandbox.read("contracts/mine.toml");
        for key in ["max_in_flight", "request_ms", "queue_ms", "idle_ms", "multiplier_percent"] {
            let value = |text: &str| {
                let line = text.lines().find(|line| line.starts_with(&format!("{key} =")))?;
                Some(line.split('#').next().unwrap().trim_end().to_owned())
            };
            assert_eq!(value(&text), value(&document), "{heading} {key}");
        }
        // Beside the set's own driver and budgets.
        let sandbox = Sandbox::repository(&[("driverc.toml", &words), (&path, &document)]);
        init(&sandbox, &["mine", "--class", class]);
        sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
        let text = sandbox.read(&path);
        let added = text.strip_prefix(&document).unwrap();
        let table = document.lines().find(|line| line.starts_with("[budget.")).unwrap();
        let table = table.split(".driver.").next().unwrap();
        assert!(
            added.contains(&format!("\n{table}.driver.mine]\nmax_p95_latency_ms = ")),
            "{added}"
        );
    }
}

#[test]
fn init_gives_driver_of_project_class_its_required_capabilities() {
    let words = "[vocabulary.class.ledger_adapter]\ndescription = \"A ledger.\"\nlike = \"none\"\n\n\
                 [vocabulary.class.mirror_adapter]\ndescription = \"A replica.\"\n\
                 like = \"columnar_adapter\"\n\n\
                 [vocabulary.capability.append]\ndescription = \"Adds an entry.\"\n\n\
                 [required_capabilities]\nledger_adapter = [\"append\", \"bounded_concurrency\"]\n";
    let sandbox = Sandbox::repository(&[("driverc.toml", words)]);
    init(&sandbox, &["entries", "--class", "ledger_adapter"]);
    let text = sandbox.read("contracts/entries.toml");
    assert!(text.contains("\"append\""), "{text}");
    assert!(text.contains("provider_module = \"entries\"\n"), "{text}");
    init(&sandbox, &["copies", "--class", "mirror_adapter"]);
    // The values of the class in `like`.
    let text = sandbox.read("contracts/entries.toml");
    assert!(text.contains("provider_module = \"clickhouse\"\n"), "{text}");
    sandbox.run(&ALL).assert_clean();
}

#[test]
fn init_page_shows_real_output() {
    let said = init(&project(), &["orders_db", "--class", "relational_adapter"]);
    let shown =
        format!("```console\n$ driverc init orders_db --class relational_adapter\n{said}```\n");
    assert!(include_str!("../../../docs/init.md").contains(&shown), "{shown}");
}

#[test]
fn init_derives_tier_and_module_from_project() {
    let sandbox = project();
    sandbox.write("driverc.toml", "support_tiers = [\"gold\", \"silver\"]\n");
    sandbox.write("contracts/a.toml", driver("a").replace("tier2", "gold"));
    init(&sandbox, &["b", "--class", "relational_adapter"]);
    let text = sandbox.read("contracts/b.toml");
    assert!(text.contains("support_tier = \"silver\"\n"), "{text}");
    // `sqlx::postgres` implements `a`.
    assert!(text.contains("provider_module = \"b\"\n"), "{text}");
    assert!(text.contains("timeout_metric = \"b_client_timeouts_total\"\n"), "{text}");
}

#[test]
fn init_omits_capability_without_budget() {
    let sandbox = project();
    let heavy = budgets().split("[budget.mixed_latency]").next().unwrap();
    let contract = driver("a").replace("  \"mixed_latency_tolerance\",\n", "");
    sandbox.write("contracts/budgets.toml", heavy);
    sandbox.write("contracts/a.toml", contract);
    init(&sandbox, &["b", "--class", "stream_adapter"]);
    assert!(!sandbox.read("contracts/b.toml").contains("mixed_latency_tolerance"));
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
}

#[test]
fn init_adds_driver_to_only_document_of_project() {
    let sandbox = Sandbox::new();
    init(&sandbox, &[]);
    let said = init(&sandbox, &["orders_db", "--class", "relational_adapter"]);
    assert_eq!(
        said,
        "added to `contracts/example.toml`\n\
         next: edit `contracts/example.toml`, then run `driverc check`\n"
    );
    let text = sandbox.read("contracts/example.toml");
    assert!(text.strip_prefix(EXAMPLE).unwrap().contains("\n[driver.orders_db]\n"), "{text}");
    assert_eq!(sandbox.names("contracts"), ["example.toml"]);
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
}

#[test]
fn init_keeps_line_ends_of_document() {
    let sandbox = Sandbox::repository(&[("driverc.toml", "")]);
    sandbox.write("contracts/a.toml", (driver("a") + budgets()).replace('\n', "\r\n"));
    init(&sandbox, &["b", "--class", "relational_adapter"]);
    let text = sandbox.read("contracts/a.toml");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
}

#[test]
fn init_creates_document_for_driver_if_project_has_several_documents() {
    let sandbox = project();
    let said = init(&sandbox, &["b", "--class", "stream_adapter"]);
    assert_eq!(
        said,
        "wrote `contracts/b.toml`\nnext: edit `contracts/b.toml`, then run `driverc check`\n"
    );
    // From a folder below, and in the folder that `include` names.
    sandbox.write("driverc.toml", "include = [\"contracts/a.toml\", \"fleet\", \"contracts\"]\n");
    sandbox.folder("fleet");
    let run = sandbox.run_in("contracts", &["init", "c", "--class", "stream_adapter"]);
    assert_eq!((run.code, run.stderr.lines().next()), (0, Some("wrote `../fleet/c.toml`")));
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
    sandbox.write("driverc.toml", "include = [\"contracts/a.toml\", \"contracts/b.toml\"]\n");
    sandbox.run(&["init", "d", "--class", "stream_adapter"]).assert_refused(
        "`include` in `driverc.toml` names no folder for `d.toml`; name the document \
         with `--document`",
    );
}

#[test]
fn init_refuses_existing_document_and_duplicate_driver() {
    let sandbox = project();
    let class = ["--class", "stream_adapter"];
    let refused = |name: &str, message: &str| {
        sandbox.run(&[&["init", name][..], &class].concat()).assert_refused(message);
    };
    refused("a", "driver `a` is already declared in `contracts/a.toml`");
    sandbox.write("contracts/b.toml", driver("other"));
    let run = sandbox.run(&["init", "b", "--class", "stream_adapter"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: cannot write `contracts/b.toml`: "), "{}", run.stderr);
    assert_eq!(sandbox.read("contracts/b.toml"), driver("other"));
    // An incomplete driver is declared too, and broken text can declare anything.
    sandbox.write("contracts/c.toml", "[driver.c]\n");
    refused("c", "driver `c` is already declared in `contracts/c.toml`");
    sandbox.write("contracts/d.toml", "x =\nd\n");
    refused("d", "`d` may be declared already; run `driverc check` first");
}

#[test]
fn init_omits_keys_that_template_sets() {
    let sandbox = project();
    let template = "[template.sqlx_pg]\nclass = \"relational_adapter\"\nmax_in_flight = 9\n\n\
                    [template.sqlx_pg.timeout_policy]\nconnect_ms = 3100\nrequest_ms = 5000\n\
                    idle_ms = 600000\n\n[template.bare]\nmax_in_flight = 9\n";
    sandbox.write("contracts/templates.toml", template);
    init(&sandbox, &["b", "--from-template", "sqlx_pg"]);
    let text = sandbox.read("contracts/b.toml");
    assert!(text.contains("[driver.b]\nlike = \"sqlx_pg\"\n"), "{text}");
    for key in ["class", "max_in_flight", "request_ms", "lifetime_ms", "[driver.b.timeout_policy]"]
    {
        assert!(!text.lines().any(|line| line.starts_with(key)), "{key}: {text}");
    }
    assert!(text.contains("\nmax_attempts = 3\n"), "{text}");
    // 9 of the 20 slots of the built-in driver have 9/20 of its queue.
    assert!(text.contains("\nmax_queue_depth = 90\n"), "{text}");
    init(&sandbox, &["c", "--from-template", "bare", "--class", "stream_adapter"]);
    assert!(sandbox.read("contracts/c.toml").contains("\nclass = \"stream_adapter\"\n"));
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
    sandbox.run(&["init", "d", "--from-template", "bare"]).assert_refused(
        "template `bare` sets no class; add `--class`, one of relational_adapter, \
         columnar_adapter, stream_adapter, object_store_adapter",
    );
    sandbox
        .run(&["init", "d", "--from-template", "sqlx_gp"])
        .assert_refused("no template `sqlx_gp` is declared; did you mean `sqlx_pg`?");
}

#[test]
fn missing_values_are_errors_without_terminal() {
    let sandbox = project();
    sandbox.run(&["init", "b"]).assert_refused(
        "add `--class`, one of relational_adapter, columnar_adapter, stream_adapter, \
         object_store_adapter, or `--from-template`",
    );
    sandbox
        .run(&["init", "--class", "stream_adapter"])
        .assert_refused("name the driver: `driverc init NAME`");
    sandbox
        .run(&["init", "b", "--class", "streem_adapter"])
        .assert_refused("unknown class `streem_adapter`; did you mean `stream_adapter`?");
    sandbox
        .run(&["init", "orders-db"])
        .assert_refused("`orders-db` is not a driver name; write `orders_db`");
    // An answer is not read from a pipe either.
    let run = sandbox.pipe("b\nstream_adapter\n\n\n", &["init", "b"]);
    assert_eq!(run.code, 2);
    assert_eq!(sandbox.names("contracts"), ["a.toml", "budgets.toml"]);
}

#[test]
fn init_with_path_creates_new_project_in_folder() {
    let sandbox = project();
    for folder in ["services/orders", "orders/", "./billing"] {
        let run = sandbox.run(&["init", folder]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(sandbox.exists(&format!("{folder}/driverc.toml")));
    }
    sandbox.run(&["init", "orders"]).assert_refused(
        "`orders` is a folder; write `orders/` to create a project there, or add `--class` to add \
         a driver",
    );
}

#[cfg(target_os = "linux")]
mod terminal {
    use std::{
        fs::File,
        io::{Read, Write},
        process::Stdio,
        thread,
    };

    use nix::pty::openpty;

    use super::*;

    /// Runs the binary on a terminal with these answers. Returns its exit code and what the
    /// terminal showed.
    fn on_terminal(sandbox: &Sandbox, arguments: &[&str], answers: &str) -> (i32, String) {
        let terminal = openpty(None, None).unwrap();
        let (mut person, program) = (File::from(terminal.master), File::from(terminal.slave));
        let mut command = sandbox.command(arguments);
        command.stdin(Stdio::from(program.try_clone().unwrap()));
        command.stderr(Stdio::from(program)).stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        // The terminal closes when the last copy of its other side does.
        drop(command);
        let mut answering = person.try_clone().unwrap();
        answering.write_all(answers.as_bytes()).unwrap();
        let reader = thread::spawn(move || {
            let mut shown = Vec::new();
            // Linux reports the closed side as an error.
            _ = person.read_to_end(&mut shown);
            String::from_utf8(shown).unwrap()
        });
        let code = child.wait().unwrap().code().unwrap();
        (code, reader.join().unwrap())
    }

    #[test]
    fn init_asks_four_questions_and_adds_driver() {
        let sandbox = project();
        let answers = "a\norders_db\nstreem_adapter\nstream_adapter\n\n7\n";
        let (code, shown) = on_terminal(&sandbox, &["init"], answers);
        assert_eq!(code, 0, "{shown}");
        for text in [
            "Driver name: ",
            "driver `a` is already declared in `contracts/a.toml`",
            "Class (relational_adapter, columnar_adapter, stream_adapter, object_store_adapter): ",
            "unknown class `streem_adapter`; did you mean `stream_adapter`?",
            "Module that implements the driver [rdkafka::producer]: ",
            "Maximum number of operations in flight [5]: ",
            "wrote `contracts/orders_db.toml`",
        ] {
            assert!(shown.contains(text), "{text}: {shown}");
        }
        let text = sandbox.read("contracts/orders_db.toml");
        assert!(text.contains("\nmax_in_flight = 7\n"), "{text}");
        assert!(text.contains("\nmax_queue_depth = 179\n"), "128 * 7 / 5: {text}");
        sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
    }

    #[test]
    fn init_with_all_values_asks_no_questions_on_terminal() {
        let sandbox = project();
        let arguments = ["init", "b", "--class", "stream_adapter"];
        let (code, shown) = on_terminal(&sandbox, &arguments, "");
        assert_eq!(code, 0, "{shown}");
        assert!(!shown.contains("Module"), "{shown}");
    }

    #[test]
    fn end_of_input_writes_nothing() {
        let sandbox = project();
        // Ctrl-D.
        let (code, shown) = on_terminal(&sandbox, &["init", "b"], "\u{4}");
        assert_eq!(code, 2);
        assert!(shown.contains("error: no answer; nothing was written"), "{shown}");
        assert_eq!(sandbox.names("contracts"), ["a.toml", "budgets.toml"]);
    }
}
