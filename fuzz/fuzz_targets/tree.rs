//! Configurations of any bytes, with any files and links around them.
#![no_main]

#[path = "../../tests/it/common/trees.rs"]
mod trees;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| trees::nothing_outside_is_read(bytes));
