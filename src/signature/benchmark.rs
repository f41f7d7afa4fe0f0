//! The signature of a benchmark sample.

use crate::{
    model::{Benchmark, ContractDigest},
    signature::{SignatureError, fields, line, signature_digest},
};

const KIND: &str = "benchmark";

/// The signature of a benchmark sample: `benchmark|v1|driver=…`, evidence last.
pub fn benchmark_signature(benchmark: &Benchmark) -> String {
    line::signature(KIND, benchmark)
}

/// The benchmark sample with this signature, or what keeps the line from being one.
pub fn parse_benchmark_signature(signature: &str) -> Result<Benchmark, SignatureError> {
    fields::parse(signature, KIND)
}

/// The digest of the sample's signature.
pub fn benchmark_digest(benchmark: &Benchmark) -> ContractDigest {
    signature_digest(&benchmark_signature(benchmark))
}
