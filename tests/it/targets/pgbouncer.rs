//! The traps that real configurations of PgBouncer fall into.

use driverc::{
    builtin::postgres_async_driver,
    model::{DriverContract, Field, QueueMs, RequestMs},
    targets::{Adoption, Drift, TargetOptions, Version, emit, find, verify},
};

use super::adopted;

fn options() -> TargetOptions {
    TargetOptions::of(find("pgbouncer").unwrap())
}

fn contract() -> DriverContract {
    postgres_async_driver()
}

/// Returns the drifts of an emitted file with this text at its end.
fn drifts(text: &str) -> Vec<Drift> {
    let full = emit(&contract(), options()).text + text;
    verify(&contract(), options(), &full).drifts
}

fn rules(text: &str) -> Vec<&'static str> {
    drifts(text).iter().map(|drift| drift.rule.name).collect()
}

fn value(adoption: &Adoption, field: Field) -> Option<u64> {
    adoption.values.iter().find(|it| it.field == field).map(|it| it.value)
}

#[test]
fn times_are_decimal_seconds() {
    let text = emit(&contract(), options()).text;
    assert!(text.contains("\nserver_connect_timeout = 3.1\n"), "{text}");
    let adoption = adopted("[pgbouncer]\nserver_connect_timeout=3.1\n", options());
    assert_eq!(value(&adoption, Field::ConnectMs), Some(3_100));
    assert!(rules("server_connect_timeout = 3.2").contains(&"drift-looser"));
    assert!(rules("server_connect_timeout = 3100ms").contains(&"drift-rejected"));
    assert!(rules("server_connect_timeout = -1").contains(&"drift-rejected"));
}

#[test]
fn wait_and_run_have_separate_limits_before_version_1_26() {
    let mut contract = contract();
    contract.timeout_policy.request_ms = RequestMs::new(5_000).unwrap();
    let looser = |contract: &DriverContract, options| {
        let findings = emit(contract, options).findings.into_iter();
        let mut found = findings.filter(|it| it.rule.name == "emit-looser");
        found.find(|it| it.place.field == Some(Field::RequestMs)).map(|it| it.message)
    };
    let message = looser(&contract, options()).unwrap();
    assert!(message.ends_with("so an attempt can exceed `request_ms` (5000) by up to 5000 ms"));
    contract.timeout_policy.queue_ms = Some(QueueMs::new(1_500).unwrap());
    assert_eq!(looser(&contract, options()), None);
    let text = emit(&contract, options()).text;
    assert!(text.contains("query_timeout = 3.5\nquery_wait_timeout = 1.5\n"), "{text}");
    let adoption = adopted(&text, options());
    assert_eq!(value(&adoption, Field::RequestMs), Some(5_000));
    assert_eq!(value(&adoption, Field::QueueMs), Some(1_500));
    let new = TargetOptions { version: Version::new(1, 26, 0), ..options() };
    let text = emit(&contract, new).text;
    assert!(text.contains("query_timeout = 5\nquery_wait_timeout = 1.5\n"), "{text}");
}

#[test]
fn places_for_clients_are_those_in_flight_and_in_the_queue() {
    let text = emit(&contract(), options()).text;
    assert!(text.contains("\nmax_client_conn = 220\n"), "{text}");
    let new = TargetOptions { version: Version::new(1, 24, 0), ..options() };
    let text = emit(&contract(), new).text;
    assert!(text.contains("\nmax_db_client_connections = 220\n"), "{text}");
    assert!(!text.contains("max_client_conn"), "it counts the clients of all databases");
    assert!(rules("max_db_client_connections = 220").contains(&"drift-rejected"));
    let adoption = adopted("[pgbouncer]\ndefault_pool_size = 20\n", options());
    assert_eq!(value(&adoption, Field::MaxQueueDepth), Some(80), "the default is 100 clients");
}

