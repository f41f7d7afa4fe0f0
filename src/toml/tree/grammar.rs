//! Parses TOML into events for any receiver, and decodes the tokens of the text.

use std::borrow::Cow;

use toml_parser::{
    ErrorSink, ParseError, Raw, Source,
    decoder::{Encoding, IntegerRadix, ScalarKind},
    lexer::Token as LexerToken,
    parser::{EventReceiver, RecursionGuard, parse_document},
};

use super::ValueKind;

/// The maximum nesting depth of arrays and inline tables. A contract needs three levels.
const MAX_NESTING: u32 = 80;

/// A text split into tokens. A token takes 24 bytes, and a text can have one token per byte.
pub(super) struct Grammar<'s> {
    source: Source<'s>,
    tokens: Vec<LexerToken>,
}

impl<'s> Grammar<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        let source = Source::new(text);
        Self { source, tokens: source.lex().collect() }
    }

    pub(super) const fn source(&self) -> Source<'s> {
        self.source
    }

    /// Passes the events and structural errors of the text to the receivers.
    pub(super) fn read(&self, receiver: &mut dyn EventReceiver, errors: &mut dyn ErrorSink) {
        parse_document(&self.tokens, &mut RecursionGuard::new(receiver, MAX_NESTING), errors);
    }
}

/// A token of a text.
#[derive(Clone, Copy)]
pub(super) struct Token<'s> {
    raw: Raw<'s>,
    at: toml_parser::Span,
}

impl<'s> Token<'s> {
    /// Returns the token with this span, or `None` if the span is not in the text.
    pub(super) fn new(
        source: Source<'s>,
        at: toml_parser::Span,
        encoding: Option<Encoding>,
    ) -> Option<Self> {
        let raw = Raw::new_unchecked(source.get(at)?.as_str(), encoding, at);
        Some(Self { raw, at })
    }

    pub(super) fn text(&self) -> &'s str {
        self.raw.as_str()
    }

    /// Decodes the token as a key.
    pub(super) fn key(&self, errors: &mut dyn ErrorSink) -> Cow<'s, str> {
        let mut key = Cow::Borrowed("");
        self.raw.decode_key(&mut key, errors);
        key
    }

    /// Decodes the token as a value.
    pub(super) fn scalar(&self, errors: &mut dyn ErrorSink) -> ValueKind<'s> {
        let mut text = Cow::Borrowed("");
        match self.raw.decode_scalar(&mut text, errors) {
            ScalarKind::String => ValueKind::String(text),
            ScalarKind::Boolean(value) => ValueKind::Boolean(value),
            // The parser accepts non-ASCII digits, and `0x` without digits.
            ScalarKind::Float | ScalarKind::Integer(_) if text.is_empty() || !text.is_ascii() => {
                let reason = ParseError::new("invalid integer number");
                errors.report_error(reason.with_context(self.at).with_unexpected(self.at));
                ValueKind::Float(text)
            }
            ScalarKind::Float => ValueKind::Float(text),
            ScalarKind::Integer(radix) => ValueKind::Integer(integer(&text, radix)),
            ScalarKind::DateTime => {
                if let Err(reason) = text.parse::<toml_datetime::Datetime>() {
                    let reason = ParseError::new(reason.to_string());
                    errors.report_error(reason.with_unexpected(self.at));
                }
                ValueKind::DateTime(text)
            }
        }
    }

    /// Checks the token as a comment and reports its errors.
    pub(super) fn comment(&self, errors: &mut dyn ErrorSink) {
        self.raw.decode_comment(errors);
    }

    /// Checks the token as a line end and reports its errors.
    pub(super) fn newline(&self, errors: &mut dyn ErrorSink) {
        self.raw.decode_newline(errors);
    }
}

fn integer(digits: &str, radix: IntegerRadix) -> Option<i64> {
    i64::from_str_radix(digits, radix.value()).ok()
}
