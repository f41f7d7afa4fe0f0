//! Applies fixes: exact bytes are replaced, and all other bytes stay as they are.
//!
//! Fixes that touch each other are applied in rounds, those of the reader first, since only a
//! contract that was read is checked. A round that would bring a new error is not kept.

mod edit;

use std::collections::{BTreeMap, BTreeSet};

pub use self::edit::Replacement;
use crate::{
    document,
    finding::{Edit, Finding, Fix, Level, Safety},
    rules,
    source::{Location, Source, SourceId, Sources, Span},
    workspace::Workspace,
};

/// More rounds than any chain of fixes needs; what is left then stays a finding.
const MOST_ROUNDS: usize = 20;

/// A workspace after its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The documents as they are now; sources keep their ids and names.
    pub workspace: Workspace,
    /// What is left to say of them.
    pub findings: Vec<Finding<Location>>,
    /// How many fixes were applied.
    pub applied: usize,
}

/// Applies every fix that is allowed, until none is left.
///
/// `check` says what is wrong with a workspace; only documents that `may_change` are changed.
pub fn fix(
    mut workspace: Workspace,
    allowed: Safety,
    check: impl Fn(&Workspace) -> Vec<Finding<Location>>,
    may_change: impl Fn(SourceId) -> bool,
) -> Fixed {
    let mut findings = check(&workspace);
    let mut applied = 0;
    for _ in 0..MOST_ROUNDS {
        let round = Round::plan(&workspace, &findings, allowed, &may_change);
        if round.fixes == 0 {
            break;
        }
        let next = round.apply(&workspace);
        let left = check(&next);
        if round.brings_an_error(&findings, &left) {
            break;
        }
        applied += round.fixes;
        (workspace, findings) = (next, left);
    }
    Fixed { workspace, findings, applied }
}

/// Fixes that do not touch each other.
#[derive(Default)]
struct Round {
    /// Whether the fixes are those of the reader; they may reveal what the rules find.
    of_reader: bool,
    fixes: usize,
    /// By the place of the bytes that go away, and by their number in the fix; those of two fixes
    /// do not touch each other.
    replacements: BTreeMap<SourceId, BTreeMap<(Span, usize), Replacement>>,
}

impl Round {
    fn plan(
        workspace: &Workspace,
        findings: &[Finding<Location>],
        allowed: Safety,
        may_change: &impl Fn(SourceId) -> bool,
    ) -> Self {
        let possible = |finding: &Finding<Location>| {
            let fix = finding.fix.as_ref().filter(|fix| fix.safety <= allowed)?;
            let all = fix.edits.iter().all(|edit| may_change(edit.place.source));
            let replacements = if all { replacements(workspace.sources(), fix) } else { None };
            Some((rules::is_of_reader(finding.rule), replacements?))
        };
        let possible: Vec<_> = findings.iter().filter_map(possible).collect();
        let of_reader = possible.iter().any(|(of_reader, _)| *of_reader);
        let mut round = Self { of_reader, ..Self::default() };
        for (_, replacements) in possible.into_iter().filter(|(of, _)| *of == of_reader) {
            round.add(replacements);
        }
        round
    }

    fn brings_an_error(&self, before: &[Finding<Location>], after: &[Finding<Location>]) -> bool {
        let errors = |findings: &[Finding<Location>]| -> BTreeSet<(&str, String)> {
            let errors = findings.iter().filter(|finding| finding.level == Level::Error);
            let errors =
                errors.filter(|finding| !self.of_reader || rules::is_of_reader(finding.rule));
            errors.map(|finding| (finding.rule.name, finding.message.clone())).collect()
        };
        !errors(after).is_subset(&errors(before))
    }

    /// Adds a fix as a whole, unless it touches one that is there.
    fn add(&mut self, replacements: Vec<(SourceId, Replacement)>) {
        let touches = |(source, replacement): &(SourceId, Replacement)| {
            let Some(there) = self.replacements.get(source) else { return false };
            let start = replacement.span.start;
            // Those there are apart from each other, so only the nearest ones can touch.
            let before = there.range(..=(Span::new(start, u32::MAX), usize::MAX)).next_back();
            let after = there.range((Span::new(start, 0), 0)..).next();
            before.into_iter().chain(after).any(|(_, other)| other.touches(replacement))
        };
        if replacements.iter().any(touches) {
            return;
        }
        self.fixes += 1;
        for (number, (source, replacement)) in replacements.into_iter().enumerate() {
            let there = self.replacements.entry(source).or_default();
            there.insert((replacement.span, number), replacement);
        }
    }

    fn apply(&self, workspace: &Workspace) -> Workspace {
        let sources = workspace.sources().iter();
        let documents = sources.map(|(id, source)| {
            let replacements = self.replacements.get(&id);
            let text = match replacements {
                Some(replacements) => edit::apply(source.text(), replacements.values()),
                None => source.text().to_owned(),
            };
            let document = document::read(&text);
            (Source::new(source.name(), text), document)
        });
        Workspace::new(documents.collect())
    }
}

/// What a fix does to the texts; none where the texts are not what it was made for.
pub fn replacements(
    sources: &Sources,
    fix: &Fix<Location>,
) -> Option<Vec<(SourceId, Replacement)>> {
    let edits = fix.edits.iter();
    let replacement = |edit: &Edit<Location>| {
        let Location { source, span } = edit.place;
        let text = sources.source(source).text();
        Some((source, edit::replacement(text, span, &edit.change)?))
    };
    edits.map(replacement).collect()
}
