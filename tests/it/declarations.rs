//! Declarations with errors still count as declared, so that one mistake gives one finding.

use driverc::{
    document::{self, BenchmarkDeclaration, WaiverDeclaration, read},
    model::MaxFileBytes,
    source::Source,
    workspace::Workspace,
};

const DRIVER: &str = include_str!("../../contracts/postgres.toml");

/// Joins documents named `a.toml`, `b.toml` and so on.
fn workspace<'t>(texts: impl IntoIterator<Item = &'t str>) -> Workspace {
    let named = texts.into_iter().zip('a'..);
    let documents =
        named.map(|(text, name)| (Source::new(format!("{name}.toml"), text), read(text)));
    Workspace::new(documents.collect())
}

/// Returns the rule and the line of each finding.
fn found(workspace: &Workspace) -> Vec<(&'static str, String)> {
    let place = |finding: &driverc::Finding<driverc::source::Location>| {
        let source = workspace.sources().source(finding.place.source);
        let line = source.lines().position(finding.place.span.start).line;
        (finding.rule.name, format!("{}:{line}", source.name()))
    };
    workspace.findings().iter().map(place).collect()
}

fn at(rule: &'static str, place: &str) -> (&'static str, String) {
    (rule, place.to_owned())
}

/// The first of these texts is invalid TOML in line 2.
#[test]
fn driver_in_invalid_toml_is_still_declared() {
    let broken = "[driver.postgres_async]\nclass =\n[driver.postgres_async]\n";
    let syntax = at("syntax", "a.toml:2");
    let twice = at("duplicate-declaration", "b.toml:5");
    assert!(DRIVER.lines().nth(4).unwrap().starts_with("[driver.postgres_async]"));
    assert_eq!(found(&workspace([broken, DRIVER])), [syntax.clone(), twice]);
    let no_driver = "driver.postgres_async = 5\nclass =\n[budget.postgres_async]\n";
    assert_eq!(found(&workspace([no_driver, DRIVER])), [syntax]);
}

/// An unreadable limit is not also reported as missing.
#[test]
fn unreadable_limit_is_reported_once() {
    let limits = [
        "max_p95_latency_ms",
        "max_timeout_rate_bps",
        "max_retry_rate_bps",
        "min_throughput_ops_per_sec",
    ];
    for wrong in limits {
        let set = limits.map(|limit| if limit == wrong { "\"none\"" } else { "10" });
        let lines = limits.iter().zip(set).map(|(limit, value)| format!("{limit} = {value}\n"));
        let budget = format!("[budget.heavy_data]\n{}", lines.collect::<String>());
        let line = budget.lines().position(|line| line.contains("none")).unwrap() + 1;
        let expected = at("wrong-type", &format!("a.toml:{line}"));
        assert_eq!(found(&workspace([&budget[..], DRIVER])), [expected], "{wrong}");
        let left_out = budget.replace(&format!("{wrong} = \"none\""), "");
        let [(rule, _)] = &found(&workspace([&left_out[..], DRIVER]))[..] else {
            panic!("{wrong}")
        };
        assert_eq!(*rule, "budget-incomplete");
    }
}

/// Without `driver`, a waiver covers all drivers, so a misspelt key must not widen it.
#[test]
fn benchmark_or_waiver_with_misspelt_key_is_invalid() {
    let benchmark = "[[benchmark]]\ndriver = \"a\"\nprofile = \"heavy_data\"\np50_latency_ms = 1\n\
                     p95_latency_ms = 2\ntimeout_rate_bps = 0\nretry_rate_bps = 0\n\
                     throughput_ops_per_sec = 1\n";
    let of = |text: &str| read(text).declarations.into_others().unwrap().benchmarks;
    assert!(matches!(of(benchmark)[..], [BenchmarkDeclaration::Complete(_)]));
    let [BenchmarkDeclaration::Invalid { driver: Some(driver) }] =
        &of(&format!("{benchmark}atempts = 10\n"))[..]
    else {
        panic!("the invalid benchmark has no driver")
    };
    assert_eq!(driver.as_str(), "a");

    let waiver = "[[waiver]]\nrule = \"retry-attempts-high\"\nreason = \"leader election\"\n\
                  owner = \"streaming-team\"\nexpires = 2027-03-31\n";
    let of = |text: &str| read(text).declarations.into_others().unwrap().waivers;
    assert!(matches!(of(waiver)[..], [WaiverDeclaration::Complete(_)]));
    let [WaiverDeclaration::Invalid { driver: Some(driver) }] =
        &of(&format!("{waiver}drivr = \"a\"\n"))[..]
    else {
        panic!("the invalid waiver has no driver")
    };
    assert_eq!(driver.as_str(), "a");
}

