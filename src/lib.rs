//! A compiler and linter for driver contracts.

pub mod budget;
pub mod document;
pub mod finding;
pub mod model;
pub mod report;
pub mod rules;
pub mod settings;
pub mod signature;
pub mod source;
pub mod workspace;
