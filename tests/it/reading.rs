//! Laws of reading: no input causes a panic, every span lies in its text, and the layout of a
//! document does not affect signatures.

use std::collections::BTreeSet;

use driverc::{
    configuration::Configuration,
    document::read_bytes,
    finding::Finding,
    lint::{self, CheckContext},
    model::Vocabulary,
    report::{FindingsReport, Format, Style, write},
    signature::signature_document,
    source::{Location, Source},
    workspace::Workspace,
};
use proptest::{
    arbitrary::any,
    collection, prop_assert, prop_assert_eq, prop_oneof, proptest,
    sample::{self, Index},
    strategy::{Just, Strategy},
    test_runner::{Config, TestCaseError},
};

type Law = Result<(), TestCaseError>;

const CONTRACTS: [&str; 5] = [
    include_str!("../../contracts/budgets.toml"),
    include_str!("../../contracts/clickhouse.toml"),
    include_str!("../../contracts/kafka.toml"),
    include_str!("../../contracts/object_store.toml"),
    include_str!("../../contracts/postgres.toml"),
];

/// Declarations that the built-in contracts lack.
const EVIDENCE: &str = r#"[budget.heavy_data]
max_p95_latency_ms = 3000

[budget.heavy_data.class.relational_adapter]
max_timeout_rate_bps = 20

[budget.heavy_data.driver.postgres_async]
min_throughput_ops_per_sec = 400

[[benchmark]]
driver = "postgres_async"
profile = "heavy_data"
p50_latency_ms = 19
p95_latency_ms = 73
timeout_rate_bps = 1
retry_rate_bps = 10
throughput_ops_per_sec = 448
loop = "open"
source = 'pgbench 16.2, -R 450'
measured_on = 2026-10-31
contract = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

[[waiver]]
rule = "retry-attempts-high" # driverc: ignore[waiver-unused] not yet
driver = "postgres_async"
reason = """größer: 数"""
owner = "streaming-team"
expires = 2027-03-31
"#;

/// Joins documents named `a.toml`, `b.toml` and so on.
fn workspace(files: impl IntoIterator<Item = Vec<u8>>) -> Workspace {
    let documents = files.into_iter().zip('a'..).map(|(bytes, name)| {
        let (text, document) = read_bytes(bytes);
        (Source::new(format!("{name}.toml"), text), document)
    });
    Workspace::new(documents.collect())
}

fn built_in() -> Workspace {
    workspace(CONTRACTS.map(Vec::from))
}

fn signatures(workspace: &Workspace) -> String {
    signature_document(workspace.drivers(), workspace.budgets())
}

/// Reads, checks and formats a document and a contract, and checks every finding.
fn obeys_laws(bytes: Vec<u8>) -> Law {
    let workspace = workspace([bytes, CONTRACTS[4].into()]);
    let today = "2026-10-31".parse().expect("a date");
    let configuration = Configuration::default();
    let context = CheckContext { configuration: &configuration, guides: None, today };
    let findings = lint::check(&workspace, &context, str::to_owned);
    let accepted = findings.accepted.iter().map(|accepted| &accepted.finding);
    for finding in findings.open.iter().chain(accepted) {
        spans_lie_in_their_texts(finding, &workspace)?;
    }
    no_finding_is_repeated(workspace.findings())?;
    for format in Format::ALL {
        let mut out = Vec::new();
        let style = Style::default();
        let run = FindingsReport::of(&findings.open, workspace.sources());
        let written = write(*format, &run, &style, &mut out);
        prop_assert!(written.is_ok() && String::from_utf8(out).is_ok());
    }
    Ok(())
}

fn spans_lie_in_their_texts(finding: &Finding<Location>, workspace: &Workspace) -> Law {
    let related = finding.related.iter().map(|related| related.place);
    for Location { source, span } in std::iter::once(finding.place).chain(related) {
        let text = workspace.sources().source(source).text().unwrap();
        prop_assert!(text.get(span.range()).is_some(), "{span:?} of {finding:?} in\n{text}");
    }
    Ok(())
}

