//! Commands without contracts: help, version, completions, manual pages and usage errors.

use super::{
    repository::git,
    sandbox::{Sandbox, driver, misspelt},
};

const COMMANDS: [&str; 8] =
    ["check", "compile", "consumers", "matrix", "rule", "schema", "init", "completions"];

#[test]
fn version_option_prints_version() {
    for option in ["--version", "-V"] {
        let run = Sandbox::new().run(&[option]);
        let expected = concat!("driverc ", env!("CARGO_PKG_VERSION"), "\n");
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, expected, ""));
    }
}

#[test]
fn help_lists_every_command_and_exit_codes() {
    let sandbox = Sandbox::new();
    for arguments in [["--help"], ["-h"], ["help"]] {
        let run = sandbox.run(&arguments);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{arguments:?}");
        for word in COMMANDS.iter().chain(&["Exit codes: 0 success, 1 "]) {
            assert!(run.stdout.contains(word), "{arguments:?} {word}");
        }
    }
}

#[test]
fn rule_lists_rules_with_given_prefix() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["rule", "queue"]);
    let names: Vec<_> =
        run.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let queue =
        ["queue-drain-exceeds-timeout", "queue-timeout-dead", "queue-too-deep", "queue-zero"];
    assert_eq!((run.code, &names[..4]), (0, &queue[..]));
    assert!(names.iter().all(|name| name.starts_with("queue-")), "{names:?}");
    let page = sandbox.run(&["rule", "queue-zero"]).stdout;
    assert!(page.starts_with("queue-zero"), "{page}");
    let unknown = sandbox.run(&["rule", "que"]);
    assert_eq!((unknown.code, &*unknown.stdout), (2, ""), "no name has `que` as a word");
}

#[test]
fn completions_include_rule_names_and_help_omits_rule_names() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = sandbox.run(&["completions", shell]).stdout;
        assert!(script.contains("retry-attempts-high"), "{shell}");
    }
    for command in ["check", "rule"] {
        assert!(!sandbox.run(&[command, "--help"]).stdout.contains("retry-attempts-high"));
    }
}

