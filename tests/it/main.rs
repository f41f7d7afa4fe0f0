//! All integration tests, with one module per subject.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod agreement {
    pub(crate) mod documents;
    pub(crate) mod mutations;
}
mod artefacts;
mod baseline;
mod budget;
mod builtin_benchmarks;
mod calls;
mod cli;
mod clients;
mod common {
    pub(crate) mod files;
    pub(crate) mod laws;
    pub(crate) mod strategies;
    #[cfg(unix)]
    pub(crate) mod trees;
    pub(crate) mod workloads;
}
mod contributing;
mod declarations;
mod declare;
mod diff;
mod diff_cli;
mod explain;
mod feasibility;
mod fixing;
mod fixtures;
mod fleets;
mod formats;
mod generated;
mod honest_samples;
mod import;
mod incidents;
mod laws;
mod limits;
mod lint;
mod missing_keys;
mod promise;
mod prose;
mod reading;
mod rules;
mod schema;
mod schema_agreement;
mod servers;
mod session;
mod settings;
mod settings_cli;
mod signatures;
mod simulation;
mod starter_sets;
mod targets;
mod templates;
#[cfg(unix)]
mod trees;
mod vocabulary;
mod workload;
