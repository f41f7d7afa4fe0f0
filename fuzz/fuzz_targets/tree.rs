//! Reads configurations of arbitrary bytes, surrounded by arbitrary files and links.
#![no_main]

#[path = "../../tests/it/common/trees.rs"]
mod trees;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| trees::nothing_outside_is_read(bytes));