#[test]
fn lint_command_suggests_check() {
    let run = Sandbox::new().run(&["lint"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("'check'") && !run.stderr.contains("'init'"), "{}", run.stderr);
}

#[test]
fn format_option_suggests_output_format() {
    let sandbox = Sandbox::project(&[]);
    for command in ["check", "compile", "diff", "budget", "bench", "rule"] {
        for arguments in [&[command, "--format", "json"][..], &[command, "--format=json"]] {
            let run = sandbox.run(arguments);
            assert_eq!(run.code, 2);
            let tip = "tip: a similar argument exists: '--output-format'\n";
            assert!(run.stderr.contains(tip), "{}", run.stderr);
            assert_eq!(run.stderr.matches("tip:").count(), 1, "{}", run.stderr);
        }
    }
    let run = sandbox.run(&["init", "--format", "json"]);
    assert!(run.code == 2 && !run.stderr.contains("--output-format"), "{}", run.stderr);
    assert_eq!(sandbox.run(&["matrix", "--format", "json"]).code, 0);
}

#[test]
fn quiet_prints_only_results() {
    let repository = Sandbox::repository(&[]);
    assert_eq!(repository.run(&["init"]).code, 0);
    for command in ["check", "diff", "budget", "bench"] {
        let contracts: &[_] = if command == "diff" { &["--against-path=contracts"] } else { &[] };
        let run = repository.run(&[&[command], contracts].concat());
        let quiet = repository.run(&[&[command, "--quiet"], contracts].concat());
        assert_eq!((quiet.code, &quiet.stdout), (run.code, &run.stdout), "{command}");
        assert_eq!(quiet.stderr, "", "{command}");
    }
}

#[test]
fn every_command_accepts_quiet() {
    let sandbox = Sandbox::repository(&[("contracts/a.toml", &misspelt("a"))]);
    let run = |arguments: &[&str]| {
        let [loud, quiet] = [&[][..], &["-q"]].map(|quiet| {
            let words = [quiet, arguments].concat();
            sandbox.run(&words)
        });
        assert_eq!((quiet.code, &quiet.stdout), (loud.code, &loud.stdout), "{arguments:?}");
        (loud.stderr, quiet.stderr)
    };
    let silent = |arguments: &[&str]| {
        let (loud, quiet) = run(arguments);
        assert!(quiet.is_empty() && loud.contains("found 1 error in 1 file"), "{loud}{quiet}");
    };
    silent(&["matrix"]);
    silent(&["report", "--no-simulate"]);
    for arguments in [
        &["rule", "queue-zero"][..],
        &["target"],
        &["schema"],
        &["completions", "bash"],
        &["man"],
        &["explain", "max_file_bytes"],
    ] {
        assert_eq!(run(arguments), (String::new(), String::new()), "{arguments:?}");
    }
    // Errors are not left out.
    assert!(run(&["consumers", "a"]).1.contains("error"));
}

#[test]
fn quiet_commands_that_write_files_print_nothing() {
    let sandbox = Sandbox::repository(&[]);
    let quiet = |arguments: &[&str]| {
        let run = sandbox.run(&[arguments, &["--quiet"]].concat());
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""), "{arguments:?}");
    };
    quiet(&["init"]);
    quiet(&["init"]);
    quiet(&["init", "orders", "--class", "relational_adapter"]);
    let example = sandbox.read("contracts/example.toml");
    sandbox
        .write("contracts/example.toml", example.replace("max_attempts = 3", "max_attempts = 30"));
    quiet(&["baseline"]);
    quiet(&["baseline", "--add", "--prune"]);
    sandbox.write("driverc.toml", "baseline = \"driverc-baseline.txt\"\n");
    quiet(&["check", "--fail-on", "warn"]);
    let configuration = "bootstrap.servers=localhost:9092\n";
    sandbox.write("kafka.properties", configuration);
    sandbox.write("contracts/kafka.toml", "");
    quiet(&[
        "adopt",
        "kafka",
        "kafka.properties",
        "--driver",
        "kafka_a",
        "--append",
        "contracts/kafka.toml",
    ]);
}

#[test]
fn quiet_check_prints_no_hints() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    for mode in ["--unsafe-fixes", "--diff", "--fix", "--statistics"] {
        let run = sandbox.run(&["check", mode]);
        assert!(!run.stderr.is_empty(), "{mode}");
        let quiet = sandbox.run(&["check", "-q", mode]);
        assert_eq!((quiet.code, &*quiet.stdout, &*quiet.stderr), (run.code, &*run.stdout, ""));
    }
    let duplicate = driver("a");
    assert!(sandbox.pipe(&duplicate, &["check", "-"]).stderr.contains("--stdin-filename"));
    assert_eq!(sandbox.pipe(&duplicate, &["check", "-q", "-"]).stderr, "");
}

/// The commands that `driverc --help` lists, with their summaries.
pub(crate) fn commands_with_summaries() -> Vec<(String, String)> {
    let help = Sandbox::new().run(&["--help"]).stdout;
    let list = help.split("\nDaily:\n").nth(1).unwrap().split("\nOutput:\n").next().unwrap();
    let lines = list.lines().filter_map(|line| line.strip_prefix("  ")?.split_once("  "));
    lines.map(|(name, about)| (name.to_owned(), about.trim().to_owned())).collect()
}

/// The commands that `driverc --help` lists, without `help`.
pub(crate) fn listed_commands() -> Vec<String> {
    let names = commands_with_summaries().into_iter().map(|(name, _)| name);
    names.filter(|name| name != "help").collect()
}

