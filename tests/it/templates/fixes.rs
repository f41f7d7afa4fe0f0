//! Fixes of values that a driver takes from a template.

use driverc::fix::{Replacement, replacements};

use super::{TEMPLATE, check, fixed, fleet};

/// A template whose counters lack `_total`.
fn template() -> String {
    TEMPLATE.replace("connect_ms = 900", "connect_ms = 3100").replace("s_total\"", "s\"")
}

/// The text after a replacement.
fn replaced(text: &str, Replacement { span, text: new }: &Replacement) -> String {
    [&text[..span.start as usize], new, &text[span.end as usize..]].concat()
}

/// The drivers after all fixes. Each fix alone must also give valid TOML.
fn fixed_drivers(drivers: &str) -> String {
    let workspace = fleet(&template(), drivers);
    let findings = check(&workspace).open;
    let fixes: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
    for fix in &fixes {
        let edits = replacements(workspace.sources(), fix).unwrap();
        let [(_, edit)] = &edits[..] else { panic!("{edits:?}") };
        let text = replaced(drivers, edit);
        assert!(toml::from_str::<toml::Table>(&text).is_ok(), "{text}");
    }
    let (applied, texts) = fixed(workspace);
    assert_eq!((applied, &texts[1]), (fixes.len(), &template()), "{}", texts[0]);
    texts.into_iter().next().unwrap()
}

const TIMEOUTS: &str = "telemetry.timeout_metric = \"a_client_timeouts_total\"";
const RETRIES: &str = "telemetry.retry_metric = \"a_client_retries_total\"";

#[test]
fn fixes_add_keys_to_inline_table_one_after_another() {
    assert_eq!(
        fixed_drivers("[driver]\na = { like = \"sqlx_pg\" }\n"),
        format!("[driver]\na = {{ like = \"sqlx_pg\", {TIMEOUTS}, {RETRIES} }}\n")
    );
    assert_eq!(
        fixed_drivers(
            "[driver]\na = { like = \"sqlx_pg\", telemetry.latency_metric = \"a_client_seconds\" }\n"
        ),
        format!(
            "[driver]\na = {{ like = \"sqlx_pg\", telemetry.latency_metric = \"a_client_seconds\", {TIMEOUTS}, {RETRIES} }}\n"
        )
    );
}

#[test]
fn fixes_add_keys_to_drivers_in_one_inline_table() {
    let of_b = |key: &str| format!("b.{}", key.replace("a_client", "b_client"));
    assert_eq!(
        fixed_drivers("driver = { a = { like = 'sqlx_pg' }, b.like = 'sqlx_pg' }"),
        format!(
            "driver = {{ a = {{ like = 'sqlx_pg', {TIMEOUTS}, {RETRIES} }}, b.like = 'sqlx_pg', {}, {} }}",
            of_b(TIMEOUTS),
            of_b(RETRIES)
        )
    );
}

#[test]
fn fixes_preserve_line_ending_of_document() {
    assert_eq!(
        fixed_drivers("[driver.a]\r\nlike = \"sqlx_pg\""),
        format!("[driver.a]\r\nlike = \"sqlx_pg\"\r\n{TIMEOUTS}\r\n{RETRIES}")
    );
}
