//! Comments that suppress findings.

use driverc::{
    finding::Safety,
    fix::fix,
    workspace::{Configuration, Workspace},
};

use super::{
    NONE, RULE, TODAY, check_on, configured, reported, reported_in, with_attempts, workspace,
};

const OPEN: &str = "warn retry-attempts-high: 4";
const ACCEPTED: &str = "retry-attempts-high comment: why";

#[test]
fn comment_on_or_above_line_suppresses_finding() {
    for line in [
        "max_attempts = 4 # driverc: ignore[retry-attempts-high] why",
        "max_attempts = 4 #driverc:ignore[retry-attempts-high]: why",
        "# driverc: ignore[retry-attempts-high] why\nmax_attempts = 4",
        "# driverc: ignore[retry-attempts-high] why\n\n# more of it\n\nmax_attempts = 4",
        "## driverc: ignore[ retry-attempts-high ] — why\nmax_attempts = 4 # three and one",
    ] {
        assert_eq!(reported_in(&with_attempts(line)), (vec![], vec![ACCEPTED.into()]), "{line}");
    }
    assert_eq!(reported_in(&with_attempts("max_attempts = 4")), (vec![OPEN.into()], vec![]));
}

#[test]
fn comment_works_with_crlf_and_byte_order_mark() {
    let text = with_attempts("# driverc: ignore[retry-attempts-high] why\nmax_attempts = 4");
    for text in [text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
        assert_eq!(reported_in(&text), (vec![], vec![ACCEPTED.into()]));
    }
    let first = "# driverc: ignore[budget-throughput-zero] why\n\
                 budget.heavy_data.driver.example.min_throughput_ops_per_sec = 0\n";
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}{first}");
        let documents = [("a.toml", &text[..]), ("b.toml", super::BASE)];
        let (open, accepted) = reported(&documents, &Configuration::default(), TODAY);
        assert_eq!(open, NONE);
        assert_eq!(accepted, ["budget-throughput-zero comment: why"]);
    }
}

#[test]
fn comment_above_header_suppresses_finding_at_header() {
    let (driver, budgets) = super::BASE.split_once("[budget.heavy_data]").unwrap();
    let other = driver.replace("example", "exam_ple").replace("sqlx::postgres", "sqlx::other");
    let said_with = |header: &str| {
        let text = driver.replace("[driver.example]\n", &format!("{header}\n"));
        let text = format!("{text}[budget.heavy_data]{budgets}");
        reported(&[("a.toml", &text), ("b.toml", &other)], &Configuration::default(), TODAY)
    };
    let (open, _) = said_with("[driver.example]");
    assert_eq!(open, ["error name-duplicate: [driver.example]"]);
    let comment = "# driverc: ignore[name-duplicate] why";
    for header in [format!("{comment}\n[driver.example]"), format!("[driver.example] {comment}")] {
        let accepted = "name-duplicate comment: why".to_owned();
        assert_eq!(said_with(&header), (vec![], vec![accepted]));
    }
}

#[test]
fn comment_above_header_does_not_cover_table_contents() {
    let comment = "# driverc: ignore[retry-attempts-high] why\n[driver.example.retry_policy]";
    let text = with_attempts("max_attempts = 4").replace("[driver.example.retry_policy]", comment);
    let unused = "warn suppression-unused: retry-attempts-high".to_owned();
    assert_eq!(reported_in(&text), (vec![unused, OPEN.into()], vec![]));
}

#[test]
fn comment_next_to_or_inside_array_suppresses_finding_of_array() {
    let rule = "capability-required-missing";
    let comment = format!("# driverc: ignore[{rule}] why");
    let array = |before: &str, first: &str, item: &str, last: &str| {
        let text =
            super::BASE.replace("capabilities = [", &format!("{before}capabilities = [{first}"));
        let text = text.replace("  \"retry_telemetry\",\n", &format!("{item}\n"));
        text.replace("\n]\n", &format!("\n]{last}\n"))
    };
    let (open, _) = reported_in(&array("", "", "", ""));
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0].starts_with(&format!("error {rule}: [")), "{open:?}");
    let spaced = format!(" {comment}");
    for text in [
        array(&format!("{comment}\n"), "", "", ""),
        array("", &spaced, "", ""),
        array("", "", &spaced, ""),
        array("", "", "", &spaced),
    ] {
        assert_eq!(reported_in(&text), (vec![], vec![format!("{rule} comment: why")]), "{text}");
    }
}

