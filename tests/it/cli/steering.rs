//! Puts text that could control a terminal, a page, a CI runner or another program into every text
//! field of a contract, and checks every output. No output interprets the text, and none loses it.
#![cfg(unix)]

mod import;

use driverc::{model::Vocabulary, parse_driver_signature, report::Format};
use quick_xml::events::Event;
use serde_json::Value;

use super::{
    report::WORKLOAD,
    sandbox::{Run, Sandbox, budgets, driver},
};

/// Allowed texts: everything except control characters.
const TEXTS: [&str; 8] = [
    "\u{202e}txt.exe\u{202c}\u{2066}x\u{2069}",
    "a\u{200b}b\u{200d}c\u{feff}d\u{2060}",
    "]]><!-- & \"x\" 'y' <b>",
    "</script><script>alert(1)</script>",
    "::error file=a,line=1::x %0A%25",
    "##[error]x ::set-output name=a::b",
    "| `a` | [x](javascript:y) \\| <details>",
    "\u{fffe}\u{e0041}\u{2028}\u{2029}\u{ad}",
];

/// Forbidden characters, as written in a basic string.
const ESCAPES: [(&str, &str); 5] = [
    ("\\u001b[31m\\u001b]8;;http://x\\u0007", "U+001B"),
    ("a\\n::error::b", "U+000A"),
    ("a\\r\\nb", "U+000D"),
    ("\\u009b2J", "U+009B"),
    ("\\u0000", "U+0000"),
];

