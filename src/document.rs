//! TOML text to model values.

mod tree;
