//! The traps that real configurations of HikariCP fall into.

use driverc::{
    builtin::postgres_async_driver,
    model::{ConnectMs, DriverContract, Field, IdleMs, LifetimeMs, QueueMs},
    targets::{Drift, TargetOptions, Version, emit, find, verify},
};

use super::adopted;

fn options(dialect: &str) -> TargetOptions {
    let target = find("hikari").unwrap();
    TargetOptions::with(target, target.dialect(dialect).unwrap())
}

fn properties() -> TargetOptions {
    options("properties")
}

/// Returns the built-in contract, with a limit for the wait and none for the lifetime.
fn contract() -> DriverContract {
    let mut contract = postgres_async_driver();
    contract.timeout_policy.lifetime_ms = None;
    contract.timeout_policy.queue_ms = Some(QueueMs::new(1_000).unwrap());
    contract
}

/// Returns an emitted file with one replacement.
fn file(from: &str, to: &str) -> String {
    let text = emit(&contract(), properties()).text;
    assert!(text.contains(from), "{text}");
    text.replace(from, to)
}

fn drifts(text: &str) -> Vec<Drift> {
    verify(&contract(), properties(), text).drifts
}

fn rules(text: &str) -> Vec<&'static str> {
    drifts(text).iter().map(|drift| drift.rule.name).collect()
}

fn messages(text: &str) -> Vec<String> {
    drifts(text).into_iter().map(|drift| drift.message).collect()
}