/// Asserts that a text has no character that a terminal interprets or that is invisible.
#[track_caller]
fn assert_seen(text: &str) {
    for line in text.lines() {
        let unseen = driverc::report::escaped(line);
        assert_eq!(unseen, line);
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The text fields of a contract. The last four are metric names.
const FIELDS: [&str; 7] = [
    "provider_module",
    "support_tier",
    "tuning_guide",
    "timeout_metric",
    "retry_metric",
    "latency_metric",
    "in_flight_metric",
];

/// A contract in which these fields have this text, in TOML syntax.
fn contract(fields: &[&str], text: &str) -> String {
    let written = |line: &str| {
        let key = line.split_once(" = ").map(|(key, _)| key.trim());
        match key.filter(|key| fields.contains(key)) {
            Some(key) => format!("{key} = {text}"),
            None => line.to_owned(),
        }
    };
    let lines: Vec<String> = driver("a").lines().map(written).collect();
    lines.join("\n") + "\n"
}

/// A waiver, a benchmark, a driver, a budget and a key with this text.
fn others(text: &str) -> String {
    format!(
        "[[waiver]]\nrule = {text}\nreason = {text}\nowner = {text}\nexpires = 2020-01-01\n\
         [[waiver]]\nrule = \"queue-zero\"\ndriver = {text}\nreason = {text}\nowner = {text}\n\
         expires = 2020-01-01\n\
         [[benchmark]]\ndriver = \"a\"\nprofile = {text}\nsource = {text}\nloop = {text}\n\
         contract = {text}\nmeasured_on = {text}\n\
         [driver.{text}]\nclass = {text}\ncapabilities = [{text}]\n\
         [budget.{text}]\n[budget.heavy_data.class.{text}]\n[budget.heavy_data.driver.{text}]\n\
         [{text}]\n{text} = {text}\n# driverc: ignore[{}] x\n",
        text.trim_matches('"'),
    )
}

/// Parses the findings of a run in this format as a program would, and returns their number.
fn read_back(format: Format, run: &Run) -> usize {
    let json = || serde_json::from_str::<Value>(&run.stdout).unwrap();
    let count = |value: &Value| value.as_array().unwrap().len();
    match format {
        Format::Json => count(&json()["findings"]),
        Format::JsonLines => run.stdout.lines().map(|line| assert!(line.starts_with('{'))).count(),
        Format::Sarif => count(&json()["runs"][0]["results"]),
        Format::GitLab => count(&json()),
        Format::Rdjson => count(&json()["diagnostics"]),
        Format::GitHub => {
            let is_ours = |line: &&str| {
                ["::error file=", "::warning file=", "::notice file="]
                    .iter()
                    .any(|command| line.starts_with(command))
            };
            assert_eq!(run.stdout.lines().find(|line| !is_ours(line)), None);
            run.stdout.lines().count()
        }
        Format::Junit => {
            let mut reader = quick_xml::Reader::from_str(&run.stdout);
            let mut failures = 0;
            loop {
                let event = reader.read_event().unwrap();
                if let Event::Start(tag) = &event
                    && tag.name().0 == "failure"
                {
                    failures += 1;
                }
                if event == Event::Eof {
                    break failures;
                }
            }
        }
        Format::Concise => run.stdout.lines().count(),
        Format::Full => {
            let is_head = |line: &&str| line.starts_with("error[") || line.starts_with("warn");
            run.stdout.lines().filter(is_head).count()
        }
        Format::Review => unreachable!("needs a repository"),
        Format::Markdown => run.stdout.lines().filter(|line| line.starts_with("| ")).count() - 2,
    }
}

/// Asserts that every format has the same number of findings and no invisible character.
fn all_formats(sandbox: &Sandbox) -> usize {
    let formats = Format::ALL.iter().filter(|format| **format != Format::Review);
    let counted = formats.map(|format| {
        let run = sandbox.run(&["check", "--output-format", format.label()]);
        assert_seen(&run.stdout);
        assert_seen(&run.stderr);
        (*format, read_back(*format, &run))
    });
    let counted: Vec<_> = counted.collect();
    let (_, first) = counted[0];
    assert!(counted.iter().all(|(_, count)| *count == first), "{counted:?}");
    first
}

#[test]
fn hostile_text_in_any_field_is_escaped_in_every_format() {
    let escapes = ESCAPES.iter().map(|(text, _)| format!("\"{text}\""));
    for text in TEXTS.iter().map(|text| quoted(text)).chain(escapes) {
        let document = contract(&FIELDS, &text) + &others(&text);
        let sandbox = Sandbox::project(&[("contracts/a.toml", &document)]);
        let findings = all_formats(&sandbox);
        assert!(findings > 15, "{text}: {findings}");
    }
}

#[test]
fn hostile_file_name_is_escaped_in_every_format() {
    for text in TEXTS {
        // File names cannot contain a slash.
        let path = format!("contracts/{}.toml", text.replace('/', "_"));
        let sandbox =
            Sandbox::project(&[(&path, &driver("a").replace("queue_depth", "queue_deph"))]);
        assert_eq!(all_formats(&sandbox), 1, "{text:?}");
        let json = sandbox.run(&["check", "--output-format", "json"]).stdout;
        let report: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(report["findings"][0]["place"]["path"], path);
    }
}

#[test]
fn control_character_is_reported_in_every_field() {
    for (text, character) in ESCAPES {
        let contract = contract(&FIELDS, &format!("\"{text}\""));
        let sandbox = Sandbox::project(&[("contracts/a.toml", &contract)]);
        let run = sandbox.run(&["check", "--output-format", "json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let messages: Vec<_> =
            report["findings"].as_array().unwrap().iter().map(|one| &one["message"]).collect();
        for field in FIELDS {
            let named = |message: &&&Value| {
                let message = message.as_str().unwrap();
                message.contains(&format!("`{field}`")) && message.contains(character)
            };
            assert!(messages.iter().any(|message| named(&message)), "{field}: {messages:?}");
        }
    }
}

/// TOML has no lone surrogates, so no text can be lost.
#[test]
fn lone_surrogate_escape_is_syntax_error() {
    for escape in ["\\ud800", "\\udfff", "\\U0000d800", "\\U00110000"] {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &format!("a = \"{escape}\"\n"))]);
        let run = sandbox.run(&["check", "--output-format", "concise"]);
        assert_eq!((run.code, run.places()), (1, vec!["contracts/a.toml:1:6: error[syntax"]));
    }
}

#[test]
fn compile_preserves_hostile_text() {
    // Metric names have a syntax, which none of these texts satisfies.
    let fields = &FIELDS[..3];
    let ignored = ["--ignore", "provider-module-invalid"];
    for text in TEXTS {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &contract(fields, &quoted(text)))]);
        let run = sandbox.run(&[&["compile"][..], &ignored].concat());
        assert_eq!(run.code, 0, "{run:?}");
        assert_seen(&run.stdout);
        let read = parse_driver_signature(run.stdout.lines().next().unwrap()).unwrap();
        assert_eq!((&*read.provider_module, &*read.support_tier), (text, text));
        assert_eq!(&*read.tuning_guide, text);
        let run = sandbox.run(&[&["compile", "--emit", "json"][..], &ignored].concat());
        assert_seen(&run.stdout);
        let compiled: Value = serde_json::from_str(&run.stdout).unwrap();
        for field in fields {
            assert_eq!(compiled["drivers"][0]["contract"][field], text, "{field}");
        }
    }
}

#[test]
fn diff_escapes_hostile_text() {
    for text in TEXTS {
        let sandbox = Sandbox::project(&[]);
        let changed = &FIELDS[1..3];
        sandbox.write("contracts/a.toml", contract(changed, &quoted(text)));
        sandbox.write("old/a.toml", contract(changed, "\"before\""));
        sandbox.write("old/budgets.toml", budgets());
        for format in driverc::report::diff::DiffFormat::ALL {
            let run =
                sandbox.run(&["diff", "--against-path", "old", "--output-format", format.label()]);
            assert_seen(&run.stdout);
            assert_seen(&run.stderr);
            assert!(run.stdout.contains("support_tier"), "{run:?}");
            if format.label() == "json" {
                let report: Value = serde_json::from_str(&run.stdout).unwrap();
                let raw = report.to_string();
                assert!(raw.contains(Value::from(text).to_string().trim_matches('"')), "{raw}");
            }
            if format.label() == "github" {
                assert!(run.stdout.lines().all(|line| line.starts_with("::")), "{}", run.stdout);
            }
        }
    }
}

