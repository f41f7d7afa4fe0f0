//! A PostgreSQL pool of sqlx with the limits of its contract.
//!
//! | contract | sqlx |
//! | --- | --- |
//! | `max_in_flight` | `max_connections` |
//! | `queue_ms`, or `request_ms` | `acquire_timeout`, which also limits the time to connect |
//! | `request_ms` | `statement_timeout` on the server, and a timeout around each attempt |
//! | `idle_ms` | `idle_timeout` |
//! | `lifetime_ms` | `max_lifetime` |
//! | `max_queue_depth`, `retry_policy` | none: any number of requests can wait, and sqlx does not retry |

use std::{error::Error, time::Duration};

use contract::{DriverContract, attempt_limit, run_limit, wait_limit};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// A pool, and the time limit of an attempt.
pub struct Database {
    pool: PgPool,
    attempt: Duration,
}

impl Database {
    /// Creates a pool, which connects when it is first used.
    pub fn new(
        contract: &DriverContract,
        server: PgConnectOptions,
    ) -> Result<Self, Box<dyn Error>> {
        let pool = pool_options(contract)?.connect_lazy_with(connect_options(contract, server));
        Ok(Self { pool, attempt: attempt_limit(contract) })
    }

    /// Runs one attempt within its time limit, including its wait for a connection.
    pub async fn attempt<T>(
        &self,
        operation: impl AsyncFnOnce(&PgPool) -> sqlx::Result<T>,
    ) -> Result<T, Box<dyn Error + Send + Sync>> {
        Ok(tokio::time::timeout(self.attempt, operation(&self.pool)).await??)
    }
}

/// Returns the limits of the pool.
pub fn pool_options(contract: &DriverContract) -> Result<PgPoolOptions, Box<dyn Error>> {
    let timeouts = &contract.timeout_policy;
    let options = PgPoolOptions::new()
        .max_connections(contract.max_in_flight.get().try_into()?)
        .acquire_timeout(wait_limit(contract))
        .idle_timeout(Duration::from_millis(timeouts.idle_ms.get()));
    Ok(match timeouts.lifetime_ms {
        Some(lifetime) => options.max_lifetime(Duration::from_millis(lifetime.get())),
        None => options,
    })
}

/// Adds the contract's name and its limit of a statement to the address of a server.
pub fn connect_options(contract: &DriverContract, server: PgConnectOptions) -> PgConnectOptions {
    let limit = format!("{}ms", run_limit(contract).as_millis());
    server.application_name(&contract.name).options([("statement_timeout", limit)])
}
