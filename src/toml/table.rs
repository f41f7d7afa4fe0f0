//! Reads one table key by key and collects every problem.

mod missing;
mod unknown;

use crate::{
    source::Span,
    toml::{
        entries::is_table,
        findings::DocumentFindings,
        key::TableKey,
        quantity::Relation,
        rules::{MISSING_KEY, WRONG_TYPE},
        tree::{ArrayForm, NodeId, Tree, ValueKind},
        value::{Read, TomlValue},
    },
};

/// The most keys that a table can have; every kind of file asserts that its tables have no more.
pub(crate) const MAX_KEYS: usize = 24;

/// One table of a document, and where its problems go.
pub(crate) struct Table<'r, 't, 's, K: 'static> {
    pub(crate) tree: &'t Tree<'s>,
    pub(crate) findings: &'r mut DocumentFindings,
    id: NodeId,
    keys: &'static [K],
    slots: [Option<NodeId>; MAX_KEYS],
    /// The slots whose entry has a key that measures something else, or in another unit.
    differing: Vec<(usize, Relation)>,
    /// The keys that are missing, and what each may be.
    missing: Vec<(K, String)>,
    /// The table of a driver that is not there: then `id` is the driver.
    absent: Option<K>,
    /// A second declaration says only what it changes, so nothing is missing from it.
    repeated: bool,
    /// The fields that are read from another key than their own.
    guessed: Vec<K>,
    /// The entries of the same driver with keys in another unit, once they are looked for.
    respelt: Option<Vec<(NodeId, K)>>,
}

impl<'r, 't, 's, K: TableKey> Table<'r, 't, 's, K> {
    /// Opens a table that may have these keys, and reports all others.
    ///
    /// A key that is a misspelling of one that is absent is reported, and then read as that one.
    pub(crate) fn open(
        tree: &'t Tree<'s>,
        id: NodeId,
        keys: &'static [K],
        findings: &'r mut DocumentFindings,
    ) -> Self {
        let mut table = Self::new(tree, id, keys, findings);
        let mut unknown = Vec::new();
        let mut expected = 0;
        for child in tree.children(id).filter(|child| !tree.node(*child).repeated) {
            match table.slot_from(expected, &tree.node(child).key) {
                Some(slot) => {
                    table.slots[slot] = Some(child);
                    expected = slot + 1;
                }
                None => unknown.push(child),
            }
        }
        if !unknown.is_empty() {
            table.report_unknown_keys(unknown);
        }
        table
    }

    /// Opens a table of an array. Reports a table in single brackets, and then no missing keys.
    pub(crate) fn open_item(
        tree: &'t Tree<'s>,
        id: NodeId,
        keys: &'static [K],
        findings: &'r mut DocumentFindings,
    ) -> Self {
        let mut table = Self::open(tree, id, keys, findings);
        table.repeated |= !tree.node(id).key.is_empty();
        table
    }

    fn new(
        tree: &'t Tree<'s>,
        id: NodeId,
        keys: &'static [K],
        findings: &'r mut DocumentFindings,
    ) -> Self {
        Self {
            tree,
            findings,
            id,
            keys,
            slots: [None; MAX_KEYS],
            differing: Vec::new(),
            missing: Vec::new(),
            absent: None,
            repeated: tree.node(id).repeated,
            guessed: Vec::new(),
            respelt: None,
        }
    }

    /// The slot of a key; most tables have their keys in order, so the next one is tried first.
    fn slot_from(&self, expected: usize, key: &str) -> Option<usize> {
        match self.keys.get(expected) {
            Some(field) if field.key() == key => Some(expected),
            _ => self.keys.iter().position(|field| field.key() == key),
        }
    }

    /// The table in a message.
    pub(crate) fn title(&self) -> String {
        let path = self.tree.path(self.id);
        if path.is_empty() { "the document".to_owned() } else { format!("`{path}`") }
    }

    /// The node of an entry, whatever it is.
    pub(crate) fn entry(&self, field: K) -> Option<NodeId> {
        let slot = self.keys.iter().position(|key| *key == field)?;
        self.slots[slot]
    }

    /// Returns the span for findings about missing keys.
    pub(crate) fn header(&self) -> Span {
        self.tree.table_place(self.id)
    }

    /// The bytes of an entry's value; where it is absent, of the table's header.
    pub(crate) fn place(&self, field: K) -> Span {
        self.entry(field).map_or_else(|| self.header(), |id| self.tree.node(id).span)
    }

    /// Whether nothing at all is written in the table.
    pub(crate) fn is_empty(&self) -> bool {
        self.tree.children(self.id).next().is_none()
    }

    /// The fields that were read from another key than their own: what is meant is not certain.
    pub(crate) fn guessed(&self) -> &[K] {
        &self.guessed
    }

    /// Whether an earlier declaration makes this one void.
    pub(crate) fn is_repeated(&self) -> bool {
        self.repeated
    }

    /// Says that the table has no key at all where it needs one of these, unless it is only a
    /// path.
    #[cold]
    pub(crate) fn report_empty(&mut self, fault: &str, keys: &[K]) {
        let mut children = self.tree.children(self.id);
        if self.repeated || children.next().is_some() {
            return;
        }
        let message = format!("{} {fault}", self.title());
        let help = format!("add one of {}, or remove the table", quoted(keys));
        let place = self.header();
        self.findings.push(MISSING_KEY.finding(place, message).help(help));
    }

