//! A compiler and linter for driver contracts.
//!
//! A driver contract is TOML that states what an asynchronous data driver promises. A budget states
//! what the driver must achieve. This library turns texts into findings and signatures, mostly with
//! pure functions over plain data:
//!
//! ```text
//! bytes ─► document ─► workspace ─► rules ─► findings ─► report
//!             │            │
//!             ▼            └─► signature, budget
//!           model
//! ```
//!
//! A module uses only the modules before it in this list: [`source`], [`model`], [`finding`],
//! [`toml`], [`configuration`], [`document`], [`workspace`], [`feasibility`], [`signature`],
//! [`rules`], [`lint`], [`fix`], [`targets`], [`project`], [`schema`], [`budget`],
//! [`mod@simulate`], [`builtin`], [`import`], [`diff`], [`report`], [`cli`].
//!
//! ```
//! use driverc::{Level, model::Date, project::Project};
//!
//! let today: Date = "2026-11-29".parse()?;
//! let checked = Project::open(".")?.check(today)?;
//! assert!(checked.findings.open.iter().all(|finding| finding.level < Level::Error));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Contracts are plain values. Each has a signature:
//!
//! ```
//! let drivers = driverc::supported_drivers();
//! assert!(driverc::contracts_consistent(&drivers));
//! let line = driverc::driver_signature(&drivers[0]);
//! assert_eq!(driverc::parse_driver_signature(&line).as_ref(), Ok(&drivers[0]));
//! ```

#![cfg_attr(
    not(feature = "cli"),
    allow(dead_code, unused_imports, reason = "some items are used only by the command")
)]

mod binomial;
pub mod boundary;
pub mod budget;
pub mod builtin;
#[cfg(feature = "cli")]
pub mod cli;
pub mod configuration;
mod consistency;
pub mod diff;
pub mod document;
#[cfg(feature = "render")]
pub mod explain;
pub mod feasibility;
pub mod finding;
pub mod fix;
#[cfg(feature = "import")]
pub mod import;
pub mod lint;
pub mod model;
mod parallel;
pub mod project;
#[cfg(feature = "render")]
pub mod report;
#[cfg(feature = "fs")]
mod repository;
pub mod rules;
#[cfg(feature = "schema")]
pub mod schema;
pub mod signature;
pub mod simulate;
pub mod source;
#[cfg(feature = "targets")]
pub mod targets;
pub mod toml;
pub mod workspace;

pub use self::{
    budget::{budget_failures, evaluate_budgets},
    builtin::{
        clickhouse_async_driver, default_budgets, kafka_async_driver, object_store_async_driver,
        postgres_async_driver, run_enterprise_benchmarks, supported_drivers,
    },
    consistency::{contracts_consistent, timeout_retry_telemetry_parity},
    finding::{Finding, Level, Rule},
    model::{
        Benchmark, BenchmarkProfile, Budget, BudgetResult, Capabilities, DeclaredBudget,
        DriverCapability, DriverClass, DriverContract, DriverName, RetryPolicy, Scope,
        TelemetryProfile, TimeoutPolicy, Verdict,
    },
    signature::{
        benchmark_digest, benchmark_signature, budget_digest, budget_result_digest,
        budget_result_signature, budget_signature, capability_matrix_digest,
        capability_matrix_signature, driver_digest, driver_signature, parse_benchmark_signature,
        parse_budget_result_signature, parse_budget_signature, parse_capability_matrix_signature,
        parse_driver_signature, parse_finding_signature, sealed_signature_document,
        signature_document,
    },
    simulate::{SimulationError, benchmark, simulate},
    workspace::Workspace,
};
