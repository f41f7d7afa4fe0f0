//! The reader's own rules: what is not a document, whatever the contracts in it mean.

use crate::finding::{Level, Rule, Safety};

/// Text that is not TOML.
pub static SYNTAX: Rule = Rule {
    name: "syntax",
    level: Level::Error,
    summary: "the text is not TOML",
    docs: include_str!("../rules/docs/syntax.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// Bytes that are not UTF-8.
pub static INVALID_UTF8: Rule = Rule {
    name: "invalid-utf8",
    level: Level::Error,
    summary: "the file is not UTF-8",
    docs: include_str!("../rules/docs/invalid_utf8.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A key that the table does not have.
pub static UNKNOWN_KEY: Rule = Rule {
    name: "unknown-key",
    level: Level::Error,
    summary: "a table has a key that means nothing there",
    docs: include_str!("../rules/docs/unknown_key.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

/// A key that the table needs.
pub static MISSING_KEY: Rule = Rule {
    name: "missing-key",
    level: Level::Error,
    summary: "a table lacks a key that it needs",
    docs: include_str!("../rules/docs/missing_key.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A value of another type.
pub static WRONG_TYPE: Rule = Rule {
    name: "wrong-type",
    level: Level::Error,
    summary: "a value is of another type than its key asks for",
    docs: include_str!("../rules/docs/wrong_type.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

/// A word outside its vocabulary.
pub static UNKNOWN_WORD: Rule = Rule {
    name: "unknown-word",
    level: Level::Error,
    summary: "a word is not in its vocabulary",
    docs: include_str!("../rules/docs/unknown_word.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

/// A number outside its range.
pub static OUT_OF_RANGE: Rule = Rule {
    name: "out-of-range",
    level: Level::Error,
    summary: "a number is outside its range",
    docs: include_str!("../rules/docs/out_of_range.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A text of the wrong length or with characters that are not allowed.
pub static INVALID_TEXT: Rule = Rule {
    name: "invalid-text",
    level: Level::Error,
    summary: "a text has the wrong length or a character that is not allowed",
    docs: include_str!("../rules/docs/invalid_text.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A second declaration of the same thing.
pub static DUPLICATE_DECLARATION: Rule = Rule {
    name: "duplicate-declaration",
    level: Level::Error,
    summary: "the same thing is declared twice",
    docs: include_str!("../rules/docs/duplicate_declaration.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A word twice in a set.
pub static DUPLICATE_ITEM: Rule = Rule {
    name: "duplicate-item",
    level: Level::Error,
    summary: "a set names the same word twice",
    docs: include_str!("../rules/docs/duplicate_item.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Safe),
};

/// A driver that no document declares.
pub static UNKNOWN_DRIVER: Rule = Rule {
    name: "unknown-driver",
    level: Level::Error,
    summary: "a declaration names a driver that no document declares",
    docs: include_str!("../rules/docs/unknown_driver.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// An effective budget without one of its limits.
pub static BUDGET_INCOMPLETE: Rule = Rule {
    name: "budget-incomplete",
    level: Level::Error,
    summary: "a budget that applies to a driver lacks a limit",
    docs: include_str!("../rules/docs/budget_incomplete.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// An effective workload without one of the keys that it needs.
pub static WORKLOAD_INCOMPLETE: Rule = Rule {
    name: "workload-incomplete",
    level: Level::Error,
    summary: "a workload that applies to a driver lacks a key that it needs",
    docs: include_str!("../rules/docs/workload_incomplete.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// An effective workload with too many arrivals to simulate.
pub static WORKLOAD_TOO_LARGE: Rule = Rule {
    name: "workload-too-large",
    level: Level::Error,
    summary: "a workload has more arrivals than a run can have",
    docs: include_str!("../rules/docs/workload_too_large.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A file that is too large to be read.
pub static FILE_TOO_LARGE: Rule = Rule {
    name: "file-too-large",
    level: Level::Error,
    summary: "a file is larger than those that are read",
    docs: include_str!("../rules/docs/file_too_large.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A file with more findings than are kept.
pub static TOO_MANY_FINDINGS: Rule = Rule {
    name: "too-many-findings",
    level: Level::Error,
    summary: "a file has more findings than are kept",
    docs: include_str!("../rules/docs/too_many_findings.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A path that leads out of the project.
pub static PATH_OUTSIDE_PROJECT: Rule = Rule {
    name: "path-outside-project",
    level: Level::Error,
    summary: "a link or path leads out of the project",
    docs: include_str!("../rules/docs/path_outside_project.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// All of them, by name.
pub static ALL: [&Rule; 17] = [
    &BUDGET_INCOMPLETE,
    &DUPLICATE_DECLARATION,
    &DUPLICATE_ITEM,
    &FILE_TOO_LARGE,
    &INVALID_TEXT,
    &INVALID_UTF8,
    &MISSING_KEY,
    &OUT_OF_RANGE,
    &PATH_OUTSIDE_PROJECT,
    &SYNTAX,
    &TOO_MANY_FINDINGS,
    &UNKNOWN_DRIVER,
    &UNKNOWN_KEY,
    &UNKNOWN_WORD,
    &WORKLOAD_INCOMPLETE,
    &WORKLOAD_TOO_LARGE,
    &WRONG_TYPE,
];

/// The rule of the reader with this name, if there is one.
pub(crate) fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.name == name).copied()
}
