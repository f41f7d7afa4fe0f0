//! Reads single values and reports invalid ones.
//!
//! This module must not read types that only contracts contain.

use std::fmt::Display;

use crate::{
    finding::{EditAction, Finding},
    model::{
        Bounded, InvalidText, OpenVocabulary, ProjectVocabulary, Text, Unit, Vocabulary, Word,
    },
    source::Span,
    toml::{
        entries::word_of_key,
        findings::DocumentFindings,
        quantity,
        rules::{INVALID_TEXT, OUT_OF_RANGE, UNKNOWN_WORD, WRONG_TYPE},
        spelling::{intended_word, truncated},
        tree::{Node, NodeId, Tree, ValueKind},
    },
};

/// A value in a document, and the key for which the value is read.
#[derive(Clone, Copy)]
pub(crate) struct TomlValue<'t, 's> {
    pub(crate) tree: &'t Tree<'s>,
    pub(crate) id: NodeId,
    pub(crate) name: &'t str,
}

/// A type that can be read from one value.
pub(crate) trait Read: Sized {
    /// The TOML type with its article.
    const TYPE: &'static str;

    /// The minimum and maximum of an integer.
    const RANGE: Option<(u64, u64)> = None;

    /// Returns the expected value with its article and range.
    fn expected() -> String;

    /// Returns the expected value in a project that declares words.
    fn expected_in(_vocabulary: &ProjectVocabulary) -> String {
        Self::expected()
    }

    /// Returns true if a text without its quotes is a value of this type.
    fn is_quoted(_text: &str) -> bool {
        false
    }

    /// Reads a value. Reports an invalid value and returns `None`.
    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self>;
}

impl<'t, 's> TomlValue<'t, 's> {
    pub(crate) fn node(self) -> &'t Node<'s> {
        self.tree.node(self.id)
    }

    /// Returns the text of a string. Reports any other value as the wrong type.
    pub(crate) fn string<T: Read>(self, findings: &mut DocumentFindings) -> Option<&'t str> {
        if let ValueKind::String(text) = &self.node().kind {
            return Some(text);
        }
        self.wrong_type::<T>(findings)
    }

    #[cold]
    pub(crate) fn wrong_type<T: Read>(self, findings: &mut DocumentFindings) -> Option<&'t str> {
        let node = self.node();
        let message = format!("`{}` must be {}, not {}", self.name, T::TYPE, node.kind.noun());
        let finding = WRONG_TYPE.finding(node.span, message).help(self.repair::<T>());
        findings.push(match self.number::<T>().ok() {
            Some(number) => finding.suggest(node.span, EditAction::Integer(number)),
            None => finding,
        });
        None
    }

    /// Converts a string or a float to an integer in the unit of the key. If this fails, returns
    /// the number as text, if there is a number.
    fn number<T: Read>(self) -> Result<u64, Option<String>> {
        let (min, max) = T::RANGE.ok_or(None)?;
        let exact = quantity::exact(self.name, &self.node().kind).ok_or(None)?;
        let whole = exact.whole().filter(|number| (min..=max).contains(number));
        whole.ok_or_else(|| exact.decimal())
    }

    /// Returns the help text for a value of the wrong type.
    fn repair<T: Read>(self) -> String {
        let kind = &self.node().kind;
        if let ValueKind::String(text) = kind
            && T::is_quoted(text)
        {
            return format!("remove the quotes: `{text}`");
        }
        if let ValueKind::DateTime(text) = kind
            && let Some(date) = text.get(..10)
            && T::is_quoted(date)
        {
            return format!("remove the time: `{date}`");
        }
        match self.number::<T>() {
            Ok(number) if self.name.contains('[') => format!("write `{number}`"),
            Ok(number) => format!("write `{} = {number}`", self.name),
            Err(Some(number)) => {
                format!("write {}, not {number}", T::expected_in(self.tree.vocabulary))
            }
            Err(None) => format!("write {}", T::expected_in(self.tree.vocabulary)),
        }
    }

    #[cold]
    pub(crate) fn invalid_text(
        self,
        reason: impl Display,
        help: String,
        findings: &mut DocumentFindings,
    ) {
        let message = format!("`{}` {reason}", self.name);
        findings.push(INVALID_TEXT.finding(self.node().span, message).help(help));
    }

    #[cold]
    fn unknown_word<V: Vocabulary>(self, word: &str, findings: &mut DocumentFindings) {
        let vocabulary = self.tree.vocabulary;
        findings.push(unknown_word::<V>((word, vocabulary), self.node().span, EditAction::Text));
    }
}

