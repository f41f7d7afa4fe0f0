//! Applies suppression comments and reports invalid or unused ones.

use std::collections::BTreeMap;

use super::{
    acceptable::{acceptable, intended},
    levels::Levels,
};
use crate::{
    finding::{Edit, EditAction, Finding, Rule, Safety},
    rules::{
        self,
        suppression::{
            SUPPRESSION_MALFORMED, SUPPRESSION_UNKNOWN_RULE, SUPPRESSION_UNUSED,
            SUPPRESSION_WITHOUT_REASON,
        },
    },
    source::{Location, SourceId, Span},
    toml::{spelling::truncated, suppression::Suppression},
    workspace::{CappedFindings, Workspace},
};

/// The suppressions of a workspace. Records which rule names of a suppression were used.
pub(super) struct Comments<'w> {
    workspace: &'w Workspace,
    entries: Vec<Entry<'w>>,
    /// The spans that comments cover in each source, in order.
    covers: BTreeMap<SourceId, Vec<Cover<'w>>>,
    /// The offsets of unsuppressed findings by source and rule. Contains only rules that a comment
    /// in the file names.
    missed: BTreeMap<(SourceId, &'w str), Vec<u32>>,
}

/// A span that comments cover.
struct Cover<'w> {
    span: Span,
    /// The largest end offset of this span and all earlier spans.
    reach: u32,
    /// The rule names in the comments.
    names: Names<'w>,
}

/// The location of each rule name: the index of the first entry with the name, and the index of the
/// name in that entry.
type Names<'w> = BTreeMap<&'w str, (usize, usize)>;

struct Entry<'w> {
    source: SourceId,
    suppression: &'w Suppression,
    /// Whether each rule name of the suppression has suppressed a finding.
    used: Vec<bool>,
}

impl<'w> Comments<'w> {
    pub(super) fn new(workspace: &'w Workspace) -> Self {
        let entry = |(source, suppression): (SourceId, &'w Suppression)| Entry {
            source,
            suppression,
            used: vec![false; suppression.rules.len()],
        };
        let entries: Vec<_> = workspace.suppressions().map(entry).collect();
        let covers = covers(&entries);
        let named = entries.iter().flat_map(|entry| {
            entry
                .suppression
                .rules
                .iter()
                .map(|(name, _)| ((entry.source, name.as_str()), Vec::new()))
        });
        let missed = named.collect();
        Self { workspace, entries, covers, missed }
    }

    /// Suppresses a finding. Returns the reason, or `None` if no comment covers the finding.
    ///
    /// A comment at a template's key covers all drivers that take the key, and a comment at a
    /// driver's `like` covers the findings of this driver.
    pub(super) fn accept(&mut self, finding: &Finding<Location>) -> Option<String> {
        let rule = finding.rule.name;
        let reason = self.covering(finding.place, rule);
        // The first related location is the driver's `like`.
        let like = finding.related.first().filter(|_| finding.inherited_by.is_some());
        let reason = reason.or_else(|| self.covering(like?.place, rule));
        if reason.is_none()
            && let Some(missed) = self.missed.get_mut(&(finding.place.source, finding.rule.name))
        {
            missed.push(finding.place.span.start);
        }
        reason
    }

    fn covering(&mut self, place: Location, rule: &str) -> Option<String> {
        let Location { source, span } = place;
        let covers = self.covers.get(&source)?;
        let begun = covers.partition_point(|cover| cover.span.start <= span.start);
        let reaching = covers[..begun].iter().rev().take_while(|cover| cover.reach > span.start);
        let covering = reaching.filter(|cover| cover.span.end > span.start);
        let named = covering.filter_map(|cover| cover.names.get(rule));
        let (entry, name) = *named.min()?;
        let entry = &mut self.entries[entry];
        entry.used[name] = true;
        Some(entry.suppression.reason.clone())
    }

    /// Returns the findings about comments.
    pub(super) fn findings(&self, levels: &Levels<'_>) -> CappedFindings<Location> {
        let mut faults = CappedFindings::default();
        for entry in &self.entries {
            self.report(entry, levels, |fault| faults.push(entry.source, fault));
        }
        faults
    }

