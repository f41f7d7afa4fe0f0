//! The signature of a declared budget.

use crate::{
    model::{ContractDigest, DeclaredBudget, Field},
    signature::{SignatureError, fields::Fields, line::Line, signature_digest},
};

const KIND: &str = "budget";

/// The signature of one scope of a budget: `budget|v1|profile=…|scope=…` and the limits it sets.
pub fn budget_signature(budget: &DeclaredBudget) -> String {
    let DeclaredBudget {
        profile,
        scope,
        max_p95_latency_ms,
        max_timeout_rate_bps,
        max_retry_rate_bps,
        min_throughput_ops_per_sec,
    } = budget;
    Line::new(KIND)
        .field(Field::Profile, profile)
        .field(Field::Scope, scope)
        .optional(Field::MaxP95LatencyMs, max_p95_latency_ms.as_ref())
        .optional(Field::MaxTimeoutRateBps, max_timeout_rate_bps.as_ref())
        .optional(Field::MaxRetryRateBps, max_retry_rate_bps.as_ref())
        .optional(Field::MinThroughputOpsPerSec, min_throughput_ops_per_sec.as_ref())
        .finish()
}

/// The declared budget with this signature, or what keeps the line from being one.
pub fn parse_budget_signature(signature: &str) -> Result<DeclaredBudget, SignatureError> {
    let mut fields = Fields::open(signature, KIND)?;
    let budget = DeclaredBudget {
        profile: fields.required(Field::Profile)?,
        scope: fields.required(Field::Scope)?,
        max_p95_latency_ms: fields.optional(Field::MaxP95LatencyMs)?,
        max_timeout_rate_bps: fields.optional(Field::MaxTimeoutRateBps)?,
        max_retry_rate_bps: fields.optional(Field::MaxRetryRateBps)?,
        min_throughput_ops_per_sec: fields.optional(Field::MinThroughputOpsPerSec)?,
    };
    fields.finish()?;
    Ok(budget)
}

/// The digest of the declared budget's signature.
pub fn budget_digest(budget: &DeclaredBudget) -> ContractDigest {
    signature_digest(&budget_signature(budget))
}
