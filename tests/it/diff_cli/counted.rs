//! Which documents each side includes. A change cannot hide behind its own configuration, make old
//! declarations look new, or pass because the base lists no documents.
#![cfg(unix)]

mod errors;
mod folders;
mod repositories;

use std::fs;

use super::{break_it, commit, concise, edit, git, paths, repository};
use crate::cli::sandbox::{Run, Sandbox, driver, misspelt};

const BROKEN: &str = "breaking[a.capabilities.batch_read";
const TIERS: &str = "support_tiers = [\"tier1\", \"tier2\"]\n";

/// Moves `main` to a new commit with everything that the test has added.
fn as_base(sandbox: &Sandbox) {
    commit(sandbox);
    git(sandbox, &["branch", "-f", "main"]);
}

fn configure(sandbox: &Sandbox, line: &str) {
    sandbox.write("driverc.toml", format!("{TIERS}{line}\n"));
}

#[track_caller]
fn assert_broken(run: &Run) {
    assert_eq!(run.code, 1, "{run:?}");
    assert!(paths(run).contains(&BROKEN), "{run:?}");
    assert!(!run.stdout.contains("driver `a` was added"), "{run:?}");
}

#[test]
fn exclude_and_gitignore_do_not_hide_broken_contract() {
    for (file, line) in [
        (
            "driverc.toml",
            "support_tiers = [\"tier1\", \"tier2\"]\nexclude = [\"contracts/a.toml\"]\n",
        ),
        ("driverc.toml", "support_tiers = [\"tier1\", \"tier2\"]\nexclude = [\"**\"]\n"),
        (
            "driverc.toml",
            "support_tiers = [\"tier1\", \"tier2\"]\ninclude = [\"contracts/budgets.toml\"]\n",
        ),
        (".gitignore", "contracts/\n"),
        ("contracts/.gitignore", "*.toml\n"),
    ] {
        let sandbox = repository();
        break_it(&sandbox);
        sandbox.write(file, line);
        assert_broken(&concise(&sandbox, &[]));
        commit(&sandbox);
        assert_broken(&concise(&sandbox, &[]));
    }
}

#[test]
fn exclude_does_not_hide_broken_requirement() {
    let sandbox = repository();
    let requirement = "[[requirement]]\nconsumer = \"billing\"\ndriver = \"a\"\nowner = \"us\"\n\
                       reason = \"agreed\"\nmax_attempts = 3\n";
    sandbox.write("contracts/billing.toml", requirement);
    as_base(&sandbox);
    edit(&sandbox, "max_attempts = 3", "max_attempts = 4");
    configure(&sandbox, "exclude = [\"contracts/billing.toml\"]");
    let run = concise(&sandbox, &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("; breaks `billing` "), "{run:?}");
    assert!(!run.stdout.contains("requirement.billing"), "{run:?}");
}

#[test]
fn exclude_does_not_hide_call_that_outlasts_its_caller() {
    let calls = "[caller.edge]\nattempt_ms = 15150\nmax_attempts = 1\n\n\
                 [[call]]\nfrom = \"edge\"\nto = \"a\"\n";
    for line in ["", "exclude = [\"contracts/calls.toml\"]"] {
        let sandbox = repository();
        sandbox.write("contracts/calls.toml", calls);
        as_base(&sandbox);
        configure(&sandbox, line);
        let slow =
            sandbox.read("contracts/a.toml").replace("request_ms = 5000", "request_ms = 5001");
        sandbox.write("contracts/a.toml", slow);
        let run = concise(&sandbox, &[]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.contains("a caller gives up before the driver finishes"), "{run:?}");
        assert!(!run.stdout.contains("was removed"), "{run:?}");
    }
}

#[test]
fn removed_and_excluded_driver_is_breaking() {
    let sandbox = repository();
    configure(&sandbox, "exclude = [\"contracts/a.toml\"]");
    git(&sandbox, &["rm", "-q", "contracts/a.toml"]);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, paths(&run).contains(&"breaking[a")), (1, true), "{run:?}");
}

#[test]
fn moved_folder_causes_no_change() {
    let sandbox = repository();
    git(&sandbox, &["mv", "contracts", "drivers"]);
    configure(&sandbox, "include = [\"drivers\"]");
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
    let text = sandbox.read("drivers/a.toml").replace("  \"batch_read\",\n", "");
    sandbox.write("drivers/a.toml", text);
    assert_broken(&concise(&sandbox, &[]));
    assert_broken(&concise(&sandbox, &["drivers"]));
}

