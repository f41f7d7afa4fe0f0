//! Why a text is not a signature.

use std::fmt;

/// The first thing that keeps a text from being a signature of the expected kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureError {
    /// Where it is: the number of bytes before it.
    pub offset: usize,
    /// The key whose value is at fault; none where no key was read yet.
    pub key: Option<String>,
    /// What is wrong: one line of printable ASCII, lower case, no final stop.
    pub message: String,
}

impl SignatureError {
    pub(super) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, key: None, message: message.into() }
    }

    /// The same fault, `bytes` further on.
    pub(super) fn shifted(self, bytes: usize) -> Self {
        Self { offset: self.offset + bytes, ..self }
    }

    /// The same fault, found in the value of `key` that begins at byte `start`.
    pub(super) fn within(self, key: &str, start: usize) -> Self {
        Self { key: Some(key.to_owned()), ..self.shifted(start) }
    }
}

/// ``byte 77, `max_in_flight`: `020` has a leading zero``.
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