#[test]
fn unused_name_in_comment_is_reported() {
    let two = "# driverc: ignore[retry-attempts-high, retry-no-jitter] why\nmax_attempts = 4";
    let unused = "warn suppression-unused: retry-no-jitter".to_owned();
    assert_eq!(reported_in(&with_attempts(two)), (vec![unused], vec![ACCEPTED.into()]));
    let twice = "max_attempts = 4 # driverc: ignore[retry-attempts-high, retry-attempts-high] why";
    let unused = "warn suppression-unused: retry-attempts-high".to_owned();
    assert_eq!(reported_in(&with_attempts(twice)), (vec![unused], vec![ACCEPTED.into()]));
}

#[test]
fn first_of_two_comments_suppresses_finding() {
    let two = "# driverc: ignore[retry-attempts-high] why\n\
               max_attempts = 4 # driverc: ignore[retry-attempts-high] because";
    let unused = "warn suppression-unused: retry-attempts-high".to_owned();
    assert_eq!(reported_in(&with_attempts(two)), (vec![unused], vec![ACCEPTED.into()]));
}

#[test]
fn comment_without_reason_suppresses_and_is_reported() {
    let (open, accepted) =
        reported_in(&with_attempts("max_attempts = 4 # driverc: ignore[retry-attempts-high]"));
    let comment = "# driverc: ignore[retry-attempts-high]";
    assert_eq!(open, [format!("warn suppression-without-reason: {comment}")]);
    assert_eq!(accepted, ["retry-attempts-high comment: "]);
}

#[test]
fn unused_comment_without_reason_is_reported_once() {
    let (open, _) =
        reported_in(&with_attempts("# driverc: ignore[retry-attempts-high]\nmax_attempts = 3"));
    assert_eq!(open, ["warn suppression-unused: retry-attempts-high"]);
}

#[test]
fn comment_with_unknown_or_unsuppressible_rule_is_reported() {
    for (names, place) in [
        ("retry-attempts-hihg", "retry-attempts-hihg"),
        ("unknown-key", "unknown-key"),
        ("suppression-unused", "suppression-unused"),
    ] {
        let line = format!("max_attempts = 3 # driverc: ignore[{names}] why");
        let expected = format!("warn suppression-unknown-rule: {place}");
        assert_eq!(reported_in(&with_attempts(&line)), (vec![expected], vec![]));
    }
    let (open, _) = reported_in(&with_attempts("max_attempts = 3 # driverc: ignore retry"));
    assert_eq!(open, ["warn suppression-malformed: # driverc: ignore retry"]);
}

#[test]
fn misspelt_rule_in_comment_is_reported_with_suggestion() {
    let text = with_attempts("max_attempts = 3 # driverc: ignore[retry-attempts-hihg] why");
    let findings = check_on(&workspace(&[("a.toml", &text)]), &Configuration::default(), TODAY);
    assert_eq!(findings.open[0].help.as_deref(), Some("did you mean `retry-attempts-high`?"));
}

#[test]
fn comment_for_disabled_rule_is_not_unused() {
    let text = with_attempts("max_attempts = 4 # driverc: ignore[retry-attempts-high] why");
    let off = format!("[rules]\n{RULE} = \"off\"");
    assert_eq!(reported(&[("a.toml", &text)], &configured(&off), TODAY), (vec![], vec![]));
    let off = format!("[per-file-rules.\"a.*\"]\n{RULE} = \"off\"");
    assert_eq!(reported(&[("a.toml", &text)], &configured(&off), TODAY), (vec![], vec![]));
}

#[test]
fn read_errors_are_still_reported_and_unused_comments_are_not() {
    let broken =
        with_attempts("max_atempts = 3 # driverc: ignore[unknown-key, retry-no-jitter] why");
    let (open, accepted) = reported_in(&broken);
    assert_eq!(
        open,
        ["error unknown-key: max_atempts", "warn suppression-unknown-rule: unknown-key"]
    );
    assert_eq!(accepted, NONE);
    let unused = with_attempts("max_attempts = 3 # driverc: ignore[retry-attempts-high] why");
    let documents = [("a.toml", &unused[..]), ("b.toml", "[budget.heavy_data\n")];
    let (open, _) = reported(&documents, &Configuration::default(), TODAY);
    assert!(open.iter().all(|finding| finding.starts_with("error syntax")), "{open:?}");
}

