//! A base with errors: everything that can be read is compared.

use std::fs;

use super::super::{break_it, concise, edit, git, paths, repository};
use super::{BROKEN, TIERS, as_base, assert_broken};
use crate::cli::sandbox::{Sandbox, driver};

/// A repository whose base has a driver with a number out of range.
fn out_of_range() -> Sandbox {
    let sandbox = repository();
    edit(&sandbox, "max_attempts = 3", "max_attempts = 500");
    as_base(&sandbox);
    sandbox
}

#[test]
fn fields_readable_on_both_sides_are_compared() {
    let sandbox = out_of_range();
    edit(&sandbox, "max_attempts = 500", "max_attempts = 3");
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "the fix passes: {run:?}");
    break_it(&sandbox);
    edit(&sandbox, "max_in_flight = 20", "max_in_flight = 500");
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, paths(&run)), (1, vec![BROKEN, "risky[a.max_in_flight"]), "{run:?}");
    for format in ["full", "concise", "json", "markdown", "github"] {
        let run = sandbox.run(&["diff", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}: {run:?}");
        assert!(run.stdout.contains("a.capabilities"), "{format}: {run:?}");
    }
}

#[test]
fn unreadable_field_does_not_affect_meaning_of_other_change() {
    let sandbox = out_of_range();
    edit(&sandbox, "max_attempts = 500", "max_attempts = 1");
    edit(&sandbox, "base_backoff_ms = ", "base_backoff_ms = 1");
    let run = concise(&sandbox, &[]);
    let path = "a.retry_policy.base_backoff_ms";
    assert!(paths(&run).iter().any(|it| it.ends_with(path)), "{run:?}");
    assert!(!run.stdout.contains("does not retry"), "{run:?}");
}

#[test]
fn removed_driver_with_error_is_reported_as_removed() {
    let sandbox = out_of_range();
    git(&sandbox, &["rm", "-q", "contracts/a.toml"]);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[a"]), "{run:?}");
}

#[test]
fn warning_names_each_driver_that_is_not_compared() {
    let sandbox = repository();
    edit(&sandbox, "max_attempts = 3", "max_attempts = three");
    as_base(&sandbox);
    edit(&sandbox, "max_attempts = three", "max_attempts = 3");
    let run = concise(&sandbox, &[]);
    assert!(run.stderr.contains("warning: driver `a` is not compared, "), "{run:?}");
}

#[test]
fn include_and_exclude_of_invalid_base_configuration_apply() {
    let sandbox = repository();
    git(&sandbox, &["mv", "contracts", "drv"]);
    sandbox.write("drv/old.toml", driver("a"));
    let text = "include = [\"drv\"]\nbogus = 1\nexclude = [\"drv/old.toml\"]\n";
    sandbox.write("driverc.toml", text);
    as_base(&sandbox);
    git(&sandbox, &["mv", "drv", "contracts"]);
    fs::remove_file(sandbox.path("contracts/old.toml")).unwrap();
    fs::remove_file(sandbox.path("driverc.toml")).unwrap();
    break_it(&sandbox);
    let run = concise(&sandbox, &[]);
    assert_broken(&run);
    let message = "has an error in line 2: unknown key `bogus`";
    assert!(run.stderr.contains(message), "{run:?}");
    assert!(!run.stderr.contains("duplicate"), "{run:?}");
    sandbox.write("driverc.toml", TIERS);
    assert_broken(&concise(&sandbox, &[]));
}
