//! The signature of a declared budget.

use crate::{
    model::{ContractDigest, DeclaredBudget},
    signature::{SignatureError, fields, line, signature_digest},
};

const KIND: &str = "budget";

/// The signature of one scope of a budget: `budget|v1|profile=…|scope=…` and the limits it sets.
pub fn budget_signature(budget: &DeclaredBudget) -> String {
    line::signature(KIND, budget)
}

/// The declared budget with this signature, or what keeps the line from being one.
pub fn parse_budget_signature(signature: &str) -> Result<DeclaredBudget, SignatureError> {
    fields::parse(signature, KIND)
}

/// The digest of the declared budget's signature.
pub fn budget_digest(budget: &DeclaredBudget) -> ContractDigest {
    signature_digest(&budget_signature(budget))
}
