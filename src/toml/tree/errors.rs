//! Passes syntax errors to a callback without storing them.
//!
//! A text can have as many errors as bytes. A stored error would take 88 bytes, and most errors
//! only follow from other errors. A second pass over the text therefore passes each error to a
//! callback.

use toml_parser::{ErrorSink, ParseError, Source, decoder::Encoding, parser::EventReceiver};

use super::grammar::{Grammar, Token};

/// The syntax errors of a text.
pub(crate) struct Errors<'s>(Grammar<'s>);

impl<'s> Errors<'s> {
    /// Returns the syntax errors of a text.
    pub(crate) fn new(text: &'s str) -> Self {
        Self(Grammar::new(text))
    }

    /// Calls `tell` for each error in source order. An unclosed bracket is reported after the
    /// errors in the text that follows the bracket.
    pub(crate) fn each(&self, mut tell: impl FnMut(ParseError)) {
        self.0.read(&mut Checker(self.0.source()), &mut tell);
    }
}

/// A receiver that checks every token and builds no tree.
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
