//! Encodes and parses the signature of a capability matrix, which lists each driver's capabilities.

use crate::{
    model::{Capabilities, ContractDigest, DriverContract, DriverName, record::Literal},
    signature::{SignatureError, fields::Fields, line::SignatureLine, signature_digest},
};

const KIND: &str = "capability_matrix";

/// Returns the signature of the drivers' capabilities: `capability_matrix|v1|<name>=…`, sorted by
/// name.
///
/// If several contracts share a name, only the first contract is included.
pub fn capability_matrix_signature<'a>(
    drivers: impl IntoIterator<Item = &'a DriverContract>,
) -> String {
    let mut rows: Vec<_> = drivers.into_iter().collect();
    // The sort is stable, so the first contract with a name stays first.
    rows.sort_by_key(|driver| &driver.name);
    rows.dedup_by_key(|driver| &driver.name);
    let mut line = SignatureLine::new(KIND);
    for driver in rows {
        line.entry(&driver.name, Literal::Capabilities(&driver.capabilities));
    }
    line.finish()
}

/// Parses the signature of a capability matrix into driver names and capabilities, sorted by name.
pub fn parse_capability_matrix_signature(
    signature: &str,
) -> Result<Vec<(DriverName, Capabilities)>, SignatureError> {
    let mut fields = Fields::open(signature, KIND)?;
    let mut rows: Vec<(DriverName, Capabilities)> = Vec::new();
    while let Some((start, name, capabilities)) = fields.entry::<DriverName, _>()? {
        if let Some((last, _)) = rows.last().filter(|(last, _)| *last >= name) {
            return Err(out_of_order(start, &name, last));
        }
        rows.push((name, capabilities));
    }
    Ok(rows)
}

/// Returns the digest of a capability matrix's signature.
pub fn capability_matrix_digest<'a>(
    drivers: impl IntoIterator<Item = &'a DriverContract>,
) -> ContractDigest {
    signature_digest(&capability_matrix_signature(drivers))
}

fn out_of_order(start: usize, name: &DriverName, last: &DriverName) -> SignatureError {
    let message = if name == last {
        format!("`{name}` appears twice")
    } else {
        format!("`{name}` comes before `{last}`")
    };
    SignatureError::new(start, message)
}
