//! The meaning of changes between two workspaces.

mod acceptance;
mod benchmarks;
mod calls;
mod edits;
mod formats;
mod latencies;
mod outlook;
mod paths;
mod requirements;
mod scopes;
mod servers;
mod severities;

use std::collections::BTreeSet;

use driverc::{
    configuration::Configuration,
    diff::{
        Change, Difference, Direction, Severity,
        changes::{Cell, FieldChanges, row_in, sections},
    },
    document,
    model::{Field, Name},
    signature::{benchmark_signature, budget_signature, driver_signature},
    source::Source,
    workspace::Workspace,
};
use proptest::{collection, prelude::*, sample};

use self::edits::{BASE, EDITS, Edit};

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let read = |(name, text): &(&str, &str)| {
        let (text, document) = document::read_bytes(text.as_bytes().to_vec());
        (Source::new(*name, text), document)
    };
    Workspace::new(files.iter().map(read).collect())
}

fn configured() -> Configuration {
    let support_tiers = ["tier1", "tier2"].map(|tier| Name::new(tier).expect("a name")).to_vec();
    Configuration { support_tiers, ..Configuration::default() }
}

fn between(old: &str, new: &str) -> Difference {
    let [old, new] = [old, new].map(|text| workspace(&[("contracts/a.toml", text)]));
    Difference::between(&old, &new, &configured())
}

fn kind_of(change: &Change) -> (&'static str, Field, Direction) {
    (change.contract.kind(), change.field, change.direction)
}

/// Returns the only change between two texts.
#[track_caller]
fn only(old: &str, new: &str) -> Change {
    let mut changes = between(old, new).changes;
    assert_eq!(changes.len(), 1, "{changes:#?}");
    changes.remove(0)
}

#[test]
fn base_document_has_no_findings() {
    assert_eq!(workspace(&[("base.toml", BASE)]).findings(), []);
    assert_eq!(between(BASE, BASE), Difference::default());
}

#[test]
fn each_edit_changes_only_expected_fields_in_both_directions() {
    for edit in EDITS {
        let edited = edit.apply();
        let fields = |direction| {
            let fields = edit.fields.iter();
            fields.map(|field| (edit.kind, *field, direction)).collect::<BTreeSet<_>>()
        };
        let made = between(BASE, &edited).changes;
        let reversed = between(&edited, BASE).changes;
        let all = |changes: &[Change]| changes.iter().map(kind_of).collect::<BTreeSet<_>>();
        assert_eq!(all(&made), fields(edit.direction), "{} {}", edit.from, edit.to);
        assert_eq!(all(&reversed), fields(edit.reversed()), "{} {}", edit.to, edit.from);
        for change in made.iter().chain(&reversed) {
            assert_eq!(change.severity, severity(change), "{change:#?}");
        }
    }
}

/// Returns the severity in the table. Fails the test if the table lacks the direction.
#[track_caller]
fn severity(change: &Change) -> Severity {
    let title = format!("[[{}]]", change.contract.kind());
    let FieldChanges::Compared(cells) = row_in(&title, change.field) else { panic!("{change:#?}") };
    let is_of = |cell: &&Cell| cell.direction == change.direction && cell.meaning == change.meaning;
    cells.iter().find(is_of).unwrap_or_else(|| panic!("{change:#?}")).severity
}

#[test]
fn every_cell_of_change_table_has_test_edit() {
    let kinds = [
        "driver",
        "budget",
        "workload",
        "server",
        "benchmark",
        "waiver",
        "caller",
        "call",
        "requirement",
    ];
    let mut cells = BTreeSet::new();
    for (kind, (title, fields)) in kinds.into_iter().zip(sections()) {
        assert!(title.contains(kind), "{title}");
        for field in fields {
            let FieldChanges::Compared(all) = row_in(title, field) else {
                unreachable!("{field:?}")
            };
            cells.extend(all.iter().map(|cell| (kind, field, cell.direction)));
        }
    }
    let of = |edit: &Edit| {
        let directions = [edit.direction, edit.reversed()];
        let fields = edit.fields.to_vec();
        let kind = edit.kind;
        directions.into_iter().flat_map(move |direction| {
            fields.clone().into_iter().map(move |field| (kind, field, direction))
        })
    };
    let edited: BTreeSet<_> = EDITS.iter().flat_map(of).collect();
    assert_eq!(edited, cells);
}

