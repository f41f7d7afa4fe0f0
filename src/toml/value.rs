//! Reads single values and says what is wrong with them.

mod name;

use std::fmt::Display;

use self::name::report_name;
use crate::{
    finding::{Change, Edit, Finding, Safety},
    model::{
        Bounded, Capabilities, ContractDigest, Date, DriverCapability, DriverName, InvalidDigest,
        InvalidText, Text, Unit, Vocabulary,
    },
    source::Span,
    toml::{
        entries::word_of_key,
        findings::Findings,
        quantity,
        rules::{DUPLICATE_ITEM, INVALID_TEXT, OUT_OF_RANGE, UNKNOWN_WORD, WRONG_TYPE},
        spelling::{brief, intended_word},
        tree::{Kind, Node, NodeId, Tree},
    },
};

/// One value of a document, and the key it is read as.
#[derive(Clone, Copy)]
pub(crate) struct Value<'t, 's> {
    pub(crate) tree: &'t Tree<'s>,
    pub(crate) id: NodeId,
    pub(crate) name: &'t str,
}

/// A type that is made from one value.
pub(crate) trait Read: Sized {
    /// The type in TOML, with its article.
    const TYPE: &'static str;

    /// The least and the greatest value of an integer.
    const RANGE: Option<(u64, u64)> = None;

    /// What is expected, with its article and range.
    fn expected() -> String;

    /// Whether a string becomes a value of this type once its quotes are removed.
    fn is_quoted(_text: &str) -> bool {
        false
    }

    /// The value, or none and a finding.
    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self>;
}

impl<'t, 's> Value<'t, 's> {
    fn node(self) -> &'t Node<'s> {
        self.tree.node(self.id)
    }

    /// The text of a string; anything else is of the wrong type.
    pub(crate) fn string<T: Read>(self, findings: &mut Findings) -> Option<&'t str> {
        if let Kind::String(text) = &self.node().kind {
            return Some(text);
        }
        self.wrong_type::<T>(findings)
    }

    #[cold]
    pub(crate) fn wrong_type<T: Read>(self, findings: &mut Findings) -> Option<&'t str> {
        let node = self.node();
        let message = format!("`{}` must be {}, not {}", self.name, T::TYPE, node.kind.noun());
        let finding = WRONG_TYPE.finding(node.span, message).help(self.repair::<T>());
        findings.push(match self.number::<T>().ok() {
            Some(number) => finding.suggest(node.span, Change::Integer(number)),
            None => finding,
        });
        None
    }

    /// The integer that a text or a float says, in the unit of the key; else the number that it says
    /// though it is none in range.
    fn number<T: Read>(self) -> Result<u64, Option<String>> {
        let (min, max) = T::RANGE.ok_or(None)?;
        let exact = quantity::exact(self.name, &self.node().kind).ok_or(None)?;
        let whole = exact.whole().filter(|number| (min..=max).contains(number));
        whole.ok_or_else(|| exact.decimal())
    }

    /// How a value of another type becomes one of the right type.
    fn repair<T: Read>(self) -> String {
        let kind = &self.node().kind;
        if let Kind::String(text) = kind
            && T::is_quoted(text)
        {
            return format!("remove the quotes: `{text}`");
        }
        if let Kind::DateTime(text) = kind
            && let Some(date) = text.get(..10)
            && T::is_quoted(date)
        {
            return format!("remove the time: `{date}`");
        }
        match self.number::<T>() {
            Ok(number) if self.name.contains('[') => format!("write `{number}`"),
            Ok(number) => format!("write `{} = {number}`", self.name),
            Err(Some(number)) => format!("write {}, not {number}", T::expected()),
            Err(None) => format!("write {}", T::expected()),
        }
    }

    #[cold]
    pub(crate) fn invalid_text(self, reason: impl Display, help: String, findings: &mut Findings) {
        let message = format!("`{}` {reason}", self.name);
        findings.push(INVALID_TEXT.finding(self.node().span, message).help(help));
    }

    #[cold]
    fn unknown_word<V: Vocabulary>(self, word: &str, findings: &mut Findings) {
        findings.push(unknown_word::<V>(word, self.node().span, Change::Text));
    }
}

/// Says that a word used as a key is not in its vocabulary, and which one is nearest.
#[cold]
pub(crate) fn report_unknown_word<V: Vocabulary>(word: &str, place: Span, findings: &mut Findings) {
    findings.push(unknown_word::<V>(word, place, Change::RenameKey));
}

fn unknown_word<V: Vocabulary>(
    word: &str,
    place: Span,
    change: impl FnOnce(String) -> Change,
) -> Finding<Span> {
    let message = format!("unknown {} `{}`", V::NOUN, brief(word));
    let finding = UNKNOWN_WORD.finding(place, message);
    match intended_word::<V>(word).map(Vocabulary::word) {
        Some(intended) => finding
            .help(format!("did you mean `{intended}`?"))
            .suggest(place, change(intended.to_owned())),
        None => finding.help(format!("write {}", V::expected())),
    }
}

fn quoted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

impl<U: Unit, const MIN: u64, const MAX: u64> Read for Bounded<U, MIN, MAX> {
    const TYPE: &'static str = "an integer";
    const RANGE: Option<(u64, u64)> = Some((MIN, MAX));

    fn expected() -> String {
        format!("an integer from {MIN} to {MAX}")
    }

    fn is_quoted(text: &str) -> bool {
        text.parse().is_ok_and(|number| Self::new(number).is_ok())
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let Kind::Integer(number) = value.node().kind else {
            value.wrong_type::<Self>(findings);
            return None;
        };
        let natural = number.and_then(|number| u64::try_from(number).ok());
        let bounded = natural.and_then(|number| Self::new(number).ok());
        if bounded.is_none() {
            report_range(value, number, (MIN, MAX, U::SUFFIX), findings);
        }
        bounded
    }
}

