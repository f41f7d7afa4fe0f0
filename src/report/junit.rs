//! Writes findings as `JUnit` XML in the dialect of Ant: one suite per file, one test case per
//! finding.
//!
//! The schema requires a time and a host. Both are constant, so that equal input gives equal
//! output.

pub(super) mod xml;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use self::xml::xml;
use super::{FindingsReport, details::details, index::IndexedSources};
use crate::{
    finding::Finding,
    lint::Accepted,
    source::{Location, SourceId},
};

/// The findings of one file.
#[derive(Default)]
struct Suite<'r> {
    open: Vec<&'r Finding<Location>>,
    accepted: Vec<&'r Accepted>,
}

/// Writes one indented document with a final newline.
pub(super) fn write(
    run: &FindingsReport<'_>,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_start(out)?;
    write_file_suites(run, sources, 0, out)?;
    write_end(out)
}

pub(super) fn write_start(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>")
}

pub(super) fn write_end(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</testsuites>")
}

/// Writes one suite per file, numbered from `first`.
pub(super) fn write_file_suites(
    run: &FindingsReport<'_>,
    sources: &IndexedSources<'_>,
    first: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (id, (source, suite)) in (first..).zip(&suites(run)) {
        let name = xml(&sources.path(*source));
        suite.write(id, &name, sources, out)?;
    }
    Ok(())
}

/// Writes the start of a suite, with the owners of its findings. The caller must then write the
/// test cases of the suite.
pub(super) fn write_suite_start(
    name: &str,
    id: usize,
    (tests, failures, skipped): (usize, usize, usize),
    owners: &BTreeSet<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "  <testsuite name=\"{name}\" package=\"driverc\" id=\"{id}\"")?;
    write!(out, " timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\" tests=\"{tests}\"")?;
    write!(out, " failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\"")?;
    if owners.is_empty() {
        return writeln!(out, ">\n    <properties/>");
    }
    writeln!(out, ">\n    <properties>")?;
    for owner in owners {
        writeln!(out, "      <property name=\"owner\" value=\"{}\"/>", xml(owner))?;
    }
    writeln!(out, "    </properties>")
}

/// Returns one suite per file that was checked or has a finding, in the order of the files.
fn suites<'r>(run: &FindingsReport<'r>) -> BTreeMap<SourceId, Suite<'r>> {
    let sources = run.sources.iter().map(|(source, _)| source);
    let checked = sources.filter(|source| run.checked.is_none_or(|only| only.contains(source)));
    let mut suites: BTreeMap<_, Suite<'_>> =
        checked.map(|source| (source, Suite::default())).collect();
    for finding in run.findings {
        suites.entry(finding.place.source).or_default().open.push(finding);
    }
    for accepted in run.accepted {
        suites.entry(accepted.finding.place.source).or_default().accepted.push(accepted);
    }
    suites
}

impl Suite<'_> {
    fn write(
        &self,
        id: usize,
        name: &str,
        sources: &IndexedSources<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        // The schema requires a name that is not empty.
        let name = if name.trim().is_empty() { "-" } else { name };
        let (failures, skipped) = (self.open.len(), self.accepted.len());
        let tests = (failures + skipped).max(1);
        let open = self.open.iter().filter_map(|finding| finding.owner.as_deref());
        let accepted = self.accepted.iter().filter_map(|it| it.finding.owner.as_deref());
        let owners: BTreeSet<_> = open.chain(accepted).collect();
        write_suite_start(name, id, (tests, failures, skipped), &owners, out)?;
        self.write_cases(name, sources, out)?;
        writeln!(out, "    <system-out/>\n    <system-err/>\n  </testsuite>")
    }

    fn write_cases(
        &self,
        file: &str,
        sources: &IndexedSources<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.open.is_empty() && self.accepted.is_empty() {
            return writeln!(
                out,
                "    <testcase name=\"driverc\" classname=\"{file}\" time=\"0\"/>"
            );
        }
        let mut names = Names::default();
        for finding in &self.open {
            write_case(&names.of(finding), file, out)?;
            write_failure(finding, sources, out)?;
        }
        for accepted in &self.accepted {
            write_case(&names.of(&accepted.finding), file, out)?;
            let by = accepted_text(accepted);
            writeln!(out, "      <skipped message=\"{by}\"/>\n    </testcase>")?;
        }
        Ok(())
    }
}

fn write_case(name: &str, file: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "    <testcase name=\"{name}\" classname=\"{file}\" time=\"0\">")
}

fn write_failure(
    finding: &Finding<Location>,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (message, level) = (xml(&finding.message), finding.level);
    write!(out, "      <failure message=\"{message}\" type=\"{level}\">")?;
    write!(out, "{}: {message}", xml(&sources.start(finding.place)))?;
    for line in details(finding, sources) {
        write!(out, "\n{}", xml(&line))?;
    }
    writeln!(out, "</failure>\n    </testcase>")
}

/// Returns a text that says how a finding was accepted, with the reason.
fn accepted_text(accepted: &Accepted) -> String {
    let (by, reason) = (accepted.by.words(), xml(&accepted.reason));
    let colon = if reason.is_empty() { "" } else { ": " };
    format!("accepted by {by}{colon}{reason}")
}

/// The names of the test cases in a suite. They contain no line numbers, because tools compare test
/// cases between runs by name. Equal names get a counter.
#[derive(Default)]
struct Names {
    counts: BTreeMap<String, usize>,
}

impl Names {
    fn of(&mut self, finding: &Finding<Location>) -> String {
        let name = format!("{}: {}", finding.rule.name, xml(&finding.message));
        let count = self.counts.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name} ({count})") }
    }
}
