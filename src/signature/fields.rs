//! Parses the fields of a signature in their fixed order.

use crate::{
    model::{
        Bounded, Capabilities, ContractDigest, Date, DriverName, Field, LatencyUnit, Scope,
        StatedLatency, Text, Unit, Vocabulary,
        record::{Answer, Need, Record, RecordReader, Scalar, answers},
    },
    signature::{SignatureError, line::VERSION, value::CanonicalValue},
};

/// The unread fields of a signature.
pub(super) struct Fields<'a> {
    line: &'a str,
    /// The start of the next part. One past the length of the line if no part is left.
    offset: usize,
    /// The first error in a record.
    error: Option<SignatureError>,
}

/// Parses a signature into a record.
pub(super) fn parse<T: Record>(line: &str, kind: &str) -> Result<T, SignatureError> {
    let mut fields = Fields::open(line, kind)?;
    let record = T::read(&mut fields);
    match (fields.error.take(), record) {
        (None, Some(record)) => fields.finish().map(|()| record),
        (Some(error), _) => Err(error),
        (None, None) => Err(fields.expected("a record")),
    }
}

impl<'a> Fields<'a> {
    /// Reads the kind and the version.
    pub(super) fn open(line: &'a str, kind: &str) -> Result<Self, SignatureError> {
        only_visible_ascii(line)?;
        let mut fields = Self { line, offset: 0, error: None };
        fields.word(kind)?;
        fields.word(VERSION)?;
        Ok(fields)
    }

    /// Reads a required field, which must come next.
    pub(super) fn expect<V: CanonicalValue>(&mut self, field: Field) -> Result<V, SignatureError> {
        self.next(field)?.ok_or_else(|| self.expected(&format!("`{}`", field.path())))
    }

    /// Reads a field if it comes next.
    fn next<V: CanonicalValue>(&mut self, field: Field) -> Result<Option<V>, SignatureError> {
        self.raw(field).map(|(key, raw)| self.value(key, raw)).transpose()
    }

    /// Returns the key and the raw value of a field if it comes next.
    fn raw(&self, field: Field) -> Option<(&'a str, &'a str)> {
        self.part()?.split_once('=').filter(|(key, _)| *key == field.path())
    }

    /// Reads an optional field if it comes next. `retry_budget_min` requires `retry_budget_percent`
    /// before it.
    fn optional_value<V: CanonicalValue>(
        &mut self,
        field: Field,
    ) -> Result<Option<V>, SignatureError> {
        let value = self.next(field)?;
        let comes_alone = field == Field::RetryBudgetPercent
            && value.is_none()
            && self.raw(Field::RetryBudgetMin).is_some();
        if comes_alone {
            return Err(self.expected(&format!("`{}`", field.path())));
        }
        Ok(value)
    }

    /// Reads a field of a record. Stores the error if the field is invalid.
    fn ask<V: CanonicalValue>(&mut self, field: Field, need: Need) -> Answer<V> {
        if self.error.is_some() {
            return Answer::Fault;
        }
        let value = match need {
            Need::Required => self.expect(field).map(Some),
            Need::Optional => self.optional_value(field),
        };
        match value {
            Ok(value) => value.map_or(Answer::Absent, Answer::Value),
            Err(error) => {
                self.error = Some(error);
                Answer::Fault
            }
        }
    }

    /// Reads a latency of a record. The latency is in milliseconds if it is a whole number of
    /// milliseconds, otherwise in microseconds under the field's twin key.
    fn ask_latency<const MIN: u64>(
        &mut self,
        field: Field,
        need: Need,
    ) -> Answer<StatedLatency<MIN>> {
        let twin = field.twin().filter(|_| self.error.is_none());
        let part = self.part().and_then(|part| part.split_once('='));
        let Some((key, raw)) = part.filter(|(key, _)| twin == Some(*key)) else {
            return self.ask(field, need).map(StatedLatency::of_millis);
        };
        let start = self.offset;
        let latency = self.value(key, raw).map(StatedLatency::of_micros).and_then(|latency| {
            let ms = latency.ms();
            match latency.canonical().unit() {
                LatencyUnit::Microseconds => Ok(latency),
                LatencyUnit::Milliseconds => {
                    let message = format!("`{key}={raw}` is written `{}={ms}`", field.path());
                    Err(SignatureError::new(start, message))
                }
            }
        });
        match latency {
            Ok(latency) => Answer::Value(latency),
            Err(error) => {
                // Messages are ASCII.
                let message = error.message.replace('\u{b5}', "u");
                self.error = Some(SignatureError { message, ..error });
                Answer::Fault
            }
        }
    }

