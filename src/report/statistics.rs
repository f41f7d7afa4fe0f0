//! Counts findings by rule, and writes the counts as a table or as JSON.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use super::{
    Summary,
    json::{self, SCHEMA_VERSION},
    json_text::pretty,
};
use crate::{
    finding::{Finding, Level, Safety},
    source::Location,
};

/// The number of findings of one rule at one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleStatistics {
    /// The name of the rule.
    pub rule: &'static str,
    /// The level of these findings.
    pub level: Level,
    /// The number of findings.
    pub findings: usize,
    /// The number of findings with a fix that changes no signature.
    pub safe_fixes: usize,
    /// The number of findings with a fix that can change a signature.
    pub unsafe_fixes: usize,
}

/// Counts the findings of each rule. The rule with the most findings is first, and equal counts are
/// sorted by name. A rule whose level differs between files has one item per level.
pub fn statistics(findings: &[Finding<Location>]) -> Vec<RuleStatistics> {
    let mut counts: BTreeMap<(&'static str, Reverse<Level>), RuleStatistics> = BTreeMap::new();
    for Finding { rule, level, fix, .. } in findings {
        let (rule, level) = (rule.name, *level);
        let none = RuleStatistics { rule, level, findings: 0, safe_fixes: 0, unsafe_fixes: 0 };
        let count = counts.entry((rule, Reverse(level))).or_insert(none);
        count.findings += 1;
        match fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => count.safe_fixes += 1,
            Some(Safety::Unsafe) => count.unsafe_fixes += 1,
            None => {}
        }
    }
    let mut counts: Vec<_> = counts.into_values().collect();
    counts.sort_by_key(|count| Reverse(count.findings));
    counts
}

const HEADER: [&str; 5] = ["findings", "level", "rule", "safe fixes", "unsafe fixes"];

/// Writes one line per rule, below a header. Writes nothing if there are no rules.
pub fn write_text(rules: &[RuleStatistics], out: &mut dyn Write) -> io::Result<()> {
    if rules.is_empty() {
        return Ok(());
    }
    let header = HEADER.map(str::to_owned);
    let rows: Vec<_> = std::iter::once(header).chain(rules.iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let [most, levels, names, safe, unsafe_] = [0, 1, 2, 3, 4].map(width);
    rows.iter().try_for_each(|[findings, level, rule, fixes, unsafe_fixes]| {
        writeln!(
            out,
            "{findings:>most$}  {level:<levels$}  {rule:<names$}  {fixes:>safe$}  \
             {unsafe_fixes:>unsafe_$}"
        )
    })
}

fn cells(count: &RuleStatistics) -> [String; 5] {
    let RuleStatistics { rule, level, findings, safe_fixes, unsafe_fixes } = count;
    [
        findings.to_string(),
        level.to_string(),
        (*rule).to_owned(),
        safe_fixes.to_string(),
        unsafe_fixes.to_string(),
    ]
}

/// The documented JSON. Change it only together with [`SCHEMA_VERSION`].
#[derive(Serialize)]
struct Report<'r> {
    schema_version: u32,
    statistics: &'r [RuleStatistics],
    summary: json::Summary,
}

/// Writes the rules as JSON, with the number of findings per level.
pub fn write_json(rules: &[RuleStatistics], all: Summary, out: &mut dyn Write) -> io::Result<()> {
    let summary = json::Summary::from(all);
    let report = Report { schema_version: SCHEMA_VERSION, statistics: rules, summary };
    writeln!(out, "{}", pretty(&report)?)
}
