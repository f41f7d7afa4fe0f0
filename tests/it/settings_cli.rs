//! The effect of the configuration and the command line, as users see it.

#[allow(dead_code, reason = "the other tests of the binary use the rest")]
use driverc::{
    configuration::read as read_configuration,
    rules::{self, ALL},
};
use serde_json::Value;

use crate::cli::sandbox::{Run, STUBBORN, Sandbox, driver, stubborn};

/// A waiver that expires at the end of October.
const WAIVER: &str = "[[waiver]]\nrule = \"retry-amplification\"\ndriver = \"stubborn\"\n\
                      reason = \"why\"\nowner = \"team\"\nexpires = 2026-10-31\n";

/// A project with one warning and this configuration.
fn project(configuration: &str) -> Sandbox {
    let sandbox = Sandbox::project(&[("contracts/stubborn.toml", &stubborn("stubborn"))]);
    sandbox.write("driverc.toml", configuration);
    sandbox
}

/// Returns the level of the only finding, with all levels shown.
fn level(configuration: &str, options: &[&str]) -> String {
    let sandbox = project(configuration);
    let common = ["check", "--output-format", "concise", "--show", "info", "--today", "2026-10-01"];
    let run = sandbox.run(&[&common[..], options].concat());
    assert!(run.code < 2, "{}", run.stderr);
    let found: Vec<_> = run.stdout.lines().filter(|line| line.contains(STUBBORN)).collect();
    match found[..] {
        [] => "off".to_owned(),
        [one] => one.split(' ').nth(1).unwrap().split('[').next().unwrap().to_owned(),
        _ => panic!("{found:?}"),
    }
}

fn rule_is(word: &str) -> String {
    format!("[rules]\n{STUBBORN} = \"{word}\"\n")
}

fn file_is(word: &str) -> String {
    format!("[per-file-rules.\"contracts/**\"]\n{STUBBORN} = \"{word}\"\n")
}

#[test]
fn command_line_overrides_configuration() {
    let strict = "preset = \"strict\"\n";
    assert_eq!(level("", &[]), "warn");
    assert_eq!(level(strict, &[]), "error");
    for configuration in ["", strict, &rule_is("error"), &file_is("error")] {
        assert_eq!(level(configuration, &["--ignore", STUBBORN]), "off");
        assert_eq!(level(configuration, &["--select", "retry-no-jitter"]), "off");
        assert_eq!(level(configuration, &["--level", "retry-amplification=info"]), "info");
        assert_eq!(level(configuration, &["--level", "retry-amplification=off"]), "off");
    }
    assert_eq!(level(&rule_is("off"), &["--level", "retry-amplification=error"]), "error");
    assert_eq!(level(&file_is("off"), &["--level", "retry-amplification=error"]), "error");
}

#[test]
fn selected_rule_has_level_from_configuration() {
    let select = ["--select", STUBBORN];
    assert_eq!(level("", &select), "warn");
    assert_eq!(level(&rule_is("info"), &select), "info");
    assert_eq!(level(&rule_is("off"), &select), "warn");
    let strict = "preset = \"strict\"\n";
    assert_eq!(level(strict, &select), "error");
    assert_eq!(level(&(strict.to_owned() + &rule_is("off")), &select), "error");
    assert_eq!(level(&file_is("off"), &select), "off", "a level for one file still applies");
}

#[test]
fn ignore_and_level_apply_after_select() {
    assert_eq!(level("", &["--ignore", STUBBORN, "--select", STUBBORN]), "off");
    assert_eq!(level("", &["--level", "retry-amplification=off", "--select", STUBBORN]), "off");
    let all = ["--level", "retry-amplification=info", "--ignore", STUBBORN];
    assert_eq!(level("", &all), "info");
    assert_eq!(level("", &["--select", "syntax"]), "off", "only read errors are checked");
    assert_eq!(level("", &["--ignore", "retry-no-jitter,retry-amplification"]), "off");
    let list = "retry-no-jitter=off,retry-amplification=error";
    assert_eq!(level("", &["--level", list]), "error");
}

