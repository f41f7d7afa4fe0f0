//! Drivers that take keys from a template.

mod changes;
mod commands;
mod fixes;
mod laws;
mod names;
mod reports;

use std::collections::BTreeSet;

use driverc::{
    DriverCapability,
    configuration::Configuration,
    document,
    finding::{ContractPath, DeclarationId, Safety},
    fix,
    lint::{self, CheckContext, Findings},
    model::{Date, DriverName, Field, TemplateName},
    source::{Location, Source},
    workspace::Workspace,
};

use crate::common::strategies::vocabulary;

const TEMPLATE: &str = r#"[template.sqlx_pg]
class = "relational_adapter"
provider_module = "sqlx::{driver}"
max_in_flight = 20
max_queue_depth = 200
capabilities = ["non_blocking_execute", "bounded_concurrency", "timeout_telemetry", "retry_telemetry", "batch_read"]
support_tier = "tier2"
tuning_guide = ""

[template.sqlx_pg.timeout_policy]
connect_ms = 900
request_ms = 5000
idle_ms = 600000

[template.sqlx_pg.retry_policy]
max_attempts = 12
base_backoff_ms = 50
max_backoff_ms = 1000
jitter_percent = 100

[template.sqlx_pg.telemetry]
timeout_metric = "{driver}_client_timeouts_total"
retry_metric = "{driver}_client_retries_total"
latency_metric = "{driver}_client_operation_duration_seconds"
in_flight_metric = "{driver}_client_in_flight_requests"
"#;

const DRIVERS: &str = r#"[driver.flags_db]
like = "sqlx_pg"

[driver.orders_db]
like = "sqlx_pg"
max_in_flight = 30

[driver.orders_db.retry_policy]
max_attempts = 4
"#;

/// The documents of a workspace, with their names.
fn workspace(texts: &[(&str, &str)]) -> Workspace {
    let vocabulary = vocabulary();
    let read = |(name, text): &(&str, &str)| {
        (Source::new(*name, *text), document::read_with(text, &vocabulary))
    };
    let documents = texts.iter().map(read).collect();
    Workspace::with_vocabulary(documents, vocabulary.into())
}

fn fleet(template: &str, drivers: &str) -> Workspace {
    workspace(&[("drivers.toml", drivers), ("templates.toml", template)])
}

/// Drivers of the template, without keys of their own.
fn named(names: &[&str]) -> String {
    let driver = |name: &&str| format!("[driver.{name}]\nlike = \"sqlx_pg\"\n\n");
    names.iter().map(driver).collect()
}

fn check(workspace: &Workspace) -> Findings {
    let vocabulary = vocabulary().into();
    let configuration = Configuration { vocabulary, ..Configuration::default() };
    let today = Date::new(2026, 11, 29).unwrap();
    let context = CheckContext { configuration: &configuration, guides: None, today };
    lint::check(workspace, &context, str::to_owned)
}

/// The file, line and text of a location.
fn shown(workspace: &Workspace, place: Location) -> String {
    let source = workspace.sources().source(place.source);
    let text = &source.text().unwrap()[place.span.range()];
    format!("{}:{}:{text}", source.name(), source.lines().position(place.span.start).line)
}

/// The rule, location and related locations of each open finding of a rule.
fn places(workspace: &Workspace, rule: &str) -> Vec<(String, Vec<String>)> {
    let findings = check(workspace).open.into_iter().filter(|finding| finding.rule.name == rule);
    let related = |finding: &driverc::Finding<Location>| {
        finding.related.iter().map(|related| shown(workspace, related.place)).collect()
    };
    findings.map(|finding| (shown(workspace, finding.place), related(&finding))).collect()
}

fn name(name: &str) -> DriverName {
    DriverName::new(name).unwrap()
}