/// The top-level tables of the base, as separate texts.
fn tables() -> Vec<String> {
    let mut tables: Vec<String> = Vec::new();
    for line in BASE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('[') {
            tables.push(String::new());
        }
        let table = tables.last_mut().expect("a table");
        *table += line;
        *table += "\n";
    }
    tables
}

/// Returns the text with different blanks, comments and line endings.
fn reformatted(text: &str, comment: &str, crlf: bool) -> String {
    let end = if crlf { "\r\n" } else { "\n" };
    let line = |line: &str| match line.split_once(" = ") {
        Some((key, value)) => format!("\t{key}   =  {value} # {comment}{end}"),
        None => format!("# {comment}{end}{end}{line}{end}"),
    };
    text.lines().map(line).collect()
}

proptest! {
    #[test]
    fn moved_split_and_reformatted_files_are_not_changes(
        order in Just((0..tables().len()).collect::<Vec<_>>()).prop_shuffle(),
        files in collection::vec(0..3_usize, tables().len()),
        comment in "[a-z =\\[\\]]{0,12}",
        crlf: bool,
    ) {
        // The tables of a driver stay together, because TOML requires it.
        let tables = tables();
        let driver: Vec<_> = tables.iter().filter(|table| table.starts_with("[driver")).collect();
        let mut texts = [const { String::new() }; 3];
        texts[files[0]] += &reformatted(&driver.into_iter().cloned().collect::<String>(), &comment, crlf);
        for index in order {
            if !tables[index].starts_with("[driver") {
                texts[files[index]] += &reformatted(&tables[index], &comment, crlf);
            }
        }
        let names = ["contracts/z.toml", "contracts/b/a.toml", "contracts/a.toml"];
        let new: Vec<_> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
        let (old, new) = (workspace(&[("a.toml", BASE)]), workspace(&new));
        prop_assert_eq!(new.findings(), []);
        prop_assert_eq!(Difference::between(&old, &new, &configured()), Difference::default());
    }

    #[test]
    fn reversed_comparison_lists_same_fields(
        edits in sample::subsequence((1..EDITS.len()).collect::<Vec<_>>(), 0..6),
    ) {
        let mut text = BASE.to_owned();
        for edit in edits {
            text = text.replace(EDITS[edit].from, EDITS[edit].to);
        }
        let fields = |difference: Difference| -> BTreeSet<String> {
            difference.changes.iter().map(Change::path).collect()
        };
        let [made, reversed] = [between(BASE, &text), between(&text, BASE)];
        for difference in [&made, &reversed] {
            let paths: BTreeSet<_> = difference.changes.iter().map(Change::path).collect();
            prop_assert_eq!(paths.len(), difference.changes.len());
        }
        prop_assert_eq!(fields(made), fields(reversed));
    }

    #[test]
    fn each_changed_signature_token_has_location(
        edits in sample::subsequence((1..EDITS.len()).collect::<Vec<_>>(), 0..6),
    ) {
        let mut text = BASE.to_owned();
        for edit in edits {
            text = text.replace(EDITS[edit].from, EDITS[edit].to);
        }
        let [old, new] = [BASE, &text].map(|text| workspace(&[("a.toml", text)]));
        let difference = Difference::between(&old, &new, &configured());
        let [old, new] = [tokens(&old), tokens(&new)];
        let traced = |is_new: bool| -> BTreeSet<&str> {
            let sides = difference.changes.iter().map(|change| if is_new { &change.new } else { &change.old });
            sides.flatten().filter_map(|side| side.token.as_deref()).collect()
        };
        for token in old.difference(&new).filter(|token| !identifies_item(token)) {
            prop_assert!(traced(false).contains(token.as_str()), "{}", token);
        }
        for token in new.difference(&old).filter(|token| !identifies_item(token)) {
            prop_assert!(traced(true).contains(token.as_str()), "{}", token);
        }
    }
}

