//! Laws that any input must obey, with one function per law.
//!
//! Property tests check them with a few hundred inputs, and the targets in `fuzz/` with millions.

use std::collections::BTreeSet;

use driverc::{
    configuration::Configuration,
    configuration::read as read_configuration,
    document::{self, BenchmarkDeclaration, read_bytes},
    finding::{Finding, Level, Safety},
    fix::{self, Fixed},
    import::{self, ImportOptions, TimeUnit, Tool},
    lint::{self, Accepted, CheckContext},
    model::{BenchmarkProfile, Date, DriverContract, LatencyUnit, LoadLoop, Vocabulary},
    report::{
        FindingsReport, Format, Style,
        configuration::toml,
        declare::{benchmark_table, workload_table},
        escaped, write,
    },
    rules,
    signature::{
        benchmark_signature, budget_result_signature, budget_signature,
        capability_matrix_signature, driver_signature, parse_benchmark_signature,
        parse_budget_result_signature, parse_budget_signature, parse_capability_matrix_signature,
        parse_driver_signature, signature_document,
    },
    simulate,
    source::{Location, Source, Sources},
    targets::TargetOptions,
    workspace::Workspace,
};

/// Workloads with more arrivals take too long for millions of inputs.
const MAX_ARRIVALS: u128 = 300;

/// Arbitrary bytes can be read as a document, and these formats can write the findings.
pub(crate) fn document(bytes: &[u8], formats: &[Format]) {
    let workspace = workspace(bytes);
    let lint::Findings { open, accepted } = findings(&workspace);
    for finding in open.iter().chain(accepted.iter().map(|accepted| &accepted.finding)) {
        check_spans(finding, workspace.sources());
    }
    check_formats(&open, &accepted, workspace.sources(), formats);
    let document = signature_document(workspace.drivers(), workspace.budgets());
    assert!(document.lines().all(|line| line.bytes().all(|byte| (b' '..=b'~').contains(&byte))));
    for driver in workspace.drivers() {
        signature(&driver_signature(driver));
    }
}

/// Both readers of documents give the same result.
///
/// The text is followed by a table whose key has an escape. Only the grammar reads such keys, so it
/// then reads the text too.
pub(crate) fn readers(text: &str) {
    const KEY: &str = "qqqqq";
    let document = document::read(text);
    if document.findings.iter().any(|finding| finding.rule.name == "syntax") || text.contains(KEY) {
        return;
    }
    let longer = document::read(&format!("{text}\n[\"\\u0071{}\"]\n", &KEY[1..]));
    let end = u32::try_from(text.len()).expect("a text of less than 4 GiB");
    let (before, behind): (Vec<_>, Vec<_>) =
        longer.findings.iter().partition(|finding| finding.place.start < end);
    let expected: Vec<_> = document.findings.iter().collect();
    assert_eq!(format!("{before:#?}"), format!("{expected:#?}"), "{text}");
    let rules: Vec<_> = behind.iter().map(|finding| finding.rule.name).collect();
    assert_eq!(rules, ["unknown-key"], "{text}");
    let declared = |document: &document::Document| format!("{:#?}", document.declarations);
    assert_eq!(declared(&longer), declared(&document), "{text}");
    assert_eq!(longer.suppressions.len(), document.suppressions.len(), "{text}");
}

/// A line is a signature of at most one kind, and a parsed item is written as the same line.
pub(crate) fn signature(line: &str) {
    let same = |written: String| assert_eq!(written, line);
    let mut kinds = 0;
    if let Ok(item) = parse_driver_signature(line) {
        same(driver_signature(&item));
        kinds += 1;
    }
    if let Ok(item) = parse_budget_signature(line) {
        same(budget_signature(&item));
        kinds += 1;
    }
    if let Ok(item) = parse_benchmark_signature(line) {
        same(benchmark_signature(&item));
        kinds += 1;
    }
    if let Ok(item) = parse_budget_result_signature(line) {
        same(budget_result_signature(&item));
        kinds += 1;
    }
    if let Ok(matrix) = parse_capability_matrix_signature(line) {
        let of = |(name, capabilities)| DriverContract { name, capabilities, ..any_driver() };
        let drivers: Vec<_> = matrix.into_iter().map(of).collect();
        same(capability_matrix_signature(&drivers));
        kinds += 1;
    }
    assert!(kinds <= 1, "{line}");
}

fn any_driver() -> DriverContract {
    driverc::postgres_async_driver()
}

/// Arbitrary bytes can be read as a configuration. A valid one is unchanged after a round trip.
pub(crate) fn configuration(bytes: &[u8], formats: &[Format]) {
    let known: Vec<_> = rules::all().collect();
    let (text, configuration, findings) = read_configuration(bytes.to_vec(), &known);
    let mut sources = Sources::default();
    let source = sources.add(Source::new("driverc.toml", text));
    let locate = |finding: Finding<_>| finding.map_places(|span| Location { source, span });
    let located: Vec<_> = findings.into_iter().map(locate).collect();
    for finding in &located {
        check_spans(finding, &sources);
    }
    check_formats(&located, &[], &sources, formats);
    if located.is_empty() {
        let shown = toml(&configuration);
        let (_, again, findings) = read_configuration(shown.clone().into_bytes(), &known);
        assert_eq!(findings, [], "{shown}");
        assert_eq!(toml(&again), shown);
    }
}

