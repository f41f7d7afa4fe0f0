//! Defines the rules about errors in TOML and in the types of values.

use crate::finding::{Level, Rule, Safety, rule};

/// Invalid TOML.
pub static SYNTAX: Rule = rule!("syntax", Level::Error, "a file is not valid TOML").fixed();

/// Bytes that are not valid UTF-8.
pub static INVALID_UTF8: Rule =
    rule!("invalid-utf8", Level::Error, "a file is not valid UTF-8").fixed();

/// An unknown key.
pub static UNKNOWN_KEY: Rule =
    rule!("unknown-key", Level::Error, "a table has an unknown key").fixes(Safety::Unsafe).fixed();

/// A missing key.
pub static MISSING_KEY: Rule = rule!("missing-key", Level::Error, "a table lacks a required key")
    .fixes(Safety::Unsafe)
    .fixed();

/// A value of the wrong type.
pub static WRONG_TYPE: Rule =
    rule!("wrong-type", Level::Error, "a value has the wrong type").fixes(Safety::Unsafe).fixed();

/// A word that is not in its vocabulary.
pub static UNKNOWN_WORD: Rule =
    rule!("unknown-word", Level::Error, "a value is not one of the allowed words")
        .fixes(Safety::Unsafe)
        .fixed();

/// A number that is out of range.
pub static OUT_OF_RANGE: Rule =
    rule!("out-of-range", Level::Error, "a number is out of range").fixed();

/// A text of the wrong length or with characters that are not allowed.
pub static INVALID_TEXT: Rule = rule!(
    "invalid-text",
    Level::Error,
    "a string has the wrong length or form, or a control character"
)
.fixed();

/// A second declaration of the same thing.
pub static DUPLICATE_DECLARATION: Rule =
    rule!("duplicate-declaration", Level::Error, "a key or a declaration appears more than once")
        .fixed();

/// A repeated item in an array.
pub static DUPLICATE_ITEM: Rule = rule!(
    "duplicate-item",
    Level::Error,
    "an array repeats an item, or two servers name the same driver"
)
.fixes(Safety::Safe)
.fixed();

/// A file with more findings than driverc stores.
pub static TOO_MANY_FINDINGS: Rule =
    rule!("too-many-findings", Level::Error, "a file has more findings than driverc reports")
        .fixed();
