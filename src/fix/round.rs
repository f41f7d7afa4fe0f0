//! Plans rounds of fixes that do not touch each other, and finds fixes that cause errors.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    edit::{self, Replacement},
    texts::{replacements, with_texts},
};
use crate::{
    finding::{EditAction, Finding, Level, Safety},
    rules,
    source::{Location, SourceId, Span},
    workspace::Workspace,
};

/// The properties that identify a fix even if the text has moved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    rule: &'static str,
    source: SourceId,
    message: String,
    /// The number of the fix, from 0, among the fixes whose other properties are equal.
    position: usize,
}

/// A fix that can be applied.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) identity: Identity,
    /// Whether the finding is a read error. A fix for a read error can reveal findings of rules.
    of_reader: bool,
    /// The locations of the keys that the fix renames.
    pub(super) renames: Vec<Location>,
    /// The locations of the finding and of its fix.
    pub(super) places: Vec<Location>,
    replacements: Vec<(SourceId, Replacement)>,
}

impl Planned {
    /// Creates a fix that is the first with its rule, document and message.
    fn new(finding: &Finding<Location>, replacements: Vec<(SourceId, Replacement)>) -> Self {
        let edits = || finding.fix.iter().flat_map(|fix| &fix.edits);
        let renames = edits().filter(|edit| matches!(edit.change, EditAction::RenameKey(_)));
        let related = finding.related.iter().map(|related| related.place);
        let places = std::iter::once(finding.place).chain(related);
        Self {
            identity: Identity {
                rule: finding.rule.name,
                source: finding.place.source,
                message: finding.message.clone(),
                position: 0,
            },
            of_reader: rules::is_of_reader(finding.rule),
            renames: renames.map(|edit| edit.place).collect(),
            places: places.chain(edits().map(|edit| edit.place)).collect(),
            replacements,
        }
    }

    /// Returns the documents that the fix changes.
    pub(super) fn sources(&self) -> BTreeSet<SourceId> {
        self.replacements.iter().map(|(source, _)| *source).collect()
    }
}

/// Returns the allowed fixes of findings, in the order of the findings.
pub(super) fn plan(
    workspace: &Workspace,
    findings: &[Finding<Location>],
    allowed: Safety,
    may_change: &impl Fn(SourceId) -> bool,
) -> Vec<Planned> {
    let possible = |finding: &Finding<Location>| {
        let fix = finding.fix.as_ref().filter(|fix| fix.safety <= allowed)?;
        let all = fix.edits.iter().all(|edit| may_change(edit.place.source));
        let replacements = if all { replacements(workspace.sources(), fix) } else { None };
        Some(Planned::new(finding, replacements?))
    };
    let mut planned: Vec<_> = findings.iter().filter_map(possible).collect();
    let mut equal = BTreeMap::new();
    for fix in &mut planned {
        let next = equal.entry(fix.identity.clone()).or_insert(0);
        fix.identity.position = *next;
        *next += 1;
    }
    planned
}

/// Fixes that do not touch each other.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) fixes: Vec<Planned>,
    /// The replacements by span and by their index in the fix. Replacements of different fixes do
    /// not touch each other.
    pub(super) replacements: BTreeMap<SourceId, BTreeMap<(Span, usize), Replacement>>,
}

impl Round {
    fn of(fixes: Vec<Planned>) -> Self {
        let mut round = Self::default();
        for fix in fixes {
            round.add(fix);
        }
        round
    }

    /// Adds a fix, unless it touches another fix of the round.
    fn add(&mut self, fix: Planned) {
        let touches = |(source, replacement): &(SourceId, Replacement)| {
            let Some(there) = self.replacements.get(source) else { return false };
            let start = replacement.span.start;
            // Replacements do not touch each other, so only the nearest ones can touch a new one.
            let before = there.range(..=(Span::new(start, u32::MAX), usize::MAX)).next_back();
            let after = there.range((Span::new(start, 0), 0)..).next();
            before.into_iter().chain(after).any(|(_, other)| other.touches(replacement))
        };
        if fix.replacements.iter().any(touches) {
            return;
        }
        for (number, (source, replacement)) in fix.replacements.iter().enumerate() {
            let there = self.replacements.entry(*source).or_default();
            there.insert((replacement.span, number), replacement.clone());
        }
        self.fixes.push(fix);
    }

