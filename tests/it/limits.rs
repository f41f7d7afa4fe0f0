//! Huge documents: deep, wide, long, and with an error in every line.
//!
//! No test measures time. Quadratic work would take minutes or hours on these documents, and
//! recursion would overflow the stack.
mod changes;

use std::{collections::BTreeSet, fmt::Write};

use allocation_counter::measure;
use driverc::{
    configuration::Configuration,
    document::{self, Document},
    finding::{Finding, Safety},
    fix,
    lint::{self, CheckContext},
    model::{Date, Vocabulary},
    report::{FindingsReport, Format, Style, write},
    source::{Location, Source},
    workspace::Workspace,
};

const CONTRACT: &str = include_str!("../../src/cli/init/example.toml");

fn workspace(text: &str) -> Workspace {
    let (text, document) = document::read_bytes(text.as_bytes().to_vec());
    Workspace::new(vec![(Source::new("a.toml", text), document)])
}

fn findings(workspace: &Workspace) -> Vec<Finding<Location>> {
    let configuration = Configuration::default();
    let today = Date::new(2026, 11, 1).unwrap();
    let context = CheckContext { configuration: &configuration, guides: None, today };
    lint::check(workspace, &context, str::to_owned).open
}

/// Returns the number of findings per rule, after every format has written some of them.
fn checked(text: &str) -> Vec<(&'static str, usize)> {
    let workspace = workspace(text);
    let findings = findings(&workspace);
    for format in Format::ALL {
        // Every finding costs a format the same, so writing all of them would only take time.
        let written = &findings[..findings.len().min(200)];
        let mut out = Vec::new();
        let run = FindingsReport::of(written, workspace.sources());
        write(*format, &run, &Style::default(), &mut out).unwrap();
    }
    let rules: BTreeSet<_> = findings.iter().map(|finding| finding.rule.name).collect();
    let count = |rule| findings.iter().filter(|finding| finding.rule.name == rule).count();
    rules.into_iter().map(|rule| (rule, count(rule))).collect()
}

/// A contract without budgets and comments, for the driver with this number.
fn driver(number: usize) -> String {
    let (driver, _) = CONTRACT.split_once("# The limits for every driver").unwrap();
    let lines = driver.lines().filter(|line| !line.trim_start().starts_with('#'));
    let lines: Vec<&str> = lines.collect();
    (lines.join("\n") + "\n").replace("example", &format!("d{number:05}"))
}

fn drivers(count: usize, edit: impl Fn(String) -> String) -> String {
    (0..count).map(|number| edit(driver(number))).collect()
}

fn budgets() -> &'static str {
    &CONTRACT[CONTRACT.find("\n[budget.").unwrap()..]
}

#[test]
fn extreme_nesting_is_reported_without_stack_overflow() {
    let depth = 10_000;
    let too_deep = [("syntax", 1)];
    let (open, close) = ("[".repeat(depth), "]".repeat(depth));
    assert_eq!(checked(&format!("a = {open}{close}")), too_deep);
    assert_eq!(checked(&format!("a = {open}")), too_deep);
    let (open, close) = ("{ a = ".repeat(depth), " }".repeat(depth));
    assert_eq!(checked(&format!("a = {open}1{close}")), too_deep);
    assert_eq!(checked(&format!("a = {open}")), too_deep);
    let keys = vec!["a"; depth].join(".");
    let unknown = [("unknown-key", 1)];
    assert_eq!(checked(&format!("{keys} = 1")), unknown);
    assert_eq!(checked(&format!("[{keys}]")), unknown);
    assert_eq!(checked(&format!("[[{keys}]]")), unknown);
    assert_eq!(checked(&format!("a = {{ {keys} = 1 }}")), unknown);
    let empty = vec!["''"; depth].join(".");
    assert_eq!(checked(&format!("[{empty}]\n'' = 1\n'' = 1")).len(), 2);
}

#[test]
fn eighty_levels_are_read_and_more_levels_are_syntax_error() {
    let nested = |depth| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(checked(&nested(80)), [("unknown-key", 1)]);
    assert_eq!(checked(&nested(81)), [("syntax", 1)]);
}

