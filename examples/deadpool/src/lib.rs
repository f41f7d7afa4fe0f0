//! A PostgreSQL pool of deadpool with the limits of its contract.
//!
//! | contract | deadpool |
//! | --- | --- |
//! | `max_in_flight` | `max_size` |
//! | `queue_ms`, or `request_ms` | the timeout `wait` |
//! | `connect_ms` | the timeouts `create` and `recycle` |
//! | `request_ms` | `statement_timeout` on the server |
//! | `idle_ms`, `lifetime_ms` | [`close_unused`], which the program calls regularly |
//! | `max_queue_depth`, `retry_policy` | none: any number of requests can wait, and deadpool does not retry |

use std::{error::Error, time::Duration};

use contract::{DriverContract, run_limit, wait_limit};
use deadpool_postgres::{
    Manager, ManagerConfig, Pool, PoolConfig, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::{Config, NoTls};

/// Creates a pool, which connects when it is first used.
pub fn pool(contract: &DriverContract, mut server: Config) -> Result<Pool, Box<dyn Error>> {
    let limit = format!("-c statement_timeout={}", run_limit(contract).as_millis());
    server.application_name(&*contract.name).options(limit);
    // Looks whether the connection is closed, without a query.
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(server, NoTls, recycling);
    let builder = Pool::builder(manager).config(pool_config(contract)?);
    Ok(builder.runtime(Runtime::Tokio1).build()?)
}

/// Returns the limits of the pool.
pub fn pool_config(contract: &DriverContract) -> Result<PoolConfig, Box<dyn Error>> {
    let connect = Duration::from_millis(contract.timeout_policy.connect_ms.get());
    let mut config = PoolConfig::new(contract.max_in_flight.get().try_into()?);
    config.timeouts = Timeouts {
        wait: Some(wait_limit(contract)),
        create: Some(connect),
        recycle: Some(connect),
    };
    Ok(config)
}

/// Closes connections that have been unused or open for too long.
pub fn close_unused(pool: &Pool, contract: &DriverContract) {
    let timeouts = &contract.timeout_policy;
    let idle = Duration::from_millis(timeouts.idle_ms.get());
    let lifetime = timeouts.lifetime_ms.map(|lifetime| Duration::from_millis(lifetime.get()));
    pool.retain(|_, metrics| {
        metrics.last_used() < idle && lifetime.is_none_or(|lifetime| metrics.age() < lifetime)
    });
}