#[test]
fn waiver_file_included_only_by_change_waives_no_change() {
    let sandbox = repository();
    sandbox.write("elsewhere/waivers.toml", super::waiver("contract-broken"));
    as_base(&sandbox);
    break_it(&sandbox);
    configure(&sandbox, "include = [\"contracts\", \"elsewhere\"]");
    assert_broken(&concise(&sandbox, &[]));
}

#[test]
fn order_of_tiers_comes_from_base() {
    let sandbox = repository();
    edit(&sandbox, "\"tier2\"", "\"tier1\"");
    as_base(&sandbox);
    edit(&sandbox, "\"tier1\"", "\"tier2\"");
    sandbox.write("driverc.toml", "support_tiers = [\"tier2\", \"tier1\"]\n");
    let run = concise(&sandbox, &[]);
    assert_eq!(run.code, 1);
    assert!(paths(&run).contains(&"breaking[a.support_tier"), "{run:?}");
}

#[test]
fn driver_in_invalid_base_document_is_not_new() {
    let sandbox = repository();
    sandbox.write(
        "contracts/b.toml",
        driver("b").replace("max_in_flight = 20", "max_in_flight = ten"),
    );
    as_base(&sandbox);
    sandbox.write("contracts/b.toml", driver("b"));
    sandbox.write("contracts/c.toml", driver("c"));
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, paths(&run)), (0, vec!["compatible[c"]), "{run:?}");
}

#[test]
fn base_folder_is_read_with_its_own_configuration() {
    let sandbox = Sandbox::new();
    sandbox.write("contracts/a.toml", driver("a").replace("  \"batch_read\",\n", ""));
    sandbox.write("contracts/old/b.toml", driver("b"));
    sandbox.write("driverc.toml", "exclude = [\"contracts/old\", \"contracts/a.toml\"]\n");
    sandbox.write("base/driverc.toml", "exclude = [\"contracts/draft.toml\"]\n");
    sandbox.write("base/contracts/a.toml", driver("a"));
    sandbox.write("base/contracts/draft.toml", misspelt("draft"));
    let run = concise(&sandbox, &["--against-path", "base"]);
    assert_broken(&run);
    // A folder without a configuration excludes nothing.
    sandbox.write("plain/a.toml", driver("a"));
    sandbox.write("plain/old/b.toml", driver("b"));
    let run = concise(&sandbox, &["--against-path", "plain"]);
    assert_eq!((run.code, paths(&run)), (1, vec![BROKEN]), "{run:?}");
    let run = concise(&sandbox, &["--against", "plain"]);
    assert_eq!(run.code, 2);
}

#[test]
fn weaker_configuration_is_listed_as_risky() {
    let cases = [
        ("support_tiers = [\"tier2\", \"tier1\"]", "configuration.support_tiers"),
        ("support_tiers = [\"tier1\"]", "configuration.support_tiers"),
        ("[rules]\nretry-no-jitter = \"off\"", "configuration.rules.retry-no-jitter"),
        ("[rules]\nretry-amplification = \"info\"", "configuration.rules.retry-amplification"),
        (
            "[rules]\nretry-amplification = { limit = 99 }",
            "configuration.rules.retry-amplification.limit",
        ),
        (
            "[per-file-rules.\"contracts/a.toml\"]\nretry-no-jitter = \"off\"",
            "configuration.per-file-rules.\"contracts/a.toml\".retry-no-jitter",
        ),
        (
            "[required_capabilities]\nrelational_adapter = [\"batch_read\"]",
            "configuration.required_capabilities.relational_adapter",
        ),
        ("exclude = [\"contracts/a.toml\"]", "configuration.exclude"),
        ("include = [\"contracts/budgets.toml\"]", "configuration.include"),
    ];
    for (text, path) in cases {
        let sandbox = repository();
        if text.starts_with("support_tiers") {
            sandbox.write("driverc.toml", text);
        } else {
            configure(&sandbox, text);
        }
        let run = concise(&sandbox, &["--fail-on", "risky"]);
        let expected = format!("driverc.toml: risky[{path}]: ");
        assert!(run.stdout.contains(&expected), "{text}: {run:?}");
        assert_eq!(run.code, 1, "{text}");
        let accept = format!("risky:{path}");
        let run = concise(&sandbox, &["--fail-on", "risky", "--accept", &accept]);
        assert_eq!(run.code, 0, "{text}: {run:?}");
    }
    // Additions and higher levels in the configuration are not risky.
    for text in [
        "[rules]\nretry-no-jitter = \"error\"",
        "preset = \"strict\"",
        "exclude = [\"contracts/none.toml\"]",
    ] {
        let sandbox = repository();
        configure(&sandbox, text);
        assert_eq!(paths(&concise(&sandbox, &[])), Vec::<&str>::new(), "{text}");
    }
    let sandbox = repository();
    configure(&sandbox, "preset = \"strict\"\n[evidence.tier1]\nmax_age_days = 30");
    as_base(&sandbox);
    configure(&sandbox, "[evidence.tier1]\nmax_age_days = 60");
    let run = concise(&sandbox, &[]);
    let expected = ["risky[configuration.preset", "risky[configuration.evidence.tier1"];
    assert!(expected.iter().all(|path| paths(&run).contains(path)), "{run:?}");
}

