//! A session has the same findings after edits as a new session.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use driverc::{
    Finding, Level,
    configuration::Configuration,
    lint::{CheckContext, Findings},
    model::Date,
    project::{CheckedProject, Options, Project, ProjectError, Request, Session, Target},
    source::Location,
    workspace::Progress,
};
use proptest::{prelude::*, sample::select};

const NAMES: [&str; 4] = ["a.toml", "b.toml", "c.toml", "d.toml"];
const DRIVER: &str = include_str!("../../contracts/postgres.toml");
const TEXTS: [&str; 14] = [
    DRIVER,
    include_str!("../../contracts/kafka.toml"),
    include_str!("../../contracts/budgets.toml"),
    include_str!("../../contracts/workloads.toml"),
    "[driver.unfinished]\nclass = ",
    "[template.few]\nclass = \"stream_adapter\"\nmax_in_flight = 7\nretry_policy.max_attempts = 12\n",
    "[template.few]\nclass = \"relational_adapter\"\nprovider_module = \"{driver}::x\"\n",
    "[driver.a]\nlike = \"few\"\n[driver.b]\nlike = \"few\"\nmax_in_flight = 0\n",
    "[server.pg]\nmax_connections = 5\ninstances = { postgres_async = 9, unknown = 1 }\n",
    "[server.pg]\nmax_connections = 5\nidle_close_ms = 1\ninstances = { postgres_async = 9 }\n",
    "[budget.heavy_data.driver.nobody]\nmax_p95_latency_ms = 1\n",
    "[caller.edge]\nattempt_ms = 100\nmax_attempts = 30\n",
    "[[call]]\nfrom = \"edge\"\nto = \"postgres_async\"\n[[call]]\nfrom = \"postgres_async\"\n\
     to = \"kafka_async\"\ntimes = 2\n",
    "[[call]]\nfrom = \"kafka_async\"\nto = \"postgres_async\"\n",
];

fn today() -> Date {
    "2026-11-29".parse().unwrap()
}

fn session_of(texts: impl IntoIterator<Item = (&'static str, &'static str)>) -> Session {
    let mut session = Session::default();
    for (name, text) in texts {
        session.set_text(name, text);
    }
    session
}

fn check(session: &Session) -> Findings {
    let configuration = Configuration::default();
    let context = CheckContext { configuration: &configuration, guides: None, today: today() };
    session.check(&context).findings
}

fn accepted(findings: &Findings) -> Vec<&Finding<Location>> {
    findings.accepted.iter().map(|accepted| &accepted.finding).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn edited_session_has_same_findings_as_new_session(
        edits in prop::collection::vec((select(&NAMES[..]), prop::option::of(select(&TEXTS[..]))), 1..12),
    ) {
        let mut session = Session::default();
        let mut texts = BTreeMap::new();
        for (name, text) in edits {
            if let Some(text) = text {
                session.set_text(name, text);
                texts.insert(name, text);
            } else {
                prop_assert_eq!(session.remove(name), texts.remove(name).is_some());
            }
            let fresh = session_of(texts.iter().map(|(name, text)| (*name, *text)));
            let (findings, expected) = (check(&session), check(&fresh));
            prop_assert_eq!(&findings.open, &expected.open);
            prop_assert_eq!(accepted(&findings), accepted(&expected));
        }
    }
}

#[test]
fn session_rereads_only_edited_document() {
    let mut session = session_of(NAMES.into_iter().zip(TEXTS));
    let documents = |session: &Session| NAMES.map(|name| session.document(name).cloned().unwrap());
    let before = documents(&session);
    check(&session);
    session.set_text("b.toml", DRIVER);
    let same = before.iter().zip(documents(&session));
    let same: Vec<_> = same.map(|(before, after)| Arc::ptr_eq(before, &after)).collect();
    assert_eq!(same, [true, false, true, true]);
    assert!(
        check(&session).open.iter().any(|finding| finding.rule.name == "duplicate-declaration")
    );
}

fn project(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("contracts")).unwrap();
    fs::write(folder.path().join("driverc.toml"), configuration).unwrap();
    fs::write(folder.path().join("contracts/a.toml"), DRIVER).unwrap();
    folder
}

fn checked(folder: &Path) -> Result<CheckedProject, ProjectError> {
    Project::open(folder)?.check(today())
}

fn rules(findings: &Findings) -> Vec<&str> {
    findings.open.iter().map(|finding| finding.rule.name).collect()
}

