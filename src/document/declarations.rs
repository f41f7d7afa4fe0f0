//! The declarations of one document.

use super::{
    BenchmarkDeclaration, BudgetDeclaration, CallDeclaration, CallerDeclaration, DriverDeclaration,
    RequirementDeclaration, ServerDeclaration, TemplateDeclaration, WaiverDeclaration,
    WorkloadDeclaration,
};

static NONE: OtherDeclarations = OtherDeclarations {
    templates: Vec::new(),
    nameless_template: false,
    servers: Vec::new(),
    budgets: Vec::new(),
    workloads: Vec::new(),
    benchmarks: Vec::new(),
    waivers: Vec::new(),
    callers: Vec::new(),
    nameless_caller: false,
    calls: Vec::new(),
    requirements: Vec::new(),
};

/// The declarations of one document.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    /// The drivers, in source order.
    pub drivers: Vec<DriverDeclaration>,
    /// Whether the document has a driver without a known name.
    pub nameless_driver: bool,
    /// All other declarations. `None` if there are none, as in most documents.
    others: Option<Box<OtherDeclarations>>,
}

/// The declarations of one document, except for drivers.
#[derive(Clone, Debug, Default)]
pub struct OtherDeclarations {
    /// The templates, in source order.
    pub templates: Vec<TemplateDeclaration>,
    /// Whether the document has a template without a known name.
    pub nameless_template: bool,
    /// The servers, in source order.
    pub servers: Vec<ServerDeclaration>,
    /// The budgets that set at least one limit, in source order.
    pub budgets: Vec<BudgetDeclaration>,
    /// The workloads that set at least one value, in source order.
    pub workloads: Vec<WorkloadDeclaration>,
    /// The benchmarks, in source order.
    pub benchmarks: Vec<BenchmarkDeclaration>,
    /// The waivers, in source order.
    pub waivers: Vec<WaiverDeclaration>,
    /// The callers, in source order.
    pub callers: Vec<CallerDeclaration>,
    /// Whether the document has a caller without a known name.
    pub nameless_caller: bool,
    /// The calls, in source order.
    pub calls: Vec<CallDeclaration>,
    /// The requirements, in source order.
    pub requirements: Vec<RequirementDeclaration>,
}

impl Declarations {
    /// Returns the declarations of a document that contains nothing but drivers.
    pub fn of_drivers(drivers: Vec<DriverDeclaration>) -> Self {
        Self { drivers, ..Self::default() }
    }

    /// Returns all declarations except for drivers.
    pub fn others(&self) -> &OtherDeclarations {
        self.others.as_deref().unwrap_or(&NONE)
    }

    /// Returns all declarations except for drivers. Returns `None` if there are none.
    pub fn into_others(self) -> Option<OtherDeclarations> {
        self.others.map(|others| *others)
    }

    /// Returns these drivers together with other declarations.
    #[must_use]
    pub fn with_others(self, others: OtherDeclarations) -> Self {
        Self { others: (!others.is_empty()).then(|| Box::new(others)), ..self }
    }
}

impl OtherDeclarations {
    /// Returns true if there are no declarations, not even one without a known name.
    pub fn is_empty(&self) -> bool {
        !self.nameless_template
            && !self.nameless_caller
            && self.templates.is_empty()
            && self.servers.is_empty()
            && self.budgets.is_empty()
            && self.workloads.is_empty()
            && self.benchmarks.is_empty()
            && self.waivers.is_empty()
            && self.callers.is_empty()
            && self.calls.is_empty()
            && self.requirements.is_empty()
    }
}
