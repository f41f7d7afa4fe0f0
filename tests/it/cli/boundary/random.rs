//! Runs every command among random links, paths and names.

use std::{fs, os::unix::fs::symlink};

use proptest::prelude::*;

use super::Stage;
use crate::cli::sandbox::{driver, misspelt};

const NAMES: [&str; 7] = [
    "contracts/x.toml",
    "contracts/sub",
    "contracts/sub/y.toml",
    "out",
    "link",
    "docs",
    "driverc.toml",
];
const TARGETS: [&str; 14] = [
    "../outside",
    "../outside/key",
    "../../outside/credentials.toml",
    "../../../outside/key",
    "/proc/self/environ",
    ".git",
    "../.git/config",
    "../../.git/config",
    "contracts",
    "../contracts",
    "a.toml",
    ".",
    "..",
    "nowhere",
];

#[derive(Clone, Debug)]
enum Entry {
    Link(usize, usize),
    Include(usize),
    Guide(usize),
    Text(usize),
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let (name, target) = (0..NAMES.len(), 0..TARGETS.len());
    let entry = prop_oneof![
        4 => (name.clone(), target.clone()).prop_map(|(name, target)| Entry::Link(name, target)),
        1 => target.clone().prop_map(Entry::Include),
        1 => target.prop_map(Entry::Guide),
        1 => name.prop_map(Entry::Text),
    ];
    proptest::collection::vec(entry, 1..6)
}

/// Adds the entries in order. A file replaces an existing link. Written through the link, it could
/// break the git configuration, and the test could not commit.
fn build(stage: &Stage, entries: &[Entry]) {
    let write = |name: &str, text: &str| {
        _ = fs::remove_file(stage.path(name));
        _ = fs::write(stage.path(name), text);
    };
    for entry in entries {
        match entry {
            Entry::Link(name, target) => {
                let path = stage.path(NAMES[*name]);
                _ = fs::create_dir_all(path.parent().unwrap());
                _ = symlink(TARGETS[*target], path);
            }
            Entry::Include(target) => {
                let text = format!("include = [\"contracts\", \"{}\"]\n", TARGETS[*target]);
                write("driverc.toml", &text);
            }
            Entry::Guide(target) => {
                let guide = format!("tuning_guide = \"{}\" # guide", TARGETS[*target]);
                let contract = driver("g").replace("tuning_guide", "#").replacen(
                    "class",
                    &format!("{guide}\nclass"),
                    1,
                );
                write("contracts/g.toml", &contract);
            }
            Entry::Text(name) => write(NAMES[*name], &misspelt("x")),
        }
    }
}

const COMMANDS: [&[&str]; 14] = [
    &["check"],
    &["check", "--output-format", "json"],
    &["check", "contracts/x.toml"],
    &["check", "contracts", "link"],
    &["check", "--fix", "--unsafe-fixes"],
    &["check", "--exit-zero", "--output-file", "link"],
    &["compile", "--check", "link"],
    &["compile", "-o", "out/signatures.txt"],
    &["schema", "-o", "out"],
    &["matrix", "-o", "docs/x"],
    &["diff", "--against", "HEAD", "--output-format", "markdown"],
    &[
        "import",
        "ghz",
        "link",
        "--driver",
        "a",
        "--profile",
        "heavy_data",
        "--append",
        "contracts/x.toml",
    ],
    &["init"],
    &["init", "new", "--class", "stream_adapter"],
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// `Stage::run` asserts that no output contains text from outside.
    #[test]
    fn random_links_neither_show_nor_change_files_outside_project(
        entries in entries(), early in any::<bool>(),
    ) {
        let stage = Stage::new();
        if early {
            build(&stage, &entries);
            stage.commit();
        } else {
            stage.commit();
            build(&stage, &entries);
        }
        let before = stage.outside();
        for command in COMMANDS {
            stage.run(command);
        }
        stage.assert_untouched(&before);
    }
}
