//! Builds the tree from the events of the grammar.

use toml_parser::{ErrorSink, decoder::Encoding, parser::EventReceiver};

use super::{ArrayForm, ArrayOrTable, Builder, Children, TableForm, ValueKind, is_nothing, span};
use crate::toml::{suppression, tree::grammar::Token};

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
        self.open_value(span(at), ValueKind::Table(TableForm::Inline, Children::default()));
        true
    }

    fn inline_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close(span(at));
    }

    fn array_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.open_value(span(at), ValueKind::Array(ArrayForm::Bracketed, Children::default()));
        true
    }

    fn array_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close(span(at));
    }

    fn simple_key(
        &mut self,
        at: toml_parser::Span,
        encoding: Option<Encoding>,
        errors: &mut dyn ErrorSink,
    ) {
        let Some(word) = Token::new(self.source, at, encoding) else { return };
        let (key, place) = (word.key(errors), span(at));
        // A text can have as many dots as bytes, so consecutive missing keys count as one.
        if is_nothing(place) && self.path.last().is_some_and(|(_, before)| is_nothing(*before)) {
            return;
        }
        if let Some((_, header)) = &mut self.header {
            // The closing bracket of the header can be missing.
            *header = header.to(place);
        }
        self.path.push((key, place));
    }

    fn scalar(
        &mut self,
        at: toml_parser::Span,
        encoding: Option<Encoding>,
        errors: &mut dyn ErrorSink,
    ) {
        let Some(word) = Token::new(self.source, at, encoding) else { return };
        self.put(span(at), word.scalar(errors));
    }

    fn value_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.path.clear();
    }

    fn comment(&mut self, at: toml_parser::Span, errors: &mut dyn ErrorSink) {
        let Some(word) = Token::new(self.source, at, None) else { return };
        word.comment(errors);
        if is_remark(word.text()) {
            self.tree.directives.push(span(at));
        }
    }

    fn newline(&mut self, at: toml_parser::Span, errors: &mut dyn ErrorSink) {
        if let Some(word) = Token::new(self.source, at, None) {
            word.newline(errors);
        }
        self.finish_line();
    }
}

/// Returns true if a comment is addressed to driverc.
pub(super) fn is_remark(comment: &str) -> bool {
    suppression::is_addressed(comment)
}
