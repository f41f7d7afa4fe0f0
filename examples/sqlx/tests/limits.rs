//! The limits of the contract, measured at a real server. `DATABASE_URL` names it.

use std::{
    str::FromStr,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use driverc_sqlx::{Database, connect_options, pool_options};
use sqlx::{ConnectOptions, PgConnection, PgPool, postgres::PgConnectOptions};
use tokio::{task::JoinSet, time::sleep};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The most time that a busy machine adds to a limit.
const SLACK: Duration = Duration::from_millis(400);

fn orders() -> contract::DriverContract {
    contract::load(PROJECT, "orders").unwrap()
}

fn server() -> PgConnectOptions {
    let address = std::env::var("DATABASE_URL").expect("the address of a server in DATABASE_URL");
    PgConnectOptions::from_str(&address).unwrap()
}

fn pool() -> PgPool {
    let contract = orders();
    pool_options(&contract).unwrap().connect_lazy_with(connect_options(&contract, server()))
}

/// Returns the number of connections of the contract's driver that the server has.
async fn connections(observer: &mut PgConnection) -> i64 {
    let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'orders'";
    sqlx::query_scalar(count).fetch_one(observer).await.unwrap()
}

/// Returns the largest number of connections until the time is over.
async fn most_connections(time: Duration) -> i64 {
    let mut observer = server().connect().await.unwrap();
    let (most, end) = (AtomicI64::new(0), Instant::now() + time);
    while Instant::now() < end {
        most.fetch_max(connections(&mut observer).await, Ordering::Relaxed);
        sleep(Duration::from_millis(5)).await;
    }
    most.into_inner()
}

fn assert_within(real: Duration, limit: Duration) {
    assert!((limit..limit + SLACK).contains(&real), "{real:?} instead of {limit:?}");
}

/// The tests share the server, so they run one after the other.
#[tokio::test]
async fn pool_keeps_its_contract() {
    busy_pool_rejects_next_request_after_its_wait().await;
    crowd_gets_no_more_connections_than_the_contract_allows().await;
    server_stops_statement_at_its_limit().await;
    attempt_ends_at_its_limit().await;
}

async fn busy_pool_rejects_next_request_after_its_wait() {
    let (contract, pool) = (orders(), pool());
    let mut held = Vec::new();
    for _ in 0..contract.max_in_flight.get() {
        held.push(pool.acquire().await.unwrap());
    }
    let start = Instant::now();
    let refused = pool.acquire().await;
    assert!(matches!(refused, Err(sqlx::Error::PoolTimedOut)), "{refused:?}");
    assert_within(start.elapsed(), contract::wait_limit(&contract));
    held.pop();
    held.push(pool.acquire().await.expect("a connection is free again"));
    drop(held);
    pool.close().await;
}

async fn crowd_gets_no_more_connections_than_the_contract_allows() {
    let (contract, pool) = (orders(), pool());
    let slots = contract.max_in_flight.get();
    let mut crowd = JoinSet::new();
    for _ in 0..4 * slots {
        let pool = pool.clone();
        crowd
            .spawn(async move { sqlx::query("SELECT pg_sleep(0.3)").execute(&pool).await.is_ok() });
    }
    let observed = tokio::spawn(most_connections(Duration::from_secs(2)));
    let served = crowd.join_all().await.into_iter().filter(|is_served| *is_served).count();
    assert_eq!(u64::try_from(observed.await.unwrap()).unwrap(), slots);
    // All four rounds of 0.3 s would need a wait of 0.9 s, and the limit is 0.5 s.
    let served = u64::try_from(served).unwrap();
    assert!((slots..4 * slots).contains(&served), "{served} requests");
    pool.close().await;
}

async fn server_stops_statement_at_its_limit() {
    let (contract, pool, start) = (orders(), pool(), Instant::now());
    let stopped = sqlx::query("SELECT pg_sleep(9)").execute(&pool).await.unwrap_err();
    let code = stopped.as_database_error().and_then(|error| error.code());
    assert_eq!(code.as_deref(), Some("57014"), "{stopped}");
    assert_within(start.elapsed(), contract::run_limit(&contract));
    pool.close().await;
}

async fn attempt_ends_at_its_limit() {
    let contract = orders();
    let database = Database::new(&contract, server()).unwrap();
    let start = Instant::now();
    let two_statements = async |pool: &PgPool| {
        sqlx::query("SELECT pg_sleep(1.2)").execute(pool).await?;
        sqlx::query("SELECT pg_sleep(1.2)").execute(pool).await
    };
    let late = database.attempt(two_statements).await.unwrap_err();
    assert!(late.is::<tokio::time::error::Elapsed>(), "{late}");
    assert_within(start.elapsed(), contract::attempt_limit(&contract));
}

#[test]
fn options_state_contract() {
    let (contract, options) = (orders(), pool_options(&orders()).unwrap());
    let timeouts = &contract.timeout_policy;
    let times = [timeouts.idle_ms.get(), timeouts.lifetime_ms.unwrap().get()];
    let times = times.map(|time| Some(Duration::from_millis(time)));
    assert_eq!([options.get_idle_timeout(), options.get_max_lifetime()], times);
    assert_eq!(u64::from(options.get_max_connections()), contract.max_in_flight.get());
}
