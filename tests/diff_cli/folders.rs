//! Folders of the command line that the change removes, and folders as the base.

use super::{as_base, configure};
use crate::{
    concise, git, paths, repository,
    sandbox::{Sandbox, driver},
};

/// A repository with the driver `a` in `contracts` and `ledger` in `drv`, both included.
fn two_folders() -> Sandbox {
    let sandbox = repository();
    configure(&sandbox, "include = [\"contracts\", \"drv\"]");
    sandbox.write("drv/ledger.toml", driver("ledger"));
    as_base(&sandbox);
    sandbox
}

#[test]
fn removed_folder_that_is_named_is_compared() {
    let sandbox = two_folders();
    git(&sandbox, &["rm", "-rq", "drv"]);
    configure(&sandbox, "include = [\"contracts\"]");
    let other = driver("c").replace("max_in_flight = 20", "max_in_flight = 21");
    sandbox.write("contracts/c.toml", other);
    for named in [&["drv"][..], &["drv/"]] {
        let run = concise(&sandbox, named);
        assert_eq!((run.code, paths(&run)[0]), (1, "breaking[ledger"), "{named:?}: {run:?}");
        assert!(!paths(&run).contains(&"compatible[c"), "{named:?}: {run:?}");
    }
    let run = concise(&sandbox, &["contracts", "drv"]);
    assert_eq!((run.code, paths(&run)[0]), (1, "breaking[ledger"), "{run:?}");
    assert!(paths(&run).contains(&"compatible[c"), "{run:?}");

    let sandbox = two_folders();
    git(&sandbox, &["rm", "-rq", "contracts"]);
    let run = concise(&sandbox, &["drv", "contracts"]);
    assert_eq!((run.code, paths(&run).contains(&"breaking[a")), (1, true), "{run:?}");

    let sandbox = repository();
    sandbox.write("contracts/below/b.toml", driver("b"));
    as_base(&sandbox);
    git(&sandbox, &["rm", "-rq", "contracts/below"]);
    let run = concise(&sandbox, &["contracts/below"]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[b"]), "{run:?}");
}

#[test]
fn file_in_place_of_named_folder_hides_nothing() {
    let sandbox = two_folders();
    git(&sandbox, &["rm", "-rq", "drv"]);
    sandbox.write("drv", "");
    let run = concise(&sandbox, &["drv"]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[ledger"]), "{run:?}");
}
