//! The signature of a capability matrix: what each driver can do.

use crate::{
    model::{Capabilities, ContractDigest, DriverContract, DriverName, record::Literal},
    signature::{SignatureError, fields::Fields, line::SignatureLine, signature_digest},
};

const KIND: &str = "capability_matrix";

/// The signature of the drivers' capabilities: `capability_matrix|v1|<name>=…`, sorted by name.
///
/// Of several contracts with one name the first counts.
pub fn capability_matrix_signature<'a>(
    drivers: impl IntoIterator<Item = &'a DriverContract>,
) -> String {
    let mut rows: Vec<_> = drivers.into_iter().collect();
    // Those with one name stay in their order.
    rows.sort_by_key(|driver| &driver.name);
    rows.dedup_by_key(|driver| &driver.name);
    let mut line = SignatureLine::new(KIND);
    for driver in rows {
        line.entry(&driver.name, Literal::Capabilities(driver.capabilities));
    }
    line.finish()
}

/// The drivers of the matrix with this signature, sorted by name, with what each can do; or
/// what keeps the line from being one.
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

/// The digest of the capability matrix's signature.
pub fn capability_matrix_digest<'a>(
    drivers: impl IntoIterator<Item = &'a DriverContract>,
) -> ContractDigest {
    signature_digest(&capability_matrix_signature(drivers))
}

fn out_of_order(start: usize, name: &DriverName, last: &DriverName) -> SignatureError {
    let message = if name == last {
        format!("`{name}` stands twice")
    } else {
        format!("`{name}` comes before `{last}`")
    };
    SignatureError::new(start, message)
}