fn value(text: &str, field: Field) -> Option<u64> {
    let values = adopted(text, properties()).values;
    values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

fn looser(contract: &DriverContract, field: Field) -> Option<String> {
    let findings = emit(contract, properties()).findings.into_iter();
    let mut looser = findings.filter(|finding| finding.rule.name == "emit-looser");
    looser.find(|finding| finding.place.field == Some(field)).map(|finding| finding.message)
}

#[test]
fn file_has_each_limit_of_contract() {
    let text = emit(&contract(), properties()).text;
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let expected = [
        "maximumPoolSize=20",
        "minimumIdle=0",
        "connectionTimeout=1000",
        "idleTimeout=600000",
        "dataSource.connectTimeout=4",
        "dataSource.loginTimeout=4",
        "dataSource.options=-c statement_timeout=4000",
    ];
    assert_eq!(lines, expected);
    let spring = emit(&contract(), options("spring")).text;
    assert!(spring.contains("\nspring.datasource.hikari.maximum-pool-size=20\n"), "{spring}");
    let options = "data-source-properties.options=-c statement_timeout=4000\n";
    assert!(spring.contains(options), "{spring}");
}

#[test]
fn idle_timeout_is_dead_in_pool_of_fixed_size() {
    let dead = "HikariCP 2.7.9 uses 0 (no limit) instead of `idleTimeout` = 600000: `minimumIdle` must \
                be below `maximumPoolSize`";
    let without = file("minimumIdle=0\n", "");
    let unset = "`minimumIdle` is not set, and its default in HikariCP 2.7.9 is the value of \
                 `maximumPoolSize`, but `idle_ms` (600000) allows at most 0";
    assert_eq!(messages(&without), [unset, dead]);
    assert_eq!(value(&without, Field::IdleMs), None);
    let adoption = adopted(&without, properties()).text;
    let line = "# - `timeout_policy.idle_ms`: HikariCP 2.7.9 uses `idleTimeout` = 0 (no limit): \
                `minimumIdle` must be below `maximumPoolSize`\n";
    assert!(adoption.contains(line), "{adoption}");
    let equal = file("minimumIdle=0", "minimumIdle=20");
    assert_eq!(rules(&equal), ["drift-looser", "drift-dead-setting"]);
    let above = file("minimumIdle=0", "minimumIdle=30");
    assert_eq!(rules(&above), ["drift-dead-setting"; 2], "30 becomes 20");
    let below = file("minimumIdle=0", "minimumIdle=19");
    assert_eq!(rules(&below), ["drift-looser"], "19 connections stay open");
}

#[test]
fn idle_timeout_is_dead_near_lifetime() {
    let near = file("idleTimeout=600000", "idleTimeout=600000\nmaxLifetime=600999");
    let dead = "HikariCP 2.7.9 uses 0 (no limit) instead of `idleTimeout` = 600000: `maxLifetime` must \
                be at least `idleTimeout` + 1000 ms";
    assert_eq!(messages(&near), [dead]);
    let far = file("idleTimeout=600000", "idleTimeout=600000\nmaxLifetime=601000");
    assert_eq!(rules(&far), [""; 0]);
}

#[test]
fn short_lifetime_shortens_idle_timeout() {
    let mut contract = contract();
    contract.timeout_policy.lifetime_ms = Some(LifetimeMs::new(600_000).unwrap());
    let text = emit(&contract, properties()).text;
    assert!(text.contains("maxLifetime=600000\nidleTimeout=599000\n"), "{text}");
    assert!(verify(&contract, properties(), &text).drifts.is_empty());
}

#[test]
fn long_idle_time_needs_longer_lifetime() {
    let mut contract = contract();
    contract.timeout_policy.idle_ms = IdleMs::new(1_799_000).unwrap();
    assert!(!emit(&contract, properties()).text.contains("maxLifetime"), "the default is enough");
    contract.timeout_policy.idle_ms = IdleMs::new(1_799_001).unwrap();
    let text = emit(&contract, properties()).text;
    assert!(text.contains("maxLifetime=1800001\nidleTimeout=1799001\n"), "{text}");
    // The contract does not limit the lifetime, so a longer one is no drift.
    let longer = text.replace("maxLifetime=1800001", "maxLifetime=0");
    assert!(verify(&contract, properties(), &longer).drifts.is_empty());
}

#[test]
fn short_times_become_the_default() {
    let idle = file("idleTimeout=600000", "idleTimeout=9999");
    let dead = "HikariCP 2.7.9 uses 600000 instead of `idleTimeout` = 9999: `idleTimeout` must be at \
                least 10000 ms, or 0 for no limit";
    assert_eq!(messages(&idle), [dead]);
    assert_eq!(value(&idle, Field::IdleMs), Some(600_000));
    let lifetime = file("idleTimeout=600000", "idleTimeout=600000\nmaxLifetime=29999");
    assert_eq!(rules(&lifetime), ["drift-dead-setting"]);
    assert_eq!(value(&lifetime, Field::LifetimeMs), Some(1_800_000));
    let mut contract = contract();
    contract.timeout_policy.idle_ms = IdleMs::new(5_000).unwrap();
    assert!(emit(&contract, properties()).text.contains("\nidleTimeout=10000\n"));
    let message = looser(&contract, Field::IdleMs).unwrap();
    let end = "must be at least 10000, so HikariCP 2.7.9 exceeds `idle_ms` (5000) by 5000 ms";
    assert!(message.ends_with(end), "{message}");
}

#[test]
fn zero_means_no_limit() {
    for (name, from) in [
        ("connectionTimeout", "connectionTimeout=1000"),
        ("idleTimeout", "idleTimeout=600000"),
        ("dataSource.loginTimeout", "dataSource.loginTimeout=4"),
        ("dataSource.connectTimeout", "dataSource.connectTimeout=4"),
        ("dataSource.options=-c statement_timeout", "statement_timeout=4000"),
    ] {
        let zero = from.split_once('=').unwrap().0.to_owned() + "=0";
        let found = messages(&file(from, &zero));
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].starts_with(&format!("`{name}` is 0 (no limit), but")), "{found:?}");
    }
    let text = "connectionTimeout=0\n";
    assert!(adopted(text, properties()).text.contains("`connectionTimeout` is 0, which means no"));
}

#[test]
fn wait_has_a_minimum() {
    for (value, rejected) in [("249", true), ("250", false), ("0", false), ("-1", true)] {
        let text = file("connectionTimeout=1000", &format!("connectionTimeout={value}"));
        assert_eq!(rules(&text).contains(&"drift-rejected"), rejected, "{value}");
    }
    let mut contract = contract();
    contract.timeout_policy.queue_ms = Some(QueueMs::new(100).unwrap());
    let text = emit(&contract, properties()).text;
    assert!(text.contains("\nconnectionTimeout=250\n"), "{text}");
    assert!(looser(&contract, Field::QueueMs).unwrap().contains("by 150 ms"));
}

