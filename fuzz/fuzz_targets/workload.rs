//! Simulates documents with drivers and workloads.
#![no_main]

#[path = "../../tests/it/common/laws.rs"]
#[expect(dead_code, reason = "a target has one of the laws")]
mod laws;

libfuzzer_sys::fuzz_target!(|text: &str| laws::workload(text));