#[test]
fn comments_in_invalid_toml_are_not_reported() {
    let broken = with_attempts("max_attempts = # driverc: ignore[retry-no-jitter, no-rule]");
    let (open, accepted) = reported_in(&broken);
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0].starts_with("error syntax"), "{open:?}");
    assert_eq!(accepted, NONE);
}

#[test]
fn comment_in_other_file_suppresses_no_finding() {
    let comment = "# driverc: ignore[retry-attempts-high] why\n";
    let text = with_attempts("max_attempts = 4");
    let documents = [("a.toml", comment), ("b.toml", &text)];
    let unused = "warn suppression-unused: retry-attempts-high".to_owned();
    let expected = (vec![unused, OPEN.into()], vec![]);
    assert_eq!(reported(&documents, &Configuration::default(), TODAY), expected);
}

/// Pairs of a line with a comment and the fixed line. `R` is a rule with a finding, and `N` one
/// without.
const FIXED: [(&str, &str); 6] = [
    ("max_attempts = 3 # driverc: ignore[N] why", "max_attempts = 3"),
    ("# driverc: ignore[N, N] why\nmax_attempts = 3", "max_attempts = 3"),
    ("max_attempts = 4 # driverc: ignore[R, N] why", "max_attempts = 4 # driverc: ignore[R] why"),
    ("max_attempts = 4 # driverc: ignore[N, R] why", "max_attempts = 4 # driverc: ignore[R] why"),
    ("max_attempts = 4 # driverc: ignore[N,R , N]", "max_attempts = 4 # driverc: ignore[R]"),
    ("max_attempts = 4 # driverc: ignore[N,N,R]", "max_attempts = 4 # driverc: ignore[R]"),
];

#[test]
fn fix_removes_only_unused_names_from_comment() {
    let check = |workspace: &Workspace| check_on(workspace, &Configuration::default(), TODAY).open;
    for ((line, expected), end) in FIXED.iter().flat_map(|pair| [(pair, "\n"), (pair, "\r\n")]) {
        let names = |line: &str| line.replace('N', "retry-no-jitter").replace('R', RULE);
        let text = |line: &str| with_attempts(&names(line)).replace('\n', end);
        let fixed = fix(workspace(&[("a.toml", &text(line))]), Safety::Safe, check, |_| true);
        let sources = fixed.workspace.sources();
        let fixed: String = sources.iter().map(|(_, source)| source.text().unwrap()).collect();
        assert_eq!(fixed, text(expected), "{line}");
    }
}

#[test]
fn directive_after_other_comment_text_suppresses_finding() {
    for line in [
        "max_attempts = 4 # see wiki # driverc: ignore[retry-attempts-high] why",
        "# pragma: x; driverc: ignore[retry-attempts-high] why\nmax_attempts = 4",
    ] {
        assert_eq!(reported_in(&with_attempts(line)), (vec![], vec![ACCEPTED.into()]), "{line}");
    }
}

#[test]
fn unused_comment_help_names_line_of_nearby_finding() {
    let comment = "# driverc: ignore[retry-attempts-high] why";
    let text = with_attempts("max_attempts = 4");
    let header = "[driver.example.retry_policy]";
    let (above, below) = text.split_once(header).expect("a header");
    let moved = format!("{above}{comment}\n{header}{below}");
    let line = moved.lines().position(|line| line == "max_attempts = 4").unwrap() + 1;
    let findings =
        check_on(&workspace(&[("a.toml", &moved)]), &Configuration::default(), TODAY).open;
    let unused = findings.iter().find(|finding| finding.rule.name == "suppression-unused").unwrap();
    let expected = format!("move the comment to the end of line {line}");
    assert_eq!((unused.help.as_deref(), unused.fix.is_none()), (Some(expected.as_str()), true));
    let elsewhere = moved.replace("max_attempts = 4", "max_attempts = 2");
    let findings =
        check_on(&workspace(&[("a.toml", &elsewhere)]), &Configuration::default(), TODAY).open;
    let unused = findings.iter().find(|finding| finding.rule.name == "suppression-unused").unwrap();
    assert_eq!((unused.help.as_deref(), unused.fix.is_some()), (Some("remove the comment"), true));
}
