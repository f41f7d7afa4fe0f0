//! Compares each format with a snapshot, and with the requirements of the programs that read it.
//!
//! The schemas in `schemas/` come from those programs; see the notice there.
mod sample;
mod schema;
pub(crate) mod xml;

use std::collections::BTreeSet;

use driverc::{
    fix,
    model::Vocabulary,
    report::{Format, escaped},
    source::Source,
};
use proptest::{collection, prelude::*, sample::select};
use serde_json::{Value, json};

use self::{
    sample::Sample,
    schema::{GITLAB, RDJSON, SARIF, valid},
};

#[test]
fn every_format_matches_its_snapshot() {
    let sample = Sample::all();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/formats");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for format in Format::ALL {
            let version = concat!("ersion\": \"", env!("CARGO_PKG_VERSION"), "\",\n");
            let written = sample.written(*format).replace(version, "ersion\": \"0.0.0\",\n");
            insta::assert_snapshot!(format.label(), written);
        }
    });
}

#[test]
fn output_is_valid_in_every_format() {
    check_all(&Sample::all());
}

#[test]
fn output_without_findings_is_valid_in_every_format() {
    let mut sample = Sample::all();
    sample.findings.clear();
    sample.accepted.clear();
    check_all(&sample);
    let suites = xml::valid(&sample.written(Format::Junit)).children;
    assert_eq!(suites.len(), sample.sources.len());
    assert!(suites.iter().all(|suite| suite.attribute("tests") == "1"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn output_with_arbitrary_text_is_valid_in_every_format(
        path in text(), content in text(), message in text(),
    ) {
        check_all(&Sample::of(&path, &content, &message));
    }
}

#[test]
fn fingerprints_do_not_change_if_lines_move() {
    let text = "[driver.a]\nx = 1\n\n[driver.b]\nx = 1\nx = 1\n";
    let before = fingerprints(text);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 3, "{before:?}");
    let moved =
        "# more\n\n[driver.c]\ny = 2\n\n[driver.a]\n\n  x = 1\n# x\n[driver.b]\n\nx = 1\nx = 1\n";
    assert_eq!(fingerprints(moved), before);
    assert_ne!(fingerprints(&text.replace("[driver.a]", "[driver.d]"))[0], before[0]);
}

#[test]
fn fingerprint_of_call_depends_on_caller() {
    let call = |from: &str| format!("[[call]]\nfrom = \"{from}\"\nx = 1\n");
    let [edge, cron] = ["edge", "cron"].map(|from| fingerprints(&call(from)));
    assert_ne!(edge, cron);
    assert_eq!(fingerprints(&(call("edge") + &call("cron"))), [edge.clone(), cron].concat());
    assert_eq!(fingerprints("[[call]]\n\nx = 1\ntimes = 2\nfrom = \"edge\"\n"), edge);
}

#[test]
fn fingerprint_in_requirement_depends_on_its_consumer() {
    let of = |consumer: &str| format!("[[requirement]]\nx = 1\nconsumer = \"{consumer}\"\n");
    let [billing, audit] = ["billing", "audit"].map(|consumer| fingerprints(&of(consumer)));
    assert_ne!(billing, audit);
    assert_eq!(fingerprints(&(of("audit") + &of("billing"))), [audit, billing].concat());
}

/// Returns the fingerprints of one finding at each `x =`.
fn fingerprints(text: &str) -> Vec<String> {
    let sample = Sample::at_each("x =", text);
    let issues: Value = serde_json::from_str(&sample.written(Format::GitLab)).unwrap();
    let issues = issues.as_array().unwrap().iter();
    issues.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn accepted_finding_has_same_fingerprint_as_open_finding() {
    let sample = Sample::all();
    let all = |sample: &Sample| -> BTreeSet<String> {
        let log: Value = serde_json::from_str(&sample.written(Format::Sarif)).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        results.map(|result| result["partialFingerprints"].to_string()).collect()
    };
    let mut accepted = Sample::all();
    let by = driverc::lint::AcceptedBy::Comment;
    for finding in accepted.findings.drain(..) {
        accepted.accepted.push(driverc::lint::Accepted { finding, by, reason: String::new() });
    }
    assert_eq!(all(&accepted), all(&sample));
}

#[test]
fn step_summary_is_truncated_below_1_mib() {
    let text = "x = 1\n".repeat(20_000);
    let sample = Sample::at_each("x =", &text);
    let summary = sample.step_summary();
    assert!(summary.len() < 1024 * 1024, "{}", summary.len());
    assert!(summary.contains("\nNot shown: "));
}

/// Text with any characters, often with ones that have a meaning in a format.
fn text() -> impl Strategy<Value = String> {
    let special = "<>&\"'`|[]()*_#@!~\\%:,;={}-. \t\r\n\0\u{1b}\u{7f}\u{85}\u{feff}\u{fffe}\u{ffff}\
                   \u{200b}\u{2028}\u{202e}";
    let special: Vec<_> = special.chars().collect();
    let character =
        prop_oneof![3 => select(special), 2 => proptest::char::range(' ', '~'), 1 => any::<char>()];
    let word = select(&["]]>", "<!--", "-->", "::error::", "%0A", "](", "```", "./", "//"][..]);
    let part =
        prop_oneof![5 => character.prop_map(String::from), 1 => word.prop_map(str::to_owned)];
    collection::vec(part, 0..20).prop_map(|parts| parts.concat())
}

fn check_all(sample: &Sample) {
    check_lines(sample);
    check_sarif(sample, &valid(&SARIF, &sample.written(Format::Sarif)));
    check_gitlab(sample, &valid(&GITLAB, &sample.written(Format::GitLab)));
    check_rdjson(sample, &valid(&RDJSON, &sample.written(Format::Rdjson)));
    check_github(sample);
    check_junit(sample);
    check_markdown(sample);
    check_review(sample);
    for format in Format::ALL {
        let written = sample.written(*format);
        let raw = written.lines().find(|line| escaped(line) != *line);
        assert_eq!(raw, None, "{format:?}");
    }
}

/// Checks that the lines of `json-lines` are the findings of `json`.
fn check_lines(sample: &Sample) {
    let document: Value = serde_json::from_str(&sample.written(Format::Json)).unwrap();
    let written = sample.written(Format::JsonLines);
    let lines: Vec<Value> =
        written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), sample.findings.len());
    for (mut line, finding) in lines.into_iter().zip(document["findings"].as_array().unwrap()) {
        assert_eq!(line.as_object_mut().unwrap().remove("schema_version"), Some(json!(1)));
        assert_eq!(line, *finding);
    }
}

