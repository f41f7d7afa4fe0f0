//! Projects that `load` accepts and refuses.

use std::{fs, path::Path, time::Duration};

use contract::{attempt_limit, load, run_limit, wait_limit};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Returns the error of a project with this change of the example's contracts.
fn refusal(name: &str, old: &str, new: &str) -> String {
    let text = fs::read_to_string(Path::new(PROJECT).join("contracts/services.toml")).unwrap();
    assert!(text.contains(old), "{old}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("contracts")).unwrap();
    fs::write(folder.join("driverc.toml"), "include = [\"contracts\"]\n").unwrap();
    fs::write(folder.join("contracts/services.toml"), text.replacen(old, new, 1)).unwrap();
    load(folder, "orders").unwrap_err().to_string()
}

#[test]
fn contract_without_errors_is_loaded_with_its_template() {
    let contract = load(PROJECT, "orders").unwrap();
    assert_eq!(contract.max_in_flight.get(), 6);
    assert_eq!(attempt_limit(&contract), Duration::from_millis(2_000));
    assert_eq!(wait_limit(&contract), Duration::from_millis(500));
    assert_eq!(run_limit(&contract), Duration::from_millis(1_500));
}

#[test]
fn project_with_errors_is_refused() {
    let error = refusal("zero", "max_in_flight = 6", "max_in_flight = 0");
    assert!(error.starts_with("out-of-range: "), "{error}");
    let error = refusal("backoff", "max_attempts = 1", "max_attempts = 3");
    assert!(error.contains("retry-backoff-zero: "), "{error}");
}

#[test]
fn unknown_driver_is_refused() {
    let error = load(PROJECT, "payments").unwrap_err().to_string();
    assert_eq!(error, "no driver `payments` is declared");
}