#[test]
fn driver_keys_override_template_and_missing_keys_are_inherited() {
    let workspace = fleet(TEMPLATE, DRIVERS);
    assert_eq!(workspace.findings(), []);
    let [flags, orders] = ["flags_db", "orders_db"].map(|it| workspace.driver(it).unwrap());
    let numbers = |it: &driverc::DriverContract| {
        (
            it.max_in_flight.get(),
            it.retry_policy.max_attempts.get(),
            it.timeout_policy.idle_ms.get(),
        )
    };
    assert_eq!(numbers(flags), (20, 12, 600_000));
    assert_eq!(numbers(orders), (30, 4, 600_000));
    assert_eq!(flags.provider_module.as_str(), "sqlx::flags_db");
    assert_eq!(orders.telemetry.retry_metric.as_str(), "orders_db_client_retries_total");
    assert_eq!(flags.capabilities, orders.capabilities);
}

#[test]
fn array_in_driver_replaces_array_in_template() {
    let drivers = "[driver.a]\nlike = \"sqlx_pg\"\ncapabilities = [\"batch_read\"]\n";
    let workspace = fleet(TEMPLATE, drivers);
    let capabilities = workspace.driver("a").unwrap().capabilities.iter();
    assert_eq!(capabilities.collect::<Vec<_>>(), [DriverCapability::BatchRead]);
}

#[test]
fn finding_points_to_key_that_sets_value() {
    let workspace = fleet(TEMPLATE, DRIVERS);
    let like = |line| vec![format!("drivers.toml:{line}:\"sqlx_pg\"")];
    assert_eq!(
        places(&workspace, "retry-attempts-high"),
        [("drivers.toml:9:4".to_owned(), vec![]), ("templates.toml:16:12".to_owned(), like(2)),]
    );
    let connect = "templates.toml:11:900".to_owned();
    assert_eq!(
        places(&workspace, "timeout-connect-below-syn-retry"),
        [(connect.clone(), like(2)), (connect, like(5))]
    );
}

#[test]
fn origin_names_overridden_template_and_declaration_that_sets_value() {
    let workspace = fleet(TEMPLATE, DRIVERS);
    let template = |field| DeclarationId::Template(TemplateName::new("sqlx_pg").unwrap()).at(field);
    let driver = |field| DeclarationId::Driver(name("orders_db")).at(field);
    let origin = |field| workspace.origin("orders_db", field).unwrap();
    let own = origin(Field::MaxInFlight);
    assert_eq!(own.set_by, driver(Field::MaxInFlight));
    assert_eq!((own.overrides, own.like), (Some(template(Field::MaxInFlight)), None));
    let inherited = origin(Field::IdleMs);
    assert_eq!(inherited.set_by, template(Field::IdleMs));
    assert_eq!((inherited.overrides, inherited.like), (None, Some(driver(Field::Like))));
    assert_eq!(workspace.origin("orders_db", Field::DeadlineMs), None);
    assert_eq!(workspace.origin("users_db", Field::IdleMs), None);
    let text = |place: ContractPath| shown(&workspace, workspace.locate_places([place])[0]);
    assert_eq!(text(own.set_by), "drivers.toml:6:30");
    assert_eq!(text(inherited.set_by), "templates.toml:13:600000");
}

#[test]
fn values_of_driver_without_template_originate_in_driver() {
    let workspace = workspace(&[("a.toml", include_str!("../../contracts/postgres.toml"))]);
    let origin = workspace.origin("postgres_async", Field::IdleMs).unwrap();
    assert_eq!(origin.set_by, DeclarationId::Driver(name("postgres_async")).at(Field::IdleMs));
    assert_eq!((origin.overrides, origin.like), (None, None));
    assert_eq!(workspace.origin("postgres_async", Field::DeadlineMs), None);
}

/// The texts after all fixes.
fn fixed(workspace: Workspace) -> (usize, Vec<String>) {
    let check = |workspace: &Workspace| check(workspace).open;
    let fixed = fix::fix(workspace, Safety::Unsafe, check, |_| true);
    let texts = fixed.workspace.sources().iter();
    (fixed.applied, texts.map(|(_, source)| source.text().unwrap().to_owned()).collect())
}

