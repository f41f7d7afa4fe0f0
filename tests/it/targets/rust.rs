//! Modules of Rust constants.

use driverc::{
    builtin::postgres_async_driver,
    document,
    finding::Level,
    model::{Capabilities, DriverContract, MetricName, MultiplierPercent, Name, Prose, QueueMs},
    source::Source,
    targets::{Drift, TargetOptions, adopt, emit, find, verify},
    workspace::Workspace,
};
use proptest::prelude::*;

use crate::common::strategies::{driver, vocabulary};

fn options() -> TargetOptions {
    TargetOptions::of(find("rust").unwrap())
}

fn contract() -> DriverContract {
    postgres_async_driver()
}

fn text() -> String {
    emit(&contract(), options()).text
}

/// Returns the drifts of an emitted module in which one text is replaced.
fn drifts(old: &str, new: &str) -> Vec<Drift> {
    let text = text();
    assert_eq!(text.matches(old).count(), 1, "{old}");
    verify(&contract(), options(), &text.replace(old, new)).drifts
}

fn messages(old: &str, new: &str) -> Vec<String> {
    let drifts = drifts(old, new).into_iter();
    drifts.map(|drift| format!("{}: {}", drift.rule.name, drift.message)).collect()
}

/// Returns the contract that `adopt` reads.
fn adopted(text: &str, contract: &DriverContract) -> DriverContract {
    let adoption = adopt(text, options(), &contract.name, None, "a.rs");
    assert_eq!(adoption.left_out, [""; 0], "{}", adoption.text);
    let (vocabulary, text) = (vocabulary(), adoption.text);
    let document = document::read_with(&text, &vocabulary);
    let documents = vec![(Source::new("a.toml", &*text), document)];
    let workspace = Workspace::with_vocabulary(documents, vocabulary.into());
    let driver = workspace.driver(&contract.name);
    driver.unwrap_or_else(|| panic!("{:?}\n{}", workspace.findings(), text)).clone()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_field_survives_emit_and_adopt(mut contract in driver()) {
        // A document cannot contain a minimum without its budget.
        if contract.retry_policy.retry_budget_percent.is_none() {
            contract.retry_policy.retry_budget_min = None;
        }
        let emission = emit(&contract, options());
        prop_assert_eq!(&emission.findings, &[]);
        prop_assert_eq!(adopted(&emission.text, &contract), contract);
    }
}

#[test]
fn texts_cannot_add_code() {
    let hostile = "\"; pub const REQUEST_MS: u64 = 1; /* */ // \\ {} ${A} é \u{202e}";
    let mut contract = contract();
    contract.provider_module = Name::new(hostile).unwrap();
    contract.support_tier = Name::new("*/ pub mod a {").unwrap();
    contract.tuning_guide = Prose::new("\\").unwrap();
    contract.telemetry.timeout_metric = MetricName::new(hostile).unwrap();
    let text = emit(&contract, options()).text;
    assert!(text.is_ascii());
    let constants = |text: &str| text.lines().filter(|line| line.starts_with("pub ")).count();
    assert_eq!(constants(&text), constants(&emit(&postgres_async_driver(), options()).text));
    assert_eq!(verify(&contract, options(), &text).drifts, []);
    assert_eq!(adopted(&text, &contract), contract);
}

#[test]
fn number_is_compared_in_every_spelling() {
    for spelling in ["5000", "5_000_u64", "0x1388", "0b1_0011_1000_1000"] {
        assert_eq!(messages("= 5_000;", &format!("= {spelling};")), [""; 0], "{spelling}");
    }
    let message =
        "drift-looser: `REQUEST_MS` is 6_000, but `request_ms` (5000) allows at most 5_000";
    assert_eq!(messages("= 5_000;", "= 6000;"), [message]);
    let drift = drifts("u32 = 20;", "u32 = 19;").remove(0);
    assert_eq!(drift.rule.name, "drift-stricter");
    assert_eq!(drift.help.as_deref(), Some("write `pub const MAX_IN_FLIGHT: u32 = 20;`"));
}

#[test]
fn number_that_does_not_fit_its_type_is_rejected() {
    let message = "drift-rejected: Rust 1.95.0 does not compile: `MAX_IN_FLIGHT` must be at most \
                   4_294_967_295";
    assert_eq!(messages("u32 = 20;", "u32 = 4_294_967_296;"), [message]);
}

#[test]
fn constant_that_only_the_contract_or_only_the_module_has_is_reported() {
    let lifetime = "pub const LIFETIME_MS: u64 = 1_800_000;";
    let message = "drift-default: `LIFETIME_MS` is not set, and its default in Rust 1.95.0 is no \
                   limit, but `lifetime_ms` (1800000) allows at most 1_800_000";
    assert_eq!(messages(lifetime, ""), [message]);
    let queue = "pub const QUEUE_MS: u64 = 900;";
    let drift = drifts(lifetime, &[lifetime, queue].concat()).remove(0);
    assert_eq!(drift.rule.name, "drift-stricter");
    assert_eq!(drift.message, "`QUEUE_MS` is 900, but a contract without `queue_ms` has no limit");
    assert_eq!(drift.help.as_deref(), Some("remove `QUEUE_MS`"));
    let growth = "pub const MULTIPLIER_PERCENT: u32 = ";
    assert_eq!(messages(lifetime, &format!("{lifetime}{growth}200;")), [""; 0]);
    let message = "drift-looser: `MULTIPLIER_PERCENT` is 300, but a contract without \
                   `multiplier_percent` allows at most 200";
    assert_eq!(messages(lifetime, &format!("{lifetime}{growth}300;")), [message]);
}