    /// Reads the next field, and returns its offset, key and value.
    pub(super) fn entry<K: CanonicalValue, V: CanonicalValue>(
        &mut self,
    ) -> Result<Option<(usize, K, V)>, SignatureError> {
        let (start, Some(part)) = (self.offset, self.part()) else { return Ok(None) };
        let Some((key, raw)) = part.split_once('=') else {
            return Err(self.expected("a key with `=`"));
        };
        let name = K::read(key).map_err(|error| error.within(key, start))?;
        Ok(Some((start, name, self.value(key, raw)?)))
    }

    /// Checks that no part is left.
    pub(super) fn finish(self) -> Result<(), SignatureError> {
        match self.part() {
            None => Ok(()),
            Some(_) => Err(self.expected("the end of the line")),
        }
    }

    /// Returns the text before the next `|`, or `None` at the end of the line.
    fn part(&self) -> Option<&'a str> {
        let rest = self.line.get(self.offset..)?;
        Some(rest.split_once('|').map_or(rest, |(part, _)| part))
    }

    fn word(&mut self, word: &str) -> Result<(), SignatureError> {
        if self.part() != Some(word) {
            return Err(self.expected(&format!("`{word}`")));
        }
        self.offset += word.len() + 1;
        Ok(())
    }

    /// Reads the value of the next part, `key=raw`.
    fn value<V: CanonicalValue>(&mut self, key: &str, raw: &str) -> Result<V, SignatureError> {
        let start = self.offset + key.len() + 1;
        self.offset = start + raw.len() + 1;
        V::read(raw).map_err(|error| error.within(key, start))
    }

    fn expected(&self, expected: &str) -> SignatureError {
        let found = match self.part() {
            None => "the line ends here".to_owned(),
            Some("") => "found nothing".to_owned(),
            Some(part) => format!("found `{}`", part.split_once('=').map_or(part, |(key, _)| key)),
        };
        let offset = self.offset.min(self.line.len());
        SignatureError::new(offset, format!("expected {expected}, {found}"))
    }
}

/// Reads records, and stops at the first error.
impl RecordReader for Fields<'_> {
    answers!(ask);

    fn latency<const MIN: u64>(&mut self, field: Field, need: Need) -> Answer<StatedLatency<MIN>> {
        self.ask_latency(field, need)
    }

    fn after_fault<T: Scalar>(&mut self, _field: Field) -> Option<T> {
        None
    }

    fn after_optional_fault<T>(&mut self, _field: Field) -> Option<Option<T>> {
        None
    }

    fn scope(&mut self, field: Field) -> Option<Scope> {
        match self.ask(field, Need::Required) {
            Answer::Value(scope) => Some(scope),
            Answer::Absent | Answer::Fault => None,
        }
    }

    /// Reads the fields of a table. A signature lists these fields at the same level as all other
    /// fields.
    fn record<T: Record>(&mut self, _field: Field) -> Option<T> {
        T::read(self)
    }
}

/// Rejects characters that a terminal could interpret when a message repeats them.
pub(super) fn only_visible_ascii(line: &str) -> Result<(), SignatureError> {
    match line.char_indices().find(|(_, character)| !character.is_ascii_graphic()) {
        None => Ok(()),
        Some((offset, character)) => {
            let number = u32::from(character);
            let message = format!("a signature must be visible ASCII, but contains U+{number:04X}");
            Err(SignatureError::new(offset, message))
        }
    }
}
