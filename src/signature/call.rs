//! Encodes the identity of a call.

use crate::{
    model::{Call, Field, record::Literal},
    signature::line::SignatureLine,
};

const KIND: &str = "call";

/// Returns the line that identifies a call: `call|v1|from=…|to=…`, with `parallel=true` if its
/// operations run at the same time. It leaves out the number of operations.
pub(crate) fn call_signature(call: &Call) -> String {
    let mut line = SignatureLine::new(KIND);
    line.entry(Field::From.key(), Literal::Text(&call.from));
    line.entry(Field::To.key(), Literal::Text(&call.to));
    if call.is_parallel() {
        line.entry(Field::Parallel.key(), Literal::Word("true"));
    }
    line.finish()
}
