//! A change that several projects of one comparison see, such as the division of a project.

use super::{commit, concise, git, paths};
use crate::cli::sandbox::{Sandbox, budgets, driver};

const ROOT: &str = "driverc.toml";

fn file(name: &str) -> String {
    format!("services/{name}/contracts/{name}.toml")
}

fn configuration(name: &str) -> String {
    format!("services/{name}/driverc.toml")
}

/// A repository whose project at the root includes two services, on the branch `change`.
fn root_project() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    sandbox.write(ROOT, "include = [\"services/*/contracts\"]\n");
    for name in ["a", "b"] {
        sandbox.write(&file(name), driver(name));
    }
    sandbox.write("services/a/contracts/budgets.toml", budgets());
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    sandbox
}

fn break_driver(sandbox: &Sandbox) {
    let text = sandbox.read(&file("a")).replace("  \"batch_read\",\n", "");
    sandbox.write(&file("a"), text);
}

#[test]
fn diff_of_divided_project_lists_each_change_once() {
    let sandbox = root_project();
    git(&sandbox, &["rm", "-q", ROOT]);
    for name in ["a", "b"] {
        sandbox.write(&configuration(name), "");
    }
    break_driver(&sandbox);
    git(&sandbox, &["add", "-A"]);
    let run = concise(&sandbox, &[]);
    let mut found = paths(&run);
    found.sort_unstable();
    let expected = [
        "breaking[a.capabilities.batch_read",
        "risky[configuration.driverc.toml",
        "risky[configuration.services/a/driverc.toml",
        "risky[configuration.services/b/driverc.toml",
    ];
    assert_eq!((run.code, found), (1, expected.to_vec()), "{run:?}");
    assert_eq!(concise(&sandbox, &["--accept", "breaking:a.capabilities.batch_read"]).code, 0);
    let run = sandbox.run(&["diff", "--output-format", "full"]);
    assert!(run.stdout.contains("affects 2 drivers"), "{run:?}");
}

#[test]
fn excluded_folder_that_becomes_project_is_still_checked() {
    let sandbox = root_project();
    sandbox.write(ROOT, "include = [\"services/*/contracts\"]\nexclude = [\"services/b\"]\n");
    git(&sandbox, &["add", "-A"]);
    let run = concise(&sandbox, &[]);
    assert_eq!(paths(&run), ["risky[configuration.exclude"], "{run:?}");
    sandbox.write(&configuration("b"), "");
    git(&sandbox, &["add", "-A"]);
    let run = concise(&sandbox, &[]);
    assert_eq!(paths(&run), ["risky[configuration.services/b/driverc.toml"], "{run:?}");
    // The project at the root still checks the other service.
    let run = sandbox.run_in("services/b", &["diff", "--output-format", "concise"]);
    assert!(!run.stdout.contains("no longer checked"), "{run:?}");
    // The new project leaves out its own documents.
    sandbox.write(&configuration("b"), "exclude = [\"contracts\"]\n");
    let run = concise(&sandbox, &[]);
    assert!(paths(&run).contains(&"risky[configuration.exclude"), "{run:?}");
}

#[test]
fn change_in_shared_document_is_listed_once() {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    for name in ["a", "b"] {
        sandbox.write(&configuration(name), "include = [\"contracts\", \"../../shared\"]\n");
        sandbox.write(&file(name), driver(name));
    }
    sandbox.write("shared/budgets.toml", budgets());
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    let (limit, rest) = budgets().split_once("max_p95_latency_ms = ").unwrap();
    sandbox.write("shared/budgets.toml", format!("{limit}max_p95_latency_ms = 1{rest}"));
    let run = concise(&sandbox, &[]);
    assert_eq!(paths(&run).len(), 1, "{run:?}");
    assert!(paths(&run)[0].ends_with(".max_p95_latency_ms"), "{run:?}");
    // The same change in documents of their own is two changes.
    for name in ["a", "b"] {
        sandbox.write(&configuration(name), "");
        sandbox.write(&format!("services/{name}/contracts/budgets.toml"), budgets());
    }
    git(&sandbox, &["rm", "-q", "-f", "shared/budgets.toml"]);
    git(&sandbox, &["checkout", "-q", "main"]);
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-B", "change"]);
    for name in ["a", "b"] {
        let budgets = format!("{limit}max_p95_latency_ms = 1{rest}");
        sandbox.write(&format!("services/{name}/contracts/budgets.toml"), budgets);
    }
    assert_eq!(paths(&concise(&sandbox, &[])).len(), 2);
}
