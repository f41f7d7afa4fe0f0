//! Real configurations of clients and proxies: written from contracts, read back, and compared.
//!
//! Each target is a const table, from which `emit`, `adopt`, `verify` and the documentation pages
//! are derived. Everything here is pure: text in, text and findings out.

mod adopt;
mod algebra;
mod choice;
mod conversion;
mod declared;
mod draft;
mod emit;
mod envoy;
mod grpc;
mod hikari;
mod instances;
mod kafka;
mod notation;
mod object_store;
mod options;
mod page;
mod pgbouncer;
mod read;
mod resilience4j;
mod rust;
pub mod syntax;
mod table;
mod texts;
mod values;
mod verify;
mod version;

pub(crate) use self::declared::check_declared;
pub use self::{
    adopt::{Adopted, Adoption, adopt},
    choice::{InvalidChoice, TargetChoice},
    conversion::Conversion,
    emit::{Emission, emit, is_emitted},
    notation::Notation,
    options::TargetOptions,
    page::{index, page},
    table::{
        Behaviour, Dialect, Fidelity, Gap, Looseness, Presence, RefusedSettings, Setting,
        SubstituteValue, TargetTable, ValueRange,
    },
    values::SettingValues,
    verify::{Drift, Verification, public_text, verify},
    version::{InvalidVersion, Version},
};

/// All targets, by name.
pub static TARGETS: &[&TargetTable] = &[
    &kafka::KAFKA,
    &envoy::ENVOY,
    &grpc::GRPC,
    &object_store::OBJECT_STORE,
    &pgbouncer::PGBOUNCER,
    &hikari::HIKARI,
    &resilience4j::RESILIENCE4J,
    &rust::RUST,
];

/// Returns the target with this name.
pub fn find(name: &str) -> Option<&'static TargetTable> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