#[test]
fn without_queue_ms_a_request_can_take_twice_its_time() {
    let contract = postgres_async_driver();
    let text = emit(&contract, properties()).text;
    assert!(text.contains("\nconnectionTimeout=5000\n"), "{text}");
    assert!(text.contains("statement_timeout=5000\n"), "{text}");
    let message = looser(&contract, Field::RequestMs).unwrap();
    assert!(message.ends_with("can exceed `request_ms` (5000) by up to 5000 ms"), "{message}");
    assert_eq!(looser(&self::contract(), Field::RequestMs), None);
    assert_eq!(value(&file("1000", "1000"), Field::RequestMs), Some(5_000));
}

#[test]
fn driver_of_postgresql_counts_whole_seconds() {
    let message = looser(&contract(), Field::ConnectMs).unwrap();
    let expected = "`dataSource.connectTimeout` counts whole seconds, so HikariCP 2.7.9 exceeds \
                    `connect_ms` (3100) by 900 ms";
    assert_eq!(message, expected);
    let mut contract = contract();
    contract.timeout_policy.connect_ms = ConnectMs::new(3_000).unwrap();
    assert_eq!(looser(&contract, Field::ConnectMs), None);
    assert_eq!(value("dataSource.loginTimeout=4\n", Field::ConnectMs), Some(4_000));
    assert_eq!(value("dataSource.connectTimeout=4\n", Field::ConnectMs), None, "no login");
    assert_eq!(rules(&file("connectTimeout=4", "connectTimeout=3100")), ["drift-looser"]);
}