fn check_sarif(sample: &Sample, log: &Value) {
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), sample.findings.len() + sample.accepted.len());
    let mut fingerprints = BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        assert!(fingerprints.insert(result["partialFingerprints"]["driverc/v1"].to_string()));
        let says = !sample.accepted.is_empty();
        assert_eq!(
            result["suppressions"].is_array(),
            says,
            "all results have suppressions, or none"
        );
    }
}

/// Checks that each comment ends with its marker, and that all comments are about all findings.
fn check_review(sample: &Sample) {
    let document: Value = serde_json::from_str(&sample.written(Format::Review)).unwrap();
    let comments = document["add"].as_array().unwrap();
    for comment in comments
        .iter()
        .chain(document["summary"]["add"].as_object().map(|_| &document["summary"]["add"]))
    {
        let (body, key) = (comment["body"].as_str().unwrap(), comment["key"].as_str().unwrap());
        assert_eq!(body.lines().next_back(), Some(&*format!("<!-- driverc:{key} -->")));
        assert!(body.len() < 65_000, "{}", body.len());
    }
    let keys: BTreeSet<_> = comments.iter().map(|comment| comment["key"].as_str()).collect();
    assert_eq!((keys.len(), document["keep"].as_array()), (comments.len(), Some(&Vec::new())));
}

