//! Documents that several projects of a run read.

use super::{
    super::sandbox::{Sandbox, driver},
    concise, git,
};

const SHARED: &str = "shared/t.toml";
const TEMPLATE: &str = "[template.t]\nmax_in_flight = 30\n";
const COMMENTED: &str = "[template.t.retry_policy]\n\
                         max_attempts = 9 # driverc: ignore[retry-attempts-high] ok\n";
const RAISED: &str = "[rules]\nretry-attempts-high = { limit = 20 }\n";

/// Two projects that read the folder `shared`.
fn sharing(shared: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet", "."]);
    for name in ["a", "b"] {
        configure(&sandbox, name, "");
        sandbox.write(&format!("{name}/contracts/{name}.toml"), driver(name));
    }
    sandbox.write(SHARED, shared);
    git(&sandbox, &["add", "--all"]);
    sandbox
}

fn configure(sandbox: &Sandbox, name: &str, rules: &str) {
    let configuration = format!("include = [\"contracts\", \"../shared\"]\n{rules}");
    sandbox.write(&format!("{name}/driverc.toml"), configuration);
}

/// Lets the driver of a project take its number of attempts or of operations from the template.
fn like(sandbox: &Sandbox, name: &str, key: &str) {
    let contract = driver(name);
    let line = contract.lines().find(|line| line.starts_with(key)).unwrap();
    let without = contract.replace(&format!("{line}\n"), "");
    let header = format!("[driver.{name}]\n");
    let contract = without.replace(&header, &format!("{header}like = \"t\"\n"));
    sandbox.write(&format!("{name}/contracts/{name}.toml"), contract);
}

#[test]
fn fix_keeps_template_that_another_project_uses() {
    let sandbox = sharing(TEMPLATE);
    like(&sandbox, "a", "max_in_flight");
    for options in [&["--fix", "--show", "info"][..], &["--show", "info"]] {
        let run = concise(&sandbox, options);
        assert!(!run.stdout.contains("template-unused"), "{run:?}");
        assert_eq!((run.code, sandbox.read(SHARED)), (0, TEMPLATE.to_owned()), "{run:?}");
    }
}

#[test]
fn fix_removes_template_that_no_project_uses_once() {
    let sandbox = sharing(TEMPLATE);
    let run = concise(&sandbox, &["--diff", "--show", "info"]);
    assert_eq!(run.stdout.matches("-[template.t]").count(), 1, "{run:?}");
    let run = concise(&sandbox, &["--fix", "--show", "info"]);
    assert!(run.stderr.contains("fixed 1 finding in 1 file\n"), "{run:?}");
    assert!(!run.stdout.contains("template-unused"), "{run:?}");
    assert_eq!(sandbox.read(SHARED), "");
}

#[test]
fn fix_keeps_comment_that_another_project_needs() {
    let sandbox = sharing(COMMENTED);
    for name in ["a", "b"] {
        like(&sandbox, name, "max_attempts");
    }
    configure(&sandbox, "b", RAISED);
    for options in [&[][..], &["--fix"], &["--fix", "--unsafe-fixes"]] {
        let run = concise(&sandbox, options);
        assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
        assert_eq!(sandbox.read(SHARED), COMMENTED);
    }
    // The suppression is unused if both projects allow this number of attempts.
    configure(&sandbox, "a", RAISED);
    assert!(concise(&sandbox, &[]).stdout.contains("suppression-unused"));
    let run = concise(&sandbox, &["--fix"]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
    assert!(!sandbox.read(SHARED).contains("ignore"));
}

#[test]
fn waiver_that_one_project_uses_is_not_reported_as_unused() {
    let waiver = "[[waiver]]\nrule = \"retry-attempts-high\"\nowner = \"data\"\n\
                  expires = 2999-01-01\nreason = \"slow\"\n";
    let sandbox = sharing(
        &format!("{waiver}{COMMENTED}").replace(" # driverc: ignore[retry-attempts-high] ok", ""),
    );
    for name in ["a", "b"] {
        like(&sandbox, name, "max_attempts");
    }
    configure(&sandbox, "b", RAISED);
    concise(&sandbox, &[]).assert_clean();
    configure(&sandbox, "a", RAISED);
    assert!(concise(&sandbox, &[]).stdout.contains("waiver-unused"));
}

#[test]
fn fix_keeps_unused_template_if_one_project_is_unreadable() {
    let sandbox = sharing(TEMPLATE);
    like(&sandbox, "a", "max_in_flight");
    configure(&sandbox, "a", "unknown = [\n");
    let run = concise(&sandbox, &["--fix", "--show", "info"]);
    assert_eq!((run.code, sandbox.read(SHARED)), (2, TEMPLATE.to_owned()), "{run:?}");
}

#[test]
fn fix_that_only_one_project_suggests_is_not_applied() {
    let jitter =
        driver("shared").lines().find(|line| line.starts_with("jitter")).unwrap().to_owned();
    let text = driver("shared").replace(&jitter, "jitter_percent = 0");
    let sandbox = sharing(&text);
    configure(&sandbox, "b", "[rules]\nretry-no-jitter = \"off\"\n");
    let run = concise(&sandbox, &["--fix", "--unsafe-fixes"]);
    assert!(run.stdout.contains("retry-no-jitter"), "{run:?}");
    assert_eq!(sandbox.read(SHARED), text);
    configure(&sandbox, "b", "");
    let run = concise(&sandbox, &["--fix", "--unsafe-fixes"]);
    assert!(!run.stdout.contains("retry-no-jitter"), "{run:?}");
    assert!(!sandbox.read(SHARED).contains("jitter_percent = 0"), "{run:?}");
}
