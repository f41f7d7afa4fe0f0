//! The reference of contracts, from their schema.

/// The page with every key of a contract, in Markdown.
pub fn reference() -> String {
    String::new()
}
