//! Reads a table key by key and reports every problem.

mod missing;
mod unknown;

pub(crate) use self::missing::MissingKeys;

use crate::{
    source::Span,
    toml::{
        entries::is_table,
        findings::DocumentFindings,
        key::TableKey,
        quantity::Relation,
        rules::{DUPLICATE_DECLARATION, MISSING_KEY, WRONG_TYPE},
        tree::{ArrayForm, NodeId, Tree, ValueKind},
        value::{Read, TomlValue},
    },
};

/// The maximum number of keys in a table. For every kind of file, an assertion checks that no table
/// has more keys.
pub(crate) const MAX_KEYS: usize = 24;

/// A table of a document, and the list that receives its findings.
pub(crate) struct Table<'r, 't, 's, K: 'static> {
    pub(crate) tree: &'t Tree<'s>,
    pub(crate) findings: &'r mut DocumentFindings,
    id: NodeId,
    keys: &'static [K],
    slots: [Option<NodeId>; MAX_KEYS],
    /// The fields that the table sets under their twin keys.
    twins: Vec<K>,
    /// The fields that the table sets under both of their keys.
    doubled: Vec<K>,
    /// The slots whose entries have a key for a different quantity or unit.
    differing: Vec<(usize, Relation)>,
    /// The missing keys, each with its expected value.
    missing: Vec<(K, String)>,
    /// The key of an inner table of a driver, if the inner table is absent. `id` is then the node
    /// of the driver.
    absent: Option<K>,
    /// Whether the table repeats another declaration. A repeated table does not need all keys.
    repeated: bool,
    /// The fields that were read from a key that only resembles the field's own key.
    guessed: Vec<K>,
    /// The entries of the same driver whose keys name a different unit. `None` before the first
    /// search.
    respelt: Option<Vec<(NodeId, K)>>,
}

impl<'r, 't, 's, K: TableKey> Table<'r, 't, 's, K> {
    /// Opens a table with these allowed keys, and reports all other keys.
    ///
    /// A key that is a misspelling of an absent key is reported, and then read as that key.
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
            let key = &tree.node(child).key;
            match table.slot_from(expected, key) {
                Some(slot) if table.slots[slot].is_some() => table.report_doubled(child, slot),
                Some(slot) => {
                    table.set(slot, child, key);
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

    /// Opens a table of an array. If the table has single brackets, reports the brackets but no
    /// missing keys.
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
            twins: Vec::new(),
            doubled: Vec::new(),
            differing: Vec::new(),
            missing: Vec::new(),
            absent: None,
            repeated: tree.node(id).repeated,
            guessed: Vec::new(),
            respelt: None,
        }
    }

    /// Returns the slot of a key. Tries the expected slot first, because the keys of most tables
    /// are in order.
    fn slot_from(&self, expected: usize, key: &str) -> Option<usize> {
        match self.keys.get(expected) {
            Some(field) if field.key() == key => Some(expected),
            _ => self.keys.iter().position(|field| field.has_key(key)),
        }
    }

    /// Puts an entry into a slot. `key` is the key of the entry, which can be the field's twin key.
    fn set(&mut self, slot: usize, child: NodeId, key: &str) {
        self.slots[slot] = Some(child);
        if self.keys[slot].twin() == Some(key) {
            self.twins.push(self.keys[slot]);
        }
    }

    /// Reports an entry whose field is also set under the field's other key. The field is not read.
    #[cold]
    fn report_doubled(&mut self, child: NodeId, slot: usize) {
        let (field, node) = (self.keys[slot], self.tree.node(child));
        let mut finding = DUPLICATE_DECLARATION
            .finding(
                node.key_span,
                format!(
                    "`{}` and `{}` are the same value in two units",
                    field.key(),
                    field.twin().unwrap_or_default()
                ),
            )
            .help("remove one of the two");
        if let Some(first) = self.slots[slot] {
            finding = finding.also(self.tree.node(first).key_span, "first stated here");
        }
        self.findings.push(finding);
        self.doubled.push(field);
    }

