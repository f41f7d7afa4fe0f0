//! Signatures: the canonical line of a model value, the way back, and digests.
//!
//! Equal values have equal signatures and different values different ones. A parser accepts
//! exactly the lines that its encoder writes. Knows nothing of files.

mod benchmark;
mod budget;
mod budget_result;
mod capability_matrix;
mod change;
mod document;
mod driver;
mod error;
mod fields;
mod line;
mod percent;
mod value;

use sha2::{Digest, Sha256};

use crate::model::ContractDigest;

pub(crate) use self::document::{document_digest, is_signature};
pub use self::{
    benchmark::{benchmark_digest, benchmark_signature, parse_benchmark_signature},
    budget::{budget_digest, budget_signature, parse_budget_signature},
    budget_result::{budget_result_digest, budget_result_signature, parse_budget_result_signature},
    capability_matrix::{
        capability_matrix_digest, capability_matrix_signature, parse_capability_matrix_signature,
    },
    change::{ChangedField, changed_fields},
    document::signature_document,
    driver::{driver_digest, driver_signature, parse_driver_signature},
    error::SignatureError,
};

/// The SHA-256 digest of a signature's bytes; the line end is not part of a signature.
pub fn signature_digest(signature: &str) -> ContractDigest {
    ContractDigest(Sha256::digest(signature).into())
}

#[cfg(test)]
mod tests;
