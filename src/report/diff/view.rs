//! Changes with the lines and columns of both sides.

use std::collections::BTreeMap;

use super::{Comparison, wording};
use crate::{
    diff::{Acceptance, Change, Difference, Impact, Severity, Side, Turned},
    finding::Place,
    report::{escape::escaped, index::IndexedSource},
    source::{Position, SourceId, Span},
    workspace::Workspace,
};

/// A place in a file of one side.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) path: String,
    pub(super) span: Span,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl Spot {
    /// `path:line:column`, safe to show.
    pub(super) fn shown(&self) -> String {
        self.shown_as(&self.path)
    }

    /// The same with another path to the file.
    pub(super) fn shown_as(&self, path: &str) -> String {
        let Position { line, column } = self.start;
        format!("{}:{line}:{column}", escaped(path))
    }
}

/// A change with its places and its message.
#[derive(Debug)]
pub(super) struct Entry<'c> {
    pub(super) change: &'c Change,
    pub(super) old: Option<Spot>,
    pub(super) new: Option<Spot>,
    pub(super) message: String,
    /// The place of the waiver that accepts it.
    pub(super) waiver: Option<Spot>,
}

/// An impact, with the places of the benchmarks whose verdict changed.
#[derive(Debug)]
pub(super) struct Judgement<'c> {
    pub(super) impact: &'c Impact,
    pub(super) rescued: Vec<(&'c Turned, Spot)>,
    pub(super) broken: Vec<(&'c Turned, Spot)>,
}

/// All that is to be shown.
#[derive(Debug)]
pub(super) struct View<'c> {
    pub(super) difference: &'c Difference,
    pub(super) entries: Vec<Entry<'c>>,
    pub(super) judgements: Vec<Judgement<'c>>,
    pub(super) against: &'c str,
    /// The working directory relative to the root of the repository.
    pub(super) directory: &'c str,
    pub(super) fail_on: Severity,
}

impl<'c> View<'c> {
    /// Looks up all places, one parse a document that has any.
    pub(super) fn new(comparison: &Comparison<'c>) -> Self {
        let Comparison { difference, old, new, against, directory, fail_on } = *comparison;
        let place = |side: &Option<Side>| side.as_ref().map(|side| side.place.clone());
        let changes = &difference.changes;
        let waivers = changes.iter().filter_map(waiver_of);
        let in_base = changes.iter().filter_map(|change| place(&change.old)).chain(waivers);
        let turned = difference
            .impacts
            .iter()
            .flat_map(|impact| impact.rescued.iter().chain(&impact.broken));
        let turned = turned.map(|turned| turned.place.clone());
        let now = changes.iter().filter_map(|change| place(&change.new)).chain(turned);
        let in_base = spots(old, in_base.collect());
        let now = spots(new, now.collect());
        let of =
            |spots: &BTreeMap<Place, Spot>, side: &Option<Side>| spots.get(&place(side)?).cloned();
        let entry = |change: &'c Change| Entry {
            change,
            old: of(&in_base, &change.old),
            new: of(&now, &change.new),
            message: wording::message(change),
            waiver: waiver_of(change).and_then(|place| in_base.get(&place).cloned()),
        };
        let entries = changes.iter().map(entry).collect();
        let all = |turned: &'c [Turned]| -> Vec<(&'c Turned, Spot)> {
            let spot = |turned: &'c Turned| Some((turned, now.get(&turned.place)?.clone()));
            turned.iter().filter_map(spot).collect()
        };
        let judgements = difference.impacts.iter().map(|impact| Judgement {
            impact,
            rescued: all(&impact.rescued),
            broken: all(&impact.broken),
        });
        Self { difference, entries, judgements: judgements.collect(), against, directory, fail_on }
    }
}

fn waiver_of(change: &Change) -> Option<Place> {
    match &change.accepted {
        Some(Acceptance::Waiver { place, .. }) => Some(place.clone()),
        Some(Acceptance::Argument) | None => None,
    }
}

fn spots(workspace: &Workspace, mut places: Vec<Place>) -> BTreeMap<Place, Spot> {
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