#[test]
fn project_is_checked_from_any_folder() {
    let folder = project("preset = \"strict\"\n");
    let checked = checked(folder.path()).unwrap();
    let names = checked.loaded.workspace.drivers().map(|driver| driver.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["postgres_async"]);
    assert!(
        rules(&checked.findings).contains(&"tuning-guide-missing"),
        "the guide is not in this project"
    );
}

#[test]
fn invalid_configuration_hides_findings_of_documents() {
    let folder = project("preset = \"sturdy\"\n");
    fs::write(folder.path().join("contracts/b.toml"), "[driver").unwrap();
    let checked = checked(folder.path()).unwrap();
    let [finding] = &checked.findings.open[..] else { panic!("{:?}", checked.findings.open) };
    assert_eq!((finding.level, finding.rule.name), (Level::Error, "unknown-word"));
    let sources = checked.loaded.workspace.sources();
    assert_eq!(sources.source(finding.place.source).name(), "driverc.toml");
}

#[test]
fn folder_without_contracts_is_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(checked(folder.path()), Err(ProjectError::NoProject { above: None })));
}

#[test]
fn reload_matches_files_on_disk() {
    let folder = project("exclude = [\"contracts/x.toml\"]\n");
    let read = Project::open(folder.path()).unwrap().read(Request::default(), &Progress::default());
    let read = read.unwrap();
    let mut session: Session = read.documents.into_iter().collect();
    let names = |session: &Session| session.names().map(str::to_owned).collect::<Vec<_>>();
    for name in ["b.toml", "x.toml"] {
        let path = folder.path().join("contracts").join(name);
        fs::write(&path, "[driver.b]\n").unwrap();
        read.project.reload(&mut session, &path).unwrap();
    }
    assert_eq!(names(&session), ["contracts/a.toml", "contracts/b.toml"]);
    let checked = read.project.check_session(&session, today());
    assert!(rules(&checked.findings).contains(&"missing-key"));
    fs::remove_file(folder.path().join("contracts/b.toml")).unwrap();
    read.project.reload(&mut session, Path::new("contracts/b.toml")).unwrap();
    assert_eq!(names(&session), ["contracts/a.toml"]);
}

#[test]
fn session_obeys_baseline_of_project_or_open_buffer() {
    let folder = project("baseline = \"accepted.txt\"\n");
    let text = fs::read_to_string(folder.path().join("contracts/a.toml")).unwrap();
    let text = text.replace("max_attempts = 3", "max_attempts = 4");
    fs::write(folder.path().join("contracts/a.toml"), &text).unwrap();
    let line = "finding|v1|rule=retry-attempts-high|driver=postgres_async|\
                field=retry_policy.max_attempts|value=4";
    fs::write(folder.path().join("accepted.txt"), line).unwrap();
    let read = Project::open(folder.path()).unwrap().read(Request::default(), &Progress::default());
    let read = read.unwrap();
    let mut session: Session = read.documents.into_iter().collect();
    let open = |session: &Session| {
        rules(&read.project.check_session(session, today()).findings)
            .contains(&"retry-attempts-high")
    };
    assert!(!open(&session));
    session.set_text("contracts/a.toml", text.replace("max_attempts = 4", "max_attempts = 5"));
    assert!(open(&session));
    session.set_baseline("accepted.txt", line.replace("value=4", "value=5"));
    assert!(!open(&session));
    assert!(session.remove_baseline() && open(&session));
}

#[test]
fn select_finds_project_of_each_path() {
    let folder = project("exclude = [\"services\"]\n");
    let root = folder.path().canonicalize().unwrap();
    fs::create_dir(root.join(".git")).unwrap();
    fs::create_dir_all(root.join("services/a/contracts")).unwrap();
    fs::write(root.join("services/a/driverc.toml"), "").unwrap();
    let options = Options::default();
    let select = |paths: &[&str]| {
        let targets: Vec<_> = paths.iter().map(|path| Target::from(PathBuf::from(path))).collect();
        let selected = Project::select(&root, &targets, &options).unwrap();
        let named = selected.iter().map(|selection| (selection.name(), selection.paths.len()));
        named.collect::<Vec<_>>()
    };
    let (own, inner) = ("driverc.toml".to_owned(), "services/a/driverc.toml".to_owned());
    assert_eq!(select(&[]), [(own.clone(), 0)]);
    let paths = ["contracts/a.toml", "services/a/contracts/b.toml", "services/a", "gone.toml"];
    assert_eq!(select(&paths), [(own, 2), (inner, 2)]);
    let selected = Project::select(&root, &[PathBuf::from("services/a").into()], &options).unwrap();
    assert_eq!(selected[0].open(&options).unwrap().root(), root.join("services/a"));
}
