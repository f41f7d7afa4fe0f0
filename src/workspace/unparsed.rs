//! Collects the words of texts that could not be parsed. Each word might be the name of a lost
//! declaration.

use std::collections::BTreeSet;

use crate::{
    document::rules::{FILE_TOO_LARGE, PATH_OUTSIDE_PROJECT},
    finding::Finding,
    model::DriverName,
    source::{Location, Sources},
    toml::{
        rules::{INVALID_UTF8, SYNTAX},
        syntax::is_lfs_pointer,
    },
};

/// The words of texts that could not be parsed. Each word might be the name of a lost declaration.
#[derive(Debug, Default)]
pub(super) struct UnparsedWords {
    words: BTreeSet<String>,
    /// Whether a text was not read at all. Such a text might contain any name.
    anything: bool,
}

impl UnparsedWords {
    /// Collects the words of texts with syntax or encoding errors.
    pub(super) fn of(findings: &[Finding<Location>], sources: &Sources) -> Self {
        let mut unparsed = Self::default();
        let mut broken = BTreeSet::new();
        for finding in findings {
            unparsed.anything |= [&FILE_TOO_LARGE, &PATH_OUTSIDE_PROJECT].contains(&finding.rule);
            if finding.rule == &SYNTAX || finding.rule == &INVALID_UTF8 {
                broken.insert(finding.place.source);
            }
        }
        for source in broken {
            let Ok(text) = sources.source(source).text() else {
                unparsed.anything = true;
                continue;
            };
            unparsed.anything |= is_lfs_pointer(text);
            unparsed.add_words(text);
        }
        unparsed
    }

    fn add_words(&mut self, text: &str) {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        for word in text.split(|letter| !u8::try_from(letter).is_ok_and(is_part)) {
            // Longer words are not names.
            if !word.is_empty() && word.len() <= DriverName::MAX && !self.words.contains(word) {
                self.words.insert(word.to_owned());
            }
        }
    }

    /// Returns true if a text that was read contains all these words.
    pub(super) fn contains(&self, words: [&str; 3]) -> bool {
        !self.words.is_empty() && words.iter().all(|word| self.words.contains(*word))
    }

    /// Returns true if a declaration with this name might be lost.
    pub(super) fn may_hold(&self, name: &str) -> bool {
        self.anything || self.words.contains(name)
    }
}
