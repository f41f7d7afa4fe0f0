//! Words of vocabularies on the command line.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::model::{BenchmarkProfile, Vocabulary};

/// Parses a word of a vocabulary. Help and completions list all words.
pub(super) fn word<V: Vocabulary + Send + Sync>() -> impl TypedValueParser<Value = V> {
    PossibleValuesParser::new(V::ALL.iter().map(Vocabulary::word))
        .try_map(|word| V::from_word(&word).ok_or("no such word"))
}

/// Parses a profile: a built-in profile, or any well-formed word, which the project must declare.
/// Help and completions list the built-in profiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProfileParser;

impl TypedValueParser for ProfileParser {
    type Value = BenchmarkProfile;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<BenchmarkProfile, clap::Error> {
        let profile = value.to_str().and_then(BenchmarkProfile::from_any);
        let listed = || word::<BenchmarkProfile>().parse_ref(command, argument, value);
        profile.map_or_else(listed, Ok)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let labels = BenchmarkProfile::ALL.iter().map(Vocabulary::word);
        Some(Box::new(labels.map(PossibleValue::new)))
    }
}
