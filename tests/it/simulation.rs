//! The simulator against whole runs, theory and its own laws.
mod laws;
pub(crate) mod load;
mod theory;
mod vectors;
