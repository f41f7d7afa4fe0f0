//! Accepts the findings that the baseline lists, and reports invalid or unused lines.
//!
//! A baseline is a set of lines. Their order and repeated lines never matter.

use std::ops::Range;

use super::{Findings, finding_identities, known::covers, levels::Levels};
use crate::{
    finding::Finding,
    rules::{
        self,
        suppression::{BASELINE_MALFORMED, BASELINE_UNUSED},
    },
    signature::{FindingSignature, SignatureError, parse_finding_signature, split_figure},
    source::{Location, SourceId, Span, offset},
    toml::{findings::DocumentFindings, spelling::truncated},
    workspace::{self, Workspace},
};

/// The starts of the lines that git writes into a file with conflicts.
const CONFLICT_MARKERS: [&str; 4] = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];

/// The character with which some editors start a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The lines of a baseline.
#[derive(Debug, Default)]
pub struct BaselineLines<'t> {
    /// The valid lines, sorted, without repeated lines.
    lines: Vec<BaselineLine<'t>>,
    faults: Vec<Finding<Span>>,
}

#[derive(Debug)]
struct BaselineLine<'t> {
    text: &'t str,
    span: Span,
    names: FindingSignature<'t>,
    used: bool,
}

impl<'t> BaselineLines<'t> {
    /// Parses a baseline. Skips empty lines. A byte order mark is a fault, but the first line is
    /// parsed.
    pub fn parse(text: &'t str) -> Self {
        let (mut lines, mut faults) = (Vec::new(), DocumentFindings::default());
        let without_mark = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let mut start = text.len() - without_mark.len();
        if start > 0 {
            faults.push(byte_order_mark(Span::new(0, offset(start))));
        }
        for whole in without_mark.split_inclusive('\n') {
            let line = whole.strip_suffix('\n').unwrap_or(whole);
            let line = line.strip_suffix('\r').unwrap_or(line);
            let span = Span::new(offset(start), offset(start + line.len()));
            start += whole.len();
            if line.is_empty() {
                continue;
            }
            match parse_finding_signature(line) {
                Ok(names) => lines.push(BaselineLine { text: line, span, names, used: false }),
                Err(error) => faults.push(malformed(line, span, &error)),
            }
        }
        if !lines.is_sorted_by(|left, right| left.text < right.text) {
            // The sort is stable, so the first of equal lines remains.
            lines.sort_by_key(|line| line.text);
            lines.dedup_by_key(|line| line.text);
        }
        Self { lines, faults: faults.in_order() }
    }

    /// Returns the valid lines, sorted, without repeated lines.
    pub fn lines(&self) -> impl Iterator<Item = &'t str> {
        self.lines.iter().map(|line| line.text)
    }

    /// Returns the findings about lines that are not valid.
    pub fn faults(&self) -> &[Finding<Span>] {
        &self.faults
    }

    /// Returns true if the baseline lists all identities of a finding, at least one. Marks their
    /// lines as used.
    pub(super) fn accept(&mut self, identities: &[String]) -> bool {
        for identity in identities {
            let near = self.near(identity);
            for line in &mut self.lines[near] {
                line.used |= covers(line.text, identity);
            }
        }
        self.lists_all(identities)
    }

    /// Returns true if the baseline lists all identities of a finding, at least one.
    pub(super) fn lists_all(&self, identities: &[String]) -> bool {
        let lists = |identity: &String| {
            self.lines[self.near(identity)].iter().any(|line| covers(line.text, identity))
        };
        !identities.is_empty() && identities.iter().all(lists)
    }

    /// Returns the range of the lines that can list an identity: equal lines, or lines with another
    /// figure.
    fn near(&self, identity: &str) -> Range<usize> {
        let Some((start, _)) = split_figure(identity) else {
            let found = self.lines.binary_search_by(|line| line.text.cmp(identity));
            return found.map_or(0..0, |index| index..index + 1);
        };
        let first = self.lines.partition_point(|line| line.text < start);
        let near = self.lines[first..].iter().take_while(|line| line.text.starts_with(start));
        first..first + near.count()
    }

    /// Returns the lines that match no finding although their rule is enabled.
    pub(super) fn unused(
        &self,
        workspace: &Workspace,
        levels: &Levels<'_>,
    ) -> impl Iterator<Item = (&'t str, Finding<Span>)> {
        let unused = self.lines.iter().filter(move |line| line.is_unused(workspace, levels));
        unused.map(|line| (line.text, unused_line(line)))
    }
}

