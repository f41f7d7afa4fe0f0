//! Comments that accept a finding, and what is wrong with them.

use super::acceptable;
use crate::{
    document::Suppression,
    document::nearest,
    finding::{Change, Edit, Finding, Safety},
    rules::{
        self,
        silence::{
            SUPPRESSION_MALFORMED, SUPPRESSION_UNKNOWN_RULE, SUPPRESSION_UNUSED,
            SUPPRESSION_WITHOUT_REASON,
        },
    },
    settings::Settings,
    source::{Location, SourceId, Span},
    workspace::Workspace,
};

/// The suppressions of a workspace, and which of their names were needed.
pub(super) struct Comments<'w> {
    settings: &'w Settings,
    workspace: &'w Workspace,
    entries: Vec<Entry<'w>>,
}

struct Entry<'w> {
    source: SourceId,
    suppression: &'w Suppression,
    /// Which of the names have accepted a finding.
    used: Vec<bool>,
}

impl<'w> Comments<'w> {
    pub(super) fn new(workspace: &'w Workspace, settings: &'w Settings) -> Self {
        let entry = |(source, suppression): (SourceId, &'w Suppression)| Entry {
            source,
            suppression,
            used: vec![false; suppression.rules.len()],
        };
        let entries = workspace.suppressions().map(entry).collect();
        Self { settings, workspace, entries }
    }

    /// The reason why a finding is accepted; none if it is not.
    pub(super) fn accept(&mut self, finding: &Finding<Location>) -> Option<String> {
        if self.entries.is_empty() || !acceptable(finding.rule) {
            return None;
        }
        let Location { source, span } = finding.place;
        let first = self.entries.partition_point(|entry| entry.source < source);
        let same = self.entries[first..].iter_mut().take_while(|entry| entry.source == source);
        for entry in same.filter(|entry| covers(entry.suppression.covers, span)) {
            let mut names = entry.suppression.rules.iter();
            if let Some(index) = names.position(|(name, _)| name == finding.rule.name) {
                entry.used[index] = true;
                return Some(entry.suppression.reason.clone());
            }
        }
        None
    }

    /// What is wrong with the comments themselves.
    pub(super) fn findings(&self) -> Vec<Finding<Location>> {
        self.entries.iter().flat_map(|entry| self.faults(entry)).collect()
    }

    fn faults(&self, entry: &Entry<'_>) -> Vec<Finding<Location>> {
        let at = |span| Location { source: entry.source, span };
        let comment = at(entry.suppression.comment);
        if entry.suppression.rules.is_empty() {
            return vec![malformed(comment)];
        }
        let mut faults = Vec::new();
        if entry.suppression.reason.is_empty() {
            faults.push(without_reason(comment));
        }
        let mut unused = Vec::new();
        for ((name, place), used) in entry.suppression.rules.iter().zip(&entry.used) {
            match rules::find(name).filter(|rule| acceptable(rule)) {
                None => faults.push(unknown_rule(name, at(*place))),
                Some(rule) if !used && self.settings.holds_somewhere(rule) => {
                    unused.push((name, at(*place)));
                }
                Some(_) => {}
            }
        }
        // A comment of which nothing is left goes away as a whole.
        let whole = unused.len() == entry.used.len();
        let text = self.workspace.sources().source(entry.source).text();
        for (name, place) in unused {
            let mut finding = SUPPRESSION_UNUSED
                .finding(place, format!("no finding of `{name}` is here to accept"))
                .help(if whole { "remove the comment" } else { "remove the name" });
            if whole {
                let place = at(with_blank_before(entry.suppression.comment, text));
                let edit = Edit { place, change: Change::Remove };
                finding = finding.fix(Safety::Safe, vec![edit]);
            }
            faults.push(finding);
        }
        faults
    }
}

/// The comment with the blanks before it, and with its line if nothing else is on it.
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

const fn covers(covered: Span, place: Span) -> bool {
    covered.start <= place.start && place.start < covered.end
}

fn malformed(place: Location) -> Finding<Location> {
    SUPPRESSION_MALFORMED
        .finding(place, "this comment is addressed to driverc and names no rule")
        .help("write `# driverc: ignore[rule-name] reason`")
}

fn without_reason(place: Location) -> Finding<Location> {
    SUPPRESSION_WITHOUT_REASON
        .finding(place, "this comment does not say why the finding is accepted")
        .help("add the reason after the bracket")
}

fn unknown_rule(name: &str, place: Location) -> Finding<Location> {
    if rules::find(name).is_some() {
        return SUPPRESSION_UNKNOWN_RULE
            .finding(place, format!("findings of `{name}` cannot be accepted"))
            .help("repair what the rule finds");
    }
    let finding = SUPPRESSION_UNKNOWN_RULE.finding(place, format!("no rule has the name `{name}`"));
    match nearest(name, rules::ALL.iter().map(|lint| lint.rule.name)) {
        Some(intended) => finding.help(format!("did you mean `{intended}`?")),
        None => finding.help("name a rule of `driverc rule`"),
    }
}
