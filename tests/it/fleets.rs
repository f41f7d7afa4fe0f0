//! The fleets of the speed benchmark: their findings, and the allocations of reading and checking.
//!
//! The tests count allocations instead of measuring time, so they pass on every machine.
#[path = "../../benches/speed/corpus.rs"]
mod corpus;

use std::path::Path;

use allocation_counter::measure;
use driverc::{
    Level, Workspace,
    boundary::Boundary,
    configuration::Configuration,
    diff::Difference,
    document::{DriverDeclaration, Reader},
    lint::{self, CheckContext, Findings},
    model::{Date, ProjectVocabulary},
    workspace::{Progress, Reading, Texts, load_folder},
};

use self::corpus::Corpus;

/// The strings of a contract: its name, module, four metrics, tier and guide.
const STRINGS: u64 = 8;
/// The list of drivers in the document.
const LISTS: u64 = 1;

#[test]
fn reader_allocates_only_fields_of_clean_contract() {
    assert_eq!(allocations_per_contract(Corpus::valid(8)), [STRINGS + LISTS; 4]);
}

#[test]
fn reader_allocates_only_two_names_list_and_box_of_call() {
    assert_eq!(allocations_per_contract(Corpus::called(8)), [STRINGS + LISTS + 4; 4]);
}

/// Returns the allocations of the last four of eight documents.
fn allocations_per_contract(corpus: Corpus) -> [u64; 4] {
    let mut reader = Reader::default();
    // The first documents grow the buffers for those after them, because lengths differ slightly.
    let first = (0..4).map(|number| reader.read(&corpus.document(number))).count();
    assert_eq!(first, 4);
    [4, 5, 6, 7].map(|number| {
        let text = corpus.document(number);
        let mut document = None;
        let counted = measure(|| document = Some(reader.read(&text)));
        let document = document.unwrap();
        assert!(document.is_clean());
        assert!(matches!(&document.declarations.drivers[..], [DriverDeclaration::Complete(_)]));
        counted.count_total
    })
}

#[test]
fn check_allocates_nothing_per_clean_contract() {
    // With so few contracts, no other thread runs. Its allocations would not be counted.
    let counted = |corpus: Corpus| {
        let folder = tempfile::tempdir().unwrap();
        corpus.write(folder.path()).unwrap();
        let workspace = load(folder.path());
        measure(|| assert!(check(&workspace).open.is_empty())).count_total
    };
    // A few lists have one item per contract and grow by doubling. One in four drivers is
    // relational, and has a share in its server.
    let grows_by = |fleet: fn(usize) -> Corpus| counted(fleet(400)) - counted(fleet(100));
    assert!(grows_by(Corpus::valid) < 60);
    assert!(grows_by(Corpus::called) < 60);
    assert!(grows_by(Corpus::with_servers) < 130);
}

/// Comparing each driver with every other one would allocate 16 times as much.
#[test]
fn allocations_of_comparison_grow_linearly_with_fleet() {
    let counted = |contracts: usize| {
        let folder = tempfile::tempdir().unwrap();
        Corpus::valid(contracts).write(folder.path()).unwrap();
        let (old, new) = (load(folder.path()), load(folder.path()));
        let configuration = Configuration::default();
        let compare = || assert_eq!(Difference::between(&old, &new, &configuration).changes, []);
        measure(compare).count_total
    };
    let (few, many) = (counted(100), counted(400));
    assert!(many < 5 * few, "{few} for 100 contracts, {many} for 400");
}

fn check(workspace: &Workspace) -> Findings {
    let configuration = Configuration::default();
    let today = Date::from_unix_days(0);
    let context = CheckContext { configuration: &configuration, guides: None, today };
    lint::check(workspace, &context, str::to_owned)
}

/// Returns the findings in the contracts below a folder.
fn found(root: &Path) -> Findings {
    check(&load(root))
}

fn load(root: &Path) -> Workspace {
    let mut errors = Vec::new();
    let name = |path: &Path| Some(path.to_str().unwrap().to_owned());
    let (progress, texts) = (Progress::default(), Texts::Dropped);
    let (folder, limit) = (root.join("contracts"), Configuration::default().max_file_bytes);
    let boundary = Boundary::of_project(root);
    let documents = load_folder(
        &folder,
        Reading { boundary: &boundary, texts, limit, vocabulary: ProjectVocabulary::empty() },
        name,
        &progress,
        &mut errors,
    );
    assert!(errors.is_empty(), "{errors:?}");
    Workspace::new(documents)
}

/// Enough for more than one folder, so that every kind has a driver with its own budget.
const CONTRACTS: usize = 600;

#[test]
fn valid_fleet_has_no_findings() {
    for fleet in [Corpus::valid, Corpus::called] {
        let folder = tempfile::tempdir().unwrap();
        fleet(CONTRACTS).write(folder.path()).unwrap();
        assert_eq!(found(folder.path()).open, []);
    }
    let folder = tempfile::tempdir().unwrap();
    Corpus::valid(CONTRACTS).write_joined(folder.path()).unwrap();
    assert_eq!(found(folder.path()).open, []);
    let folder = tempfile::tempdir().unwrap();
    Corpus::with_servers(CONTRACTS).write(folder.path()).unwrap();
    assert_eq!(found(folder.path()).open, []);
    assert_eq!(load(folder.path()).servers().count(), CONTRACTS * 2 / 3);
}

#[test]
fn each_contract_of_invalid_fleet_has_three_findings() {
    let folder = tempfile::tempdir().unwrap();
    Corpus::invalid(CONTRACTS).write(folder.path()).unwrap();
    let rules = found(folder.path()).open.into_iter().map(|finding| finding.rule.name);
    let mut rules: Vec<_> = rules.collect();
    rules.sort_unstable();
    let expected = ["out-of-range", "unknown-key", "unknown-word"];
    assert_eq!(rules, expected.map(|rule| [rule; CONTRACTS]).concat());
}

#[test]
fn each_contract_of_weak_fleet_has_three_findings() {
    let folder = tempfile::tempdir().unwrap();
    Corpus::weak(CONTRACTS).write(folder.path()).unwrap();
    let findings = found(folder.path()).open;
    let weak = findings.iter().filter(|finding| finding.level >= Level::Warn);
    let mut rules: Vec<_> = weak.map(|finding| finding.rule.name).collect();
    rules.sort_unstable();
    let expected = ["retry-attempts-high", "retry-no-jitter", "timeout-connect-below-syn-retry"];
    assert_eq!(rules, expected.map(|rule| [rule; CONTRACTS]).concat());
}
