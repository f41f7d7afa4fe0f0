//! What each event of the grammar does to the tree.

use std::borrow::Cow;

use toml_parser::{
    ErrorSink, ParseError,
    decoder::{Encoding, IntegerRadix, ScalarKind},
    parser::EventReceiver,
};

use super::{ArrayForm, ArrayOrTable, Builder, Children, Kind, TableForm, span};

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.start_header(ArrayOrTable::Table, at);
    }

    fn std_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close_header(at);
    }

    fn array_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.start_header(ArrayOrTable::Array, at);
    }

    fn array_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close_header(at);
    }

    fn inline_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        let id = self.put(span(at), Kind::Table(TableForm::Inline, Children::default()));
        self.open.push(id);
        true
    }

    fn inline_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close(span(at));
    }

    fn array_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        let id = self.put(span(at), Kind::Array(ArrayForm::Bracketed, Children::default()));
        self.open.push(id);
        true
    }

    fn array_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close(span(at));
    }

    fn simple_key(
        &mut self,
        at: toml_parser::Span,
        encoding: Option<Encoding>,
        error: &mut dyn ErrorSink,
    ) {
        let Some(raw) = self.source.get(at) else { return };
        let raw = toml_parser::Raw::new_unchecked(raw.as_str(), encoding, at);
        let mut key = Cow::Borrowed("");
        raw.decode_key(&mut key, error);
        let place = span(at);
        if let Some((_, header)) = &mut self.header {
            // The bracket that ends the header may be missing.
            *header = header.to(place);
        }
        self.path.push((key, place));
    }

    fn scalar(
        &mut self,
        at: toml_parser::Span,
        encoding: Option<Encoding>,
        error: &mut dyn ErrorSink,
    ) {
        let Some(raw) = self.source.get(at) else { return };
        let raw = toml_parser::Raw::new_unchecked(raw.as_str(), encoding, at);
        let mut text = Cow::Borrowed("");
        let kind = match raw.decode_scalar(&mut text, error) {
            ScalarKind::String => Kind::String(text),
            ScalarKind::Boolean(_) => Kind::Boolean,
            // The parser lets digits of other scripts pass, and `0x` without any.
            ScalarKind::Float | ScalarKind::Integer(_) if text.is_empty() || !text.is_ascii() => {
                let reason = ParseError::new("invalid integer number");
                error.report_error(reason.with_context(at).with_unexpected(at));
                Kind::Float
            }
            ScalarKind::Float => Kind::Float,
            ScalarKind::Integer(radix) => Kind::Integer(integer(&text, radix)),
            ScalarKind::DateTime => {
                if let Err(reason) = text.parse::<toml_datetime::Datetime>() {
                    error.report_error(ParseError::new(reason.to_string()).with_unexpected(at));
                }
                Kind::DateTime(text)
            }
        };
        self.put(span(at), kind);
    }

    fn value_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.path.clear();
    }

    fn comment(&mut self, at: toml_parser::Span, error: &mut dyn ErrorSink) {
        let Some(raw) = self.source.get(at) else { return };
        raw.decode_comment(error);
        if is_remark(raw.as_str()) {
            self.tree.remarks.push(span(at));
        }
    }

    fn newline(&mut self, at: toml_parser::Span, error: &mut dyn ErrorSink) {
        if let Some(raw) = self.source.get(at) {
            raw.decode_newline(error);
        }
        self.finish_line();
    }
}

fn integer(digits: &str, radix: IntegerRadix) -> Option<i64> {
    i64::from_str_radix(digits, radix.value()).ok()
}

/// Whether a comment is addressed to driverc.
pub(super) fn is_remark(comment: &str) -> bool {
    comment.trim_start_matches('#').trim_start().starts_with("driverc:")
}