/// The length of a message does not grow with the depth of the path. Otherwise a thousand paths of
/// a thousand levels would take a million words.
#[test]
fn message_truncates_long_path() {
    let longest = |depth: usize| {
        let text = format!("[{}]\nx = 1\nx = 1\n", vec!["key"; depth].join("."));
        let messages = findings(&workspace(&text)).into_iter().map(|finding| finding.message);
        messages.max_by_key(String::len).unwrap()
    };
    assert_eq!(longest(5), "`key.key.key.key.key.x` is declared twice");
    let shown = format!("`…{}.x` is declared twice", ".key".repeat(11));
    assert_eq!((longest(12), longest(10_000)), (shown.clone(), shown));
}

#[test]
fn half_million_character_key_and_string_are_read() {
    let long = "k".repeat(1 << 19);
    assert_eq!(checked(&format!("{long} = 1")), [("unknown-key", 1)]);
    assert_eq!(checked(&format!("\"{long}\" = '{long}'")), [("unknown-key", 1)]);
    let named = driver(0).replace("driver.d00000", &format!("driver.{long}"));
    assert_eq!(checked(&named), [("invalid-text", 1)]);
}

#[test]
fn five_thousand_unknown_keys_are_all_reported() {
    let count = 5_000;
    let mut keys = String::new();
    for number in 0..count {
        writeln!(keys, "k{number}=1").unwrap();
    }
    assert_eq!(checked(&keys), [("unknown-key", count)]);
    let again = format!("{keys}{keys}");
    assert_eq!(checked(&again), [("duplicate-declaration", count), ("unknown-key", count)]);
    let inside = format!("driver.a = {{ {} }}", keys.replace('\n', ","));
    let rules: Vec<_> = checked(&inside).into_iter().collect();
    assert_eq!(rules, [("missing-key", 4), ("unknown-key", count)]);
}

/// The parser reports every token of these lines, and driverc retains one finding per line.
#[test]
fn line_with_error_in_every_token_gives_one_finding() {
    let many = |part: &str| part.repeat(50_000);
    let (words, escapes) = (many("a,"), many("\\q"));
    assert_eq!(checked(&format!("x = [{words}]")), [("syntax", 1)]);
    assert_eq!(checked(&format!("x = \"{escapes}\"")), [("syntax", 1)]);
    assert_eq!(checked(&format!("x = \"{}\"", many("\\u12"))), [("syntax", 1)]);
    assert_eq!(checked(&many("a=1\r")), [("syntax", 1)]);
    assert_eq!(checked(&many("x = [\n")), [("syntax", 1)]);
    assert_eq!(checked(&"a=\n".repeat(20_000)), [("syntax", 20_000)]);
}

#[test]
fn each_of_twenty_thousand_duplicate_items_is_reported() {
    let count = 20_000;
    let words = |word: &str| format!("\"{word}\",").repeat(count);
    let both = format!("capabilities = [{}{}", words("no_such_word"), words("batch_write"));
    let text = driver(0).replace("capabilities = [", &both);
    assert_eq!(checked(&text), [("duplicate-item", count - 1), ("unknown-word", count)]);
}

#[test]
fn findings_of_drivers_are_reported_despite_twenty_thousand_unknown_keys() {
    let count = 500;
    let warned = |text: String| text.replace("max_attempts = 3", "max_attempts = 30");
    let mut text = String::new();
    for number in 0..20_000 {
        writeln!(text, "k{number} = 1").unwrap();
    }
    text += &drivers(count, warned);
    text += budgets();
    let found = checked(&text);
    assert!(found.contains(&("retry-amplification", count)), "{found:?}");
    assert!(found.contains(&("unknown-key", 20_000)), "{found:?}");
}

#[test]
fn each_of_five_hundred_comments_or_waivers_accepts_one_finding() {
    let count = 500;
    let comment = "# driverc: ignore[retry-amplification] agreed\nmax_attempts = 30";
    let mut text = drivers(count, |text| text.replace("max_attempts = 3", comment));
    text += budgets();
    let without =
        |found: Vec<(&str, usize)>| !found.iter().any(|(name, _)| name.contains("amplif"));
    assert!(without(checked(&text)));
    let mut text = text.replace("# driverc: ignore[retry-amplification] agreed\n", "");
    for number in 0..count {
        write!(
            text,
            "[[waiver]]\nrule = \"retry-amplification\"\ndriver = \"d{number:05}\"\nreason = \"x\"\n\
             owner = \"y\"\nexpires = 2027-01-01\n"
        )
        .unwrap();
    }
    assert!(without(checked(&text)));
}

