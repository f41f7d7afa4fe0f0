//! Servers through every command, and the law that random servers agree with brute force.

mod laws;
mod page;

use driverc::{
    Workspace,
    configuration::Configuration,
    document::read,
    lint::CheckContext,
    model::{DriverName, IdleMs, InstanceCount, Instances, MaxConnections, Server, ServerName},
    project::Session,
    source::Source,
};
use std::collections::BTreeMap;

use crate::cli::sandbox::{Run, Sandbox, driver};

const FILE: &str = "contracts/servers.toml";

const SERVER: &str = "\
[server.main_pg]
max_connections = 100
reserved_connections = 3

[server.main_pg.instances]
orders_db = 5
";

/// A project with a driver of 20 slots, of which the server accepts four instances.
fn project(server: &str) -> Sandbox {
    Sandbox::project(&[("contracts/orders.toml", &driver("orders_db")), (FILE, server)])
}

/// Returns the lines of findings at servers and of `server-oversubscribed`.
fn findings(sandbox: &Sandbox) -> Vec<String> {
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    let lines = run.stdout.lines().filter(|line| line.contains("server")).map(str::to_owned);
    lines.collect()
}

#[track_caller]
fn succeeds(run: Run) -> String {
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    run.stdout
}

#[test]
fn only_instances_above_limit_are_reported() {
    let [finding] = &findings(&project(SERVER))[..] else { panic!() };
    assert!(finding.starts_with("contracts/servers.toml:2:19: warn[server-oversubscribed]: "));
    assert!(finding.contains("1 driver can open 100 connections"), "{finding}");
    let fitting = SERVER.replace("reserved_connections = 3", "reserved_connections = 0");
    assert_eq!(findings(&project(&fitting)), [""; 0]);
}

#[test]
fn signatures_do_not_depend_on_servers() {
    let signatures = |server| succeeds(project(server).run(&["compile"]));
    assert_eq!(signatures(SERVER), signatures(""));
}

#[test]
fn suppression_and_waiver_cover_server() {
    let line = "max_connections = 100";
    let comment = format!("{line} # driverc: ignore[server-oversubscribed] a proxy shares them");
    assert_eq!(findings(&project(&SERVER.replace(line, &comment))), [""; 0]);
    let waiver = "
[[waiver]]
rule = \"server-oversubscribed\"
field = \"max_connections\"
reason = \"a proxy shares them\"
owner = \"data-team\"
expires = 2999-01-01
";
    assert_eq!(findings(&project(&format!("{SERVER}{waiver}"))), [""; 0]);
    let other = waiver.replace("max_connections", "idle_close_ms");
    let [finding, unused] = &findings(&project(&format!("{SERVER}{other}")))[..] else { panic!() };
    assert!(finding.contains("warn[server-oversubscribed]"), "{finding}");
    assert!(unused.contains("[waiver-unused]"), "{unused}");
}

#[test]
fn project_class_uses_server_connections_only_if_like_relational_adapter() {
    for (like, expected) in [("relational_adapter", 1), ("none", 0), ("stream_adapter", 0)] {
        let sandbox = project(SERVER);
        let words = format!(
            "[vocabulary.class.proxy_adapter]\ndescription = \"A proxy.\"\nlike = \"{like}\"\n"
        );
        sandbox.write("driverc.toml", words);
        let proxied = driver("orders_db").replace("relational_adapter", "proxy_adapter");
        sandbox.write("contracts/orders.toml", proxied);
        assert_eq!(findings(&sandbox).len(), expected, "{like}");
    }
}

#[test]
fn slots_from_template_count_towards_server_limit() {
    let sandbox = project(SERVER);
    let (slots, own) = ("max_in_flight = 20\n", driver("orders_db"));
    assert!(own.contains(slots));
    let own = own.replace(slots, "");
    let own = own.replace("[driver.orders_db]\n", "[driver.orders_db]\nlike = \"pg\"\n");
    sandbox.write("contracts/orders.toml", own);
    sandbox.write("contracts/templates.toml", format!("[template.pg]\n{slots}"));
    assert_eq!(findings(&sandbox).len(), 1);
    sandbox.write("contracts/templates.toml", "[template.pg]\nmax_in_flight = 19\n");
    assert_eq!(findings(&sandbox), [""; 0]);
}

#[test]
fn explain_shows_server_of_driver_with_share_and_idle_timeout() {
    let idle = "reserved_connections = 3\nidle_close_ms = 350000";
    let sandbox = project(&SERVER.replace("reserved_connections = 3", idle));
    let shown = succeeds(sandbox.run(&["explain", "orders_db"]));
    let server = "\
server.main_pg.instances.orders_db = 5
  set in  contracts/servers.toml:7:13      5 × 20 slots = 100; the server accepts 97 connections from drivers

server.main_pg.max_connections = 100
  set in  contracts/servers.toml:2:19

server.main_pg.reserved_connections = 3
  set in  contracts/servers.toml:3:24

server.main_pg.idle_close_ms = 350000
  set in  contracts/servers.toml:4:17
";
    assert!(shown.ends_with(server), "{shown}");
    let all = succeeds(sandbox.run(&["explain", "server.main_pg"]));
    assert!(all.starts_with("server.main_pg.max_connections = 100\n"), "{all}");
    let one = succeeds(sandbox.run(&["explain", "server.main_pg.idle_close_ms"]));
    assert_eq!(one.lines().next(), Some("server.main_pg.idle_close_ms = 350000"));
    sandbox.run(&["explain", "server.main_pq"]).assert_refused(
        "no document declares `server.main_pq` without errors; did you mean `main_pg`?",
    );
    sandbox
        .run(&["explain", "server.main_pg.idle_ms"])
        .assert_refused("a server has no value `idle_ms`");
}

