//! Writes `JUnit` XML: one suite with a test case per driver and profile, then one suite per file
//! with findings.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use super::{BudgetResults, origin, rank};
use crate::{
    budget::DriverProfile,
    model::Verdict,
    report::{
        FindingsReport,
        junit::{write_end, write_file_suites, write_start, write_suite_start, xml::xml},
    },
};

pub(super) fn write(results: &BudgetResults<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_start(out)?;
    let failures = results.pairs.iter().filter(|pair| pair.verdict() != Verdict::Pass).count();
    write_suite_start("budgets", 0, (results.pairs.len(), failures, 0), &BTreeSet::new(), out)?;
    results.pairs.iter().try_for_each(|pair| write_case(pair, results, out))?;
    writeln!(out, "    <system-out/>\n    <system-err/>\n  </testsuite>")?;
    let files = BTreeSet::new();
    let run = FindingsReport { checked: Some(&files), ..results.run };
    write_file_suites(&run, &run.indexed_in_repository(), 1, out)?;
    write_end(out)
}

/// Writes one test case. Its name contains no figures, because tools compare test cases between
/// runs by name.
fn write_case(
    pair: &DriverProfile,
    results: &BudgetResults<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let origin = origin(&pair.deciding().sample);
    write!(
        out,
        "    <testcase name=\"{} ({origin})\" classname=\"{}\" time=\"0\"",
        pair.profile.label(),
        pair.driver
    )?;
    let level = match pair.verdict() {
        Verdict::Pass => return writeln!(out, "/>"),
        Verdict::Fail => "error",
        Verdict::Inconclusive => "warn",
    };
    let message = xml(&pair.deciding().judgement.reason());
    write!(out, ">\n      <failure message=\"{message}\" type=\"{level}\">")?;
    write!(out, "{}", pair.verdict().label())?;
    for (number, assessed) in pair.benchmarks.iter().enumerate() {
        let rank = rank(pair, number, results.fold);
        let rank = if rank.is_empty() { rank } else { format!("{rank}: ") };
        for reason in assessed.judgement.reasons() {
            write!(out, "\n{}", xml(&format!("{rank}{reason}")))?;
        }
    }
    writeln!(out, "</failure>\n    </testcase>")
}