    fn report(
        &self,
        entry: &Entry<'_>,
        levels: &Levels<'_>,
        mut fault: impl FnMut(Finding<Location>),
    ) {
        let Suppression { rules, reason, comment, .. } = entry.suppression;
        let comment = entry.at(*comment);
        if rules.is_empty() {
            return fault(malformed(comment));
        }
        let unused = self.unused(entry, levels);
        // A comment whose names are all unused is removed, so its other errors are not reported.
        if unused.len() == rules.len() {
            let text = self.workspace.sources().source(entry.source).text().unwrap_or_default();
            return fault(unused_comment(entry, text, self.line_to_accept(entry)));
        }
        for (name, place) in rules.iter().filter(|(name, _)| acceptable(name).is_none()) {
            fault(unknown_rule(name, entry.at(*place)));
        }
        if reason.is_empty() {
            fault(without_reason(comment));
        }
        for index in unused {
            fault(unused_name(entry, index));
        }
    }

    /// Returns the line of the first unsuppressed finding of a rule that the comment names, if the
    /// finding is in the table around the comment. For a comment above a header, this is the table
    /// of that header.
    fn line_to_accept(&self, entry: &Entry<'_>) -> Option<usize> {
        let names =
            || entry.suppression.rules.iter().map(|(name, _)| (entry.source, name.as_str()));
        if names().all(|name| self.missed[&name].is_empty()) {
            return None;
        }
        let source = self.workspace.sources().source(entry.source);
        let table = table_around(source.text().ok()?, entry.suppression.covers);
        let starts = names().flat_map(|name| &self.missed[&name]);
        let nearest =
            starts.copied().filter(|start| table.range().contains(&(*start as usize))).min();
        nearest.map(|start| source.lines().position(start).line)
    }

    /// Returns the names that suppress no finding although their rule is enabled and every document
    /// could be read.
    fn unused(&self, entry: &Entry<'_>, levels: &Levels<'_>) -> Vec<usize> {
        if !self.workspace.findings().is_empty() {
            return Vec::new();
        }
        // A suppression of a benchmark rule can be needed only by commands that judge benchmarks.
        let holds = |rule: &Rule| {
            levels.level(rule, entry.source).is_some() && !rules::is_of_evidence(rule)
        };
        let names = entry.suppression.rules.iter().zip(&entry.used).enumerate();
        let unused =
            names.filter(|(_, ((name, _), used))| !**used && acceptable(name).is_some_and(holds));
        unused.map(|(index, _)| index).collect()
    }
}

impl Entry<'_> {
    const fn at(&self, span: Span) -> Location {
        Location { source: self.source, span }
    }
}