#[test]
fn weaker_configuration_cannot_be_waived() {
    let sandbox = repository();
    sandbox.write("contracts/waivers.toml", super::waiver("contract-weakened"));
    as_base(&sandbox);
    configure(&sandbox, "[rules]\nretry-no-jitter = \"off\"");
    assert_eq!(concise(&sandbox, &["--fail-on", "risky"]).code, 1);
}

#[test]
fn size_limit_of_change_does_not_apply_to_base() {
    let sandbox = repository();
    sandbox.write("contracts/all.toml", format!("{}\n{}", driver("b"), driver("c")));
    sandbox.write("driverc.toml", format!("{TIERS}{}", "# a long comment\n".repeat(200)));
    edit(&sandbox, "\"tier2\"", "\"tier1\"");
    as_base(&sandbox);
    fs::remove_file(sandbox.path("contracts/all.toml")).unwrap();
    edit(&sandbox, "\"tier1\"", "\"tier2\"");
    let turned = "max_file_bytes = 3000\nsupport_tiers = [\"tier2\", \"tier1\"]\n";
    sandbox.write("driverc.toml", turned);
    let run = concise(&sandbox, &[]);
    let expected = ["breaking[a.support_tier", "breaking[b", "breaking[c"];
    assert_eq!((run.code, paths(&run)[..3].to_vec()), (1, expected.to_vec()), "{run:?}");
    assert!(paths(&run).contains(&"risky[configuration.max_file_bytes"), "{run:?}");
}

#[test]
fn new_configuration_in_parent_folder_does_not_affect_base() {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    sandbox.write("svc/contracts/a.toml", driver("a"));
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    sandbox.write("svc/contracts/b.toml", driver("b"));
    fs::remove_file(sandbox.path("svc/contracts/a.toml")).unwrap();
    sandbox.write("driverc.toml", "include = [\"svc/contracts\"]\n");
    let run = sandbox.run_in("svc", &["diff", "--output-format", "concise"]);
    assert_eq!((run.code, paths(&run)[0]), (1, "breaking[a"), "{run:?}");
}

#[test]
fn diff_reports_include_change_if_copy_replaces_included_file() {
    let sandbox = repository();
    sandbox.write("copy/a.toml", driver("a"));
    sandbox.write("copy/budgets.toml", crate::cli::sandbox::budgets());
    break_it(&sandbox);
    configure(&sandbox, "include = [\"copy\"]");
    let run = concise(&sandbox, &["--fail-on", "risky"]);
    assert_eq!((run.code, paths(&run)), (1, vec!["risky[configuration.include"]), "{run:?}");
}

#[test]
fn removed_file_is_compared_and_misspelt_path_is_error() {
    let sandbox = repository();
    fs::remove_file(sandbox.path("contracts/a.toml")).unwrap();
    let run = concise(&sandbox, &["contracts/a.toml"]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[a"]), "{run:?}");
    let run = concise(&sandbox, &["contracts/b.toml"]);
    assert_eq!(
        run.stderr,
        "error: `contracts/b.toml` is neither in the work tree nor in the base\n"
    );
    assert_eq!(run.code, 2);
}

#[test]
fn excluded_server_is_compared() {
    let sandbox = repository();
    git(&sandbox, &["checkout", "-q", "main"]);
    let server =
        |count| format!("[server.pg]\nmax_connections = 100\n[server.pg.instances]\na = {count}\n");
    sandbox.write("contracts/servers.toml", server(1));
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "exclude"]);
    sandbox.write("contracts/servers.toml", server(2));
    sandbox.write("driverc.toml", "exclude = [\"contracts/servers.toml\"]\n");
    let run = concise(&sandbox, &[]);
    assert!(paths(&run).contains(&"risky[server.pg.instances.a"), "{}", run.stdout);
}