/// Fixes cause no error and lose no comment. One run applies all of them except those that it
/// reports as postponed, and only unsafe fixes change a signature.
pub(crate) fn fixes(text: &str) {
    let before = workspace(text.as_bytes());
    let broken = before.findings().iter().any(|finding| rules::is_of_reader(finding.rule));
    for allowed in [Safety::Safe, Safety::Unsafe] {
        let Fixed { workspace: after, applied, postponed, .. } = fixed(text, allowed);
        let result = text_of(&after);
        if applied == 0 {
            assert_eq!(result, text_of(&before), "without a fix the text stays unchanged");
        }
        let new: Vec<_> =
            errors(&after, broken).difference(&errors(&before, broken)).cloned().collect();
        assert_eq!(new, [], "{allowed:?} of\n{text}\ngives\n{result}");
        // A text in another encoding is read in full only once it is converted.
        if postponed == 0 && text_of(&before) == text {
            let again = fixed(&result, allowed);
            assert_eq!((again.applied, text_of(&again.workspace)), (0, result.clone()), "{text}");
        }
        assert!(comments(&result).is_superset(&comments(text)), "{text}\n{result}");
        if allowed == Safety::Safe && !broken {
            assert_eq!(signatures(&after), signatures(&before), "{text}");
        }
    }
}

/// Every workload that is small enough can be simulated.
pub(crate) fn workload(text: &str) {
    let workspace = workspace(text.as_bytes());
    for driver in workspace.drivers() {
        for profile in BenchmarkProfile::ALL {
            simulated(&workspace, driver, *profile);
        }
    }
}

fn simulated(workspace: &Workspace, driver: &DriverContract, profile: BenchmarkProfile) {
    let effective = workspace.effective_workload(driver, profile);
    let Some(workload) = effective.and_then(|effective| effective.complete()) else { return };
    if workload.expected_arrivals().is_none_or(|arrivals| arrivals > MAX_ARRIVALS) {
        return;
    }
    for seed in workload.seeds.iter().take(2) {
        // A run checks its own laws. An error that the workload cannot be run is a valid answer
        // too.
        let run = simulate::simulate(driver, &workload, seed);
        assert!(!matches!(run, Err(simulate::SimulationError::SelfCheck(_))), "{run:?}");
        assert_eq!(run, simulate::simulate(driver, &workload, seed), "a second run is identical");
    }
}

/// The output of a tool is refused, or it becomes a benchmark or a workload that survives a round
/// trip.
///
/// The first line has the command: the tool, then the options as `key=value`. Returns true if the
/// import succeeded.
pub(crate) fn import(text: &str) -> bool {
    let (command, output) = text.split_once('\n').unwrap_or((text, ""));
    let mut words = command.split(' ');
    let Some(tool) = words.next().and_then(Tool::from_label) else { return false };
    let Some(options) =
        words.map(|word| word.split_once('=')).try_fold(ImportOptions::default(), add_option)
    else {
        return false;
    };
    let driver = any_driver().name;
    let subject = import::MeasuredDriver { driver, profile: BenchmarkProfile::HeavyData };
    let outputs = [import::Output { name: "output", bytes: output.as_bytes() }];
    let benchmark = import::benchmark(tool, &outputs, &subject, options.clone());
    if let Ok(imported) = &benchmark {
        let read = document::read(&benchmark_table(&imported.value));
        assert_eq!(read.findings, []);
        let [BenchmarkDeclaration::Complete(again)] = &read.declarations.others().benchmarks[..]
        else {
            panic!("{read:?}");
        };
        assert_eq!(*again, imported.value);
    }
    let workload = import::workload(tool, &outputs, &subject, options);
    if let Ok(imported) = &workload {
        let read = document::read(&workload_table(&imported.value));
        assert_eq!(read.findings, []);
        assert_eq!(read.declarations.others().workloads[0].workload, imported.value);
    }
    benchmark.is_ok() || workload.is_ok()
}

/// Adds an option. Returns `None` if the option is unknown.
fn add_option(options: ImportOptions, word: Option<(&str, &str)>) -> Option<ImportOptions> {
    let (key, value) = word?;
    let number = value.parse().ok();
    Some(match key {
        "timeouts" => ImportOptions { timeouts: number, ..options },
        "retries" => ImportOptions { retries: number, ..options },
        "attempts" => ImportOptions { attempts: number, ..options },
        "throughput" => ImportOptions { throughput: number?.try_into().ok(), ..options },
        "duration_ms" => ImportOptions { duration_ms: number?.try_into().ok(), ..options },
        "unit" => ImportOptions { unit: TimeUnit::from_word(value), ..options },
        "concurrency" => ImportOptions { concurrency: number, ..options },
        "records" => ImportOptions { records_per_request: number, ..options },
        "operation" => ImportOptions { operation: Some(value.to_owned()), ..options },
        "p99" => ImportOptions { p99: true, ..options },
        "microseconds" => ImportOptions { latency_unit: LatencyUnit::Microseconds, ..options },
        "loop" => ImportOptions { load_loop: LoadLoop::from_word(value), ..options },
        _ => return None,
    })
}

