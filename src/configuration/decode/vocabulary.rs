//! Reads `[vocabulary]`: the classes, capabilities and profiles that a project declares.

use super::{ConfigurationTable, DecodedEntry, entries};
use crate::{
    finding::{Level, Rule, rule},
    model::{
        BenchmarkProfile, DriverCapability, DriverClass, OpenVocabulary, ProjectClass,
        ProjectProfile, ProjectVocabulary, Vocabulary, Word, WordDescription,
    },
    toml::{
        findings::DocumentFindings,
        rules::INVALID_TEXT,
        spelling::truncated,
        table::{Table, expect_table},
        tree::{NodeId, Tree},
    },
};

/// A built-in word that a project declares again.
pub(crate) static VOCABULARY_SHADOWED: Rule =
    rule!("vocabulary-shadowed", Level::Error, "`[vocabulary]` declares a built-in word").fixed();

/// The key of the table.
pub(crate) const VOCABULARY: &str = "vocabulary";
/// The keys of `[vocabulary]`.
static KINDS: [&str; 3] = ["class", "capability", "profile"];
/// The key of a word's description.
pub(crate) const DESCRIPTION: &str = "description";
/// The key that names the built-in class whose rules and thresholds apply to a class of the
/// project.
pub(crate) const LIKE: &str = "like";
/// The key that lists the capabilities through which a driver claims a profile.
pub(crate) const CLAIMED_BY: &str = "claimed_by";

/// The value of `like`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Like {
    /// The value `"none"`: no rules and thresholds of a class apply.
    None,
    /// A built-in class. The rules and thresholds of this class apply.
    Class(DriverClass),
}

impl Vocabulary for Like {
    const NOUN: &'static str = "built-in class";
    const ALL: &'static [Self] = &[
        Self::None,
        Self::Class(DriverClass::RelationalAdapter),
        Self::Class(DriverClass::ColumnarAdapter),
        Self::Class(DriverClass::StreamAdapter),
        Self::Class(DriverClass::ObjectStoreAdapter),
    ];

    fn word(&self) -> &str {
        match self {
            Self::None => "none",
            Self::Class(class) => class.label(),
        }
    }
}

/// Returns the words that a file declares, without reporting any error.
pub(super) fn declared_words(tree: &Tree<'_>) -> ProjectVocabulary {
    let table = tree.child(tree.root(), VOCABULARY);
    table.map(|id| decode_words(tree, id, &mut DocumentFindings::default())).unwrap_or_default()
}

/// Reads `[vocabulary]`.
pub(in crate::configuration) fn decode_vocabulary(
    entry: &mut DecodedEntry<'_, '_, '_, '_>,
) -> ProjectVocabulary {
    decode_words(entry.table.tree, entry.id, entry.table.findings)
}

fn decode_words(tree: &Tree<'_>, id: NodeId, findings: &mut DocumentFindings) -> ProjectVocabulary {
    let mut vocabulary = ProjectVocabulary::default();
    if !expect_table::<&str>(tree, id, || "vocabulary.class.<class>".to_owned(), findings) {
        return vocabulary;
    }
    let kinds: [Option<NodeId>; 3] = {
        let table: ConfigurationTable<'_, '_, '_> = Table::open(tree, id, &KINDS, findings);
        KINDS.map(|kind| table.entry(kind))
    };
    let [classes, capabilities, profiles] = kinds;
    for (word, id) in words::<DriverClass>(tree, classes, findings) {
        let mut table = Table::open(tree, id, &[DESCRIPTION, LIKE], findings);
        let (description, like) = (description(&mut table), table.required(LIKE));
        table.report_missing();
        let like = if let Some(Like::Class(class)) = like { Some(class) } else { None };
        vocabulary.classes.insert(word, ProjectClass { description, like });
    }
    for (word, id) in words::<DriverCapability>(tree, capabilities, findings) {
        let mut table = Table::open(tree, id, &[DESCRIPTION], findings);
        vocabulary.capabilities.insert(word, description(&mut table));
        table.report_missing();
    }
    for (word, id) in words::<BenchmarkProfile>(tree, profiles, findings) {
        let mut table = Table::open(tree, id, &[DESCRIPTION, CLAIMED_BY], findings);
        let description = description(&mut table);
        let claimed_by = table.optional(CLAIMED_BY).flatten().unwrap_or_default();
        table.report_missing();
        vocabulary.profiles.insert(word, ProjectProfile { description, claimed_by });
    }
    vocabulary
}

/// Reads the description of a word. After an error, the word still counts as declared, so that
/// driverc does not also report the uses of the word.
fn description(table: &mut ConfigurationTable<'_, '_, '_>) -> WordDescription {
    table.required(DESCRIPTION).unwrap_or_else(WordDescription::unread)
}

/// Returns the tables of the valid words. Reports the invalid words.
fn words<V: Vocabulary>(
    tree: &Tree<'_>,
    id: Option<NodeId>,
    findings: &mut DocumentFindings,
) -> Vec<(Word, NodeId)> {
    let tables = id.map(|id| entries(tree, id, findings)).unwrap_or_default();
    let mut found = Vec::new();
    for child in tables {
        let header = || tree.path(child);
        if let Some(word) = word::<V>(tree, child, findings)
            && expect_table::<&str>(tree, child, header, findings)
        {
            found.push((word, child));
        }
    }
    found
}

/// Reads the key of a table as a word of the project. Reports a word that is built in or invalid.
fn word<V: Vocabulary>(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<Word> {
    let node = tree.node(id);
    if V::from_word(&node.key).is_some() {
        let message = format!("`{}` is a built-in {}", node.key, V::NOUN);
        let finding = VOCABULARY_SHADOWED.finding(node.key_span, message);
        findings.push(finding.help("remove the table, or choose another word"));
        return None;
    }
    // `[budget.class]` and `[budget.driver]` would be scopes without a profile.
    let is_scope = matches!(&*node.key, "class" | "driver");
    if V::OPEN == Some(OpenVocabulary::Profile) && is_scope {
        let message = format!("`{}` cannot be a profile, because it names a scope", node.key);
        let finding = INVALID_TEXT.finding(node.key_span, message);
        findings.push(finding.help("choose another word"));
        return None;
    }
    let word = Word::new(&node.key);
    if word.is_err() {
        let message = format!("`{}` is not a valid {}", truncated(&node.key), V::NOUN);
        let help = "write a lower-case letter, then up to 30 lower-case letters, digits and `_`";
        findings.push(INVALID_TEXT.finding(node.key_span, message).help(help));
    }
    word.ok()
}

/// Returns the span of a word in the text of `driverc.toml`.
pub(crate) fn place_of_word(
    text: &str,
    vocabulary: OpenVocabulary,
    word: Word,
) -> Option<crate::source::Span> {
    let tree = Tree::parse(text);
    let path = [VOCABULARY, vocabulary.key(), word.as_str()];
    let found = path.iter().try_fold(tree.root(), |table, key| tree.child(table, key))?;
    Some(tree.node(found).key_span)
}
