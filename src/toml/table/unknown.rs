//! Reports unknown keys: misspellings, keys for other quantities, and misplaced keys.

use super::{Table, quoted};
use crate::{
    finding::{Edit, EditAction, Finding, Safety},
    source::Span,
    toml::{
        entries::{body, is_table},
        key::TableKey,
        quantity::{self, Exact, Relation, Wanted},
        rules::UNKNOWN_KEY,
        spelling::{nearest, truncated},
        tree::{Node, NodeId},
        value::Read,
    },
};

/// The key that an unknown key stands for, and the slot of the intended key.
#[derive(Clone, Copy)]
struct Intended {
    slot: usize,
    key: &'static str,
}

impl<K: TableKey> Table<'_, '_, '_, K> {
    /// Reports the unknown keys. Misspelt keys are assigned to slots first.
    #[cold]
    pub(super) fn report_unknown_keys(&mut self, mut unknown: Vec<NodeId>) {
        let wanted = [
            Wanted::new(self.keys.iter().map(|field| field.key())),
            Wanted::new(self.keys.iter().filter_map(|field| field.twin())),
        ];
        let mut strange = Vec::new();
        unknown.retain(|child| match self.intended(*child, &wanted) {
            Some((intended, Relation::Same)) => {
                self.report_misspelt(*child, intended);
                false
            }
            Some(_) => true,
            None => {
                strange.push(*child);
                false
            }
        });
        let is_outside = |child: &NodeId| K::is_above_header(self.tree, self.keys, *child);
        if unknown.iter().chain(&strange).any(is_outside) {
            let all = unknown.iter().chain(&strange).copied();
            let mut outside: Vec<_> = all.filter(is_outside).collect();
            outside.sort_by_key(|child| self.tree.node(*child).key_span);
            unknown.retain(|child| !is_outside(child));
            strange.retain(|child| !is_outside(child));
            self.report_outside(&outside);
        }
        for child in unknown {
            match self.intended(child, &wanted) {
                Some((intended, relation)) => {
                    self.report_other_quantity(child, intended, relation);
                }
                None => strange.push(child),
            }
        }
        let of_driver = K::of_declaration();
        for child in strange {
            let help = self.help_for_unknown(child, &of_driver);
            let finding = self.unknown_key(child, None).help(help);
            self.findings.push(finding);
        }
    }

    /// Reports driver keys above the first header in one finding.
    fn report_outside(&mut self, keys: &[NodeId]) {
        let Some((first, others)) = keys.split_first() else { return };
        let key = truncated(&self.tree.node(*first).key);
        let belong = match others.len() {
            0 => " belongs".to_owned(),
            1 => " and 1 more key belong".to_owned(),
            more => format!(" and {more} more keys belong"),
        };
        let message = format!("unknown key: `{key}`{belong} in a driver's table");
        let place = self.tree.node(*first).key_span;
        let help = K::header_above(self.tree, *first);
        self.findings.push(UNKNOWN_KEY.finding(place, message).help(help));
    }

    /// Returns the slot and the intended key of an unknown key, and the relation of the unknown key
    /// to the intended key.
    fn intended(
        &self,
        child: NodeId,
        [wanted, twins]: &[Wanted<'static>; 2],
    ) -> Option<(Intended, Relation)> {
        let key = &self.tree.node(child).key;
        let is_free = |key: &str| self.slot_from(0, key).is_some_and(|it| self.slots[it].is_none());
        let by_letters = |near: Option<&'static str>| {
            near.map(|intended| (intended, quantity::relation(key, intended)))
        };
        let own = || nearest(key, self.keys.iter().map(|field| field.key()));
        let intended = wanted.intended(key, is_free).or_else(|| by_letters(own()));
        // A key in the other unit of a field is no other quantity.
        let is_same = |intended: &(&str, Relation)| intended.1 == Relation::Same;
        let other = || {
            let near = nearest(key, self.keys.iter().filter_map(|field| field.twin()));
            let by_name = twins.intended(key, is_free).filter(is_same);
            by_name.or_else(|| by_letters(near).filter(is_same))
        };
        let twin = if intended.as_ref().is_some_and(is_same) { None } else { other() };
        let (key, relation) = twin.or(intended)?;
        Some((Intended { slot: self.slot_from(0, key)?, key }, relation))
    }

    fn unknown_key(&self, child: NodeId, difference: Option<String>) -> Finding<Span> {
        let node = self.tree.node(child);
        let mut message = format!("unknown key `{}` in {}", truncated(&node.key), self.title());
        if let Some(difference) = difference {
            message = format!("{message}: {difference}");
        }
        UNKNOWN_KEY.finding(node.key_span, message)
    }

    fn report_misspelt(&mut self, child: NodeId, Intended { slot, key: intended }: Intended) {
        let is_free = self.slots[slot].is_none();
        let finding = self.unknown_key(child, None);
        if is_free {
            self.set(slot, child, intended);
            self.guessed.push(self.keys[slot]);
        }
        self.findings.push(if is_free {
            let change = EditAction::RenameKey(intended.to_owned());
            finding
                .help(format!("did you mean `{intended}`?"))
                .suggest(self.tree.node(child).key_span, change)
        } else if K::holds_tables(self.keys, self.keys[slot]) {
            finding.help(format!("did you mean `{intended}`?"))
        } else {
            let present = self.key_of(self.keys[slot]);
            finding.help(format!("remove it, `{present}` is already set"))
        });
    }

    /// Reports a key whose quantity differs from the intended key's quantity. Its number is
    /// converted later, once the range of the intended key is known.
    fn report_other_quantity(
        &mut self,
        child: NodeId,
        Intended { slot, key: intended }: Intended,
        relation: Relation,
    ) {
        let difference = relation.difference(intended);
        let is_free = self.slots[slot].is_none();
        if is_free {
            self.slots[slot] = Some(child);
            self.guessed.push(self.keys[slot]);
            self.differing.push((slot, relation));
            if relation.may_convert() {
                return;
            }
        }
        let help = match relation {
            _ if !is_free => {
                format!("remove it, `{}` is already set", self.key_of(self.keys[slot]))
            }
            Relation::OtherUnit(_)
            | Relation::Counts(_)
            | Relation::Statistic(_)
            | Relation::Opposite => {
                format!("use `{intended}` instead, with a new value, or remove this key")
            }
            Relation::Same
            | Relation::Perhaps
            | Relation::InUnit(_)
            | Relation::WithoutUnit
            | Relation::Retries => format!("did you mean `{intended}`?"),
        };
        let finding = self.unknown_key(child, difference).help(help);
        self.findings.push(finding);
    }

    /// Reports a key whose number must be converted for the field, with the converted number.
    pub(super) fn report_converted<T: Read>(
        &mut self,
        child: NodeId,
        field: K,
        relation: Relation,
    ) {
        let intended = field.key();
        let node = self.tree.node(child);
        if T::RANGE.is_none() && quantity::unit_of(intended).is_none() {
            // Words cannot be converted.
            let help = format!("did you mean `{intended}`?");
            let finding = self.unknown_key(child, None).help(help);
            self.findings.push(finding);
            return;
        }
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
            (None, None) if unit.is_empty() => finding.help(format!("write `{intended}`")),
            (None, None) => finding.help(format!("write `{intended}`, in{unit}")),
        });
    }

    /// Returns the help text for an unknown key that resembles no key of the table.
    fn help_for_unknown(&self, child: NodeId, of_driver: &Wanted<'_>) -> String {
        if let Some(help) = K::home(self.tree, self.id, self.keys, child, of_driver) {
            return help;
        }
        let wants_table =
            K::has_only_tables(self.keys) || is_table(self.tree, body(self.tree, child));
        let fits = |slot: &usize| {
            let field = self.keys[*slot];
            let holds_tables = K::holds_tables(self.keys, field);
            (holds_tables || field.is_table()) == wants_table
                && (holds_tables || self.slots[*slot].is_none())
        };
        let fitting: Vec<K> =
            (0..self.keys.len()).filter(fits).map(|slot| self.keys[slot]).collect();
        match &fitting[..] {
            [] => "remove it".to_owned(),
            [field] => format!("remove it, or write `{}`", field.key()),
            _ => format!("remove it, or write one of {}", quoted(&fitting)),
        }
    }
}

/// Returns the edits that rename a key and replace its number.
fn replaced(node: &Node<'_>, key: &str, number: u64) -> Vec<Edit<Span>> {
    vec![
        Edit { place: node.key_span, change: EditAction::RenameKey(key.to_owned()) },
        Edit { place: node.span, change: EditAction::Integer(number) },
    ]
}
