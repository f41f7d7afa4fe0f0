//! Runs a query through a client with the limits of the contract `events`.

use std::error::Error;

use driverc_clickhouse::ClickHouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let contract = contract::load(project, "events")?;
    let server = ClickHouse::new(&contract, &std::env::var("CLICKHOUSE_URL")?)?;
    let query = async |client: &clickhouse::Client| client.query("SELECT 1").fetch_one().await;
    let one: u8 = server.attempt(query).await?;
    println!("{}: {one}", contract.name);
    Ok(())
}