#[test]
fn zero_means_no_limit() {
    for name in [
        "default_pool_size",
        "max_db_connections",
        "query_timeout",
        "query_wait_timeout",
        "server_connect_timeout",
        "server_idle_timeout",
    ] {
        let found = drifts(&format!("{name} = 0"));
        let is_looser =
            |it: &Drift| it.rule.name == "drift-looser" && it.message.contains("no limit");
        assert!(found.iter().any(is_looser), "{name}: {found:?}");
    }
    let text = "[pgbouncer]\nquery_timeout = 5\nquery_wait_timeout = 0\n";
    let adoption = adopted(text, options());
    assert_eq!(value(&adoption, Field::RequestMs), None);
    let line = "# - `timeout_policy.request_ms`: `query_wait_timeout` is 0, which means no limit\n";
    assert!(adoption.text.contains(line), "{}", adoption.text);
}

#[test]
fn session_pooling_and_reserve_pool_raise_number_in_flight() {
    assert!(rules("pool_mode = session").contains(&"drift-looser"));
    assert!(rules("reserve_pool_size = 5").contains(&"drift-looser"));
    let found = verify(&contract(), options(), "[pgbouncer]\n").drifts;
    let mode = "`pool_mode` is not set, and its default in PgBouncer 1.18.0 is session";
    assert!(found.iter().any(|it| it.message.starts_with(mode)), "{found:?}");
    let text = "[pgbouncer]\ndefault_pool_size = 20\nreserve_pool_size = 5\n";
    assert_eq!(value(&adopted(text, options()), Field::MaxInFlight), Some(25));
    let capped = format!("{text}max_db_connections = 22\n");
    let adoption = adopted(&capped, options());
    assert_eq!(value(&adoption, Field::MaxInFlight), Some(22));
    let origin = "default_pool_size=20, reserve_pool_size=5, max_db_connections=22";
    assert!(adoption.text.contains(origin), "{}", adoption.text);
}

#[test]
fn loosest_database_counts() {
    let databases =
        "[databases]\na = host=x password=hunter2 pool_size=30\nb = host=y pool_size=20\n";
    let found = drifts(databases);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.starts_with("`default_pool_size` is 30, but"), "{found:?}");
    // All databases have their own size, so the general one does not matter.
    let text =
        "[databases]\na = pool_size=3\nb = pool_size=4\n[pgbouncer]\ndefault_pool_size = 50\n";
    assert_eq!(value(&adopted(text, options()), Field::MaxInFlight), Some(4));
    let text = "[databases]\na = pool_size=3\nb = host=x\n";
    assert_eq!(value(&adopted(text, options()), Field::MaxInFlight), Some(20), "the default");
}

#[test]
fn comment_after_value_is_refused() {
    let found = drifts("query_timeout = 5 ; five");
    let rejected = found.iter().find(|it| it.rule.name == "drift-rejected").unwrap();
    assert!(rejected.help.as_ref().unwrap().starts_with("move the comment"), "{rejected:?}");
}

#[test]
fn last_of_several_equal_settings_applies() {
    assert_eq!(rules("query_timeout = 5\n"), ["drift-dead-setting"]);
}

#[test]
fn section_that_is_opened_again_resets_settings() {
    let found = drifts("[pgbouncer]\n");
    assert!(found.iter().any(|it| it.rule.name == "drift-dead-setting"), "{found:?}");
    assert!(found.iter().any(|it| it.message.starts_with("`query_timeout` is not set")));
}

#[test]
fn settings_of_included_file_are_unknown() {
    let found = verify(&contract(), options(), "[pgbouncer]\nmin_pool_size = 1\n%include a.ini\n");
    let found: Vec<_> = found.drifts.iter().map(|it| it.rule.name).collect();
    assert_eq!(found, ["drift-unknown-setting"]);
    let text = "[pgbouncer]\n%include a.ini\nserver_idle_timeout = 9\n";
    let adoption = adopted(text, options());
    assert_eq!(value(&adoption, Field::IdleMs), None, "the file can set `min_pool_size`");
    assert_eq!(value(&adoption, Field::ConnectMs), None);
    let adoption = adopted(&format!("{text}min_pool_size = 0\n"), options());
    assert_eq!(value(&adoption, Field::IdleMs), Some(9_000));
}