/// Returns all tokens of the signatures of the driver, the budgets and the first benchmark.
fn tokens(workspace: &Workspace) -> BTreeSet<String> {
    let drivers = workspace.drivers().filter(|driver| driver.name.as_str() == "example");
    let mut lines: Vec<_> = drivers.map(driver_signature).collect();
    lines.extend(workspace.budgets().map(budget_signature));
    lines.extend(workspace.benchmarks().take(1).map(benchmark_signature));
    lines.iter().flat_map(|line| line.split('|').map(str::to_owned)).collect()
}

/// Returns true for a token that identifies the item.
fn identifies_item(token: &str) -> bool {
    ["profile=", "scope=", "driver="].iter().any(|name| token.starts_with(name))
}

const OWN_SCOPE: &str = "[budget.heavy_data.driver.example]\nmax_p95_latency_ms = ";

#[test]
fn narrower_scope_with_looser_limit_is_risky() {
    let change = only(BASE, &format!("{BASE}{OWN_SCOPE}150\n"));
    assert_eq!(kind_of(&change), ("budget", Field::MaxP95LatencyMs, Direction::Increase));
    assert_eq!(change.severity, Severity::Risky);
    assert_eq!(change.path(), "budget.heavy_data.driver.example.max_p95_latency_ms");
    assert_eq!(change.notes, ["set by scope `all` before, by `driver:example` now"]);

    let tighter = only(BASE, &format!("{BASE}{OWN_SCOPE}100\n"));
    assert_eq!(tighter.severity, Severity::Compatible);
}

#[test]
fn changed_limit_that_affects_no_driver_is_compatible() {
    let own = format!("{BASE}{OWN_SCOPE}120\n");
    let change = only(BASE, &own);
    assert_eq!(kind_of(&change), ("budget", Field::MaxP95LatencyMs, Direction::Add));
    assert_eq!(change.severity, Severity::Compatible);
    assert_eq!(change.drivers, []);
    // The driver has its own limit, so the limit for all drivers no longer affects it.
    let wider = own.replacen("max_p95_latency_ms = 120", "max_p95_latency_ms = 999", 1);
    assert_eq!(only(&own, &wider).severity, Severity::Compatible);
}

#[test]
fn driver_renamed_and_changed_is_reported_as_removed_and_added() {
    let new = BASE.replace("example", "renamed").replace("max_attempts = 3", "max_attempts = 4");
    let names = |change: &&Change| change.field == Field::Name;
    let difference = between(BASE, &new);
    let changes: Vec<_> = difference.changes.iter().filter(names).map(kind_of).collect();
    assert_eq!(
        changes,
        [("driver", Field::Name, Direction::Remove), ("driver", Field::Name, Direction::Add)]
    );
}

#[test]
fn change_that_gives_metric_another_role_has_note() {
    let swapped = BASE
        .replace("timeout_metric = \"example_timeouts_total\"", "timeout_metric = \"x\"")
        .replace(
            "retry_metric = \"example_retries_total\"",
            "retry_metric = \"example_timeouts_total\"",
        );
    let difference = between(BASE, &swapped);
    let moved = difference.changes.iter().find(|change| change.field == Field::RetryMetric);
    assert_eq!(
        moved.unwrap().notes,
        ["`example_timeouts_total` was the `timeout_metric` and is now the `retry_metric`: its \
          readers see other data"]
    );
}

#[test]
fn removal_of_failing_benchmark_has_note() {
    let failing = BASE.replace("p95_latency_ms = 73", "p95_latency_ms = 173");
    let lost = failing[..failing.find("[[benchmark]]").unwrap()].to_owned()
        + &failing[failing.find("# another sample").unwrap()..];
    let change = only(&failing, &lost);
    assert_eq!(change.notes, ["the removed benchmark fails its budget"]);
}

#[test]
fn fields_with_read_errors_are_not_compared() {
    let broken = BASE.replace("max_in_flight = 20", "max_in_flight = 0");
    assert_eq!(between(BASE, &broken).changes, []);
    assert_eq!(between(&broken, BASE).changes, []);
}

/// A waiver for a change.
fn waiver(rule: &str, driver: &str, expires: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"{rule}\"\n{driver}reason = \"agreed\"\nowner = \"us\"\n\
         expires = {expires}\n"
    )
}