/// Each comment covers the line below all of them.
#[test]
fn two_hundred_thousand_comments_can_cover_one_line() {
    let count = 200_000;
    let lines = "# driverc: ignore[queue-zero] x\n".repeat(count) + &driver(0);
    for text in [lines.replace('\n', "\r\n"), lines] {
        let Document { suppressions, .. } = document::read(&text);
        assert_eq!(suppressions.len(), count);
        let covered = &text[suppressions[0].covers.range()];
        assert_eq!(covered.trim_end(), "[driver.d00000]");
        assert!(suppressions.iter().all(|one| one.covers == suppressions[0].covers));
    }
}

#[test]
fn twenty_thousand_benchmarks_of_unknown_drivers_are_reported() {
    let count = 20_000;
    let mut text = drivers(1_000, |text| text);
    for number in 0..count {
        write!(text, "[[benchmark]]\ndriver = \"nobody_{number}\"\n").unwrap();
        text += "profile = \"heavy_data\"\np50_latency_ms = 1\n";
    }
    let missing = ("missing-key", count);
    assert_eq!(document_rules(&text), [missing, ("unknown-driver", count)]);
    // A broken line can have lost any driver, so unknown drivers are not reported.
    let mut broken = text + &"]\n".repeat(count);
    broken += "[driver.nobody_1";
    assert_eq!(document_rules(&broken), [("syntax", count + 1)]);
}

/// The same as [`checked`], without rules and formats.
fn document_rules(text: &str) -> Vec<(&'static str, usize)> {
    let workspace = workspace(text);
    let mut rules = std::collections::BTreeMap::new();
    for finding in workspace.findings() {
        *rules.entry(finding.rule.name).or_default() += 1;
    }
    rules.into_iter().collect()
}

#[test]
fn twenty_thousand_fixes_apply_to_one_document() {
    let count = 20_000;
    let duplicates = format!("capabilities = [{}", "\"batch_write\", ".repeat(count + 1));
    let text = driver(0).replace("capabilities = [", &duplicates);
    let fixed = fix::fix(workspace(&text), Safety::Safe, findings, |_| true);
    let left = fixed.findings.iter().filter(|finding| finding.rule.name == "duplicate-item");
    let (_, source) = fixed.workspace.sources().iter().next().unwrap();
    // Neighbouring items are removed in separate passes.
    assert!(fixed.applied > 0);
    assert_eq!(
        left.count() + source.text().unwrap().matches("batch_write").count(),
        1 + left_over(&fixed)
    );
}

fn left_over(fixed: &fix::Fixed) -> usize {
    2 * fixed.findings.iter().filter(|finding| finding.rule.name == "duplicate-item").count()
}

/// The maximum number of findings of one file.
const MAX_FINDINGS: usize = 100_000;

const TOO_MANY: (&str, usize) = ("too-many-findings", 1);

#[test]
fn file_has_at_most_one_hundred_thousand_findings() {
    let mut keys = String::new();
    for number in 0..MAX_FINDINGS {
        writeln!(keys, "k{number}=1").unwrap();
    }
    assert_eq!(document_rules(&keys), [("unknown-key", MAX_FINDINGS)]);
    keys += "k=1\n";
    assert_eq!(document_rules(&keys.replace("=1", "=")), [("syntax", MAX_FINDINGS), TOO_MANY]);
    // Keys of the root come first. Beyond the limit, driverc stops reading.
    let items = "{},".repeat(60_000);
    let both = format!("k=1\nbenchmark = [{items}]\nwaiver = [{items}]");
    assert_eq!(
        document_rules(&both),
        [("missing-key", MAX_FINDINGS - 1), TOO_MANY, ("unknown-key", 1)]
    );
}

