//! Compares pages for contributors and users with the sources that they name.

use std::fs;

use driverc::rules::{ALL, Check};

use crate::common::files::{files_in, root};

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn contributing_recipe_equals_source_of_rule_queue_zero() {
    let recipe = read("CONTRIBUTING.md");
    let block = recipe.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(block, Some(read("src/rules/queue_zero.rs").as_str()));
}

#[test]
fn each_contract_rule_has_source_file_docs_page_and_table_entry() {
    let table = read("src/rules.rs");
    let lines = |line: &str| table.lines().filter(|other| other.trim() == line).count();
    for lint in ALL {
        if matches!(
            lint.check,
            Check::Reader | Check::Acceptance | Check::Difference | Check::Target
        ) {
            continue;
        }
        let name = lint.rule.name;
        let snake = name.replace('-', "_");
        let source = read(&format!("src/rules/{snake}.rs"));
        assert!(source.contains(&format!("\"{name}\"")), "{name}");
        assert_eq!(read(&format!("docs/rules/{name}.md")), lint.rule.docs, "{name}");
        assert_eq!(lines(&format!("mod {snake};")), 1, "{name}");
        assert_eq!(lines(&format!("{snake}::LINT,")), 1, "{name}");
    }
}

/// Returns the names between backticks.
fn names(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn tests_named_on_security_page_exist() {
    let page = read("docs/security.md");
    let rows = page.lines().filter(|line| line.starts_with('|') && line.ends_with('|'));
    let cells = rows.filter_map(|row| row.trim_end_matches('|').rsplit_once('|'));
    let mut functions = 0;
    for (_, cell) in cells.filter(|(_, cell)| cell.trim().starts_with('`')) {
        let mut file = String::new();
        for name in names(cell) {
            if name.contains('/') {
                file = read(name);
                continue;
            }
            assert!(file.contains(&format!("fn {name}()")), "{cell}: no test `{name}`");
            functions += 1;
        }
    }
    assert!(functions >= 15, "only {functions} tests are named");
}

#[test]
fn source_code_starts_only_git_and_uses_no_network() {
    let mut started = 0;
    for path in files_in("src", "rs") {
        let text = fs::read_to_string(&path).expect("a source file");
        let mut commands = text.split("Command::new(").skip(1);
        assert!(commands.all(|rest| rest.starts_with("\"git\")")), "{}", path.display());
        started += text.matches("Command::new(").count();
        for network in ["std::net", "TcpStream", "TcpListener", "UdpSocket", "UnixStream"] {
            assert!(!text.contains(network), "{}: {network}", path.display());
        }
    }
    assert!(started > 0, "git is started somewhere");
}

#[test]
fn doc_comments_of_model_state_no_ranges() {
    for path in files_in("src/model", "rs") {
        let text = fs::read_to_string(&path).expect("a source file");
        for line in text.lines().filter(|line| line.trim_start().starts_with("///")) {
            assert!(!line.contains('–'), "the type states the range: {}: {line}", path.display());
        }
    }
}
