//! A base with errors: what can be read of it is compared.

use std::fs;

use super::{TIERS, as_base, assert_broken};
use crate::{break_it, concise, git, repository, sandbox::driver};

#[test]
fn include_and_exclude_of_a_base_configuration_with_errors_apply() {
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
    let said = "has an error in line 2: unknown key `bogus`";
    assert!(run.stderr.contains(said), "{run:?}");
    assert!(!run.stderr.contains("duplicate"), "{run:?}");
    sandbox.write("driverc.toml", TIERS);
    assert_broken(&concise(&sandbox, &[]));
}
