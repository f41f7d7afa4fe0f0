//! Reads single values and says what is wrong with them.

use std::fmt::Display;

use crate::{
    document::{
        rules::{DUPLICATE_ITEM, INVALID_TEXT, OUT_OF_RANGE, UNKNOWN_WORD, WRONG_TYPE},
        spelling::nearest,
        table::Findings,
        tree::{Kind, Node, NodeId, Tree},
    },
    model::{
        Bounded, Capabilities, ContractDigest, Date, DriverCapability, DriverName, OutOfRange,
        Text, Unit, Vocabulary,
    },
    source::Span,
};

/// One value of a document, and the key it is read as.
#[derive(Clone, Copy)]
pub(super) struct Value<'t, 's> {
    pub(super) tree: &'t Tree<'s>,
    pub(super) id: NodeId,
    pub(super) name: &'t str,
}

/// A type that is made from one value.
pub(super) trait Read: Sized {
    /// What is expected, with its article and range.
    fn expected() -> String;

    /// The value, or none and a finding.
    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self>;
}

impl<'t, 's> Value<'t, 's> {
    fn node(self) -> &'t Node<'s> {
        self.tree.node(self.id)
    }

    /// The text of a string; anything else is of the wrong type.
    fn string<T: Read>(self, findings: &mut Findings) -> Option<&'t str> {
        match &self.node().kind {
            Kind::String(text) => Some(text),
            _ => self.wrong_type::<T>(findings),
        }
    }

    #[cold]
    fn wrong_type<T: Read>(self, findings: &mut Findings) -> Option<&'t str> {
        let node = self.node();
        let message =
            format!("`{}` must be {}, not {}", self.name, T::expected(), node.kind.noun());
        findings.push(WRONG_TYPE.finding(node.span, message).help(self.repair::<T>()));
        None
    }

    /// How a value of another type becomes one of the right type.
    fn repair<T: Read>(self) -> String {
        match &self.node().kind {
            Kind::String(text) if text.parse::<u64>().is_ok() || text.parse::<Date>().is_ok() => {
                format!("remove the quotes: `{text}`")
            }
            _ => format!("write {}", T::expected()),
        }
    }

    #[cold]
    fn invalid_text(
        self,
        place: Span,
        reason: impl Display,
        expected: &str,
        findings: &mut Findings,
    ) {
        let message = format!("`{}` {reason}", self.name);
        let help = format!("write {expected}");
        findings.push(INVALID_TEXT.finding(place, message).help(help));
    }

    #[cold]
    fn unknown_word<V: Vocabulary>(self, word: &str, findings: &mut Findings) {
        report_unknown_word::<V>(word, self.node().span, findings);
    }
}

/// Says that a word is not in its vocabulary, and which one is nearest.
#[cold]
pub(super) fn report_unknown_word<V: Vocabulary>(word: &str, place: Span, findings: &mut Findings) {
    let words = || V::ALL.iter().map(|word| word.word());
    let help = match nearest(word, words()) {
        Some(intended) => format!("did you mean `{intended}`?"),
        None => format!("write one of {}", quoted(words())),
    };
    let message = format!("unknown {} `{word}`", V::NOUN);
    findings.push(UNKNOWN_WORD.finding(place, message).help(help));
}

fn quoted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

impl<U: Unit, const MIN: u64, const MAX: u64> Read for Bounded<U, MIN, MAX> {
    fn expected() -> String {
        format!("an integer from {MIN} to {MAX}")
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let node = value.node();
        let Kind::Integer(number) = node.kind else {
            value.wrong_type::<Self>(findings);
            return None;
        };
        match number.map(u64::try_from) {
            Some(Ok(number)) => match Self::new(number) {
                Ok(bounded) => Some(bounded),
                Err(error) => {
                    report_range(value, error, findings);
                    None
                }
            },
            beyond => {
                let what = if beyond.is_some() { "a negative number" } else { "beyond 64 bits" };
                report_not_countable::<Self>(value, what, findings);
                None
            }
        }
    }
}

#[cold]
fn report_range(value: Value<'_, '_>, error: OutOfRange, findings: &mut Findings) {
    let OutOfRange { value: number, min, max, suffix } = error;
    let message = format!("`{}` is {number}{suffix}, outside {min} to {max}", value.name);
    let bound = if number < min { format!("at least {min}") } else { format!("at most {max}") };
    let help = format!("write {bound}");
    findings.push(OUT_OF_RANGE.finding(value.node().span, message).help(help));
}

