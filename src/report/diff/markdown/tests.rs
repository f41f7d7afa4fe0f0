//! Tests the size of the Markdown format, and what it leaves out.

use std::fmt::Write as _;

use proptest::{collection, prelude::*, sample};

use super::*;
use crate::{
    configuration::Configuration, diff::Difference, document, report::diff::DiffReport,
    source::Source, workspace::Workspace,
};

const EXAMPLE: &str = include_str!("../../../cli/init/example.toml");
/// Text that has a meaning in Markdown, with characters of several bytes.
const HOSTILE: &str = "数|`<b>🦀\\n";

/// The change of one driver.
#[derive(Clone, Copy, Debug)]
enum DriverChange {
    Nothing,
    /// A breaking change.
    Removed,
    /// A risky change with a row of its own.
    Queue,
    /// A risky change with a row that several drivers share.
    SharedQueue,
    /// A compatible change.
    Added,
    /// A compatible change with a long text: this number of repetitions.
    Guide(usize),
}

fn changes() -> impl Strategy<Value = Vec<DriverChange>> {
    use DriverChange::{Added, Guide, Nothing, Queue, Removed, SharedQueue};
    let simple = sample::select(vec![Nothing, Removed, Queue, SharedQueue, Added]);
    collection::vec(prop_oneof![3 => simple, 1 => (0..100_usize).prop_map(Guide)], 0..40)
}

/// Returns the texts of both sides.
fn sides(changes: &[DriverChange]) -> [String; 2] {
    let driver = &EXAMPLE[EXAMPLE.find("[driver.example]").unwrap()..];
    let driver = &driver[..driver.find("# The limits for every driver").unwrap()];
    let mut sides = [String::new(), String::new()];
    for (number, change) in changes.iter().enumerate() {
        let text = driver.replace("example", &format!("d{number:02}"));
        let queue =
            |depth| text.replace("max_queue_depth = 200", &format!("max_queue_depth = {depth}"));
        let [old, new] = match change {
            DriverChange::Nothing => [text.clone(), text],
            DriverChange::Removed => [text, String::new()],
            DriverChange::Added => [String::new(), text],
            DriverChange::Queue => [text.clone(), queue(100 + number)],
            DriverChange::SharedQueue => [text.clone(), queue(99)],
            DriverChange::Guide(repetitions) => {
                let guide = format!("tuning_guide = \"{}\"", HOSTILE.repeat(*repetitions));
                [text.clone(), text.replace("tuning_guide = \"\"", &guide)]
            }
        };
        _ = write!(sides[0], "{old}");
        _ = write!(sides[1], "{new}");
    }
    sides
}

fn workspace(text: String) -> Workspace {
    let (text, document) = document::read_bytes(text.into_bytes());
    Workspace::new(vec![(Source::new("a.toml", text), document)])
}

/// Returns the output, and the number of breaking or risky changes and of all changes.
fn written(changes: &[DriverChange], against: &str, most: usize) -> (String, [usize; 2]) {
    let [old, new] = sides(changes).map(workspace);
    let difference = Difference::between(&old, &new, &Configuration::default());
    let (directory, fail_on) = ("", Severity::Breaking);
    let report =
        DiffReport { difference: &difference, old: &old, new: &new, against, directory, fail_on };
    let mut out = Vec::new();
    write(&View::new(&report).folded(), most, &mut out).unwrap();
    let all = difference.changes.len();
    (String::from_utf8(out).unwrap(), [all - difference.count(Severity::Compatible), all])
}

/// Returns the number of changes of a row.
fn changes_of(row: &str) -> usize {
    let paths: Vec<_> = row.split('|').nth(2).unwrap().trim().split("<br>").collect();
    let more = paths.last().unwrap().strip_prefix("and ").map(|more| more.strip_suffix(" more"));
    match more.flatten() {
        Some(more) => paths.len() - 1 + more.parse::<usize>().unwrap(),
        None => paths.len(),
    }
}

/// Returns the number of changes that a note says are not shown.
fn left(text: &str) -> usize {
    let note = text.lines().find_map(|line| line.strip_prefix("Not shown: "));
    note.map_or(0, |note| note.split(' ').next().unwrap().parse().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn output_of_any_size_has_whole_rows_and_omits_compatible_changes_first(
        changes in changes(),
        most in 1_500..8_000_usize,
        against in sample::select(vec!["main", HOSTILE]),
    ) {
        let (text, [severe, all]) = written(&changes, against, most);
        prop_assert!(text.len() <= most, "{} bytes of {most}", text.len());
        prop_assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        let rows: Vec<_> =
            text.lines().filter(|line| line.starts_with('|') && !HEAD.contains(line)).collect();
        for row in &rows {
            prop_assert!(row.ends_with(" |") && row.matches('|').count() == 6, "{row}");
        }
        let shown: usize = rows.iter().map(|row| changes_of(row)).sum();
        prop_assert_eq!(shown + left(&text), all);
        let compatible = rows.iter().filter(|row| row.starts_with("| compatible"));
        let compatible: usize = compatible.map(|row| changes_of(row)).sum();
        prop_assert!(compatible == 0 || shown - compatible == severe, "{text}");
    }
}

#[test]
fn compatible_changes_of_large_difference_are_folded() {
    let table = |count| {
        let added = [vec![DriverChange::Added; count], vec![DriverChange::Removed]].concat();
        let (text, _) = written(&added, "main", 65_000);
        let (open, folded) = text.split_once("<details>").unwrap();
        let rows = |text: &str| text.matches("\n| compatible |").count();
        (rows(open), rows(folded), folded.contains("<summary>compatible changes</summary>"))
    };
    assert_eq!(table(MOST_OPEN_ROWS - 1), (MOST_OPEN_ROWS - 1, 0, false));
    assert_eq!(table(MOST_OPEN_ROWS), (0, MOST_OPEN_ROWS, true));
}
