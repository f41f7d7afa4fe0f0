//! What must hold of any input at all: one function a law.
//!
//! Property tests run them on a few hundred inputs, the targets in `fuzz/` on millions.

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
    workspace::Workspace,
};

/// More arrivals than this take too long where millions of inputs are tried.
const MOST_ARRIVALS: u128 = 300;

/// Any bytes are read as a document, and these formats can write what is said of them.
pub(crate) fn document(bytes: &[u8], formats: &[Format]) {
    let workspace = workspace(bytes);
    let lint::Findings { open, accepted } = findings(&workspace);
    for finding in open.iter().chain(accepted.iter().map(|accepted| &accepted.finding)) {
        places(finding, workspace.sources());
    }
    written(&open, &accepted, workspace.sources(), formats);
    let document = signature_document(workspace.drivers(), workspace.budgets());
    assert!(document.lines().all(|line| line.bytes().all(|byte| (b' '..=b'~').contains(&byte))));
    for driver in workspace.drivers() {
        signature(&driver_signature(driver));
    }
}

/// What is read of a text does not depend on which of two readers reads it.
///
/// Behind the text comes a table whose key has an escape: only the grammar reads that, and so all
/// that is before it.
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

/// Any line is a signature of one kind at most, and then it is the one that its item has.
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

/// Any bytes are read as a configuration; one without a mistake means the same when written out.
pub(crate) fn configuration(bytes: &[u8], formats: &[Format]) {
    let known: Vec<_> = rules::configurable().collect();
    let (text, configuration, findings) = read_configuration(bytes.to_vec(), &known);
    let mut sources = Sources::default();
    let source = sources.add(Source::new("driverc.toml", text));
    let locate = |finding: Finding<_>| finding.map_places(|span| Location { source, span });
    let located: Vec<_> = findings.into_iter().map(locate).collect();
    for finding in &located {
        places(finding, &sources);
    }
    written(&located, &[], &sources, formats);
    if located.is_empty() {
        let shown = toml(&configuration);
        let (_, again, findings) = read_configuration(shown.clone().into_bytes(), &known);
        assert_eq!(findings, [], "{shown}");
        assert_eq!(toml(&again), shown);
    }
}

/// Fixes bring no error and lose no comment, one run does all but those that it says it leaves, and
/// only those change a signature that say so.
pub(crate) fn fixes(text: &str) {
    let before = workspace(text.as_bytes());
    let broken = before.findings().iter().any(|finding| rules::is_of_reader(finding.rule));
    for allowed in [Safety::Safe, Safety::Unsafe] {
        let Fixed { workspace: after, applied, postponed, .. } = fixed(text, allowed);
        let result = text_of(&after);
        if applied == 0 {
            assert_eq!(result, text_of(&before), "nothing is changed without a fix");
        }
        let new: Vec<_> =
            errors(&after, broken).difference(&errors(&before, broken)).cloned().collect();
        assert_eq!(new, [], "{allowed:?} of\n{text}\ngives\n{result}");
        if postponed == 0 {
            let again = fixed(&result, allowed);
            assert_eq!((again.applied, text_of(&again.workspace)), (0, result.clone()), "{text}");
        }
        assert!(comments(&result).is_superset(&comments(text)), "{text}\n{result}");
        if allowed == Safety::Safe && !broken {
            assert_eq!(signatures(&after), signatures(&before), "{text}");
        }
    }
}

/// Every load of a document that is small enough can be simulated, and has a benchmark.
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
    if workload.expected_arrivals().is_none_or(|arrivals| arrivals > MOST_ARRIVALS) {
        return;
    }
    for seed in workload.seeds.iter().take(2) {
        // A run checks its own laws; that the load cannot be run is an answer, too.
        let run = simulate::simulate(driver, &workload, seed);
        assert!(!matches!(run, Err(simulate::SimulationError::SelfCheck(_))), "{run:?}");
        assert_eq!(run, simulate::simulate(driver, &workload, seed), "the same again");
    }
}

