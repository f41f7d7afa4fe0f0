//! Encodes the identity of a call.

use crate::{
    model::{
        Call, Field,
        record::{Literal, Scalar},
    },
    signature::line::SignatureLine,
};

const KIND: &str = "call";

/// Returns the line that identifies a call: `call|v1|from=…|to=…`, with `parallel=true` if its
/// operations run at the same time, and the number of operations if the call sets it.
pub(crate) fn call_signature(call: &Call) -> String {
    let mut line = SignatureLine::new(KIND);
    line.entry(Field::From.key(), Literal::Text(&call.from));
    line.entry(Field::To.key(), Literal::Text(&call.to));
    if call.is_parallel() {
        line.entry(Field::Parallel.key(), Literal::Word("true"));
    }
    if let Some(times) = &call.times {
        line.entry(Field::Times.key(), times.literal());
    }
    line.finish()
}
