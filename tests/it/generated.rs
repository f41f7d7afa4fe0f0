//! Compares files that are generated from the table of rules.
//!
//! `UPDATE=1 cargo test --test it generated::` writes what these tests compare.

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use driverc::{
    configuration::Configuration,
    configuration::read as read_configuration,
    diff::{
        Direction,
        changes::{Cell, FieldChanges, row_in, sections},
    },
    model::{DriverClass, Field, Vocabulary},
    report::rules::index,
    rules::{self, ALL, RETIRED},
    targets::{TARGETS, index as index_of_targets, page},
};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Checks that a file has this content, or writes it.
fn check_or_write(name: &str, content: &str) {
    let current = fs::read_to_string(path(name)).unwrap_or_default();
    if current == content {
        return;
    }
    let update = std::env::var_os("UPDATE").is_some();
    assert!(update, "{name} is not up to date; run `UPDATE=1 cargo test --test it generated::`");
    fs::write(path(name), content).unwrap();
}

/// Returns the text with the part between two comments replaced.
fn with_part(text: &str, name: &str, part: &str) -> String {
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
    format!("{before}{begin}\n{part}\n{end}{after}")
}

#[test]
fn each_rule_has_page_and_index_is_up_to_date() {
    let retired = RETIRED.iter().map(|retired| &retired.rule);
    let rules = ALL.iter().map(|lint| lint.rule).chain(retired);
    let mut pages: BTreeSet<String> = rules.map(|rule| format!("{}.md", rule.name)).collect();
    pages.extend(["README.md", "accuracy.md", "overlaps.md", "parameters.md"].map(str::to_owned));
    let files = fs::read_dir(path("docs/rules")).unwrap();
    let files: BTreeSet<String> =
        files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, pages);
    check_or_write("docs/rules/README.md", &index());
}

#[test]
fn pages_of_targets_are_up_to_date() {
    for target in TARGETS {
        check_or_write(&format!("docs/targets/{}.md", target.name), &page(target));
    }
    let text = fs::read_to_string(path("docs/targets/README.md")).unwrap();
    check_or_write(
        "docs/targets/README.md",
        &with_part(&text, "targets", &index_of_targets(TARGETS)),
    );
    let pages = fs::read_dir(path("docs/targets")).unwrap().count();
    assert_eq!(pages, TARGETS.len() + 1);
}

#[test]
fn overlap_table_is_up_to_date() {
    let text = fs::read_to_string(path("docs/rules/overlaps.md")).unwrap();
    check_or_write("docs/rules/overlaps.md", &with_part(&text, "overlaps", &overlaps()));
}

/// The rules whose findings replace those of other rules.
fn overlaps() -> String {
    let mut table = "| reported | if | instead of |\n| --- | --- | --- |\n".to_owned();
    let superseding = ALL.iter().map(|lint| lint.rule);
    for rule in superseding.filter(|rule| !rule.supersedes.is_empty()) {
        let names: Vec<_> = rule.supersedes.iter().map(|name| link(name)).collect();
        writeln!(table, "| {} | {} | {} |", link(rule.name), rule.summary, names.join(", "))
            .unwrap();
    }
    table
}

fn link(rule: &str) -> String {
    format!("[`{rule}`]({rule}.md)")
}

#[test]
fn configuration_tables_are_up_to_date() {
    let text = fs::read_to_string(path("docs/configuration.md")).unwrap();
    let text = with_part(&text, "keys", &driverc::schema::configuration_keys());
    let text = with_part(&text, "evidence", &driverc::schema::evidence_keys());
    let text = with_part(&text, "emit", &driverc::schema::emit_keys());
    let text = with_part(&text, "verify", &driverc::schema::verify_keys());
    let text = with_part(&text, "capabilities", &capabilities());
    check_or_write("docs/configuration.md", &text);
}

#[test]
fn parameter_table_is_up_to_date() {
    let text = fs::read_to_string(path("docs/rules/parameters.md")).unwrap();
    let text = with_part(&text, "parameters", &parameters());
    check_or_write("docs/rules/parameters.md", &text);
}

/// The capabilities that each class requires by default.
fn capabilities() -> String {
    let mut table = "| classes | default |\n|---|---|\n".to_owned();
    let configuration = Configuration::default();
    let required = |class: &DriverClass| configuration.required_capabilities(*class);
    for classes in DriverClass::ALL.chunk_by(|one, other| required(one) == required(other)) {
        let quoted = |word: &str| format!("`{word}`");
        let names: Vec<_> = classes.iter().map(|class| quoted(class.label())).collect();
        let words: Vec<_> = required(&classes[0]).iter().map(|it| quoted(it.label())).collect();
        writeln!(table, "| {} | {} |", names.join(", "), words.join(", ")).unwrap();
    }
    table
}

/// The thresholds of all rules.
fn parameters() -> String {
    let mut table = "| rule | key | default | range | what it is |\n\
                     |---|---|---|---|---|\n"
        .to_owned();
    for rule in rules::configurable() {
        for (index, parameter) in rule.parameters.iter().enumerate() {
            let name = if index == 0 { format!("[{0}]({0}.md)", rule.name) } else { String::new() };
            writeln!(
                table,
                "| {name} | `{}` | {} | {}–{} | {} |",
                parameter.name, parameter.default, parameter.min, parameter.max, parameter.summary
            )
            .unwrap();
        }
    }
    table
}

