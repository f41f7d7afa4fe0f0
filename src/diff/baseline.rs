//! Compares the lines of two baselines.

use std::collections::BTreeSet;

use super::{AffectedConsumers, Change, ChangedItem, Difference, Direction, Part, Severity, order};
use crate::{
    lint::BaselineLines,
    model::{DriverName, Field},
    signature::parse_finding_signature,
};

/// A line of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedFinding {
    /// The rule.
    pub rule: String,
    /// The first driver that the line names, if it names one.
    pub driver: Option<DriverName>,
    /// The line.
    pub line: String,
    /// The name of the baseline.
    pub file: String,
}

impl Difference {
    /// Adds the lines that only one of two baselines has. An added line is risky. Skips malformed
    /// lines. `file` is the name of the baseline.
    pub fn add_baseline(&mut self, [old, new]: [&str; 2], file: &str) {
        let [old, new] = [old, new].map(|text| BaselineLines::parse(text).lines().collect());
        let [old, new]: [BTreeSet<&str>; 2] = [old, new];
        let change = |direction| move |line: &&str| change(line, file, direction);
        self.changes.extend(new.difference(&old).filter_map(change(Direction::Add)));
        self.changes.extend(old.difference(&new).filter_map(change(Direction::Remove)));
        self.changes.sort_by(|left, right| order(left).cmp(&order(right)));
        super::number_equal_paths(&mut self.changes);
    }
}

fn change(line: &str, file: &str, direction: Direction) -> Option<Change> {
    let names = parse_finding_signature(line).ok()?;
    let item = ListedFinding {
        rule: names.rule.to_owned(),
        driver: names.driver.and_then(|name| DriverName::new(name).ok()),
        line: line.to_owned(),
        file: file.to_owned(),
    };
    let is_added = direction == Direction::Add;
    Some(Change {
        severity: if is_added { Severity::Risky } else { Severity::Compatible },
        contract: ChangedItem::Baseline(item),
        field: Field::Baseline,
        part: Part::default(),
        direction,
        old: None,
        new: None,
        meaning: if is_added {
            "a finding that was reported is now accepted"
        } else {
            "an accepted finding is reported again, unless it was fixed"
        },
        template: None,
        drivers: Vec::new(),
        consequences: Vec::new(),
        consumers: AffectedConsumers::default(),
        notes: Vec::new(),
        waiver_pending: false,
        accepted: None,
    })
}