impl<T: Read> Read for Vec<T> {
    const TYPE: &'static str = "an array";

    fn expected() -> String {
        format!("an array, each item {}", T::expected())
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let Kind::Array(..) = value.node().kind else {
            value.wrong_type::<Self>(findings);
            return None;
        };
        let read = |(index, id)| {
            let name = format!("{}[{index}]", value.name);
            T::read(Value { tree: value.tree, id, name: &name }, findings)
        };
        let items: Vec<Option<T>> = value.tree.children(value.id).enumerate().map(read).collect();
        items.into_iter().collect()
    }
}

/// Says that an integer is not in its range: the smallest and the largest value and the unit.
#[cold]
pub(crate) fn report_range(
    value: Value<'_, '_>,
    number: Option<i64>,
    (min, max, suffix): (u64, u64, &str),
    findings: &mut Findings,
) {
    let is = number.map_or("beyond 64 bits".to_owned(), |number| format!("{number}{suffix}"));
    let message = format!("`{}` is {is}, outside {min} to {max}", value.name);
    let help = match number.map(u64::try_from) {
        None => format!("write an integer from {min} to {max}"),
        Some(Ok(number)) if number > max => format!("write at most {max}"),
        Some(_) => format!("write at least {min}"),
    };
    findings.push(OUT_OF_RANGE.finding(value.node().span, message).help(help));
}

impl<const MIN: usize, const MAX: usize> Read for Text<MIN, MAX> {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        match MIN {
            0 => format!("a string of at most {MAX} characters"),
            _ => format!("a string of {MIN} to {MAX} characters"),
        }
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let text = value.string::<Self>(findings)?;
        let report = |reason: &InvalidText| {
            let help = match reason {
                InvalidText::Control { .. } => "write the text in one line, without it".to_owned(),
                InvalidText::Length { .. } | InvalidText::Pattern { .. } => {
                    format!("write {}", Self::expected())
                }
            };
            value.invalid_text(reason, help, findings);
        };
        Self::new(text).inspect_err(report).ok()
    }
}

impl Read for DriverName {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        "the name of a driver".to_owned()
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let name = value.string::<Self>(findings)?;
        let report = |_: &InvalidText| report_name(name, value.node().span, findings);
        Self::new(name).inspect_err(report).ok()
    }
}

/// The driver's name that is the key of a table.
pub(crate) fn read_key_as_name(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut Findings,
) -> Option<DriverName> {
    let node = tree.node(id);
    let report = |_: &InvalidText| report_name(&node.key, node.key_span, findings);
    DriverName::new(&node.key).inspect_err(report).ok()
}

/// The word that is the key of a table, or that it is a misspelling of.
pub(crate) fn read_key_as_word<V: Vocabulary>(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut Findings,
) -> Option<V> {
    let node = tree.node(id);
    let word = word_of_key(&node.key);
    if word.is_none_or(|word: V| word.word() != node.key) {
        report_unknown_word::<V>(&node.key, node.key_span, findings);
    }
    word
}

impl<V: Vocabulary> Read for V {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        format!("one of {}", quoted(V::ALL.iter().map(|word| word.word())))
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
    const TYPE: &'static str = "an array";

    fn expected() -> String {
        "an array of capabilities, such as `[\"batch_read\"]`".to_owned()
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let Kind::Array(..) = value.node().kind else {
            value.wrong_type::<Self>(findings);
            return None;
        };
        let before = findings.said();
        let mut set = Self::default();
        let mut first = [None; DriverCapability::ALL.len()];
        for id in value.tree.children(value.id) {
            let item = Value { tree: value.tree, id, name: "an item of `capabilities`" };
            let Some(capability) = read_item(item, findings) else { continue };
            if set.insert(capability) {
                first[capability as usize] = Some(item);
            } else {
                report_double(item, capability, first[capability as usize], findings);
            }
        }
        (findings.said() == before).then_some(set)
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
    item: Value<'_, '_>,
    capability: DriverCapability,
    first: Option<Value<'_, '_>>,
    findings: &mut Findings,
) {
    let label = capability.label();
    let mut finding = DUPLICATE_ITEM
        .finding(item.node().span, format!("`{label}` is listed twice"))
        .help("remove one of the two")
        .fix(Safety::Safe, vec![Edit { place: item.node().span, change: Change::RemoveItem }]);
    if let Some(first) = first {
        finding = finding.also(first.node().span, "first listed here");
    }
    findings.push(finding);
}

impl Read for Date {
    const TYPE: &'static str = "a date";

    fn expected() -> String {
        "a date without quotes, such as `2026-10-31`".to_owned()
    }

    fn is_quoted(text: &str) -> bool {
        text.parse::<Self>().is_ok()
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let kind = &value.node().kind;
        let date = if let Kind::DateTime(text) = kind { text.parse().ok() } else { None };
        if date.is_none() {
            value.wrong_type::<Self>(findings);
        }
        date
    }
}

impl Read for ContractDigest {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        "`sha256:` and 64 lower-case hexadecimal digits".to_owned()
    }

    fn read(value: Value<'_, '_>, findings: &mut Findings) -> Option<Self> {
        let text = value.string::<Self>(findings)?;
        let help = || format!("write {}", Self::expected());
        let report = |_: &InvalidDigest| value.invalid_text("is not a digest", help(), findings);
        text.parse().inspect_err(report).ok()
    }
}
