//! Reads one table key by key and collects every problem.

use crate::{
    document::{
        entries::{body, holds_tables, is_table},
        findings::Findings,
        rules::{MISSING_KEY, UNKNOWN_KEY, WRONG_TYPE},
        spelling::{brief, nearest},
        stray,
        tree::{ArrayForm, Kind, NodeId, Tree},
        value::{Read, Value},
    },
    finding::Change,
    model::Field,
    source::Span,
};

/// More keys than any table has.
const MOST_KEYS: usize = 20;

/// One table of a document, and where its problems go.
pub(super) struct Table<'r, 't, 's> {
    pub(super) tree: &'t Tree<'s>,
    pub(super) findings: &'r mut Findings,
    id: NodeId,
    keys: &'static [Field],
    slots: [Option<NodeId>; MOST_KEYS],
    /// A second declaration says only what it changes, so nothing is missing from it.
    repeated: bool,
}

impl<'r, 't, 's> Table<'r, 't, 's> {
    /// Opens a table that may have these keys, and reports all others.
    ///
    /// A key that is a misspelling of one that is absent is reported, and then read as that one.
    pub(super) fn open(
        tree: &'t Tree<'s>,
        id: NodeId,
        keys: &'static [Field],
        findings: &'r mut Findings,
    ) -> Self {
        let repeated = tree.node(id).repeated;
        let mut table = Self { tree, findings, id, keys, slots: [None; MOST_KEYS], repeated };
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
        for child in unknown {
            table.report_unknown(child);
        }
        table
    }

    /// The slot of a key; most tables have their keys in order, so the next one is tried first.
    fn slot_from(&self, expected: usize, key: &str) -> Option<usize> {
        match self.keys.get(expected) {
            Some(field) if field.key() == key => Some(expected),
            _ => self.keys.iter().position(|field| field.key() == key),
        }
    }

    #[cold]
    fn report_unknown(&mut self, child: NodeId) {
        let node = self.tree.node(child);
        let key = &node.key;
        let intended = nearest(key, self.keys.iter().map(|field| field.key()));
        let slot = intended.and_then(|key| self.slot_from(0, key));
        let help = match (intended, slot) {
            (Some(intended), Some(slot)) if self.slots[slot].is_none() => {
                self.slots[slot] = Some(child);
                format!("did you mean `{intended}`?")
            }
            (Some(intended), Some(slot)) if holds_tables(self.keys, self.keys[slot]) => {
                format!("did you mean `{intended}`?")
            }
            (Some(intended), _) => format!("remove it, for `{intended}` is set already"),
            (None, _) => self.known_keys(child),
        };
        let message = format!("unknown key `{}` in {}", brief(key), self.title());
        let finding = UNKNOWN_KEY.finding(node.key_span, message).help(help);
        let becomes = slot.filter(|slot| self.slots[*slot] == Some(child));
        self.findings.push(match becomes {
            Some(slot) => {
                let key = self.keys[slot].key().to_owned();
                finding.suggest(node.key_span, Change::RenameKey(key))
            }
            None => finding,
        });
    }

    /// What to do with an unknown key that resembles none.
    fn known_keys(&self, child: NodeId) -> String {
        let key = &self.tree.node(child).key;
        let driver = stray::driver_of(self.tree, self.id, self.keys);
        if let Some(home) = driver.and_then(|driver| stray::home(self.tree, driver, key)) {
            return format!("move it into `{home}`");
        }
        let wants_table =
            self.keys == Field::DOCUMENT || is_table(self.tree, body(self.tree, child));
        let fits = |slot: &usize| {
            let field = self.keys[*slot];
            let holds_tables = holds_tables(self.keys, field);
            (holds_tables || stray::is_part(field)) == wants_table
                && (holds_tables || self.slots[*slot].is_none())
        };
        let fitting: Vec<Field> =
            (0..self.keys.len()).filter(fits).map(|slot| self.keys[slot]).collect();
        match &fitting[..] {
            [] => "remove it".to_owned(),
            [field] => format!("remove it, or write `{}`", field.key()),
            _ => format!("remove it, or write one of {}", quoted(&fitting)),
        }
    }

    /// The table in a message.
    pub(super) fn title(&self) -> String {
        let path = self.tree.path(self.id);
        if path.is_empty() { "the document".to_owned() } else { format!("`{path}`") }
    }

    /// The node of an entry, whatever it is.
    pub(super) fn entry(&self, field: Field) -> Option<NodeId> {
        let slot = self.keys.iter().position(|key| *key == field)?;
        self.slots[slot]
    }

