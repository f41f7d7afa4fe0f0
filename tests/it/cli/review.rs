//! `check --output-format review`, in real git repositories. `.ci/review.sh` tests the action.

use serde_json::{Value, json};

use super::{
    repository::git,
    sandbox::{Run, Sandbox, driver, misspelt},
};

const A: &str = "contracts/a.toml";

/// A pull request that changes these files of a commit on `main`.
fn pull_request(before: &[(&str, &str)], after: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet", "--initial-branch", "main", "."]);
    for (key, value) in [("user.name", "test"), ("user.email", "test@example.com")] {
        git(&sandbox, &["config", key, value]);
    }
    commit(&sandbox, before);
    git(&sandbox, &["checkout", "--quiet", "-b", "change"]);
    commit(&sandbox, after);
    sandbox
}

fn commit(sandbox: &Sandbox, files: &[(&str, &str)]) {
    for (path, text) in files {
        sandbox.write(path, text);
    }
    git(sandbox, &["add", "--all"]);
    git(sandbox, &["commit", "--quiet", "--allow-empty", "--message", "files"]);
}

fn check(sandbox: &Sandbox, folder: &str, arguments: &[&str]) -> Run {
    let command = ["check", "--ignore", "budget-missing-profile", "--output-format", "review"];
    sandbox.run_in(folder, &[&command, arguments].concat())
}

/// Returns the path, side and line of each comment.
fn places(run: &Run) -> Vec<Value> {
    let document: Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
    let comments = document["add"].as_array().unwrap();
    comments.iter().map(|it| json!([it["path"], it["side"], it["line"]])).collect()
}

fn refused(run: &Run, message: &str) {
    assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
    assert!(run.stderr.contains(message), "{run:?}");
}

#[test]
fn comment_is_on_line_that_changed_since_default_branch() {
    let sandbox = pull_request(&[(A, &driver("a"))], &[(A, &misspelt("a"))]);
    let run = check(&sandbox, "", &[]);
    assert_eq!((run.code, places(&run)), (1, vec![json!([A, "RIGHT", 10])]));
    let named = check(&sandbox, "", &["--review-base", "main", "--review-head", "change"]);
    assert_eq!(named, run);
}

#[test]
fn path_starts_at_repository_root_in_every_folder() {
    let path = "services/a/contracts/a.toml";
    let sandbox = pull_request(
        &[("services/a/driverc.toml", ""), ("services/b/driverc.toml", ""), (path, &driver("a"))],
        &[(path, &misspelt("a")), ("services/b/contracts/b.toml", &misspelt("b"))],
    );
    let all = [path, "services/b/contracts/b.toml"].map(|path| json!([path, "RIGHT", 10]));
    assert_eq!(places(&check(&sandbox, "services/a", &[])), all[..1]);
    assert_eq!(places(&check(&sandbox, "services/a/contracts", &[])), all[..1]);
    assert_eq!(places(&check(&sandbox, "", &[])), all);
}

#[test]
fn lines_that_are_not_committed_do_not_move_comments() {
    let sandbox = pull_request(&[(A, &driver("a"))], &[(A, &misspelt("a"))]);
    sandbox.write(A, format!("\n\n\n{}", misspelt("a").replace("idle_ms = ", "idle_ms =  ")));
    let place = json!([A, "RIGHT", 10]);
    assert_eq!(places(&check(&sandbox, "", &[])), [place]);
}

#[test]
fn repository_settings_do_not_change_lines() {
    let sandbox = pull_request(&[(A, &driver("a"))], &[(A, &misspelt("a"))]);
    let expected = check(&sandbox, "", &[]);
    for (key, value) in [
        ("diff.external", "false"),
        ("diff.noprefix", "true"),
        ("diff.context", "9"),
        ("diff.interHunkContext", "9"),
        ("diff.renames", "copies"),
        ("diff.orderFile", "missing"),
        ("color.ui", "always"),
        ("core.quotePath", "false"),
        ("diff.contracts.textconv", "false"),
        ("diff.contracts.command", "false"),
    ] {
        git(&sandbox, &["config", key, value]);
    }
    sandbox.write(".git/info/attributes", "*.toml diff=contracts\n");
    assert_eq!(check(&sandbox, "", &[]), expected);
}

#[test]
fn file_that_git_does_not_compare_has_no_lines() {
    let sandbox = pull_request(
        &[(A, &driver("a")), (".gitattributes", "*.toml -diff\n")],
        &[(A, &misspelt("a"))],
    );
    let run = check(&sandbox, "", &[]);
    assert_eq!(places(&run), [] as [Value; 0]);
    assert!(run.stdout.contains("1 finding in files without changed lines"), "{run:?}");
}

