//! The limits of the contract, measured at a real server. `DATABASE_URL` names it.

use std::time::{Duration, Instant};

use deadpool_postgres::{Pool, PoolError, TimeoutType};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The most time that a busy machine adds to a limit.
const SLACK: Duration = Duration::from_millis(400);

fn billing() -> contract::DriverContract {
    contract::load(PROJECT, "billing").unwrap()
}

fn pool(contract: &contract::DriverContract) -> Pool {
    let address = std::env::var("DATABASE_URL").expect("the address of a server in DATABASE_URL");
    driverc_deadpool::pool(contract, address.parse().unwrap()).unwrap()
}

fn assert_within(real: Duration, limit: Duration) {
    assert!((limit..limit + SLACK).contains(&real), "{real:?} instead of {limit:?}");
}

/// Other pools would be counted, so the tests run one after the other.
#[tokio::test]
async fn pool_keeps_its_contract() {
    busy_pool_rejects_next_request_after_its_wait().await;
    server_stops_statement_at_its_limit().await;
    unused_connections_are_closed().await;
}

async fn busy_pool_rejects_next_request_after_its_wait() {
    let contract = billing();
    let pool = pool(&contract);
    let mut held = Vec::new();
    for _ in 0..contract.max_in_flight.get() {
        held.push(pool.get().await.unwrap());
    }
    let start = Instant::now();
    let refused = pool.get().await.unwrap_err();
    assert!(matches!(refused, PoolError::Timeout(TimeoutType::Wait)), "{refused:?}");
    assert_within(start.elapsed(), contract::wait_limit(&contract));
    let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'billing'";
    let row = held[0].query_one(count, &[]).await.unwrap();
    assert_eq!(u64::try_from(row.get::<_, i64>(0)).unwrap(), contract.max_in_flight.get());
    held.pop();
    drop(pool.get().await.expect("a connection is free again"));
}

async fn server_stops_statement_at_its_limit() {
    let contract = billing();
    let connection = pool(&contract).get().await.unwrap();
    let start = Instant::now();
    let stopped = connection.execute("SELECT pg_sleep(9)", &[]).await.unwrap_err();
    assert_eq!(stopped.code(), Some(&tokio_postgres::error::SqlState::QUERY_CANCELED));
    assert_within(start.elapsed(), contract::run_limit(&contract));
}

async fn unused_connections_are_closed() {
    let mut contract = billing();
    let pool = pool(&contract);
    drop(pool.get().await.unwrap());
    driverc_deadpool::close_unused(&pool, &contract);
    assert_eq!(pool.status().size, 1, "it was used just now");
    contract.timeout_policy.idle_ms = 20_u64.try_into().unwrap();
    tokio::time::sleep(Duration::from_millis(30)).await;
    driverc_deadpool::close_unused(&pool, &contract);
    assert_eq!(pool.status().size, 0);
}