#[test]
fn driver_in_misspelt_table_is_not_reported_as_duplicate() {
    let misspelt = DRIVER.replace("[driver.", "[drivers.");
    let text = format!("{DRIVER}\n{misspelt}");
    let document = read(&text);
    assert_eq!(document.declarations.drivers.len(), 1);
    let rules: Vec<_> = document.findings.iter().map(|finding| finding.rule.name).collect();
    assert_eq!(rules, ["unknown-key"]);
    assert_eq!(
        read(&misspelt).declarations.drivers.len(),
        1,
        "without the correct table, it declares the driver"
    );
}

#[test]
fn clean_document_has_no_findings_or_suppressions() {
    assert!(read(DRIVER).is_clean());
    assert!(!read(&DRIVER.replace("class =", "clas =")).is_clean());
    let accepts = format!("{DRIVER}# driverc: ignore[queue-too-deep] load is steady\n");
    assert!(!read(&accepts).is_clean());
}

#[test]
fn size_limit_is_printed_in_largest_unit() {
    let reported = |bytes: u64| {
        let document = document::too_large(MaxFileBytes::new(bytes).unwrap());
        document.findings[0].message.clone()
    };
    for (bytes, words) in [
        (1, "1 byte"),
        (1000, "1000 bytes"),
        (1 << 10, "1 KiB"),
        (1536, "1536 bytes"),
        (3 << 20, "3 MiB"),
        (1 << 30, "1 GiB"),
    ] {
        assert_eq!(reported(bytes), format!("the file is larger than {words}"));
    }
}

/// The first declaration can have the keys that the second one lacks.
#[test]
fn missing_keys_of_duplicate_driver_are_not_reported() {
    let again =
        format!("{DRIVER}\n[driver.postgres_async]\n[driver.postgres_async.retry_policy]\n");
    let rules: Vec<_> = read(&again).findings.iter().map(|finding| finding.rule.name).collect();
    assert_eq!(rules, ["duplicate-declaration"]);
}

#[test]
fn too_few_and_too_many_seeds_have_different_messages() {
    let reported = |number: u64| {
        let seeds: Vec<_> = (1..=number).map(|seed| seed.to_string()).collect();
        let text = format!("[workload.heavy_data]\nseeds = [{}]\n", seeds.join(", "));
        let finding = |finding: &driverc::Finding<_>| {
            (finding.message.clone(), finding.help.clone().unwrap_or_default())
        };
        read(&text).findings.iter().map(finding).collect::<Vec<_>>()
    };
    let outside = |number| format!("`seeds` has {number} numbers, outside 1 to 100");
    assert_eq!(reported(100), []);
    assert_eq!(reported(101), [(outside(101), "write at most 100".to_owned())]);
    let help = "write an array of distinct integers, such as `[1, 2, 3, 4, 5]`";
    assert_eq!(reported(0), [(outside(0), help.to_owned())]);
}

/// Moving a declaration to another file does not change which driver the message names.
#[test]
fn message_names_alphabetically_first_affected_driver() {
    let of = |name: &str| DRIVER.replace("postgres_async", name);
    let lacking = "[budget.heavy_data]\nmax_p95_latency_ms = 10\n\
                   [workload.heavy_data]\nduration_ms = 1000\n";
    for names in [["alpha", "beta"], ["beta", "alpha"]] {
        let [first, second] = names.map(of);
        let workspace = workspace([&first[..], &second[..], lacking]);
        let reported = workspace.findings().iter();
        let reported: Vec<_> =
            reported.map(|finding| (finding.rule.name, &finding.message[..])).collect();
        let [("budget-incomplete", budget), ("workload-incomplete", workload)] = reported[..]
        else {
            panic!("{reported:?}")
        };
        assert!(budget.starts_with("the budget of `alpha` for"), "{budget}");
        assert!(workload.starts_with("the workload of `alpha` for"), "{workload}");
    }
}
