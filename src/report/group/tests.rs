//! Tests which findings share an excerpt.

use super::{DriverIndex, grouped};
use crate::{
    finding::Finding,
    model::Name,
    report::samples::{ExampleReport, RETRY_ATTEMPTS_HIGH, UNKNOWN_KEY},
    source::Location,
};

const NAMES: [&str; 6] = ["orders", "cart", "mail", "stock", "audit", "search"];

/// A report with one file per driver, and a finding in each.
fn example(
    names: &[&str],
    finding: impl Fn(Location, &str) -> Finding<Location>,
) -> (ExampleReport, Vec<Finding<Location>>) {
    let mut sample = ExampleReport::new();
    let found = |name: &&str| {
        let id = sample.file(&format!("{name}.toml"), format!("[driver.{name}]\nclass = 1\n"));
        finding(sample.find(id, "1"), name)
    };
    let findings = names.iter().map(found).collect();
    (sample, findings)
}

/// Returns the text of the first finding of each group, with the other drivers.
fn texts(sample: &ExampleReport, findings: &[Finding<Location>]) -> Vec<(String, Vec<String>)> {
    let groups = grouped(findings, &sample.sources).into_iter();
    let others = |others: Vec<_>| others.iter().map(ToString::to_string).collect();
    groups.map(|group| (group.finding.message.clone(), others(group.others))).collect()
}

fn named(place: Location, name: &str) -> Finding<Location> {
    UNKNOWN_KEY
        .finding(place, format!("the counter `{name}_client_total` of a client"))
        .label(format!("of {name}"))
        .help(format!("name it `{name}`"))
}

#[test]
fn findings_of_five_drivers_form_group() {
    let (sample, findings) = example(&NAMES[..5], named);
    let message = findings[0].message.clone();
    let others = ["cart", "mail", "stock", "audit"].map(str::to_owned).into();
    assert_eq!(texts(&sample, &findings), [(message, others)]);
}

#[test]
fn driver_whose_name_is_word_of_message_joins_group() {
    let (sample, findings) =
        example(&["client", "orders", "cart", "mail", "stock", "audit"], named);
    let texts = texts(&sample, &findings);
    let others = ["orders", "cart", "mail", "stock", "audit"].map(str::to_owned).into();
    assert_eq!(texts, [("the counter `client_client_total` of a client".to_owned(), others)]);
}

#[test]
fn findings_of_four_drivers_are_printed_one_by_one() {
    let (sample, findings) = example(&NAMES[..4], named);
    let texts = texts(&sample, &findings);
    assert_eq!(texts.len(), 4);
    assert!(texts.iter().all(|(_, others)| others.is_empty()));
}

#[test]
fn findings_with_other_level_owner_help_or_value_are_not_in_group() {
    let changes: [fn(&mut Finding<Location>); 5] = [
        |it| it.level = RETRY_ATTEMPTS_HIGH.level,
        |it| it.owner = Some(Name::new("team").unwrap()),
        |it| it.help = Some("name it differently".to_owned()),
        |it| it.label = None,
        |it| it.message.push_str(" 5"),
    ];
    for change in changes {
        let (sample, mut findings) = example(&NAMES, named);
        change(&mut findings[5]);
        let counts: Vec<_> =
            texts(&sample, &findings).into_iter().map(|(_, others)| others.len()).collect();
        assert_eq!(counts, [4, 0]);
    }
}

#[test]
fn second_equal_finding_of_driver_belongs_to_second_group() {
    let (sample, findings) = example(&NAMES, named);
    let twice: Vec<_> = findings.iter().flat_map(|it| [it.clone(), it.clone()]).collect();
    let counts: Vec<_> =
        texts(&sample, &twice).into_iter().map(|(_, others)| others.len()).collect();
    assert_eq!(counts, [5, 5]);
}

#[test]
fn findings_outside_drivers_are_printed_one_by_one() {
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", "[budget.heavy_data]\nmax_retry_rate_bps = 1\n");
    let findings = vec![UNKNOWN_KEY.finding(sample.find(id, "1"), "equal"); 9];
    assert_eq!(grouped(&findings, &sample.sources).len(), 9);
}

#[test]
fn driver_is_found_in_each_form_of_table() {
    let text = "\
other = 0
driver.dotted.class = 1
[driver.inline]
retry_policy = { max_attempts = 2 }
[driver.nested.telemetry]
retry_metric = 3
[budget.heavy_data]
max_retry_rate_bps = 4
[budget.heavy_data.driver.scoped]
max_retry_rate_bps = 5
[[benchmark]]
driver = \"measured\"
attempts = 6
[driver.\"not a name\"]
class = 7
";
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", text);
    let driver = |text: &str| {
        let place = sample.find(id, text);
        let drivers = DriverIndex::of([place].into_iter(), &sample.sources);
        drivers.driver_at(place).map(ToString::to_string)
    };
    let expected = [
        ("0", None),
        ("1", Some("dotted")),
        ("[driver.inline]", Some("inline")),
        ("inline", Some("inline")),
        ("2", Some("inline")),
        ("[driver.nested", Some("nested")),
        ("3", Some("nested")),
        ("[budget.heavy_data]", None),
        ("4", None),
        ("5", Some("scoped")),
        ("measured", Some("measured")),
        ("6", Some("measured")),
        ("7", None),
    ];
    for (text, name) in expected {
        assert_eq!(driver(text).as_deref(), name, "{text}");
    }
}
