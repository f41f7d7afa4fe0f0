//! Writes the signature document: the signatures of a workspace, and its seal on request.

use crate::{
    model::{ContractDigest, DeclaredBudget, DriverContract, record::Literal},
    parallel,
    signature::{
        budget_signature, capability_matrix_signature, driver_signature, line::SignatureLine,
        parse_budget_signature, parse_capability_matrix_signature, parse_driver_signature,
        signature_digest,
    },
};

/// The kinds of the lines that form a seal. They describe all drivers together.
const SEAL: [&str; 2] = ["capability_matrix|", "digest|"];
const KIND: &str = "digest";

/// Returns the signature document that `driverc compile` writes, with LF line ends.
///
/// It contains the drivers sorted by name, then the budgets sorted by profile and scope. Each line
/// belongs to one item, so two branches that add items merge without a conflict of content.
///
/// The order of `drivers` and `budgets` does not matter, unless two drivers share a name or two
/// budgets share a profile and scope.
pub fn signature_document<'a>(
    drivers: impl IntoIterator<Item = &'a DriverContract>,
    budgets: impl IntoIterator<Item = &'a DeclaredBudget>,
) -> String {
    let mut drivers: Vec<_> = drivers.into_iter().collect();
    drivers.sort_by_key(|driver| &driver.name);
    let mut budgets: Vec<_> = budgets.into_iter().collect();
    budgets.sort_by_key(|budget| (budget.profile.label(), &budget.scope));

    let mut parts = lines(&drivers, |driver| driver_signature(driver));
    parts.extend(lines(&budgets, |budget| budget_signature(budget)));
    parts.concat()
}

/// Returns the signature document with its seal, as `driverc compile --seal` writes it.
///
/// The seal is the capability matrix and `digest|v1|sha256=<hex>`. The digest covers all bytes
/// before its line.
pub fn sealed_signature_document<'a>(
    drivers: impl IntoIterator<Item = &'a DriverContract>,
    budgets: impl IntoIterator<Item = &'a DeclaredBudget>,
) -> String {
    let drivers: Vec<_> = drivers.into_iter().collect();
    let mut document = signature_document(drivers.iter().copied(), budgets);
    seal(&mut document, drivers);
    document
}

/// Appends the seal to the signature document of these drivers.
pub(crate) fn seal<'a>(
    document: &mut String,
    drivers: impl IntoIterator<Item = &'a DriverContract>,
) {
    document.push_str(&capability_matrix_signature(drivers));
    document.push('\n');
    let digest = digest_line(signature_digest(document));
    document.push_str(&digest);
}

/// Returns true if a text has lines of a seal.
pub(crate) fn is_sealed(text: &str) -> bool {
    text.lines().any(is_seal)
}

/// Returns true if a line is part of a seal.
pub(crate) fn is_seal(line: &str) -> bool {
    SEAL.iter().any(|kind| line.starts_with(kind))
}

/// The number of signatures that one thread writes at a time. If there are fewer signatures, no
/// thread is started.
const SIGNATURES_PER_CHUNK: usize = 512;

/// Returns the signatures of values in chunks, with one signature per line.
fn lines<T: Sync>(values: &[T], signature: impl Fn(&T) -> String + Sync) -> Vec<String> {
    let tasks: Vec<_> = values.chunks(SIGNATURES_PER_CHUNK).collect();
    parallel::all(&tasks, |values| values.iter().map(|value| signature(value) + "\n").collect())
}

/// Returns the digest in the last line of a sealed signature document.
pub(crate) fn document_digest(document: &str) -> String {
    let digits = document.trim_end().rsplit_once('=').map_or("", |(_, digits)| digits);
    format!("sha256:{digits}")
}

/// Returns true if a line can be part of a signature document, in exactly the form that an encoder
/// writes.
pub(crate) fn is_signature(line: &str) -> bool {
    match line.split_once('|').map_or(line, |(kind, _)| kind) {
        "driver" => parse_driver_signature(line).is_ok(),
        "budget" => parse_budget_signature(line).is_ok(),
        "capability_matrix" => parse_capability_matrix_signature(line).is_ok(),
        KIND => line.strip_prefix("digest|v1|sha256=").is_some_and(is_hex_digest),
        _ => false,
    }
}

pub(super) fn is_hex_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn digest_line(digest: ContractDigest) -> String {
    let digits = digest.to_string().replacen("sha256:", "", 1);
    let mut line = SignatureLine::new(KIND);
    line.entry("sha256", Literal::Text(&digits));
    line.finish() + "\n"
}