#[test]
fn change_table_is_up_to_date() {
    for page in ["docs/diff.md", "docs/calls.md", "docs/requirements.md", "docs/servers.md"] {
        let text = fs::read_to_string(path(page)).unwrap();
        check_or_write(page, &with_part(&text, "changes", &changes(page)));
    }
}

/// Returns the page that has the table with this title.
fn page_with(title: &str) -> &'static str {
    match title {
        "[caller.<name>]" | "[[call]]" => "docs/calls.md",
        "[server.<name>]" => "docs/servers.md",
        "[[requirement]]" => "docs/requirements.md",
        _ => "docs/diff.md",
    }
}

/// A row of the table of changes, with the fields and directions that share it.
struct SharedRow {
    /// The title of the table.
    title: &'static str,
    cell: Cell,
    fields: Vec<Field>,
    directions: Vec<Direction>,
}

impl SharedRow {
    /// Returns true if the cell comes first in a field and direction that both rows have.
    fn precedes(&self, other: &Self) -> bool {
        let shared = self.directions.iter().filter(|one| other.directions.contains(one));
        let position = |of: &Self, field, direction| {
            cells(of.title, field).iter().position(|cell| *cell == Cell { direction, ..of.cell })
        };
        shared.copied().any(|direction| {
            let fields = self.fields.iter().filter(|field| other.fields.contains(field));
            fields
                .copied()
                .any(|field| position(self, field, direction) < position(other, field, direction))
        })
    }

    /// A line of the table. The fields are empty if the line above has the same ones.
    fn line(&self, above: &[Field]) -> String {
        let own = if self.fields == above { &[] } else { &self.fields[..] };
        let fields: Vec<_> = own.iter().map(|field| format!("`{}`", field.path())).collect();
        let directions: Vec<_> = self.directions.iter().map(|one| one.label()).collect();
        let Cell { when, severity, meaning, .. } = self.cell;
        let when = when.map(|when| format!(", if {}", when.label())).unwrap_or_default();
        let (fields, directions) = (fields.join(", "), directions.join(", "));
        format!("| {fields} | {directions}{when} | {severity} | {meaning} |\n")
    }
}

fn cells(title: &str, field: Field) -> &'static [Cell] {
    let FieldChanges::Compared(cells) = row_in(title, field) else { unreachable!("{field:?}") };
    cells
}

/// The meaning of each change, per table of a page. Fields and directions with equal cells share a row.
fn changes(page: &str) -> String {
    let mut text = String::new();
    for (title, fields) in sections().into_iter().filter(|(title, _)| page_with(title) == page) {
        let columns = "| fields | change | severity | meaning |";
        writeln!(text, "### `{title}`\n\n{columns}\n|---|---|---|---|").unwrap();
        let mut rows = shared_rows(title, fields);
        let mut above = Vec::new();
        while !rows.is_empty() {
            let is_next = |row: &SharedRow| !rows.iter().any(|other| other.precedes(row));
            let with_same_fields = rows.iter().position(|row| row.fields == above && is_next(row));
            let next = with_same_fields.or_else(|| rows.iter().position(is_next)).unwrap();
            let row = rows.remove(next);
            text += &row.line(&above);
            above = row.fields;
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

/// Joins the fields with the same cell, then the directions with the same fields and meaning.
fn shared_rows(title: &'static str, fields: Vec<Field>) -> Vec<SharedRow> {
    let mut by_cell: Vec<(Cell, Vec<Field>)> = Vec::new();
    for field in fields {
        for cell in cells(title, field) {
            match by_cell.iter_mut().find(|(other, _)| other == cell) {
                Some((_, fields)) => fields.push(field),
                None => by_cell.push((*cell, vec![field])),
            }
        }
    }
    let mut rows: Vec<SharedRow> = Vec::new();
    for (cell, fields) in by_cell {
        let direction = cell.direction;
        let is_same =
            |row: &&mut SharedRow| Cell { direction, ..row.cell } == cell && row.fields == fields;
        match rows.iter_mut().find(is_same) {
            Some(row) => row.directions.push(direction),
            None => rows.push(SharedRow { title, cell, fields, directions: vec![direction] }),
        }
    }
    rows
}

/// Returns the names in backticks that look like rule names.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split('`').skip(1).step_by(2);
    let kebab = |name: &&str| {
        name.contains('-')
            && !name.ends_with('-')
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            && !name.starts_with('-')
    };
    code.filter(kebab)
}

#[test]
fn handwritten_pages_name_only_existing_rules() {
    let other = [
        "cat-file",
        "fetch-depth",
        "ls-files",
        "ls-tree",
        "merge-base",
        "per-file-rules",
        "rev-parse",
    ];
    for page in
        ["docs/rules/overlaps.md", "docs/budget.md", "docs/configuration.md", "docs/diff.md"]
    {
        let text = fs::read_to_string(path(page)).unwrap();
        for name in names_in(&text).filter(|name| !other.contains(name)) {
            assert!(rules::find(name).is_some(), "{page} names `{name}`");
        }
    }
}

#[test]
fn configuration_examples_have_no_findings() {
    let text = fs::read_to_string(path("docs/configuration.md")).unwrap();
    let known: Vec<_> = rules::all().collect();
    let blocks = text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let (contracts, configurations): (Vec<_>, Vec<_>) =
        blocks.partition(|block| block.contains("[driver.") || block.contains("[[waiver]]"));
    assert_eq!((contracts.len(), configurations.len()), (2, 14));
    for block in configurations {
        let (_, _, findings) = read_configuration(block.into(), &known);
        assert_eq!(findings, [], "{block}");
    }
}