#[test]
fn help_matches_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/help");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let sandbox = Sandbox::new();
    settings.bind(|| {
        insta::assert_snapshot!("driverc", sandbox.run(&["--help"]).stdout);
        for command in listed_commands() {
            insta::assert_snapshot!(command.as_str(), sandbox.run(&[&command, "--help"]).stdout);
        }
    });
}

#[test]
fn manual_pages_have_all_sections() {
    let sandbox = Sandbox::new();
    let commands = listed_commands();
    assert_eq!(commands.len(), 20, "{commands:?}");
    for command in [None].into_iter().chain(commands.iter().map(Some)) {
        let page = match command {
            None => sandbox.run(&["man"]),
            Some(command) => sandbox.run(&["man", command]),
        };
        assert_eq!((page.code, &*page.stderr), (0, ""), "{command:?}");
        let sections = page.stdout.lines().filter_map(|line| line.strip_prefix(".SH "));
        let sections: Vec<_> = sections.map(|title| title.trim_matches('"')).collect();
        let mut expected = vec!["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"];
        expected.extend(command.is_none().then_some("COMMANDS"));
        expected.extend(["EXAMPLES", "EXIT STATUS", "FILES", "SEE ALSO"]);
        assert_eq!(sections, expected, "{command:?}");
    }
}

/// The titles of groups in help, each alone in its line.
fn titles(help: &str) -> Vec<&str> {
    let lines = help.lines().filter(|line| !line.starts_with([' ', '-']));
    lines.filter_map(|line| line.strip_suffix(':')).filter(|title| *title != "Examples").collect()
}

#[test]
fn help_and_manual_pages_have_same_groups() {
    let sandbox = Sandbox::new();
    let commands = listed_commands();
    for command in [None].into_iter().chain(commands.iter().map(|name| Some(name.as_str()))) {
        let with = |word, option: &[_]| {
            let words: Vec<_> = [word].into_iter().chain(command).chain(option.to_vec()).collect();
            sandbox.run(&words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>())
        };
        let help = with("", &["--help"]).stdout;
        let page = with("man", &[]).stdout;
        let in_page = page.lines().filter_map(|line| line.strip_prefix(".SS "));
        let mut in_page: Vec<_> = in_page.map(|title| title.trim_matches('"')).collect();
        let mut in_help = titles(&help);
        assert_eq!(in_help.len(), titles(&with("", &["-h"]).stdout).len(), "{command:?}");
        in_page.sort_unstable();
        in_help.sort_unstable();
        assert_eq!(in_page, in_help, "{command:?}");
    }
}

/// The command lines below "Examples:" in the help of a command.
fn examples(help: &str) -> Vec<&str> {
    let lines = help.split("Examples:\n").nth(1).unwrap_or_default().lines();
    lines.filter_map(|line| line.strip_prefix("  driverc ")).collect()
}

#[test]
fn examples_of_every_command_run() {
    let mut count = 0;
    for command in listed_commands() {
        let sandbox = Sandbox::new();
        assert_eq!(sandbox.run(&["init"]).code, 0);
        sandbox.write("report.json", include_str!("../../import/ghz/report.json"));
        for (table, key) in [("emit", "out = "), ("verify", "files = [")] {
            let end = if table == "emit" { "" } else { "]" };
            let path = "\"producer.properties\"";
            let keys = format!("target = \"kafka\"\ndriver = \"example\"\n{key}{path}{end}\n");
            let configuration = sandbox.read("driverc.toml") + &format!("\n[[{table}]]\n{keys}");
            sandbox.write("driverc.toml", configuration);
        }
        assert_eq!(sandbox.run(&["emit"]).code, 0);
        sandbox.write("consumer.properties", "socket.timeout.ms=5000\n");
        git(&sandbox, &["init", "--quiet", "--initial-branch=main"]);
        git(&sandbox, &["add", "."]);
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        git(&sandbox, &[&identity[..], &["commit", "--quiet", "--message", "Add files"]].concat());
        let help = sandbox.run(&[&command, "--help"]).stdout;
        let examples = examples(&help);
        assert!(!examples.is_empty(), "{command}");
        for example in examples {
            let run = sandbox.run(&example.split_whitespace().collect::<Vec<_>>());
            // The example contract has a budget and no recorded benchmark.
            let code = i32::from(example == "budget");
            assert_eq!(run.code, code, "{example}: {}{}", run.stdout, run.stderr);
            count += 1;
        }
    }
    assert!(count > 20, "{count} examples");
}