    /// Where the table can be said to lack something.
    pub(super) fn header(&self) -> Span {
        self.tree.table_place(self.id)
    }

    /// The bytes of an entry's value; where it is absent, of the table's header.
    pub(super) fn place(&self, field: Field) -> Span {
        self.entry(field).map_or_else(|| self.header(), |id| self.tree.node(id).span)
    }

    /// Whether an earlier declaration makes this one void.
    pub(super) fn is_repeated(&self) -> bool {
        self.repeated
    }

    /// Says that the table has no key at all where it needs one of these, unless it is only a
    /// path.
    #[cold]
    pub(super) fn report_empty(&mut self, fault: &str, keys: &[Field]) {
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
    pub(super) fn required<T: Read>(&mut self, field: Field) -> Option<T> {
        let Some(child) = self.entry(field).or_else(|| self.stray(field)) else {
            self.report_missing(field, &format!("add `{}`, {}", field.key(), T::expected()));
            return None;
        };
        self.value(child, field)
    }

    /// The entry of another table of the same driver that was meant for this one.
    #[cold]
    fn stray(&self, field: Field) -> Option<NodeId> {
        let driver = stray::driver_of(self.tree, self.id, self.keys)?;
        if self.repeated { None } else { stray::find(self.tree, driver, field) }
    }

    /// The value of a key that may be there; the outer option is none if it is wrong.
    #[expect(clippy::option_option, reason = "absent and wrong are two different things")]
    pub(super) fn optional<T: Read>(&mut self, field: Field) -> Option<Option<T>> {
        match self.entry(field) {
            None => Some(None),
            Some(child) => self.value(child, field).map(Some),
        }
    }

    fn value<T: Read>(&mut self, child: NodeId, field: Field) -> Option<T> {
        let value = Value { tree: self.tree, id: child, name: field.key() };
        T::read(value, self.findings)
    }

    /// The table under a key that must be there.
    pub(super) fn table(
        &mut self,
        field: Field,
        keys: &'static [Field],
    ) -> Option<Table<'_, 't, 's>> {
        let Some(child) = self.entry(field) else {
            self.report_missing_table(field, keys);
            return None;
        };
        if !expect_table(self.tree, child, || self.tree.path(child), self.findings) {
            return None;
        }
        let mut table = Table::open(self.tree, child, keys, self.findings);
        table.repeated |= self.repeated;
        Some(table)
    }

    #[cold]
    pub(super) fn report_missing(&mut self, field: Field, help: &str) {
        if self.repeated {
            return;
        }
        let message = format!("`{}` is missing from {}", field.key(), self.title());
        let place = self.tree.table_place(self.id);
        self.findings.push(MISSING_KEY.finding(place, message).help(help));
    }

    /// A table is not missing where all of its keys are there, only in the wrong place.
    #[cold]
    fn report_missing_table(&mut self, field: Field, keys: &'static [Field]) {
        let is_absent = |key: &&Field| stray::find(self.tree, self.id, **key).is_none();
        let absent: Vec<Field> = keys.iter().filter(is_absent).copied().collect();
        if absent.is_empty() {
            return;
        }
        let path = self.tree.path(self.id);
        let help = format!("add `[{path}.{}]` with {}", field.key(), quoted(&absent));
        self.report_missing(field, &help);
    }
}

/// Keys in a message.
pub(super) fn quoted(keys: &[Field]) -> String {
    keys.iter().map(|key| format!("`{}`", key.key())).collect::<Vec<_>>().join(", ")
}

/// Whether a node is a table; if not, that is reported, with the header that it should have.
pub(super) fn expect_table(
    tree: &Tree<'_>,
    id: NodeId,
    header: impl Fn() -> String,
    findings: &mut Findings,
) -> bool {
    if is_table(tree, id) {
        return true;
    }
    let node = tree.node(id);
    let path = tree.path(id);
    let help = if matches!(node.kind, Kind::Array(ArrayForm::OfTables, _)) {
        format!("write `[{path}]` with single brackets, and once")
    } else {
        format!("write a table `[{}]`", header())
    };
    let message = format!("`{path}` must be a table, not {}", node.kind.noun());
    findings.push(WRONG_TYPE.finding(node.span, message).help(help));
    false
}

/// Reports what is not an array of tables.
pub(super) fn expect_items(tree: &Tree<'_>, id: NodeId, findings: &mut Findings) {
    let node = tree.node(id);
    let help = || format!("write `[[{}]]` with double brackets", tree.path(id));
    if let Kind::Array(..) = node.kind {
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
