//! Compares `README.md` with the commands, files and functions that it names.
//!
//! `UPDATE=1 cargo test --test it cli::` writes the generated parts.
#![cfg(unix)]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use similar::TextDiff;

use super::{
    commands::commands_with_summaries,
    sandbox::{Run, Sandbox, driver},
};

const PICTURE: (&str, &str) = ("```text\n", "```\n");
const TOUR: (&str, &str) = ("## Five minutes\n", "## Commands\n");
const COMMANDS: (&str, &str) =
    ("| command | what it does |\n| --- | --- |\n", "\n`driverc help <command>`");
const EXAMPLE: (&str, &str) = ("```rust\n", "```\n");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The text between two marks.
fn part<'t>(text: &'t str, (begin, end): (&str, &str)) -> &'t str {
    let (_, rest) = text.split_once(begin).unwrap_or_else(|| panic!("no {begin:?}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end:?} after {begin:?}")).0
}

/// The text with its part between two marks replaced.
fn with_part(text: &str, marks: (&str, &str), new: &str) -> String {
    let old = part(text, marks);
    let marked = |part: &str| [marks.0, part, marks.1].concat();
    text.replacen(&marked(old), &marked(new), 1)
}

/// A contract with `base_backoff_ms` above `max_backoff_ms`, without the example's comments.
fn inverted() -> String {
    let contract =
        driver("postgres_async").replace("base_backoff_ms = 50", "base_backoff_ms = 5000");
    let lines = contract.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.to_owned() + "\n").collect()
}

/// The finding on the first screen.
fn picture() -> String {
    let sandbox = Sandbox::project(&[("contracts/postgres.toml", &inverted())]);
    let run = sandbox.run(&["check"]);
    assert_eq!((run.code, &*run.stderr), (1, "\nfound 1 error in 1 file\n"));
    run.stdout
}

/// Runs a command of the tour in a shell.
fn typed(sandbox: &Sandbox, line: &str) -> Run {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_driverc"));
    let mut path = vec![binary.parent().unwrap().to_owned()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap()));
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1; {line}")]).current_dir(sandbox.path(""));
    shell.env("PATH", env::join_paths(path).unwrap());
    shell.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    Run::of(shell.output().unwrap())
}

/// The tour with the output of its commands, which run one after the other in an empty folder. The
/// commands in the text between the blocks run last.
fn tour(written: &str) -> String {
    let sandbox = Sandbox::new();
    let mut updated = String::new();
    let mut in_block = false;
    for line in written.split_inclusive('\n') {
        let command = line.strip_prefix("$ ").filter(|_| in_block);
        if !in_block || line == "```\n" || command.is_some() {
            updated.push_str(line);
        }
        in_block = line == "```console\n" || in_block && line != "```\n";
        if let Some(command) = command {
            let run = typed(&sandbox, command.trim_end());
            assert_ne!(run.code, 2, "{command}: {}", run.stdout);
            updated.push_str(&run.stdout);
        }
    }
    for command in inline_commands(written) {
        let run = typed(&sandbox, command);
        assert_ne!(run.code, 2, "{command}: {}", run.stdout);
    }
    updated
}

/// The commands in the text outside of blocks.
fn inline_commands(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.lines().filter(|line| !line.starts_with("$ "));
    prose.flat_map(|line| line.split('`')).filter(|code| code.starts_with("driverc "))
}

/// The rows of the table. A command with a page in `docs/` links it. The text below the table names
/// `driverc help`.
fn table_of_commands() -> String {
    let row = |(name, about): (String, String)| {
        let page = format!("docs/{name}.md");
        if root().join(&page).is_file() {
            format!("| [`driverc {name}`]({page}) | {about} |\n")
        } else {
            format!("| `driverc {name}` | {about} |\n")
        }
    };
    let commands = commands_with_summaries().into_iter();
    commands.filter(|(name, _)| name != "help").map(row).collect()
}

/// The example in the documentation of the crate, where it runs as a test.
fn example() -> String {
    let library = read("src/lib.rs");
    let lines = part(&library, ("//!\n//! ```\n", "//! ```\n")).lines();
    let shown = lines.filter(|line| !line.starts_with("//! # "));
    shown.map(|line| line.strip_prefix("//! ").unwrap_or("").to_owned() + "\n").collect()
}

#[test]
fn readme_shows_real_output() {
    let written = read("README.md");
    let mut right = with_part(&written, PICTURE, &picture());
    right = with_part(&right, TOUR, &tour(part(&written, TOUR)));
    right = with_part(&right, COMMANDS, &table_of_commands());
    right = with_part(&right, EXAMPLE, &example());
    if right == written {
        return;
    }
    if env::var_os("UPDATE").is_none() {
        let difference = TextDiff::from_lines(&written, &right).unified_diff().to_string();
        panic!(
            "README.md is not up to date; run `UPDATE=1 cargo test --test it cli::`\n{difference}"
        );
    }
    fs::write(root().join("README.md"), right).unwrap();
}

#[test]
fn commands_of_readme_compile_contracts_and_run_tests() {
    let readme = read("README.md");
    let block = part(&readme, ("```sh\n", "```\n"));
    let [main, tests] = block.lines().collect::<Vec<_>>()[..] else { panic!("{block}") };
    let arguments = main.strip_prefix("cargo run --release -- ").unwrap();
    let arguments: Vec<_> = arguments.split(' ').collect();

    let sandbox = Sandbox::new();
    for entry in fs::read_dir(root().join("contracts")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        sandbox.write(&format!("contracts/{name}"), read(&format!("contracts/{name}")));
    }
    let run = sandbox.run(&arguments);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    assert_eq!(run, sandbox.run(&["compile", "builtin:"]));

    let script = read(".ci/run");
    assert!(script.lines().any(|line| line == format!("run {tests}")), "{tests} is not in .ci/run");
}

#[test]
fn readme_links_refer_to_existing_files() {
    let readme = read("README.md");
    let links: BTreeSet<_> =
        readme.split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0).collect();
    assert!(links.len() > 4, "{links:?}");
    for link in links {
        assert!(root().join(link).is_file(), "{link}");
    }
}

#[test]
fn library_page_names_functions_at_crate_root() {
    let page = read("docs/library.md");
    let exported = read("src/lib.rs");
    let exported: BTreeSet<_> =
        exported.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    let table = part(&(page + "\n"), ("| function | what it gives |\n", "\n\n")).to_owned();
    let names = table.split('`').skip(1).step_by(2).filter(|name| !name.contains([' ', '.']));
    let names: BTreeSet<_> = names.map(|name| name.split("::").next().unwrap()).collect();
    let elsewhere = BTreeSet::from(["from_label", "FromStr"]);
    let missing: Vec<_> =
        names.difference(&elsewhere).filter(|name| !exported.contains(*name)).collect();
    assert!(names.len() > 20 && missing.is_empty(), "{missing:?}");
}

#[test]
fn concepts_page_shows_real_output() {
    let page = read("docs/concepts.md");
    let start = page.find("```console\n").unwrap();
    let end = start + page[start..].find("\n```\n").unwrap() + "\n```\n".len();
    assert_eq!(tour(&page[start..end]), page[start..end]);
}
