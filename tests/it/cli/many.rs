//! Many files, which several threads read, and many findings, of which only some are shown.

use super::sandbox::{Sandbox, driver, misspelt, stubborn};

/// Enough files for several threads, and so many that their names are not in order by chance.
const FILES: usize = 300;

/// A project in which every tenth contract has an error, and every tenth a warning.
fn fleet() -> Sandbox {
    let sandbox = Sandbox::project(&[]);
    for number in 0..7 {
        sandbox.folder(&format!("contracts/{number}"));
    }
    for number in 0..FILES {
        let name = format!("shard_{number:03}");
        let text = match number % 10 {
            3 => misspelt(&name),
            8 => stubborn(&name),
            _ => driver(&name),
        };
        sandbox.write(&path(number), text);
    }
    sandbox
}

fn path(number: usize) -> String {
    format!("contracts/{}/{number:03}.toml", number * 3 % 7)
}

#[test]
fn findings_of_many_files_are_sorted_by_file() {
    let sandbox = fleet();
    let place = |number: usize| match number % 10 {
        3 => Some(format!("{}:10:1: error[unknown-key", path(number))),
        8 => Some(format!("{}:37:16: warn[retry-amplification", path(number))),
        _ => None,
    };
    let mut expected: Vec<_> = (0..FILES).filter_map(place).collect();
    expected.sort();
    let concise = ["check", "--output-format", "concise"];
    for folder in [None, Some("contracts"), Some("."), Some("./contracts/../contracts")] {
        let arguments: Vec<_> = concise.into_iter().chain(folder).collect();
        let run = sandbox.run(&arguments);
        assert_eq!(run.places(), expected, "{folder:?}");
        assert_eq!(run.stderr, "found 30 errors and 30 warnings in 60 files\n");
    }
    let absolute = sandbox.path("contracts");
    let run = sandbox.run(&[&concise[..], &[absolute.to_str().unwrap()]].concat());
    assert_eq!(run.places(), expected);
    let run = sandbox.run_in("contracts/0", &concise);
    assert_eq!(run.places().len(), expected.len());
    assert!(run.stdout.contains("\n../1/"), "{}", run.stdout);
}

#[test]
fn hidden_findings_are_counted_and_fail_run() {
    let sandbox = fleet();
    let run = |arguments: &[&str]| {
        sandbox.run(&[&["check", "--max-diagnostics", "2", "--output-format"], arguments].concat())
    };
    let concise = run(&["concise"]);
    assert_eq!((concise.code, concise.places().len()), (1, 2));
    let left = "58 findings are not shown; to see all, add `--max-diagnostics none`\n";
    assert_eq!(concise.stderr, format!("found 30 errors and 30 warnings in 60 files\n{left}"));
    let json = run(&["json"]);
    assert_eq!((json.code, &*json.stderr), (1, left));
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);
    let counts = ["errors", "warnings", "infos"].map(|level| report["summary"][level].as_u64());
    assert_eq!(counts, [Some(30), Some(30), Some(0)]);
    let markdown = run(&["markdown"]);
    assert!(markdown.stdout.contains("found 30 errors and 30 warnings"), "{}", markdown.stdout);
    assert!(
        markdown.stdout.contains("Not shown: 58 more findings; to see all, "),
        "{}",
        markdown.stdout
    );
    let warnings = run(&["concise", "--select", "retry-amplification", "--fail-on", "warn"]);
    assert_eq!(warnings.code, 1, "read errors are shown first, and hidden warnings fail the run");
}

#[test]
fn full_format_shows_1000_findings_by_default() {
    let unknown = |number| format!("unknown_{number} = 1\n");
    let many = (0..1002).map(unknown).collect::<Vec<_>>().concat();
    let sandbox = Sandbox::project(&[("contracts/a.toml", &format!("{many}{}", driver("a")))]);
    let run = sandbox.run(&["check"]);
    assert_eq!((run.code, run.stdout.matches("error[unknown-key]").count()), (1, 1000));
    assert_eq!(
        run.stderr,
        "\nfound 1002 errors in 1 file\n\
         2 findings are not shown; to see all, add `--max-diagnostics none`\n"
    );
    let run = sandbox.run(&["check", "--max-diagnostics", "none"]);
    assert_eq!(run.stdout.matches("error[unknown-key]").count(), 1002);
    assert_eq!(run.stderr, "\nfound 1002 errors in 1 file\n");
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.places().len(), 1002);
}