#[test]
fn connections_of_minimum_stay_open() {
    let adoption = adopted("[pgbouncer]\nmin_pool_size = 5\n", options());
    assert_eq!(value(&adoption, Field::IdleMs), None);
    let reason =
        "# - `timeout_policy.idle_ms`: `min_pool_size` is 5, so unused connections stay open";
    assert!(adoption.text.contains(reason), "{}", adoption.text);
}

#[test]
fn pool_and_reserve_count_together() {
    let found = |pool, reserve| {
        let text = emit(&contract(), options()).text;
        let text = text.replace("default_pool_size = 20", &format!("default_pool_size = {pool}"));
        let text = text.replace("reserve_pool_size = 0", &format!("reserve_pool_size = {reserve}"));
        let drifts = verify(&contract(), options(), &text).drifts;
        drifts.iter().map(|it| (it.rule.name, it.message.contains("reserve"))).collect::<Vec<_>>()
    };
    assert_eq!(found(15, 5), []);
    assert_eq!(found(15, 6), [("drift-looser", true)]);
    assert_eq!(found(15, 4), [("drift-stricter", false)]);
    assert_eq!(found(21, 1), [("drift-looser", false), ("drift-looser", true)]);
    assert_eq!(found(0, 1), [("drift-looser", false), ("drift-looser", true)], "no limit");
}

#[test]
fn unknown_sections_and_settings_without_section_are_refused() {
    assert!(rules("[pools]\na = 1").contains(&"drift-rejected"));
    let found = verify(&contract(), options(), "pool_mode = transaction\n").drifts;
    assert!(found.iter().any(|it| it.rule.name == "drift-rejected"));
}

#[test]
fn misspelled_setting_is_refused_and_other_unknown_setting_is_reported() {
    for name in ["max_db_conections", "default_pool_sizes"] {
        assert_eq!(rules(&format!("{name} = 20")), ["drift-rejected"], "{name}");
    }
    assert_eq!(rules("future_limit = 20"), ["drift-unknown-setting"]);
}

#[test]
fn passwords_hosts_and_users_are_neither_adopted_nor_shown() {
    let text = "[databases]\napp = host=db.internal user=alice password=hunter2 pool_size=21\n\
                [pgbouncer]\nauth_user = alice\nquery_timeout = 5\n";
    let adoption = adopted(text, options()).text;
    let verification = verify(&contract(), options(), text);
    let shown = format!("{adoption}{}{:?}", verification.public_text, verification.drifts);
    for secret in ["db.internal", "alice", "hunter2"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(verification.public_text.contains("pool_size=21"));
}

#[test]
fn setting_of_user_wins_over_its_database_and_the_general_setting() {
    let with = |databases: &str, users: &str| {
        let text = emit(&contract(), options()).text;
        format!("[databases]\n{databases}\n[users]\n{users}\n{text}")
    };
    let found = |databases: &str, users: &str| {
        let text = with(databases, users);
        let drifts = verify(&contract(), options(), &text).drifts.into_iter();
        let place = |it: &Drift| text[it.span.range()].to_owned();
        drifts.map(|it| (it.rule.name, place(&it))).collect::<Vec<_>>()
    };
    let looser = |value: &str| vec![("drift-looser", value.to_owned())];
    assert_eq!(found("a = host=h", "u = pool_mode=session"), looser("session"));
    assert_eq!(found("a = pool_mode=statement", "u = pool_mode=session"), looser("session"));
    assert_eq!(found("a = host=h", "u = query_timeout=9 pool_size=20"), looser("9"));
    assert_eq!(found("a = host=h", "u = pool_size=21"), looser("21"));
    assert_eq!(found("a = host=h", "u = max_user_connections=5"), []);
    assert_eq!(found("a = host=h", "u = pool_size=5"), [], "other users have the general value");
    let adoption = adopted(&with("a = pool_size=3", "u = pool_size=33"), options());
    assert!(adoption.text.contains("default_pool_size=33"), "{}", adoption.text);
}

#[test]
fn byte_order_mark_is_refused() {
    let text = format!("{}{}", '\u{feff}', emit(&contract(), options()).text);
    let found = verify(&contract(), options(), &text).drifts;
    let messages: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
    let expected =
        "PgBouncer 1.18.0 cannot read the file: it must not start with a byte order mark";
    assert_eq!(messages, [expected]);
}
