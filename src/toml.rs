//! Reads TOML into a tree, tables and scalars, with every error and its fix.
//!
//! Must never know which tables a document or the configuration has.

pub(crate) mod entries;
pub(crate) mod findings;
pub(crate) mod key;
pub(crate) mod quantity;
pub(crate) mod quote;
pub mod rules;
pub(crate) mod spelling;
pub mod suppression;
pub(crate) mod syntax;
pub(crate) mod table;
pub(crate) mod tree;
pub(crate) mod value;
