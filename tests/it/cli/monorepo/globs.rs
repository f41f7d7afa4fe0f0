//! Globs in `include`.

use super::concise;
use crate::cli::sandbox::{Sandbox, misspelt};

/// A project with documents in several folders, and the documents that `include` finds.
fn project() -> Sandbox {
    let sandbox = Sandbox::repository(&[]);
    for path in [
        "services/a/contracts/one.toml",
        "services/b/contracts/deep/two.toml",
        "services/b/Cargo.toml",
        "services/three.toml",
        "services/.hidden/contracts/no.toml",
        "other/contracts/four.toml",
    ] {
        sandbox.write(path, misspelt(&path.replace(['/', '.'], "_").to_lowercase()));
    }
    sandbox
}

fn found(sandbox: &Sandbox, include: &str) -> Vec<String> {
    sandbox.write("driverc.toml", format!("include = [{include}]\n"));
    let run = concise(sandbox, &[]);
    let files = run.places().into_iter().filter(|place| place.ends_with("error[unknown-key"));
    files.map(|place| place.split(':').next().unwrap().to_owned()).collect()
}

const ONE: &str = "services/a/contracts/one.toml";
const TWO: &str = "services/b/contracts/deep/two.toml";
const THREE: &str = "services/three.toml";
const FOUR: &str = "other/contracts/four.toml";

#[test]
fn include_globs_match_like_exclude_globs() {
    let sandbox = project();
    let cases: [(&str, &[&str]); 9] = [
        ("\"services/*/contracts\"", &[ONE, TWO]),
        ("\"./services/*/contracts/\"", &[ONE, TWO]),
        ("\"services/*/contracts/*.toml\"", &[ONE]),
        ("\"**/contracts\"", &[FOUR, ONE, TWO]),
        ("\"**/contracts/**/*.toml\"", &[FOUR, ONE, TWO]),
        ("\"{services/a,other}/contracts\"", &[FOUR, ONE]),
        ("\"services/[ab]/contracts/one.toml\"", &[ONE]),
        ("\"services/*.toml\", \"services/*/contracts\"", &[ONE, TWO, THREE]),
        ("\"services/?/contracts\", \"services/a\"", &[ONE, TWO]),
    ];
    for (include, expected) in cases {
        assert_eq!(found(&sandbox, include), expected, "{include}");
    }
}

#[test]
fn glob_that_matches_no_document_causes_no_error() {
    let sandbox = project();
    assert_eq!(found(&sandbox, "\"services/a/contracts\", \"gone/*/contracts\""), [ONE]);
    sandbox.write("driverc.toml", "include = [\"gone/*/contracts\"]\n");
    let message = "no document (`*.toml`) in `gone/*/contracts`; name a folder or file, or start \
                   with `driverc init`";
    sandbox.run(&["check"]).assert_refused(message);
}

#[test]
fn exclude_and_gitignore_apply_to_globs() {
    let sandbox = project();
    sandbox.write("services/b/.gitignore", "deep\n");
    assert_eq!(found(&sandbox, "\"services/*/contracts\""), [ONE]);
    sandbox.write(
        "driverc.toml",
        "include = [\"**/contracts\"]\nexclude = [\"services/*/contracts\"]\n",
    );
    let run = concise(&sandbox, &[]);
    assert_eq!(run.places().first().map(|place| place.starts_with(FOUR)), Some(true), "{run:?}");
    assert!(!run.stdout.contains("services/"), "{run:?}");
}

#[test]
fn folder_with_special_characters_is_read_as_folder() {
    let sandbox = project();
    sandbox.write("a[1]/x.toml", misspelt("x"));
    sandbox.write("a1/y.toml", misspelt("y"));
    assert_eq!(found(&sandbox, "\"a[1]\""), ["a[1]/x.toml"]);
    std::fs::remove_dir_all(sandbox.path("a[1]")).unwrap();
    assert_eq!(found(&sandbox, "\"a[1]\""), ["a1/y.toml"]);
}

#[test]
fn named_file_that_glob_includes_is_part_of_project() {
    let sandbox = project();
    sandbox.write("driverc.toml", "include = [\"services/*/contracts\"]\n");
    let run = concise(&sandbox, &[ONE]);
    assert!(run.places().iter().all(|place| place.starts_with(ONE)), "{run:?}");
    assert_eq!(run.code, 1);
}

#[test]
fn invalid_glob_and_glob_out_of_project_stop_run() {
    let sandbox = project();
    sandbox.write("services/a/driverc.toml", "include = [\"../*/contracts\"]\n");
    let message = "`include` of `driverc.toml`: the glob `../*/contracts` leads out of the project; \
                   name each folder without a glob";
    sandbox.run_in("services/a", &["check"]).assert_refused(message);
    sandbox.write("services/a/driverc.toml", "include = [\"/etc/*.toml\"]\n");
    assert_eq!(sandbox.run_in("services/a", &["check"]).code, 2);
    sandbox.write("driverc.toml", "include = [\"services/[a\"]\n");
    let message =
        "`include` of `driverc.toml`: `services/[a` is not a valid glob: `[` is not closed";
    sandbox.run(&["check"]).assert_refused(message);
}

#[test]
fn glob_of_outer_project_cannot_read_inner_project() {
    let sandbox = project();
    sandbox.write("services/a/driverc.toml", "");
    sandbox.write("driverc.toml", "include = [\"services/*/contracts\"]\n");
    let message = "`driverc.toml` includes `services/a/contracts/one.toml`, which belongs to \
                   `services/a/driverc.toml`; add `services/a` to `exclude` in `driverc.toml`, or \
                   delete `services/a/driverc.toml`";
    sandbox.run(&["check"]).assert_refused(message);
}