#[test]
fn diff_lists_changes_of_servers_in_every_format() {
    let sandbox = project(SERVER);
    sandbox.write("old/servers.toml", SERVER);
    sandbox.write("old/orders.toml", driver("orders_db"));
    sandbox.write("old/budgets.toml", sandbox.read("contracts/budgets.toml"));
    let facts = "max_connections = 80\nidle_close_ms = 350000";
    let changed = SERVER.replace("max_connections = 100", facts).replace("db = 5", "db = 6");
    sandbox.write(FILE, changed);
    let diff = |format| sandbox.run(&["diff", "--against-path", "old", "--output-format", format]);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/diff"));
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for format in ["concise", "full", "markdown", "github"] {
            insta::assert_snapshot!(format!("servers-{format}"), diff(format).stdout);
        }
    });
    let json: serde_json::Value = serde_json::from_str(&diff("json").stdout).expect("JSON");
    let change = &json["changes"][0];
    assert_eq!(
        (&change["kind"], &change["contract"]),
        (&"server".into(), &"server.main_pg".into())
    );
}

#[test]
fn edited_document_changes_findings_of_session() {
    let configuration = Configuration::default();
    let today = "2026-11-29".parse().expect("a date");
    let context = CheckContext { configuration: &configuration, guides: None, today };
    let mut session = Session::default();
    session.set_text("orders.toml", driver("orders_db"));
    let mut reported = |text: &str| {
        session.set_text("servers.toml", text);
        let findings = session.check(&context).findings.open;
        findings.iter().any(|finding| finding.rule.name == "server-oversubscribed")
    };
    assert!(reported(SERVER));
    assert!(!reported(&SERVER.replace("= 5", "= 4")));
    assert!(reported(SERVER));
    assert!(!reported(""));
}

#[test]
fn unreadable_driver_of_server_prevents_oversubscription_finding() {
    let sandbox = project(&SERVER.replace("orders_db = 5", "orders_db = 5\nbilling_db = 1"));
    sandbox.write("contracts/billing.toml", driver("billing_db") + "\n[driver.billing_db");
    assert_eq!(findings(&sandbox), [""; 0]);
}

#[test]
fn declared_server_disables_class_idle_limit_even_if_server_is_invalid() {
    let kafka = driver("orders_db")
        .replace("relational_adapter", "stream_adapter")
        .replace("sqlx::postgres", "rdkafka");
    let idle = kafka.lines().find(|line| line.starts_with("idle_ms")).expect("a limit").to_owned();
    let kafka = kafka.replace(&idle, "idle_ms = 700000");
    let server =
        "[server.broker]\nidle_close_ms = 900000\n[server.broker.instances]\norders_db = 1\n";
    let reported = |server: &str| {
        let sandbox = project(server);
        sandbox.write("contracts/orders.toml", &kafka);
        let run = sandbox.run(&["check", "--output-format", "concise"]);
        run.stdout.contains("timeout-idle-beyond-server")
    };
    assert!(reported(""));
    for server in [
        server.to_owned(),
        format!("{server}other"),
        server.replace("900000", "\"900000\""),
        server
            .replace("[server.broker]", "[server.the-broker]")
            .replace("broker.i", "the-broker.i"),
    ] {
        assert!(!reported(&server), "{server}");
    }
}

#[test]
fn server_built_by_program_equals_parsed_server() {
    let instances = BTreeMap::from([(
        DriverName::new("orders_db").expect("a name"),
        InstanceCount::new(8).expect("a count"),
    )]);
    let built = Server {
        name: ServerName::new("main_pg").expect("a name"),
        max_connections: MaxConnections::new(100).ok(),
        reserved_connections: None,
        idle_close_ms: IdleMs::new(350_000).ok(),
        instances: Instances::try_from(instances).expect("a driver"),
    };
    let text = "[server.main_pg]\nmax_connections = 100\nidle_close_ms = 350000\n\
                instances = { orders_db = 8 }\n";
    let workspace = Workspace::new(vec![(Source::new("a.toml", text), read(text))]);
    assert_eq!(workspace.servers().collect::<Vec<_>>(), [&built]);
    assert_eq!(built.available_connections(), Some(100));
    let json = serde_json::to_value(&built).expect("JSON");
    assert_eq!(serde_json::from_value::<Server>(json).expect("a server"), built);
    assert!(Instances::try_from(BTreeMap::new()).is_err());
}

#[test]
fn check_of_file_reports_oversubscribed_server_of_its_driver() {
    let server = SERVER.replace("orders_db = 5", "orders_db = 3\nother_db = 3");
    let sandbox = project(&server);
    let other = driver("other_db").replace("max_in_flight = 20\n", "like = \"few\"\n");
    sandbox.write("contracts/other.toml", &other);
    sandbox.write("contracts/few.toml", "[template.few]\nmax_in_flight = 20\n");
    sandbox.write("contracts/third.toml", driver("third_db"));
    let reported = |file: &str| {
        let run = sandbox.run(&["check", "--output-format", "concise", file]);
        run.stdout.contains("server-oversubscribed")
    };
    for file in ["orders", "other", "few", "servers"] {
        assert!(reported(&format!("contracts/{file}.toml")), "{file}");
    }
    assert!(!reported("contracts/third.toml"));
}