#[test]
fn unknown_rule_or_level_is_refused() {
    let sandbox = project("");
    for (arguments, message) in [
        (["check", "--select", "retry-amplificatoin"], "did you mean `retry-amplification`?"),
        (["check", "--ignore", "nothing-of-the-kind"], "unknown rule; run `driverc rule`"),
        (["check", "--ignore", "unknown-key"], "a read error is always an error"),
        (["check", "--level", "unknown-key=warn"], "a read error is always an error"),
        (["check", "--level", "retry-no-jitter"], "write `rule-name=level`"),
        (["check", "--level", "retry-no-jitter=wran"], "use one of off, info, warn, error"),
        (["rule", "--", "retry-amplificatoin"], "did you mean `retry-amplification`?"),
        (["check", "--today", "2026-02-30"], "is not a day of the calendar"),
    ] {
        let run = sandbox.run(&arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn every_configuration_error_is_printed_and_stops_run() {
    let mistakes = include_str!("../fixtures/configuration/every-mistake-at-once.toml");
    let sandbox = project(mistakes);
    let known: Vec<_> = rules::all().collect();
    let (_, _, findings) = read_configuration(mistakes.into(), &known);
    for command in ["check", "compile", "matrix"] {
        let run = sandbox.run(&[command]);
        assert_eq!((run.code, run.stderr.as_str()), (2, "error: `driverc.toml` cannot be used\n"));
        assert_eq!(run.stdout.matches("─[driverc.toml:").count(), findings.len(), "{}", run.stdout);
    }
    let run = sandbox.run(&["check", "--output-format", "concise", "--exit-zero"]);
    assert_eq!((run.code, run.stdout.lines().count()), (2, findings.len()));
}

#[test]
fn retired_rules_are_accepted_and_reported() {
    let retired = "[rules]\ntimeout-request-exceeds-idle = \"off\"\n\
                   retry-total-exceeds-idle = { level = \"error\", limit = 3 }\n\
                   [per-file-rules.\"contracts/**\"]\nconcurrency-kafka-reordering = \"off\"\n";
    let sandbox = project(retired);
    let concise = ["check", "--output-format", "concise"];
    let run = sandbox.run(&[&concise[..], &["--show", "info"]].concat());
    let places = run.places();
    let reported = |line: &str| format!("driverc.toml:{line}:1: info[rule-retired");
    assert_eq!(places.len(), 4, "{places:?}");
    for line in ["2", "3", "5"] {
        assert!(places.contains(&&*reported(line)), "{line}: {places:?}");
    }
    assert_eq!(sandbox.run(&concise).places().len(), 1, "an info is not shown");
    for arguments in [
        &["compile"][..],
        &["check", "--ignore", "timeout-request-exceeds-idle"],
        &["check", "--level", "timeout-request-exceeds-idle=error"],
    ] {
        assert_eq!(sandbox.run(arguments).code, 0, "{arguments:?}");
    }
    sandbox.write("driverc.toml", format!("{retired}[rules.rule-retired]\nlevel = \"error\"\n"));
    assert_eq!(sandbox.run(&concise).code, 1, "the configuration sets the level");
    let page = sandbox.run(&["rule", "timeout-request-exceeds-idle"]);
    assert!(page.stdout.contains("Retired") && page.stdout.contains("Level: retired"), "{page:?}");
}

#[test]
fn configuration_with_invalid_utf8_is_error() {
    let sandbox = project("");
    sandbox.write("driverc.toml", b"preset = \"str\xffict\"\n");
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.places(), ["driverc.toml:1:14: error[invalid-utf8"]);
    assert_eq!(run.code, 2);
}

#[test]
fn include_and_exclude_choose_documents() {
    let files = [("a/one.toml", &stubborn("one")), ("b/two.toml", &stubborn("two"))];
    let sandbox = Sandbox::new();
    for (path, text) in &files {
        sandbox.write(path, text.as_str());
    }
    let places = |run: &Run| {
        let line = |line: &str| line.split(':').next().unwrap().to_owned();
        let lines = run.stdout.lines().filter(|line| line.contains(STUBBORN));
        lines.map(line).collect::<Vec<_>>()
    };
    let check = ["check", "--output-format", "concise"];
    let with = |configuration: &str, paths: &[&str]| {
        sandbox.write("driverc.toml", configuration);
        places(&sandbox.run(&[&check, paths].concat()))
    };
    assert_eq!(with("include = [\"a\", \"b\"]", &[]), ["a/one.toml", "b/two.toml"]);
    assert_eq!(with("include = [\"./b/two.toml\"]", &[]), ["b/two.toml"]);
    for glob in ["b", "b/", "./b", "b/**", "**/two.toml", "b/t?o.toml", "{b,c}/*"] {
        let both = format!("include = [\"a\", \"b\"]\nexclude = [\"{glob}\"]");
        assert_eq!(with(&both, &[]), ["a/one.toml"], "{glob}");
        assert_eq!(with(&both, &["a", "b"]), ["a/one.toml"], "{glob}: a folder that is named");
        assert_eq!(with(&both, &["b/two.toml"]), ["b/two.toml"], "{glob}: a file that is named");
    }
    assert_eq!(with("include = [\".\"]\nexclude = [\"*/*\"]", &["a/one.toml"]), ["a/one.toml"]);
}

#[test]
fn missing_included_path_is_refused() {
    let sandbox = project("include = [\"contracts\", \"contarcts\"]");
    let message = "`driverc.toml` includes `contarcts`, which does not exist";
    sandbox.run(&["check"]).assert_refused(message);
    assert_eq!(sandbox.run(&["check", "contracts"]).code, 0, "what is named is there");
    sandbox.write("driverc.toml", "include = [\"empty\"]");
    sandbox.folder("empty/below");
    let run = sandbox.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: no document (`*.toml`) in `empty`;"), "{}", run.stderr);
    let run = sandbox.run_in("empty/below", &["check"]);
    assert!(run.stderr.starts_with("error: no document (`*.toml`) in `..`;"), "{}", run.stderr);
}

#[test]
fn globs_are_relative_to_configuration() {
    let sandbox = project(&file_is("off"));
    let check = ["check", "--output-format", "concise", "."];
    let run = sandbox.run_in("contracts", &check);
    // The rule is off in this file, so the rule that it supersedes is reported.
    assert!(run.stdout.contains("[retry-attempts-high]") && !run.stdout.contains(STUBBORN));
    assert_eq!(run.code, 0);
}

#[test]
fn settings_as_json_match_configuration() {
    let configuration = "include = [\"contracts\"]\nexclude = [\"old\"]\npreset = \"strict\"\n\
         support_tiers = [\"gold\", \"tin\"]\nmax_file_bytes = 2048\n\
         [required_capabilities]\nstream_adapter = [\"batch_write\"]\n\
         [evidence.gold]\nprofiles = [\"heavy_data\"]\nmax_age_days = 9\n[evidence.tin]\n\
         [rules]\nretry-no-jitter = \"off\"\nretry-amplification = { layers = 4 }\n\
         [per-file-rules.\"old/**\"]\nqueue-zero = \"off\"\n\
         [owners]\ngold = \"gold team\"\n\"old/**\" = \"legacy \\\"team\\\"\"\n";
    for text in ["", configuration] {
        let sandbox = project(text);
        let shown = sandbox.run(&["check", "--show-settings"]);
        assert_eq!((shown.code, &*shown.stderr), (0, ""));
        let expected: Value = toml::from_str(&shown.stdout).unwrap();
        let run = sandbox.run(&["check", "--show-settings", "--output-format", "json"]);
        assert_eq!((run.code, &*run.stderr), (0, ""));
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(report["schema_version"], 1);
        assert_eq!(report["settings"], expected);
    }
}

#[test]
fn show_settings_output_is_equivalent_configuration() {
    for configuration in ["", "preset = \"strict\"\nexclude = [\"a\\u202e\"]\n", &file_is("info")] {
        let sandbox = project(configuration);
        let shown = sandbox.run(&["check", "--show-settings"]);
        assert_eq!((shown.code, shown.stderr.as_str()), (0, ""));
        let before = sandbox.run(&["check", "--show", "info"]);
        sandbox.write("driverc.toml", &shown.stdout);
        assert_eq!(sandbox.run(&["check", "--show-settings"]), shown);
        assert_eq!(sandbox.run(&["check", "--show", "info"]), before);
    }
    let sandbox = project("");
    let run = sandbox.run(&["check", "--show-settings", "--ignore", STUBBORN, "-o", "shown.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    let shown = sandbox.read("shown.toml");
    assert!(shown.contains("\nretry-amplification = { level = \"off\","), "{shown}");
}

#[test]
fn today_option_determines_which_waivers_have_expired() {
    let sandbox = project("");
    sandbox.write("contracts/waivers.toml", WAIVER);
    let check = ["check", "--output-format", "concise", "--today"];
    let on = |day| sandbox.run(&[&check[..], &[day]].concat());
    on("2026-10-31").assert_clean();
    let run = on("2026-11-01");
    let rules: Vec<_> = run.places().iter().map(|place| place.split('[').nth(1).unwrap()).collect();
    assert_eq!(rules, [STUBBORN, "waiver-expired"]);
    assert_eq!(run.code, 0);
}

#[test]
fn waivers_of_workspace_apply_to_single_file() {
    let sandbox = project("");
    sandbox.write("contracts/waivers.toml", WAIVER);
    sandbox.write("contracts/other.toml", driver("other"));
    for file in ["contracts/stubborn.toml", "contracts/other.toml", "contracts/waivers.toml"] {
        sandbox.run(&["check", file, "--today", "2026-10-01"]).assert_clean();
    }
}

#[test]
fn rule_command_lists_rules_and_prints_page() {
    let sandbox = Sandbox::new();
    let list = sandbox.run(&["rule"]);
    assert_eq!((list.code, list.stderr.as_str()), (0, ""));
    let names: Vec<_> = list.stdout.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, ALL.iter().map(|lint| lint.rule.name).collect::<Vec<_>>());
    for rule in ALL.iter().map(|lint| lint.rule) {
        let page = sandbox.run(&["rule", rule.name]);
        assert_eq!((page.code, page.stderr.as_str()), (0, ""));
        assert!(page.stdout.starts_with(&format!("{}\n", rule.name)), "{}", page.stdout);
        let level = if rule.on { rule.level.label() } else { "off" };
        assert!(page.stdout.contains(&format!("\nLevel: {level}\n")), "{}", page.stdout);
        for parameter in rule.parameters {
            let line = format!("\n{} = {} (", parameter.name, parameter.default);
            assert!(page.stdout.contains(&line), "{}", page.stdout);
        }
    }
}

#[test]
fn rule_command_prints_other_formats() {
    let sandbox = Sandbox::new();
    let run = |arguments: &[&str]| {
        let run = sandbox.run(&[&["rule", "--output-format"], arguments].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        run.stdout
    };
    let rule = rules::find(STUBBORN).unwrap();
    assert_eq!(run(&["markdown", STUBBORN]), rule.docs);
    assert_eq!(run(&["markdown"]), driverc::report::rules::index());
    let all: serde_json::Value = serde_json::from_str(&run(&["json"])).unwrap();
    assert_eq!(all["rules"].as_array().unwrap().len(), ALL.len());
    let one: serde_json::Value = serde_json::from_str(&run(&["json", STUBBORN])).unwrap();
    assert_eq!(one["schema_version"], 1);
    let [page] = &one["rules"].as_array().unwrap()[..] else { panic!("{one}") };
    assert_eq!((&page["name"], &page["level"]), (&STUBBORN.into(), &"warn".into()));
    assert_eq!((&page["docs"], &page["on"]), (&rule.docs.into(), &true.into()));
    assert_eq!(page["parameters"][0]["default"], rule.parameters[0].default);
}
