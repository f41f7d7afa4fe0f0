//! Reads arbitrary texts as configurations of clients and proxies.
#![no_main]

#[path = "../../tests/it/common/laws.rs"]
#[expect(dead_code, reason = "a target has one of the laws")]
mod laws;

libfuzzer_sys::fuzz_target!(|text: &str| {
    laws::targets(text);
});
