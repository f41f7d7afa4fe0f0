//! Writes a signature.

use crate::{
    model::{
        Field, LatencyUnit, Vocabulary,
        record::{Literal, Record, RecordWriter},
    },
    signature::percent,
};

/// The version of the grammar and of the key order.
pub(super) const VERSION: &str = "v1";

/// A signature under construction.
pub(super) struct SignatureLine(String);

/// Returns the signature of a record.
pub(super) fn signature(kind: &str, record: &impl Record) -> String {
    let mut line = SignatureLine::new(kind);
    record.write(&mut line);
    line.finish()
}

impl SignatureLine {
    /// Starts a signature of this kind, without fields.
    pub(super) fn new(kind: &str) -> Self {
        Self(format!("{kind}|{VERSION}"))
    }

    /// Appends a field with any key.
    pub(super) fn entry(&mut self, key: &str, literal: Literal<'_>) {
        self.0.push('|');
        percent::encode(key, &mut self.0);
        self.0.push('=');
        push(literal, &mut self.0);
    }

    /// Returns the signature, without a line end.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

impl<'r> RecordWriter<'r> for SignatureLine {
    fn value(&mut self, field: Field, literal: Option<Literal<'r>>) {
        let Some(literal) = literal else { return };
        let key = if let Literal::Latency(us, _) = literal {
            field.key_in(LatencyUnit::canonical(us))
        } else {
            field.path()
        };
        self.entry(key, literal);
    }
}

/// Appends the canonical form of a value.
///
/// Only free text is percent-encoded, because no other value contains a byte that needs it.
pub(super) fn push(literal: Literal<'_>, line: &mut String) {
    match literal {
        Literal::Number(number, _) => line.push_str(&number.to_string()),
        Literal::Latency(us, _) => {
            line.push_str(&LatencyUnit::canonical(us).of_us(us).to_string());
        }
        Literal::Word(word) => line.push_str(word),
        Literal::Text(text) => percent::encode(text, line),
        Literal::Date(date) => line.push_str(&date.to_string()),
        Literal::Digest(digest) => line.push_str(&digest.to_string()),
        Literal::Scope(scope) => line.push_str(&scope.to_string()),
        Literal::Capabilities(capabilities) => {
            for (index, capability) in capabilities.iter().enumerate() {
                line.push_str(if index > 0 { "," } else { "" });
                line.push_str(capability.word());
            }
        }
        // Workloads, servers and calls have no signature.
        Literal::Flag(_)
        | Literal::Seeds(_)
        | Literal::Burst(_)
        | Literal::Trigger(_)
        | Literal::Operations(_)
        | Literal::Instances(_) => {}
    }
}