/// A benchmark with this text as `source`.
fn benchmark(text: &str) -> String {
    format!(
        "[[benchmark]]\ndriver = \"a\"\nprofile = \"heavy_data\"\np50_latency_ms = 1\n\
         p95_latency_ms = 2\ntimeout_rate_bps = 0\nretry_rate_bps = 0\n\
         throughput_ops_per_sec = 3\nsource = {text}\n"
    )
}

/// Returns the number of columns in each row of the Markdown tables.
fn columns(markdown: &str) -> Vec<usize> {
    let rows = markdown.lines().filter(|line| line.starts_with('|'));
    rows.map(|row| row.replace("\\|", "").matches('|').count()).collect()
}

/// Runs each command on a document with this text in every allowed position.
#[test]
fn every_command_escapes_hostile_text() {
    for text in TEXTS {
        let document = contract(&FIELDS[..3], &quoted(text)) + &benchmark(&quoted(text)) + WORKLOAD;
        let sandbox = Sandbox::project(&[("contracts/a.toml", &document)]);
        let set = format!("driver.a.support_tier={}", quoted(text));
        for arguments in [
            &["matrix"][..],
            &["matrix", "--output-format", "markdown"],
            &["matrix", "--output-format", "json"],
            &["check", "--feasibility"],
            &["bench"],
            &["bench", "--output-format", "markdown"],
            &["bench", "--output-format", "json"],
            &["bench", "--set", &set],
            &["bench", "--set", &set, "--output-format", "markdown"],
            &["bench", "--set", &set, "--output-format", "json"],
            &["budget"],
            &["budget", "--output-format", "markdown"],
            &["budget", "--output-format", "json"],
            &["budget", "--output-format", "junit"],
            &["budget", "--output-format", "signature"],
            &["report"],
        ] {
            let run = sandbox.run(arguments);
            assert!(run.code < 2 && !run.stdout.is_empty(), "{arguments:?}: {run:?}");
            assert_seen(&run.stdout);
            assert_seen(&run.stderr);
            assert!(!run.stdout.lines().any(|line| line.starts_with("::")), "{}", run.stdout);
            let is_page = arguments == ["report"];
            assert!(!is_page || !run.stdout.contains("<script"), "{}", run.stdout);
            match arguments.last() {
                Some(&"json") => drop(serde_json::from_str::<Value>(&run.stdout).unwrap()),
                Some(&"junit") => drop(read_back(Format::Junit, &run)),
                Some(&"markdown") => {
                    let own = |line: &&str| !["<details>", "</details>"].contains(line);
                    let lines = run.stdout.lines().filter(own).collect::<Vec<_>>();
                    assert!(!lines.iter().any(|line| line.contains("<details>")), "{lines:?}");
                    assert!(!run.stdout.contains("[x](java"), "{}", run.stdout);
                    for table in run.stdout.split("\n\n").map(columns) {
                        assert!(table.iter().all(|count| *count == table[0]), "{}", run.stdout);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Text that is typed or stands in a script, and that error messages quote.
#[test]
fn hostile_argument_is_escaped_in_message() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &(driver("a") + WORKLOAD))]);
    let with_controls = ["\u{1b}[31m", "x\n::error::y", "x\r::error::y", "x,y\n##[error]z"];
    for text in TEXTS.iter().chain(&with_controls) {
        let option = format!("--level={text}=warn");
        let set = format!("driver.a.support_tier={text}");
        for arguments in [
            &[*text][..],
            &["rule", text],
            &["completions", text],
            &["man", text],
            &["check", "--select", text],
            &["check", &option],
            &["check", &format!("--{text}")],
            &["check", text],
            &["check", "--max-file-size", text],
            &["matrix", "-o", &format!("{text}/x/y")],
            &["bench", "--driver", text],
            &["bench", "--set", text],
            &["bench", "--set", &set.replace("support_tier", text)],
            &["budget", "--signatures", text],
            &["diff", "--against", text],
            &["import", "k6", text, "--driver", "a", "--profile", "heavy_data"],
            &["import", text, "-", "--driver", text, "--profile", text],
        ] {
            let run = sandbox.run(arguments);
            assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments:?}");
            assert_seen(&run.stderr);
            let is_obeyed = |line: &str| line.starts_with("::") || line.starts_with("##");
            assert!(!run.stderr.lines().any(is_obeyed), "{arguments:?}: {}", run.stderr);
        }
    }
}