#[test]
fn fix_adds_key_to_driver_and_leaves_template_unchanged() {
    let drivers = "[driver.flags_db]\nlike = \"sqlx_pg\" # for all\n\n[driver.orders_db]\nlike = \"sqlx_pg\"\n\n[driver.orders_db.timeout_policy]\nidle_ms = 500000\n";
    let (applied, texts) = fixed(fleet(TEMPLATE, drivers));
    assert_eq!(applied, 2);
    let expected = "[driver.flags_db]\nlike = \"sqlx_pg\" # for all\ntimeout_policy.connect_ms = 1100\n\n[driver.orders_db]\nlike = \"sqlx_pg\"\n\n[driver.orders_db.timeout_policy]\nidle_ms = 500000\nconnect_ms = 1100\n";
    assert_eq!(texts, [expected, TEMPLATE]);
}

#[test]
fn fix_with_two_keys_adds_both_keys() {
    let template = TEMPLATE.replace("connect_ms = 900", "connect_ms = 3100").replace(
        "base_backoff_ms = 50\nmax_backoff_ms = 1000",
        "base_backoff_ms = 0\nmax_backoff_ms = 0",
    );
    let (applied, texts) = fixed(fleet(&template, "[driver.a]\nlike = \"sqlx_pg\"\n"));
    assert_eq!(applied, 1);
    let lines: BTreeSet<&str> = texts[0].lines().skip(2).collect();
    let keys = lines.iter().map(|line| line.split_once(" = ").unwrap().0);
    assert_eq!(
        keys.collect::<Vec<_>>(),
        ["retry_policy.base_backoff_ms", "retry_policy.max_backoff_ms"]
    );
    assert_eq!(texts[1], template);
}

#[test]
fn fix_removes_unused_template_with_its_tables() {
    let unused = TEMPLATE.replace("sqlx_pg", "old_pg");
    let drivers = format!("{unused}\n{DRIVERS}");
    let template = TEMPLATE.replace("connect_ms = 900", "connect_ms = 3100");
    let (applied, texts) = fixed(fleet(&template, &drivers));
    assert_eq!(applied, 1);
    assert_eq!(texts, [DRIVERS, &template]);
}

fn suppressed(template: &str, drivers: &str) -> (Vec<&'static str>, Vec<Option<DriverName>>) {
    let Findings { open, accepted } = check(&fleet(template, drivers));
    let about = ["retry-attempts-high", "suppression-unused"];
    let open = open.iter().map(|finding| finding.rule.name).filter(|rule| about.contains(rule));
    let accepted = accepted.into_iter().map(|accepted| accepted.finding.inherited_by);
    (open.collect(), accepted.collect())
}

#[test]
fn comment_in_template_suppresses_findings_of_all_its_drivers() {
    let comment = "max_attempts = 12 # driverc: ignore[retry-attempts-high] the pool waits";
    let template = TEMPLATE.replace("max_attempts = 12", comment);
    let users = format!("{DRIVERS}\n[driver.users_db]\nlike = \"sqlx_pg\"\n");
    let by = ["flags_db", "users_db"].map(|it| Some(name(it))).to_vec();
    assert_eq!(suppressed(&template, &users), (vec!["retry-attempts-high"], by));
}

#[test]
fn comment_in_template_that_no_driver_needs_is_reported_as_unused() {
    let comment = "max_attempts = 12 # driverc: ignore[retry-attempts-high] the pool waits";
    let template = TEMPLATE.replace("max_attempts = 12", comment);
    let own = &DRIVERS[DRIVERS.find("[driver.orders_db]").unwrap()..];
    let expected = (vec!["retry-attempts-high", "suppression-unused"], vec![]);
    assert_eq!(suppressed(&template, own), expected);
}