#[test]
fn optional_constants_are_those_of_the_contract() {
    assert!(!text().contains("QUEUE_MS") && !text().contains("MULTIPLIER_PERCENT"));
    let mut contract = contract();
    contract.timeout_policy.queue_ms = Some(QueueMs::new(5_000).unwrap());
    contract.retry_policy.multiplier_percent = Some(MultiplierPercent::new(200).unwrap());
    let text = emit(&contract, options()).text;
    assert!(text.contains("\npub const QUEUE_MS: u64 = 5_000;\n"), "{text}");
    assert!(text.contains("\npub const MULTIPLIER_PERCENT: u32 = 200;\n"), "{text}");
    assert_eq!(adopted(&text, &contract), contract);
}

#[test]
fn texts_are_compared() {
    let message = "drift-looser: `RETRY_METRIC` differs from `retry_metric`, which is \
                   `postgres_client_retries_total`";
    assert_eq!(messages("client_retries_total", "hunter2"), [message]);
    let message = "drift-looser: `CAPABILITIES` lacks `batch_read`, which `capabilities` contains";
    assert_eq!(messages("    \"batch_read\",\n", ""), [message]);
    let message = "drift-stricter: `CAPABILITIES` contains more than `capabilities`";
    assert_eq!(messages("\"batch_read\"", "\"batch_read\", \"ordered\""), [message]);
    let swapped = "\"batch_write\",\n    \"batch_read\"";
    assert_eq!(messages("\"batch_read\",\n    \"batch_write\"", swapped), [""; 0]);
    let message = "drift-default: `SUPPORT_TIER` is not set, but `support_tier` is `tier1`";
    assert_eq!(messages("pub const SUPPORT_TIER: &str = \"tier1\";", ""), [message]);
}

#[test]
fn empty_list_is_kept() {
    let mut contract = contract();
    contract.capabilities = Capabilities::default();
    let text = emit(&contract, options()).text;
    assert!(text.contains("pub const CAPABILITIES: &[&str] = &[];"), "{text}");
    assert_eq!(adopted(&text, &contract), contract);
}

#[test]
fn other_items_and_expressions_are_named_and_not_compared() {
    let unknown = |new: &str| {
        let drifts = drifts("pub const REQUEST_MS: u64 = 5_000;", new);
        let is_info = |drift: &Drift| drift.level == Level::Info;
        assert!(drifts.iter().any(is_info), "{drifts:?}");
        drifts.into_iter().filter(is_info).map(|drift| drift.message).collect::<String>()
    };
    let message = "driverc does not compute the value of `REQUEST_MS`, so it is not compared";
    for value in ["5 * 1_000", "limits::REQUEST", "{ 5_000 }", "\"5000\"", "5_000.0"] {
        assert_eq!(unknown(&format!("pub const REQUEST_MS: u64 = {value};")), message, "{value}");
    }
    let conditional = "#[cfg(test)]\npub const REQUEST_MS: u64 = 9;";
    assert_eq!(unknown(conditional), message);
    let real = "pub const REQUEST_MS: u64 = 5_000;\n";
    let line = text().lines().position(|line| line.starts_with("pub const REQUEST_MS")).unwrap();
    for (item, name) in [
        ("use std::time::Duration;", None),
        ("pub static TOKEN: &str = \"hunter2\";", None),
        ("pub const PASSWORD: &str = \"hunter2\";", None),
        ("impl A for B { fn f() {} }", None),
        ("pub const REQUST_MS: u64 = 5;", Some("`REQUST_MS`")),
    ] {
        let name = name.map_or_else(|| format!("line {}", line + 2), str::to_owned);
        let message = format!("{name} is not a known setting of Rust 1.95.0");
        assert_eq!(unknown(&format!("{real}{item}")), message);
    }
}

#[test]
fn text_that_is_not_rust_is_rejected() {
    let message = "drift-rejected: Rust 1.95.0 cannot read the file: it is not valid Rust";
    assert_eq!(messages("= 5_000;", "= (5_000;"), [message]);
    let message = "drift-rejected: Rust 1.95.0 cannot read the file: a name occurs twice";
    let again = "= 5_000; pub const REQUEST_MS: u64 = 6_000;";
    assert!(messages("= 5_000;", again).contains(&message.to_owned()));
}

#[test]
fn placeholder_is_not_compared() {
    let text = text().replace("= 5_000;", "= ${REQUEST_MS};");
    let verification = verify(&contract(), options(), &text);
    assert_eq!((verification.placeholders, verification.drifts), (1, Vec::new()));
}

#[test]
fn secrets_are_neither_adopted_nor_shown() {
    let text =
        text() + "pub const PASSWORD: &str = \"hunter2\"; // hunter2\nfn f() { hunter2() }\n";
    let adoption = adopt(&text, options(), &contract().name, None, "a.rs").text;
    let verification = verify(&contract(), options(), &text);
    let shown = format!("{adoption}{}{:?}", verification.public_text, verification.drifts);
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(verification.public_text.contains("REQUEST_MS: u64 = 5_000"));
}
