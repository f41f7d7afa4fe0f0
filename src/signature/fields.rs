//! The reader of a signature: its fields in their one order.

use crate::{
    model::Field,
    signature::{SignatureError, line::VERSION, value::Value},
};

/// The fields of a signature that are not read yet.
pub(super) struct Fields<'a> {
    line: &'a str,
    /// Where the next part begins; one past the length when there is none.
    offset: usize,
}

impl<'a> Fields<'a> {
    /// Reads the kind and the version.
    pub(super) fn open(line: &'a str, kind: &str) -> Result<Self, SignatureError> {
        only_visible_ascii(line)?;
        let mut fields = Self { line, offset: 0 };
        fields.word(kind)?;
        fields.word(VERSION)?;
        Ok(fields)
    }

    /// The value of a field that must come next.
    pub(super) fn required<V: Value>(&mut self, field: Field) -> Result<V, SignatureError> {
        self.optional(field)?.ok_or_else(|| self.expected(&format!("`{}`", field.path())))
    }

    /// The value of a field, if it comes next.
    pub(super) fn optional<V: Value>(&mut self, field: Field) -> Result<Option<V>, SignatureError> {
        match self.part().and_then(|part| part.split_once('=')) {
            Some((key, raw)) if key == field.path() => self.value(key, raw).map(Some),
            _ => Ok(None),
        }
    }

    /// The next field with its key, whatever it is, and where it begins.
    pub(super) fn entry<K: Value, V: Value>(
        &mut self,
    ) -> Result<Option<(usize, K, V)>, SignatureError> {
        let (start, Some(part)) = (self.offset, self.part()) else { return Ok(None) };
        let Some((key, raw)) = part.split_once('=') else {
            return Err(self.expected("a key with `=`"));
        };
        let name = K::read(key).map_err(|error| error.within(key, start))?;
        Ok(Some((start, name, self.value(key, raw)?)))
    }

    /// Nothing is left.
    pub(super) fn finish(self) -> Result<(), SignatureError> {
        match self.part() {
            None => Ok(()),
            Some(_) => Err(self.expected("the end of the line")),
        }
    }

    /// What stands before the next `|`; none at the end of the line.
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

    /// Reads the value of the next part, which is `key=raw`.
    fn value<V: Value>(&mut self, key: &str, raw: &str) -> Result<V, SignatureError> {
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

/// So that no message repeats a character that a terminal would act upon.
fn only_visible_ascii(line: &str) -> Result<(), SignatureError> {
    match line.char_indices().find(|(_, character)| !character.is_ascii_graphic()) {
        None => Ok(()),
        Some((offset, character)) => {
            let number = u32::from(character);
            let message = format!("a signature is visible ASCII, without U+{number:04X}");
            Err(SignatureError::new(offset, message))
        }
    }
}
