//! Parses the canonical form of each value type.

use std::fmt;

use crate::{
    model::{
        Bounded, Capabilities, ContractDigest, Date, DriverCapability, DriverClass, DriverName,
        Scope, Text, Unit, Vocabulary,
    },
    signature::{SignatureError, percent},
};

/// A type with a single canonical form. `read` accepts only text that [`push`](super::line::push)
/// appends.
pub(super) trait CanonicalValue: Sized {
    /// Parses a canonical form. The offset of an error is relative to the start of `raw`.
    fn read(raw: &str) -> Result<Self, SignatureError>;
}

fn refuse(message: impl Into<String>) -> SignatureError {
    SignatureError::new(0, message)
}

/// Returns an error that quotes the value.
fn refuse_value(raw: &str, error: impl fmt::Display) -> SignatureError {
    refuse(format!("`{raw}` {error}"))
}

impl<U: Unit, const MIN: u64, const MAX: u64> CanonicalValue for Bounded<U, MIN, MAX> {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        if raw.is_empty() || !raw.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse_value(raw, "is not a whole number"));
        }
        if raw.len() > 1 && raw.starts_with('0') {
            return Err(refuse_value(raw, "has a leading zero"));
        }
        // A number that consists of digits fails to parse only if it exceeds 64 bits.
        let number = raw.parse().map_err(|_| {
            refuse(format!("{raw} is outside {MIN} to {MAX}{suffix}", suffix = U::SUFFIX))
        })?;
        Self::new(number).map_err(|error| refuse(error.to_string()))
    }
}

impl<V: Vocabulary> CanonicalValue for V {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        V::from_any(raw).ok_or_else(|| refuse(format!("`{raw}` is not a {}", V::NOUN)))
    }
}

impl CanonicalValue for Capabilities {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        let mut offset = 0;
        let mut capabilities = Self::default();
        let mut last = None;
        for word in raw.split(',').filter(|_| !raw.is_empty()) {
            let capability = DriverCapability::read(word).and_then(|next| in_order(last, next));
            let capability = capability.map_err(|error| error.shifted(offset))?;
            capabilities.insert(capability);
            last = Some(capability);
            offset += word.len() + 1;
        }
        Ok(capabilities)
    }
}

fn in_order(
    last: Option<DriverCapability>,
    next: DriverCapability,
) -> Result<DriverCapability, SignatureError> {
    match last {
        Some(last) if last == next => Err(refuse(format!("`{}` appears twice", next.label()))),
        Some(last) if last > next => {
            Err(refuse(format!("`{}` comes before `{}`", next.label(), last.label())))
        }
        _ => Ok(next),
    }
}

impl CanonicalValue for String {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        percent::decode(raw)
    }
}

impl<const MIN: usize, const MAX: usize> CanonicalValue for Text<MIN, MAX> {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        Self::new(percent::decode(raw)?).map_err(|error| refuse(format!("the value {error}")))
    }
}

impl CanonicalValue for DriverName {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        Self::new(raw).map_err(|error| refuse_value(raw, error))
    }
}

impl CanonicalValue for Scope {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        match raw.split_once(':') {
            None if raw == "all" => Ok(Self::All),
            Some(("class", label)) => DriverClass::read(label).map(Self::Class),
            Some(("driver", name)) => DriverName::read(name).map(Self::Driver),
            _ => Err(refuse_value(raw, "is not `all`, `class:` or `driver:` with a name")),
        }
    }
}

impl CanonicalValue for Date {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        raw.parse().map_err(|error| refuse_value(raw, error))
    }
}

impl CanonicalValue for ContractDigest {
    fn read(raw: &str) -> Result<Self, SignatureError> {
        raw.parse().map_err(|error| refuse_value(raw, error))
    }
}
