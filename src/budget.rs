//! Budgets against benchmarks: which limits a driver breaks, and which scope set them.
//!
//! Pure functions over the model; knows nothing of files.

mod effective;
mod evaluation;

pub use self::{
    effective::{EffectiveBudget, Setting},
    evaluation::{budget_failures, evaluate, evaluate_budgets},
};
