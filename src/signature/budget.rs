//! Encodes and parses the signature of a declared budget.

use crate::{
    model::{ContractDigest, DeclaredBudget},
    signature::{SignatureError, fields, line, signature_digest},
};

const KIND: &str = "budget";

/// Returns the signature of one budget scope: `budget|v1|profile=…|scope=…`, then its limits.
pub fn budget_signature(budget: &DeclaredBudget) -> String {
    line::signature(KIND, budget)
}

/// Parses the signature of a declared budget.
pub fn parse_budget_signature(signature: &str) -> Result<DeclaredBudget, SignatureError> {
    fields::parse(signature, KIND)
}

/// Returns the digest of a declared budget's signature.
pub fn budget_digest(budget: &DeclaredBudget) -> ContractDigest {
    signature_digest(&budget_signature(budget))
}
