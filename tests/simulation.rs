//! The simulator against whole runs, theory and its own laws.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "simulation/laws.rs"]
mod laws;
#[path = "simulation/load.rs"]
mod load;
#[path = "simulation/theory.rs"]
mod theory;
#[path = "simulation/vectors.rs"]
mod vectors;