    /// Returns the key that sets a field, or the field's usual key.
    pub(crate) fn key_of(&self, field: K) -> &'static str {
        field.twin().filter(|_| self.has_twin(field)).unwrap_or(field.key())
    }

    /// Returns true if a field is set under its twin key.
    pub(crate) fn has_twin(&self, field: K) -> bool {
        self.twins.contains(&field)
    }

    /// Returns the name of the table for a message.
    pub(crate) fn title(&self) -> String {
        missing::title(&self.tree.path(self.id))
    }

    /// Returns the node of an entry of any type.
    pub(crate) fn entry(&self, field: K) -> Option<NodeId> {
        let slot = self.keys.iter().position(|key| *key == field)?;
        self.slots[slot]
    }

    /// Returns the span for findings about missing keys.
    pub(crate) fn header(&self) -> Span {
        self.tree.table_place(self.id)
    }

    /// Returns the span of an entry's value, or of the table's header if the entry is absent.
    pub(crate) fn place(&self, field: K) -> Span {
        self.entry(field).map_or_else(|| self.header(), |id| self.tree.node(id).span)
    }

    /// Returns true if the table has no entries.
    pub(crate) fn is_empty(&self) -> bool {
        self.tree.children(self.id).next().is_none()
    }

    /// Returns the fields that were read from a key that only resembles the field's own key. The
    /// meaning of such a key is uncertain.
    pub(crate) fn guessed(&self) -> &[K] {
        &self.guessed
    }

    /// Returns true if the table repeats an earlier declaration, so that driverc does not use it.
    pub(crate) fn is_repeated(&self) -> bool {
        self.repeated
    }

    /// Reports that an empty table needs one of these keys.
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

    /// Reads a required key. Returns `None` if it is absent or invalid.
    pub(crate) fn required<T: Read>(&mut self, field: K) -> Option<T> {
        match self.entry(field) {
            Some(child) => self.value(child, field),
            None => self.elsewhere(field),
        }
    }

    /// Reads a key that can be absent or misplaced in another table of the same driver. Returns
    /// `Some(None)` if it is absent and `None` if its value is invalid.
    #[expect(clippy::option_option, reason = "absent and wrong are two different things")]
    pub(crate) fn own_or_misplaced<T: Read>(&mut self, field: K) -> Option<Option<T>> {
        if self.entry(field).is_some() {
            return self.optional(field);
        }
        let Some(child) = self.misplaced_key(field) else { return Some(None) };
        // An entry with a similar key can be in another unit.
        let is_exact = self.tree.node(child).key == field.key();
        if is_exact { self.value(child, field).map(Some) } else { None }
    }

    /// Reads a missing key from another table of the same driver, if that table contains it.
    #[cold]
    fn elsewhere<T: Read>(&mut self, field: K) -> Option<T> {
        let Some(child) = self.misplaced_key(field) else {
            self.miss(field, T::expected_in(self.tree.vocabulary));
            return None;
        };
        // An entry with a similar key can be in another unit.
        let is_exact = self.tree.node(child).key == field.key();
        if is_exact { self.value(child, field) } else { None }
    }

    /// Returns the entry in another table of the same driver that belongs in this table.
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
    /// invalid.
    #[expect(clippy::option_option, reason = "absent and wrong are two different things")]
    pub(crate) fn optional<T: Read>(&mut self, field: K) -> Option<Option<T>> {
        match self.entry(field) {
            None => Some(None),
            Some(child) => self.value(child, field).map(Some),
        }
    }

    fn value<T: Read>(&mut self, child: NodeId, field: K) -> Option<T> {
        if self.doubled.contains(&field) {
            return None;
        }
        if !self.differing.is_empty() {
            let differs = |(slot, _): &&(usize, Relation)| self.keys[*slot] == field;
            if let Some((_, relation)) = self.differing.iter().find(differs).copied() {
                if relation.may_convert() {
                    self.report_converted::<T>(child, field, relation);
                }
                return None;
            }
        }
        let value = TomlValue { tree: self.tree, id: child, name: self.key_of(field) };
        T::read(value, self.findings)
    }

    /// Opens the inner table under a required key. If the inner table is absent, opens an empty
    /// table, which reports all its keys as missing.
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

/// Returns keys in quotes, for a message.
pub(crate) fn quoted<K: TableKey>(keys: &[K]) -> String {
    keys.iter().map(|key| format!("`{}`", key.key())).collect::<Vec<_>>().join(", ")
}

/// Returns true if a node is a table. Otherwise, reports the node with the header to write.
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
        format!("write `[{path}]` with single brackets, only once")
    } else {
        format!("write a table `[{}]`", header())
    };
    let message = format!("`{path}` must be a table, not {}", node.kind.noun());
    findings.push(WRONG_TYPE.finding(node.span, message).help(help));
    false
}

/// Reports a value that is not an array of tables.
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
