//! Encodes and parses the signature of a driver contract.

use crate::{
    model::{ContractDigest, DriverContract},
    signature::{SignatureError, fields, line, signature_digest},
};

const KIND: &str = "driver";

/// Returns the signature of a driver contract: `driver|v1|name=…`.
pub fn driver_signature(driver: &DriverContract) -> String {
    line::signature(KIND, driver)
}

/// Parses the signature of a driver contract.
pub fn parse_driver_signature(signature: &str) -> Result<DriverContract, SignatureError> {
    fields::parse(signature, KIND)
}

/// Returns the digest of a contract's signature.
pub fn driver_digest(driver: &DriverContract) -> ContractDigest {
    signature_digest(&driver_signature(driver))
}
