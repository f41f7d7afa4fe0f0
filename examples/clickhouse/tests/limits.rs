//! The limits of the contract, measured at a server that accepts connections and never answers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use contract::DriverContract;
use driverc_clickhouse::{ClickHouse, Failure};
use tokio::{
    io::AsyncReadExt,
    net::TcpListener,
    task::JoinSet,
    time::{sleep, timeout},
};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The most time that a busy machine adds to a limit.
const SLACK: Duration = Duration::from_millis(400);

fn events() -> DriverContract {
    contract::load(PROJECT, "events").unwrap()
}

/// Starts a server, and returns its address and the requests that it has received.
async fn silent_server() -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut bytes = vec![0; 4096];
                let length = stream.read(&mut bytes).await.unwrap();
                sender.send(String::from_utf8_lossy(&bytes[..length]).into_owned()).unwrap();
                // Keeps the connection open.
                sleep(Duration::from_secs(60)).await;
            });
        }
    });
    (url, requests)
}

async fn attempt(server: Arc<ClickHouse>) -> (Failure, Duration) {
    let start = Instant::now();
    let query = async |client: &clickhouse::Client| client.query("SELECT 1").execute().await;
    (server.attempt(query).await.unwrap_err(), start.elapsed())
}

fn assert_within(real: Duration, limit: Duration) {
    assert!((limit..limit + SLACK).contains(&real), "{real:?} instead of {limit:?}");
}

#[tokio::test]
async fn each_request_has_the_limits_of_its_contract() {
    let contract = events();
    let (slots, queue) = (contract.max_in_flight.get(), contract.max_queue_depth.get());
    let (url, mut requests) = silent_server().await;
    let server = Arc::new(ClickHouse::new(&contract, &url).unwrap());
    let mut crowd = JoinSet::new();
    for _ in 0..slots + queue + 5 {
        crowd.spawn(attempt(Arc::clone(&server)));
    }
    let (mut timed_out, mut waited, mut full) = (0, 0, 0);
    for (failure, time) in crowd.join_all().await {
        match failure {
            Failure::TimedOut => {
                timed_out += 1;
                assert_within(time, contract::attempt_limit(&contract));
            }
            Failure::NoSlot => {
                waited += 1;
                assert_within(time, contract::wait_limit(&contract));
            }
            Failure::QueueFull => {
                full += 1;
                assert_within(time, Duration::ZERO);
            }
            Failure::Client(error) => panic!("{error}"),
        }
    }
    assert_eq!((timed_out, waited, full), (slots, queue, 5));
    let mut received = 0;
    while let Ok(request) = requests.try_recv() {
        received += 1;
        assert!(request.contains("max_execution_time=1.5"), "{request}");
    }
    assert_eq!(received, slots, "no more requests than slots reach the server");
}

#[tokio::test]
async fn connection_that_nothing_accepts_fails_within_its_limit() {
    let contract = events();
    // A network without hosts, reserved for documentation (RFC 5737).
    let server = ClickHouse::new(&contract, "http://192.0.2.1:8123").unwrap();
    let connect = Duration::from_millis(contract.timeout_policy.connect_ms.get());
    let (failure, time) = timeout(2 * connect, attempt(Arc::new(server))).await.unwrap();
    assert!(matches!(failure, Failure::Client(_)), "{failure}");
    assert!(time < connect + SLACK, "{time:?}");
}
