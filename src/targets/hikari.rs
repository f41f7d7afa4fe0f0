//! HikariCP, a pool of JDBC connections.

mod effective;
mod names;
mod rows;
mod text;

use super::{
    Version,
    conversion::Conversion,
    notation::Notation,
    syntax::Syntax,
    table::{Behaviour, Dialect, Gap, RefusedSettings, Setting, TargetTable},
};
use crate::model::Field;

/// The version of Debian 12.
const MEASURED: Version = Version::new(2, 7, 9);
/// The first version that reads times with a unit from a `.properties` file.
const SUFFIXES: Version = Version::new(6, 3, 0);
const CONFIG: &str = "brettwooldridge/HikariCP:…/HikariConfig.java";
const POOL: &str = "brettwooldridge/HikariCP:…/pool/HikariPool.java";

/// The target.
pub(super) static HIKARI: TargetTable = TargetTable {
    name: "hikari",
    title: "HikariCP",
    summary: "The limits of a HikariCP pool in front of PostgreSQL: a file for `new \
              HikariConfig(file)`, or a part of `application.properties` of Spring Boot. Add the URL, \
              the user and the password yourself.",
    dialects: &[PROPERTIES, SPRING],
    extension: "properties",
    roles: &[],
    notes: &[
        "`maximumPoolSize` counts the connections of one pool. Each process has its own pool.",
        "HikariCP closes idle connections only if `minimumIdle` is below `maximumPoolSize`. Without \
         `minimumIdle`, the pool has a fixed size, and `idleTimeout` has no effect. So `emit` writes \
         `minimumIdle` = 0.",
        "HikariCP turns `idleTimeout` off unless `maxLifetime` is at least 1 s longer. If the contract \
         has a shorter `lifetime_ms`, `emit` writes a shorter `idleTimeout`.",
        "`connectionTimeout` limits the wait for a connection. If the contract has no `queue_ms`, \
         `emit` writes `request_ms`, and a request can take twice that time: the wait and the \
         statement. Set `queue_ms` to avoid this.",
        "HikariCP has no time limit for a statement. `statement_timeout` is a setting of PostgreSQL, \
         which the server applies to each statement.",
        "`connectTimeout`, `loginTimeout` and `options` are settings of PostgreSQL's JDBC driver, which \
         counts seconds. Other drivers have settings with the same names and other units. If the URL \
         names another database, or is a placeholder such as `${DB_URL}`, driverc does not compare them.",
        "`connectTimeout` limits the connection to the socket. `loginTimeout` also limits the login, so \
         `adopt` reads it. Parameters of the JDBC URL win over `dataSource.` settings.",
        "`dataSource.socketTimeout` limits a single read from the socket, so no contract key states it.",
        "With `dataSourceClassName`, HikariCP replaces `loginTimeout` with `connectionTimeout`, rounded \
         to whole seconds. If the class is not in `org.postgresql`, driverc does not compare the \
         settings of the driver.",
        "A pool that has `minimumIdle` but no `maximumPoolSize` grows to `minimumIdle` connections in \
         HikariCP 2.",
        "Spring Boot ignores a setting that HikariCP does not have, such as `max-pool-size`. With \
         `new HikariConfig(file)`, HikariCP does not start.",
        "driverc does not read `application.yml`. It reads all parts of a file with several documents \
         (`#---`) as one.",
    ],
};

const BASE: Dialect = Dialect {
    name: "properties",
    product: "HikariCP",
    measured: MEASURED,
    oldest: MEASURED,
    proof: "`.ci/targets/hikari.sh` runs HikariCP: `validate()` keeps the values that `emit` writes, \
            HikariCP refuses what `drift-rejected` reports, and it replaces what `drift-dead-setting` \
            reports. In front of PostgreSQL, `max_in_flight` connections are busy at a time, the next \
            caller waits for `queue_ms`, the server cancels a statement, and HikariCP closes idle \
            connections. Rows for newer versions come from the source.",
    syntax: Syntax::Properties,
    translated: text::properties,
    settings: PROPERTIES_SETTINGS,
    gaps: GAPS,
    dead: &[],
    refusals: &[refused_wait::<false>()],
    others: names::PROPERTIES_OTHERS,
    ignored: &[],
    resets: &[],
    failure: "does not start",
    refuses_unknown: true,
    ignores_text_after_number: false,
};

const PROPERTIES: Dialect = BASE;

const SPRING: Dialect = Dialect {
    name: "spring",
    proof: "`.ci/targets/hikari.sh` runs HikariCP with the values of this file, under the names of \
            dialect `properties`. Spring Boot itself is not run: no registry of CI has it, so the rules \
            for its names come from its source. `maximum-pool-size`, `maximumPoolSize`, \
            `maximum_pool_size` and `MAXIMUM-POOL-SIZE` are the same setting.",
    translated: text::spring,
    settings: SPRING_SETTINGS,
    refusals: &[refused_wait::<true>()],
    others: names::SPRING_OTHERS,
    refuses_unknown: false,
    ..BASE
};

const PROPERTIES_SETTINGS: &[Setting] = &[
    rows::pool::<false>(),
    rows::minimum_idle::<false>(),
    rows::wait::<false>().until(SUFFIXES),
    rows::wait::<false>().since(SUFFIXES).notation(Notation::Suffixed),
    rows::lifetime::<false>().until(SUFFIXES),
    rows::lifetime::<false>().since(SUFFIXES).notation(Notation::Suffixed),
    rows::idle::<false>().until(SUFFIXES),
    rows::idle::<false>().since(SUFFIXES).notation(Notation::Suffixed),
    rows::connect::<false>(),
    rows::login::<false>(),
    rows::class::<false>(),
    rows::statement::<false>(),
    rows::keepalive::<false>(),
];

const SPRING_SETTINGS: &[Setting] = &[
    rows::pool::<true>(),
    rows::minimum_idle::<true>(),
    rows::wait::<true>(),
    rows::lifetime::<true>(),
    rows::idle::<true>(),
    rows::connect::<true>(),
    rows::login::<true>(),
    rows::class::<true>(),
    rows::statement::<true>(),
    rows::keepalive::<true>(),
];

const fn refused_wait<const SPRING: bool>() -> RefusedSettings {
    let names = names::of(SPRING);
    RefusedSettings {
        setting: names.wait,
        field: Field::QueueMs,
        is_refused: effective::is_wait_refused::<SPRING>,
        message: names.short_wait,
    }
}

const NO_RETRY: &str = "HikariCP never repeats a statement";

const GAPS: &[Gap] = &[
    Gap::new(
        Field::MaxQueueDepth,
        Behaviour::Nothing,
        "any number of callers can wait for a connection",
        POOL,
    ),
    Gap::new(
        Field::DeadlineMs,
        Behaviour::Nothing,
        "nothing limits all attempts of an operation together",
        CONFIG,
    ),
    Gap::new(Field::MaxAttempts, Behaviour::OneAttempt, NO_RETRY, CONFIG),
    Gap::new(Field::BaseBackoffMs, Behaviour::Nothing, NO_RETRY, CONFIG),
    Gap::new(Field::MaxBackoffMs, Behaviour::Nothing, NO_RETRY, CONFIG),
    Gap::new(Field::JitterPercent, Behaviour::Nothing, NO_RETRY, CONFIG),
    Gap::new(Field::MultiplierPercent, Behaviour::Nothing, NO_RETRY, CONFIG),
    Gap::new(Field::RetryBudgetPercent, Behaviour::Nothing, NO_RETRY, CONFIG),
];