fn check_gitlab(sample: &Sample, issues: &Value) {
    let issues = issues.as_array().unwrap();
    let fingerprints: BTreeSet<_> =
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!((issues.len(), fingerprints.len()), (sample.findings.len(), sample.findings.len()));
}

/// Checks that a suggestion, applied by line and byte column, gives the same text as the fix.
fn check_rdjson(sample: &Sample, report: &Value) {
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), sample.findings.len());
    for (diagnostic, finding) in diagnostics.iter().zip(&sample.findings) {
        let replacements =
            finding.fix.as_ref().and_then(|fix| fix::replacements(&sample.sources, fix));
        let suggestion = &diagnostic["suggestions"][0];
        let Some(mut replacements) = replacements else {
            assert!(suggestion.is_null());
            continue;
        };
        let source = sample.sources.source(finding.place.source);
        let mut fixed = source.text().unwrap().to_owned();
        replacements.sort_by_key(|(_, replacement)| std::cmp::Reverse(replacement.span));
        for (_, replacement) in replacements {
            fixed.replace_range(replacement.span.range(), &replacement.text);
        }
        assert_eq!(suggested(source, suggestion), fixed);
    }
}

fn suggested(source: &Source, suggestion: &Value) -> String {
    let offset = |position: &Value| {
        let [line, column] =
            ["line", "column"].map(|key| usize::try_from(position[key].as_u64().unwrap()).unwrap());
        let lines = source.text().unwrap().split_inclusive('\n').take(line - 1);
        lines.map(str::len).sum::<usize>() + column - 1
    };
    let range = &suggestion["range"];
    let mut text = source.text().unwrap().to_owned();
    let range = offset(&range["start"])..offset(&range["end"]);
    text.replace_range(range, suggestion["text"].as_str().unwrap());
    text
}

/// Parses workflow commands as the runner does.
fn check_github(sample: &Sample) {
    let written = sample.written(Format::GitHub);
    let mut annotations = Vec::new();
    for line in written.lines() {
        let (command, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (level, properties) = command.split_once(' ').unwrap();
        let properties: Vec<_> =
            properties.split(',').map(|property| property.split_once('=').unwrap()).collect();
        let names: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
        let one_line = ["file", "line", "col", "endLine", "endColumn", "title"];
        assert!(names == one_line || names == ["file", "line", "endLine", "title"], "{names:?}");
        let message = message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
        annotations.push((level.to_owned(), message.lines().next().unwrap_or_default().to_owned()));
    }
    let all = sample.findings.iter().map(|finding| escaped(&finding.message).into_owned());
    assert_eq!(
        annotations.iter().map(|(_, message)| message.clone()).collect::<BTreeSet<_>>(),
        all.collect()
    );
    let severity =
        |level: &str| ["error", "warning", "notice"].iter().position(|word| *word == level);
    assert!(annotations.is_sorted_by_key(|(level, _)| severity(level).unwrap()));
}

fn check_junit(sample: &Sample) {
    let document = xml::valid(&sample.written(Format::Junit));
    let mut names = BTreeSet::new();
    for case in document.children.iter().flat_map(|suite| &suite.children) {
        if case.name == "testcase" {
            let name = (case.attribute("classname"), case.attribute("name"));
            assert!(names.insert(name), "{name:?}");
        }
    }
    let findings = sample.findings.len() + sample.accepted.len();
    assert!(names.len() >= findings);
}

/// Checks that every row has as many cells as the head, and that each finding has a row.
fn check_markdown(sample: &Sample) {
    let written = sample.written(Format::Markdown);
    let rows: Vec<_> = written.lines().filter(|line| line.contains('|')).collect();
    let head = if sample.findings.is_empty() { 0 } else { 2 };
    assert_eq!(rows.len(), sample.findings.len() + head);
    let has_owner = sample.findings.iter().any(|finding| finding.owner.is_some());
    for row in rows {
        assert_eq!(row.matches('|').count(), 6 + usize::from(has_owner), "{row}");
        assert!(row.starts_with("| ") && row.ends_with(" |"), "{row}");
        assert!(row.matches('`').count().is_multiple_of(2), "{row}");
    }
}