#[test]
fn max_diagnostics_must_be_number_or_none() {
    let run = Sandbox::new().run(&["check", "--max-diagnostics", "all"]);
    assert_eq!(run.code, 2);
    let message = "invalid value 'all' for '--max-diagnostics <N>': write a number, or `none`";
    assert!(run.stderr.contains(message), "{}", run.stderr);
}

#[test]
fn full_format_prints_fault_of_many_drivers_once_and_errors_last() {
    let sandbox = fleet();
    let run = sandbox.run(&["check"]);
    let heads: Vec<_> =
        run.stdout.lines().filter_map(|line| Some(line.split_once("]: ")?.0)).collect();
    assert_eq!(heads, ["warn[retry-amplification", "error[unknown-key"], "{}", run.stdout);
    let is_others = |line: &&str| line.starts_with("  and 29 more drivers: `shard_");
    let others: Vec<_> = run.stdout.lines().filter(is_others).collect();
    assert_eq!(others.len(), 2, "{}", run.stdout);
    let page = include_str!("../../../docs/output-formats.md");
    assert!(page.contains(&format!("```text\n{}\n```\n", others[0])), "{}", others[0]);
    assert!(run.stdout.lines().count() < 40, "{}", run.stdout);
    let grouped = "58 findings are grouped with those of other drivers; to see each, add \
                   `--output-format concise`\n";
    assert_eq!(run.stderr, format!("\nfound 30 errors and 30 warnings in 60 files\n{grouped}"));
    assert_eq!(sandbox.run(&["check", "-q"]).stderr, "");
}

#[test]
fn limit_of_full_format_counts_groups_and_retains_errors() {
    let run = fleet().run(&["check", "--max-diagnostics", "1"]);
    assert!(run.stdout.starts_with("error[unknown-key]"), "{}", run.stdout);
    let (_, hints) = run.stderr.split_once("60 files\n").unwrap();
    let expected = "29 findings are grouped with those of other drivers; to see each, add \
                    `--output-format concise`\n30 findings are not shown; to see all, add \
                    `--max-diagnostics none`\n";
    assert_eq!(hints, expected);
}

/// Returns the numbers of grouped findings and of findings that are not shown.
fn omitted(stderr: &str) -> [usize; 2] {
    ["grouped with", "not shown"].map(|what| {
        let line = stderr.lines().find(|line| line.contains(what));
        line.map_or(0, |line| line.split(' ').next().unwrap().parse().unwrap())
    })
}

#[test]
fn shown_and_omitted_findings_of_templates_equal_total() {
    let (contract, name) = (driver("base"), "template_user");
    let template = contract
        .replace("driver.base", "template.base")
        .replace("base_client", "{driver}_client")
        .replace("jitter_percent = 100", "jitter_percent = 0")
        .replace("max_attempts = 3", "max_attempts = 30");
    let uses = (0..20).map(|number| format!("[driver.{name}_{number:02}]\nlike = \"base\"\n"));
    let uses = uses.collect::<Vec<_>>().concat();
    let sandbox = Sandbox::project(&[
        ("contracts/base.toml", &template),
        ("contracts/drivers.toml", &uses),
        ("contracts/other.toml", &misspelt("other")),
    ]);
    for number in 0..6 {
        let name = format!("own_{number}");
        sandbox.write(&format!("contracts/{name}.toml"), stubborn(&name));
    }
    let run = |options: &[&str]| sandbox.run(&[&["check", "--show", "info"], options].concat());
    let total = run(&["--output-format", "concise"]).places().len();
    assert!(total > 46, "{total}");
    let starting = |text: &str, starts: [&str; 3]| {
        text.lines().filter(|line| starts.iter().any(|start| line.starts_with(start))).count()
    };
    let heads = |text: &str| starting(text, ["error[", "warn[", "info["]);
    let rows = |text: &str| starting(text, ["| error |", "| warn |", "| info |"]);
    for most in ["0", "1", "2", "3", "none"] {
        let full = run(&["--max-diagnostics", most]);
        let [grouped, left] = omitted(&full.stderr);
        assert_eq!(heads(&full.stdout) + grouped + left, total, "{most}: {}", full.stderr);
        assert_eq!(left > 0, most != "none", "{}", full.stderr);
        let markdown = run(&["--max-diagnostics", most, "--output-format", "markdown"]);
        let [grouped, left] = omitted(&markdown.stderr);
        assert_eq!(rows(&markdown.stdout) + grouped + left, total, "{most}: {}", markdown.stderr);
        let text = format!("Not shown: {left} more finding");
        assert_eq!(markdown.stdout.contains(&text), left > 0, "{}", markdown.stdout);
    }
}