#[cold]
fn report_not_countable<T: Read>(value: Value<'_, '_>, what: &str, findings: &mut Findings) {
    let message = format!("`{}` must be {}, and this is {what}", value.name, T::expected());
    let help = format!("write {}", T::expected());
    findings.push(WRONG_TYPE.finding(value.node().span, message).help(help));
}

impl<const MIN: usize, const MAX: usize> Read for Text<MIN, MAX> {
    fn expected() -> String {
        format!("a string of {MIN} to {MAX} characters without control characters")
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let text = value.string::<Self>(findings)?;
        Self::new(text)
            .inspect_err(|reason| {
                value.invalid_text(value.node().span, reason, &Self::expected(), findings);
            })
            .ok()
    }
}

impl Read for DriverName {
    fn expected() -> String {
        "a driver's name: a lower-case letter, then up to 62 lower-case letters, digits and `_`"
            .to_owned()
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let name = value.string::<Self>(findings)?;
        Self::new(name)
            .inspect_err(|reason| {
                value.invalid_text(value.node().span, reason, &Self::expected(), findings);
            })
            .ok()
    }
}

/// The driver's name that is the key of a table.
pub(super) fn read_key_as_name(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut Findings,
) -> Option<DriverName> {
    let node = tree.node(id);
    let value = Value { tree, id, name: &node.key };
    DriverName::new(&node.key)
        .inspect_err(|reason| {
            value.invalid_text(node.key_span, reason, &DriverName::expected(), findings);
        })
        .ok()
}

impl<V: Vocabulary> Read for V {
    fn expected() -> String {
        format!("a {}: one of {}", V::NOUN, quoted(V::ALL.iter().map(|word| word.word())))
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let word = value.string::<Self>(findings)?;
        let found = V::from_word(word);
        if found.is_none() {
            value.unknown_word::<V>(word, findings);
        }
        found
    }
}

impl Read for Capabilities {
    fn expected() -> String {
        "an array of capabilities, each once".to_owned()
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let Kind::Array(..) = value.node().kind else {
            value.wrong_type::<Self>(findings);
            return None;
        };
        let before = findings.len();
        let mut set = Self::default();
        for id in value.tree.children(value.id) {
            let item = Value { tree: value.tree, id, name: "an item of `capabilities`" };
            let Some(capability) = read_item(item, findings) else { continue };
            if !set.insert(capability) {
                report_double(value, item, capability, findings);
            }
        }
        (findings.len() == before).then_some(set)
    }
}

/// An item has no key of its own, so its message names the array.
fn read_item(item: Value<'_, '_>, findings: &mut Findings) -> Option<DriverCapability> {
    let node = item.node();
    let Kind::String(_) = &node.kind else {
        let message =
            format!("an item of `capabilities` must be a string, not {}", node.kind.noun());
        let help = "write a capability, such as `\"batch_read\"`";
        findings.push(WRONG_TYPE.finding(node.span, message).help(help));
        return None;
    };
    DriverCapability::read(item, findings)
}

#[cold]
fn report_double(
    array: Value<'_, '_>,
    item: Value<'_, '_>,
    capability: DriverCapability,
    findings: &mut Findings,
) {
    let label = capability.label();
    let same =
        |id: &NodeId| matches!(&array.tree.node(*id).kind, Kind::String(text) if text == label);
    let mut finding = DUPLICATE_ITEM
        .finding(item.node().span, format!("`{label}` is listed twice"))
        .help("remove one of the two");
    if let Some(first) = array.tree.children(array.id).find(same) {
        finding = finding.also(array.tree.node(first).span, "first listed here");
    }
    findings.push(finding);
}

impl Read for Date {
    fn expected() -> String {
        "a date, such as `2026-10-31` without quotes".to_owned()
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let date = match &value.node().kind {
            Kind::DateTime(text) => text.parse().ok(),
            _ => None,
        };
        if date.is_none() {
            value.wrong_type::<Self>(findings);
        }
        date
    }
}

impl Read for ContractDigest {
    fn expected() -> String {
        "a digest: `sha256:` and 64 lower-case hexadecimal digits".to_owned()
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let text = value.string::<Self>(findings)?;
        text.parse()
            .inspect_err(|reason| {
                value.invalid_text(value.node().span, reason, &Self::expected(), findings);
            })
            .ok()
    }
}