/// Follow-up errors do not displace independent ones. An unclosed array is reported even if it
/// starts after many errors.
#[test]
fn independent_errors_are_reported_before_follow_up_errors() {
    let words = "a,".repeat(MAX_FINDINGS + 50_000);
    let text = format!("x = [{words}]\n{}", "b=\n".repeat(MAX_FINDINGS - 1));
    assert_eq!(document_rules(&text), [("syntax", MAX_FINDINGS)]);
    let open =
        |faults: usize| format!("{}x = [\n{}", "b=\n".repeat(faults), "a,\n".repeat(MAX_FINDINGS));
    assert_eq!(document_rules(&open(MAX_FINDINGS)), [("syntax", MAX_FINDINGS), TOO_MANY]);
    let text = open(MAX_FINDINGS - 1);
    let found = document::read(&text).findings;
    assert_eq!(found.len(), MAX_FINDINGS);
    let last = found.last().unwrap();
    assert_eq!(last.place.range().start, text.find('[').unwrap());
    assert_eq!(last.message, "an array is not closed");
}

#[test]
fn first_findings_of_file_are_retained() {
    let found = document::read(&"b=\n".repeat(MAX_FINDINGS + 1000)).findings;
    assert_eq!(found[0].rule.name, "too-many-findings");
    let places = found[1..].iter().map(|finding| finding.place.range().start);
    assert!(places.eq((0..MAX_FINDINGS).map(|line| 3 * line + 2)));
}

/// Each token takes 24 bytes, and while the list of tokens grows, the old one exists too. The
/// errors of these texts would take three times as much, because nearly every byte has one.
#[test]
fn memory_for_broken_text_is_proportional_to_size() {
    let size = (1 << 18) - 100;
    for (start, part, found) in [
        ("x = [", ",", 1),
        ("x = [", "=", 1),
        ("x = [", "}", 1),
        ("x = {", ",", 1),
        ("x = {", ".", 1),
        ("", ".", 1),
        ("", "=", 1),
        ("[", ".", 1),
        ("a = 1", "\r", 1),
        ("#", "\u{1}", 1),
        // The unclosed string is a second finding.
        ("x = '", "\u{1}", 2),
        ("x = \"", "\\q", 2),
    ] {
        let text = start.to_owned() + &part.repeat(size / part.len());
        let mut document = Document::default();
        let counted = measure(|| document = document::read(&text));
        assert_eq!(document.findings.len(), found, "{start}{part}");
        let times = counted.bytes_max / text.len() as u64;
        assert!(times < 50, "{start}{part}: {times} times the size");
    }
}

/// Unknown names are found after all files have been read.
#[test]
fn findings_limit_applies_to_each_file_separately() {
    let mut text = String::from("[budget.heavy_data.driver]\n");
    for number in 0..=MAX_FINDINGS {
        writeln!(text, "d{number}.max_p95_latency_ms = 1").unwrap();
    }
    assert_eq!(document_rules(&text), [TOO_MANY, ("unknown-driver", MAX_FINDINGS)]);
    let read = |name: &str, text: &str| {
        let (text, document) = document::read_bytes(text.as_bytes().to_vec());
        (Source::new(name, text), document)
    };
    let other = "[budget.mixed_latency.driver.a]\nmax_p95_latency_ms = 1\n";
    let workspace = Workspace::new(vec![read("a.toml", &text), read("b.toml", other)]);
    let name = |finding: &Finding<Location>| {
        workspace.sources().source(finding.place.source).name().to_owned()
    };
    let of_other = workspace.findings().iter().filter(|finding| name(finding) == "b.toml");
    assert_eq!(of_other.map(|finding| finding.rule.name).collect::<Vec<_>>(), ["unknown-driver"]);
    assert_eq!(workspace.findings().len(), MAX_FINDINGS + 2);
}

#[test]
fn comment_with_one_hundred_thousand_names_reaches_findings_limit() {
    let names = "a,".repeat(MAX_FINDINGS + 1);
    let found = checked(&format!("# driverc: ignore[{names}] x\n"));
    assert_eq!(found, [("suppression-unknown-rule", MAX_FINDINGS), TOO_MANY]);
}
