//! Findings about the lines of a baseline.

use driverc::{
    configuration::Configuration,
    lint::{AcceptedBy, finding_identities},
    rules,
};

use super::{BASE, check, configuration, example, open, workspace};

/// Returns the findings about the baseline, with the text of their span.
fn of_baseline(
    documents: &[(String, String)],
    configuration: &Configuration,
    text: &str,
) -> String {
    let workspace = workspace(documents, Some(text));
    let findings = check(&workspace, configuration);
    let found = findings.open.iter().filter(|it| it.rule.name.starts_with("baseline-"));
    let shown = found.map(|finding| {
        let source = workspace.sources().source(finding.place.source);
        let place = source.lines().position(finding.place.span.start);
        format!(
            "{}:{}:{} {} {}: {}\n",
            source.name(),
            place.line,
            place.column,
            finding.level,
            finding.rule.name,
            finding.message
        )
    });
    shown.collect()
}

const LINE: &str =
    "finding|v1|rule=retry-attempts-high|driver=example|field=retry_policy.max_attempts|value=9";

#[test]
fn line_with_lower_figure_is_unused() {
    let (driver, _) = BASE.split_once("[budget.").unwrap();
    let server = "[server.main]\nmax_connections = 9\n[server.main.instances]\nexample = 5\n";
    let documents = [("a.toml".to_owned(), format!("{driver}{server}"))];
    let line = |figure: &str| {
        format!(
            "finding|v1|rule=server-oversubscribed|driver=example|server=main|\
             field=max_connections|value=9|at_most={figure}\n"
        )
    };
    let configuration = Configuration::default();
    let in_baseline = |figures: &[&str]| {
        let text: String = figures.iter().map(|figure| line(figure)).collect();
        let found = check(&workspace(&documents, Some(&text)), &configuration);
        (open(&found).len(), of_baseline(&documents, &configuration, &text).lines().count())
    };
    assert_eq!(in_baseline(&["25"]), (0, 0));
    assert_eq!(in_baseline(&["100", "24", "25", "3"]), (0, 2));
    assert_eq!(in_baseline(&["24", "3", "18446744073709551615"]), (0, 2));
    assert_eq!(in_baseline(&["24", "3"]), (1, 2));
    assert_eq!(in_baseline(&["025"]), (1, 1));
}

#[test]
fn line_without_finding_is_reported_unless_its_rule_is_off() {
    let documents = example("max_attempts = 3", "max_attempts = 4");
    let unused = "driverc-baseline.txt:1:1 info baseline-unused: no finding matches this line\n";
    assert_eq!(of_baseline(&documents, &Configuration::default(), LINE), unused);
    let known: Vec<_> = rules::all().collect();
    let configured = |text: &str| {
        let (_, configuration, findings) = driverc::configuration::read(text.into(), &known);
        assert_eq!(findings, []);
        configuration
    };
    for off in [
        "[rules]\nretry-attempts-high = \"off\"\n",
        "[per-file-rules.\"a.toml\"]\nretry-attempts-high = \"off\"\n",
        "[rules]\nbaseline-unused = \"off\"\n",
    ] {
        assert_eq!(of_baseline(&documents, &configured(off), LINE), "", "{off}");
    }
    let error = configured("[rules]\nbaseline-unused = \"error\"\n");
    assert_eq!(of_baseline(&documents, &error, LINE), unused.replace("info", "error"));
    let unknown = "driverc-baseline.txt:1:1 info baseline-unused: no finding matches this line: \
                   there is no rule `no-such-rule`\n";
    let line = "finding|v1|rule=no-such-rule|driver=example";
    assert_eq!(of_baseline(&documents, &Configuration::default(), line), unknown);
}

#[test]
fn unused_lines_are_not_reported_if_documents_have_read_errors() {
    let documents = example("max_attempts = 3", "max_attempts = \"4\"");
    assert_eq!(of_baseline(&documents, &Configuration::default(), LINE), "");
}

#[test]
fn line_of_finding_that_comment_or_waiver_accepts_is_used() {
    let waiver = "\n[[waiver]]\nrule = \"retry-attempts-high\"\nreason = \"agreed\"\nowner = \"a\"\n\
                  expires = 2027-01-01\n";
    let comment = "max_attempts = 9 # driverc: ignore[retry-attempts-high] agreed";
    for (documents, by) in [
        (example("max_attempts = 3", comment), AcceptedBy::Comment),
        (
            vec![(
                "a.toml".to_owned(),
                BASE.replace("max_attempts = 3", "max_attempts = 9") + waiver,
            )],
            AcceptedBy::Waiver,
        ),
    ] {
        let workspace = workspace(&documents, Some(LINE));
        let findings = check(&workspace, &Configuration::default());
        assert_eq!(findings.open, [], "{by:?}");
        let accepted: Vec<_> = findings.accepted.iter().map(|accepted| accepted.by).collect();
        assert_eq!(accepted, [by]);
    }
}

#[test]
fn malformed_lines_are_errors_with_their_place() {
    let documents = example("max_attempts = 3", "max_attempts = 9");
    let text = format!(
        "<<<<<<< ours\n{LINE}\r\n\n=======\n# a comment\nfinding|v1|rule=a|driver=b|value=%2c\n>>>>>>> theirs"
    );
    let expected = "\
driverc-baseline.txt:1:1 error baseline-malformed: a merge conflict marker is not a line of a baseline
driverc-baseline.txt:4:1 error baseline-malformed: a merge conflict marker is not a line of a baseline
driverc-baseline.txt:5:2 error baseline-malformed: a signature must be visible ASCII, but contains U+0020
driverc-baseline.txt:6:28 error baseline-malformed: expected the end of the line, found `value`
driverc-baseline.txt:7:1 error baseline-malformed: a merge conflict marker is not a line of a baseline
";
    assert_eq!(of_baseline(&documents, &Configuration::default(), &text), expected);
    let workspace = workspace(&documents, Some(&text));
    let findings = check(&workspace, &Configuration::default());
    assert_eq!(open(&findings), [""; 0], "the valid line still applies");
}

#[test]
fn read_errors_are_never_accepted() {
    let documents = example("max_attempts = 3", "max_attempts = 0");
    let workspace = workspace(&documents, Some(""));
    let findings = check(&workspace, &Configuration::default());
    let error = &findings.open[0];
    assert_eq!(
        (error.rule.name, finding_identities(&workspace, error)),
        ("out-of-range", Vec::new())
    );
}

#[test]
fn line_of_evidence_rule_is_unused_if_project_requires_benchmarks() {
    let documents = example("max_attempts = 3", "max_attempts = 3");
    let line = "finding|v1|rule=sample-missing|budget=heavy_data|scope=all|driver=removed";
    let unused = "driverc-baseline.txt:1:1 info baseline-unused: no finding matches this line\n";
    assert_eq!(of_baseline(&documents, &configuration(), line), unused);
    assert_eq!(of_baseline(&documents, &Configuration::default(), line), "");
}