/// Returns the table that starts at a span or contains it, with its inner tables.
fn table_around(text: &str, place: Span) -> Span {
    let header = |line: &str| {
        let name = line.trim_start().strip_prefix('[')?.trim_start_matches('[');
        Some(name[..name.find(']')?].trim().to_owned())
    };
    let place = place.start as usize;
    let start = text[..place].rfind('\n').map_or(0, |end| end + 1);
    // Searches this line, then the lines above.
    let starts = std::iter::successors(Some(start), |below| {
        let end = below.checked_sub(1)?;
        Some(text[..end].rfind('\n').map_or(0, |end| end + 1))
    });
    let line_at = |start: usize| text[start..].lines().next().unwrap_or_default();
    let found = starts.into_iter().find_map(|start| Some((start, header(line_at(start))?)));
    let (begin, name) = found.unwrap_or_default();
    let mut end = begin;
    for (index, line) in text[begin..].split_inclusive('\n').enumerate() {
        let is_inside =
            |inner: String| inner.strip_prefix(&name).is_some_and(|it| it.starts_with('.'));
        if index > 0 && header(line).is_some_and(|inner| !is_inside(inner)) {
            break;
        }
        end += line.len();
    }
    Span::new(u32::try_from(begin).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

fn unused_comment(entry: &Entry<'_>, text: &str, line: Option<usize>) -> Finding<Location> {
    let Suppression { rules, comment, .. } = entry.suppression;
    let names: Vec<_> = rules.iter().map(|(name, _)| format!("`{name}`")).collect();
    let place = entry.at(with_blank_before(*comment, text));
    let at = entry.at(rules.iter().map(|(_, place)| *place).reduce(Span::to).unwrap_or(*comment));
    let message = format!("no finding of {} to suppress here", names.join(" or "));
    if let Some(line) = line {
        return SUPPRESSION_UNUSED
            .finding(at, format!("{message}; the nearest one is on line {line}"))
            .help(format!("move the comment to the end of line {line}"));
    }
    SUPPRESSION_UNUSED
        .finding(at, message)
        .help("remove the comment")
        .fix(Safety::Safe, vec![Edit { place, change: EditAction::Remove }])
}

fn unused_name(entry: &Entry<'_>, index: usize) -> Finding<Location> {
    let rules = &entry.suppression.rules;
    let (name, place) = &rules[index];
    // Removes the comma before the name, or the comma after it if the name is the first.
    let with_comma = match index.checked_sub(1) {
        Some(before) => Span::new(rules[before].1.end, place.end),
        None => Span::new(place.start, rules.get(1).map_or(place.end, |next| next.1.start)),
    };
    let edit = Edit { place: entry.at(with_comma), change: EditAction::Remove };
    SUPPRESSION_UNUSED
        .finding(entry.at(*place), format!("no finding of `{name}` to suppress here"))
        .help("remove the name")
        .fix(Safety::Safe, vec![edit])
}

/// Returns the span of the comment and the blanks before it. If the line contains only the comment,
/// returns the span of the whole line.
fn with_blank_before(comment: Span, text: &str) -> Span {
    let before = &text[..comment.start as usize];
    let kept = before.trim_end_matches([' ', '\t']).len();
    let alone = kept == 0 || before[..kept].ends_with('\n');
    let after = &text[comment.end as usize..];
    let line_end = match (alone, after) {
        (true, after) if after.starts_with("\r\n") => 2,
        (true, after) if after.starts_with('\n') => 1,
        _ => 0,
    };
    Span::new(u32::try_from(kept).unwrap_or(comment.start), comment.end + line_end)
}

/// Returns the spans that comments cover in each source, in order.
///
/// Comments with the same span are merged, because a thousand comments can cover one line with a
/// thousand findings.
fn covers<'w>(entries: &[Entry<'w>]) -> BTreeMap<SourceId, Vec<Cover<'w>>> {
    let mut places: BTreeMap<_, Names<'w>> = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let names = places.entry((entry.source, entry.suppression.covers)).or_default();
        for (index, (name, _)) in entry.suppression.rules.iter().enumerate() {
            names.entry(name).or_insert((number, index));
        }
    }
    let mut covers: BTreeMap<_, Vec<Cover<'_>>> = BTreeMap::new();
    for ((source, span), names) in places {
        let before = covers.entry(source).or_default();
        let reach = before.last().map_or(span.end, |last| last.reach.max(span.end));
        before.push(Cover { span, reach, names });
    }
    covers
}

fn malformed(place: Location) -> Finding<Location> {
    SUPPRESSION_MALFORMED
        .finding(place, "this comment for driverc names no rule")
        .help("write `# driverc: ignore[rule-name] reason`")
}

fn without_reason(place: Location) -> Finding<Location> {
    SUPPRESSION_WITHOUT_REASON
        .finding(place, "this suppression has no reason")
        .help("add the reason after the bracket")
}

fn unknown_rule(name: &str, place: Location) -> Finding<Location> {
    let name = truncated(name);
    if let Some(retired) = rules::find_retired(&name) {
        return retired.named_at(place);
    }
    if rules::find(&name).is_some() {
        return SUPPRESSION_UNKNOWN_RULE
            .finding(place, format!("findings of `{name}` cannot be suppressed"))
            .help("remove the name, and fix what the rule reports");
    }
    SUPPRESSION_UNKNOWN_RULE.finding(place, format!("unknown rule `{name}`")).help(intended(&name))
}
