//! Words that a project declares.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::InvalidText;

/// A class, capability or profile of a project: `^[a-z][a-z0-9_]{0,30}$`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Word {
    /// The bytes of the word, followed by zeros. The bytes are ordered in the same way as the word.
    bytes: [u8; Self::MAX],
}

impl Word {
    /// The maximum number of characters.
    pub const MAX: usize = 31;
    /// The pattern of all words.
    pub const PATTERN: &'static str = "^[a-z][a-z0-9_]{0,30}$";

    /// Returns the word, or [`InvalidText::Pattern`] if the text does not match the pattern.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        let is_valid =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let text = text.as_bytes();
        let starts_with_letter = text.first().is_some_and(u8::is_ascii_lowercase);
        let mut bytes = [0; Self::MAX];
        match bytes.get_mut(..text.len()) {
            Some(start) if starts_with_letter && text.iter().all(|byte| is_valid(*byte)) => {
                start.copy_from_slice(text);
                Ok(Self { bytes })
            }
            _ => Err(InvalidText::Pattern { pattern: Self::PATTERN }),
        }
    }

    /// Returns the text of the word.
    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(Self::MAX);
        // All bytes are ASCII.
        std::str::from_utf8(&self.bytes[..end]).unwrap_or_default()
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Word {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        Self::new(text)
    }
}

impl TryFrom<String> for Word {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        Self::new(&text)
    }
}

impl From<Word> for String {
    fn from(word: Word) -> Self {
        word.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Word;

    proptest! {
        #[test]
        fn words_preserve_text_and_are_ordered_by_bytes(
            left in "[a-z][a-z0-9_]{0,30}",
            right in "[a-z][a-z0-9_]{0,30}",
        ) {
            let words = [&left, &right].map(|text| Word::new(text).unwrap());
            prop_assert_eq!(words[0].as_str(), &left);
            prop_assert_eq!(words[0].cmp(&words[1]), left.cmp(&right));
        }
    }

    #[test]
    fn word_with_invalid_characters_or_length_is_refused() {
        for text in ["", "1a", "_a", "A", "a-b", "a b", "é", "a\0", &"a".repeat(32)] {
            Word::new(text).expect_err(text);
        }
        Word::new(&"a".repeat(31)).unwrap();
    }
}