/// What a tool wrote is refused, or is a benchmark or a workload that reads back as it was.
///
/// The first line has the words of the command: the tool, then `key=value` for what is given.
/// Whether something came out.
pub(crate) fn import(text: &str) -> bool {
    let (command, output) = text.split_once('\n').unwrap_or((text, ""));
    let mut words = command.split(' ');
    let Some(tool) = words.next().and_then(Tool::from_label) else { return false };
    let Some(given) =
        words.map(|word| word.split_once('=')).try_fold(ImportOptions::default(), give)
    else {
        return false;
    };
    let driver = any_driver().name;
    let subject = import::MeasuredDriver { driver, profile: BenchmarkProfile::HeavyData };
    let outputs = [import::Output { name: "output", bytes: output.as_bytes() }];
    let benchmark = import::benchmark(tool, &outputs, &subject, given.clone());
    if let Ok(imported) = &benchmark {
        let read = document::read(&benchmark_table(&imported.value));
        assert_eq!(read.findings, []);
        let [BenchmarkDeclaration::Whole(again)] = &read.declarations.benchmarks[..] else {
            panic!("{read:?}");
        };
        assert_eq!(*again, imported.value);
    }
    let workload = import::workload(tool, &outputs, &subject, given);
    if let Ok(imported) = &workload {
        let read = document::read(&workload_table(&imported.value));
        assert_eq!(read.findings, []);
        assert_eq!(read.declarations.workloads[0].workload, imported.value);
    }
    benchmark.is_ok() || workload.is_ok()
}

/// Adds what a word gives; none where it is not understood.
fn give(given: ImportOptions, word: Option<(&str, &str)>) -> Option<ImportOptions> {
    let (key, value) = word?;
    let number = value.parse().ok();
    Some(match key {
        "timeouts" => ImportOptions { timeouts: number, ..given },
        "retries" => ImportOptions { retries: number, ..given },
        "attempts" => ImportOptions { attempts: number, ..given },
        "throughput" => ImportOptions { throughput: number?.try_into().ok(), ..given },
        "duration_ms" => ImportOptions { duration_ms: number?.try_into().ok(), ..given },
        "unit" => ImportOptions { unit: TimeUnit::from_word(value), ..given },
        "concurrency" => ImportOptions { concurrency: number, ..given },
        "records" => ImportOptions { records_per_request: number, ..given },
        "operation" => ImportOptions { operation: Some(value.to_owned()), ..given },
        "p99" => ImportOptions { p99: true, ..given },
        "microseconds" => ImportOptions { latency_unit: LatencyUnit::Microseconds, ..given },
        "loop" => ImportOptions { load_loop: LoadLoop::from_word(value), ..given },
        _ => return None,
    })
}

/// The documents of a workspace with this one alone.
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

/// Every place is in its text, between two characters.
fn places(finding: &Finding<Location>, sources: &Sources) {
    let related = finding.related.iter().map(|related| related.place);
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place);
    for place in std::iter::once(finding.place).chain(related).chain(edits) {
        let text = sources.source(place.source).text().unwrap();
        assert!(text.get(place.span.range()).is_some(), "{finding:?}");
    }
    assert_eq!(escaped(finding.message.lines().next().unwrap_or("")).lines().count(), 1);
}

/// The format that an input is tried with where one of them is enough, to try more inputs.
pub(crate) fn one_format(bytes: &[u8]) -> &'static [Format] {
    std::slice::from_ref(&Format::ALL[bytes.len() % Format::ALL.len()])
}

/// The formats can be written, and nothing in them steers a terminal.
fn written(
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
            Format::Json | Format::Sarif | Format::GitLab | Format::Rdjson => {
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

/// Errors by rule and message; those of the rules only where the reader had none before.
fn errors(workspace: &Workspace, of_reader_only: bool) -> BTreeSet<(&'static str, String)> {
    findings(workspace)
        .open
        .into_iter()
        .filter(|finding| finding.level == Level::Error)
        .filter(|finding| !of_reader_only || rules::is_of_reader(finding.rule))
        .map(|finding| (finding.rule.name, finding.message))
        .collect()
}

/// The comments that have a line of their own and are not addressed to driverc.
fn comments(text: &str) -> BTreeSet<&str> {
    let comments = text.lines().map(str::trim).filter(|line| line.starts_with('#'));
    comments.filter(|comment| !comment.contains("driverc:")).collect()
}
