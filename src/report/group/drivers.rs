//! Finds the driver to which a location belongs, from the text around it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use crate::{
    model::{DriverName, Field},
    parallel,
    source::{Location, SourceId, Sources},
    toml::tree::{Node, NodeId, Tree, ValueKind},
};

/// The number of sources per thread.
const SOURCES_PER_CHUNK: usize = 32;

/// The drivers of some sources.
pub(super) struct DriverIndex(BTreeMap<SourceId, DriversOfText>);

/// The drivers of one text.
#[derive(Default)]
struct DriversOfText {
    names: Vec<DriverName>,
    /// The offsets from which keys and values belong to another driver, in order, each with the
    /// index of its driver.
    starts: Vec<(u32, Option<usize>)>,
}

impl DriverIndex {
    /// Parses the sources of these locations.
    pub(super) fn of(places: impl Iterator<Item = Location>, sources: &Sources) -> Self {
        let ids: BTreeSet<_> = places.map(|place| place.source).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let index = |id: &SourceId| {
            let text = sources.source(*id).text().unwrap_or_default();
            (*id, DriversOfText::of(&Tree::parse(text)))
        };
        let tasks: Vec<_> = ids.chunks(SOURCES_PER_CHUNK).collect();
        let indexed = parallel::all(&tasks, |ids| ids.iter().map(index).collect::<Vec<_>>());
        Self(indexed.into_iter().flatten().collect())
    }

    /// Returns the driver whose table, budget, workload or benchmark contains the location.
    pub(super) fn driver_at(&self, place: Location) -> Option<&DriverName> {
        let DriversOfText { names, starts } = self.0.get(&place.source)?;
        let before = starts.partition_point(|(start, _)| *start <= place.span.start);
        starts[before.checked_sub(1)?].1.map(|index| &names[index])
    }
}

impl DriversOfText {
    fn of(tree: &Tree<'_>) -> Self {
        let mut of_text = Self::default();
        let mut known: HashMap<NodeId, usize> = HashMap::new();
        for (id, node) in tree.nodes() {
            let driver = match named_by(tree, id, node) {
                Some(name) => {
                    of_text.names.push(name);
                    Some(of_text.names.len() - 1)
                }
                None => tree.parent(id).and_then(|above| known.get(&above).copied()),
            };
            of_text.starts.extend([node.key_span, node.span].map(|span| (span.start, driver)));
            known.extend(driver.map(|driver| (id, driver)));
        }
        of_text.starts.sort_by_key(|(start, _)| *start);
        of_text.starts.dedup_by_key(|(_, driver)| *driver);
        of_text
    }
}

/// Returns the driver that a node itself names: the key of a table in `driver`, or the `driver` of
/// an item such as `[[benchmark]]`.
fn named_by(tree: &Tree<'_>, id: NodeId, node: &Node<'_>) -> Option<DriverName> {
    let key = Field::Driver.key();
    let above = tree.node(tree.parent(id)?);
    let name = match &above.kind {
        ValueKind::Table(..) => Some(&node.key).filter(|_| above.key == key),
        ValueKind::Array(..) => string(tree, tree.child(id, key)?),
        ValueKind::String(_)
        | ValueKind::Integer(_)
        | ValueKind::Float(_)
        | ValueKind::Boolean(_)
        | ValueKind::DateTime(_) => None,
    };
    DriverName::new(name?).ok()
}

fn string<'t, 's>(tree: &'t Tree<'s>, id: NodeId) -> Option<&'t Cow<'s, str>> {
    if let ValueKind::String(text) = &tree.node(id).kind { Some(text) } else { None }
}
