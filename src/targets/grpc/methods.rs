//! Checks the lists of methods and status codes of a service config.

use std::collections::BTreeSet;

use serde_json::Value;

use super::CODES;
use crate::targets::syntax::{Entry, Parsed, SyntaxFault, is_placeholder};

/// The status codes that gRPC's C core reads.
const STATUS_CODES: [&str; 17] = [
    "ABORTED",
    "ALREADY_EXISTS",
    "CANCELLED",
    "DATA_LOSS",
    "DEADLINE_EXCEEDED",
    "FAILED_PRECONDITION",
    "INTERNAL",
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "OK",
    "OUT_OF_RANGE",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "UNAUTHENTICATED",
    "UNAVAILABLE",
    "UNIMPLEMENTED",
    "UNKNOWN",
];

/// Adds faults for lists that gRPC refuses, and leaves out values that are `null`.
pub(super) fn checked(parts: &mut [Parsed]) {
    let mut paths = BTreeSet::new();
    for part in parts {
        part.entries.retain(|entry| !is_null(entry));
        let lists = part.entries.iter().filter(|entry| !is_placeholder(&entry.value));
        let faults: Vec<_> = lists.filter_map(|entry| fault(entry, &mut paths)).collect();
        part.faults.extend(faults);
    }
}

/// Returns true if a value is `null`, without quotation marks.
fn is_null(entry: &Entry) -> bool {
    entry.value == "null" && entry.value_span.range().len() == entry.value.len()
}

/// Returns the reason why gRPC refuses a list.
fn fault(entry: &Entry, paths: &mut BTreeSet<String>) -> Option<SyntaxFault> {
    let items = || serde_json::from_str::<Vec<Value>>(&entry.value).ok();
    let message = match &*entry.key {
        "name" => items()?.iter().find_map(|item| refused_name(item, paths)),
        CODES => {
            let is_code = |item: &Value| item.as_str().is_some_and(|it| STATUS_CODES.contains(&it));
            let message = "a status code must be a name in capitals, such as `\"UNAVAILABLE\"`";
            (!items()?.iter().all(is_code)).then_some(message)
        }
        _ => None,
    };
    message.map(|message| SyntaxFault { message, span: entry.value_span })
}

/// Returns the reason why gRPC refuses a method. `paths` contains the paths of the methods above it.
fn refused_name(item: &Value, paths: &mut BTreeSet<String>) -> Option<&'static str> {
    let Value::Object(members) = item else {
        return Some("a method in `name` must be an object");
    };
    let member = |name: &str| members.get(name).filter(|value| !value.is_null());
    let (service, method) = (member("service"), member("method"));
    if [service, method].into_iter().flatten().any(|value| !value.is_string()) {
        return Some("`service` and `method` must be texts");
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let path = match text(service) {
        _ if service.is_none() && method.is_some() => return Some("`method` needs `service`"),
        service if service.is_empty() => service,
        service => format!("{service}/{}", text(method)),
    };
    let message = "`name` must not contain a method that occurs in a `name` above it, or twice";
    (!paths.insert(path)).then_some(message)
}