    /// The value of a key that must be there; none if it is not, or is wrong.
    pub(crate) fn required<T: Read>(&mut self, field: K) -> Option<T> {
        match self.entry(field) {
            Some(child) => self.value(child, field),
            None => self.elsewhere(field),
        }
    }

    /// The value of a key that is missing here, if another table of the same driver has it.
    #[cold]
    fn elsewhere<T: Read>(&mut self, field: K) -> Option<T> {
        let Some(child) = self.misplaced_key(field) else {
            self.miss(field, T::expected());
            return None;
        };
        // Under a similar key it may be in another unit.
        let is_exact = self.tree.node(child).key == field.key();
        if is_exact { self.value(child, field) } else { None }
    }

    /// The entry of another table of the same driver that was meant for this one.
    #[cold]
    fn misplaced_key(&mut self, field: K) -> Option<NodeId> {
        let driver = match self.absent {
            Some(_) => self.id,
            None => K::declaration(self.tree, self.id, self.keys)?,
        };
        if self.repeated {
            return None;
        }
        let found = K::elsewhere(self.tree, driver, field).or_else(|| {
            let respelt = self.respelt.get_or_insert_with(|| K::respelt(self.tree, driver));
            respelt.iter().find(|(_, meant)| *meant == field).map(|(entry, _)| *entry)
        });
        if found.is_some() {
            self.guessed.push(field);
        }
        found
    }

    /// Reads an optional key. Returns `Some(None)` if the key is absent and `None` if its value is
    /// wrong.
    #[expect(clippy::option_option, reason = "absent and wrong are two different things")]
    pub(crate) fn optional<T: Read>(&mut self, field: K) -> Option<Option<T>> {
        match self.entry(field) {
            None => Some(None),
            Some(child) => self.value(child, field).map(Some),
        }
    }

    fn value<T: Read>(&mut self, child: NodeId, field: K) -> Option<T> {
        if !self.differing.is_empty() {
            let differs = |(slot, _): &&(usize, Relation)| self.keys[*slot] == field;
            if let Some((_, relation)) = self.differing.iter().find(differs).copied() {
                if relation.may_convert() {
                    self.report_converted::<T>(child, field, relation);
                }
                return None;
            }
        }
        let value = TomlValue { tree: self.tree, id: child, name: field.key() };
        T::read(value, self.findings)
    }

    /// The table under a key that must be there; where it is not, one that lacks every key.
    pub(crate) fn table(&mut self, field: K, keys: &'static [K]) -> Option<Table<'_, 't, 's, K>> {
        let Some(child) = self.entry(field) else {
            return self.absent(field, keys);
        };
        if !expect_table::<K>(self.tree, child, || self.tree.path(child), self.findings) {
            return None;
        }
        let mut table = Table::open(self.tree, child, keys, self.findings);
        table.repeated |= self.repeated;
        Some(table)
    }

    #[cold]
    fn absent(&mut self, field: K, keys: &'static [K]) -> Option<Table<'_, 't, 's, K>> {
        if K::is_misplaced_table(self.tree, self.id, field) {
            self.guessed.push(field);
            return None;
        }
        let mut table = Table::new(self.tree, self.id, keys, self.findings);
        table.absent = Some(field);
        table.repeated |= self.repeated;
        Some(table)
    }
}

/// Keys in a message.
pub(crate) fn quoted<K: TableKey>(keys: &[K]) -> String {
    keys.iter().map(|key| format!("`{}`", key.key())).collect::<Vec<_>>().join(", ")
}

/// Whether a node is a table; if not, that is reported, with the header that it should have.
pub(crate) fn expect_table<K: TableKey>(
    tree: &Tree<'_>,
    id: NodeId,
    header: impl Fn() -> String,
    findings: &mut DocumentFindings,
) -> bool {
    if is_table(tree, id) {
        return true;
    }
    let node = tree.node(id);
    let path = tree.path(id);
    let help = if let Some(headers) = K::headers(tree, id) {
        format!("write {headers}")
    } else if matches!(node.kind, ValueKind::Array(ArrayForm::OfTables, _)) {
        format!("write `[{path}]` with single brackets, and once")
    } else {
        format!("write a table `[{}]`", header())
    };
    let message = format!("`{path}` must be a table, not {}", node.kind.noun());
    findings.push(WRONG_TYPE.finding(node.span, message).help(help));
    false
}

/// Reports what is not an array of tables.
pub(crate) fn expect_items(tree: &Tree<'_>, id: NodeId, findings: &mut DocumentFindings) {
    let node = tree.node(id);
    let help = || format!("write `[[{}]]` with double brackets", tree.path(id));
    if let ValueKind::Array(..) = node.kind {
        for item in tree.children(id).filter(|item| !is_table(tree, *item)) {
            let (item, path) = (tree.node(item), tree.path(id));
            let message = format!("an item of `{path}` must be a table, not {}", item.kind.noun());
            findings.push(WRONG_TYPE.finding(item.span, message).help(help()));
        }
        return;
    }
    let path = tree.path(id);
    let message = format!("`{path}` must be an array of tables, not {}", node.kind.noun());
    findings.push(WRONG_TYPE.finding(node.span, message).help(help()));
}
