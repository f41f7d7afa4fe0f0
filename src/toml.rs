//! Reads TOML into a tree, tables and scalars, and reports every error with its fix.
//!
//! This module must not depend on the tables of documents or of the configuration.

pub(crate) mod entries;
pub(crate) mod findings;
pub(crate) mod key;
pub(crate) mod paste;
pub(crate) mod quantity;
pub(crate) mod quote;
pub mod rules;
pub(crate) mod spelling;
pub mod suppression;
pub(crate) mod syntax;
pub(crate) mod table;
pub(crate) mod tree;
pub(crate) mod value;
