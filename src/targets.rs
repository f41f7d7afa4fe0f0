//! Real configurations of clients and proxies: written from contracts, read back, and compared.
//!
//! Each target is a const table, from which `emit`, `adopt`, `verify` and the documentation pages
//! are derived. Everything here is pure: text in, text and findings out.

mod adopt;
mod algebra;
mod conversion;
mod draft;
mod emit;
mod grpc;
mod kafka;
mod notation;
mod object_store;
mod options;
mod page;
mod pgbouncer;
mod read;
mod rust;
pub mod syntax;
mod table;
mod texts;
mod values;
mod verify;
mod version;

pub use self::{
    adopt::{Adopted, Adoption, adopt},
    conversion::Conversion,
    emit::{Emission, emit},
    notation::Notation,
    options::TargetOptions,
    page::{index, page},
    table::{
        Behaviour, Dialect, Fidelity, Gap, Looseness, Presence, RefusedSettings, Setting,
        TargetTable, ValueRange,
    },
    values::SettingValues,
    verify::{Drift, Verification, public_text, verify},
    version::{InvalidVersion, Version},
};

/// All targets, by name.
pub static TARGETS: &[&TargetTable] =
    &[&kafka::KAFKA, &grpc::GRPC, &object_store::OBJECT_STORE, &pgbouncer::PGBOUNCER, &rust::RUST];

/// Returns the target with this name.
pub fn find(name: &str) -> Option<&'static TargetTable> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
