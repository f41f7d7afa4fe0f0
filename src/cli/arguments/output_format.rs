//! Output formats on the command line, each with an optional file.

use std::{ffi::OsStr, path::PathBuf};

use clap::{
    ValueEnum,
    builder::{EnumValueParser, PossibleValue, TypedValueParser},
};

use super::word;
use crate::{cli::input::STDIN, model::Vocabulary};

/// An output format, and optionally a file for the output: `FORMAT` or `FORMAT=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct FormatArgument<F> {
    pub(in crate::cli) format: F,
    pub(in crate::cli) file: Option<PathBuf>,
}

/// Returns a parser for a format of a vocabulary, with an optional file.
pub(super) fn format_word<F: Vocabulary + Send + Sync>()
-> impl TypedValueParser<Value = FormatArgument<F>> {
    FormatParser(word::<F>())
}

/// Returns a parser for a format of an enumeration, with an optional file.
pub(super) fn format_value<F: ValueEnum + Clone + Send + Sync + 'static>()
-> impl TypedValueParser<Value = FormatArgument<F>> {
    FormatParser(EnumValueParser::<F>::new())
}

/// Parses `FORMAT` or `FORMAT=FILE`. The inner parser parses the format. Help and completions list
/// the possible values of the inner parser.
#[derive(Clone)]
struct FormatParser<P>(P);

impl<P: TypedValueParser> TypedValueParser for FormatParser<P> {
    type Value = FormatArgument<P::Value>;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        // A value that is not UTF-8 is not a format either.
        let (format, file) = match value.to_str().and_then(|value| value.split_once('=')) {
            Some((format, file)) => (OsStr::new(format), Some(file)),
            None => (value, None),
        };
        let format = self.0.parse_ref(command, argument, format)?;
        let refused = file.and_then(refusal);
        let refuse = move |_: &str| -> Result<(), &'static str> { refused.map_or(Ok(()), Err) };
        refuse.parse_ref(command, argument, value)?;
        Ok(FormatArgument { format, file: file.map(PathBuf::from) })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}

/// Returns the reason why the text after `=` cannot name an output file, or `None` if it can.
fn refusal(file: &str) -> Option<&'static str> {
    match file {
        "" => Some("write the name of a file after `=`"),
        STDIN => Some("leave out `=-` to write to standard output"),
        _ => None,
    }
}
