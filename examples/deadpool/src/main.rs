//! Runs a query through a pool with the limits of the contract `billing`.

use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let contract = contract::load(project, "billing")?;
    let pool = driverc_deadpool::pool(&contract, std::env::var("DATABASE_URL")?.parse()?)?;
    let query = async { pool.get().await?.query_one("SELECT 1", &[]).await.map_err(Into::into) };
    let row: Result<_, Box<dyn Error>> =
        tokio::time::timeout(contract::attempt_limit(&contract), query).await?;
    println!("{}: {}", contract.name, row?.get::<_, i32>(0));
    Ok(())
}