/// Reports a key that is not in a vocabulary, and suggests the nearest word.
#[cold]
pub(crate) fn report_unknown_word<V: Vocabulary>(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) {
    let Node { key, key_span, .. } = tree.node(id);
    let word = (key.as_ref(), tree.vocabulary);
    findings.push(unknown_word::<V>(word, *key_span, EditAction::RenameKey));
}

fn unknown_word<V: Vocabulary>(
    (word, vocabulary): (&str, &ProjectVocabulary),
    place: Span,
    change: impl FnOnce(String) -> EditAction,
) -> Finding<Span> {
    let message = format!("unknown {} `{}`", V::NOUN, truncated(word));
    let finding = UNKNOWN_WORD.finding(place, message);
    let Some(intended) = intended_word::<V>(word, vocabulary) else {
        let allowed = V::expected_in(vocabulary);
        return finding.help(match V::OPEN.map(|open| declaration(open, word)) {
            Some(Some(table)) => {
                format!("write {allowed}, or declare it in `driverc.toml`, such as\n\n{table}")
            }
            Some(None) | None => format!("write {allowed}"),
        });
    };
    finding
        .help(format!("did you mean `{}`?", intended.word()))
        .suggest(place, change(intended.word().to_owned()))
}

/// Returns the table that declares a word of the project, or `None` if the word is not well-formed.
fn declaration(vocabulary: OpenVocabulary, word: &str) -> Option<String> {
    Word::new(word).ok()?;
    let key = vocabulary.key();
    let description = format!("[vocabulary.{key}.{word}]\ndescription = \"…\"");
    Some(match vocabulary {
        OpenVocabulary::Class => format!("{description}\nlike = \"none\""),
        OpenVocabulary::Profile => format!("{description}\nclaimed_by = []"),
        OpenVocabulary::Capability => description,
    })
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

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let ValueKind::Integer(number) = value.node().kind else {
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

impl Read for bool {
    const TYPE: &'static str = "a boolean";

    fn expected() -> String {
        "`true` or `false`".to_owned()
    }

    fn is_quoted(text: &str) -> bool {
        text.parse::<Self>().is_ok()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        if let ValueKind::Boolean(flag) = value.node().kind {
            return Some(flag);
        }
        value.wrong_type::<Self>(findings);
        None
    }
}

impl<T: Read> Read for Vec<T> {
    const TYPE: &'static str = "an array";

    fn expected() -> String {
        format!("an array in which each item is {}", T::expected())
    }

    fn expected_in(vocabulary: &ProjectVocabulary) -> String {
        format!("an array in which each item is {}", T::expected_in(vocabulary))
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let ValueKind::Array(..) = value.node().kind else {
            value.wrong_type::<Self>(findings);
            return None;
        };
        let read = |(index, id)| {
            let name = format!("{}[{index}]", value.name);
            T::read(TomlValue { tree: value.tree, id, name: &name }, findings)
        };
        let items: Vec<Option<T>> = value.tree.children(value.id).enumerate().map(read).collect();
        items.into_iter().collect()
    }
}

/// Reports an integer that is out of range, with its minimum, maximum and unit.
#[cold]
pub(crate) fn report_range(
    value: TomlValue<'_, '_>,
    number: Option<i64>,
    (min, max, suffix): (u64, u64, &str),
    findings: &mut DocumentFindings,
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

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let text = value.string::<Self>(findings)?;
        let report = |reason: &InvalidText| {
            let help = match reason {
                InvalidText::Control { .. } => {
                    "write the text on one line, without this character".to_owned()
                }
                InvalidText::Length { .. } | InvalidText::Pattern { .. } => {
                    format!("write {}", Self::expected())
                }
            };
            value.invalid_text(reason, help, findings);
        };
        Self::new(text).inspect_err(report).ok()
    }
}

/// Reads the key of a table as a word, even if the key is a misspelling of the word.
pub(crate) fn read_key_as_word<V: Vocabulary>(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<V> {
    let node = tree.node(id);
    let word = word_of_key(&node.key, tree.vocabulary);
    if word.is_none_or(|word: V| word.word() != node.key) {
        report_unknown_word::<V>(tree, id, findings);
    }
    word
}

impl<V: Vocabulary> Read for V {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        Self::expected_in(ProjectVocabulary::empty())
    }

    fn expected_in(vocabulary: &ProjectVocabulary) -> String {
        let words = vocabulary.all::<V>();
        format!("one of {}", quoted(words.iter().map(Vocabulary::word)))
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let word = value.string::<Self>(findings)?;
        let found = value.tree.vocabulary.find(word);
        if found.is_none() {
            value.unknown_word::<V>(word, findings);
        }
        found
    }
}
