//! Encodes and parses the signature of a benchmark.

use crate::{
    model::{Benchmark, ContractDigest},
    signature::{SignatureError, fields, line, signature_digest},
};

const KIND: &str = "benchmark";

/// Returns the signature of a benchmark: `benchmark|v1|driver=…`, with the `[evidence]` fields
/// last.
pub fn benchmark_signature(benchmark: &Benchmark) -> String {
    line::signature(KIND, benchmark)
}

/// Parses the signature of a benchmark.
pub fn parse_benchmark_signature(signature: &str) -> Result<Benchmark, SignatureError> {
    fields::parse(signature, KIND)
}

/// Returns the digest of a benchmark's signature.
pub fn benchmark_digest(benchmark: &Benchmark) -> ContractDigest {
    signature_digest(&benchmark_signature(benchmark))
}