fn no_finding_is_repeated(findings: &[Finding<Location>]) -> Law {
    let mut seen = BTreeSet::new();
    for Finding { rule, place, message, .. } in findings {
        prop_assert!(seen.insert((place, rule.name, message)), "twice: {message}");
    }
    Ok(())
}

/// A change of a text.
#[derive(Clone, Debug)]
enum Mutation {
    /// Replaces the characters between two offsets.
    Replace(Index, Index, String),
    /// Inserts a text.
    Insert(Index, String),
    /// Copies a line to another position.
    CopyLine(Index, Index),
    /// Removes a line.
    DropLine(Index),
}

impl Mutation {
    fn apply(&self, text: &str) -> String {
        let boundary = |index: &Index| text.floor_char_boundary(index.index(text.len() + 1));
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        match self {
            Self::Replace(start, end, by) => {
                let (start, end) = (boundary(start), boundary(end));
                let (start, end) = (start.min(end), start.max(end).min(start.min(end) + 40));
                let end = text.floor_char_boundary(end);
                format!("{}{by}{}", &text[..start], &text[end..])
            }
            Self::Insert(place, inserted) => {
                let place = boundary(place);
                format!("{}{inserted}{}", &text[..place], &text[place..])
            }
            Self::CopyLine(from, to) if !lines.is_empty() => {
                let line = lines[from.index(lines.len())];
                lines.insert(to.index(lines.len() + 1), line);
                lines.concat()
            }
            Self::DropLine(line) if !lines.is_empty() => {
                lines.remove(line.index(lines.len()));
                lines.concat()
            }
            Self::CopyLine(..) | Self::DropLine(_) => String::new(),
        }
    }
}

/// Pieces of TOML, of contracts, and of neither.
fn piece() -> impl Strategy<Value = String> {
    let pieces = sample::select(
        &[
            "",
            " ",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "=",
            ".",
            ",",
            "#",
            "\"",
            "'",
            "\"\"\"",
            "'''",
            "[",
            "]",
            "[[",
            "]]",
            "{",
            "}",
            "\\",
            "\\u12",
            "0",
            "-1",
            "1.5",
            "1_0",
            "true",
            "2026-10-31",
            "99999999999999999999",
            "_",
            "x",
            "é",
            "\u{feff}",
            "\u{202e}",
            "\0",
            "\u{1b}[31m",
            "driver",
            "drivers",
            "budget",
            "[driver.x]\n",
            "[[driver.x]]\n",
            "driver = 1\n",
            "[budget.heavy-data]\n",
            "[[benchmarks]]\n",
            "[waiver]\n",
            "connect_ms = 5\n",
            "support_tier = 1\n",
            "# driverc: ignore[",
            "<<<<<<< HEAD\n",
        ][..],
    );
    prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<Index>;
    prop_oneof![
        (index(), index(), piece()).prop_map(|(start, end, by)| Mutation::Replace(start, end, by)),
        (index(), piece()).prop_map(|(place, piece)| Mutation::Insert(place, piece)),
        (index(), index()).prop_map(|(from, to)| Mutation::CopyLine(from, to)),
        index().prop_map(Mutation::DropLine),
    ]
}

fn document() -> impl Strategy<Value = &'static str> {
    prop_oneof![1 => sample::select(&CONTRACTS[..]), 1 => Just(EVIDENCE)]
}

/// A header and its statements: key, value, and the comments above.
#[derive(Clone, Debug)]
struct Section {
    header: String,
    statements: Vec<String>,
}

impl Section {
    /// Returns the sections of a document that is written like the built-in ones.
    fn all(text: &str) -> Vec<Self> {
        let mut sections: Vec<Self> = Vec::new();
        let mut statement = String::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if line.starts_with('[') {
                let header = format!("{statement}{line}\n");
                sections.push(Self { header, statements: Vec::new() });
                statement.clear();
                continue;
            }
            statement.push_str(line);
            statement.push('\n');
            let is_whole = !line.starts_with(['#', ' ']) && !line.ends_with('[');
            if let Some(section) = sections.last_mut().filter(|_| is_whole) {
                section.statements.push(std::mem::take(&mut statement));
            }
        }
        sections
    }

    /// The declaration that must stay in one file: a driver with its tables, or one scope of a
    /// budget.
    fn declaration(&self) -> String {
        let header = self.header.lines().last().unwrap_or_default();
        let path = header.trim_matches(['[', ']']);
        match path.strip_prefix("driver.") {
            Some(path) => path.split('.').next().unwrap_or_default().to_owned(),
            None => path.to_owned(),
        }
    }
}

