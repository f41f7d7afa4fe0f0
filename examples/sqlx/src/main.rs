//! Runs a query through a pool with the limits of the contract `orders`.

use std::error::Error;

use driverc_sqlx::Database;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let contract = contract::load(project, "orders")?;
    let database = Database::new(&contract, std::env::var("DATABASE_URL")?.parse()?)?;
    let query = async |pool: &sqlx::PgPool| sqlx::query_scalar("SELECT 1").fetch_one(pool).await;
    let one: i32 = database.attempt(query).await.map_err(|error| error as Box<dyn Error>)?;
    println!("{}: {one}", contract.name);
    Ok(())
}
