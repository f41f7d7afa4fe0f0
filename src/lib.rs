//! A compiler and linter for driver contracts.

pub mod finding;
pub mod model;
pub mod source;