#[test]
fn every_changed_file_has_its_own_lines() {
    let name = |number: usize| format!("d{number:03}");
    let path = |number: usize| format!("contracts/{}.toml", name(number));
    let sandbox = pull_request(&[], &[]);
    let write = |text: &dyn Fn(usize) -> String| {
        let files: Vec<_> = (0..450).map(|number| (path(number), text(number))).collect();
        let files: Vec<_> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
        commit(&sandbox, &files);
    };
    write(&|number| driver(&name(number)));
    git(&sandbox, &["branch", "--force", "main"]);
    write(&|number| format!("{}{}", "\n".repeat(number % 7), misspelt(&name(number))));
    let run = check(&sandbox, "", &["--max-comments", "1000"]);
    let place = |number| json!([path(number), "RIGHT", 10 + number % 7]);
    assert_eq!(places(&run), (0..450).map(place).collect::<Vec<_>>());
}

#[test]
fn review_without_git_repository_or_base_is_refused() {
    let sandbox = Sandbox::project(&[(A, &driver("a"))]);
    refused(&check(&sandbox, "", &[]), "works only in a git repository");
    let sandbox = pull_request(&[(A, &driver("a"))], &[]);
    for base in ["nowhere", "-x", "--output=x"] {
        let base = format!("--review-base={base}");
        refused(&check(&sandbox, "", &[&base]), "is not a commit of this repository");
    }
    git(&sandbox, &["checkout", "--quiet", "--orphan", "other"]);
    commit(&sandbox, &[("other.txt", "")]);
    refused(&check(&sandbox, "", &[]), "`HEAD` and `main` have no common ancestor");
    git(&sandbox, &["branch", "--quiet", "-D", "main"]);
    refused(&check(&sandbox, "", &[]), "no default branch");
}

#[test]
fn options_that_have_no_effect_are_refused() {
    let sandbox = pull_request(&[(A, &driver("a"))], &[]);
    for option in [
        &["--review-base", "main"][..],
        &["--review-head", "main"],
        &["--review-job", "a"],
        &["--max-comments", "1"],
        &["--review-comments", "a.json", "--review-author", "bot"],
    ] {
        let run = sandbox.run(&[&["check"], option].concat());
        refused(&run, &format!("`{}` needs `--output-format review`", option[0]));
    }
    for option in ["--fix", "--diff"] {
        refused(&check(&sandbox, "", &[option]), "cannot be used with `--fix` or `--diff`");
    }
    let run = sandbox.run(&["compile", "--output-format", "review"]);
    refused(&run, "`compile` has no format `review`");
    refused(&check(&sandbox, "", &["--review-comments", "a.json"]), "--review-author <LOGIN>");
    refused(&check(&sandbox, "", &["--review-job", "a:b"]), "write 1 to 64 letters");
}

#[test]
fn file_without_list_of_comments_is_refused() {
    let sandbox = pull_request(&[(A, &driver("a"))], &[]);
    let with = |file| check(&sandbox, "", &["--review-comments", file, "--review-author", "bot"]);
    refused(&with("missing.json"), "cannot read `missing.json`");
    for text in ["", "{}", "[1]", "[{}]", "[{\"id\": -1}]", "[] []", "[{\"id\": 1, \"user\": 2}]"] {
        sandbox.write("comments.json", text);
        refused(&with("comments.json"), "`comments.json` is not a JSON list of comments");
    }
    sandbox.write("comments.json", "[{\"id\": 1, \"body\": null, \"user\": null, \"new\": []}]");
    assert_eq!(with("comments.json").code, 0);
}

#[test]
fn merge_base_that_missing_history_can_change_is_refused() {
    let sandbox = pull_request(&[("old.txt", "")], &[]);
    let run = |arguments: &[&str]| git(&sandbox, arguments);
    run(&["branch", "--quiet", "side", "main"]);
    run(&["checkout", "--quiet", "main"]);
    commit(&sandbox, &[(A, &driver("a"))]);
    run(&["checkout", "--quiet", "-B", "change"]);
    commit(&sandbox, &[(A, &misspelt("a"))]);
    let cut = sandbox.read(".git/refs/heads/change");
    run(&["checkout", "--quiet", "side"]);
    commit(&sandbox, &[("side.txt", "")]);
    run(&["checkout", "--quiet", "change"]);
    run(&["merge", "--quiet", "--no-edit", "side"]);
    assert_eq!(places(&check(&sandbox, "", &[])), [json!([A, "RIGHT", 10])]);
    // Without the parents of this commit, git finds an older common ancestor.
    sandbox.write(".git/shallow", cut);
    refused(&check(&sandbox, "", &[]), "the merge base of `HEAD` and `main` is not certain");
    for arguments in [&["diff"][..], &["check", "--new-from", "main"]] {
        let run = sandbox.run(arguments);
        refused(&run, "is not certain; the clone is shallow: fetch more of its history");
    }
}
