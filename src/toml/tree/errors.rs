//! Syntax errors, passed to a callback and not stored.
//!
//! A text can have as many errors as bytes. Stored errors would take 88 bytes each, and most of
//! them only follow from others. Therefore a second pass over the text passes them to a callback.

use toml_parser::{ErrorSink, ParseError, Source, decoder::Encoding, parser::EventReceiver};

use super::grammar::{Grammar, Token};

/// The errors of one text.
pub(crate) struct Errors<'s>(Grammar<'s>);

impl<'s> Errors<'s> {
    /// The errors of this text.
    pub(crate) fn new(text: &'s str) -> Self {
        Self(Grammar::new(text))
    }

    /// Calls `tell` for each error in the order of the text. Unclosed brackets come after the text
    /// that follows them.
    pub(crate) fn each(&self, mut tell: impl FnMut(ParseError)) {
        self.0.read(&mut Checker(self.0.source()), &mut tell);
    }
}

/// Looks into every token, and builds nothing.
struct Checker<'s>(Source<'s>);

impl EventReceiver for Checker<'_> {
    fn simple_key(
        &mut self,
        at: toml_parser::Span,
        encoding: Option<Encoding>,
        errors: &mut dyn ErrorSink,
    ) {
        if let Some(word) = Token::new(self.0, at, encoding) {
            word.key(errors);
        }
    }

    fn scalar(
        &mut self,
        at: toml_parser::Span,
        encoding: Option<Encoding>,
        errors: &mut dyn ErrorSink,
    ) {
        if let Some(word) = Token::new(self.0, at, encoding) {
            word.scalar(errors);
        }
    }

    fn comment(&mut self, at: toml_parser::Span, errors: &mut dyn ErrorSink) {
        if let Some(word) = Token::new(self.0, at, None) {
            word.comment(errors);
        }
    }

    fn newline(&mut self, at: toml_parser::Span, errors: &mut dyn ErrorSink) {
        if let Some(word) = Token::new(self.0, at, None) {
            word.newline(errors);
        }
    }
}