impl BaselineLine<'_> {
    /// Returns true if the line matches no finding. A line of a rule that is off, or that only other
    /// commands report, can match a finding that was not searched for.
    fn is_unused(&self, workspace: &Workspace, levels: &Levels<'_>) -> bool {
        if self.used {
            return false;
        }
        let Some(rule) = rules::find(self.names.rule) else { return true };
        let file = self.names.driver.and_then(|name| workspace.source_of(name));
        let is_on = match file {
            Some(file) => levels.level(rule, file).is_some(),
            None => levels.holds(rule),
        };
        // A baseline lists only what `check` reports.
        let is_checked = !rules::is_raised_elsewhere(rule)
            || rules::is_of_evidence(rule) && levels.requires_evidence();
        is_on && is_checked
    }
}

/// The baseline of a workspace.
pub(super) struct Baseline<'w> {
    source: SourceId,
    pub(super) lines: BaselineLines<'w>,
}

impl<'w> Baseline<'w> {
    /// Parses the baseline of a workspace, if there is one.
    pub(super) fn of(workspace: &'w Workspace) -> Option<Self> {
        let source = workspace.baseline()?;
        let text = workspace.sources().source(source).text().ok()?;
        Some(Self { source, lines: BaselineLines::parse(text) })
    }

    /// Returns the findings about the baseline. Lines can be unused only if every document of the
    /// project was read without errors.
    pub(super) fn findings(
        &self,
        workspace: &Workspace,
        levels: &Levels<'_>,
    ) -> Vec<Finding<Location>> {
        let mut faults = DocumentFindings::default();
        faults.extend(self.lines.faults.iter().cloned());
        if workspace.shows_what_is_unused() {
            faults.extend(self.lines.unused(workspace, levels).map(|(_, finding)| finding));
        }
        let located = |span| Location { source: self.source, span };
        faults.in_order().into_iter().map(|finding| finding.map_places(located)).collect()
    }
}

/// Returns the findings about the lines of the baseline that match none of these findings. Returns
/// `None` if the workspace has no baseline, or if its documents do not show all findings.
pub(super) fn unused_lines(
    workspace: &Workspace,
    findings: &Findings,
    levels: &Levels<'_>,
) -> Option<Vec<Finding<Location>>> {
    let mut baseline = Baseline::of(workspace).filter(|_| workspace.shows_what_is_unused())?;
    let accepted = findings.accepted.iter().map(|accepted| &accepted.finding);
    for finding in findings.open.iter().chain(accepted) {
        baseline.lines.accept(&finding_identities(workspace, finding));
    }
    let located = |span| Location { source: baseline.source, span };
    let unused = baseline.lines.unused(workspace, levels);
    let mut unused: Vec<_> = unused.map(|(_, finding)| finding.map_places(located)).collect();
    workspace::sort(&mut unused);
    Some(unused)
}

fn malformed(line: &str, span: Span, error: &SignatureError) -> Finding<Span> {
    if CONFLICT_MARKERS.iter().any(|marker| line.starts_with(marker)) {
        return BASELINE_MALFORMED
            .finding(span, "a merge conflict marker is not a line of a baseline")
            .help("keep the lines of both sides and delete the conflict markers");
    }
    let SignatureError { offset: at, key, message } = error;
    let at = (*at).min(line.len());
    let at = Span::new(span.start + offset(at), span.end.max(span.start + 1));
    let message = match key {
        Some(key) => format!("invalid `{key}`: {}", truncated(message)),
        None => truncated(message).into_owned(),
    };
    BASELINE_MALFORMED
        .finding(at, message)
        .help("delete the line, then run `driverc baseline --add`")
}

fn byte_order_mark(span: Span) -> Finding<Span> {
    BASELINE_MALFORMED
        .finding(span, "the file starts with a byte order mark")
        .help("save the file as UTF-8 without a byte order mark")
}

fn unused_line(line: &BaselineLine<'_>) -> Finding<Span> {
    let name = line.names.rule;
    let message = if rules::find(name).is_none() {
        format!("no finding matches this line: there is no rule `{}`", truncated(name))
    } else {
        "no finding matches this line".to_owned()
    };
    BASELINE_UNUSED.finding(line.span, message).help("run `driverc baseline --prune`")
}