    fn apply(&self, workspace: &Workspace) -> Workspace {
        let changed = |(source, replacements): (&SourceId, &BTreeMap<_, Replacement>)| {
            let text = workspace.sources().source(*source).text().unwrap_or_default();
            (*source, edit::apply(text, replacements.values()))
        };
        let texts: BTreeMap<SourceId, String> = self.replacements.iter().map(changed).collect();
        with_texts(workspace, |source| texts.get(&source).map(String::as_str))
    }
}

/// A round that causes no new error, with its result.
pub(super) struct Tried {
    pub(super) round: Round,
    pub(super) workspace: Workspace,
    pub(super) findings: Vec<Finding<Location>>,
    /// The fixes that were refused because each of them would cause an error.
    pub(super) refused: Vec<Identity>,
}

/// Applies rounds of fixes to a workspace and checks whether they cause errors.
pub(super) struct Trials<'w, C> {
    pub(super) workspace: &'w Workspace,
    pub(super) findings: &'w [Finding<Location>],
    pub(super) check: &'w C,
    /// The number of remaining trials.
    pub(super) left: usize,
}

impl<C: Fn(&Workspace) -> Vec<Finding<Location>>> Trials<'_, C> {
    /// Returns the largest round of fixes that causes no new error, or `None` if there are no
    /// fixes.
    pub(super) fn run(&mut self, mut planned: Vec<Planned>) -> Option<Tried> {
        let of_reader = planned.iter().any(|fix| fix.of_reader);
        planned.retain(|fix| fix.of_reader == of_reader);
        let round = Round::of(planned);
        if round.fixes.is_empty() {
            return None;
        }
        let mut tried = Tried {
            round: Round::default(),
            workspace: Workspace::default(),
            findings: Vec::new(),
            refused: Vec::new(),
        };
        self.add(&mut tried, round.fixes, of_reader);
        Some(tried)
    }

    /// Adds to a round the fixes that cause no new error. Tries all fixes together. If this causes
    /// an error, tries each half separately.
    fn add(&mut self, tried: &mut Tried, mut fixes: Vec<Planned>, of_reader: bool) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let before = std::mem::take(&mut tried.round.fixes);
        let kept = before.len();
        let mut round = Round::of(before.into_iter().chain(fixes).collect());
        let workspace = round.apply(self.workspace);
        let findings = (self.check)(&workspace);
        if !brings_an_error(self.findings, &findings, of_reader) {
            (tried.round, tried.workspace, tried.findings) = (round, workspace, findings);
            return;
        }
        fixes = round.fixes.split_off(kept);
        tried.round = Round::of(round.fixes);
        if let [fix] = &fixes[..] {
            tried.refused.push(fix.identity.clone());
            return;
        }
        let rest = fixes.split_off(fixes.len() / 2);
        self.add(tried, fixes, of_reader);
        self.add(tried, rest, of_reader);
    }
}

/// Returns true if an error is new, or occurs more often than before. Ignores errors of rules if
/// the fixes are for read errors, because such a fix can reveal errors of rules.
fn brings_an_error(
    before: &[Finding<Location>],
    after: &[Finding<Location>],
    of_reader: bool,
) -> bool {
    let errors = |findings: &[Finding<Location>]| -> BTreeMap<(&str, String), usize> {
        let errors = findings.iter().filter(|finding| finding.level == Level::Error);
        let errors = errors.filter(|finding| !of_reader || rules::is_of_reader(finding.rule));
        let mut numbers = BTreeMap::new();
        for finding in errors {
            *numbers.entry((finding.rule.name, finding.message.clone())).or_default() += 1;
        }
        numbers
    };
    let before = errors(before);
    errors(after).iter().any(|(error, number)| before.get(error).is_none_or(|old| old < number))
}
