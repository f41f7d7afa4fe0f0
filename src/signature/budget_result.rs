//! Encodes and parses the signature of a budget result.

use crate::{
    model::{
        BudgetResult, ContractDigest, Field,
        record::{Literal, RecordWriter},
    },
    signature::{SignatureError, fields::Fields, line::SignatureLine, signature_digest},
};

const KIND: &str = "budget_result";

/// Returns the signature of a budget result: `budget_result|v1|driver=…`.
pub fn budget_result_signature(result: &BudgetResult) -> String {
    let BudgetResult { driver, profile, verdict, reason } = result;
    let mut line = SignatureLine::new(KIND);
    line.required(Field::Driver, driver);
    line.required(Field::Profile, profile);
    line.required(Field::Verdict, verdict);
    line.value(Field::Reason, Some(Literal::Text(reason)));
    line.finish()
}

/// Parses the signature of a budget result.
pub fn parse_budget_result_signature(signature: &str) -> Result<BudgetResult, SignatureError> {
    let mut fields = Fields::open(signature, KIND)?;
    let result = BudgetResult {
        driver: fields.expect(Field::Driver)?,
        profile: fields.expect(Field::Profile)?,
        verdict: fields.expect(Field::Verdict)?,
        reason: fields.expect(Field::Reason)?,
    };
    fields.finish()?;
    Ok(result)
}

/// Returns the digest of a budget result's signature.
pub fn budget_result_digest(result: &BudgetResult) -> ContractDigest {
    signature_digest(&budget_result_signature(result))
}