/// A layout for the same declarations.
#[derive(Clone, Debug)]
struct Layout {
    sections: Vec<Section>,
    /// The file of each declaration.
    files: Vec<Index>,
    /// The comments after statements.
    comments: Vec<String>,
    line_end: &'static str,
    mark: &'static str,
}

impl Layout {
    const FILES: usize = 4;

    fn written(&self) -> Vec<Vec<u8>> {
        let mut declarations: Vec<_> = self.sections.iter().map(Section::declaration).collect();
        declarations.sort();
        declarations.dedup();
        let mut texts = vec![String::from(self.mark); Self::FILES];
        let mut comments = self.comments.iter().cycle();
        for section in &self.sections {
            let declaration = section.declaration();
            let number = declarations.iter().position(|other| *other == declaration);
            let file = &self.files[number.unwrap_or_default() % self.files.len()];
            let text = &mut texts[file.index(Self::FILES)];
            text.push_str(&section.header);
            for statement in &section.statements {
                text.push_str(statement);
                text.extend(comments.next().map(|comment| format!("# {comment}\n")));
            }
        }
        texts.iter().map(|text| text.replace('\n', self.line_end).into_bytes()).collect()
    }
}

fn layout() -> impl Strategy<Value = Layout> {
    let sections: Vec<Section> = CONTRACTS.iter().flat_map(|text| Section::all(text)).collect();
    let shuffled = sections.into_iter().map(|section| {
        let Section { header, statements } = section;
        let statements = Just(statements).prop_shuffle();
        statements.prop_map(move |statements| Section { header: header.clone(), statements })
    });
    let sections = shuffled.collect::<Vec<_>>().prop_shuffle();
    (
        sections,
        collection::vec(any::<Index>(), 1..20),
        collection::vec("[ -~é]{0,10}", 0..4),
        sample::select(&["\n", "\r\n"][..]),
        sample::select(&["", "\u{feff}"][..]),
    )
        .prop_map(|(sections, files, comments, line_end, mark)| Layout {
            sections,
            files,
            comments,
            line_end,
            mark,
        })
}

#[test]
fn built_in_contracts_have_no_findings() {
    assert_eq!(built_in().findings(), []);
    assert_eq!(built_in().drivers().count(), 4);
}

proptest! {
    #![proptest_config(Config::with_cases(256))]

    #[test]
    fn arbitrary_bytes_give_renderable_findings(bytes in collection::vec(any::<u8>(), 0..200)) {
        obeys_laws(bytes)?;
    }

    #[test]
    fn arbitrary_toml_pieces_give_renderable_findings(pieces in collection::vec(piece(), 0..40)) {
        obeys_laws(pieces.concat().into_bytes())?;
    }

    #[test]
    fn mutated_documents_give_renderable_findings(
        text in document(),
        mutations in collection::vec(mutation(), 1..6),
    ) {
        let text = mutations.iter().fold(text.to_owned(), |text, mutation| mutation.apply(&text));
        obeys_laws(text.into_bytes())?;
    }

    #[test]
    fn documents_with_changed_bytes_give_renderable_findings(
        text in document(),
        changes in collection::vec((any::<Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = text.as_bytes().to_vec();
        for (place, byte) in changes {
            *place.get_mut(&mut bytes) = byte;
        }
        obeys_laws(bytes)?;
    }
}

proptest! {
    #![proptest_config(Config::with_cases(64))]

    #[test]
    fn layout_does_not_change_signatures(layout in layout()) {
        let written = workspace(layout.written());
        prop_assert_eq!(written.findings(), &[]);
        prop_assert_eq!(signatures(&written), signatures(&built_in()));
    }
}
