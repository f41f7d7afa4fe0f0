//! A client of the crate `clickhouse` with the limits of its contract.
//!
//! | contract | client |
//! | --- | --- |
//! | `connect_ms`, `idle_ms` | the HTTP client |
//! | `request_ms` | `max_execution_time` on the server, and a timeout around each attempt |
//! | `max_in_flight`, `max_queue_depth`, `queue_ms` | semaphores around the client, which has no such limits |
//! | `lifetime_ms`, `retry_policy` | none: connections have no maximum age, and the client does not retry |

use std::{error::Error, fmt, time::Duration};

use clickhouse::Client;
use contract::{DriverContract, attempt_limit, run_limit, wait_limit};
use hyper_util::{
    client::legacy::{Client as HttpClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{sync::Semaphore, time::timeout};

/// A client, its slots, and the places of all requests in flight or in the queue.
pub struct ClickHouse {
    client: Client,
    places: Semaphore,
    slots: Semaphore,
    wait: Duration,
    attempt: Duration,
}

/// The reason why an attempt failed.
#[derive(Debug)]
pub enum Failure {
    /// The queue was full.
    QueueFull,
    /// No slot was free within `queue_ms`.
    NoSlot,
    /// The attempt took longer than `request_ms`.
    TimedOut,
    /// The client or the server failed.
    Client(clickhouse::error::Error),
}

impl ClickHouse {
    /// Creates a client, which connects when it is first used.
    pub fn new(contract: &DriverContract, url: &str) -> Result<Self, Box<dyn Error>> {
        let slots = usize::try_from(contract.max_in_flight.get())?;
        let queue = usize::try_from(contract.max_queue_depth.get())?;
        Ok(Self {
            client: client(contract).with_url(url),
            places: Semaphore::new(slots + queue),
            slots: Semaphore::new(slots),
            wait: wait_limit(contract),
            attempt: attempt_limit(contract),
        })
    }

    /// Runs one attempt within its time limit, including its wait for a slot. If the queue is full,
    /// it fails at once.
    pub async fn attempt<T>(
        &self,
        operation: impl AsyncFnOnce(&Client) -> clickhouse::error::Result<T>,
    ) -> Result<T, Failure> {
        let _place = self.places.try_acquire().map_err(|_| Failure::QueueFull)?;
        let attempt = async {
            let slot = timeout(self.wait, self.slots.acquire()).await;
            let _slot = slot.map_err(|_| Failure::NoSlot)?;
            operation(&self.client).await.map_err(Failure::Client)
        };
        timeout(self.attempt, attempt).await.unwrap_or(Err(Failure::TimedOut))
    }
}

/// Returns a client with the limits that it can carry itself.
fn client(contract: &DriverContract) -> Client {
    let timeouts = &contract.timeout_policy;
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(Duration::from_millis(timeouts.connect_ms.get())));
    let http = HttpClient::builder(TokioExecutor::new())
        .pool_idle_timeout(Duration::from_millis(timeouts.idle_ms.get()))
        .build(connector);
    let limit = run_limit(contract).as_secs_f64().to_string();
    Client::with_http_client(http).with_setting("max_execution_time", limit)
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QueueFull => formatter.write_str("the queue is full"),
            Self::NoSlot => formatter.write_str("no slot was free in time"),
            Self::TimedOut => formatter.write_str("the attempt took too long"),
            Self::Client(error) => error.fmt(formatter),
        }
    }
}

impl Error for Failure {}
