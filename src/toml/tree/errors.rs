//! What the grammar forbids in a text, told and not kept.
//!
//! A text may have as many errors as bytes, each of which would take 88 bytes, and most of them
//! only follow from others. So they are told one by one to whom wants to know them, and the text
//! is read again for it.

use toml_parser::{ErrorSink, ParseError, Source, decoder::Encoding, parser::EventReceiver};

use super::grammar::{Grammar, Token};

/// The errors of one text.
pub(crate) struct Errors<'s>(Grammar<'s>);

impl<'s> Errors<'s> {
    /// The errors of this text.
    pub(crate) fn new(text: &'s str) -> Self {
        Self(Grammar::new(text))
    }

    /// Tells each of them, in the order of the text but for brackets that are never closed: of
    /// those the parser tells after all that stands behind them.
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
