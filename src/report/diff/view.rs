//! Adds the lines and columns of both sides to changes.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeMap};

use super::{DiffReport, JoinedReport, fold, wording};
use crate::{
    diff::{
        Acceptance, Change, Difference, Impact, JoinedDifference, Severity, SideValue,
        VerdictChange,
    },
    finding::ContractPath,
    report::{escape::escaped, index::IndexedSource},
    source::{Position, SourceId, Span},
    workspace::Workspace,
};

/// A location in a file of one side.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) path: String,
    pub(super) span: Span,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl Spot {
    /// Returns `path:line:column`, escaped for display.
    pub(super) fn shown(&self) -> String {
        self.shown_as(&self.path)
    }

    /// Returns the same text as [`shown`](Self::shown), but with another path.
    pub(super) fn shown_as(&self, path: &str) -> String {
        let Position { line, column } = self.start;
        format!("{}:{line}:{column}", escaped(path))
    }
}

/// A change with its locations and message.
#[derive(Debug)]
pub(super) struct ChangeView<'c> {
    pub(super) change: Cow<'c, Change>,
    pub(super) old: Option<Spot>,
    pub(super) new: Option<Spot>,
    pub(super) message: String,
    /// The location of the waiver that accepts the change.
    pub(super) waiver: Option<Spot>,
}

/// An impact, with the locations of the benchmarks whose verdicts changed.
#[derive(Debug)]
pub(super) struct ImpactView<'c> {
    pub(super) impact: &'c Impact,
    pub(super) rescued: Vec<(&'c VerdictChange, Spot)>,
    pub(super) broken: Vec<(&'c VerdictChange, Spot)>,
}

/// Everything that a format shows.
#[derive(Debug)]
pub(super) struct View<'c> {
    pub(super) difference: &'c Difference,
    pub(super) entries: Vec<ChangeView<'c>>,
    /// The documents of the base and the current documents.
    pub(super) sides: [&'c Workspace; 2],
    pub(super) judgements: Vec<ImpactView<'c>>,
    pub(super) against: &'c str,
    /// The working directory relative to the repository root.
    pub(super) directory: &'c str,
    pub(super) fail_on: Severity,
}

impl<'c> View<'c> {
    /// Looks up all locations. Parses each document at most once.
    pub(super) fn new(comparison: &DiffReport<'c>) -> Self {
        let DiffReport { difference, old, new, against, directory, fail_on } = *comparison;
        let changes: Vec<_> = difference.changes.iter().collect();
        let impacts: Vec<_> = difference.impacts.iter().collect();
        let (entries, judgements) = comparison.located(&changes, &impacts);
        let sides = [old, new];
        Self { difference, entries, sides, judgements, against, directory, fail_on }
    }

    /// Creates the view of several projects, each with its own documents. `is_folded` is true for
    /// formats that people read: see [`Self::folded`].
    pub(super) fn joined(report: &JoinedReport<'c>, is_folded: bool) -> Self {
        let JoinedReport { joined, sides } = *report;
        let JoinedDifference { difference, parts, impact_parts } = joined;
        let (mut entries, mut judgements) = (Vec::new(), Vec::new());
        for (part, side) in sides.iter().enumerate() {
            let numbered = difference.changes.iter().enumerate();
            let own: Vec<_> = numbered.filter(|(index, _)| parts[*index] == part).collect();
            let changes: Vec<_> = own.iter().map(|(_, change)| *change).collect();
            let impacts = difference.impacts.iter().zip(impact_parts);
            let impacts: Vec<_> =
                impacts.filter(|(_, of)| **of == part).map(|(impact, _)| impact).collect();
            let (located, judged) = side.located(&changes, &impacts);
            let located =
                if is_folded { fold::folded(located, [side.old, side.new]) } else { located };
            entries.extend(located);
            judgements.extend(judged);
        }
        if sides.len() > 1 {
            entries.sort_by_key(|entry| Reverse(entry.change.severity));
        }
        let DiffReport { old, new, against, directory, fail_on, .. } = sides[0];
        let sides = [old, new];
        Self { difference, entries, sides, judgements, against, directory, fail_on }
    }
}

impl<'c> DiffReport<'c> {
    /// Adds locations to some changes and impacts of the project.
    fn located(
        &self,
        changes: &[&'c Change],
        impacts: &[&'c Impact],
    ) -> (Vec<ChangeView<'c>>, Vec<ImpactView<'c>>) {
        let place = |side: &Option<SideValue>| side.as_ref().map(|side| side.place.clone());
        let waivers = changes.iter().filter_map(|change| waiver_of(change));
        let in_base = changes.iter().filter_map(|change| place(&change.old)).chain(waivers);
        let turned = impacts.iter().flat_map(|impact| impact.rescued.iter().chain(&impact.broken));
        let turned = turned.map(|turned| turned.place.clone());
        let now = changes.iter().filter_map(|change| place(&change.new)).chain(turned);
        let in_base = spots(self.old, in_base.collect());
        let now = spots(self.new, now.collect());
        let of = |spots: &BTreeMap<ContractPath, Spot>, side: &Option<SideValue>| {
            spots.get(&place(side)?).cloned()
        };
        let entry = |change: &&'c Change| ChangeView {
            change: Cow::Borrowed(*change),
            old: of(&in_base, &change.old),
            new: of(&now, &change.new),
            message: wording::message(change),
            waiver: waiver_of(change).and_then(|place| in_base.get(&place).cloned()),
        };
        let all = |turned: &'c [VerdictChange]| -> Vec<(&'c VerdictChange, Spot)> {
            let spot = |turned: &'c VerdictChange| Some((turned, now.get(&turned.place)?.clone()));
            turned.iter().filter_map(spot).collect()
        };
        let judgement = |impact: &&'c Impact| ImpactView {
            impact,
            rescued: all(&impact.rescued),
            broken: all(&impact.broken),
        };
        (changes.iter().map(entry).collect(), impacts.iter().map(judgement).collect())
    }
}

impl View<'_> {
    /// Returns the same view, with one entry per changed field of a template.
    pub(super) fn folded(self) -> Self {
        Self { entries: fold::folded(self.entries, self.sides), ..self }
    }
}

fn waiver_of(change: &Change) -> Option<ContractPath> {
    match &change.accepted {
        Some(Acceptance::Waiver { place, .. }) => Some(place.clone()),
        Some(Acceptance::Argument) | None => None,
    }
}

fn spots(workspace: &Workspace, mut places: Vec<ContractPath>) -> BTreeMap<ContractPath, Spot> {
    places.sort();
    places.dedup();
    let mut indexed: BTreeMap<SourceId, IndexedSource<'_>> = BTreeMap::new();
    let locations = workspace.locate_places(places.iter().cloned());
    let mut spot = |source: SourceId, span: Span| {
        let sources = workspace.sources();
        let index =
            indexed.entry(source).or_insert_with(|| IndexedSource::new(sources.source(source)));
        let (start, end) = (index.position(span.start), index.position(span.end));
        Spot { path: index.source.name().to_owned(), span, start, end }
    };
    let located = places.into_iter().zip(locations);
    located.map(|(place, at)| (place, spot(at.source, at.span))).collect()
}
