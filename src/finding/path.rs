//! The places of findings: declarations and their fields.
//!
//! This module is independent of documents and bytes.

use crate::model::{
    BenchmarkProfile, DeclaredBudget, DeclaredWorkload, DriverName, Field, Scope, ServerName,
    TemplateName,
};

/// The identity of a declaration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeclarationId {
    /// `[driver.<name>]`.
    Driver(DriverName),
    /// A scope of `[budget.<profile>]`.
    Budget(BenchmarkProfile, Scope),
    /// A scope of `[workload.<profile>]`.
    Workload(BenchmarkProfile, Scope),
    /// The `[[benchmark]]` with this index in the whole workspace, from 0.
    Benchmark(usize),
    /// The `[[waiver]]` with this index in the whole workspace, from 0.
    Waiver(usize),
    /// `[template.<name>]`.
    Template(TemplateName),
    /// `[server.<name>]`.
    Server(ServerName),
    /// A driver's number of instances, which `[server.<name>.instances]` declares.
    Instances(ServerName, DriverName),
    /// `[caller.<name>]`.
    Caller(DriverName),
    /// The `[[call]]` with this index in the whole workspace, from 0.
    Call(usize),
    /// The `[[requirement]]` with this index in the whole workspace, from 0.
    Requirement(usize),
}

/// A declaration, or one of its fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContractPath {
    /// The declaration.
    pub subject: DeclarationId,
    /// The field. `None` means the whole declaration.
    pub field: Option<Field>,
}

impl DeclarationId {
    /// Returns the identity of a budget.
    pub fn budget(declared: &DeclaredBudget) -> Self {
        Self::Budget(declared.profile, declared.scope.clone())
    }

    /// Returns the identity of a workload.
    pub fn workload(declared: &DeclaredWorkload) -> Self {
        Self::Workload(declared.profile, declared.scope.clone())
    }

    /// Returns the path of the whole declaration.
    pub const fn whole(self) -> ContractPath {
        ContractPath { subject: self, field: None }
    }

    /// Returns the path of one field of the declaration.
    pub const fn at(self, field: Field) -> ContractPath {
        ContractPath { subject: self, field: Some(field) }
    }
}
