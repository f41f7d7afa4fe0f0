//! Reads arbitrary bytes as a document, and writes every finding in every format.
#![no_main]

#[path = "../../tests/it/common/laws.rs"]
#[expect(dead_code, reason = "a target has one of the laws")]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::document(bytes, laws::one_format(bytes)));
