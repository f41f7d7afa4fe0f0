//! Reads one table key by key and collects every problem.

use crate::{
    document::{
        entries::{body, holds_tables, is_table},
        example,
        findings::Findings,
        misplaced, nameless,
        quantity::{self, Exact, Relation},
        rules::{MISSING_KEY, UNKNOWN_KEY, WRONG_TYPE},
        spelling::{brief, nearest},
        stray,
        tree::{ArrayForm, Kind, Node, NodeId, Tree},
        value::{Read, Value},
    },
    finding::{Change, Edit, Finding, Safety},
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
    /// The slots whose entry has a key that measures something else, or in another unit.
    differing: Vec<(usize, Relation)>,
    /// The keys that are missing, and what each may be.
    missing: Vec<(Field, String)>,
    /// The table of a driver that is not there: then `id` is the driver.
    absent: Option<Field>,
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

    /// Opens a table of an array. One that stands alone, in single brackets, is reported as that,
    /// so nothing is missing from it.
    pub(super) fn open_item(
        tree: &'t Tree<'s>,
        id: NodeId,
        keys: &'static [Field],
        findings: &'r mut Findings,
    ) -> Self {
        let mut table = Self::open(tree, id, keys, findings);
        table.repeated |= !tree.node(id).key.is_empty();
        table
    }

    fn new(
        tree: &'t Tree<'s>,
        id: NodeId,
        keys: &'static [Field],
        findings: &'r mut Findings,
    ) -> Self {
        Self {
            tree,
            findings,
            id,
            keys,
            slots: [None; MOST_KEYS],
            differing: Vec::new(),
            missing: Vec::new(),
            absent: None,
            repeated: tree.node(id).repeated,
        }
    }

    /// The slot of a key; most tables have their keys in order, so the next one is tried first.
    fn slot_from(&self, expected: usize, key: &str) -> Option<usize> {
        match self.keys.get(expected) {
            Some(field) if field.key() == key => Some(expected),
            _ => self.keys.iter().position(|field| field.key() == key),
        }
    }

    /// Reports the keys that the table does not have: misspellings take their slots first.
    #[cold]
    fn report_unknown_keys(&mut self, mut unknown: Vec<NodeId>) {
        unknown.retain(|child| match self.intended(*child) {
            Some((slot, Relation::Same)) => {
                self.report_misspelt(*child, slot);
                false
            }
            _ => true,
        });
        if self.keys == Field::DOCUMENT {
            let is_outside = |child: &NodeId| misplaced::is_outside(self.tree, *child);
            let (outside, others) = unknown.into_iter().partition(is_outside);
            unknown = others;
            self.report_outside(&outside);
        }
        for child in unknown {
            match self.intended(child) {
                Some((slot, relation)) => self.report_other_quantity(child, slot, relation),
                None => {
                    let help = self.help_for_unknown(child);
                    let finding = self.unknown_key(child, None).help(help);
                    self.findings.push(finding);
                }
            }
        }
    }

    /// Reports keys of a driver that stand above every header, as one fault.
    fn report_outside(&mut self, keys: &[NodeId]) {
        let Some((first, others)) = keys.split_first() else { return };
        let key = brief(&self.tree.node(*first).key);
        let others = match others.len() {
            0 => String::new(),
            1 => ", and 1 more key of a driver".to_owned(),
            more => format!(", and {more} more keys of a driver"),
        };
        let message = format!("unknown key `{key}` in {}{others}", self.title());
        let place = self.tree.node(*first).key_span;
        let help = misplaced::header_above(self.tree, *first);
        self.findings.push(UNKNOWN_KEY.finding(place, message).help(help));
    }

    /// The slot that a key was meant for, and what its number means there.
    fn intended(&self, child: NodeId) -> Option<(usize, Relation)> {
        let key = &self.tree.node(child).key;
        let keys = self.keys.iter().map(|field| field.key());
        let is_free = |key: &str| self.slot_from(0, key).is_some_and(|it| self.slots[it].is_none());
        let by_letters = || {
            let intended = nearest(key, keys.clone())?;
            Some((intended, quantity::relation(key, intended)))
        };
        let intended = quantity::intended(key, keys.clone(), is_free).or_else(by_letters);
        intended.and_then(|(key, relation)| Some((self.slot_from(0, key)?, relation)))
    }

    fn unknown_key(&self, child: NodeId, difference: Option<String>) -> Finding<Span> {
        let node = self.tree.node(child);
        let mut message = format!("unknown key `{}` in {}", brief(&node.key), self.title());
        if let Some(difference) = difference {
            message = format!("{message}: {difference}");
        }
        UNKNOWN_KEY.finding(node.key_span, message)
    }

    fn report_misspelt(&mut self, child: NodeId, slot: usize) {
        let intended = self.keys[slot].key();
        let is_free = self.slots[slot].is_none();
        let finding = self.unknown_key(child, None);
        self.findings.push(if is_free {
            self.slots[slot] = Some(child);
            let change = Change::RenameKey(intended.to_owned());
            finding
                .help(format!("did you mean `{intended}`?"))
                .suggest(self.tree.node(child).key_span, change)
        } else if holds_tables(self.keys, self.keys[slot]) {
            finding.help(format!("did you mean `{intended}`?"))
        } else {
            finding.help(format!("remove it, `{intended}` is already set"))
        });
    }

    /// Reports a key that says something else than the one that it was meant for. Its number waits
    /// until the range of that one is known.
    fn report_other_quantity(&mut self, child: NodeId, slot: usize, relation: Relation) {
        let intended = self.keys[slot].key();
        let difference = relation.difference(intended);
        let is_free = self.slots[slot].is_none();
        if is_free {
            self.slots[slot] = Some(child);
            self.differing.push((slot, relation));
            if relation.may_convert() {
                return;
            }
        }
        let help = match relation {
            _ if !is_free => format!("remove it, `{intended}` is already set"),
            Relation::Statistic(_) | Relation::Opposite => {
                format!("write `{intended}` with a value of its own, or remove the key")
            }
            _ => format!("did you mean `{intended}`?"),
        };
        let finding = self.unknown_key(child, difference).help(help);
        self.findings.push(finding);
    }

    /// Reports a key whose number means something else for the field, with that number.
    fn report_converted<T: Read>(&mut self, child: NodeId, field: Field, relation: Relation) {
        let intended = field.key();
        let node = self.tree.node(child);
        let difference = relation.difference(intended);
        let finding = self.unknown_key(child, difference);
        let exact = relation.number(intended, &node.kind);
        let number = exact.and_then(Exact::whole);
        let (min, max) = T::RANGE.unwrap_or((0, u64::MAX));
        let unit =
            quantity::unit_of(intended).map_or_else(String::new, |it| format!(" {}", it.noun));
        self.findings.push(match (number, exact.and_then(Exact::decimal)) {
            (Some(number), _) if (min..=max).contains(&number) => finding
                .help(format!("write `{intended} = {number}`"))
                .fix(Safety::Unsafe, replaced(node, intended, number)),
            (Some(number), _) => {
                finding.help(format!("write `{intended}` from {min} to {max}, not {number}{unit}"))
            }
            (None, Some(decimal)) => {
                finding.help(format!("write `{intended}` as a whole number, not {decimal}{unit}"))
            }
            (None, None) if relation == Relation::Retries => {
                finding.help(format!("write `{intended}`, one more than the retries"))
            }
            (None, None) => finding.help(format!("write `{intended}`, in{unit}")),
        });
    }

    /// What to do with an unknown key that resembles none.
    fn help_for_unknown(&self, child: NodeId) -> String {
        if let Some(help) = misplaced::help(self.tree, self.id, self.keys, child) {
            return help;
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

    /// Whether nothing at all is written in the table.
    pub(super) fn is_empty(&self) -> bool {
        self.tree.children(self.id).next().is_none()
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
        match self.entry(field) {
            Some(child) => self.value(child, field),
            None => self.elsewhere(field),
        }
    }

    /// The value of a key that is missing here, if another table of the same driver has it.
    #[cold]
    fn elsewhere<T: Read>(&mut self, field: Field) -> Option<T> {
        let Some(child) = self.stray(field) else {
            self.miss(field, T::expected());
            return None;
        };
        // Under a similar key it may be in another unit.
        let is_exact = self.tree.node(child).key == field.key();
        if is_exact { self.value(child, field) } else { None }
    }

    /// The entry of another table of the same driver that was meant for this one.
    #[cold]
    fn stray(&self, field: Field) -> Option<NodeId> {
        let driver = match self.absent {
            Some(_) => self.id,
            None => stray::driver_of(self.tree, self.id, self.keys)?,
        };
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
        if !self.differing.is_empty() {
            let differs = |(slot, _): &&(usize, Relation)| self.keys[*slot] == field;
            if let Some((_, relation)) = self.differing.iter().find(differs).copied() {
                if relation.may_convert() {
                    self.report_converted::<T>(child, field, relation);
                }
                return None;
            }
        }
        let value = Value { tree: self.tree, id: child, name: field.key() };
        T::read(value, self.findings)
    }

    /// The table under a key that must be there; where it is not, one that lacks every key.
    pub(super) fn table(
        &mut self,
        field: Field,
        keys: &'static [Field],
    ) -> Option<Table<'_, 't, 's>> {
        let Some(child) = self.entry(field) else {
            return self.absent(field, keys);
        };
        if !expect_table(self.tree, child, || self.tree.path(child), self.findings) {
            return None;
        }
        let mut table = Table::open(self.tree, child, keys, self.findings);
        table.repeated |= self.repeated;
        Some(table)
    }

    #[cold]
    fn absent(&mut self, field: Field, keys: &'static [Field]) -> Option<Table<'_, 't, 's>> {
        if misplaced::is_at_top(self.tree, self.id, field) {
            return None;
        }
        let mut table = Table::new(self.tree, self.id, keys, self.findings);
        table.absent = Some(field);
        table.repeated |= self.repeated;
        Some(table)
    }

    /// Notes that a key is missing, and what it may be.
    #[cold]
    pub(super) fn miss(&mut self, field: Field, expected: String) {
        if !self.repeated {
            self.missing.push((field, expected));
        }
    }

    /// Reports the keys that are missing, all at once.
    pub(super) fn report_missing(&mut self) {
        if !self.missing.is_empty() {
            self.report_these_missing();
        }
    }

    #[cold]
    fn report_these_missing(&mut self) {
        let missing = std::mem::take(&mut self.missing);
        let fields: Vec<Field> = missing.iter().map(|(field, _)| *field).collect();
        let (lacking, is) = match (self.absent, &fields[..]) {
            (Some(absent), _) => (format!("`{}`", absent.key()), "is"),
            (None, [field]) => (format!("`{}`", field.key()), "is"),
            (None, _) => (listed(&fields), "are"),
        };
        let message = format!("{lacking} {is} missing from {}", self.title());
        let help = self.help_for_missing(&missing, &fields);
        let place = self.tree.table_place(self.id);
        self.findings.push(MISSING_KEY.finding(place, message).help(help));
    }

    fn help_for_missing(&self, missing: &[(Field, String)], fields: &[Field]) -> String {
        let path = self.tree.path(self.id);
        let name = path.strip_prefix("driver.").and_then(|path| path.split('.').next());
        let block = example::block(name, missing);
        if let Some(absent) = self.absent {
            let header = format!("[{path}.{}]", absent.key());
            return format!("add `{header}` with {}, such as\n\n{header}\n{block}", listed(fields));
        }
        match missing {
            [(field, expected)] => format!("add `{}`, {expected}", field.key()),
            _ => format!("add {}, such as\n\n{block}", listed(fields)),
        }
    }
}

/// Renames a key and gives it another number.
fn replaced(node: &Node<'_>, key: &str, number: u64) -> Vec<Edit<Span>> {
    vec![
        Edit { place: node.key_span, change: Change::RenameKey(key.to_owned()) },
        Edit { place: node.span, change: Change::Integer(number) },
    ]
}

/// Keys in a sentence.
fn listed(keys: &[Field]) -> String {
    match keys {
        [before @ .., last] if !before.is_empty() => {
            format!("{} and `{}`", quoted(before), last.key())
        }
        _ => quoted(keys),
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
    let help = if let Some(headers) = nameless::headers(tree, id) {
        format!("write {headers}")
    } else if matches!(node.kind, Kind::Array(ArrayForm::OfTables, _)) {
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