#[test]
fn parameters_of_url_win() {
    let url = "jdbcUrl=jdbc\\:postgresql://db.internal/app?user=alice&password=hunter2&loginTimeout=4\
               &options=-c%20statement_timeout%3D3s&connectTimeout\\=5\n";
    assert_eq!(value(url, Field::ConnectMs), Some(4_000));
    let text = format!("{url}{}", emit(&contract(), properties()).text);
    let found: Vec<_> = drifts(&text).into_iter().map(|it| (it.rule.name, it.message)).collect();
    let dead = found.iter().filter(|(rule, _)| *rule == "drift-dead-setting").count();
    assert_eq!(dead, 3, "{found:?}");
    let stricter = "`dataSource.options=-c statement_timeout` is 3000, but `request_ms` (5000) \
                    without `queue_ms` (1000) allows 4000";
    let has =
        |rule: &str, text: &str| found.iter().any(|it| it.0 == rule && it.1.starts_with(text));
    assert!(has("drift-stricter", stricter), "{found:?}");
    let login =
        "`dataSource.loginTimeout` has no effect: the URL sets `dataSource.loginTimeout` again";
    assert!(has("drift-dead-setting", login), "{found:?}");
    assert!(has("drift-looser", "`dataSource.connectTimeout` is 5, but"), "{found:?}");
    let verification = verify(&contract(), properties(), &text);
    let shown =
        format!("{}{:?}{}", verification.public_text, found, adopted(&text, properties()).text);
    for secret in ["db.internal", "alice", "hunter2"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(verification.public_text.contains("loginTimeout=4"), "{}", verification.public_text);
}

#[test]
fn settings_of_other_drivers_and_placeholders_are_unknown() {
    for url in ["jdbcUrl=jdbc:mysql://db/app?connectTimeout=4000\n", "jdbcUrl=${DB_URL}\n"] {
        assert_eq!(value(url, Field::ConnectMs), None, "{url}");
        let found = messages(url);
        assert!(found.iter().all(|message| !message.contains("dataSource.")), "{found:?}");
    }
    let placeholders = |text: &str| verify(&contract(), properties(), text).placeholders;
    assert_eq!(placeholders("jdbcUrl=${DB_URL}\nidleTimeout=${IDLE}\n"), 2);
    assert_eq!(placeholders("jdbcUrl=jdbc:mysql://db/app\n"), 0);
    let mysql = "jdbcUrl=jdbc:mysql://db/app\ndataSource.connectTimeout=4000\n";
    assert!(messages(mysql).iter().all(|message| !message.contains("dataSource.")));
    let own = "jdbcUrl=${DB_URL}\ndataSource.loginTimeout=4\n";
    assert_eq!(value(own, Field::ConnectMs), Some(4_000));
}

#[test]
fn unknown_size_makes_idle_timeout_unknown() {
    let text = file("minimumIdle=0", "minimumIdle=${MINIMUM}");
    assert_eq!(rules(&text), [""; 0]);
    assert_eq!(value(&text, Field::IdleMs), None);
}

#[test]
fn hikari_refuses_units_comments_and_unknown_names() {
    for line in [
        "idleTimeout=5s",
        "maximumPoolSize=5 # five",
        "maximumPoolSize=5 ",
        "maximumPoolSize=0",
        "maximumPoolSize=3000000000",
        "minimumIdle=-1",
        "maxPoolSize=5",
        "maximumpoolsize=5",
        "keepaliveTime=60000",
    ] {
        assert!(rules(&format!("{line}\n")).contains(&"drift-rejected"), "{line}");
    }
    for line in ["MaximumPoolSize=20", "maximumPoolSize=+20", "maximumPoolSize = 20", "schema=x"] {
        assert!(!rules(&format!("{line}\n")).contains(&"drift-rejected"), "{line}");
    }
    let new = TargetOptions { version: Version::new(6, 3, 0), ..properties() };
    let text = "minimumIdle=0\nidleTimeout=10m\nkeepaliveTime=1m\n";
    let found = verify(&contract(), new, text).drifts;
    assert!(found.iter().all(|drift| drift.rule.name != "drift-rejected"), "{found:?}");
    let idle = adopted(text, new).values.into_iter().find(|it| it.field == Field::IdleMs).unwrap();
    assert_eq!(idle.value, 600_000);
}

#[test]
fn minimum_idle_sets_size_of_old_pools() {
    assert_eq!(value("minimumIdle=30\n", Field::MaxInFlight), Some(30));
    let new = TargetOptions { version: Version::new(3, 0, 0), ..properties() };
    let values = adopted("minimumIdle=30\n", new).values;
    let size = values.iter().find(|it| it.field == Field::MaxInFlight).map(|it| it.value);
    assert_eq!(size, Some(10));
}

#[test]
fn spring_reads_each_spelling_of_a_name() {
    for name in ["maximum-pool-size", "maximumPoolSize", "maximum_pool_size", "MAXIMUM-POOL-SIZE"] {
        let text = format!("spring.datasource.hikari.{name}=7\nserver.port=80\n");
        let values = adopted(&text, options("spring")).values;
        let size = values.iter().find(|it| it.field == Field::MaxInFlight).map(|it| it.value);
        assert_eq!(size, Some(7), "{name}");
    }
}

#[test]
fn spring_ignores_unknown_names_and_refuses_units() {
    let verify = |line: &str| {
        let text = emit(&contract(), options("spring")).text + line;
        let drifts = verify(&contract(), options("spring"), &text).drifts;
        drifts.iter().map(|drift| drift.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(verify("spring.datasource.hikari.max-pool-size=30\n"), ["drift-unknown-setting"]);
    assert_eq!(verify("spring.datasource.hikari.pool-name=x\nserver.port=1\n"), [""; 0]);
    let unit = verify("spring.datasource.hikari.idleTimeout=10m\n");
    assert_eq!(unit, ["drift-dead-setting", "drift-rejected"], "the last one applies");
}

#[test]
fn secrets_of_spring_are_neither_adopted_nor_shown() {
    let text = "spring.datasource.url=jdbc:postgresql://db.internal/app?loginTimeout=4\n\
                spring.datasource.username=alice\nspring.datasource.password=hunter2\n\
                spring.datasource.hikari.password=hunter3\napp.token=hunter4\n\
                spring.datasource.hikari.minimum-idle=1\n";
    let adoption = adopted(text, options("spring")).text;
    assert!(adoption.contains("connect_ms = 4000"), "{adoption}");
    let verification = verify(&contract(), options("spring"), text);
    let shown = format!("{adoption}{}{:?}", verification.public_text, verification.drifts);
    for secret in ["db.internal", "alice", "hunter"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(verification.public_text.contains("minimum-idle=1"));
}

#[test]
fn login_of_data_source_has_limit_of_wait() {
    let class = "dataSourceClassName=org.postgresql.ds.PGSimpleDataSource\n";
    for (wait, login) in
        [("", 30_000), ("connectionTimeout=2400\n", 2_000), ("connectionTimeout=2600\n", 3_000)]
    {
        for own in ["", "dataSource.loginTimeout=20\n"] {
            let text = class.to_owned() + wait + own;
            let values = adopted(&text, options("properties")).values;
            let connect = values.iter().find(|adopted| adopted.field == Field::ConnectMs);
            assert_eq!(connect.map(|adopted| adopted.value), Some(login), "{text}");
        }
    }
    let unlimited = class.to_owned() + "connectionTimeout=0\n";
    let left_out = adopted(&unlimited, options("properties")).left_out;
    assert!(left_out.contains(&Field::ConnectMs.path().to_owned()), "{left_out:?}");
}

#[test]
fn settings_of_another_data_source_are_not_compared() {
    let text =
        "dataSourceClassName=com.mysql.cj.jdbc.MysqlDataSource\ndataSource.connectTimeout=5000\n";
    let drifts = verify(&contract(), options("properties"), text).drifts;
    assert!(!drifts.iter().any(|drift| drift.message.contains("onnectTimeout")), "{drifts:#?}");
}

#[test]
fn properties_of_driver_and_health_check_have_any_spelling() {
    let text = "spring.datasource.hikari.dataSourceProperties.oracle.net.READ_TIMEOUT=3
spring.datasource.hikari.healthCheckProperties.connectivityCheckTimeoutMs=1000\n";
    let drifts = verify(&contract(), options("spring"), text).drifts;
    let unknown = drifts.iter().filter(|drift| drift.rule.name == "drift-unknown-setting");
    assert_eq!(unknown.count(), 0, "{drifts:#?}");
}

#[test]
fn sql_of_new_connection_makes_time_of_statement_unknown() {
    let text = emit(&contract(), properties()).text;
    for sql in ["SET statement_timeout = 0", "set Statement_Timeout to '9s'"] {
        let text = format!("{text}connectionInitSql={sql}\n");
        let expected = "`statement_timeout` is not compared: driverc does not run the SQL that sets it \
                        for new connections";
        assert_eq!(messages(&text), [expected]);
        assert_eq!(rules(&text), ["drift-unknown-setting"]);
        assert_eq!(value(&text, Field::RequestMs), None);
    }
    assert_eq!(rules(&format!("{text}connectionInitSql=SELECT 1\n")), [""; 0]);
    let spring = emit(&contract(), options("spring")).text;
    let spring =
        format!("{spring}spring.datasource.hikari.connection-init-sql=SET statement_timeout=0\n");
    let found = verify(&contract(), options("spring"), &spring).drifts;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].rule.name, "drift-unknown-setting");
}

#[test]
fn help_for_a_parameter_of_the_url_names_the_url() {
    let url = "jdbcUrl=jdbc:postgresql://h/d?connectTimeout=0&options=-c%20statement_timeout=99s\n";
    let found = drifts(&(emit(&contract(), properties()).text + url));
    let looser: Vec<_> = found.iter().filter(|it| it.rule.name == "drift-looser").collect();
    let helps: Vec<_> = looser.iter().map(|it| it.help.as_deref().unwrap()).collect();
    let expected =
        ["in the URL, write `connectTimeout=4`", "in the URL, write `statement_timeout=4000`"];
    assert_eq!(helps, expected);
}
