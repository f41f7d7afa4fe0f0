//! Defines the error for a text that is not a signature.

use std::fmt;

/// The first error that a signature parser found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureError {
    /// The byte offset of the error.
    pub offset: usize,
    /// The key with the invalid value. `None` if the parser had not read a key yet.
    pub key: Option<String>,
    /// The message: one line of printable ASCII in lower case, without a full stop.
    pub message: String,
}

impl SignatureError {
    pub(super) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, key: None, message: message.into() }
    }

    /// Returns this error with its offset moved forward by `bytes`.
    pub(super) fn shifted(self, bytes: usize) -> Self {
        Self { offset: self.offset + bytes, ..self }
    }

    /// Returns this error as an error in the value of `key`, which starts at byte `start`.
    pub(super) fn within(self, key: &str, start: usize) -> Self {
        Self { key: Some(key.to_owned()), ..self.shifted(start) }
    }
}

/// Writes, for example, ``byte 77, `max_in_flight`: `020` has a leading zero``.
impl fmt::Display for SignatureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, key, message } = self;
        match key {
            Some(key) => write!(formatter, "byte {offset}, `{key}`: {message}"),
            None => write!(formatter, "byte {offset}: {message}"),
        }
    }
}

impl std::error::Error for SignatureError {}
