//! Checks rules of the style guide that a program can check: names, retired words and the length of
//! pages.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use driverc::rules::ALL;

use crate::{
    cli::{commands::listed_commands, sandbox::Sandbox},
    common::files::{files_in, root},
};

/// Phrases that the style guide retired, in lower case. A phrase matches whole words.
const RETIRED: &[&str] = &[
    "all the same",
    "as it stands",
    "at last",
    "belongs into",
    "besides",
    "best supported tier",
    "but for",
    "comes out",
    "evidence",
    "goes away",
    "gravest",
    "has not the",
    "in place of",
    "is held to",
    "is none",
    "is no toml",
    "likewise",
    "nobody",
    "nothing else",
    "one's own",
    "other way round",
    "place in flight",
    "places in flight",
    "repair",
    "repairs",
    "sample",
    "samples",
    "says of",
    "somebody",
    "speaks of",
    "takes on a load",
    "this is a judgement",
    "whoever",
    "worth knowing",
];

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<_> = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
        .map(|page| root().join(page))
        .into();
    pages.extend(files_in("docs", "md"));
    pages
}

/// Returns the prose of a page, without comments, code blocks, code spans and link targets.
fn prose(page: &str) -> String {
    let comments = page.split("<!--").enumerate();
    let page = comments
        .map(
            |(index, part)| {
                if index == 0 { part } else { part.split_once("-->").map_or("", |(_, it)| it) }
            },
        )
        .collect::<String>();
    let page = page.as_str();
    let outside =
        |text: &str, fence: &str| text.split(fence).step_by(2).collect::<Vec<_>>().join(" x ");
    let text = outside(&outside(page, "```"), "`");
    let mut pieces = text.split("](");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once(')').map_or("", |(_, rest)| rest))
}

/// Returns the retired phrases in a text. A phrase can continue on the next line.
fn retired(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let words: Vec<_> = text
        .split(|symbol: char| !symbol.is_alphanumeric() && !"'-_".contains(symbol))
        .filter(|word| !word.is_empty())
        .collect();
    let text = format!(" {} ", words.join(" "));
    let retired = |phrase: &&&str| text.contains(&format!(" {phrase} "));
    RETIRED.iter().filter(retired).copied().collect()
}

#[test]
fn docs_contain_no_retired_words() {
    for page in pages() {
        let found = retired(&prose(&fs::read_to_string(&page).unwrap()));
        assert!(found.is_empty(), "{}: {found:?}", page.display());
    }
}

/// Returns the messages, labels and help lines of findings in a snapshot.
fn messages(snapshot: &str) -> impl Iterator<Item = &str> {
    snapshot.lines().filter_map(|line| {
        let finding = ["error[", "warn[", "info["].iter().any(|level| line.starts_with(level));
        let finding = line.split_once("]: ").filter(|_| finding);
        let help = || line.split_once("  help: ");
        finding.or_else(help).or_else(|| line.split_once("── ")).map(|(_, message)| message)
    })
}

#[test]
fn messages_contain_no_retired_words() {
    let mut count = 0;
    for file in files_in("snapshots", "snap") {
        let snapshot = fs::read_to_string(&file).unwrap();
        for message in messages(&snapshot) {
            count += 1;
            let found = retired(&prose(message));
            assert!(found.is_empty(), "{}: {message}: {found:?}", file.display());
        }
    }
    assert!(count > 500, "{count} messages");
    for lint in ALL {
        assert!(retired(&prose(lint.rule.summary)).is_empty(), "{}", lint.rule.summary);
        for parameter in lint.rule.parameters {
            assert!(retired(&prose(parameter.summary)).is_empty(), "{}", parameter.summary);
        }
    }
}

#[test]
fn help_contains_no_retired_words() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["--help"]).stdout;
    let mut texts = vec![help];
    for command in listed_commands() {
        texts.push(sandbox.run(&[&command, "--help"]).stdout);
        texts.push(sandbox.run(&["man", &command]).stdout);
    }
    assert!(texts.len() > 20, "{} texts", texts.len());
    for text in texts {
        let found = retired(&prose(&text));
        assert!(found.is_empty(), "{}: {found:?}", text.lines().next().unwrap_or_default());
    }
}

#[test]
fn rule_summaries_have_at_most_70_characters() {
    for lint in ALL {
        let summary = lint.rule.summary;
        assert!(summary.chars().count() <= 70, "{summary}");
    }
}

/// Returns the name of the type that a line declares as `pub` or `pub(crate)`.
fn public_type(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) "))?;
    let kinds = ["struct ", "enum ", "trait ", "type ", "union "];
    let rest = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
    rest.split(|symbol: char| !symbol.is_alphanumeric() && symbol != '_').next()
}

#[test]
fn public_types_have_unique_names() {
    let mut declared: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    for file in files_in("src", "rs") {
        for name in fs::read_to_string(&file).unwrap().lines().filter_map(public_type) {
            let files = declared.entry(name.to_owned()).or_default();
            assert!(files.insert(file.clone()), "{name} twice in {}", file.display());
        }
    }
    assert!(declared.len() > 200, "{} types", declared.len());
    let repeated: Vec<_> = declared.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(repeated.is_empty(), "{repeated:#?}");
}

/// Returns the number of words on a page, as `wc -w` counts them.
fn words(page: &Path) -> usize {
    fs::read_to_string(page).unwrap().split_whitespace().count()
}

/// The pages that share one limit. Each later page has a limit of its own.
const OLD_PAGES: [&str; 13] = [
    "bench.md",
    "budget.md",
    "ci.md",
    "configuration.md",
    "contract.md",
    "diff.md",
    "editors.md",
    "import.md",
    "output-formats.md",
    "performance.md",
    "pre-commit.md",
    "report.md",
    "testing.md",
];

#[test]
fn pages_do_not_exceed_word_limits() {
    let readme = words(&root().join("README.md"));
    assert!(readme <= 900, "README.md has {readme} words");
    let old: usize = OLD_PAGES.iter().map(|name| words(&root().join("docs").join(name))).sum();
    assert!(old <= 12_000, "the pages of `OLD_PAGES` have {old} words");
    for page in fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()) {
        let name = page.file_name().unwrap().to_str().unwrap();
        if page.is_file() && !OLD_PAGES.contains(&name) {
            assert!(words(&page) <= 1_200, "docs/{name} has {} words", words(&page));
        }
    }
}

#[test]
fn glossary_defines_each_term_once() {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let glossary = page.split("\n## Glossary\n").nth(1).unwrap();
    let glossary = glossary.split("\n## ").next().unwrap();
    let terms: Vec<_> =
        glossary.lines().filter_map(|line| line.strip_prefix("- **")?.split("**").next()).collect();
    assert!(terms.len() >= 40, "{} terms", terms.len());
    assert_eq!(terms.iter().collect::<BTreeSet<_>>().len(), terms.len());
}