#[test]
fn every_command_has_help() {
    let sandbox = Sandbox::new();
    for command in COMMANDS {
        let run = sandbox.run(&[command, "--help"]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{command}");
        assert!(run.stdout.contains(&format!("Usage: driverc {command}")), "{}", run.stdout);
        assert_eq!(sandbox.run(&["help", command]), run);
    }
}

#[test]
fn modes_of_check_cannot_be_combined() {
    let sandbox = Sandbox::new();
    let tables = ["--feasibility", "--show-settings", "--statistics"];
    let fixes = ["--fix", "--unsafe-fixes", "--diff"];
    let pairs = tables.iter().flat_map(|table| fixes.map(|fix| [*table, fix]));
    let [one, two, three] = tables;
    for [one, other] in pairs.chain([[one, two], [one, three], [two, three]]) {
        for modes in [[one, other], [other, one]] {
            let run = sandbox.run(&["check", modes[0], modes[1]]);
            assert_eq!((run.code, &*run.stdout), (2, ""), "{modes:?}");
            assert!(run.stderr.contains("cannot be used with"), "{modes:?}: {}", run.stderr);
        }
    }
}

#[test]
fn modes_without_findings_refuse_formats_for_findings() {
    let sandbox = Sandbox::new();
    for mode in ["--feasibility", "--show-settings", "--statistics"] {
        for format in ["concise", "json-lines", "sarif", "github", "gitlab", "junit", "markdown"] {
            sandbox.run(&["check", mode, "--output-format", format]).assert_refused(&format!(
                "`{mode}` has no format `{format}`; write `--output-format full` or \
                 `--output-format json`"
            ));
        }
    }
}

#[test]
fn usage_errors_exit_with_two_and_hint() {
    let sandbox = Sandbox::new();
    for (arguments, message) in [
        (&[][..], "Usage: driverc"),
        (&["chek"], "'check'"),
        (&["check", "--fail-on", "never"], "error, warn, info"),
        (&["check", "--fix-everything"], "--fix-everything"),
        (&["check", "--color", "sometimes"], "auto, always, never"),
        (&["compile", "--emit", "yaml"], "text, json"),
        (&["completions"], "<SHELL>"),
        (&["completions", "tcl"], "bash"),
        (&["man", "woman"], "there is no command `woman`"),
        (&["help", "woman"], "woman"),
    ] {
        let run = sandbox.run(arguments);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn completions_include_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = Sandbox::new().run(&["completions", shell]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{shell}");
        for word in COMMANDS.iter().chain(&["output-format"]) {
            assert!(run.stdout.contains(word), "{shell} {word}");
        }
        // The other two shells do not complete values.
        if ["bash", "zsh", "fish"].contains(&shell) {
            assert!(run.stdout.contains("concise"), "{shell}");
        }
    }
}

#[test]
fn main_manual_page_refers_to_command_pages() {
    let sandbox = Sandbox::new();
    let program = sandbox.run(&["man"]);
    assert_eq!((program.code, &*program.stderr), (0, ""));
    assert!(program.stdout.contains(".TH driverc 1 "), "{}", program.stdout);
    for command in COMMANDS {
        assert!(program.stdout.contains(&format!("driverc\\-{command}(1)")), "{command}");
        let page = sandbox.run(&["man", command]);
        assert_eq!((page.code, &*page.stderr), (0, ""), "{command}");
        assert!(page.stdout.contains(&format!(".TH driverc-{command} 1 ")), "{}", page.stdout);
    }
}
