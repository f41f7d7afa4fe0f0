//! Encodes model values as signatures, parses signatures and computes digests.
//!
//! Equal values have equal signatures, and different values have different signatures. A parser
//! accepts exactly the lines that its encoder writes. This module does not read or write files.

mod benchmark;
mod budget;
mod budget_result;
mod call;
mod capability_matrix;
mod change;
mod document;
mod driver;
mod error;
mod fields;
mod finding;
mod line;
mod percent;
mod requirement;
mod value;

use sha2::{Digest, Sha256};

use crate::model::ContractDigest;

#[cfg(feature = "render")]
pub(crate) use self::percent::encoded_template_text;
pub use self::{
    benchmark::{benchmark_digest, benchmark_signature, parse_benchmark_signature},
    budget::{budget_digest, budget_signature, parse_budget_signature},
    budget_result::{budget_result_digest, budget_result_signature, parse_budget_result_signature},
    capability_matrix::{
        capability_matrix_digest, capability_matrix_signature, parse_capability_matrix_signature,
    },
    change::{ChangedField, changed_fields},
    document::{sealed_signature_document, signature_document},
    driver::{driver_digest, driver_signature, parse_driver_signature},
    error::SignatureError,
    finding::{FindingSignature, parse_finding_signature},
};
pub(crate) use self::{
    call::call_signature,
    document::{document_digest, is_seal, is_sealed, is_signature, seal},
    finding::{NamedDeclaration, finding_signature, split_figure},
    requirement::requirement_signature,
};

/// Returns the SHA-256 digest of a signature, without its line end.
pub fn signature_digest(signature: &str) -> ContractDigest {
    ContractDigest(Sha256::digest(signature).into())
}

#[cfg(test)]
mod tests;