/// Returns a workspace with only this document.
pub(crate) fn workspace(bytes: &[u8]) -> Workspace {
    let (text, document) = read_bytes(bytes.to_vec());
    Workspace::new(vec![(Source::new("a.toml", text), document)])
}

fn findings(workspace: &Workspace) -> lint::Findings {
    let configuration = Configuration::default();
    let today = Date::new(2026, 11, 1).expect("a day");
    let context = CheckContext { configuration: &configuration, guides: None, today };
    lint::check(workspace, &context, str::to_owned)
}

/// Every span is in its text and starts and ends between characters.
fn check_spans(finding: &Finding<Location>, sources: &Sources) {
    let related = finding.related.iter().map(|related| related.place);
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place);
    for place in std::iter::once(finding.place).chain(related).chain(edits) {
        let text = sources.source(place.source).text().unwrap();
        assert!(text.get(place.span.range()).is_some(), "{finding:?}");
    }
    assert_eq!(escaped(finding.message.lines().next().unwrap_or("")).lines().count(), 1);
}

/// Chooses one format per input, so that more inputs can be tried.
pub(crate) fn one_format(bytes: &[u8]) -> &'static [Format] {
    std::slice::from_ref(&Format::ALL[bytes.len() % Format::ALL.len()])
}

/// The formats can write the findings, and no output contains a terminal escape.
fn check_formats(
    open: &[Finding<Location>],
    accepted: &[Accepted],
    sources: &Sources,
    formats: &[Format],
) {
    let run = FindingsReport { accepted, ..FindingsReport::of(open, sources) };
    for format in formats {
        let mut out = Vec::new();
        write(*format, &run, &Style::default(), &mut out).expect("memory to write to");
        let text = String::from_utf8(out).expect("text");
        for line in text.lines() {
            assert_eq!(escaped(line), line, "{format:?}");
        }
        match format {
            Format::Json | Format::Sarif | Format::GitLab | Format::Rdjson | Format::Review => {
                serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
            }
            Format::JsonLines => {
                assert_eq!(text.lines().count(), open.len());
                for line in text.lines() {
                    serde_json::from_str::<serde_json::Value>(line).expect("JSON");
                }
            }
            Format::Full | Format::Concise | Format::GitHub | Format::Junit | Format::Markdown => {}
        }
    }
}

fn fixed(text: &str, allowed: Safety) -> Fixed {
    fix::fix(workspace(text.as_bytes()), allowed, |workspace| findings(workspace).open, |_| true)
}

fn text_of(workspace: &Workspace) -> String {
    workspace.sources().iter().map(|(_, source)| source.text().unwrap()).collect()
}

fn signatures(workspace: &Workspace) -> String {
    signature_document(workspace.drivers(), workspace.budgets())
}

/// Errors by rule and message. With `of_reader_only`, only the errors of reading.
fn errors(workspace: &Workspace, of_reader_only: bool) -> BTreeSet<(&'static str, String)> {
    findings(workspace)
        .open
        .into_iter()
        .filter(|finding| finding.level == Level::Error)
        .filter(|finding| !of_reader_only || rules::is_of_reader(finding.rule))
        .map(|finding| (finding.rule.name, finding.message))
        .collect()
}

/// Comments on their own lines, except suppressions.
fn comments(text: &str) -> BTreeSet<&str> {
    let comments = text.lines().map(str::trim).filter(|line| line.starts_with('#'));
    comments.filter(|comment| !comment.contains("driverc:")).collect()
}

/// An arbitrary text can be read as the configuration of every target. A place of a difference is in
/// the text, the adopted contract is valid TOML, and hiding values keeps the length.
pub(crate) fn targets(text: &str) {
    let contract = driverc::kafka_async_driver();
    for target in driverc::targets::TARGETS {
        for dialect in target.dialects {
            let roles: Vec<_> = target.roles.iter().copied().map(Some).collect();
            for role in if roles.is_empty() { vec![None] } else { roles } {
                let options = TargetOptions { role, ..TargetOptions::with(target, dialect) };
                let name = contract.name.clone();
                let adopted = driverc::targets::adopt(text, options, &name, None, "file").text;
                let findings = document::read(&adopted).findings;
                let is_syntax = |finding: &Finding<_>| finding.rule.name == "syntax";
                assert!(!findings.iter().any(is_syntax), "{adopted}");
                for drift in driverc::targets::verify(&contract, options, text).drifts {
                    assert!(text.get(drift.span.range()).is_some(), "{drift:?}");
                }
                assert_eq!(driverc::targets::public_text(text, options).len(), text.len());
            }
        }
    }
}
