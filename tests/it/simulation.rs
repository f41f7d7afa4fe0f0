//! Compares the simulator with reference runs, queueing theory and its own laws.
mod client_limits;
pub(crate) mod laws;
pub(crate) mod load;
mod metastable;
mod server_laws;
mod server_theory;
mod storms;
mod theory;
mod vectors;
