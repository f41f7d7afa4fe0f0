//! Changes of servers.

use driverc::{
    configuration::Configuration,
    diff::{
        ChangedItem, Difference,
        Severity::{self, Compatible, Risky},
    },
    model::DriverName,
};

use super::{between, edits::BASE, only, workspace};

/// Returns the base without its last section, which the text replaces.
fn with_server(text: &str) -> String {
    let (start, _) = BASE.split_once("[server.main_pg]").expect("a server");
    format!("{start}{text}")
}

/// Returns the paths and severities of all changes.
fn changed(old: &str, new: &str) -> Vec<(String, Severity)> {
    let changes = between(&with_server(old), &with_server(new)).changes;
    changes.iter().map(|change| (change.path(), change.severity)).collect()
}

#[test]
fn lower_server_limits_are_risky_and_higher_limits_are_compatible() {
    let server = |facts: &str| format!("[server.a]\n{facts}\ninstances = {{ example = 8 }}\n");
    for (strict, loose, field) in [
        ("max_connections = 99", "max_connections = 100", "max_connections"),
        (
            "max_connections = 9\nreserved_connections = 1",
            "max_connections = 9",
            "reserved_connections",
        ),
        ("idle_close_ms = 9", "idle_close_ms = 10", "idle_close_ms"),
    ] {
        let (strict, loose) = (server(strict), server(loose));
        let path = format!("server.a.{field}");
        assert_eq!(changed(&loose, &strict), [(path.clone(), Risky)]);
        assert_eq!(changed(&strict, &loose), [(path, Compatible)]);
    }
}

#[test]
fn more_instances_are_risky_and_path_names_driver() {
    let server =
        |count| format!("[server.a]\nmax_connections = 9\ninstances = {{ example = {count} }}\n");
    let path = || "server.a.instances.example".to_owned();
    assert_eq!(changed(&server(1), &server(2)), [(path(), Risky)]);
    assert_eq!(changed(&server(2), &server(1)), [(path(), Compatible)]);
}

#[test]
fn removing_instances_of_existing_driver_is_risky() {
    let server = |name: &str, drivers: &str| {
        format!("[server.{name}]\nmax_connections = 9\ninstances = {{ {drivers} }}\n")
    };
    let both = server("a", "another = 1, example = 1");
    let one = server("a", "another = 1");
    let path = || "server.a.instances.example".to_owned();
    assert_eq!(changed(&both, &one), [(path(), Risky)]);
    let moved = changed(&both, &format!("{one}\n{}", server("b", "example = 1")));
    assert!(moved.contains(&(path(), Compatible)), "{moved:?}");
}

#[test]
fn zero_reserved_connections_equal_missing_key() {
    let server = |reserved: &str| {
        format!("[server.a]\nmax_connections = 9\n{reserved}instances = {{ example = 1 }}\n")
    };
    assert_eq!(changed(&server(""), &server("reserved_connections = 0\n")), []);
}

#[test]
fn change_of_server_lists_drivers_of_server() {
    let shorter = BASE.replace("idle_close_ms = 700000", "idle_close_ms = 600000");
    let change = only(BASE, &shorter);
    assert_eq!(change.drivers.iter().map(DriverName::as_str).collect::<Vec<_>>(), ["example"]);
    assert!(matches!(change.contract, ChangedItem::Server(_)));
}

#[test]
fn server_with_read_error_on_one_side_is_not_compared() {
    let valid = with_server("[server.a]\nmax_connections = 9\ninstances = { example = 1 }\n");
    let invalid = with_server("[server.a]\nmax_connections = 0\ninstances = { example = 1 }\n");
    assert_eq!(between(&invalid, &valid).changes, []);
    assert_eq!(between(&valid, &invalid).changes, []);
    let servers = "[server.a]\nmax_connections = 9\ninstances = { example = 1 }\n";
    let broken = "[server.a]\nmax_connections = 9 9\n";
    let read = |text| workspace(&[("base.toml", &with_server("")), ("servers.toml", text)]);
    let configuration = Configuration::default();
    for [old, new] in [[servers, broken], [broken, servers]] {
        let difference = Difference::between(&read(old), &read(new), &configuration);
        assert_eq!(difference.changes, []);
    }
}

#[test]
fn renaming_driver_does_not_change_its_server() {
    let renamed = BASE
        .replace("[driver.example", "[driver.sample")
        .replace("\"example\"", "\"sample\"")
        .replace("{ example = 8 }", "{ sample = 8 }");
    let changes = between(BASE, &renamed).changes;
    assert!(changes.iter().all(|change| change.contract.kind() != "server"), "{changes:#?}");
}
