//! Defines the rules about read errors, which do not depend on the meaning of contracts.

use crate::finding::{Level, Rule, Safety, rule};

/// Invalid TOML.
pub static SYNTAX: Rule = rule!("syntax", Level::Error, "a file is not valid TOML");

/// Bytes that are not valid UTF-8.
pub static INVALID_UTF8: Rule = rule!("invalid-utf8", Level::Error, "a file is not valid UTF-8");

/// An unknown key.
pub static UNKNOWN_KEY: Rule =
    rule!("unknown-key", Level::Error, "a table has an unknown key").fixes(Safety::Unsafe);

/// A missing key.
pub static MISSING_KEY: Rule =
    rule!("missing-key", Level::Error, "a table lacks a required key").fixes(Safety::Unsafe);

/// A value of the wrong type.
pub static WRONG_TYPE: Rule =
    rule!("wrong-type", Level::Error, "a value has the wrong type").fixes(Safety::Unsafe);

/// A word that is not in its vocabulary.
pub static UNKNOWN_WORD: Rule =
    rule!("unknown-word", Level::Error, "a value is not one of the allowed words")
        .fixes(Safety::Unsafe);

/// A number that is out of range.
pub static OUT_OF_RANGE: Rule = rule!("out-of-range", Level::Error, "a number is out of range");

/// A text of the wrong length or with characters that are not allowed.
pub static INVALID_TEXT: Rule = rule!(
    "invalid-text",
    Level::Error,
    "a string has the wrong length or form, or a control character"
);

/// A built-in word that a project declares again.
pub static VOCABULARY_SHADOWED: Rule =
    rule!("vocabulary-shadowed", Level::Error, "`[vocabulary]` declares a built-in word");

/// A second declaration of the same thing.
pub static DUPLICATE_DECLARATION: Rule =
    rule!("duplicate-declaration", Level::Error, "a key or a declaration appears more than once");

/// A repeated item in an array.
pub static DUPLICATE_ITEM: Rule = rule!(
    "duplicate-item",
    Level::Error,
    "an array lists the same item twice, or two servers name a driver"
)
.fixes(Safety::Safe);

/// A driver that no document declares.
pub static UNKNOWN_DRIVER: Rule =
    rule!("unknown-driver", Level::Error, "a declaration names a driver that is not declared");

/// A template that no document declares.
pub static UNKNOWN_TEMPLATE: Rule =
    rule!("unknown-template", Level::Error, "a driver names a template that is not declared");

/// An effective budget with a missing limit.
pub static BUDGET_INCOMPLETE: Rule =
    rule!("budget-incomplete", Level::Error, "an effective budget lacks a limit");

/// An effective workload with a missing required key.
pub static WORKLOAD_INCOMPLETE: Rule =
    rule!("workload-incomplete", Level::Error, "an effective workload lacks a required key");

/// An effective workload with too many arrivals to simulate.
pub static WORKLOAD_TOO_LARGE: Rule = rule!(
    "workload-too-large",
    Level::Error,
    "a workload has more arrivals than the simulator accepts"
);

/// A file above the size limit.
pub static FILE_TOO_LARGE: Rule =
    rule!("file-too-large", Level::Error, "a file is larger than `max_file_bytes`");

/// A file with more findings than driverc stores.
pub static TOO_MANY_FINDINGS: Rule =
    rule!("too-many-findings", Level::Error, "a file has more findings than driverc reports");

/// A path to a file outside the project.
pub static PATH_OUTSIDE_PROJECT: Rule =
    rule!("path-outside-project", Level::Error, "a link or path leads out of the project");

/// All rules about read errors, by name.
pub static ALL: [&Rule; 19] = [
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
    &UNKNOWN_TEMPLATE,
    &UNKNOWN_WORD,
    &VOCABULARY_SHADOWED,
    &WORKLOAD_INCOMPLETE,
    &WORKLOAD_TOO_LARGE,
    &WRONG_TYPE,
];

/// Returns the read-error rule with this name.
pub(crate) fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.name == name).copied()
}
