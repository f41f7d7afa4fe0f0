//! The recipe for a rule, held to the rules that there are.

use std::{fs, path::Path};

use driverc::rules::{ALL, Check};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_rule_in_the_recipe_is_a_real_one() {
    let recipe = read("CONTRIBUTING.md");
    let block = recipe.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(block, Some(read("src/rules/queue_zero.rs").as_str()));
}

#[test]
fn a_rule_over_contracts_is_one_file_one_page_and_one_line() {
    let table = read("src/rules.rs");
    let lines = |line: &str| table.lines().filter(|other| other.trim() == line).count();
    for lint in ALL {
        if matches!(lint.check, Check::Reader | Check::Acceptance | Check::Difference) {
            continue;
        }
        let name = lint.rule.name;
        let snake = name.replace('-', "_");
        let source = read(&format!("src/rules/{snake}.rs"));
        assert!(source.contains(&format!("name: \"{name}\",")), "{name}");
        assert_eq!(read(&format!("src/rules/docs/{snake}.md")), lint.rule.docs, "{name}");
        assert_eq!(lines(&format!("mod {snake};")), 1, "{name}");
        assert_eq!(lines(&format!("{snake}::LINT,")), 1, "{name}");
    }
}