#[test]
fn comment_at_like_suppresses_only_findings_of_its_driver() {
    let comment = "like = \"sqlx_pg\" # driverc: ignore[retry-attempts-high] its queue is short";
    let drivers = DRIVERS.replacen("like = \"sqlx_pg\"", comment, 1);
    let users = format!("{drivers}\n[driver.users_db]\nlike = \"sqlx_pg\"\n");
    let open = vec!["retry-attempts-high"; 2];
    assert_eq!(suppressed(TEMPLATE, &users), (open, vec![Some(name("flags_db"))]));
}

#[test]
fn waiver_can_cover_one_driver_of_template() {
    let waiver = "\n[[waiver]]\nrule = \"timeout-connect-below-syn-retry\"\ndriver = \"flags_db\"\nreason = \"a\"\nowner = \"b\"\nexpires = 2027-03-31\n";
    let findings = check(&fleet(TEMPLATE, &format!("{DRIVERS}{waiver}")));
    let about = |rule: &str| rule == "timeout-connect-below-syn-retry";
    let accepted = findings.accepted.iter().filter(|it| about(it.finding.rule.name));
    let accepted: Vec<_> = accepted.map(|it| it.finding.inherited_by.clone()).collect();
    let open = findings.open.iter().filter(|finding| about(finding.rule.name));
    let open: Vec<_> = open.map(|finding| finding.inherited_by.clone()).collect();
    assert_eq!((accepted, open), (vec![Some(name("flags_db"))], vec![Some(name("orders_db"))]));
}

#[test]
fn first_of_duplicate_drivers_applies_if_one_has_template() {
    let full = include_str!("../../contracts/postgres.toml");
    let like = "[driver.postgres_async]\nlike = \"sqlx_pg\"\n";
    for (first, second, slots) in [(full, like, 20), (like, full, 7)] {
        let template = TEMPLATE.replace("max_in_flight = 20", "max_in_flight = 7");
        let texts = [("a.toml", first), ("b.toml", second), ("t.toml", &template)];
        let workspace = workspace(&texts);
        let rules: Vec<_> = workspace.findings().iter().map(|it| it.rule.name).collect();
        assert_eq!(rules, ["duplicate-declaration"]);
        assert_eq!(workspace.driver("postgres_async").unwrap().max_in_flight.get(), slots);
    }
}

#[test]
fn template_in_invalid_toml_is_not_reported_as_unknown() {
    let broken = format!("{TEMPLATE}\n[broken\n");
    let rules = |template: &str| -> Vec<&str> {
        let workspace = fleet(template, DRIVERS);
        workspace.findings().iter().map(|finding| finding.rule.name).collect()
    };
    assert_eq!(rules(&broken), ["syntax"]);
    assert_eq!(rules("[template]\nmax_in_flight = 1\n"), ["missing-key"]);
    assert_eq!(rules(""), ["unknown-template"; 2]);
}

#[test]
fn template_that_invalid_toml_might_use_is_not_reported_as_unused() {
    let rules = |drivers: &str| -> Vec<&str> {
        check(&fleet(TEMPLATE, drivers)).open.iter().map(|finding| finding.rule.name).collect()
    };
    assert_eq!(rules("[driver.a]\nlike = \"sqlx_pg\"\n[broken\n"), ["syntax"]);
    assert_eq!(rules(""), ["template-unused"]);
}

#[test]
fn misplaced_key_of_driver_is_not_replaced_by_template_value() {
    let drivers = "[driver.a]\nlike = \"sqlx_pg\"\nconnect_ms = 3100\n";
    let findings = check(&fleet(TEMPLATE, drivers)).open;
    let rules: Vec<_> = findings.iter().map(|finding| finding.rule.name).collect();
    assert!(rules.contains(&"unknown-key"), "{rules:?}");
    assert!(!rules.contains(&"timeout-connect-below-syn-retry"), "{rules:?}");
}
