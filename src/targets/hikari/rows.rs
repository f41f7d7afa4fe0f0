//! The rows of the table of HikariCP. The names depend on the kind of file.

use super::{
    CONFIG, Conversion, Field, MEASURED, Notation, POOL, Setting, Version,
    effective::{self, DEFAULT_IDLE, DEFAULT_LIFETIME, LEAST_IDLE, LEAST_LIFETIME, LEAST_WAIT},
    names::of,
};
use crate::targets::table::{Fidelity, Looseness};

/// The largest value of a 32-bit integer.
const INT_MAX: u64 = 2_147_483_647;
/// The largest value of a 64-bit integer.
const LONG_MAX: u64 = 9_223_372_036_854_775_807;
/// The most milliseconds that a 32-bit integer of seconds can state.
const SECONDS_MAX: u64 = INT_MAX / 1_000 * 1_000;
/// The time between two searches for idle connections, in milliseconds.
const PERIOD: u64 = 30_000;
/// The first version that tests idle connections.
const KEEPS_ALIVE: Version = Version::new(4, 0, 0);
const BASE: &str = "brettwooldridge/HikariCP:…/pool/PoolBase.java";
const DRIVER: &str = "pgjdbc/pgjdbc:…/PGProperty.java";
const SERVER: &str = "postgres/postgres:doc/src/sgml/config.sgml";

pub(super) const fn pool<const SPRING: bool>() -> Setting {
    Setting::integer(of(SPRING).pool, 1, INT_MAX, "")
        .of(Field::MaxInFlight, Conversion::Same)
        .defaults(&[(MEASURED, 10)])
        .implied(effective::pool::<SPRING>)
        .means("The most connections of the pool, busy or idle.", CONFIG)
}

pub(super) const fn minimum_idle<const SPRING: bool>() -> Setting {
    let names = of(SPRING);
    Setting::integer(names.minimum_idle, 0, INT_MAX, "")
        .of(Field::IdleMs, Conversion::Fixed(0))
        .not_adopted()
        .implied(effective::default_minimum_idle::<SPRING>)
        .default_text(names.default_minimum_idle)
        .replaced(effective::minimum_idle::<SPRING>, DEPENDS_ON_POOL[SPRING as usize])
        .means("Connections that stay open although they are unused.", POOL)
}

pub(super) const fn wait<const SPRING: bool>() -> Setting {
    time(of(SPRING).wait)
        .of(Field::QueueMs, Conversion::Wait)
        .defaults(&[(MEASURED, 30_000)])
        .at_least(LEAST_WAIT)
        .means("The wait for a connection. Less than 250 ms are refused.", CONFIG)
}

pub(super) const fn lifetime<const SPRING: bool>() -> Setting {
    time(of(SPRING).lifetime)
        .of(Field::LifetimeMs, Conversion::Lifetime(DEFAULT_LIFETIME))
        .defaults(&[(MEASURED, DEFAULT_LIFETIME)])
        .at_least(LEAST_LIFETIME)
        .replaced(effective::lifetime::<SPRING>, &[])
        .means(
            "The age at which an unused connection is closed, or up to 2.5% earlier. Less than 30 s \
             become the default.",
            POOL,
        )
}

pub(super) const fn idle<const SPRING: bool>() -> Setting {
    let names = of(SPRING);
    time(names.idle)
        .of(Field::IdleMs, Conversion::IdleBelow(names.lifetime))
        .defaults(&[(MEASURED, DEFAULT_IDLE)])
        .at_least(LEAST_IDLE)
        .fidelity(Fidelity::Looser(Looseness::Periodic(PERIOD)))
        .replaced(effective::idle::<SPRING>, IDLE_DEPENDS_ON[SPRING as usize])
        .means(
            "The time after which an unused connection is closed: up to 30 s later. Less than 10 s \
             become the default.",
            POOL,
        )
}

pub(super) const fn connect<const SPRING: bool>() -> Setting {
    seconds(of(SPRING).connect)
        .defaults(&[(MEASURED, 10_000)])
        .not_adopted()
        .means("The time to connect to the socket, in seconds.", DRIVER)
}

pub(super) const fn login<const SPRING: bool>() -> Setting {
    seconds(of(SPRING).login)
        .defaults(&[(MEASURED, 0)])
        .replaced(effective::login::<SPRING>, LOGIN_DEPENDS_ON[SPRING as usize])
        .means("The time to connect and log in, in seconds.", DRIVER)
}

pub(super) const fn class<const SPRING: bool>() -> Setting {
    let class = Setting::list(of(SPRING).class, "");
    Setting { conversion: Conversion::Context, ..class }
        .means("The class of a data source. Its login timeout is the wait for a connection.", BASE)
}

pub(super) const fn statement<const SPRING: bool>() -> Setting {
    let names = of(SPRING);
    Setting::integer(names.statement, 0, INT_MAX, " ms")
        .zero_is_unlimited()
        .of(Field::RequestMs, Conversion::Run(names.wait))
        .defaults(&[(MEASURED, 0)])
        .fidelity(Fidelity::Looser(Looseness::WaitAdds))
        .means("The time after which PostgreSQL cancels a statement.", SERVER)
}

pub(super) const fn keepalive<const SPRING: bool>() -> Setting {
    Setting::integer(of(SPRING).keepalive, 0, LONG_MAX, " ms")
        .notation(if SPRING { Notation::Integer } else { Notation::Suffixed })
        .since(KEEPS_ALIVE)
        .means("The time between two tests of an idle connection.", CONFIG)
}

const fn time(name: &'static str) -> Setting {
    Setting::integer(name, 0, LONG_MAX, " ms").zero_is_unlimited()
}

const fn seconds(name: &'static str) -> Setting {
    Setting::integer(name, 0, SECONDS_MAX, " ms")
        .notation(Notation::WholeSeconds)
        .zero_is_unlimited()
        .of(Field::ConnectMs, Conversion::Same)
}

/// The names on which `minimumIdle` depends, for each kind of file.
const DEPENDS_ON_POOL: [&[&str]; 2] = [&[of(false).pool], &[of(true).pool]];

/// The names on which `loginTimeout` depends, for each kind of file.
const LOGIN_DEPENDS_ON: [&[&str]; 2] =
    [&[of(false).wait, of(false).class], &[of(true).wait, of(true).class]];

/// The names on which `idleTimeout` depends, for each kind of file.
const IDLE_DEPENDS_ON: [&[&str]; 2] = [
    &[of(false).pool, of(false).minimum_idle, of(false).lifetime],
    &[of(true).pool, of(true).minimum_idle, of(true).lifetime],
];
